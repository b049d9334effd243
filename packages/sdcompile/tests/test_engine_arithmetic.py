"""The C that every program starts with: exp, ln, power and division, on every kind of machine this one is."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sdcompile.arrays import Floats
from sdcompile.run.compiler import Target, find_compiler, targets
from sdcompile.write.c_prelude import PRELUDE

Function = Callable[..., Floats]
NAMES = ("exp", "ln", "power", "over", "xidz")
COUNT = 80_000

DRIVER = """
void apply(integer which, integer count, const double *a, const double *b, double *to) {
    for (integer k = 0; k < count; k += W) {
        V x, y, z;
        for (integer l = 0; l < W; l++) { lane(x, l) = a[k + l]; lane(y, l) = b[k + l]; }
        switch (which) {
        case 0: z = exp_v(x); break;
        case 1: z = ln_v(x); break;
        case 2: z = power_v(x, y); break;
        case 3: z = over_v(x, b[k]); break;
        default: z = xidz_over_v(x, b[k], spread(7.0));
        }
        for (integer l = 0; l < W; l++) to[k + l] = lane(z, l);
    }
}
"""
SPECIAL = np.array(
    [
        *(0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 5e-324, 2.3e-308, 1.7e308),
        *(
            710.0,
            -746.0,
            708.5,
            -708.5,
            0.5,
            2.0,
            3.0,
            -3.0,
            1e-300,
            1e-7,
            1e20,
            2.0**300,
            2.0**-300,
            2.0**301,
        ),
    ]
)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> list[Function]:
    """Build for one run, and for lanes on every kind of machine; the first is for one run."""
    compiler = find_compiler()
    if compiler is None:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("arithmetic")
    kinds = [(targets()[0], 1), *[(target, lanes) for target in targets() for lanes in {2, target.lanes}]]
    return [_built(compiler.build, target, lanes, folder) for target, lanes in kinds]


def _built(build: Callable[..., None], target: Target, lanes: int, folder: Path) -> Function:
    path = folder / f"{target.name}_{lanes}.so"
    build(PRELUDE + DRIVER, target, lanes, path)
    apply = ctypes.CDLL(str(path)).apply

    def function(name: str, a: Floats, b: Floats) -> Floats:
        first, second = np.ascontiguousarray(a, float), np.ascontiguousarray(b, float)
        to = np.empty_like(first)
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (first, second, to)]
        apply(ctypes.c_int64(NAMES.index(name)), ctypes.c_int64(len(to)), *pointers)
        return to

    return function


def _numbers(name: str) -> tuple[Floats, Floats]:
    """Draw ordinary numbers, numbers from the whole range, and every pair of special ones."""
    chance = np.random.default_rng(0)
    first, second = (part.ravel() for part in np.meshgrid(SPECIAL, SPECIAL))
    a = np.exp(chance.uniform(-3.0, 3.0, COUNT))
    b = chance.uniform(-5.0, 5.0, COUNT)
    wide = np.exp(chance.uniform(-700.0, 700.0, COUNT))
    signs = chance.choice([-1.0, 1.0], COUNT)
    if name == "exp":
        a, wide = b, chance.uniform(-760.0, 760.0, COUNT)
    if name in ("over", "xidz"):
        a, wide = a * signs, wide * signs
    a, b = np.concatenate([a, wide, first]), np.concatenate([b, b, second])
    return (a, np.repeat(b[::8], 8)) if name in ("over", "xidz") else (a, b)


@pytest.mark.parametrize("name", NAMES)
def test_bits_are_the_same_everywhere(libraries: list[Function], name: str) -> None:
    a, b = _numbers(name)
    wanted = libraries[0](name, a, b)
    for library in libraries[1:]:
        np.testing.assert_array_equal(library(name, a, b).view(np.int64), wanted.view(np.int64))


@pytest.mark.parametrize("name", ["exp", "ln", "power"])
def test_within_a_unit_in_the_last_place(libraries: list[Function], name: str) -> None:
    """Against NumPy in extended precision, wherever that is finer than a double."""
    if np.finfo(np.longdouble).nmant < 60:
        pytest.skip("no finer numbers here")
    a, b = _numbers(name)
    found = libraries[0](name, a, b)
    with np.errstate(all="ignore"):
        long, power = a.astype(np.longdouble), b.astype(np.longdouble)
        exact = {"exp": np.exp, "ln": np.log}[name](long) if name != "power" else long**power
        usual = np.isfinite(found) & (np.abs(found) > 1e-300) & np.isfinite(a)
        units = np.abs(found - exact)[usual] / np.spacing(np.abs(found[usual]))
    assert float(units.max()) < 1.0


@pytest.mark.parametrize(("name", "numpy"), [("exp", np.exp), ("ln", np.log), ("power", np.power)])
def test_what_is_not_ordinary_is_what_the_system_says(
    libraries: list[Function], name: str, numpy: np.ufunc
) -> None:
    a, b = (part.ravel() for part in np.meshgrid(SPECIAL, SPECIAL))
    with np.errstate(all="ignore"):
        wanted = numpy(a, b) if name == "power" else numpy(a)
    for library in libraries:
        np.testing.assert_allclose(library(name, a, b), wanted, rtol=1e-15, atol=0.0)


def test_exact_values_are_exact(libraries: list[Function]) -> None:
    """Models count on 2^10 = 1024, on x^1 = x and on exp(0) = 1."""
    base, power = (part.ravel() for part in np.meshgrid(np.arange(1.0, 65.0), np.arange(0.0, 48.0)))
    wanted = np.array([int(x) ** int(y) for x, y in zip(base, power, strict=True)], dtype=object)
    whole = np.array([value < 2**53 for value in wanted])
    any_size, count = _numbers("power")[0][: 2 * COUNT], np.arange(1.0, 80_001.0)
    for library in libraries:
        found = library("power", base, power)
        assert (found[whole] == wanted[whole].astype(float)).all()
        assert (library("power", any_size, np.ones(len(any_size))) == any_size).all()
        assert (library("power", any_size, np.zeros(len(any_size))) == 1.0).all()
        assert (library("power", count, np.full(COUNT, 2.0)) == count**2).all()
        assert (library("power", count**2, np.full(COUNT, 0.5)) == count).all()
        assert (library("exp", np.zeros(8), np.zeros(8)) == 1.0).all()
        assert (library("ln", np.ones(8), np.zeros(8)) == 0.0).all()


def test_division_by_a_shared_number_is_division(libraries: list[Function]) -> None:
    a, b = _numbers("over")
    chance = np.random.default_rng(1)
    close = 1.0 + chance.integers(0, 2**30, len(b)) * 2.0**-52
    for first, second in ((a, b), (close, np.repeat(2.0 - close[::8], 8)), (np.round(a), np.round(b))):
        with np.errstate(all="ignore"):
            wanted = first / second
        for library in libraries:
            found = library("over", first, second)
            np.testing.assert_array_equal(found, wanted)
            assert (np.signbit(found) == np.signbit(wanted))[~np.isnan(wanted)].all()

"""Bringing shared factors together moves last digits at most: where a function jumps, not even these."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from conformance.reference import javascript_answer, node, pysd_answer
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from sampling import examples, sampled
from sdcompile import compile
from sdcompile.arrays import Floats
from sdcompile.plan.needs import find_reached
from sdcompile.plan.products import Products
from sdcompile.plan.program import plan
from sdcompile.plan.selection import find_levers, find_outputs
from sdcompile.read.equations import read_equations
from sdcompile.write.layout import measure

CONTROL = "FINAL TIME = 2~~|\nINITIAL TIME = 0~~|\nSAVEPER = TIME STEP~~|\nTIME STEP = 0.5~~|\n"
SHARED = "a = 0.3~~|\nb = 30~~|\ntenth = 0.1~~|\nten = 10~~|\nbig = 1e200~~|\nsmall = 1e-200~~|\n"
KEPT = {
    "INTEGER": (12, "y = INTEGER(x*a*b)~~|", 107.0),
    "equality": (3, "y = IF THEN ELSE(x*tenth*ten = x, 1, 0)~~|", 0.0),
    "MODULO": (12, "y = MODULO(x*a*b, 1)~~|", None),
    "QUANTUM": (12, "y = QUANTUM(x*a*b, 1)~~|", 107.0),
    "exponent": (12, "y = IF THEN ELSE(2^(x*a*b - 107) = 1, 1, 0)~~|", None),
    "edge": (12, "y = SQRT(107.99999999999999 - x*a*b)~~|", 0.0),
    "by a chain": (12, "p = x*a*b~~|\nq = p + 0*Time~~|\nr = q + q~~|\ny = INTEGER(r/2)~~|", 107.0),
    "by a stock": (12, "s = INTEG(0, x*a*b)~~|\ny = INTEGER(s)~~|", 107.0),
    "by a flow": (12, "p = x*a*b + Time*0~~|\ns = INTEG(p, 0)~~|\ny = INTEGER(s)~~|", None),
    "SAMPLE IF TRUE": (3, "y = SAMPLE IF TRUE(x*tenth*ten > x, 1, 0)~~|", 1.0),
    "in a divisor": (1e-6, "d = x*tenth*ten~~|\ny = XIDZ(1e-6, d*3/3, 7)~~|", None),
}
"""A lever ``x``, equations, and ``y`` if it is written down."""
WIDE = {
    "underflow": (1e250, "y = x*1e-200*1e-200~~|", 1e-150),
    "overflow of nothing": (0.0, "y = x*big*big*1e-300~~|", 0.0),
    "overflow and back": (1e-250, "y = x*big*big~~|", 1e150),
    "out and back below the line": (1e-150, "y = x/small*small~~|", 1e-150),
    "no digits left": (1e200, "y = x*small*1e-120*1e120~~|", 1.0),
    "at one step only": (1e-200, "g = 10^(100*Time)~~|\ny = x*g*g~~|", None),
    "own factors in between": (1e200, "z = x*1e-50~~|\ny = x*1e-150*z*1e-150~~|", 1e50),
    "a shared zero": (5.0, "n = 0~~|\ny = x*a*n*b~~|", 0.0),
    "ordinary and nothing": (0.0, "y = x*a*b/ten~~|", 0.0),
    "ordinary and huge": (1e300, "y = x*a*b/ten~~|", 9e299),
    "ordinary and tiny": (1e-300, "y = x*a*b/ten~~|", 9e-301),
}


def model_file(folder: Path, x: float, equations: str) -> Path:
    path = folder / "model.mdl"
    path.write_text("{UTF-8}\n" + f"x = {x!r}~~|\n" + SHARED + equations + "\n" + CONTROL)
    return path


def answers(path: Path, outputs: list[str], folder: Path) -> dict[str, Floats]:
    """Work out a model with and without its lever, [time, series], in each engine."""
    found = {}
    for engine in ("numpy", "c"):
        for levers in ([], ["x"]):
            model = compile(path, levers=levers, outputs=outputs, engine=engine)
            found[f"{engine} {levers}"] = model.run_array()[:, :, 0]
            many = model.run_array(np.repeat(model.defaults[None, :], 11, axis=0))
            found[f"{engine} {levers} side by side"] = many[:, :, -1]
    if node() is not None:
        found["javascript"] = javascript_answer(model, model.defaults[None, :], folder)[:, :, 0]
    return found


@pytest.mark.parametrize("case", sampled(KEPT, 5))
def test_a_jump_is_where_pysd_has_it(case: str, tmp_path: Path) -> None:
    """Of a sample of `KEPT`; ``--whole`` looks at all."""
    x, equations, written = KEPT[case]
    path = model_file(tmp_path, x, equations)
    wanted = pysd_answer(path)["y"].to_numpy(float)
    if written is not None:
        assert wanted[-1] == written
    for name, found in answers(path, ["y"], tmp_path).items():
        np.testing.assert_array_equal(found[:, 0], wanted, err_msg=name)


@pytest.mark.parametrize("case", sampled(WIDE, 4))
def test_nothing_overflows_or_vanishes_on_the_way(case: str, tmp_path: Path) -> None:
    """Of a sample of `WIDE`; ``--whole`` looks at all."""
    x, equations, written = WIDE[case]
    path = model_file(tmp_path, x, equations)
    found = answers(path, ["y"], tmp_path)
    wanted = found["numpy []"]
    if written is not None:
        assert wanted[-1, 0] == pytest.approx(written, rel=1e-12)
    for name, each in found.items():
        np.testing.assert_allclose(each, wanted, rtol=1e-14, atol=0, err_msg=name)


@pytest.mark.parametrize(
    ("equations", "brought_together"),
    [
        ("y = x*a*b~~|", True),
        ("y = MAX(x*a*b, 3)~~|", True),
        ("y = ABS(x/a*b + 1) + x*b/a~~|", True),
        ("y = IF THEN ELSE(x > 3, x*a*b, 0)~~|", True),
        ("y = IF THEN ELSE(Time > a, x*a*b, 0)~~|", True),
        ("y = INTEGER(x*a*b)~~|", False),
        ("y = x*big*b*1e-180~~|", False),
        ("y = x*a~~|", False),
    ],
)
def test_what_is_brought_together(equations: str, brought_together: bool, tmp_path: Path) -> None:
    path = model_file(tmp_path, 3.0, equations)
    read = read_equations(path)
    piece = read.variables["y"].pieces[0]
    products = Products(read, find_reached(read, {"x"}), measure)
    assert (products.ordered("y", piece.expression) != piece.expression) == brought_together


NUMBERS = st.sampled_from(["0.1", "0.3", "0.7", "1.1", "3", "10", "30", "1e-9", "1e200", "1e-200"])
FACTORS = st.one_of(NUMBERS, st.sampled_from(["a", "b", "tenth", "ten", "x", "w", "moving"]))
JUMPS = (
    *("INTEGER({0})", "MODULO({0}, 1)", "QUANTUM({0}, 0.1)", "IF THEN ELSE({0} = {1}, 1, 0)"),
    *("IF THEN ELSE({0} > {1}, 1, IF THEN ELSE({0} < {1}, -1, 0))", "SAMPLE IF TRUE({0} >= {1}, Time, -1)"),
)


@st.composite
def products(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["x", "w", "x", "a"]))
    for _ in range(draw(st.integers(2, 4))):
        factor = draw(FACTORS)
        if draw(st.integers(0, 4)) == 0:
            factor = f"({factor}{draw(st.sampled_from('*/'))}{draw(FACTORS)})"
        text += draw(st.sampled_from("**/")) + factor
    return text


@examples(
    6,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.tuples(st.sampled_from(JUMPS), products(), products()), min_size=12, max_size=12))
def test_jumps_do_not_depend_on_levers(entries: list[tuple[str, str, str]]) -> None:
    """Products of anything under functions that jump, directly, by a variable or by a stock."""
    lines = ["w = 0.9~~|", "moving = 0.3 + Time/10~~|"]
    outputs = [f"y{place}" for place in range(len(entries))]
    for place, (jump, first, second) in enumerate(entries):
        lines.append(f"p{place} = {first}~~|")
        if place % 3 == 2:
            lines.append(f"s{place} = INTEG({second}, {first})~~|")
        one = (first, f"p{place}", f"s{place}")[place % 3]
        lines.append(f"y{place} = {jump.format(one, second)}~~|")
    with tempfile.TemporaryDirectory() as name:
        path = model_file(Path(name), 12.0, "\n".join(lines))
        wanted = compile(path, outputs=outputs, engine="numpy").run_array(nonfinite="keep")
        table = np.outer([1.0, 0.0, 0.25, 1.1, 3.0, 1e-6, -1.0, 7.7, 1e3], [12.0])
        for levers in ([], ["x"], ["w"]):
            model = compile(path, levers=levers, outputs=outputs, engine="c")
            found = model.run_array(nonfinite="keep")
            np.testing.assert_array_equal(found, wanted, err_msg=str(levers))
            if levers == ["x"]:
                witness = compile(path, levers=levers, outputs=outputs, engine="numpy")
                many, beside = (m.run_array(table, nonfinite="keep") for m in (model, witness))
                np.testing.assert_array_equal(many, beside)


def test_elements_that_wait_for_each_other(tmp_path: Path) -> None:
    """Sizes are found by ordering equations, which splits those of a loop: that is no matter to the rest."""
    equations = (
        "K: K1, K2, K3~~|\nrate[K] = 0.3, 0.7, 0.9~~|\nu[K1] = x*a~~|\nu[K2] = v[K1]~~|\nu[K3] = v[K2]~~|\n"
        "v[K] = u[K]*rate[K]/b*a*(1 + x)~~|\ny = SUM(v[K!])~~|"
    )
    path = model_file(tmp_path, 3.0, equations)
    found = answers(path, ["y", "v"], tmp_path)
    for name, each in found.items():
        np.testing.assert_allclose(each, found["numpy []"], rtol=1e-14, atol=0, err_msg=name)
    read = read_equations(path)
    plan(read, list(find_levers(read, ["x"])), list(find_outputs(read, ["y"])), measure)

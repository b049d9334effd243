"""Vectors and matrices where PySD stops the run or leaves the answer open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sdcompile import Compiled, compile
from sdcompile.errors import InputError

CONTROL = "FINAL TIME = 1~~|\nINITIAL TIME = 0~~|\nSAVEPER = 1~~|\nTIME STEP = 1~~|\n"
ENGINES = ("c", "numpy")


def compiled(folder: Path, equations: str, engine: str, levers: tuple[str, ...] = ()) -> Compiled:
    path = folder / "model.mdl"
    path.write_text("{UTF-8}\n" + equations + CONTROL)
    return compile(path, levers=levers, outputs=["a"], engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_values_keep_their_order(engine: str, tmp_path: Path) -> None:
    text = "K: K1, K2, K3, K4~~|\nx[K] = 2, 1, 2, 1~~|\na[K] = VECTOR SORT ORDER(x[K], up)~~|\nup = 1~~|\n"
    model = compiled(tmp_path, text, engine, ("up",))
    assert model.run_array([1.0])[0, :, 0].tolist() == [1, 3, 0, 2]
    assert model.run_array([0.0])[0, :, 0].tolist() == [2, 0, 3, 1]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("error", "refused"), [(0, ()), (1, (0,)), (2, (2,)), (3, (0, 2))])
def test_a_selection_that_is_an_error_stops_the_run(
    engine: str, error: int, refused: tuple[int, ...], tmp_path: Path
) -> None:
    text = (
        f"K: K1, K2~~|\nm[K] = 0, 1~~|\na = VECTOR SELECT(m[K!], x[K!], 9, 6, {error})~~|\nx[K] = 3, 4~~|\n"
    )
    model = compiled(tmp_path, text, engine, ("m",))
    wanted = {0: ([0.0, 0.0], 9.0), 1: ([0.0, 1.0], 4.0), 2: ([1.0, 1.0], 7.0)}
    for chosen, (mask, value) in wanted.items():
        if chosen in refused:
            with pytest.raises(InputError, match="variable a, time 0, run 0: it is not a finite number"):
                model.run_array(mask)
        else:
            assert model.run_array(mask)[0, 0, 0] == value


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_not_a_number_has_no_order(engine: str, tmp_path: Path) -> None:
    text = "K: K1, K2~~|\nx[K] = 1, -1~~|\na[K] = VECTOR RANK(y[K], 1)~~|\ny[K] = SQRT(x[K] + 0*Time)~~|\n"
    with pytest.raises(InputError, match="variable y, time 0"):
        compiled(tmp_path, text, engine).run_array()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_matrix_without_inverse_stops_the_run(engine: str, tmp_path: Path) -> None:
    text = "R: R1, R2~~|\nC: C1, C2~~|\nm[R,C] = 1, 2; 2, 4;~~|\na[R,C] = INVERT MATRIX(m[R,C], 2)~~|\n"
    model = compiled(tmp_path, text, engine, ("m",))
    with pytest.raises(InputError, match="variable a, time 0"):
        model.run_array()
    assert model.run_array([1, 2, 2, 5])[0, :, 0].tolist() == [5, -2, -2, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_largest_matrix(engine: str, tmp_path: Path) -> None:
    matrix = np.random.default_rng(0).uniform(-1, 1, (16, 16)).round(4)
    rows = "".join(", ".join(f"{x:.4f}" for x in row) + ";" for row in matrix)
    names = {name: ", ".join(f"{name}{k}" for k in range(16)) for name in "RC"}
    text = f"R: {names['R']}~~|\nC: {names['C']}~~|\nm[R,C] = {rows}~~|\n"
    given = compiled(tmp_path, text + "a[R,C] = INVERT MATRIX(m[R,C], 16)~~|\n", engine).run_array()
    wanted = np.linalg.inv(matrix)
    np.testing.assert_allclose(
        given[0, :, 0].reshape(16, 16), wanted, rtol=0, atol=1e-10 * np.abs(wanted).max()
    )

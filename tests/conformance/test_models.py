"""Every small model, one feature each: every variable of every engine equals PySD's at every step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dudley_sd.engine import compile
from dudley_sd.engine.equations import read_equations
from tests.conformance.reference import (
    MODELS,
    assert_same,
    engine_frame,
    javascript_answer,
    node,
    pysd_answer,
)

FILES = sorted(p for p in MODELS.iterdir() if p.suffix in (".mdl", ".xmile"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_variable_equals_pysd(path: Path, tmp_path: Path) -> None:
    step = read_equations(path).time_step
    wanted = pysd_answer(path)
    for engine in ("numpy", "c"):
        model = compile(path, save_every=step, engine=engine)
        assert_same(engine_frame(model, model.run_array(nonfinite="keep")), wanted)
    if node() is None:
        pytest.skip("C and NumPy agree with PySD; there is no Node to run the JavaScript")
    assert_same(engine_frame(model, javascript_answer(model, np.zeros((1, 0)), tmp_path)), wanted)


def test_there_are_many() -> None:
    assert len(FILES) >= 80

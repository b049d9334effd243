"""Every small model, one feature each: every variable of every engine is right at every step.

Right is what PySD gives and what is stored beside the model, worked out by hand from Vensim's manual, from
XMILE 1.0 or in closed form. Where the two differ the file's own format decides, and ``FUNCTIONS.md`` says so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sampling import sampled
from sdcompile import compile
from sdcompile.read.equations import read_equations

from conformance.reference import (
    MODELS,
    TOLERANCE,
    assert_same,
    engine_frame,
    javascript_answer,
    node,
    pysd_answer,
)
from conformance.stored import differences, stored_output, vensim_name

FILES = sorted(p for p in MODELS.iterdir() if p.suffix in (".mdl", ".xmile"))

PYSD_DEPARTS = {
    "and_before_or": {"c"},
    "blank_line": {"a"},
    "missing_data": {"d", "known", "kept"},
    "missing_number": {"c", "d", "e", "g", "h", "i"},
    "pulse": {"c"},
    "pulse_between_steps": {"a", "b", "d", "s"},
    "pulse_half_way": {"a", "c"},
    "pulse_train": {"a"},
    "pulse_train_to_its_end": {"a", "b", "c", "d"},
    "step_of_a_tenth": {"d"},
    "xmile_graph_inside_a_variable": {"steps", "beyond"},
    "xmile_non_negative_stock": {"leak"},
    "xmile_outflows_of_a_non_negative_stock": {"o", "second", "t", "asked", "deep", "leak"},
}
"""Variables for which PySD gives other numbers than the file's own format."""

PYSD_STOPS = {
    "comment_in_an_equation",
    "file_by_alias",
    "macro_with_the_models_own",
    "mapped_range_as_number",
    "string_variable",
    "xmile_whole_arrays",
    "xmile_words",
}
"""Models that PySD cannot read, or whose variables it gives other elements."""

SAMPLE = 12
"""Models that every run of the tests looks at, drawn by seed; ``--whole`` looks at all."""


@pytest.mark.parametrize(
    "path",
    sampled(FILES, SAMPLE, [path for path in FILES if path.stem in {*PYSD_DEPARTS, *PYSD_STOPS}]),
    ids=lambda path: path.stem,
)
def test_every_variable_is_right(path: Path, tmp_path: Path) -> None:
    """Of a sample of the models and of all in which PySD departs; ``--whole`` looks at all."""
    step = read_equations(path).time_step
    stored, departs = stored_output(path), PYSD_DEPARTS.get(path.stem, set())
    wanted = None if path.stem in PYSD_STOPS else pysd_answer(path)
    if wanted is not None and stored is not None:
        assert set(differences(wanted, stored, TOLERANCE)) == departs, (
            "the list of PySD's departures is not true"
        )
    for answer in _answers(path, step, tmp_path):
        if wanted is not None:
            assert_same(answer.drop(columns=list(departs)), wanted.drop(columns=list(departs)))
        if stored is not None:
            assert not differences(answer, stored, TOLERANCE)
            assert len(stored) == len(answer)
            assert set(stored) <= {column.replace('"', "") for column in answer}


def _answers(path: Path, step: float, folder: Path) -> list[pd.DataFrame]:
    """Run a model in NumPy, C and, where there is a Node, JavaScript."""
    answers: list[pd.DataFrame] = []
    for engine in ("numpy", "c"):
        model = compile(path, save_every=step, engine=engine)
        answers.append(engine_frame(model, model.run_array(nonfinite="keep")))
    if node() is not None:
        answers.append(engine_frame(model, javascript_answer(model, np.zeros((1, 0)), folder)))
    return answers


def test_what_pysd_does_not_prove_is_stored() -> None:
    proved = {path.stem for path in FILES if stored_output(path) is not None}
    assert {*PYSD_DEPARTS, *PYSD_STOPS} <= proved


@pytest.mark.parametrize("stem", sorted(PYSD_STOPS))
def test_pysd_has_no_such_answer(stem: str) -> None:
    (path,) = (file for file in FILES if file.stem == stem)
    stored = stored_output(path)
    assert stored is not None
    try:
        columns = {vensim_name(column) for column in pysd_answer(path)}
    except Exception:  # noqa: BLE001 - PySD raises whatever it meets
        return
    assert not {vensim_name(column) for column in stored} <= columns


def test_there_are_many() -> None:
    assert len(FILES) >= 110

"""The real model: compiled and PySD agree in every future, and the engines agree on many lever settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from dudley_sd.engine import compile
from dudley_sd.engine.with_compiled import run_with_compiled
from dudley_sd.engine.with_pysd import model_path
from dudley_sd.model.levers import levers
from dudley_sd.model.variables import read_model
from dudley_sd.runs.plan import make_plan
from tests.conformance.reference import TOLERANCE, javascript_answer, node

FUTURES = sorted(path.stem for path in (Path(__file__).parents[2] / "inputs" / "scenarios").glob("*.toml"))
SETTINGS = 200
KEY = ("total population", "total deaths", "GP gap", "Population", "activity before shift")


@pytest.mark.parametrize("future", FUTURES)
def test_every_variable_equals_pysd(future: str, model_run: Callable[..., xr.Dataset]) -> None:
    """A series that cancels to nothing is held to what the model's thirteenth digit changes in it."""
    plan = make_plan([future], "none")
    settings = plan.settings[future]
    wanted = model_run(future)
    given = run_with_compiled(plan.folder.path, settings)
    assert set(given.data_vars) == set(wanted.data_vars)
    names = [given[key].attrs["model_name"] for key in given.data_vars]
    model = compile(model_path(plan.folder.path), levers=sorted(settings), outputs=names)
    allowed = {series.name: series for series in model.outputs}
    faults = []
    for key in wanted.data_vars:
        ours, theirs = xr.align(given[key], wanted[key], join="exact")
        assert ours.dims == theirs.dims
        series = allowed[ours.attrs["model_name"]]
        noise = model._plan.test.tolerance[series.place : series.place + series.size].reshape(series.shape)
        size = np.abs(theirs.values).max(axis=0)
        gap = np.abs(ours.values - theirs.values).max(axis=0)
        if not (gap <= TOLERANCE * size + noise).all():
            faults.append(f"{key}: {gap.max():g} of {size.max():g}")
    assert not faults, "\n".join(faults)


def test_engines_agree_on_many_settings(tmp_path: Path) -> None:
    """Random settings of every lever within a tenth of its limits, around the model's own values."""
    path = model_path(make_plan(["official_future"], "none").folder.path)
    described = levers(read_model(path))
    names = [lever.name for lever in described.values()]
    c = compile(path, levers=names, outputs=KEY, engine="c")
    spans = [lever for lever in described.values() for _ in range(np.size(lever.default))]
    low, high = (np.array([getattr(lever, end) for lever in spans]) for end in ("low", "high"))
    steps = np.random.default_rng(1).uniform(-0.1, 0.1, (SETTINGS, len(spans)))
    values = np.clip(c.defaults + steps * (high - low), low, high)
    wanted = compile(path, levers=names, outputs=KEY, engine="numpy").run_array(values, nonfinite="keep")
    answers = {"c": c.run_array(values, nonfinite="keep")}
    if node() is not None:
        answers["javascript"] = javascript_answer(c, values, tmp_path)
    size = np.nanmax(np.abs(wanted), axis=(0, 2))[None, :, None]
    for engine, given in answers.items():
        assert np.array_equal(np.isfinite(given), np.isfinite(wanted)), engine
        assert np.nanmax(np.abs(given - wanted) / size) < TOLERANCE, engine

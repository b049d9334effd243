"""The real model: compiled and PySD agree in every future, and the engines agree on many lever settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from conformance.reference import TOLERANCE, javascript_answer, node
from sdcompile import compile
from sdcompile.read.levers import Lever, levers
from sdcompile.read.model import read_model
from sdcompile.run.model_run import run_model
from sdcompile.run.outputs import Value, model_path
from sdcompile.run.pysd_run import run_pysd
from sdcompile.run.selftest import proof

from dudley_sd.request import Request
from dudley_sd.runs.run import Run, make_run
from dudley_sd.validation.published import step_of

FUTURES = sorted(path.stem for path in (Path(__file__).parents[2] / "inputs" / "scenarios").glob("*.toml"))
SETTINGS = 200
BY_PYSD = 3
COARSE = 0.125  # half the time at the model's own step; at a coarser one delays of weeks swing below nothing
SHORT = 0.25  # random delays may be too short for the coarse one
SEED = 1
SPREAD = 0.1  # of the distance between a lever's limits, either side of the model's own value
KEY = ("total population", "total deaths", "GP gap", "Population", "need for service", "public cost")


COVERING = (
    ("official_future", "none", "as_now", ""),
    ("official_future", "as_evidenced", "dudley_mcp", "R1 B3"),
    ("official_future", "as_evidenced", "nuka", "R4 B5"),
    ("state_supreme", "as_evidenced", "uniting_care", "R2 R6"),
    ("state_supreme", "none", "bedfordshire_msk", "R5 R8"),
    ("community_resilience", "as_evidenced", "milton_keynes", "R3 B1"),
    ("community_resilience", "as_evidenced", "dudley_mcp_partial", "B2 R7"),
    ("community_resilience_funded", "as_evidenced", "modality", "B4"),
    ("corporate_rules", "as_evidenced", "pacs", "R9"),
    ("corporate_rules", "as_evidenced", "dudley_mcp_virtual", "R2 R3 R5 R6"),
    ("reference", "none", "as_now", ""),
)
"""Every future, every portfolio, every contract and every loop cut, each at least once."""

SAMPLE = {1}
"""What every run of the tests looks at; ``--whole`` looks at all, and at the model's own step."""


def test_the_whole_covers_what_it_should() -> None:
    futures, portfolios, contracts, cuts = (set(column) for column in zip(*COVERING, strict=True))
    inputs = Path(__file__).parents[2] / "inputs"
    assert futures == set(FUTURES)
    assert portfolios == {path.stem for path in (inputs / "portfolios").glob("*.toml")}
    assert contracts == {path.stem for path in (inputs / "contracts").glob("*.toml")}
    assert {loop for cut in cuts for loop in cut.split()} == {
        lever.split()[1] for lever in _levers() if lever.startswith("loop ")
    }


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[] if place in SAMPLE else pytest.mark.whole, id="-".join(case))
        for place, case in enumerate(COVERING)
    ],
)
def test_every_variable_equals_pysd(case: tuple[str, str, str, str]) -> None:
    """At a coarse step, with one library for all cases.

    A lever that a case leaves alone is set to the model's own value, so that all of them share a library.
    """
    folder, settings = _settings(case)
    named = sorted({name for other in COVERING for name in _settings(other)[1]})
    own: dict[str, Value] = {name: _levers()[name].default for name in named}
    assert_agree(folder, {**own, **settings}, COARSE)


@pytest.mark.whole
def test_every_variable_equals_pysd_at_the_models_own_step() -> None:
    """As the model is run: every variable of the first case at every step."""
    folder, settings = _settings(COVERING[0])
    assert_agree(folder, settings, None)


@pytest.mark.parametrize(
    "member", [0, *(pytest.param(n, marks=pytest.mark.whole) for n in range(1, BY_PYSD))]
)
def test_random_settings_equal_pysd(member: int) -> None:
    """Every variable, also where training places change."""
    assert_agree(_plan(FUTURES[0]).folder.path, _named(_draws()[member]), SHORT)


def test_engines_agree_on_many_settings(tmp_path: Path) -> None:
    path, values = model_path(_plan(FUTURES[0]).folder.path), _draws()
    names = list(_levers())
    c = compile(path, levers=names, outputs=KEY, engine="c")
    wanted = compile(path, levers=names, outputs=KEY, engine="numpy").run_array(values, nonfinite="keep")
    answers = {"c": c.run_array(values, nonfinite="keep")}
    if node() is not None:
        answers["javascript"] = javascript_answer(c, values, tmp_path)
    assert np.isfinite(wanted).all()
    size = np.abs(wanted).max(axis=(0, 2))[None, :, None]
    for engine, given in answers.items():
        assert (np.abs(given - wanted) / size).max() < TOLERANCE, engine


def assert_agree(folder: Path, settings: Mapping[str, Value], time_step: float | None) -> None:
    """Compare every variable with PySD itself, on the scale of each series.

    Every variable at every step: else PySD's answer to a DELAY FIXED depends on what is saved. A series that
    cancels to nothing is held to what the model's thirteenth digit changes in it.
    """
    every = time_step or step_of(read_model(model_path(folder)))
    wanted = run_pysd(folder, settings, None, time_step, every)
    given = run_model(folder, settings, None, time_step, every)
    assert (wanted.attrs["engine"], given.attrs["engine"]) == ("pysd", "c")
    assert set(given.data_vars) == set(wanted.data_vars)
    allowed = _noise(folder, time_step)
    faults = []
    for key in wanted.data_vars:
        ours, theirs = xr.align(given[key], wanted[key], join="exact")
        assert ours.dims == theirs.dims
        size = np.abs(theirs.values).max(axis=0)
        gap = np.abs(ours.values - theirs.values).max(axis=0)
        if not (gap <= TOLERANCE * size + allowed[ours.attrs["model_name"]]).all():
            faults.append(f"{key}: {gap.max():g} of {size.max():g}")
    assert not faults, "\n".join(faults)


@cache
def _noise(folder: Path, time_step: float | None) -> dict[str, np.ndarray]:
    described = read_model(model_path(folder))
    names = [v.name for v in described.variables.values() if not v.control and v.kind != "table"]
    levers = sorted(_levers())
    model = compile(model_path(folder), levers=levers, outputs=names, time_step=time_step, engine="numpy")
    tolerance = proof(model._plan).tolerance
    return {s.name: tolerance[s.place : s.place + s.size].reshape(s.shape) for s in model.outputs}


@cache
def _settings(case: tuple[str, str, str, str]) -> tuple[Path, dict[str, Value]]:
    future, portfolio, contract, cut = case
    loops = {f"loop {loop} switch": 0.0 for loop in cut.split()}
    plan = make_run(Request([future], portfolio, contract=contract, settings=loops))
    return plan.folder.path, dict(plan.settings[future])


@cache
def _plan(future: str) -> Run:
    return make_run(Request([future], "none"))


@cache
def _levers() -> dict[str, Lever]:
    return levers(read_model(model_path(_plan(FUTURES[0]).folder.path)))


@cache
def _draws() -> np.ndarray:
    """Random values of every lever, [setting, lever element]; a switch is 0 or 1 and nothing between."""
    spans = [lever for lever in _levers().values() for _ in range(np.size(lever.default))]
    own = np.concatenate([np.ravel(lever.default) for lever in _levers().values()])
    low, high = (np.array([getattr(lever, end) for lever in spans]) for end in ("low", "high"))
    switch = np.array([(lever.low, lever.high, lever.step) == (0.0, 1.0, 1.0) for lever in spans])
    chance = np.random.default_rng(SEED)
    steps = chance.uniform(-SPREAD, SPREAD, (SETTINGS, len(spans)))
    flips = chance.integers(0, 2, (SETTINGS, len(spans)))
    return np.where(switch, flips, np.clip(own + steps * (high - low), low, high))


def _named(values: np.ndarray) -> dict[str, Value]:
    """One setting by lever, in the order and shape of the model's elements."""
    settings: dict[str, Value] = {}
    place = 0
    for name, lever in _levers().items():
        size = np.size(lever.default)
        part = values[place : place + size]
        settings[name] = (
            part.reshape(lever.default.shape) if isinstance(lever.default, np.ndarray) else part[0]
        )
        place += size
    return settings

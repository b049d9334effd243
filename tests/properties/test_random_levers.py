"""The model stays possible wherever its levers are set: inside their limits they pass the one gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from sdcompile import Compiled, compile
from sdcompile.names import snake_case
from sdcompile.read.levers import Lever, levers
from sdcompile.read.model import Model, read_model
from sdcompile.run.model_run import make_ready
from sdcompile.run.outputs import model_path

from dudley_sd.request import Request
from dudley_sd.results.invariants import BrokenInvariantError, check_invariants, gate
from dudley_sd.runs.run import make_run

SETTINGS, CORNERS, PART, SEED = 1000, 400, 100, 20
STEP = 0.0625


@pytest.fixture(scope="module")
def described() -> Model:
    """Return what the model file says."""
    return read_model(model_path(make_run(Request(["official_future"], "none")).folder.path))


@pytest.fixture(scope="module")
def known(described: Model) -> list[Lever]:
    """Every lever of the model."""
    return list(levers(described).values())


def compiled(described: Model, known: Sequence[Lever], save_every: float | None = None) -> Compiled:
    """Compile the model with all levers and with what the gate looks at."""
    outputs = [v.name for v in described.variables.values() if snake_case(v.name) in gate()]
    assert len(outputs) == len(gate()), "a renamed variable would go unwatched"
    path = model_path(make_run(Request(["official_future"], "none")).folder.path)
    return compile(path, levers=[lever.name for lever in known], outputs=outputs, save_every=save_every)


def spans(known: Sequence[Lever]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Limits of every number that can be set, and whether it is a switch."""
    each = [lever for lever in known for _ in range(np.size(lever.default))]
    low, high = (np.array([getattr(lever, end) for lever in each]) for end in ("low", "high"))
    switch = np.array([(lever.low, lever.high, lever.step) == (0.0, 1.0, 1.0) for lever in each])
    return low, high, switch


def faults(model: Compiled, settings: np.ndarray) -> Iterator[str]:
    """Rules that the gate finds broken, in parts that memory holds."""
    for first in range(0, len(settings), PART):
        results = model.run(settings[first : first + PART], nonfinite="keep").rename(time="year")
        try:
            check_invariants(results)
        except BrokenInvariantError as error:
            yield f"settings from {first}: {error}"


def test_a_thousand_settings_at_every_step(described, known):
    """People and money conserved to 1e-9, no negative stock, shares in [0, 1], nothing infinite."""
    low, high, switch = spans(known)
    chance = np.random.default_rng(SEED)
    uniform = chance.uniform(low, high, (SETTINGS, len(low)))
    settings = np.where(switch, chance.integers(0, 2, uniform.shape), uniform)
    model = compiled(described, known, STEP)
    assert len(model.times) == 305
    assert list(faults(model, settings)) == []


def test_each_number_at_each_limit_and_many_at_once(described, known):
    """One number alone at its lower or upper limit; then corners, where every number is at one of them."""
    low, high, _ = spans(known)
    model = compiled(described, known)
    alone = np.repeat(model.defaults[None], 2 * len(low), axis=0)
    place = np.arange(len(low))
    alone[2 * place, place], alone[2 * place + 1, place] = low, high
    corners = np.where(np.random.default_rng(SEED).integers(0, 2, (CORNERS, len(low))) == 1, low, high)
    assert list(faults(model, alone)) == []
    assert list(faults(model, corners)) == []


def test_all_that_a_run_gives_is_finite(described, known):
    """What is not looked at otherwise too, for settings at the limits and between them."""
    low, high, switch = spans(known)
    chance = np.random.default_rng(SEED + 1)
    uniform = chance.uniform(low, high, (PART, len(low)))
    ends = np.where(chance.integers(0, 2, uniform.shape) == 1, low, high)
    settings = np.where(switch | (chance.uniform(size=uniform.shape) < 0.5), ends, uniform)
    model = make_ready(make_run(Request(["official_future"], "none")).folder.path).model
    levels = dict(zip(compiled(described, known).levers, settings.T, strict=True))
    ordered = np.array([levels[name] for name in model.levers]).T
    for one in ordered:  # the library for one run is there, that for many takes the compiler long
        assert np.isfinite(model.run_array(one, nonfinite="keep")).all()


def test_the_gate_sees_a_fault_in_one_of_many_settings(described, known):
    results = compiled(described, known).run().rename(time="year")
    check_invariants(results)
    broken = results.assign(gps=results["gps"].where(results["year"] != 2025, -1.0))
    with pytest.raises(BrokenInvariantError, match="gps is negative at year 2025"):
        check_invariants(broken)

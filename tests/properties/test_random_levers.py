"""Does the model stay possible wherever its levers are set?"""

from __future__ import annotations

import numpy as np
import pytest

from dudley_sd.engine import compile
from dudley_sd.engine.outputs import model_path
from dudley_sd.model.levers import Lever, levers
from dudley_sd.model.names import snake_case
from dudley_sd.model.variables import read_model
from dudley_sd.results.invariants import NOT_NEGATIVE, ROUNDING, SHARES
from dudley_sd.runs.plan import make_plan

SETTINGS, PART, SEED = 1000, 100, 20
STEP = 0.0625
MONEY = ("balance", "system_balance", "system_funding")
PEOPLE = (
    "total_population",
    "reference_total_population",
    "departure_by_births",
    "departure_by_deaths",
    "departure_by_migration",
)
BY_ITSELF = ("usual_recruits",)
"""What `check_invariants` refuses: GPs of 2018 and their leaving that cannot be in balance."""


def random_settings(known: list[Lever]) -> np.ndarray:
    """Anywhere between the limits of every lever, [setting, lever element]; a switch is 0 or 1."""
    spans = [lever for lever in known for _ in range(np.size(lever.default))]
    low, high = (np.array([getattr(lever, end) for lever in spans]) for end in ("low", "high"))
    switch = np.array([(lever.low, lever.high, lever.step) == (0.0, 1.0, 1.0) for lever in spans])
    chance = np.random.default_rng(SEED)
    uniform = chance.uniform(low, high, (SETTINGS, len(spans)))
    return np.where(switch, chance.integers(0, 2, uniform.shape), uniform)


@pytest.mark.usefixtures("shared_folder")
def test_a_thousand_settings_at_every_step():
    """People and money conserved to 1e-9, no negative stock, shares in [0, 1], nothing infinite."""
    folder = make_plan(["official_future"], "none").folder.path
    described = read_model(model_path(folder))
    known = levers(described)
    watched = {*NOT_NEGATIVE, *SHARES, *MONEY, *PEOPLE} - set(BY_ITSELF)
    outputs = [v.name for v in described.variables.values() if snake_case(v.name) in watched]
    model = compile(model_path(folder), levers=list(known), outputs=outputs, save_every=STEP)
    places = {snake_case(s.name): slice(s.place, s.place + s.size) for s in model.outputs}
    assert set(places) == watched, "a renamed variable would go unwatched"
    settings = random_settings(list(known.values()))

    faults: set[str] = set()
    for first in range(0, SETTINGS, PART):
        answer = model.run_array(settings[first : first + PART], nonfinite="keep")
        assert answer.shape[0] == 241
        found = {name: answer[:, place] for name, place in places.items()}
        faults |= {f"{name} is not finite" for name, a in found.items() if not np.isfinite(a).all()}
        faults |= {f"{n} is negative" for n in NOT_NEGATIVE if n in found and found[n].min() < -ROUNDING}
        faults |= {
            f"{n} is no share"
            for n in SHARES
            if n in found and not (found[n].min() >= -ROUNDING and found[n].max() <= 1 + ROUNDING)
        }
        turnover = found["system_funding"].max(axis=0).clip(1.0)
        apart = abs(found["balance"].sum(axis=1, keepdims=True) - found["system_balance"])
        faults |= {"money is not conserved"} if (apart > ROUNDING * turnover).any() else set()
        explained = sum(found[name] for name in PEOPLE[1:])
        lost = abs(found["total_population"] - explained) > ROUNDING * found["total_population"].clip(1.0)
        faults |= {"people are not conserved"} if lost.any() else set()
    assert not faults

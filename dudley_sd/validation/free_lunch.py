"""Search for free lunches: settings that give more care for less money than doing nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.validation.batch import Batch, Floats
from dudley_sd.validation.behaviour import STAFF
from dudley_sd.validation.bench import Bench
from dudley_sd.validation.outcome import BEHAVIOUR, Outcome, judge

COST = "public cost"
CARE = {
    "deaths since 2018": 200.0,
    "unmet same day share": 0.01,
    "unmet community share": 0.02,
    "unmet social care share": 0.02,
    "mental health care met": -0.01,
    "elective waiting list": 4000.0,
    "overall vacancy rate": 0.01,
}
"""What must not be worse in 2033, and the step in which each is weighed; below 0 where more is better."""

PAYEES = ("HospitalCare", "PracticeCare", "CommunityCare", "MentalHealthCare", "OtherCare")
PARTS = ("AandEPart", "EmergencyPart", "ElectivePart", "OutpatientPart")
FIRST, LAST = 2018, 2033

DECISIONS: dict[str, tuple[float, float]] = {
    **{f"pay relative to elsewhere[{staff}]": (0.85 * 0.95, 1.2 * 1.05) for staff in STAFF},
    "training places factor": (0.5, 2.0),
    **{f"coverage[{name}]": (0.0, 1.0) for name in elements(inputs_folder(), INTERVENTION)},
    **{f"start date[{name}]": (2018.0, 2022.0) for name in elements(inputs_folder(), INTERVENTION)},
    "pilots": (1.0, 5.0),
    "spread every": (0.0, 2.0),
    "ring fence": (0.0, 1.0),
    "block share": (0.0, 1.0),
    "share of growth that is paid": (0.3, 1.0),
    "strength of cost control": (0.2, 2.0),
    "transformation money": (0.0, 10.0),
    "share of released posts closed": (0.0, 1.0),
    "priority of usual care": (0.0, 1.0),
    "contract length": (5.0, 15.0),
    "contract integration": (0.0, 1.0),
    "share in contract[PracticePart]": (0.0, 1.0),
    **{f"share in contract[{part}]": (0.0, 1.0) for part in PARTS},
    "share in contract[CommunityPart]": (0.0, 1.0),
    "share in contract[MentalHealthPart]": (0.0, 1.0),
    "share in contract[SocialCarePart]": (0.0, 1.0),
    "contract price": (0.85, 1.15),
    "outcome share": (0.0, 0.15),
    "gain share": (0.0, 1.0),
    "loss share": (0.0, 1.0),
    "capitation follows funding": (0.0, 1.0),
    "holder is hospital": (0.0, 1.0),
    "reserve": (0.03, 0.3),
}
"""What can be decided, between its ends; beside it agency cover and give-way shares, around their values."""

WHOLE = ("pilots",)
SWITCHES = {
    "capitation follows funding": 0.5,
    "holder is hospital": 0.2,
    "share in contract[PracticePart]": 0.5,
    "share in contract[CommunityPart]": 0.5,
    "share in contract[MentalHealthPart]": 0.5,
}
"""Settings that are 0 or 1, and how often 1."""

AROUND = {
    **{f"agency cover wanted[{staff}]": (0.0, 1.3) for staff in STAFF},
    **{f"give way[{payee}]": (0.4, 1.6) for payee in PAYEES},
}
SHARED = {"agency cover wanted": (0.0, 1.3)}
CONTRACTS = 0.6
"""How often a contract is in force; else it starts after the end, as now."""

START, UP_FRONT, OUTCOME = "contract start date", "share paid up front", "outcome share"


@dataclass(frozen=True)
class Lunch:
    """What the search for a free lunch found.

    Attributes
    ----------
    random, better, cheaper
        Random settings tried, how many are better on all seven, and how many of them cheaper by 1% too.
    climbs, steps
        Climbs made and steps of each.
    best
        Least cost over the term of a setting that is no worse on any of the seven, beside do nothing, as a
        share; from the climbs.
    settings
        The settings of that one, by lever.
    care
        What it does in 2033, by variable, less do nothing.
    without
        For each group of its settings put back to do nothing: cost over the term and care, beside do nothing.
    """

    random: int
    better: int
    cheaper: int
    climbs: int
    steps: int
    best: float
    settings: dict[str, float]
    care: dict[str, float]
    without: dict[str, tuple[float, dict[str, float]]]


class Search:
    """Search for settings that give more care for less money than doing nothing in Official Future."""

    def __init__(self, bench: Bench, seed: int) -> None:
        names = [*DECISIONS, *AROUND, START, UP_FRONT]
        self.batch = Batch(bench, names, [COST, *CARE])
        self.names = names
        self._chance = np.random.default_rng(seed)
        self._places = np.array([self.batch.place(name) for name in names])
        self._own = self.batch.base[self._places]
        self._usual = self._measure(self.batch.run(self.batch.base[None]))

    def random(self, count: int) -> Floats:
        """Draw decisions, [setting, name]."""
        chance = self._chance
        drawn = np.empty((count, len(self.names)))
        groups = {
            "pay": chance.uniform(0.85, 1.2, count),
            "agency": chance.uniform(*SHARED["agency cover wanted"], count),
        }
        contract = chance.random(count) < CONTRACTS
        some = chance.random(count) < 0.5
        for column, name in enumerate(self.names):
            if name.startswith("pay relative"):
                drawn[:, column] = groups["pay"] * chance.uniform(0.95, 1.05, count)
            elif name.startswith("agency cover"):
                drawn[:, column] = np.minimum(1, self._own[column] * groups["agency"])
            elif name in AROUND:
                drawn[:, column] = self._own[column] * chance.uniform(*AROUND[name], count)
            elif name == START:
                drawn[:, column] = np.where(contract, 2018.25, 2034.0)
            elif name == UP_FRONT:
                drawn[:, column] = np.nan
            elif name in SWITCHES:
                drawn[:, column] = chance.random(count) < SWITCHES[name]
            else:
                low, high = DECISIONS[name]
                drawn[:, column] = chance.uniform(low, high, count)
            if name.startswith("coverage"):
                drawn[:, column] *= chance.random(count) < 0.6
            if name.partition("[")[2].removesuffix("]") in PARTS:
                drawn[:, column] *= some
        return self._settled(drawn)

    def _settled(self, drawn: Floats) -> Floats:
        """Whole numbers where they must be, and what is paid up front is what outcomes leave."""
        drawn = drawn.copy()
        for name in WHOLE:
            column = self.names.index(name)
            drawn[:, column] = np.round(drawn[:, column])
        drawn[:, self.names.index(UP_FRONT)] = 1 - drawn[:, self.names.index(OUTCOME)]
        return drawn

    def score(self, drawn: Floats) -> tuple[Floats, Floats]:
        """Cost over the term beside do nothing, [setting], and care in steps of `CARE`, [care, setting]."""
        values = np.repeat(self.batch.base[None], len(drawn), axis=0)
        values[:, self._places] = drawn
        cost, care = self._measure(self.batch.run(values))
        steps = np.array(list(CARE.values()))[:, None]
        return cost / self._usual[0] - 1, (care - self._usual[1]) / steps

    def _measure(self, raw: Floats) -> tuple[Floats, Floats]:
        start, end = self.batch.row(FIRST), self.batch.row(LAST)
        cost = self.batch.output(raw, COST)[start : end + 1].sum(axis=0)
        return cost, np.array([self.batch.output(raw, name)[end] for name in CARE])

    def lunch(self, count: int, climbs: int, steps: int) -> Lunch:
        """Try random settings, then climb from the best of them."""
        drawn = self.random(count)
        cost, care = self.score(drawn)
        better = (care <= 0).all(axis=0)
        order = np.argsort(_loss(cost, care))[:climbs]
        best, best_cost, best_care = drawn[order], cost[order], care[:, order]
        for _ in range(steps):
            others = self.random(climbs)
            mixed = self._chance.random(best.shape) < 0.15
            mixed[:, self.names.index(START)] = False
            tried = self._settled(np.where(mixed, best + 0.35 * (others - best), best))
            new_cost, new_care = self.score(tried)
            won = _loss(new_cost, new_care) < _loss(best_cost, best_care)
            best = np.where(won[:, None], tried, best)
            best_cost = np.where(won, new_cost, best_cost)
            best_care = np.where(won, new_care, best_care)
        free = np.concatenate([(best_care <= 1e-9).all(axis=0), better])
        costs, all_care = np.concatenate([best_cost, cost]), np.concatenate([best_care, care], axis=1)
        everything = np.concatenate([best, drawn])
        chosen = int(np.argmin(np.where(free, costs, np.inf) if free.any() else costs))
        return Lunch(
            random=count,
            better=int(better.sum()),
            cheaper=int((better & (cost < -0.01)).sum()),
            climbs=climbs,
            steps=steps,
            best=float(costs[chosen]) if free.any() else float("inf"),
            settings=dict(zip(self.names, everything[chosen], strict=True)),
            care=self._told(all_care[:, chosen]),
            without=self._without(everything[chosen]),
        )

    def _without(self, chosen: Floats) -> dict[str, tuple[float, dict[str, float]]]:
        """Put each group of the settings back to do nothing, to see what it does."""
        found = {}
        for words, names in GROUPS.items():
            put_back = chosen.copy()
            for column, name in enumerate(self.names):
                if name.startswith(names):
                    put_back[column] = self._own[column]
            cost, care = self.score(put_back[None])
            found[words] = float(cost[0]), self._told(care[:, 0])
        return found

    def _told(self, care: Floats) -> dict[str, float]:
        return {name: float(each * step) for (name, step), each in zip(CARE.items(), care, strict=True)}


GROUPS = {
    "pay": ("pay relative",),
    "training places": ("training places",),
    "agency cover": ("agency cover",),
    "the plan": ("coverage", "start date", "pilots", "spread every", "ring fence", "priority of usual"),
    "how money moves": (
        "block share",
        "share of growth",
        "strength of",
        "transformation",
        "share of released",
        "give way",
    ),
    "the contract": (START,),
}
"""Groups of decisions, by the beginnings of their names."""


def _loss(cost: Floats, care: Floats) -> Floats:
    loss: Floats = 100 * cost + 10 * np.maximum(0, care).sum(axis=0)
    return loss


def lunch_outcomes(lunch: Lunch) -> list[Outcome]:
    """Judge a search."""
    tried = f"{lunch.random:,} random settings, {lunch.better} of them better on all seven"
    climbed = f"{lunch.climbs} climbs of {lunch.steps} steps"
    if np.isfinite(lunch.best):
        climbed += f"; the best is {-100 * lunch.best:.1f}% cheaper and no worse on any"
    return [
        judge(BEHAVIOUR, "lunch_random", float(lunch.cheaper), tried),
        judge(BEHAVIOUR, "lunch_climbs", float(lunch.best < -0.03), climbed),
    ]

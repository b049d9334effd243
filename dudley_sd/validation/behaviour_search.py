"""Searches behind the tests of behaviour: free lunches, random draws of all settings, evidence that fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile import Compiled, compile
from sdcompile.names import same_name
from sdcompile.read.levers import levers as model_levers

from dudley_sd.ensembles.ranges import Range, find_ranges
from dudley_sd.ensembles.sampling import values
from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.results.invariants import BrokenInvariantError, check_invariants, gate
from dudley_sd.settings.futures import read_uncertainties
from dudley_sd.validation.behaviour import STAFF
from dudley_sd.validation.bench import PORTFOLIO, Bench
from dudley_sd.validation.outcome import BEHAVIOUR, Outcome, judge

Floats = npt.NDArray[np.float64]
PART = 250
"""Runs in one call, so that memory holds their results."""

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


class Batch:
    """A compiled model that answers many settings at once, each given by the levers that it moves.

    Parameters
    ----------
    bench
        Whose model and settings of futures.
    levers, outputs
        What may be set and what is kept.
    """

    def __init__(self, bench: Bench, levers: Sequence[str], outputs: Sequence[str]) -> None:
        self._bench = bench
        world = bench.settings("official_future", "none")
        self.model: Compiled = compile(
            bench.folder.path / MODEL_FILE,
            levers=[*dict.fromkeys([*world, *(name for name in levers if name not in world)])],
            outputs=list(outputs),
            side_by_side=True,
        )
        self._places = {_plain(label): place for place, label in enumerate(self.model.levers)}
        self._rows = {same_name(series.name): series.place for series in self.model.outputs}

    @cached_property
    def base(self) -> Floats:
        """Lever values of Official Future, do nothing."""
        return self.values(self._bench.settings("official_future", "none"))

    def values(self, settings: Mapping[str, float | Floats], start: Floats | None = None) -> Floats:
        """Lever values under settings, the model's own, or ``start``, where they leave it."""
        found = self.model.defaults if start is None else start.copy()
        known = model_levers(self._bench.model)
        for name, value in settings.items():
            names = [f"{name}[{each}]" for each in known[name].elements] if name in known else [name]
            for label, part in zip(names or [name], np.ravel(value), strict=True):
                found[..., self._places[_plain(label)]] = part
        return found

    def place(self, label: str) -> int:
        """Where a lever stands in the lever values."""
        return self._places[_plain(label)]

    def run(self, values: Floats) -> Floats:
        """Run many settings and return their outputs, [time, output, run]."""
        parts = [self.model.run_array(values[first : first + PART]) for first in range(0, len(values), PART)]
        return np.concatenate(parts, axis=2)

    def output(self, raw: Floats, name: str) -> Floats:
        """Series of a variable without subscripts, [time, run]."""
        series: Floats = raw[:, self._rows[same_name(name)]]
        return series

    def row(self, year: float) -> int:
        """Place of a saved time."""
        return int(np.argmin(abs(self.model.times - year)))


def _plain(label: str) -> str:
    """Spell a lever's address in one way, whatever its case and blanks."""
    return same_name(label.replace(", ", ","))


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


EVIDENCE_ACTIVITY = (
    "A and E attendances",
    "emergency admissions",
    "overnight admissions",
    "emergency and elective bed days",
    "practice contacts wanted",
    "elective starts",
)


def no_evidence_outcomes(bench: Bench, count: int, seed: int) -> list[Outcome]:
    """Draw as an ensemble does and compare the plan where no effect holds with do nothing."""
    ranges = _ranges(bench)
    plan = bench.settings("official_future", PORTFOLIO)
    names = [
        *plan,
        *(each.name for each in ranges if each.name.partition("[")[0] not in plan),
        "evidence switch",
    ]
    batch = Batch(bench, names, [COST, *EVIDENCE_ACTIVITY])
    chance = np.random.default_rng(seed).random((count, len(ranges)))
    usual = np.repeat(batch.base[None], count, axis=0)
    usual[:, [batch.place(each.name) for each in ranges]] = values(chance, ranges, "triangular")
    live = batch.values({**{k: v for k, v in plan.items() if k in PLAN}, "evidence switch": 0.0}, usual)
    ends = [batch.run(values) for values in (usual, live)]
    apart = max(
        float(np.abs(batch.output(ends[1], name) / batch.output(ends[0], name) - 1).max())
        for name in EVIDENCE_ACTIVITY
    )
    cost = float((batch.output(ends[1], COST) - batch.output(ends[0], COST)).min())
    note = f"{count:,} draws of {len(ranges):,} numbers, as an ensemble draws them"
    return [
        judge(BEHAVIOUR, "no_evidence_activity_drawn", apart, note),
        judge(BEHAVIOUR, "no_evidence_cost_drawn", cost, note),
    ]


def _ranges(bench: Bench) -> Sequence[Range]:
    """Return the numbers that an ensemble draws: those that carry the results, and the evidence."""
    inputs = inputs_folder()
    table = read_parameters(inputs / "parameters.csv", inputs / "sources.csv").table
    return find_ranges(table, bench.model, read_uncertainties(inputs)).drawn


PLAN = ("coverage", "start date")
SAMPLE_SEED = 4
RANDOM, CLIMBS, STEPS, MEMBERS, SETTINGS = 300, 10, 20, 200, 200
"""Sizes of the samples of a report; the whole searches are commands under benchmarks/."""


def search_outcomes(bench: Bench) -> list[Outcome]:
    """Search a sample for free lunches, for draws that break a rule and for evidence that fails."""
    return [
        *lunch_outcomes(Search(bench, SAMPLE_SEED).lunch(RANDOM, CLIMBS, STEPS)),
        *no_evidence_outcomes(bench, MEMBERS, SAMPLE_SEED),
        draws_outcome(bench, SETTINGS, SAMPLE_SEED),
    ]


@dataclass(frozen=True)
class Drawn:
    """What random draws of all settings found: how many there were, and what the first broken ones break."""

    count: int
    broken: tuple[str, ...]


def draw_all(bench: Bench, count: int, seed: int) -> Drawn:
    """Run random draws of all settings and check each result as every result is checked."""
    model = Batch(bench, list(model_levers(bench.model)), list(gate()))
    values = np.array([model.values(settings) for settings in draws(bench, count, seed)])
    broken = []
    for first in range(0, count, PART):
        results = model.model.run(values[first : first + PART], nonfinite="keep").rename(time="year")
        for number in faulty(results):
            try:
                check_invariants(results.isel(run=number))
            except BrokenInvariantError as error:
                broken.append(f"draw {first + number}: {error}")
    return Drawn(count, tuple(broken))


def faulty(results: xr.Dataset) -> list[int]:
    """Return which runs of a batch may break a rule: none where all keep them."""
    try:
        check_invariants(results)
    except BrokenInvariantError:
        return list(range(results.sizes["run"]))
    return []


def draws_outcome(bench: Bench, count: int, seed: int) -> Outcome:
    """Judge random draws of all settings."""
    drawn = draw_all(bench, count, seed)
    note = f"{count:,} draws"
    if drawn.broken:
        note += f"; the first: {drawn.broken[0]}"
    return judge(BEHAVIOUR, "draws_broken", float(len(drawn.broken)), note)


def draws(bench: Bench, count: int, seed: int) -> Iterator[dict[str, float | Floats]]:
    """Draw settings of all levers within their limits; every second in a future and under a contract.

    Yields
    ------
    dict
        Value by lever, whole and in the order of the model's elements.
    """
    chance = np.random.default_rng(seed)
    known = model_levers(bench.model)
    futures, contracts = sorted(_keys("scenarios") - {"reference"}), sorted(_keys("contracts"))
    for number in range(count):
        drawn: dict[str, float | Floats] = {}
        for name, lever in known.items():
            size = np.shape(lever.default)
            switch = (lever.low, lever.high, lever.step) == (0.0, 1.0, 1.0)
            drawn[name] = (
                chance.integers(0, 2, size).astype(float)
                if switch
                else chance.uniform(lever.low, lever.high, size)
            )
        if number % 2:
            half = number // 2
            settings = bench.settings(
                futures[half % len(futures)], "none", None, contracts[half // len(futures) % len(contracts)]
            )
            drawn |= settings
        yield drawn


def _keys(folder: str) -> set[str]:
    return {path.stem for path in (inputs_folder() / folder).glob("*.toml")}

"""Samples of the searches behind the tests of behaviour: free lunches, evidence that fails, random draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import xarray as xr
from sdcompile.read.levers import levers as model_levers

from dudley_sd.ensembles.ranges import Range, find_ranges
from dudley_sd.ensembles.sampling import values
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.results.invariants import BrokenInvariantError, check_invariants, gate
from dudley_sd.settings.futures import read_uncertainties
from dudley_sd.validation.batch import PART, Batch, Floats
from dudley_sd.validation.bench import PORTFOLIO, Bench
from dudley_sd.validation.free_lunch import COST, Search, lunch_outcomes
from dudley_sd.validation.outcome import BEHAVIOUR, Outcome, judge

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
    world = cache(lambda future, contract: bench.settings(future, "none", None, contract))
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
            drawn |= world(futures[half % len(futures)], contracts[half // len(futures) % len(contracts)])
        yield drawn


def _keys(folder: str) -> set[str]:
    return {path.stem for path in (inputs_folder() / folder).glob("*.toml")}

"""Exploration of which numbers matter most, by runs made for it: tornado, Morris, Sobol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sdcompile.arrays import Floats
from sdcompile.errors import Fault, InputError, collect

from dudley_sd.ensembles.job import Job, compiled, dims, make_job
from dudley_sd.ensembles.members import run_settings
from dudley_sd.ensembles.optional_packages import extra
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, key_outputs, plan_ensemble
from dudley_sd.ensembles.sampling import ends
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice

METHODS = ("tornado", "morris", "sobol")
SIZES = {"morris": 20, "sobol": 256}
LEVELS = 4
RUNS = 4096
"""Runs at a time, so that memory does not grow with the number of runs."""


def explore(
    method: str,
    scenario: str = "official_future",
    *,
    outputs: tuple[str, ...] | None = None,
    size: int | None = None,
    seed: int = 0,
    portfolio: str = "as_evidenced",
    contract: str = "as_now",
    footprint: str = "dudley",
    projection: str = PUBLISHED,
    base: int | None = None,
    unit: str | None = None,
    variant: str | None = None,
    levers: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Find how much each number with a range moves the outputs of the last year.

    Parameters
    ----------
    method
        ``tornado``: each number alone to its low and its high value, all others central. ``morris``:
        elementary effects along trajectories through the ranges. ``sobol``: shares of the variance, all
        numbers uniform over their ranges.
    scenario, outputs, seed, portfolio, contract, footprint, projection, base, unit, variant, levers
        As for `dudley_sd.ensemble`.
    size
        Trajectories of ``morris``; base sample of ``sobol``, a power of two.

    Returns
    -------
    pd.DataFrame
        Columns ``scenario, year, variable, parameter, place``, then for a tornado ``at_low, at_central,
        at_high, swing``; for Morris ``mu, mu_star, sigma, mu_star_conf``; for Sobol ``first_order,
        total_order`` and their confidence intervals. Place 1 moves the output most. Outputs that do not
        move are left out. Where the area is indicative one more, ``note``, which says so.

    Raises
    ------
    InputError
        All faults of the request at once; without SALib what to install.
    """
    request = EnsembleRequest(
        (scenario,),
        portfolio,
        contract,
        (footprint,),
        projection_choice(projection, base, unit, variant),
        settings=levers or {},
        outputs=key_outputs() if outputs is None else outputs,
        members=1,
        seed=seed,
    )
    return explored(plan_explore(request, method, size), method, size)


def plan_explore(request: EnsembleRequest, method: str, size: int | None = None) -> EnsemblePlan:
    """Check what `explore` is asked for; all faults at once."""
    faults = _faults(method, size)
    plan = collect(faults, plan_ensemble, request)
    if faults or plan is None:
        raise InputError(faults)
    return plan


def explored(plan: EnsemblePlan, method: str, size: int | None = None) -> pd.DataFrame:
    """Explore the one scenario and area of a plan; see `explore`."""
    job = make_job(plan)
    found = _METHODS[method](job, size or SIZES.get(method, 0), plan.request.seed)
    found.insert(0, "scenario", job.scenarios[0])
    found.insert(1, "year", int(compiled(job, job.areas[0]).times[-1]))
    return found.assign(note="indicative") if plan.indicative else found


def _faults(method: str, size: int | None) -> list[Fault]:
    if method not in METHODS:
        return [Fault("method", repr(method), "there is no such one", f"Choose {', '.join(METHODS)}")]
    faults = []
    if size is not None and (size < 2 or (method == "sobol" and size & (size - 1))):
        remedy = "Give a power of two" if method == "sobol" else "Give 2 or more"
        faults.append(Fault("size", str(size), f"is no size for {method}", remedy))
    if method != "tornado":
        collect(faults, extra, "SALib")
    return faults


def tornado(job: Job, _size: int = 0, _seed: int = 0) -> pd.DataFrame:
    """Change each number drawn alone to its low and its high value, all others central.

    The first scenario and area of a job are run. Columns are those that `explore` names, of the last year.
    """
    low, central, high = ends(job.drawn.ranges)
    count = len(central)
    rows = np.repeat(central[None], 2 * count + 1, axis=0)
    rows[np.arange(count), np.arange(count)] = low
    rows[count + np.arange(count), np.arange(count)] = high

    def measure(series: Floats) -> dict[str, Floats]:
        at_low, at_high, at_central = series[:count], series[count:-1], np.full(count, series[-1])
        swing = np.maximum.reduce([at_low, at_high, at_central]) - np.minimum.reduce(
            [at_low, at_high, at_central]
        )
        return {"swing": swing, "at_low": at_low, "at_central": at_central, "at_high": at_high}

    return _measured(job, rows, measure)


def _morris(job: Job, size: int, seed: int) -> pd.DataFrame:
    analyze, sample = extra("SALib.analyze.morris"), extra("SALib.sample.morris")
    problem = _problem(job)
    rows = sample.sample(problem, size, num_levels=LEVELS, seed=_other_than_zero(seed))

    def measure(series: Floats) -> dict[str, Floats]:
        found = analyze.analyze(
            problem, rows, series, num_levels=LEVELS, seed=_other_than_zero(seed), scaled=False
        )
        return {name: np.asarray(found[name]) for name in ("mu_star", "mu", "sigma", "mu_star_conf")}

    return _measured(job, rows, measure)


def _sobol(job: Job, size: int, seed: int) -> pd.DataFrame:
    analyze, sample = extra("SALib.analyze.sobol"), extra("SALib.sample.sobol")
    problem = _problem(job)
    chance = _other_than_zero(seed)
    rows = sample.sample(problem, size, calc_second_order=False, seed=chance)

    def measure(series: Floats) -> dict[str, Floats]:
        found = analyze.analyze(problem, series, calc_second_order=False, seed=chance)
        words = {
            "ST": "total_order",
            "ST_conf": "total_order_conf",
            "S1": "first_order",
            "S1_conf": "first_order_conf",
        }
        return {word: np.asarray(found[name]) for name, word in words.items()}

    return _measured(job, rows, measure)


_METHODS: dict[str, Callable[[Job, int, int], pd.DataFrame]] = {
    "tornado": tornado,
    "morris": _morris,
    "sobol": _sobol,
}


def _problem(job: Job) -> dict[str, Any]:
    return {
        "num_vars": len(job.drawn.ranges),
        "names": [each.name for each in job.drawn.ranges],
        "bounds": [[each.low, each.high] for each in job.drawn.ranges],
    }


def _other_than_zero(seed: int) -> int:
    """Return a seed for SALib, which takes 0 for none."""
    return int(np.random.SeedSequence(seed).generate_state(1)[0]) or 1


def _measured(job: Job, rows: Floats, measure: Callable[[Floats], dict[str, Floats]]) -> pd.DataFrame:
    """Run settings and measure each series of the last year; the first measure decides the order."""
    parts = []
    for name, series in _series(job, rows):
        if np.ptp(series) == 0:
            continue
        found = measure(series)
        order = np.argsort(-np.nan_to_num(next(iter(found.values()))), kind="stable")
        columns = {key: values[order] for key, values in found.items()}
        names = [job.drawn.ranges[place].name for place in order]
        places = np.arange(1, len(order) + 1)
        parts.append(pd.DataFrame({"variable": name, "parameter": names, "place": places, **columns}))
    if not parts:
        problem = f"no number that is drawn moves {', '.join(job.outputs)}"
        raise InputError([Fault("outputs", "", problem, "Ask for outputs that change with assumptions")])
    return pd.concat(parts, ignore_index=True)


def _series(job: Job, rows: Floats) -> Iterator[tuple[str, Floats]]:
    """Each output, or each element of it, in the last year: one number a run."""
    parts: dict[str, list[Floats]] = {key: [] for key in job.outputs}
    for first in range(0, len(rows), RUNS):
        for key, values in run_settings(job, rows[first : first + RUNS]).items():
            parts[key].append(values[:, -1].copy())
    labels = dims(job, compiled(job, job.areas[0]))
    for key, pieces in parts.items():
        whole = np.concatenate(pieces)
        elements = labels[key][1]
        for place in np.ndindex(*whole.shape[1:]):
            words = ",".join(names[at] for names, at in zip(elements, place, strict=True))
            yield f"{key}[{words}]" if words else key, whole[(slice(None), *place)]

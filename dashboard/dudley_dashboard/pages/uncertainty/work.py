"""Run a plan, and doing nothing in its future, many times, with the same numbers drawn for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import xarray as xr

from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.asked import Asked
from dudley_dashboard.pages.uncertainty.measures import OUTPUTS, measures_of
from dudley_dashboard.pages.uncertainty.swings import swings_of
from dudley_dashboard.plan import Plan
from dudley_dashboard.runs import do_nothing
from dudley_sd.ensembles.description import command
from dudley_sd.ensembles.indicative import reasons
from dudley_sd.ensembles.job import Job, compiled, dims, make_job, run_block
from dudley_sd.ensembles.plan import EnsemblePlan, Request, plan_ensemble
from dudley_sd.inputs.parameters import PARAMETERS
from dudley_sd.inputs.tables import read_table
from dudley_sd.places import inputs_folder
from dudley_sd.results.do_nothing import DOING_NOTHING
from dudley_sd.results.provenance import source_titles
from dudley_sd.scenarios.contracts import AS_NOW
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

AT_A_TIME = 128
"""Members between two reports of progress: about a tenth of a second of work."""

Report = Callable[[str, int, int], None]
"""Told what is being done, and how many runs of how many are done; raises `NotWantedError` to stop it."""

OF_A_TOTAL = (
    "This is a total: each run adds up its areas, with the same draw for all of them. Too many GPs in one "
    "area make up for too few in another."
)
READING = "Reading the numbers and their ranges"
READYING = "Making the model ready: this takes up to a minute the first time an area is run here"


class NotWantedError(Exception):
    """Nobody waits for the answer any more."""


def work_out(asked: Asked, report: Report) -> Answer:
    """Run what is asked for.

    Parameters
    ----------
    asked
        Plan, members and seed.
    report
        Called before each part of the work and after each block of members.

    Raises
    ------
    InputError
        All faults of the plan.
    NotWantedError
        From the report.
    """
    report(READING, 0, 0)
    plan = plan_ensemble(request_of(asked.plan, asked.members, asked.seed))
    nothing = do_nothing(asked.plan)
    differs = nothing != asked.plan
    report(READYING, 0, 0)
    job = make_job(plan, every_lever=True)
    told = about(plan)
    runs = [("the plan", job)]
    if differs:
        other = plan_ensemble(request_of(nothing, asked.members, asked.seed))
        runs.append((DOING_NOTHING, make_job(other, every_lever=True)))
    total = asked.members * len(runs)
    found = [
        measures_of(_run(each, f"Running {name}", place * asked.members, total, report))
        for place, (name, each) in enumerate(runs)
    ]
    report("Changing one number at a time", total, total)
    swings = swings_of(job, runs[1][1] if differs else None)
    return Answer(found[0], found[1] if differs else None, swings, told)


def request_of(plan: Plan, members: int, seed: int) -> Request:
    """Return the ensemble of a plan, as ``dudley-sd ensemble`` would be asked for it."""
    return Request(
        (plan.scenario,),
        plan.portfolio,
        plan.contract,
        (plan.footprint,),
        plan.projection,
        dict(plan.levers),
        OUTPUTS,
        members,
        seed,
    )


def about(plan: EnsemblePlan) -> dict[str, Any]:
    """Say what an ensemble is of, what it draws and what it leaves alone.

    Returns
    -------
    dict
        ``members, seed, sampler, distribution, command``, titles of ``scenario, portfolio, contract,
        footprint``, ``indicative`` (why, or empty), ``stored`` (name of a store, or empty), ``beyond`` (years
        beyond the projection), ``decided``
        (whether a portfolio or a contract is there), ``notes``, ``parameters`` (id, name, low, central, high,
        unit, status, source, locator, note) and ``left_out`` (id, name, reason).
    """
    request, first = plan.request, plan.first
    (place,) = plan.asked
    beyond = {int(year) for each in plan.areas.values() for year in each.folder.area.extrapolated}
    return {
        "members": request.members,
        "seed": request.seed,
        "sampler": request.sampler,
        "distribution": request.distribution,
        "command": command(request),
        "scenario": next(iter(first.scenarios.values())).title,
        "portfolio": first.portfolio.title,
        "contract": first.contract.title,
        "footprint": plan.asked[place].name,
        "indicative": reasons(plan).get(place, ""),
        "notes": [OF_A_TOTAL] if plan.totals else [],
        "beyond": sorted(beyond),
        "stored": "",
        "decided": request.portfolio != NO_PORTFOLIO or request.contract != AS_NOW,
        "parameters": _told(plan),
        "left_out": [asdict(each) for each in plan.ranges.left_out],
    }


def _told(plan: EnsemblePlan) -> list[dict[str, Any]]:
    """Numbers drawn, with how each is known and where it is printed."""
    rows = read_table(inputs_folder() / "parameters.csv", PARAMETERS).set_index("id")
    titles = source_titles()
    told = []
    for each in plan.ranges.drawn:
        row = rows.loc[each.id]
        sources = [titles.get(word.strip(), word.strip()) for word in str(row["source"]).split(";")]
        told.append(
            asdict(each)
            | {
                "status": str(row["status"]),
                "source": "; ".join(sources),
                "locator": str(row["locator"]),
                "note": str(row["note"]),
            }
        )
    return told


def _run(job: Job, words: str, before: int, total: int, report: Report) -> xr.Dataset:
    """Run all members of a job, block by block."""
    small = replace(job, size=min(job.size, AT_A_TIME))
    parts: dict[str, list[np.ndarray]] = {key: [] for key in small.outputs}
    for block in range(small.blocks):
        report(words, before + small.span(block).start, total)
        for key, values in run_block(small, block).outputs.items():
            parts[key].append(values)
    model = compiled(small, small.areas[0])
    arrays = {
        key: (("scenario", "member", "year", *subscripts), np.concatenate(parts[key], axis=1))
        for key, (subscripts, _) in dims(small, model).items()
    }
    coords: dict[str, Any] = {"scenario": list(small.scenarios), "year": model.times.astype(int)}
    for subscripts, labels in dims(small, model).values():
        coords |= dict(zip(subscripts, map(list, labels), strict=True))
    return xr.Dataset(arrays, coords=coords)

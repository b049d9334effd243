"""Ensembles of the page: what an address asks for, and the runs of a plan and of do nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
import xarray as xr
from sdcompile.cache import cache_folder
from sdcompile.digests import PACKAGE as COMPILER
from sdcompile.digests import code_digest

from dudley_dashboard.address import clean_name
from dudley_dashboard.catalogue import catalogue, origin
from dudley_dashboard.jobs import Jobs, Progress, Report
from dudley_dashboard.page import OLD_VALUES, Key, Query
from dudley_dashboard.pages.uncertainty.ensemble import (
    ABOVE,
    BELOW,
    Ensemble,
    indicators_of,
    load_ensemble,
    save_ensemble,
    swings_of,
)
from dudley_dashboard.pages.uncertainty.stored import read_stored, state_of, stores
from dudley_sd.ensembles.default_ensemble import MEMBERS, SEED
from dudley_sd.ensembles.description import command
from dudley_sd.ensembles.job import Job, compiled, dims, make_job
from dudley_sd.ensembles.members import run_block
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, plan_ensemble
from dudley_sd.folders import PACKAGE, inputs_folder
from dudley_sd.indicators import ANSWERED
from dudley_sd.inputs.parameters import parameter_table
from dudley_sd.request import Request
from dudley_sd.results.do_nothing import DOING_NOTHING
from dudley_sd.results.provenance import source_titles
from dudley_sd.runs.model_folder import area_content
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.portfolios import NO_PORTFOLIO

DASHBOARD = Path(__file__).resolve().parents[2]

FORMAT = 5
"""Of the files of ensembles; files of another are not read."""

SIZES = (MEMBERS, 500, 1000, 2000)
INDICATOR = "gp_gap"
"""What is shown when the address says nothing."""

LARGEST_SEED = 999_999_999
LARGEST_THRESHOLD = 1e12
SIDES = (ABOVE, BELOW)
NO_CHOICE = "There is no {what} “{value}” here; the usual is shown."

AT_A_TIME = 128
"""Members between two reports of progress: about a tenth of a second of work."""

OF_A_TOTAL = (
    "This is a total: each run adds up its areas, with the same draw for all of them. Too many GPs in one "
    "area make up for too few in another."
)
READING = "Reading the numbers and their ranges"
READYING = "Making the model ready: this takes up to a minute the first time an area is run here"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NumberKey(Key):
    """Key of a free number, with the largest and what it has to look like."""

    largest: float = LARGEST_THRESHOLD
    pattern: str = ".*"

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read a number; what is none, or too large, gives a note and the default."""
        text = texts[-1].strip() if texts else ""
        if not text:
            return self.default, []
        with suppress(ValueError):
            number = float(text) if re.fullmatch(self.pattern, text, re.ASCII) else math.nan
            if abs(number) <= self.largest:
                return (number if self.default is None else int(number)), []
        return self.default, [self.note.format(value=clean_name(text))]


@dataclass(frozen=True)
class EnsembleQuery(Query):
    """What an address asks of the page.

    Attributes
    ----------
    indicator
        Key of what is shown.
    members, seed
        How many draws, and which.
    threshold, side
        What may be crossed, in the unit that readers see (None: not given), and to which side.
    stored
        Name of a stored ensemble to show instead; empty for one that is run now.
    """

    request: Request = field(default_factory=Request)
    indicator: str = INDICATOR
    members: int = MEMBERS
    seed: int = SEED
    threshold: float | None = None
    side: str = ABOVE
    stored: str = ""

    @classmethod
    def keys(cls, _request: Request) -> tuple[Key, ...]:
        """Return the keys of the page."""
        sizes = f"{NO_CHOICE} Choose {', '.join(map(str, SIZES[:-1]))} or {SIZES[-1]}."
        seeds = f"“{{value}}” is no seed; {SEED} is used. Give a whole number from 0 to {LARGEST_SEED:,}."
        line = "“{value}” is no threshold; give a number. The usual one is shown."
        return (
            Key("indicator", "indicator", ANSWERED, INDICATOR, NO_CHOICE),
            Key("members", "number of runs", SIZES, MEMBERS, sizes),
            NumberKey("seed", "seed", None, SEED, seeds, largest=LARGEST_SEED, pattern="[0-9]{1,9}"),
            NumberKey("threshold", "threshold", None, None, line),
            Key("side", "side of a threshold", SIDES, ABOVE, f"{NO_CHOICE} Choose {ABOVE} or {BELOW}."),
            Key("stored", "stored ensemble", ("", *stores()), "", NO_CHOICE),
        )

    @classmethod
    def read(cls, request: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """Read text from the outside; a line across an old indicator means something else of the new."""
        if (rest.get("indicator") or ("",))[-1] in OLD_VALUES:
            rest = {key: rest[key] for key in rest if key not in ("threshold", "side")}
        return super().read(request, rest)


def look(query: EnsembleQuery, visitor: str) -> Progress:
    """Return how far the runs of a visitor's query are; they are started where nobody has.

    Raises
    ------
    InputError
        If the plan or the store asked for cannot be read.
    """

    def work(report: Report, path: Path) -> None:
        if not query.stored:
            save_ensemble(run_ensembles(query, report), path)
            return
        report(f"Reading the stored ensemble {query.stored}", 0, 0)
        plan = query.request
        save_ensemble(read_stored(query.stored, plan.scenario, plan.footprint, about), path)

    return jobs().look(key_of(query), visitor, work)


def key_of(query: EnsembleQuery) -> str:
    """Return the name of an ensemble's file: a hash of all that decides its numbers."""
    if query.stored:
        what = ["stored", *state_of(query.stored), query.request.scenario, query.request.footprint]
    else:
        areas = [text for part in catalogue().parts(query.request.footprint) for text in area_content(part)]
        what = ["now", query.request.address(), str(query.members), str(query.seed), *areas]
    return hashlib.sha256(json.dumps([*_origin(), *what]).encode()).hexdigest()[:32]


def ensemble_of(query: EnsembleQuery) -> Ensemble:
    """Return an ensemble that is there; the last few are kept in memory.

    Raises
    ------
    FileNotFoundError
        If it has been removed since, or was damaged: then it is removed, to be worked out again.
    """
    path = jobs().file(key_of(query))
    try:
        return _loaded(str(path))
    except (ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.warning("A kept ensemble cannot be read and is removed: %s", error)
        path.unlink(missing_ok=True)
        raise FileNotFoundError(path) from None


@cache
def jobs() -> Jobs:
    """Return the jobs of this process."""
    return Jobs(cache_folder() / "uncertainty")


@lru_cache(maxsize=4)
def _loaded(path: str) -> Ensemble:
    return load_ensemble(Path(path))


@cache
def _origin() -> tuple[str, ...]:
    """Model file, inputs, code and variables, as they were when this process first asked."""
    return str(FORMAT), code_digest(PACKAGE, COMPILER, DASHBOARD), origin(), *ANSWERED.variables


def run_ensembles(query: EnsembleQuery, report: Report) -> Ensemble:
    """Run the plan, and doing nothing in its future, with the same draws.

    Parameters
    ----------
    query
        Plan, members and seed.
    report
        Called before each part of the work and after each block of members.

    Raises
    ------
    InputError
        All faults of the plan.
    CancelledJobError
        From the report.
    """
    report(READING, 0, 0)
    plan = plan_ensemble(request_of(query.request, query.members, query.seed))
    nothing = query.request.do_nothing()
    differs = nothing != query.request
    report(READYING, 0, 0)
    job = make_job(plan, every_lever=True)
    runs = [("the plan", job)]
    if differs:
        other = plan_ensemble(request_of(nothing, query.members, query.seed))
        runs.append((DOING_NOTHING, make_job(other, every_lever=True)))
    total = query.members * len(runs)
    found = [
        indicators_of(_run_members(each, f"Running {name}", place * query.members, total, report))
        for place, (name, each) in enumerate(runs)
    ]
    report("Changing one number at a time", total, total)
    swings = swings_of(job, runs[1][1] if differs else None)
    return Ensemble(found[0], found[1] if differs else None, swings, about(plan, job.references))


def request_of(plan: Request, members: int, seed: int) -> EnsembleRequest:
    """Return the ensemble of a plan, as ``dudley-sd ensemble`` would be asked for it."""
    return EnsembleRequest(
        (plan.scenario,),
        plan.portfolio,
        plan.contract,
        (plan.footprint,),
        plan.projection,
        plan.values,
        ANSWERED.variables,
        members,
        seed,
    )


def about(plan: EnsemblePlan, references: int) -> dict[str, Any]:
    """Say what an ensemble is of, what it draws and what it leaves alone.

    Returns
    -------
    dict
        ``members, seed, sampler, distribution, command``, titles of ``scenario, portfolio, contract,
        footprint``, ``indicative`` (why, or empty), ``stored`` (name of a store, or empty), ``beyond`` (years
        beyond the projection), ``decided``
        (whether a portfolio or a contract is there), ``notes``, ``parameters`` (id, name, low, central, high,
        unit, status, source, locator, note), ``left_out`` (id, name, reason) and how many ``references`` the
        members share.
    """
    request, first = plan.request, plan.first
    (place,) = plan.footprints
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
        "footprint": plan.footprints[place].name,
        "indicative": plan.indicative.get(place, ""),
        "notes": [OF_A_TOTAL] if plan.totals else [],
        "beyond": sorted(beyond),
        "stored": "",
        "decided": request.portfolio != NO_PORTFOLIO or request.contract != AS_NOW,
        "parameters": _parameters(plan),
        "left_out": [asdict(each) for each in plan.ranges.left_out],
        "references": references,
    }


def _parameters(plan: EnsemblePlan) -> list[dict[str, Any]]:
    """Numbers drawn, with how each is known and where it is printed."""
    rows = parameter_table(inputs_folder()).set_index("id")
    titles = source_titles()
    found = []
    for each in plan.ranges.drawn:
        row = rows.loc[each.id]
        sources = [titles.get(word.strip(), word.strip()) for word in str(row["source"]).split(";")]
        found.append(
            asdict(each)
            | {
                "status": str(row["status"]),
                "source": "; ".join(sources),
                "locator": str(row["locator"]),
                "note": str(row["note"]),
            }
        )
    return found


def _run_members(job: Job, words: str, before: int, total: int, report: Report) -> xr.Dataset:
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

"""Default ensemble: what most runs of a request say, in memory and in a fraction of a second.

Every page and file shows the median and 8 in 10 runs of this one ensemble: `MEMBERS` members, seed `SEED`,
one Latin hypercube of triangular draws, which is what ``dudley-sd ensemble --members 200 --seed 0`` stores.
It is not the first 200 members of a larger one: a Latin hypercube of 1,000 gives its members other draws. So
whatever shows an ensemble of another size says its size. Members of a request and of doing nothing have the
same draws: their difference is no noise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from dudley_sd.ensembles.job import Job, compiled, make_job
from dudley_sd.ensembles.members import run_members
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest
from dudley_sd.ensembles.ranges import Ranges, find_ranges
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import Footprint, Total
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.results.band import bands_of
from dudley_sd.results.derived import banded_variables
from dudley_sd.results.invariants import BrokenInvariantError
from dudley_sd.runs.run import Run
from dudley_sd.settings.futures import read_uncertainties

MEMBERS, SEED = 200, 0


@dataclass(frozen=True)
class Bands:
    """Bands of a request, by footprint.

    Attributes
    ----------
    run
        Of the request and of its difference from do nothing, see `dudley_sd.results.band.bands_of`.
    do_nothing
        Of do nothing; that of the request itself where this is do nothing.
    """

    run: dict[str, xr.Dataset]
    do_nothing: dict[str, xr.Dataset]


def default_bands(
    footprints: Mapping[str, Footprint | Total],
    plans: Mapping[str, Run],
    do_nothing: Mapping[str, Run] | None,
    engine: str = "auto",
) -> Bands:
    """Run the default ensemble of a request, and of do nothing with the same draws, and sum it up.

    Parameters
    ----------
    footprints
        Footprints to tell of, by key: areas, and totals, which are added up member by member.
    plans
        Of the request, by area that is run, as `dudley_sd.runs.areas.make_runs` returns them.
    do_nothing
        Of the same scenarios with nothing decided; None where the request is that itself.
    engine
        ``auto``, ``c`` or ``numpy``.

    Raises
    ------
    InputError
        If a number of a member is not finite, naming the variable.
    BrokenInvariantError
        If the result of a member cannot be true.
    """
    runs = default_members(footprints, plans, engine)
    others = None if do_nothing is None else default_members(footprints, do_nothing, engine)
    about = json.dumps({"members": MEMBERS, "seed": SEED, "sampler": "lhs", "distribution": "triangular"})
    found = {
        name: bands_of(run, None if others is None else others[name], about) for name, run in runs.items()
    }
    return Bands(
        {name: each[0] for name, each in found.items()}, {name: each[1] for name, each in found.items()}
    )


def default_members(
    footprints: Mapping[str, Footprint | Total], plans: Mapping[str, Run], engine: str = "auto"
) -> dict[str, xr.Dataset]:
    """Run the default ensemble of one request.

    Returns
    -------
    dict
        By footprint, dims (scenario, member, year, ...), the variables that indicators are worked out from;
        the first member has the central values.
    """
    first = next(iter(plans.values()))
    try:
        found = run_members(_job(footprints, plans, engine))
    except BrokenInvariantError as error:
        problem = f"In the band of {first.title}, runs with numbers drawn from their ranges: {error}"
        raise BrokenInvariantError(f"{problem}\n  A run without the band does not need them.") from error
    described = first.model.variables
    for run in found.values():
        for name in run.data_vars:
            known = described[str(name)]
            run[name].attrs = {"units": known.units, "long_name": known.sentence}
    return found


def compile_members(
    footprints: Mapping[str, Footprint | Total], plans: Mapping[str, Run], engine: str = "auto"
) -> None:
    """Compile what any default ensemble of these areas is run with, whatever its plan."""
    job = _job(footprints, plans, engine)
    for area in job.areas:
        compiled(job, area)


def _job(footprints: Mapping[str, Footprint | Total], plans: Mapping[str, Run], engine: str) -> Job:
    request = EnsembleRequest(outputs=banded_variables(), members=MEMBERS, seed=SEED, engine=engine)
    ranges = _ranges(next(iter(plans.values())))
    return make_job(
        EnsemblePlan(request, dict(footprints), dict(plans), ranges, banded_variables()), every_lever=True
    )


def _ranges(plan: Run) -> Ranges:
    inputs = inputs_folder()
    table = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    return find_ranges(
        table.table, plan.model, read_uncertainties(inputs), plan.request.values, decided=plan.decided
    )

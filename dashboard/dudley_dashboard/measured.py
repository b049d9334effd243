"""The numbers that plans are compared by: all years of a plan in a few milliseconds, kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import xarray as xr
from sdcompile.run.model_run import run_ready

from dudley_dashboard.areas import AREAS, Place
from dudley_dashboard.catalogue import catalogue
from dudley_sd.api import command_line
from dudley_sd.inputs.footprints import Total
from dudley_sd.request import Request
from dudley_sd.results.assemble import assemble
from dudley_sd.results.invariants import GATE, check_invariants
from dudley_sd.results.measures import MEASURES, measured
from dudley_sd.results.totals import total_of_parts
from dudley_sd.runs.plan import make_plan

KEPT = 512
"""Answers kept in memory; one takes about 10 kB."""

MADE_OF = (
    "unmet_same_day",
    "same_day_demand",
    "community_contacts_given_to_shift",
    "community_contacts_needed",
    "staff_in_post",
    "all_posts",
    "value_in_hospital",
    "value_delivered",
)
"""What the shares among the measures are made of: a total works them out again from the sums."""

OUTPUTS = tuple(dict.fromkeys([*(measure.variable for measure in MEASURES), *MADE_OF, *GATE]))
"""What is run for: the measures, what they are made of, and what the invariants look at."""

TOLD = ("footprint", "footprint_name", "indicative", "parts", "portfolio_title", "contract_title")


def measures_of(plan: Request, scenarios: Sequence[str] = ()) -> xr.Dataset:
    """Run a plan in its own scenario, or in those given, and keep the measures.

    Returns
    -------
    xr.Dataset
        One variable for each of `dudley_sd.results.measures.MEASURES` by its key, dims (scenario, year), in
        the unit of the model. ``extrapolated`` (year) and ``scenario_title`` (scenario) are coordinates;
        ``footprint_name``, ``portfolio_title``, ``contract_title`` and, where they are so, ``indicative``
        and ``parts`` are attributes. The numbers are those of `dudley_sd.run`.

    Raises
    ------
    InputError
        As `dudley_sd.run`.
    BrokenInvariantError
        If a measure, or what it is made of, cannot be true.
    """
    common = catalogue().common_projection([plan.footprint], plan.projection)
    return _measures(replace(plan, scenarios=tuple(scenarios) or plan.scenarios, projection=common))


@lru_cache(maxsize=KEPT)
def _measures(request: Request) -> xr.Dataset:
    area = catalogue().footprints[request.footprint]
    if isinstance(area, Total):
        runs = [_run(replace(request, footprints=(part,))) for part in area.parts]
        results = total_of_parts(area, runs, "")
        check_invariants(results)
    else:
        results = _run(request)
    kept = xr.Dataset(
        {
            measure.key: measured(results, measure).assign_attrs(results[measure.variable].attrs)
            for measure in MEASURES
        },
        attrs={key: results.attrs[key] for key in TOLD if key in results.attrs},
    )
    return kept.reset_coords(drop=True).assign_coords(
        extrapolated=results["extrapolated"], scenario_title=results["scenario_title"]
    )


@lru_cache(maxsize=KEPT // 4)
def _run(request: Request) -> xr.Dataset:
    prepared = AREAS.get(Place(request.footprint, request.projection))
    plan = make_plan(
        request.scenarios,
        request.portfolio,
        request.footprint,
        request.values,
        contract=request.contract,
        projection=request.projection,
        folder=prepared.folder,
    )
    runs = {name: run_ready(prepared.ready, plan.settings[name], OUTPUTS) for name in plan.scenarios}
    results = assemble(plan, runs, command_line(plan))
    check_invariants(results)
    return results

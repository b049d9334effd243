"""The numbers that plans are compared by: all years of a plan in a few milliseconds, kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import xarray as xr

from dudley_dashboard.areas import AREAS, Place
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import areas_of
from dudley_sd import evaluate
from dudley_sd.request import Request
from dudley_sd.results.indicators import VARIABLES
from dudley_sd.results.measures import MEASURES, measured

KEPT = 512
"""Answers kept in memory; one takes about 10 kB."""

OUTPUTS = tuple(dict.fromkeys([*(measure.variable for measure in MEASURES), *VARIABLES]))
"""What is run for: the measures, and what they are worked out from."""

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
    for part in catalogue().parts(request.footprint):
        AREAS.get(Place(part.id, request.projection))
    areas = areas_of(request.footprints, request.projection)
    results = evaluate.run(request, OUTPUTS, areas=areas)[request.footprint]
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

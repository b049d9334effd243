"""Which numbers does each picture and each table under it show?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

HOSPITAL = {
    "A&E attendances": ("AandE",),
    "Emergency admissions": ("EmergencyAdmission",),
    "Emergency bed days": ("EmergencyBedDay",),
    "Outpatient appointments": ("OutpatientFirst", "OutpatientFollowUp"),
}
"""Services in the pictures, each with the elements that make it up, which are added."""

VARIABLES = (
    "total_population",
    "people_by_age",
    "people_65_and_over",
    "people_75_and_over",
    "people_of_working_age",
    "activity_before_shift",
    "activity_after_shift",
    "landed_shift",
    "unlanded_shift",
    "landed_share",
    "community_contacts_needed",
    "a_and_e_attendances",
    "gp_wte",
    "gp_wte_needed",
    "gp_gap",
    "gp_gap_share",
)
"""Variables that pictures and headlines are drawn from."""


def require(results: xr.Dataset, names: Sequence[str] = VARIABLES, where: str = "results") -> None:
    """Refuse a result, or of do nothing, that lacks variables that are about to be shown.

    Raises
    ------
    InputError
        Naming all that are missing.
    """
    missing = [name for name in names if name not in results.data_vars]
    if missing:
        remedy = "Run again without choosing outputs, or choose these too"
        raise InputError([Fault(where, name, "is not in the result", remedy) for name in missing])


def population_by_age(results: xr.Dataset) -> xr.DataArray:
    """People in the first and the last year.

    Returns
    -------
    xr.DataArray
        Persons, dims (scenario, year: two, age), with the labels of the bands in ``age_band``.
    """
    require(results, ["people_by_age"])
    return results["people_by_age"].isel(year=[0, -1])


def ages_differ(population: xr.DataArray, beyond: float = 0.01) -> bool:
    """Whether any band of the last year differs between scenarios by more than a share of itself."""
    last = population.isel(year=-1)
    spread = (last.max("scenario") - last.min("scenario")) / last.mean("scenario")
    return bool((spread > beyond).any())


def demand(results: xr.Dataset) -> xr.DataArray:
    """Hospital activity of the services of `HOSPITAL`.

    Returns
    -------
    xr.DataArray
        Activity a year, dims (scenario, (member,) year, service). People whom practices turn away and who
        go to A&E are among its attendances.
    """
    require(results, ["activity_after_shift", "a_and_e_attendances"])
    activity = by_service(results["activity_after_shift"]) + _diverted(results)
    return activity.transpose("scenario", ..., "year", "service").rename("demand")


def difference_in_demand(results: xr.Dataset, do_nothing: xr.Dataset) -> xr.Dataset:
    """Hospital activity that do nothing has and the run has not, by the way in which it went.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`.

    Returns
    -------
    xr.Dataset
        ``moved``: shift that landed in the community; ``not_turned_away``: people who would have gone to A&E
        because their practice was full; ``not_needed``: care not wanted, as people are in better or worse
        health. Activity a year, dims (scenario, year, service); minus is more than in do nothing. They add
        up to the whole difference.
    """
    names = ["activity_before_shift", "landed_shift", "activity_after_shift", "a_and_e_attendances"]
    for run in (results, do_nothing):
        require(run, names)
    parts = {
        "moved": by_service(results["landed_shift"]) - by_service(do_nothing["landed_shift"]),
        "not_turned_away": _diverted(do_nothing) - _diverted(results),
        "not_needed": by_service(do_nothing["activity_before_shift"])
        - by_service(results["activity_before_shift"]),
    }
    dims = ("scenario", ..., "year", "service")
    return xr.Dataset({name: part.transpose(*dims) for name, part in parts.items()})


def _diverted(results: xr.Dataset) -> xr.DataArray:
    """People who go to A&E as their practice turns them away; none for other services."""
    at_door = results["activity_after_shift"].sel(service="AandE", drop=True)
    diverted = (results["a_and_e_attendances"] - at_door).expand_dims(service=["A&E attendances"])
    return diverted.reindex(service=list(HOSPITAL), fill_value=0)


def shift(results: xr.Dataset) -> xr.Dataset:
    """Planned shift that landed and that did not.

    Returns
    -------
    xr.Dataset
        ``landed`` and ``unlanded``, activity a year, and ``moved_share``, the landed shift as a part of what
        the hospital would do without it, dims (scenario, year, service).
    """
    require(results, ["landed_shift", "unlanded_shift"])
    landed = by_service(results["landed_shift"])
    return xr.Dataset(
        {
            "landed": landed,
            "moved_share": landed / (demand(results) + landed),
            "unlanded": by_service(results["unlanded_shift"]),
        }
    )


def any_planned(results: xr.Dataset) -> bool:
    """Whether any scenario plans a shift at all; do nothing and the projection alone do not."""
    require(results, ["community_contacts_needed"])
    return bool((results["community_contacts_needed"] > 0).any())


def gp_workforce(results: xr.Dataset) -> xr.Dataset:
    """``needed``, ``in_post`` and ``gap`` in WTE and ``gap_share``, dims (scenario, year)."""
    names = {"gp_wte_needed": "needed", "gp_wte": "in_post", "gp_gap": "gap", "gp_gap_share": "gap_share"}
    require(results, list(names))
    return results[list(names)].rename(names)


def by_service(array: xr.DataArray) -> xr.DataArray:
    """Activity of the services of `HOSPITAL`, the elements of each added up; dims end in service."""
    elements = [str(element) for element in array["service"].to_numpy()]
    values = array.transpose(..., "service").to_numpy()
    parts = [values[..., [elements.index(each) for each in made]].sum(axis=-1) for made in HOSPITAL.values()]
    rest = array.isel(service=0, drop=True)
    coords = {**rest.coords, "service": list(HOSPITAL)}
    return xr.DataArray(np.stack(parts, axis=-1), coords, (*rest.dims, "service"))


def growth(array: xr.DataArray) -> xr.DataArray:
    """Change from the first to the last year as a share of the first."""
    return array.isel(year=-1, drop=True) / array.isel(year=0, drop=True) - 1

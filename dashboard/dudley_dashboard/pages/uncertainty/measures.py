"""What can be asked about, and how is it read from many runs?"""

from __future__ import annotations

import xarray as xr

from dudley_sd.results.measures import MEASURES, PLANNED, Measure, measured

MORE = (
    Measure(
        "occupancy",
        "Hospital beds occupied",
        "occupancy",
        unit="%",
        size=False,
        better="low",
        decimals=1,
        scale=0.01,
    ),
    Measure(
        "elective_waiting_list",
        "People waiting for planned care",
        "elective_waiting_list",
        unit="people",
        better="low",
        decimals=-2,
    ),
    Measure(
        "commissioner_margin",
        "Commissioner's balance in the year",
        "margin",
        ("body", "Commissioner"),
        unit="£m",
        better="high",
        scale=1e6,
    ),
)
"""What ensembles answer beside the measures that plans are compared by."""

BY_KEY = {measure.key: measure for measure in (*MEASURES, *MORE)}
OUTPUTS = tuple(dict.fromkeys([*(measure.variable for measure in BY_KEY.values()), PLANNED]))
"""Variables of the model that the measures are read from."""


def measures_of(runs: xr.Dataset) -> xr.Dataset:
    """Read every measure that many runs hold.

    Parameters
    ----------
    runs
        Dims (scenario, member, year, ...).

    Returns
    -------
    xr.Dataset
        One variable for each measure by its key, dims (member, year), in the unit of the model; of the first
        scenario. Measures whose variables are not in the runs are left out; one that says nothing before a
        shift is planned is not a number (NaN) in such years.
    """
    found = {}
    for key, measure in BY_KEY.items():
        needed = {measure.variable, PLANNED} if measure.needs_shift else {measure.variable}
        if needed <= set(runs.data_vars):
            array = measured(runs, measure).isel(scenario=0, drop=True).transpose("member", "year")
            found[key] = array.astype(float)
    return xr.Dataset(found).reset_coords(drop=True)


def unit_of(measure: Measure) -> str:
    """Return the unit for an axis or a box: ``per cent``, ``£ million``, ``WTE``."""
    return {"£m": "£ million", "%": "per cent"}.get(measure.unit, measure.unit)

"""Whether the people of a table can be the same people a year and five years later; if not, which figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile.errors import Fault

from dudley_sd.inputs.ages import AGE_BANDS, BAND_WIDTH

Array = npt.NDArray[np.float64]

REACHED = (
    *((0.86, 1.19), (0.89, 1.14), (0.88, 1.67), (0.49, 2.34), (0.53, 1.99), (0.80, 1.21), (0.70, 1.24)),
    *((0.77, 1.17), (0.80, 1.11), (0.77, 1.11), (0.85, 1.15), (0.87, 1.14), (0.82, 1.09), (0.60, 1.05)),
    *((0.80, 1.05), (0.74, 0.90), (0.57, 0.77)),
)
"""People of 5 to 9, 10 to 14 and so on to 85 to 89, for each one of the band below five years before: least
and most of all 195 CCGs in the ONS 2018-based table. Students come, people retire to the coast and die."""

GROWTH = (0.91, 1.15)
"""People of a band for each one a year before: least and most of the same table."""

ROOM, ROOM_OF_THE_OLD, ROOM_OF_A_YEAR = 1.5, 1.1, 1.2
"""How far beyond the furthest CCG an area may lie; the old hardly move, so that deaths tell."""

OLD = AGE_BANDS.index("70-74")


def jump_faults(population: xr.DataArray, name: str) -> list[Fault]:
    """Return a fault for figures that cannot follow those of the year before; else none.

    It names the first such figure of the age that is furthest out, and says how many there are.

    Parameters
    ----------
    population
        Persons at mid-year, dims (year, age), years without a gap, all above zero.
    name
        The file that they came from.
    """
    people: Array = population.to_numpy()
    years = population["year"].to_numpy()

    def described(row: int, band: int) -> tuple[str, str]:
        where = f"{_area(population)}age {AGE_BANDS[band]}, mid-{years[row + 1]}"
        before = f"{people[row, band]:,.0f} in mid-{years[row]}"
        return where, f"{people[row + 1, band]:,.0f} people after {before}"

    limits = np.array([[GROWTH[0] / ROOM_OF_A_YEAR, GROWTH[1] * ROOM_OF_A_YEAR]])
    return _fault(name, people[1:] / people[:-1], limits, described)


def cohort_faults(population: xr.DataArray, name: str) -> list[Fault]:
    """Return a fault for people who cannot be those of the band below five years before, as `jump_faults`."""
    people: Array = population.to_numpy()
    years = population["year"].to_numpy()
    room = np.where(np.arange(1, len(AGE_BANDS) - 1) < OLD, ROOM, ROOM_OF_THE_OLD)
    least, most = np.array(REACHED).T

    def described(row: int, band: int) -> tuple[str, str]:
        where = f"{_area(population)}age {AGE_BANDS[band + 1]}, mid-{years[row + BAND_WIDTH]}"
        before = f"{people[row, band]:,.0f} of {AGE_BANDS[band]} in mid-{years[row]}"
        return where, f"{people[row + BAND_WIDTH, band + 1]:,.0f} people, who were {before}"

    reached = people[BAND_WIDTH:, 1:-1] / people[:-BAND_WIDTH, :-2]
    return _fault(name, reached, np.stack([least / room, most * room], axis=1), described)


def _area(population: xr.DataArray) -> str:
    area = str(population.attrs.get("area", ""))
    return f"{area}, " if area else ""


def _fault(
    name: str, ratio: Array, limits: Array, described: Callable[[int, int], tuple[str, str]]
) -> list[Fault]:
    """One fault where ratios lie outside their limits, shape (band or 1, 2); else none."""
    beyond = np.maximum(np.log(limits[:, 0] / ratio), np.log(ratio / limits[:, 1]))
    count = int((beyond > 0).sum())
    if not count:
        return []
    band = int(beyond.max(axis=0).argmax())
    row = int((beyond[:, band] > 0).argmax())
    low, high = limits[band if len(limits) > 1 else 0]
    where, problem = described(row, band)
    more = f"; {count - 1} more figures are like this" if count > 1 else ""
    possible = f"{ratio[row, band]:.2f} for each, possible are {low:.2f} to {high:.2f}"
    return [Fault(name, where, f"{problem}: {possible}{more}", REMEDY)]


REMEDY = (
    "Compare this figure and the one before with the table of ONS: a row, column or decimal point has moved, "
    "or the figures are an example. Give the file as ONS publishes it"
)

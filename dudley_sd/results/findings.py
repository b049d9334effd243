"""What does each picture say, in one sentence made from its numbers?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.results.headlines import Form, percent, signed_percent, whole
from dudley_sd.results.panels import any_planned, demand, gp_workforce, growth, require, shift


def population_finding(results: xr.Dataset) -> str:
    """How the oldest and those of working age change, in all scenarios of the result."""
    require(results, ["people_75_and_over", "people_of_working_age"])
    first, last = _ends(results)
    old = _move(growth(results["people_75_and_over"]).to_numpy())
    work = _move(growth(results["people_of_working_age"]).to_numpy())
    return f"People aged 75 and over {old} from {first} to {last}; people of working age {work}"


def demand_finding(results: xr.Dataset) -> str:
    """How doors and beds of the hospital fill up with the shift, and how much it takes off."""
    activity = demand(results)
    first, last = _ends(results)
    changes = growth(activity["with_shift"])
    door, bed = (changes.sel(service=name).to_numpy() for name in ("A&E attendances", "Emergency admissions"))
    grown = f"A&E attendances {_move(door)} and emergency admissions {_move(bed)} from {first} to {last}"
    if not any_planned(results):
        return f"With no shift planned, {grown}"
    taken = 1 - (activity["with_shift"] / activity["without_shift"]).isel(year=-1)
    even = "Even with the shift" if min(door.min(), bed.min()) > 0 else "With the shift"
    return f"{even}, {grown}; moving care takes at most {percent(float(taken.max()))} off a hospital service"


def unlanded_finding(results: xr.Dataset) -> str:
    """How much of the planned shift goes back to hospital in the last year, and where."""
    if not any_planned(results):
        return "No shift is planned in this result, so none can fail to land"
    share = shift(results)["share"].isel(year=-1).dropna("scenario")
    _, last = _ends(results)
    low, high = _extremes(share)
    tail = "goes back to hospital for want of community staff"
    if low == high:
        return f"{percent(_at(share, low))} of the shift planned for {last} {tail}"
    return (
        f"Of the shift planned for {last}, {percent(_at(share, low))} ({_title(share, low)}) to "
        f"{percent(_at(share, high))} ({_title(share, high)}) {tail}"
    )


def gp_finding(results: xr.Dataset) -> str:
    """How many GPs are missing in the last year, where it is worst and where it is best."""
    workforce = gp_workforce(results)
    missing = workforce["gap"].isel(year=-1)
    share = workforce["gap_share"].isel(year=-1)
    _, last = _ends(results)
    best, worst = _extremes(missing)
    opening = f"By {last} {results.attrs['footprint_name']}"
    if best == worst:
        return f"{opening} {_gap(_at(missing, worst), _at(share, worst))}"
    return (
        f"{opening} {_gap(_at(missing, worst), _at(share, worst))} in {_title(missing, worst)}; "
        f"in {_title(missing, best)} it {_gap(_at(missing, best), _at(share, best))}"
    )


def _gap(missing: float, share: float) -> str:
    if round(missing) == 0:
        return "has as many GPs as it needs"
    if missing < 0:
        return f"has {_heads(-missing)} more than it needs"
    return f"is {_heads(missing)} short ({percent(share)} of those needed)"


def _heads(number: float) -> str:
    return f"{whole(number)} {'GP' if round(number) == 1 else 'GPs'} (WTE)"


def _move(changes: np.ndarray) -> str:
    """Say the changes of all scenarios as a verb: ``grow by 12% to 52%``, ``hardly change``."""
    low, high = float(changes.min()), float(changes.max())
    if round(100 * low) == 0 == round(100 * high):
        return "hardly change"
    if round(100 * low) >= 0:
        return f"grow by {_range(low, high, percent)}"
    if round(100 * high) <= 0:
        return f"shrink by {_range(-high, -low, percent)}"
    return f"change by {_range(low, high, signed_percent)}"


def _range(low: float, high: float, form: Form) -> str:
    return form(low) if form(low) == form(high) else f"{form(low)} to {form(high)}"


def _ends(results: xr.Dataset) -> tuple[int, int]:
    years = results["year"].to_numpy()
    return int(years[0]), int(years[-1])


def _extremes(values: xr.DataArray) -> tuple[str, str]:
    """Scenarios with the lowest and the highest value; the same one when all round alike."""
    names = values["scenario"].to_numpy()
    numbers = values.to_numpy()
    return str(names[numbers.argmin()]), str(names[numbers.argmax()])


def _at(values: xr.DataArray, scenario: str) -> float:
    return float(values.sel(scenario=scenario))


def _title(values: xr.DataArray, scenario: str) -> str:
    return str(values["scenario_title"].sel(scenario=scenario).item())

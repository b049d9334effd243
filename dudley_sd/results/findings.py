"""Findings: what each picture says, in one sentence made from its numbers."""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.inputs.years import REVIEW_POINTS
from dudley_sd.results.band import (
    HIGH,
    LOW,
    SINGLE_RUN,
    band_of,
    has_band,
    headline_against,
    headline_difference,
    headline_value,
    members_of,
)
from dudley_sd.results.derived import (
    BALANCE,
    BEFORE_SHIFT,
    GIVEN,
    HOSPITAL,
    MISSING,
    NEED,
    any_planned,
    break_even_text,
    difference_in_demand,
    futures_years,
    growth,
    has_balance,
    require,
)
from dudley_sd.results.do_nothing import DO_NOTHING, decided, fitting, run_name
from dudley_sd.results.headlines import brief_gap, gap
from dudley_sd.text import (
    Form,
    decimal,
    eight_in_ten_runs,
    hundreds,
    low_to_high,
    percent,
    signed_hundreds,
    signed_millions,
    signed_percent,
    whole,
)

WAYS = {
    "moved": "care moved to the community",
    "not_turned_away": "fewer turned away by practices",
    "not_needed": "better health and care",
}
"""By what a portfolio or a contract takes activity off a hospital service."""


def population_finding(results: xr.Dataset) -> str:
    """How the oldest and those of working age change, in all scenarios of the result."""
    require(results, ["people_75_and_over", "people_of_working_age"])
    first, last = futures_years(results)
    old, work = (
        _move(headline_value(results, f"{name}_since_2018").isel(year=-1).to_numpy())
        for name in ("people_75_and_over", "people_of_working_age")
    )
    says = f"People aged 75 and over {old} from {first} to {last}; people of working age {work}"
    return f"{says}{medians(results)}"


def demand_finding(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> str:
    """How doors and beds of the hospital fill up, in the run and in do nothing if it is given."""
    first, last = futures_years(results)
    door, bed = _door_and_bed(results)
    other = fitting(results, do_nothing)
    if other is None:
        name = run_name(results)
        where = "If nothing is done" if name == DO_NOTHING else name[0].upper() + name[1:]
        return (
            f"{where}, A&E attendances {_move(door)} and emergency admissions {_move(bed)} "
            f"from {first} to {last}{medians(results)}"
        )
    door_there, bed_there = _door_and_bed(other)
    return (
        f"A&E attendances {_move(door)} from {first} to {last} {run_name(results)}, "
        f"{_move_again(door, door_there)} if nothing is done; "
        f"emergency admissions {_move(bed)}, {_move_again(bed, bed_there)} if nothing is done"
        f"{medians(results)}"
    )


def difference_finding(results: xr.Dataset, do_nothing: xr.Dataset | None, service: str) -> str:
    """How far the last year of a service is from do nothing and by which ways; empty without that run.

    A share of each way is told only where all ways take something off in all scenarios.
    """
    other = fitting(results, do_nothing)
    if other is None:
        return ""
    _, last = futures_years(results)
    opening = f"{service} in {last}"
    if has_band(results):
        apart = headline_difference(results, other, "hospital_activity").sel(service=service).isel(year=-1)
        opening += f": {_spread(apart.to_numpy(), signed_hundreds)} against doing nothing{medians(results)}"
        opening += f". In the {SINGLE_RUN}"
    parts = difference_in_demand(results, other).sel(service=service).isel(year=-1)
    ways = {name: parts[name].to_numpy() for name in WAYS if np.abs(parts[name]).max() >= 0.5}
    fewer = sum(ways.values(), np.zeros(results.sizes["scenario"]))
    if not ways:
        return f"{opening}: as many as if nothing is done"
    if min(way.min() for way in ways.values()) < 0 or fewer.min() < 1:
        return f"{opening}: {_spread(-fewer, signed_hundreds)} against doing nothing"
    shares = [f"{_spread(way / fewer, percent)} {WAYS[name]}" for name, way in ways.items()]
    return (
        f"{opening}: {_spread(fewer, hundreds)} fewer than if nothing is done; of these {', '.join(shares)}"
    )


def ageing_finding(results: xr.Dataset, service: str) -> str:
    """Say what people, their age and need alone add by the last year, and what is added in all.

    Parameters
    ----------
    results
        From `assemble`.
    service
        One of `dudley_sd.results.derived.HOSPITAL`.

    Returns
    -------
    str
        A sentence without its full stop; empty where the result lacks the variables.
    """
    row = next(each for each in HOSPITAL.values() if each.title == service)
    before = f"{row.key}{BEFORE_SHIFT}"
    if not {NEED, before} <= set(results.data_vars):
        return ""
    people_alone = growth(results[NEED].sel(needed_service=row.need))
    in_all = growth(results[before])
    first, last = futures_years(results)
    return (
        f"From {first} to {last}, more people, their age and state alone would add "
        f"{_spread(people_alone.to_numpy(), signed_percent)}; with growth of use per person and what unmet "
        f"care adds, {_spread(in_all.to_numpy(), signed_percent)} if no care moved"
    )


def landed_finding(results: xr.Dataset) -> str:
    """How much of the planned shift landed in the last year, and where."""
    if not any_planned(results):
        return "No shift is planned in this result"
    share = headline_value(results, "landed_share").isel(year=-1).dropna("scenario")
    _, last = futures_years(results)
    low, high = _extremes(share)
    tail = "" if _at(share, low) > 0.995 else "; the rest stays in hospital: too few community staff"
    if low == high:
        ends = ends_of(results, "landed_share", low, percent)
        return f"{percent(_at(share, low))} of the shift planned for {last} landed{ends}{tail}"
    return (
        f"Of the shift planned for {last}, {percent(_at(share, low))} ({_title(share, low)}) to "
        f"{percent(_at(share, high))} ({_title(share, high)}) landed{medians(results)}{tail}"
    )


def moved_finding(results: xr.Dataset) -> str:
    """How much of the hospital's work has moved by the last year."""
    if not any_planned(results):
        return "No care is moved in this result"
    moved = headline_value(results, "moved_share").isel(year=-1)
    _, last = futures_years(results)
    most = moved.max("scenario")
    service = str(most["service"].to_numpy()[int(most.to_numpy().argmax())])
    scenario = _extremes(moved.sel(service=service))[1]
    where = f" ({_lower(service)} in {_title(moved, scenario)})" if float(most.max()) >= 0.005 else ""
    return (
        f"Care moved by {last} is at most {percent(float(most.max()))}{where} of what a hospital "
        f"service would do without it{medians(results)}"
    )


def gp_finding(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> str:
    """GP gap in the last year, where it is worst and best, and there if nothing is done."""
    other = fitting(results, do_nothing)
    says, told = _gp_text(results)
    if other is None:
        return says
    missing = headline_value(other, "gp_gap").isel(year=-1)
    return f"{says}; {DO_NOTHING}: {' and '.join(gap(_at(missing, name)) for name in told)}"


def money_finding(results: xr.Dataset, do_nothing: xr.Dataset | None) -> str:
    """How much the system gains on doing nothing by the last year, and in which scenarios it breaks even.

    Empty without that run, or where the model does not count money.
    """
    other = fitting(results, do_nothing)
    if other is None or not has_balance(results, other):
        return ""
    gain = headline_difference(results, other, BALANCE).isel(year=-1)
    years = headline_against(results, other, "break_even_year")
    first, last = futures_years(results)
    low, high = _extremes(gain)
    best, worst = (signed_millions(_at(gain, name)) for name in (high, low))
    spread = best if low == high else f"{worst} ({_title(gain, low)}) to {best} ({_title(gain, high)})"
    who = decided(results)
    change = "change" if " and " in who else "changes"
    says = f"Added up to {last}, {who} {change} the system's balance by {spread}"
    return f"{says}; break-even: {_break_evens(years, first, last)}{medians(results)}"


def funding_finding(results: xr.Dataset, do_nothing: xr.Dataset | None) -> str:
    """Say what doing nothing assumes about money in the first scenario; empty where that is not known.

    It is said of the single run of do nothing where there is one: what is given and asked a year more, what
    the hospital lacks before support, and the council of what it is asked for.
    """
    other = fitting(results, do_nothing)
    run = results if other is None else other
    if not {*GIVEN, *MISSING, "hospital_margin_share"} <= set(run.data_vars):
        return ""
    run = run.isel(scenario=0)
    first, last = futures_years(run)
    given = run[list(GIVEN)].to_dataarray().sum("variable")
    asked = given + run["system_money_missing"]
    more, wanted = (
        float(each.sel(year=last) / each.sel(year=first)) ** (1 / (last - first)) - 1
        for each in (given, asked)
    )
    behind = [-float(run["hospital_margin_share"].sel(year=year)) for year in REVIEW_POINTS]
    council = float(run["council_shortfall"].sel(year=last))
    return (
        f"{run['scenario_title'].item()} gives care {_tenth(more)} a year more money from {first} to {last} "
        f"while {_tenth(wanted)} more is asked; the hospital {_behind(min(behind), max(behind))}, the "
        f"council is {percent(council)} short of what it is asked for, and nobody is assumed to fill either"
    )


def detail_finding(results: xr.Dataset) -> str:
    """How much more often people of the most deprived fifth come to A&E, in the first scenario."""
    rate = results["a_and_e_attendances_per_1000_by_fifth"].isel(scenario=0, year=-1).to_numpy()
    _, last = futures_years(results)
    return (
        f"In {last} people of the most deprived fifth come to A&E {decimal(rate[0] / rate[-1], 1)} times as "
        "often as those of the least deprived"
    )


def _behind(low: float, high: float) -> str:
    if high < 0.005:
        return "breaks even"
    return f"runs {low_to_high(max(low, 0.0), high, percent)} behind its income"


def _tenth(share: float) -> str:
    return percent(share, 1)


def medians(results: xr.Dataset) -> str:
    """Say that numbers before this are medians; empty for a single run."""
    return f" (medians of {members_of(results)} runs)" if has_band(results) else ""


def ends_of(results: xr.Dataset, key: str, scenario: str, form: Form) -> str:
    """Say where 8 in 10 runs lie in the last year of a scenario; empty for a single run."""
    band = band_of(results, key)
    if band is None:
        return ""
    low, high = (float(band.isel(year=-1).sel(scenario=scenario, statistic=end)) for end in (LOW, HIGH))
    return f" (median; {eight_in_ten_runs(low, high, form)})"


def _break_evens(years: xr.DataArray, first: int, last: int) -> str:
    """Name scenarios by when they break even: ``2027 (Official Future), not by 2033 (State Supreme)``."""
    places: dict[str, list[str]] = {}
    for year, title in zip(years.to_numpy(), years["scenario_title"].to_numpy(), strict=True):
        places.setdefault(break_even_text(float(year), first, last), []).append(str(title))
    if len(places) == 1:
        return next(iter(places))
    return ", ".join(f"{when} ({', '.join(titles)})" for when, titles in sorted(places.items()))


def _gp_text(results: xr.Dataset) -> tuple[str, list[str]]:
    """Words on the last year, and the scenarios that they tell of."""
    missing, share = (headline_value(results, key).isel(year=-1) for key in ("gp_gap", "gp_gap_share"))
    _, last = futures_years(results)
    best, worst = _extremes(missing)
    opening = f"By {last} {results.attrs['footprint_name']}"
    if best == worst:
        ends = ends_of(results, "gp_gap", worst, brief_gap)
        return f"{opening} {_gap(_at(missing, worst), _at(share, worst))}{ends}", [worst]
    says = (
        f"{opening} {_gap(_at(missing, worst), _at(share, worst))} in {_title(missing, worst)}; "
        f"in {_title(missing, best)} it {_gap(_at(missing, best), _at(share, best))}{medians(results)}"
    )
    return says, [worst, best]


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
        return f"grow by {low_to_high(low, high, percent)}"
    if round(100 * high) <= 0:
        return f"shrink by {low_to_high(-high, -low, percent)}"
    return f"change by {low_to_high(low, high, signed_percent)}"


def _move_again(changes: np.ndarray, others: np.ndarray) -> str:
    """Say other changes, without the verb where it has just been said."""
    verb, again = _move(changes).partition(" by ")[0], _move(others)
    return again.removeprefix(f"{verb} ")


def _door_and_bed(results: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Change of A&E attendances and of emergency admissions in each scenario."""
    door, bed = (
        headline_value(results, f"{key}_since_2018").isel(year=-1).to_numpy()
        for key in ("a_and_e_attendances", "emergency_admissions")
    )
    return door, bed


def _lower(service: str) -> str:
    return service if service.startswith("A&E") else service[0].lower() + service[1:]


def _spread(values: np.ndarray, form: Form) -> str:
    return low_to_high(float(values.min()), float(values.max()), form)


def _extremes(values: xr.DataArray) -> tuple[str, str]:
    """Scenarios with the lowest and the highest value; the same one when all round alike."""
    names = values["scenario"].to_numpy()
    numbers = values.to_numpy()
    return str(names[numbers.argmin()]), str(names[numbers.argmax()])


def _at(values: xr.DataArray, scenario: str) -> float:
    return float(values.sel(scenario=scenario))


def _title(values: xr.DataArray, scenario: str) -> str:
    return str(values["scenario_title"].sel(scenario=scenario).item())

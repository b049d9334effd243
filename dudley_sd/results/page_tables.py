"""Tables of the result page, as text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray as xr

from dudley_sd.indicators import Indicator
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.account import ScenarioAccount
from dudley_sd.results.band import (
    DIFFERENCE,
    MEDIANS_OF_DIFFERENCES,
    SINGLE_RUN,
    STATISTIC_WORDS,
    band_of,
    has_band,
    headline_difference,
    headline_value,
    members_of,
)
from dudley_sd.results.derived import (
    BALANCE,
    difference_in_demand,
    hospital_services,
    population_by_age,
)
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, run_name
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import (
    WAYS,
)
from dudley_sd.results.headlines import Headline, headlines, share_or_none
from dudley_sd.results.table import Table, page_table, year_text
from dudley_sd.text import Form, number, percent, signed_millions, signed_whole, tenths, whole


def elements_table(results: xr.Dataset, row: Indicator) -> Table:
    """Elements of an indicator down; mid-2018 once, the last year for each scenario, single run."""
    array = row.of(results)
    dim = next(str(each) for each in array.dims if each not in ("scenario", "year"))
    heads = [ELEMENTS[dim], f"{PROJECTED}, all scenarios"]
    heads += [f"{year_text(results)[-1]}, {title}" for title in scenario_titles(results)]
    columns = [array.isel(scenario=0).sel(year=PROJECTED), *array.isel(year=-1)]
    numbers = [[number(float(value), row) for value in column.to_numpy()] for column in columns]
    names = [element_text(str(each)) for each in array[dim].to_numpy()]
    unsure = " (indicative)" if dim == "fifth" and "fifths_indicative" in results.attrs else ""
    caption = f"{row.title}{unsure}, {SINGLE_RUN}"
    return page_table(caption, heads, list(zip(names, *numbers, strict=True)))


ELEMENTS = {"staff": "Staff group", "fifth": "Deprivation fifth"}
"""Head of the column that names the elements."""

Lines = dict[str, tuple[xr.DataArray, Form]]
"""Numbers of each scenario and year, and how they are written, by the name of the line."""


class HeadlineCell(NamedTuple):
    """A headline number in one scenario: its judgement, what stands in brackets, and lines below it."""

    scenario: str
    text: str
    judgement: str
    aside: str
    lines: list[str]


def headline_table(
    results: xr.Dataset, scenarios: Sequence[ScenarioAccount], do_nothing: xr.Dataset | None = None
) -> tuple[str, list[tuple[str, list[HeadlineCell]]]]:
    """Caption and rows of the headline numbers, scenarios across."""
    found = headlines(results, do_nothing)
    asides = {id(item): after for item, after in pairwise(found) if after.aside}
    rows = [
        (
            f"{item.title} ({item.unit})" if item.unit == "WTE" else item.title,
            [_cell(item, asides.get(id(item)), place, each.title) for place, each in enumerate(scenarios)],
        )
        for item in found
        if not item.aside
    ]
    members = members_of(results)
    bold = (
        f"bold the median of {members} runs, below it where 8 in 10 of them lie, its difference from doing "
        f"nothing with the same draws, and the {SINGLE_RUN}"
        if members
        else f"each the {SINGLE_RUN}"
    )
    apart = f". {MEDIANS_OF_DIFFERENCES}" if members and fitting(results, do_nothing) is not None else ""
    caption = (
        f"Headline numbers in each scenario: {bold}; in brackets the change since {PROJECTED}, "
        f"and the GP gap as a share of the GPs needed{apart}"
    )
    return caption, rows


def _cell(item: Headline, after: Headline | None, place: int, scenario: str) -> HeadlineCell:
    value = float(item.values[place])
    aside = "" if after is None else after.form(float(after.values[place]))
    single = item.single_text(place)
    below = (item.band_text(place), item.difference_text(place), f"single run: {single}" if single else "")
    lines = [line.replace("+£", "+\u2060£") for line in below if line]  # a plus stays with its pounds
    return HeadlineCell(scenario, item.form(value), item.judgement(value), aside, lines)


def population_table(results: xr.Dataset) -> Table:
    """Ages down; mid-2018 once, the last year for each scenario."""
    people = population_by_age(results)
    last = year_text(results)[-1]
    heads = [
        "Age",
        f"{PROJECTED}, all scenarios",
        *(f"{last}, {title}" for title in scenario_titles(results)),
    ]
    columns = [people.isel(scenario=0, year=0), *people.isel(year=-1)]
    ages = [*map(str, people["age_band"].to_numpy()), "All ages"]
    numbers = [[*map(whole, column.to_numpy()), whole(float(column.sum()))] for column in columns]
    return page_table(
        f"People by age at mid-year, {SINGLE_RUN}", heads, list(zip(ages, *numbers, strict=True))
    )


def demand_table(results: xr.Dataset, service: str, do_nothing: xr.Dataset | None = None) -> Table:
    """Years across; run, do nothing and their difference, by the ways it comes about, for each scenario."""
    key = "hospital_activity"
    lines = _indicator_lines(results, key, run_name(results), whole, service=service)
    other = fitting(results, do_nothing)
    if other is not None:
        lines |= _indicator_lines(other, key, DO_NOTHING, whole, service=service)
        lines |= _difference_lines(
            results, other, key, "difference from do nothing", signed_whole, service=service
        )
        parts = difference_in_demand(results, other).sel(service=service)
        of = f"of the {SINGLE_RUN}, fewer" if has_band(results) else "of these fewer"
        for name, words in WAYS.items():
            if bool((np.abs(parts[name]) >= 0.5).any()):
                lines[f"{of}: {words}"] = (parts[name], whole)
    return by_year(results, f"{service} a year", lines)


def landed_table(results: xr.Dataset) -> Table:
    """Years across; share landed and activity of each service that moved."""
    lines = _indicator_lines(results, "landed_share", "share landed", share_or_none)
    for name in hospital_services():
        lines |= _indicator_lines(results, "moved_activity", f"{name}, moved, a year", whole, service=name)
    return by_year(results, "Planned shift that landed, and care that moved out of hospital", lines)


def gp_table(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> Table:
    """Years across; GPs needed, in post and GP gap for each scenario, and the same if nothing is done."""
    lines = _gp_lines(results, "")
    other = fitting(results, do_nothing)
    if other is not None:
        lines |= _gp_lines(other, f", {DO_NOTHING}")
        lines |= _difference_lines(results, other, "gp_gap", "GP gap, difference from do nothing", tenths)
    return by_year(results, "GPs needed and in post", lines)


def _gp_lines(results: xr.Dataset, run: str) -> Lines:
    return {
        **_indicator_lines(results, "gp_wte_needed", f"GPs needed, WTE{run}", tenths),
        **_indicator_lines(results, "gp_wte", f"GPs in post, WTE{run}", tenths),
        **_indicator_lines(results, "gp_gap", f"GP gap, WTE{run}", tenths),
        **_indicator_lines(results, "gp_gap_share", f"GP gap as a share of those needed{run}", percent),
    }


def money_table(results: xr.Dataset, other: xr.Dataset) -> Table:
    """Years across; what the system has gained on doing nothing since mid-2018, for each scenario."""
    lines = _difference_lines(results, other, BALANCE, f"added up since mid-{PROJECTED}", signed_millions)
    return by_year(results, "System balance against doing nothing", lines)


def _indicator_lines(results: xr.Dataset, key: str, name: str, form: Form, **element: str) -> Lines:
    """Lines of an indicator: the single run, or median, ends of 8 in 10 runs and single run of a band."""
    band = band_of(results, key)
    values = (headline_value(results, key) if band is None else band).sel(element)
    return _named(values, name, form)


def _difference_lines(
    results: xr.Dataset, other: xr.Dataset, key: str, name: str, form: Form, **element: str
) -> Lines:
    """Lines of a difference from do nothing, as `_indicator_lines`."""
    band = band_of(results, key + DIFFERENCE)
    values = (headline_difference(results, other, key) if band is None else band).sel(element)
    return _named(values, name, form)


def _named(values: xr.DataArray, name: str, form: Form) -> Lines:
    if "statistic" not in values.dims:
        return {name: (values, form)}
    return {f"{name}: {words}": (values.sel(statistic=each), form) for each, words in STATISTIC_WORDS.items()}


def by_year(results: xr.Dataset, caption: str, lines: Lines) -> Table:
    """Return a table with a row for each scenario and line, and a column for each year."""
    rows = [
        [title, name, *(form(float(value)) for value in array.isel(scenario=place).to_numpy())]
        for place, title in enumerate(scenario_titles(results))
        for name, (array, form) in lines.items()
    ]
    return page_table(caption, ["Scenario", "Indicator", *year_text(results)], rows, lead=2)

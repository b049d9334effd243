"""Tables of the page of a result: headline numbers, and the numbers behind each chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray as xr

from dudley_sd.results.account import Told
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
from dudley_sd.results.derived import BALANCE, HOSPITAL, difference_in_demand, population_by_age
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, run_name
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import WAYS
from dudley_sd.results.headlines import Headline, headlines, share_or_none
from dudley_sd.results.table import Content, Table
from dudley_sd.results.units import year_text
from dudley_sd.text import Form, percent, signed_millions, signed_whole, tenths, whole

Lines = dict[str, tuple[xr.DataArray, Form]]
"""Numbers of each scenario and year, and how they are written, by the name of the line."""


class HeadlineCell(NamedTuple):
    """A headline number in one scenario: its judgement, what stands in brackets, and lines below it."""

    scenario: str
    text: str
    judgement: str
    aside: str
    lines: list[str]


class Headlines(NamedTuple):
    """Headline numbers down, scenarios across; each cell knows its scenario, for narrow screens."""

    caption: str
    rows: list[tuple[str, list[HeadlineCell]]]


def headline_table(
    results: xr.Dataset, told: Sequence[Told], do_nothing: xr.Dataset | None = None
) -> Headlines:
    """Return the headline numbers of a result, beside do nothing where there is a run of it."""
    found = headlines(results, do_nothing)
    asides = {id(item): after for item, after in pairwise(found) if after.aside}
    rows = [
        (
            f"{item.title} ({item.unit})" if item.unit == "WTE" else item.title,
            [_cell(item, asides.get(id(item)), place, scenario.title) for place, scenario in enumerate(told)],
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
        f"Headline numbers in each scenario: {bold}; in brackets the change since {int(results['year'][0])}, "
        f"and the GP gap as a share of the GPs needed{apart}"
    )
    return Headlines(caption, rows)


def _cell(item: Headline, after: Headline | None, place: int, scenario: str) -> HeadlineCell:
    value = float(item.values[place])
    aside = "" if after is None else after.form(float(after.values[place]))
    lines = [
        line.replace("+£", "+\u2060£") for line in _lines_below(item, place)
    ]  # a plus stays with its pounds
    return HeadlineCell(scenario, item.form(value), item.judgement(value), aside, lines)


def _lines_below(item: Headline, place: int) -> list[str]:
    """Lines below a median: where most runs lie, the difference from do nothing, the single run."""
    single = item.single_text(place)
    lines = [item.band_text(place), item.difference_text(place), f"single run: {single}" if single else ""]
    return [line for line in lines if line]


def population_table(results: xr.Dataset) -> Table:
    """Ages down; the first year once, the last year for each scenario."""
    people = population_by_age(results)
    words = year_text(results)
    heads = ["Age", f"{words[0]}, all scenarios"]
    heads += [f"{words[-1]}, {title}" for title in scenario_titles(results)]
    rows: list[list[Content]] = []
    for place, band in enumerate(people["age_band"].to_numpy()):
        here = people.isel(age=place)
        numbers = [float(here.isel(scenario=0, year=0)), *map(float, here.isel(year=-1))]
        rows.append([str(band), *map(whole, numbers)])
    totals = people.sum("age")
    numbers = [float(totals.isel(scenario=0, year=0)), *map(float, totals.isel(year=-1))]
    rows.append(["All ages", *map(whole, numbers)])
    return page_table(f"People by age at mid-year, {SINGLE_RUN}", heads, rows)


def demand_table(results: xr.Dataset, service: str, do_nothing: xr.Dataset | None = None) -> Table:
    """Years across; run, do nothing and their difference, by the ways it comes about, for each scenario."""
    key = "hospital_activity"
    lines = _lines(results, key, run_name(results), whole, service=service)
    other = fitting(results, do_nothing)
    if other is not None:
        lines |= _lines(other, key, DO_NOTHING, whole, service=service)
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
    """Years across; share landed and activity of each service that landed and that stayed in hospital."""
    lines = _lines(results, "landed_share", "share landed", share_or_none)
    for name in HOSPITAL:
        lines |= _lines(results, "landed_activity", f"{name}, landed, a year", whole, service=name)
        stayed = f"{name}, stayed in hospital, a year"
        lines |= _lines(results, "unlanded_activity", stayed, whole, service=name)
    return by_year(results, "Planned shift that landed and that stayed in hospital", lines)


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
        **_lines(results, "gp_wte_needed", f"GPs needed, WTE{run}", tenths),
        **_lines(results, "gp_wte", f"GPs in post, WTE{run}", tenths),
        **_lines(results, "gp_gap", f"GP gap, WTE{run}", tenths),
        **_lines(results, "gp_gap_share", f"GP gap as a share of those needed{run}", percent),
    }


def money_table(results: xr.Dataset, do_nothing: xr.Dataset | None) -> Table | None:
    """Years across; what the system has gained on doing nothing since the start, for each scenario."""
    other = fitting(results, do_nothing)
    if other is None:
        return None
    lines = _difference_lines(results, other, BALANCE, "added up since the start", signed_millions)
    return by_year(results, "System balance against doing nothing", lines)


def _lines(results: xr.Dataset, key: str, name: str, form: Form, **element: str) -> Lines:
    """Lines of an indicator: the single run, or median, ends of 8 in 10 runs and single run of a band."""
    band = band_of(results, key)
    return _named(headline_value(results, key) if band is None else band, name, form, element)


def _difference_lines(
    results: xr.Dataset, other: xr.Dataset, key: str, name: str, form: Form, **element: str
) -> Lines:
    """Lines of a difference from do nothing, as `_lines`."""
    band = band_of(results, key + DIFFERENCE)
    return _named(headline_difference(results, other, key) if band is None else band, name, form, element)


def _named(array: xr.DataArray, name: str, form: Form, element: Mapping[str, str]) -> Lines:
    shown = array.sel(element)
    if "statistic" not in shown.dims:
        return {name: (shown, form)}
    return {f"{name}: {words}": (shown.sel(statistic=each), form) for each, words in STATISTIC_WORDS.items()}


def by_year(results: xr.Dataset, caption: str, lines: Lines) -> Table:
    """Return a table with a row for each scenario and line, and a column for each year."""
    rows = [
        [title, name, *(form(float(value)) for value in array.isel(scenario=place).to_numpy())]
        for place, title in enumerate(scenario_titles(results))
        for name, (array, form) in lines.items()
    ]
    return page_table(caption, ["Scenario", "Measure", *year_text(results)], rows, lead=2)


def page_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]], lead: int = 1) -> Table:
    """Return a table of a page: its caption, and at the left the columns that name the rows."""
    return Table("", caption, (), heads, rows, lead)

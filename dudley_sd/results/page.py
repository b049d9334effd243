"""HTML page of a result: headline numbers, charts with their tables, stories of the scenarios, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr

from dudley_sd.indicators import Indicator, Selection
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results import figures
from dudley_sd.results.account import STATUS_WORDS, ScenarioAccount, account, full_title
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
    any_planned,
    difference_in_demand,
    for_pages,
    hospital_services,
    population_by_age,
)
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, is_do_nothing, run_name
from dudley_sd.results.figure_parts import Figure, scenario_titles
from dudley_sd.results.findings import (
    WAYS,
    ageing_finding,
    demand_finding,
    detail_finding,
    difference_finding,
    funding_finding,
    gp_finding,
    landed_finding,
    money_finding,
    moved_finding,
    population_finding,
)
from dudley_sd.results.headlines import Headline, headlines, share_or_none
from dudley_sd.results.html import Chart, Charts, html_page, write_page
from dudley_sd.results.provenance import range_text, source_titles
from dudley_sd.results.table import Table, page_table, year_text
from dudley_sd.text import Form, number, percent, signed_millions, signed_whole, tenths, whole

DEMAND_NOTE = (
    "Scales do not start at zero and are the same in all panels of a service. A&E attendances include "
    "people whom practices turn away."
)


def write_html(results: xr.Dataset, path: Path | str, do_nothing: xr.Dataset | None = None) -> Path:
    """Write the page: one file of under 6 MB that asks the network for nothing, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`, with all outputs.
    path
        File to write; its folder is made, a file of that name is replaced.
    do_nothing
        The same scenarios with nothing decided, which demand and GPs are compared with.

    Raises
    ------
    InputError
        If do nothing does not belong to the result, or variables are missing.
    """
    return write_page(page(results, do_nothing), path)


@dataclass(frozen=True)
class Block:
    """A chart of a section, with a heading, sentences and its own table where it has them."""

    chart: Chart | None
    heading: str = ""
    sentences: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Section:
    """A section of the page: its name, what it says as a heading, charts, a note and a table."""

    name: str
    says: str
    blocks: tuple[Block, ...]
    note: str
    table: Table | None = None

    @property
    def key(self) -> str:
        """Anchor on the page."""
        return re.sub(r"\W+", "-", self.name.lower()).strip("-")


def page(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> str:
    """Return the page as text."""
    results = for_pages(results)
    do_nothing = None if do_nothing is None else for_pages(do_nothing)
    facts = account(results, do_nothing)
    charts = Charts()
    sections = [
        _population(results, charts),
        _demand(results, charts, do_nothing),
        _landed(results, charts),
        _gps(results, charts, do_nothing),
        *_money(results, do_nothing),
        _in_detail(results),
    ]
    caption, rows = headline_table(results, facts.scenarios, do_nothing)
    return html_page(
        "result.html",
        charts,
        facts=facts,
        statuses=STATUS_WORDS,
        full_title=full_title(results, facts),
        headline_caption=caption,
        headlines=rows,
        funding=funding_finding(results, do_nothing),
        sections=sections,
        projection=f"{facts.projection}. {facts.turns_on_base}".strip().removesuffix("."),
        sources=sorted(source_titles().values(), key=str.lower),
        levers="; ".join(f"{name} = {value:g}" for name, value in facts.levers.items()),
    )


def _population(results: xr.Dataset, charts: Charts) -> Section:
    says = population_finding(results)
    chart = charts.add("population", lambda columns: figures.population_figure(results, columns), says, 2, 1)
    return Section(
        "People by age",
        says,
        (Block(chart),),
        "Residents at mid-year in five-year age bands. The table has every scenario.",
        population_table(results),
    )


def _demand(results: xr.Dataset, charts: Charts, do_nothing: xr.Dataset | None) -> Section:
    says = demand_finding(results, do_nothing)
    compared = fitting(results, do_nothing) is not None
    blocks = []
    for place, service in enumerate(hospital_services()):

        def build(columns: int, service: str = service) -> Figure:
            return figures.demand_figure(results, service, columns, do_nothing)

        chart = charts.add(f"demand-{place}", build, f"{service} a year, a panel for each scenario. {says}")
        difference = difference_finding(results, do_nothing, service)
        if WAYS["not_turned_away"] in difference:
            share = range_text("went to A and E when not seen")
            difference += f". Of those turned away, {share} come to A&E or the urgent treatment centre"
        sentences = tuple(each for each in (ageing_finding(results, service), difference) if each)
        table = demand_table(results, service, do_nothing)
        blocks.append(Block(chart, service, sentences, table))
    name, note = f"Demand {run_name(results)}", DEMAND_NOTE
    if is_do_nothing(results):
        name = "Demand if nothing is done"
    elif compared:
        name += " and if nothing is done"
        note = (
            f"Dashed: {DO_NOTHING}, a run of the same scenario in which no intervention is put in place and "
            f"the contract is as now. Solid: the run {run_name(results)}. {_shaded(results)} {DEMAND_NOTE}"
        )
    return Section(name, says, tuple(blocks), note)


def _shaded(results: xr.Dataset) -> str:
    """Say what the shaded area of a figure is."""
    if not has_band(results):
        return "The area between them is the whole difference, whichever way it comes about."
    return (
        f"Both are medians; in the shaded area lie 8 in 10 runs {run_name(results)}; thin: the {SINGLE_RUN}."
    )


def _landed(results: xr.Dataset, charts: Charts) -> Section:
    says = landed_finding(results)
    if not any_planned(results):
        return Section("Shift landed", says, (), "Portfolios plan a shift; this result has none.")
    share = charts.add("landed-share", lambda columns: figures.landed_share_figure(results, columns), says)
    blocks = (Block(share, "Share of the planned shift that landed", (moved_finding(results),)),)
    note = (
        "Care moves only where community staff are there to take it up, beside their usual work. What finds "
        "none stays in hospital. In the first years posts are planned but not yet filled. What landed moves "
        "care as far as the evidence holds: below 0, interventions bring more people to hospital."
    )
    return Section("Shift landed", says, blocks, note, landed_table(results))


def _gps(results: xr.Dataset, charts: Charts, do_nothing: xr.Dataset | None) -> Section:
    says = gp_finding(results, do_nothing)
    missing = charts.add(
        "gps-missing", lambda columns: figures.gp_gap_figure(results, columns, do_nothing), says
    )
    chart = charts.add(
        "gps",
        lambda columns: figures.gp_figure(results, columns),
        f"GPs needed and in post. {gp_finding(results)}",
    )
    run = "" if is_do_nothing(results) else f", {run_name(results)}"
    blocks = (
        Block(missing, "GP gap: GPs needed less GPs in post"),
        Block(chart, f"GPs needed and in post{run}"),
    )
    note = (
        "Whole-time equivalents without trainees. Needed: the GPs who would keep the access of mid-2018, "
        "other practice staff being as they are; so fewer are needed where pharmacists and others take work "
        "on. How much interventions relieve practices is mostly assumption: see the workbook. Below zero in "
        "the upper charts: more GPs than needed. The scale of the lower charts does not start at zero."
    )
    return Section("GP gap", says, blocks, note, gp_table(results, do_nothing))


def _money(results: xr.Dataset, do_nothing: xr.Dataset | None) -> list[Section]:
    """Say what the run gains on doing nothing; no section where there is none or money is not counted."""
    says, other = money_finding(results, do_nothing), fitting(results, do_nothing)
    if not says or other is None:
        return []
    note = (
        "Funding less cost of commissioner, contract holder, hospital and social care together, real terms, "
        f"added up since mid-{PROJECTED}, less the same of {DO_NOTHING}. What one body pays another "
        "cancels out; money given from outside to transform counts as funding. "
        "Break-even: the first year from which on the system is no worse off than if nothing is done, "
        "after being worse off."
    )
    return [Section("Money", says, (), note, money_table(results, other))]


def _in_detail(results: xr.Dataset) -> Section:
    """Tables by staff group and deprivation fifth."""
    shown = [row for row in Selection("elements").values() if row.variable in results]
    fifths = results.attrs.get("fifths_indicative")
    note = (
        "Rates by deprivation fifth are of all ages: the most deprived are younger than the least deprived."
    )
    if fifths:
        note += f" They are indicative: {fifths}."
    blocks = tuple(Block(None, row.title, table=elements_table(results, row)) for row in shown)
    return Section("By staff group and deprivation", detail_finding(results), blocks, note)


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

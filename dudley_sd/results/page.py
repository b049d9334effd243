"""HTML page of a result: headline numbers, charts with their tables, stories of the scenarios, sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from dudley_sd.indicators import Selection
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results import figures
from dudley_sd.results.account import STATUS_WORDS, account, full_title
from dudley_sd.results.band import (
    SINGLE_RUN,
    has_band,
)
from dudley_sd.results.derived import (
    any_planned,
    for_pages,
    hospital_services,
)
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, is_do_nothing, run_name
from dudley_sd.results.figure_parts import Figure
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
from dudley_sd.results.html import Chart, Charts, html_page, write_page
from dudley_sd.results.page_tables import (
    demand_table,
    elements_table,
    gp_table,
    headline_table,
    landed_table,
    money_table,
    population_table,
)
from dudley_sd.results.provenance import range_text, source_titles
from dudley_sd.results.table import Table

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

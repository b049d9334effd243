"""The result as one web page that needs nothing but itself."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import xarray as xr
from sdcompile.scratch import atomic_file

from dudley_sd.results import figures, page_tables
from dudley_sd.results.account import STATUS_WORDS, Account, Told, account, full_title
from dudley_sd.results.band import SINGLE_RUN, has_band
from dudley_sd.results.base_page import base_page
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, is_do_nothing, run_name
from dudley_sd.results.figure_parts import NARROW, Builder, Figure
from dudley_sd.results.findings import (
    WAYS,
    ageing_finding,
    demand_finding,
    difference_finding,
    gp_finding,
    landed_finding,
    money_finding,
    moved_finding,
    population_finding,
)
from dudley_sd.results.indicators import shown_on_pages
from dudley_sd.results.panels import HOSPITAL, any_planned
from dudley_sd.results.provenance import range_words, source_titles
from dudley_sd.results.words import year_words


def write_html(results: xr.Dataset, path: Path | str, do_nothing: xr.Dataset | None = None) -> Path:
    """Write the page, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`, with all outputs.
    path
        File to write; its folder is made, a file of that name is replaced.
    do_nothing
        The same scenarios with nothing decided, which demand and GPs are compared with.

    Returns
    -------
    Path
        The file: one HTML page of under 6 MB. It asks the network for nothing, and forbids the browser to.

    Raises
    ------
    InputError
        If do nothing does not belong to the result, or variables are missing.
    """
    path = Path(path)
    text = page(results, do_nothing)
    with atomic_file(path) as scratch:
        scratch.write_text(text, encoding="utf-8", newline="\n")
    return path


def page(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> str:
    """Return the page as text."""
    results = shown_on_pages(results)
    do_nothing = None if do_nothing is None else shown_on_pages(do_nothing)
    told = account(results, do_nothing)
    charts = Charts()
    sections = "\n".join(
        (
            _population(results, charts),
            _demand(results, charts, do_nothing),
            _landed(results, charts),
            _gps(results, charts, do_nothing),
            _money(results, do_nothing),
        )
    )
    caveats = [*told.caveats[:1], told.comparison, *told.caveats[1:]]
    words = {
        "title": escape(told.headline),
        "full_title": escape(full_title(results, told)),
        "portfolio": escape(told.portfolio_title),
        "portfolio_story": escape(told.portfolio_story),
        "contract": _contract(told),
        "headlines": page_tables.headline_table(results, told.scenarios, do_nothing),
        "comparison": escape(told.comparison),
        "stories": "".join(_story(scenario) for scenario in told.scenarios),
        "sections": sections,
        "caveats": "".join(f"<li>{escape(text)}</li>" for text in caveats if text),
        "projection": escape(f"{told.projection}. {told.turns_on_base}".strip().removesuffix(".")),
        "sources": _sources(),
        "command": escape(told.command),
        "made": _made(told),
    }
    return base_page("dudley_sd.results", "page", words, charts.as_json())


class Charts:
    """The figures of a page, each in a wide and a narrow form, and the places that show them."""

    def __init__(self) -> None:
        self.forms: dict[str, dict[str, dict[str, object]]] = {}

    def add(self, key: str, builder: Builder, says: str, wide: int = 4, narrow: int = NARROW) -> str:
        """Keep a figure and return the element that will hold it; ``says`` is read out in its place."""
        forms = {"wide": builder(wide).without_title(), "narrow": builder(narrow).without_title()}
        self.forms[key] = {name: {"data": form.data, "layout": form.layout} for name, form in forms.items()}
        high, narrow_high = (form.layout["height"] for form in forms.values())
        return (
            f'<div class="chart" id="{key}" role="img" aria-label="{escape(says)}" '
            f'style="--wide:{high}px;--narrow:{narrow_high}px"></div>'
        )

    def as_json(self) -> str:
        """All figures as JSON that may stand inside a script element."""
        content = {"config": figures.CONFIG, "charts": self.forms}
        return json.dumps(content, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _population(results: xr.Dataset, charts: Charts) -> str:
    says = population_finding(results)
    chart = charts.add("population", lambda columns: figures.population_figure(results, columns), says, 2, 1)
    return _section(
        "People by age",
        says,
        chart,
        "Residents at mid-year in five-year age bands. The table has every scenario.",
        page_tables.population_table(results),
    )


def _demand(results: xr.Dataset, charts: Charts, do_nothing: xr.Dataset | None) -> str:
    says = demand_finding(results, do_nothing)
    compared = fitting(results, do_nothing) is not None
    blocks = []
    for place, service in enumerate(HOSPITAL):

        def build(columns: int, service: str = service) -> Figure:
            return figures.demand_figure(results, service, columns, do_nothing)

        chart = charts.add(f"demand-{place}", build, f"{service} a year, a panel for each scenario. {says}")
        difference = difference_finding(results, do_nothing, service)
        if WAYS["not_turned_away"] in difference:
            difference += f". Of those turned away, {range_words('diversion fraction')} go to A&E"
        said = [sentence for sentence in (ageing_finding(results, service), difference) if sentence]
        words = "".join(f"<p>{escape(sentence)}.</p>" for sentence in said)
        numbers = _numbers(page_tables.demand_table(results, service, do_nothing), service)
        blocks.append(f"<h3>{escape(service)}</h3>{words}{chart}{numbers}")
    return _section(_demand_name(results, compared), says, "".join(blocks), _demand_note(results, compared))


def _demand_name(results: xr.Dataset, compared: bool) -> str:
    if is_do_nothing(results):
        return "Demand if nothing is done"
    name = f"Demand {run_name(results)}"
    return f"{name} and if nothing is done" if compared else name


def _demand_note(results: xr.Dataset, compared: bool) -> str:
    note = (
        "Scales do not start at zero and are the same in all panels of a service. A&E attendances include "
        "people whom practices turn away."
    )
    if not compared:
        return note
    return (
        f"Dashed: {DO_NOTHING}, a run of the same scenario in which no intervention is put in place and "
        f"the contract is as now. Solid: the run {run_name(results)}. {_shaded(results)} {note}"
    )


def _shaded(results: xr.Dataset) -> str:
    """Say what the shaded area of a figure is."""
    if not has_band(results):
        return "The area between them is the whole difference, whichever way it comes about."
    return (
        f"Both are medians; in the shaded area lie 8 in 10 runs {run_name(results)}; thin: the {SINGLE_RUN}."
    )


def _landed(results: xr.Dataset, charts: Charts) -> str:
    says = landed_finding(results)
    if not any_planned(results):
        return _section("Shift landed", says, "", "Portfolios plan a shift; this result has none.")
    last = year_words(results)[-1]
    share = charts.add("landed-share", lambda columns: figures.landed_share_figure(results, columns), says)
    activity = charts.add(
        "landed-activity",
        lambda columns: figures.landed_activity_figure(results, columns),
        f"Planned shift of each hospital service in {last}, landed and stayed in hospital",
        2,
        1,
    )
    body = (
        f"<h3>Share of the planned shift that landed</h3>{share}"
        f"<h3>Planned shift of each service in {last}, activity a year, {SINGLE_RUN}</h3>"
        f"<p>{escape(moved_finding(results))}.</p>{activity}"
    )
    note = (
        "Care moves only where community staff are there to take it up, after their usual work. What finds "
        "none stays in hospital. In the first years posts are planned but "
        "not yet filled."
    )
    return _section("Shift landed", says, body, note, page_tables.landed_table(results))


def _gps(results: xr.Dataset, charts: Charts, do_nothing: xr.Dataset | None) -> str:
    says = gp_finding(results, do_nothing)
    missing = charts.add(
        "gps-missing", lambda columns: figures.gp_gap_figure(results, columns, do_nothing), says
    )
    chart = charts.add(
        "gps",
        lambda columns: figures.gp_figure(results, columns),
        f"GPs needed and in post. {gp_finding(results)}",
    )
    body = (
        f"<h3>GP gap: GPs needed less GPs in post</h3>{missing}"
        f"<h3>GPs needed and in post{'' if is_do_nothing(results) else ', ' + run_name(results)}</h3>{chart}"
    )
    note = (
        "Whole-time equivalents without trainees. Needed: the GPs who would keep 2018 standards of access, "
        "other practice staff being as they are; so fewer are needed where pharmacists and others take work "
        "on. How much interventions relieve practices is mostly assumption: see the workbook. Below zero in "
        "the upper charts: more GPs than needed. The scale of the lower charts does not start at zero."
    )
    return _section("GP gap", says, body, note, page_tables.gp_table(results, do_nothing))


def _money(results: xr.Dataset, do_nothing: xr.Dataset | None) -> str:
    """Say what the run gains on doing nothing; nothing where there is none or money is not counted."""
    says = money_finding(results, do_nothing)
    if not says:
        return ""
    note = (
        "Funding less cost of commissioner, contract holder, hospital and social care together, real terms, "
        f"added up since the start, less the same of {DO_NOTHING}. What one body pays another "
        "cancels out; money given from outside to transform counts as funding. "
        "Break-even: the first year from which on the system is no worse off than if nothing is done, "
        "after being worse off."
    )
    return _section("Money", says, "", note, page_tables.money_table(results, do_nothing))


def _section(name: str, says: str, body: str, note: str, numbers: str = "") -> str:
    key = re.sub(r"\W+", "-", name.lower()).strip("-")
    return (
        f'<section aria-labelledby="{key}"><p class="kicker">{escape(name)}</p>'
        f'<h2 id="{key}">{escape(says)}</h2><figure>{body}<figcaption>{escape(note)}</figcaption></figure>'
        f"{_numbers(numbers, name) if numbers else ''}</section>"
    )


def _numbers(table: str, name: str) -> str:
    return f"<details><summary>Table of numbers: {escape(name)}</summary>{table}</details>"


def _story(scenario: Told) -> str:
    levels = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(level)}</dd></div>" for name, level in scenario.levels
    )
    assumed = (
        f"<details><summary>What it assumes for {len(scenario.levels)} uncertainties</summary>"
        f"<dl>{levels}</dl></details>"
        if levels
        else ""
    )
    return (
        f'<article id="story-{escape(scenario.key)}"><h3>{escape(scenario.title)}</h3>'
        f'<p class="status {escape(scenario.status)}">'
        f"{STATUS_WORDS[scenario.status]}</p><p>{escape(scenario.story)}</p>"
        f'<p class="note">{escape(scenario.note)}</p>'
        f"{assumed}</article>"
    )


def _contract(told: Account) -> str:
    name, story = told.contract_title or "as now", escape(told.contract_story)
    return f'<p class="lead">Contract: <b>{escape(name)}</b>. {story}</p>'


def _sources() -> str:
    return "".join(f"<li>{escape(text)}.</li>" for text in sorted(source_titles().values(), key=str.lower))


def _made(told: Account) -> str:
    levers = "; ".join(f"{name} = {value:g}" for name, value in told.levers.items())
    tail = f" Levers set: {escape(levers)}." if levers else ""
    return f"dudley_sd {escape(told.version)}, {escape(told.made[:10])}.{tail}"

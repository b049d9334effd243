"""Page of areas: what is on it, which control moves which part, and its numbers for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.dependencies import DashDependency
from dash.development.base_component import Component
from sdcompile.errors import Fault, InputError

from dudley_dashboard.address import View
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import Numbers, add_number_files, buttons
from dudley_dashboard.members import KEPT, PATIENCE, soon
from dudley_dashboard.names import described, world_text
from dudley_dashboard.page import (
    Page,
    add_polling,
    keep_in_address,
    notes_of,
    pending,
    polling_stores,
    still_pending,
)
from dudley_dashboard.pages.footprints.charts import draw_areas
from dudley_dashboard.pages.footprints.data import (
    FIRST,
    LAST,
    WAYS,
    FootprintsQuery,
    areas_of,
    base_text,
    caution,
    comparable,
    is_empty,
    label,
    notes_on,
    offered,
)
from dudley_dashboard.parts import aria, segmented, select, ticks
from dudley_dashboard.runs import AREAS, AreaKey, area_keys
from dudley_dashboard.series import ABSOLUTE, CHANGE, PER_1000, long_rows, of_runs, options, way_words
from dudley_dashboard.series import WAYS as TITLES
from dudley_sd.ensembles.default_ensemble import MEMBERS
from dudley_sd.indicators import COMPARED
from dudley_sd.results.table import frame_table

CONTROLS: dict[str, DashDependency] = {
    "search": State("areas-plan", "data"),
    **{
        key: Input(f"areas-{key}", "value") for key in ("parts", "others", "own", "indicator", "show", "year")
    },
}
PREPARING, DRAWING = "preparing", "drawing"
"""What is not there yet, where the page asks again."""

NOT_YET = f"Single runs at central values, in grey: medians of {MEMBERS} runs follow in a moment."
TOO_MANY = f"Single runs at central values: medians are shown of up to {KEPT // 2} areas at a time."


def layout(view: View) -> html.Div:
    """Show controls at once; pictures follow when the areas are prepared."""
    query, notes = FootprintsQuery.read(view.request, view.rest)
    return html.Div(
        [
            dcc.Store(id="areas-plan", data=view.request.address()),
            dcc.Store(id="areas-address"),
            *polling_stores("areas"),
            html.H1("Footprints"),
            html.P("How do areas stand beside each other, with your plan and if nothing is done?"),
            notes_of(notes, "areas"),
            controls(query),
            html.Div(id="areas-status", className="hidden-words", role="status", **aria(live="polite")),
            buttons("footprints", view.request.address(view.rest)),
            html.Div(id="areas-shown", className="areas-shown"),
        ],
        className="areas",
    )


def controls(query: FootprintsQuery) -> html.Section:
    """Choose areas, indicator, how it is shown, and the year of the ranking."""
    totals, parts, others, own = offered()
    name = catalogue().footprints[totals[0]].name if totals else "Totals"

    def areas(key: str, heading: str, keys: Sequence[str]) -> dmc.CheckboxGroup:
        titles = {each: label(each) for each in keys}
        return ticks(f"areas-{key}", heading, titles, query.areas, "areas-ticks")

    how = [
        select("areas-indicator", "Indicator", options(), query.indicator),
        segmented("areas-show", "Show", {way: TITLES[way] for way in WAYS}, query.show),
        select(
            "areas-year",
            "Year of the ranking",
            {str(year): str(year) for year in range(LAST, FIRST - 1, -1)},
            str(query.year),
        ),
    ]
    plan = html.Strong(described(query.request))
    note: list[Any] = ["Each area is run with your plan, ", plan, ", and do nothing in the same future."]
    chosen = [
        areas("parts", name, [*parts, *totals]),
        areas("others", "Areas to compare with", others),
        html.Div(areas("own", "Your own areas", own), hidden=not own),
        html.Div(how, className="areas-how"),
    ]
    return html.Section(
        [
            html.H2("Which areas, and what of them?", id="areas-what"),
            html.P(note, className="areas-note"),
            html.Div(chosen, className="areas-controls"),
        ],
        className="areas-panel no-print",
        **aria(labelledby="areas-what"),
    )


def register(app: Dash) -> None:
    """Tie controls to what they move."""
    app.callback(
        output=[
            Output("areas-shown", "children"),
            Output("areas-status", "children"),
            Output("areas-progress", "data"),
        ],
        inputs={**CONTROLS, "again": Input("areas-again", "data")},
    )(draw)
    add_polling(app, "areas")
    keep_in_address(app, "areas", query_of, CONTROLS)
    add_number_files(app, "footprints", numbers_of, needed, all_there)


def query_of(
    search: str, parts: list[str], others: list[str], own: list[str], **single: Any
) -> FootprintsQuery:
    """Read what controls hold."""
    areas = [*(parts or []), *(others or []), *(own or [])]
    return FootprintsQuery.of_controls(search, areas=areas, **single)


def draw(again: Sequence[Any] | None = None, **controls: Any) -> tuple[Any, Any, list[Any] | None]:
    """Draw what is chosen: of medians, of single runs until they are there, or how far areas are prepared."""
    query = query_of(**controls)
    places = area_keys(query.areas, query.request.projection)
    if missing := AREAS.prepare(places):
        return waiting(len(places) - len(missing), len(places)), "", pending(PREPARING)
    words = way_words(COMPARED[query.indicator], query.show)
    status = f"{len(query.areas)} areas: {COMPARED[query.indicator].title}{', ' + words if words else ''}."
    requests = query.all_requests()
    if len(requests) > KEPT:
        return drawn(query, TOO_MANY), status, None
    polled = still_pending(again, DRAWING)
    if soon(requests, 0 if polled else PATIENCE):
        return drawn(query), status, None
    if polled:
        return no_update, no_update, pending(DRAWING)
    return drawn(query, NOT_YET), status, pending(DRAWING)


def waiting(ready: int, wanted: int) -> html.Div:
    """Say how far the preparing of areas is, with the shape of what will come."""
    words = (
        f"Preparing areas, once after the dashboard was started: {ready} of {wanted} ready. "
        "The first time on a computer takes a few seconds for each."
    )
    shapes = [dmc.Skeleton(height=190, radius="md", animate=False) for _ in range(wanted)]
    return html.Div(
        [
            html.P(words, role="status"),
            dmc.Progress(value=100 * ready / wanted, size="lg", **aria(label="Areas prepared")),
            html.Div(shapes, className="areas-grid", **aria(hidden="true")),
        ],
        className="areas-waiting",
    )


def drawn(query: FootprintsQuery, single: str = "") -> list[Component]:
    """Draw areas with all that must be said of them.

    Parameters
    ----------
    single
        Why single runs are shown and not medians, where they are.
    """
    if not query.areas:
        return [html.P("Tick at least one area.", className="areas-note")]
    areas, notes = areas_of(query, query.areas, query.show, medians=not single)
    notes += notes_on(query, areas, comparable(query, areas))
    parts: list[Component] = [html.P(note, className="areas-note") for note in notes]
    if words := caution(query):
        parts.insert(0, html.P(words, className="areas-caution", role="note"))
    if all(map(is_empty, areas)):
        title = COMPARED[query.indicator].title
        words = f"No shift is planned in your plan, so “{title}” says nothing. Choose another indicator."
        return [*parts, html.P(words, className="areas-gone", role="note")]
    pictures = draw_areas(query, areas, medians=not single)
    if not single:
        return parts + pictures
    return [
        html.P(single, className="areas-note", role="status"),
        *parts,
        html.Div(pictures, className="areas-single"),
    ]


def needed(view: View) -> list[AreaKey]:
    """Return the areas that are ticked, which must be ready before their numbers are asked for."""
    query, _ = FootprintsQuery.read(view.request, view.rest)
    return area_keys(query.areas, view.request.projection)


def all_there(view: View) -> bool:
    """Whether all runs are there; those that are not are drawn meanwhile, as far as that many are kept."""
    requests = FootprintsQuery.read(view.request, view.rest)[0].all_requests()
    return len(requests) > KEPT or soon(requests)


def numbers_of(view: View) -> Numbers:
    """Return the indicator of an address for all ticked areas, in all years and ways."""
    query, _ = FootprintsQuery.read(view.request, view.rest)
    areas, notes = areas_of(query, query.areas, ABSOLUTE)
    if not areas:
        raise InputError([Fault("areas", "", "none is chosen that can be run", "Tick at least one area")])
    about = [
        ("Your plan", described(view.request)),
        ("People", f"All areas on one base: {base_text(query)}"),
        ("What is borrowed", caution(query)),
        ("Beside it", "Do nothing: the same future, no portfolio, contract as now, in each area"),
        ("Outside world", world_text(view.request)),
        *((f"Indicative: {area.name}", area.indicative) for area in areas if area.indicative),
        *((f"Sum: {area.name}", "The sum of its areas, each run for itself") for area in areas if area.parts),
        *(("Left out", note) for note in notes),
    ]
    runs = of_runs(areas[0].run.members)
    note = (
        "One row for each area, run and year, in the unit that the row names. Value, change and difference: "
        f"{runs}; low and high: ends of 8 in 10 of them; single run: at central values. "
        "Differences are from do nothing with the same draws; those of shares are percentage points."
    )
    return Numbers(
        f"{COMPARED[query.indicator].title} of {len(areas)} areas, 2018 to 2033, {runs}",
        [pair for pair in about if pair[1]],
        [frame_table("Numbers", note, long_table(query))],
    )


def long_table(query: FootprintsQuery) -> pd.DataFrame:
    """Return one row for each area, run and year.

    Returns
    -------
    pd.DataFrame
        Columns ``area, mark, run`` and those of `dudley_dashboard.series.long_rows`: ``value, per_1000,
        change_since_2018`` and ``from_do_nothing`` (empty for that itself).
    """
    areas, _ = areas_of(query, query.areas, ABSOLUTE)
    rows = []
    for area in areas:
        for name, run in (("your plan", area.run), ("do nothing", area.nothing_run)):
            absolute, per_head, change = (
                run.series(query.indicator, way) for way in (ABSOLUTE, PER_1000, CHANGE)
            )
            others = {
                "per_1000": per_head,
                "change_since_2018": change,
                "from_do_nothing": area.difference if run is area.run else None,
            }
            head = {"area": area.name, "mark": area.mark, "run": name}
            rows += long_rows(head, absolute, others, area.run.beyond)
    return pd.DataFrame(rows)


PAGE = Page(
    "/footprints",
    "Footprints",
    "How do areas stand beside each other, on one scale?",
    layout,
    register,
)

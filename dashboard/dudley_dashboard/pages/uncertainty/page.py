"""Uncertainty: what is on the page, and what each control changes."""

from __future__ import annotations

import logging
import re
import uuid
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sdcompile.errors import InputError

from dudley_dashboard.address import View
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import add_number_files, buttons
from dudley_dashboard.jobs import UNEXPECTED, Progress
from dudley_dashboard.page import Page, notes_of, root
from dudley_dashboard.pages.uncertainty import sections
from dudley_dashboard.pages.uncertainty.data import (
    LARGEST_SEED,
    SIDES,
    SIZES,
    EnsembleQuery,
    ensemble_of,
    look,
)
from dudley_dashboard.pages.uncertainty.ensemble import Ensemble, default_threshold
from dudley_dashboard.pages.uncertainty.stored import stores
from dudley_dashboard.pages.uncertainty.tables import numbers_of
from dudley_dashboard.parts import aria, data, select
from dudley_sd.indicators import ANSWERED
from dudley_sd.request import Request
from dudley_sd.settings.portfolios import NO_PORTFOLIO

QUESTION = "How certain is this, and what matters most?"
OFTEN = 400
"""Milliseconds between two looks at how far the work is."""

CAUTION = (
    "Each run draws every uncertain number anew from its range, the same draw for your plan and for what it "
    "is held against. A share of runs says how the result hangs on those ranges. It is not the probability "
    "that something will happen: the model itself may be wrong, and the future is chosen, not drawn."
)

WORKING = "Working: the charts come as soon as the runs are there."
"""Stands where they will be."""

RUNS = ("members", "seed", "stored")
"""EnsembleQuery that decide which runs are shown."""

READY = [Input("uncertainty-ready", "data"), State("uncertainty-plan", "data")]
AGAIN = "This was worked out before and has been removed since. Load the page again."

_log = logging.getLogger(__name__)


def layout(view: View) -> html.Div:
    """Show controls at once; the answer follows when its runs are done."""
    query, notes = EnsembleQuery.read(view.request, view.rest)
    return html.Div(
        [
            html.H1("Uncertainty"),
            html.P(QUESTION, className="uncertainty-question"),
            notes_of(notes, "uncertainty"),
            _controls(query),
            *([] if query.stored else [plan_sentence(query.request)]),
            html.P(CAUTION, className="uncertainty-caution"),
            *_stores(query),
            html.Div(id="uncertainty-progress", className="uncertainty-progress"),
            html.P("", id="uncertainty-said", className="hidden-words", role="status"),
            html.Div(html.P(WORKING), id="uncertainty-range", className="uncertainty-room"),
            html.Section(
                [
                    html.H2("Does it cross a line?", id="uncertainty-line"),
                    threshold(query),
                    html.Div(id="uncertainty-crossing", className="uncertainty-pair"),
                ],
                id="uncertainty-threshold-section",
                **aria(labelledby="uncertainty-line"),
            ),
            html.Div(id="uncertainty-money"),
            html.Div(id="uncertainty-numbers"),
            html.Div(id="uncertainty-about"),
            buttons("uncertainty", view.request.address(view.rest)),
        ],
        className="uncertainty",
    )


def plan_sentence(plan: Request) -> html.P:
    """Say what else the plan of the address is, and where to change it."""
    known = catalogue()
    area, contract = known.footprints[plan.footprint].name, known.contracts[plan.contract].title
    own = [f"{name} = {value:g}" for name, value in plan.values.items()]
    more = f", and set by you, the same in every run: {'; '.join(own)}" if own else ""
    sentence = f"Plan for {area}, contract {contract.lower()}{more}. "
    here = root()
    return html.P(
        [sentence, html.A("Change it in Explore", href=f"{here}{plan.address()}", **data(page=here))],
        className="uncertainty-plan",
    )


def _controls(query: EnsembleQuery) -> html.Div:
    """Choose the future and portfolio, the indicator, and which runs."""
    known = catalogue()
    portfolios = {
        key: "No portfolio" if key == NO_PORTFOLIO else each.title for key, each in known.portfolios.items()
    }
    indicators, futures = (
        {key: each.title for key, each in of.items()} for of in (ANSWERED, known.scenarios)
    )
    controls: list[Component] = [
        select("uncertainty-indicator", "Indicator", indicators, query.indicator),
        select("uncertainty-scenario", "Future", futures, query.request.scenario),
    ]
    if not query.stored:
        controls.append(select("uncertainty-portfolio", "Portfolio", portfolios, query.request.portfolio))
    if stores():
        offered = {"": "Draw now"} | {name: f"Stored: {name}" for name in stores()}
        controls.append(select("uncertainty-stored", "Runs", offered, query.stored))
    if not query.stored:
        controls += [
            select(
                "uncertainty-members",
                "How many runs",
                {str(size): f"{size:,}" for size in SIZES},
                str(query.members),
            ),
            dmc.NumberInput(
                id="uncertainty-seed",
                label="Seed (which draws)",
                value=query.seed,
                min=0,
                max=LARGEST_SEED,
                allowDecimal=False,
                allowNegative=False,
                debounce=600,
                clampBehavior="strict",
            ),
        ]
    return html.Div(
        controls, className="uncertainty-query no-print", role="group", **aria(label="What to show")
    )


def threshold(query: EnsembleQuery) -> html.Div:
    """Type a level that the indicator may cross, and choose the side."""
    indicator = ANSWERED[query.indicator]
    return html.Div(
        [
            dmc.NumberInput(
                id="uncertainty-threshold",
                label=threshold_label(indicator.title, indicator.axis_unit),
                description="It starts at the middle of the runs in 2033; type your own.",
                inputWrapperOrder=["label", "input", "description", "error"],
                value=query.threshold,
                debounce=900,  # who types slowly is not read half way
                thousandSeparator=",",
                decimalSeparator=".",
                allowedDecimalSeparators=["."],
            ),
            html.Div(
                [
                    html.Span(
                        "Count runs that lie", id="uncertainty-side-label", className="uncertainty-label"
                    ),
                    dmc.SegmentedControl(
                        id="uncertainty-side",
                        data=[{"value": side, "label": side} for side in SIDES],
                        value=query.side,
                        size="md",
                        **aria(labelledby="uncertainty-side-label"),
                    ),
                ]
            ),
        ],
        className="uncertainty-threshold no-print",
    )


def threshold_label(title: str, unit: str) -> str:
    """Label of the box: ``Line for GP gap, in WTE``."""
    return f"Line for {title[0].lower() if title[1:2].islower() else title[0]}{title[1:]}, {unit}"


def _stores(query: EnsembleQuery) -> list[Any]:
    """Return what the callbacks keep in the browser."""
    usual = {"values": {key.name: key.default for key in EnsembleQuery.keys(query.request)}}
    return [
        dcc.Store(id="uncertainty-plan", data=query.request.address()),
        dcc.Store(id="uncertainty-visitor", data=uuid.uuid4().hex),
        dcc.Store(id="uncertainty-ready"),
        dcc.Store(id="uncertainty-usual", data=usual),
        dcc.Store(id="uncertainty-level"),
        dcc.Store(id="uncertainty-visited"),
        dcc.Interval(id="uncertainty-tick", interval=OFTEN),
    ]


def register(app: Dash) -> None:
    """Let runs be made and looked at; what is chosen goes into the address."""
    add_number_files(app, "uncertainty", numbers_of)
    app.callback(
        Output("uncertainty-progress", "children"),
        Output("uncertainty-tick", "disabled"),
        Output("uncertainty-ready", "data"),
        Output("uncertainty-said", "children"),
        Input("uncertainty-tick", "n_intervals"),
        Input("uncertainty-members", "value", allow_optional=True),
        Input("uncertainty-seed", "value", allow_optional=True),
        State("uncertainty-stored", "value", allow_optional=True),
        State("uncertainty-plan", "data"),
        State("uncertainty-visitor", "data"),
    )(watch)
    app.callback(
        Output("uncertainty-range", "children"),
        Output("uncertainty-numbers", "children"),
        *READY,
        Input("uncertainty-indicator", "value"),
        prevent_initial_call=True,
    )(draw_indicator)
    app.callback(
        Output("uncertainty-money", "children"),
        Output("uncertainty-about", "children"),
        *READY,
        prevent_initial_call=True,
    )(draw_rest)
    app.callback(
        Output("uncertainty-threshold", "value"),
        Output("uncertainty-threshold", "label"),
        Output("uncertainty-level", "data"),
        *READY,
        Input("uncertainty-indicator", "value"),
        State("uncertainty-threshold", "value"),
        prevent_initial_call=True,
    )(level)
    app.callback(
        Output("uncertainty-crossing", "children"),
        *READY,
        State("uncertainty-indicator", "value"),
        Input("uncertainty-threshold", "value"),
        Input("uncertainty-side", "value"),
        prevent_initial_call=True,
    )(draw_crossing)
    app.clientside_callback(
        ClientsideFunction("uncertainty", "address"),
        Output("uncertainty-usual", "data"),
        Input("uncertainty-indicator", "value"),
        Input("uncertainty-members", "value", allow_optional=True),
        Input("uncertainty-seed", "value", allow_optional=True),
        Input("uncertainty-side", "value"),
        Input("uncertainty-threshold", "value"),
        Input("uncertainty-level", "data"),
        State("uncertainty-usual", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("uncertainty", "visit"),
        Output("uncertainty-visited", "data"),
        Input("uncertainty-scenario", "value"),
        Input("uncertainty-portfolio", "value", allow_optional=True),
        Input("uncertainty-stored", "value", allow_optional=True),
        prevent_initial_call=True,
    )


def watch(
    _ticks: int | None, members: Any, seed: Any, stored: Any, plan: str, visitor: str
) -> tuple[Any, bool, Any, Any]:
    """Look how far the runs are: progress, whether to stop asking, what is ready, what is said aloud."""
    query = EnsembleQuery.of_controls(plan, members=members, seed=seed, stored=stored)
    if not re.fullmatch(r"[0-9a-f]{32}", str(visitor)):
        return no_update, True, no_update, no_update
    try:
        progress = look(query, str(visitor))
    except InputError as error:
        progress = Progress("failed", str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is: a page that goes on asking waits for good
        _log.exception("The progress of an ensemble cannot be read")
        progress = Progress("failed", UNEXPECTED.format(type(error).__name__))
    if progress.kind == "done":
        ready = {"members": str(query.members), "seed": str(query.seed), "stored": query.stored}
        return [], True, ready, "The runs are done; the charts show them."
    if progress.kind == "failed":
        return html.P(progress.words, className="failed", role="alert"), True, no_update, ""
    aloud = no_update if ctx.triggered_id == "uncertainty-tick" else "Running the model many times."
    return progress_bar(progress), False, no_update, aloud


def progress_bar(progress: Progress) -> list[Any]:
    """Show what is being done and how many runs are done."""
    count = f": {progress.done:,} of {progress.total:,} runs" if progress.total else " …"
    known: dict[str, Any] = (
        {"value": str(progress.done), "max": str(progress.total)} if progress.total else {}
    )
    return [
        html.P(f"{progress.words}{count}"),
        html.Progress(**known, **aria(label="Runs that are done")),
    ]


def draw_indicator(ready: dict[str, str], plan: str, key: str) -> tuple[Any, Any]:
    """Show where the runs lie, and which numbers matter most."""
    query, ensemble = _ensemble(ready, plan, indicator=key)
    if ensemble is None:
        return sections.card(AGAIN), []
    indicator = ANSWERED[query.indicator]
    return sections.range_part(ensemble, indicator), sections.numbers_part(ensemble, indicator, query.request)


def draw_rest(ready: dict[str, str], plan: str) -> tuple[Any, Any]:
    """Show when the plan breaks even, and what is drawn."""
    _, ensemble = _ensemble(ready, plan)
    return ([], []) if ensemble is None else (sections.money_part(ensemble), sections.about_part(ensemble))


def level(ready: dict[str, str], plan: str, indicator: str, typed: Any) -> tuple[Any, str, Any]:
    """Give the box of the threshold its unit and, where nothing was typed for this indicator, a number."""
    query, ensemble = _ensemble(ready, plan, indicator=indicator, threshold=typed)
    each = ANSWERED[query.indicator]
    label = threshold_label(each.title, each.axis_unit)
    if ensemble is None:
        return no_update, label, no_update
    usual = default_threshold(ensemble, each)
    another = ctx.triggered_id == "uncertainty-indicator" or query.threshold is None
    return (usual if another else no_update), label, usual


def draw_crossing(ready: dict[str, str], plan: str, indicator: str, typed: Any, side: str) -> Any:
    """Show how many runs cross the threshold, and in how many the plan is better."""
    query, ensemble = _ensemble(ready, plan, indicator=indicator, threshold=typed, side=side)
    if ensemble is None:
        return no_update
    return sections.crossing_part(ensemble, ANSWERED[query.indicator], query.threshold, query.side)


def _ensemble(ready: Any, plan: str, **values: Any) -> tuple[EnsembleQuery, Ensemble | None]:
    """Return query and their ensemble; None where it is not there (any more)."""
    runs = {key: ready.get(key) for key in RUNS} if isinstance(ready, dict) else {}
    query = EnsembleQuery.of_controls(plan, **values, **runs)
    try:
        return query, ensemble_of(query) if runs else None
    except (OSError, InputError):
        return query, None


PAGE = Page("/uncertainty", "Uncertainty", QUESTION, layout, register)

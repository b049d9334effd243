"""What is on the page: the plan, what to draw and to look at, and room for the answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria, data
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.number_files import buttons
from dudley_dashboard.page import root
from dudley_dashboard.pages.uncertainty.asked import (
    KEYS,
    LARGEST_SEED,
    SIDES,
    SIZES,
    Asked,
    read_asked,
)
from dudley_dashboard.pages.uncertainty.measures import BY_KEY, unit_of
from dudley_dashboard.pages.uncertainty.stored import stores
from dudley_dashboard.plan import Plan
from dudley_dashboard.view import View, search_of
from dudley_sd.ensembles.band import MEMBERS, SEED
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

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


def layout(view: View) -> html.Div:
    """Show controls at once; the answer follows when its runs are done."""
    asked = read_asked(view)
    notes = [html.P(note) for note in asked.notes]
    head: list[Component] = [
        html.H1("Uncertainty"),
        html.P(QUESTION, className="uncertainty-question"),
        html.Div(notes, className="notes uncertainty-notes", role="status"),
    ]
    return html.Div(
        [
            *head,
            choices(asked),
            *([] if asked.stored else [plan_words(asked.plan)]),
            html.P(CAUTION, className="uncertainty-caution"),
            *_hidden(asked),
            html.Div(id="uncertainty-progress", className="uncertainty-progress"),
            html.P("", id="uncertainty-said", className="hidden-words", role="status"),
            html.Div(html.P(WORKING), id="uncertainty-range", className="uncertainty-room"),
            html.Section(
                [
                    html.H2("Does it cross a line?", id="uncertainty-line"),
                    threshold(asked),
                    html.Div(id="uncertainty-crossing", className="uncertainty-pair"),
                ],
                id="uncertainty-threshold-section",
                **aria(labelledby="uncertainty-line"),
            ),
            html.Div(id="uncertainty-money"),
            html.Div(id="uncertainty-numbers"),
            html.Div(id="uncertainty-about"),
            buttons("uncertainty", search_of(view.plan, view.rest)),
        ],
        className="uncertainty",
    )


def plan_words(plan: Plan) -> html.P:
    """Say what else the plan of the address is, and where to change it."""
    known = catalogue()
    area, contract = known.footprints[plan.footprint].name, known.contracts[plan.contract].title
    own = [f"{name} = {value:g}" for name, value in plan.levers.items()]
    told = f"Plan for {area}, contract {contract.lower()}"
    more = f", and set by you, the same in every run: {'; '.join(own)}. " if own else ". "
    here = root()
    return html.P(
        [told + more, html.A("Change it in Explore", href=f"{here}{search_of(plan)}", **data(page=here))],
        className="uncertainty-plan",
    )


def choices(asked: Asked) -> html.Div:
    """Choose the future and portfolio, the measure, and which runs."""
    known = catalogue()
    portfolios = {
        key: "No portfolio" if key == NO_PORTFOLIO else each.title for key, each in known.portfolios.items()
    }
    controls: list[Component] = [
        select("measure", "Measure", {key: each.title for key, each in BY_KEY.items()}, asked.measure),
        select(
            "scenario",
            "Future",
            {key: each.title for key, each in known.scenarios.items()},
            asked.plan.scenario,
        ),
    ]
    if not asked.stored:
        controls.append(select("portfolio", "Portfolio", portfolios, asked.plan.portfolio))
    if stores():
        offered = {"": "Draw now"} | {name: f"Stored: {name}" for name in stores()}
        controls.append(select("stored", "Runs", offered, asked.stored))
    if not asked.stored:
        controls += [
            select(
                "members", "How many runs", {str(size): f"{size:,}" for size in SIZES}, str(asked.members)
            ),
            dmc.NumberInput(
                id="uncertainty-seed",
                label="Seed (which draws)",
                value=asked.seed,
                min=0,
                max=LARGEST_SEED,
                allowDecimal=False,
                allowNegative=False,
                debounce=600,
                clampBehavior="strict",
            ),
        ]
    return html.Div(
        controls, className="uncertainty-choices no-print", role="group", **aria(label="What to show")
    )


def select(key: str, label: str, titles: Mapping[str, str], value: str) -> dmc.Select:
    """Choose one of a list."""
    options = [{"value": name, "label": title} for name, title in titles.items()]
    return dmc.Select(id=f"uncertainty-{key}", label=label, data=options, value=value, allowDeselect=False)


def threshold(asked: Asked) -> html.Div:
    """Type a level that the measure may cross, and choose the side."""
    measure = BY_KEY[asked.measure]
    return html.Div(
        [
            dmc.NumberInput(
                id="uncertainty-threshold",
                label=threshold_label(measure.title, unit_of(measure)),
                description="It starts at the middle of the runs in 2033; type your own.",
                inputWrapperOrder=["label", "input", "description", "error"],
                value=asked.threshold,
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
                        value=asked.side,
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


def _hidden(asked: Asked) -> list[Any]:
    """Return what the callbacks keep in the browser."""
    usual = {"measure": "gp_gap", "members": str(MEMBERS), "seed": SEED, "side": SIDES[0], "stored": ""}
    return [
        dcc.Store(id="uncertainty-plan", data=search_of(asked.plan)),
        dcc.Store(id="uncertainty-visitor", data=uuid.uuid4().hex),
        dcc.Store(id="uncertainty-ready"),
        dcc.Store(id="uncertainty-usual", data={"keys": list(KEYS), "values": usual}),
        dcc.Store(id="uncertainty-level"),
        dcc.Store(id="uncertainty-visited"),
        dcc.Interval(id="uncertainty-tick", interval=OFTEN),
    ]

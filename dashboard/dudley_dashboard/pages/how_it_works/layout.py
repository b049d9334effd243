"""What is on the page on how the model works."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria
from dudley_dashboard.number_files import buttons
from dudley_dashboard.pages.how_it_works.asked import Asked, read_asked
from dudley_dashboard.pages.how_it_works.examine import SIGNS, TESTS, state_of
from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.map_section import choices, map_words, pictures
from dudley_dashboard.pages.how_it_works.numbers import (
    MEANING,
    ROWS_SHOWN,
    counts,
    found_rows,
    said_of,
    table_of,
)
from dudley_dashboard.pages.how_it_works.told import tests_told
from dudley_dashboard.pages.how_it_works.variable import panel
from dudley_dashboard.view import View, search_of
from dudley_sd.inputs.counted_numbers import NOT_COUNTED, count_assumptions
from dudley_sd.places import inputs_folder

QUESTION = "What acts on what, how is each thing worked out, and where does each number come from?"
ASKS_AGAIN = 1500
"""Milliseconds between two looks at an examination that is running."""


def layout(view: View) -> html.Div:
    """Show the page that an address asks for."""
    asked = read_asked(view.rest)
    jumps = (
        ("Map", "model-map"),
        ("Variable", "model-variable"),
        ("Numbers", "model-numbers"),
        ("Tests", "model-tests"),
    )
    return html.Div(
        [
            html.H1("How it works"),
            html.P(QUESTION),
            html.Nav(
                [html.A(name, href=f"#{place}") for name, place in jumps],
                className="model-jumps",
                **aria(label="On this page"),
            ),
            html.Div(notes(asked), id="model-notes", className="notes model-notes", role="status"),
            html.Section(
                [
                    html.Details(
                        [
                            html.Summary("Choose a loop or a sector"),
                            html.Div(choices(view, asked), id="model-choices"),
                        ],
                        id="model-choose",
                        open=True,
                    ),
                    html.Div(map_words(view, asked), id="model-map-words"),
                ],
                id="model-map",
                className="model-map",
                **aria(labelledby="model-map-title"),
            ),
            dcc.Store(id="model-pictures", data=pictures(view, asked)),
            html.Section(
                [
                    html.H2("A variable"),
                    _search(asked),
                    html.Div(panel(view, asked), id="model-panel"),
                ],
                id="model-variable",
            ),
            _numbers(view, asked),
            html.Section(
                [
                    html.H2("How was the model tested?"),
                    html.Div(tests_told(state_of(TESTS)), id="model-told"),
                ],
                id="model-tests",
            ),
            dcc.Interval(id="model-clock", interval=ASKS_AGAIN, disabled=not waits(asked)),
        ],
        id="model-page",
        className="model",
    )


def waits(asked: Asked) -> bool:
    """Whether something that the page shows is still being worked out."""
    return state_of(TESTS).running or (bool(asked.loop) and state_of(SIGNS).result is None)


def notes(asked: Asked) -> list[Component]:
    """Say what was not understood."""
    return [html.P(note) for note in asked.notes]


def _listed(parts: list[list[Any]]) -> list[Any]:
    """Return parts with commas between."""
    return [each for number, part in enumerate(parts) for each in ([", "] if number else []) + part]


def _search(asked: Asked) -> dmc.Select:
    variables = knowledge().catalogue.model.variables.values()
    return dmc.Select(
        id="model-search",
        label="Find a variable by its name",
        data=[{"value": each.key, "label": each.name} for each in variables if not each.control],
        value=asked.variable or None,
        placeholder="GP WTE",
        searchable=True,
        limit=40,
        nothingFoundMessage="No variable has that in its name",
        maw=460,
    )


def _numbers(view: View, asked: Asked) -> html.Section:
    rows, known = found_rows(asked.find, asked.status), counts()
    tally = [[html.Strong(f"{count} {status}"), f" ({MEANING[status]})"] for status, count in known.items()]
    assumed, numbers = count_assumptions(inputs_folder())
    return html.Section(
        [
            html.H2("Where do the numbers come from?"),
            html.P(
                [
                    html.Strong(f"{assumed} of the model's {numbers} numbers are assumptions. "),
                    f"{NOT_COUNTED}. The table below also has those; its {sum(known.values())} rows are ",
                    *_listed(tally),
                    ".",
                ]
            ),
            html.P("Type a figure or a word, as it comes to mind: 168, GP, mortality, A&E."),
            html.Div(
                [
                    dmc.TextInput(
                        id="model-find",
                        label="Search the numbers",
                        value=asked.find,
                        debounce=200,
                        placeholder="168",
                    ),
                    dmc.Select(
                        id="model-status",
                        label="How it is known",
                        data=[{"value": "", "label": f"all ({sum(counts().values())})"}]
                        + [{"value": s, "label": f"{s} ({n}): {MEANING[s]}"} for s, n in counts().items()],
                        value=asked.status,
                        allowDeselect=False,
                    ),
                ],
                className="model-finders",
            ),
            html.P(said_of(rows, ROWS_SHOWN, asked.find, asked.status), id="model-found", role="status"),
            html.Div(table_of(view, rows.head(ROWS_SHOWN)), id="model-table"),
            buttons("model", search_of(view.plan, view.rest)),
            html.Button(
                "Show more",
                id="model-more",
                className="plain",
                type="button",
                n_clicks=0,
                hidden=len(rows) <= ROWS_SHOWN,
            ),
        ],
        id="model-numbers",
    )

"""What is on the page on how the model works."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria
from dashboard.pages.how_it_works import maps
from dashboard.pages.how_it_works.asked import Asked, href, read_asked
from dashboard.pages.how_it_works.examine import SIGNS, TESTS, State, start, state_of
from dashboard.pages.how_it_works.knowledge import knowledge
from dashboard.pages.how_it_works.loops import Link, Ways, find_loop, ordered, ways_of
from dashboard.pages.how_it_works.numbers import MEANING, ROWS_SHOWN, counts, found_rows, said_of, table_of
from dashboard.pages.how_it_works.told import tests_told
from dashboard.pages.how_it_works.variable import panel
from dashboard.pages.how_it_works.words import (
    FOCUS_MAP,
    loop_words,
    sectors_in_words,
    variables_of,
    way_in_words,
)
from dashboard.view import View
from dudley_sd.describe.loops_file import Loop

QUESTION = "What acts on what, how is each thing worked out, and where does each number come from?"
OVERVIEW = (
    "An arrow says that something in one sector acts on something in another: the thicker, the more links. "
    "Choose a sector to see its variables, or a loop to follow it round. Indicators read from nearly all "
    "sectors; those arrows are left out."
)
LEGEND = (
    "Square boxes are stocks, six-sided ones flows, dashed ones lagged values; thick arrows move people, "
    "staff or money, thin ones carry influence. What only passes something on is drawn through; what comes "
    "from other sectors is told with each variable."
)
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
                    html.H2("Is it fit to be argued with?"),
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


def choices(view: View, asked: Asked) -> list[Component]:
    """List loops and sectors as links, beside the picture."""
    loops = [
        _choice(
            f"{loop.name}: {loop.title}" if len(loop.name) == 2 else loop.name,
            href(view, loop=loop.name, sector=""),
            asked.loop == loop.name,
        )
        for loop in ordered()
    ]
    catalogue = knowledge().catalogue
    sectors = [
        _choice(
            f"{group} ({len(catalogue.in_group(group))})", href(view, sector=group), asked.sector == group
        )
        for group in catalogue.model.groups
        if catalogue.in_group(group)
    ]
    whole = _choice("The whole system", href(view, sector="", loop=""), not (asked.loop or asked.sector))
    return [
        html.Ul([whole], className="model-list"),
        html.P("Loops and chains", className="model-list-name", id="model-loops-name"),
        html.Ul(loops, className="model-list", **aria(labelledby="model-loops-name")),
        html.P("Sectors, and how many variables", className="model-list-name", id="model-sectors-name"),
        html.Ul(sectors, className="model-list", **aria(labelledby="model-sectors-name")),
    ]


def ways_asked(asked: Asked) -> tuple[Ways, dict[str, Any] | None]:
    """Return the ways round the loop that is chosen, and all signs once they are known: asks for them."""
    loop = find_loop(asked.loop) if asked.loop else None
    if loop is None:
        return (), None
    state: State = start(SIGNS)
    signs = state.result["loops"] if state.result else None
    return ways_of(loop, signs), signs


def pictures(view: View, asked: Asked) -> list[dict[str, Any]]:
    """Return what the browser draws, each wide and narrow."""
    ways, _ = ways_asked(asked)

    def link(**changes: str) -> str:
        return href(view, **changes)

    drawn: list[dict[str, Any]] = []
    if asked.sector:
        whole = maps.sector(link, asked.sector, ways).as_json()
        drawn.append({maps.WIDE: whole, maps.NARROW: whole})
    else:
        drawn.append({size: maps.overview(link, ways, size).as_json() for size in (maps.WIDE, maps.NARROW)})
    loop = find_loop(asked.loop) if asked.loop else None
    if loop is not None:
        closed = loop.kind != "chain"
        drawn += [
            {
                size: maps.ring(link, way, loop.name, closed, size).as_json()
                for size in (maps.WIDE, maps.NARROW)
            }
            for way in ways
        ]
    return drawn


def map_words(view: View, asked: Asked) -> list[Component]:
    """Say what is shown; the places for the pictures, each with the same in words."""
    ways, signs = ways_asked(asked)
    loop = find_loop(asked.loop) if asked.loop else None
    said: list[Component] = [html.H2(_heading(asked, loop), id="model-map-title", tabIndex=-1)]
    said += loop_words(asked.loop, signs)
    kind = "chain" if loop is not None and loop.kind == "chain" else "loop"
    said += [_way(view, way, number, len(ways), kind) for number, way in enumerate(ways, start=1)]
    if asked.sector:
        if loop is not None:
            said.append(html.H3(f"In the sector {asked.sector}"))
        said.append(html.P(knowledge().sentences.get(asked.sector, "")))
        listed = [html.Summary("All variables of this sector, in words"), variables_of(view, asked.sector)]
        return [
            *said,
            _place(0, f"Picture of the sector {asked.sector}"),
            html.P(LEGEND),
            html.Details(listed),
        ]
    said.append(html.P(OVERVIEW) if loop is None else html.H3(f"Which sectors the {kind} runs through"))
    table = [html.Summary("The links between sectors, as a table"), sectors_in_words(ways)]
    return [*said, _place(0, "Picture of the sectors"), html.Details(table)]


def _heading(asked: Asked, loop: Loop | None) -> str:
    if loop is None:
        return asked.sector or "The whole system"
    return f"{loop.name}: {loop.title}" if len(loop.name) == 2 else loop.name[0].upper() + loop.name[1:]


def _way(view: View, way: tuple[Link, ...], number: int, of: int, kind: str) -> html.Div:
    """Return the place for the picture of one way round, and beside it the same as a list."""
    title = f"The {kind}, link by link" if of == 1 else f"Way {number} of {of}, link by link"
    words = html.Div([html.H4("The same in words"), way_in_words(view, way)])
    return html.Div(
        [html.H3(title), html.Div([_place(number, f"Picture: {title}"), words], className="model-way")]
    )


def _listed(parts: list[list[Any]]) -> list[Any]:
    """Return parts with commas between."""
    return [each for number, part in enumerate(parts) for each in ([", "] if number else []) + part]


def _place(number: int, label: str) -> html.Div:
    return html.Div(
        id=f"model-picture-{number}", className="model-picture", role="group", **aria(label=label)
    )


def _choice(text: str, address: str, here: bool) -> html.Li:
    current = aria(current="true") if here else {}
    return html.Li(html.A(text, href=address, className="model-link", **FOCUS_MAP, **current))


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
    return html.Section(
        [
            html.H2("Where do the numbers come from?"),
            html.P([f"The model has {sum(known.values())} numbers: ", *_listed(tally), "."]),
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

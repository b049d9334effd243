"""The map: what is drawn of sectors and loops, and the same in words."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria
from dudley_dashboard.pages.how_it_works import maps
from dudley_dashboard.pages.how_it_works.asked import Asked, href
from dudley_dashboard.pages.how_it_works.examine import SIGNS, State, start
from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.loops import Link, Ways, find_loop, ordered, ways_of
from dudley_dashboard.pages.how_it_works.words import (
    FOCUS_MAP,
    loop_words,
    sectors_in_words,
    variables_of,
    way_in_words,
)
from dudley_dashboard.view import View
from dudley_sd.describe.loops_file import Loop

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


def _place(number: int, label: str) -> html.Div:
    return html.Div(
        id=f"model-picture-{number}", className="model-picture", role="group", **aria(label=label)
    )


def _choice(text: str, address: str, here: bool) -> html.Li:
    current = aria(current="true") if here else {}
    return html.Li(html.A(text, href=address, className="model-link", **FOCUS_MAP, **current))

"""The map in words: names, stories of loops, and lists that a keyboard and a screen reader can walk."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component
from sdcompile.describe.loops import Loop
from sdcompile.describe.pictures import sector_links

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.how_it_works import maps
from dudley_dashboard.pages.how_it_works.data import (
    Link,
    ModelQuery,
    Ways,
    find_loop,
    loops_file,
    loops_in_order,
    model_tables,
    name_text,
    ways_round,
)
from dudley_dashboard.pages.how_it_works.model_tests import SIGNS, State, start
from dudley_dashboard.parts import aria, data, table

STORIES = {
    "R1": "Fewer GPs see the same patients, so each carries more. Some then leave earlier or work fewer "
    "sessions, which leaves even fewer.",
    "R2": "Who is not seen on the day goes to A&E, or gets worse and is admitted. Hospital care is paid "
    "for out of the same purse, so less is left for practices, and fewer are seen on the day.",
    "R3": "Care that is meant to move finds no staff and stays in hospital. The money stays with it, "
    "community posts are not paid for, and the next care to move finds no staff either.",
    "R4": "Empty posts are carried by those who stay. The load drives some of them out, which empties "
    "more posts.",
    "R5": "With fewer GPs a head, people see a doctor who knows them less often. More people with "
    "long-term conditions then become complex, and complex people need more of the practice.",
    "R6": "Care that lands in the community is no longer paid for in hospital, and that money pays for "
    "posts on which more care can land.",
    "R7": "Where formal care is short, families care more. Some give up work or give up caring, and "
    "formal care is shorter still.",
    "R8": "People on a long list get worse as they wait. Some are admitted in an emergency, the "
    "hospital fills, and the list grows.",
    "R9": "A hospital in deficit cuts posts. With fewer staff it treats fewer planned patients and "
    "earns less, and the deficit grows.",
    "B1": "An employer with empty posts hires harder, and takes people from the others. More join, and "
    "fewer posts are empty.",
    "B2": "Long waits put people off. Fewer are referred, more give up, and the list stops growing.",
    "B3": "A full hospital cancels planned operations, which frees beds.",
    "B4": "In a full hospital people go home sooner and fewer are admitted, which frees beds. Some come "
    "back.",
    "B5": "Who runs short of money takes away posts and lowers prices, so that spending comes back to "
    "what there is.",
    "shift relieves hospital": "Care that is moved and lands no longer needs the hospital. This does "
    "not come back to its start by itself.",
    "prevention lowers onset, late": "Prevention lowers how many fall ill, some after about three "
    "years, most after about ten.",
}
"""By name in ``models/loops.toml``; a loop without one is told by its title and its links."""

KINDS = {
    "reinforcing": "Reinforcing: a change goes round and comes back larger.",
    "balancing": "Balancing: a change goes round and is held back.",
    "chain": "A chain, not a loop: its end does not lead back to its start.",
}


ACTS = {
    "+": "moves the same way",
    "−": "moves the other way",
    "±": "moves one way for some elements or years and the other way for others",
    "0": "does not move in the run that was looked at",
    "": "follows",
}
FOCUS_VARIABLE, FOCUS_MAP = data(focus="model-variable-title"), data(focus="model-map-title")
ASLEEP = (
    "In the run that was looked at this loop is asleep: one of its links does not answer there. It wakes "
    "where the conditions in the note above hold."
)


def loop_text(name: str, signs: dict[str, Any] | None) -> list[Component]:
    """Tell what a loop does, what kind it is, and what was found of it."""
    loop = find_loop(name)
    if loop is None:
        return []
    parts: list[Component] = []
    if loop.name in STORIES:
        parts.append(html.P(STORIES[loop.name], className="model-story"))
    parts.append(html.P(KINDS[loop.kind]))
    if loop.note:
        parts.append(html.P(loop.note.replace("`", ""), className="model-small"))
    if signs is None:
        parts.append(html.P("The sign of each link is being worked out by running the model; a few seconds."))
        return parts
    found = signs.get(loop.name, {"signs": [], "pinned": None})
    if "0" in found["signs"]:
        parts.append(html.P(ASLEEP))
    if found["pinned"]:
        parts.append(
            html.P(f"Its switch, {loop.switch}, cuts it: at 0, {loop.closing} keeps to its own trend.")
        )
    run = loops_file()
    known = catalogue()
    scenario, portfolio = known.scenarios[run.scenario].title, known.portfolios[run.portfolio].title
    parts.append(
        html.P(
            f"Signs are those of the run {scenario}, left-shift portfolio “{portfolio}”, at every mid-year: "
            "+ the next moves the same way, − the other way, ± some years or elements one way and some the "
            "other, 0 it does not answer.",
            className="model-small",
        )
    )
    return parts


def way_text(query: ModelQuery, way: tuple[Link, ...]) -> html.Ol:
    """Tell one way round, a step for each link."""
    return html.Ol([html.Li(_step(query, link)) for link in way], className="model-steps")


def sectors_text(ways: Ways) -> html.Div:
    """Count the links between sectors in a table; those on the loop that is chosen are marked by a word."""
    variables = model_tables().catalogue.model.variables
    taken = {
        (variables[link.source_key].group, variables[link.target_key].group) for way in ways for link in way
    }
    rows = [
        [source, target, str(count), "yes" if (source, target) in taken else ""]
        for (source, target), count in sector_links(model_tables().catalogue).items()
    ]
    return table("Links between sectors", ["From", "To", "Links", "On the loop"], rows)


def variables_of(query: ModelQuery, sector: str) -> html.Ul:
    """List every variable of a sector with its sentence."""
    items = []
    for variable in model_tables().catalogue.in_group(sector):
        link = html.A(
            variable.name, href=query.href(variable=variable.key), className="model-link", **FOCUS_VARIABLE
        )
        items.append(html.Li([link, f": {variable.sentence}"]))
    return html.Ul(items, className="model-variables")


def _step(query: ModelQuery, link: Link) -> list[Any]:
    names = [
        html.A(name_text(name), href=query.href(variable=key), className="model-link", **FOCUS_VARIABLE)
        for name, key in ((link.source, link.source_key), (link.target, link.target_key))
    ]
    sign = [html.Strong(link.sign, className="model-sign"), " "] if link.sign else []
    return [*sign, names[0], " → ", names[1], f": it {ACTS[link.sign]}"]


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


def choice_links(query: ModelQuery) -> list[Component]:
    """List loops and sectors as links, beside the picture."""
    loops = [
        _choice(
            f"{loop.name}: {loop.title}" if len(loop.name) == 2 else loop.name,
            query.href(loop=loop.name, sector=""),
            query.loop == loop.name,
        )
        for loop in loops_in_order()
    ]
    catalogue = model_tables().catalogue
    sectors = [
        _choice(
            f"{group} ({len(catalogue.in_group(group))})", query.href(sector=group), query.sector == group
        )
        for group in catalogue.model.groups
        if catalogue.in_group(group)
    ]
    whole = _choice("The whole system", query.href(sector="", loop=""), not (query.loop or query.sector))
    return [
        html.Ul([whole], className="model-list"),
        html.P("Loops and chains", className="model-list-name", id="model-loops-name"),
        html.Ul(loops, className="model-list", **aria(labelledby="model-loops-name")),
        html.P("Sectors, and how many variables", className="model-list-name", id="model-sectors-name"),
        html.Ul(sectors, className="model-list", **aria(labelledby="model-sectors-name")),
    ]


def ways_chosen(query: ModelQuery) -> tuple[Ways, dict[str, Any] | None]:
    """Return the ways round the loop that is chosen, and all signs once they are known: asks for them."""
    loop = find_loop(query.loop) if query.loop else None
    if loop is None:
        return (), None
    state: State = start(SIGNS)
    signs = state.result["loops"] if state.result else None
    return ways_round(loop, signs), signs


def pictures(query: ModelQuery) -> list[dict[str, Any]]:
    """Return what the browser draws, each wide and narrow."""
    ways, _ = ways_chosen(query)
    drawn: list[dict[str, Any]] = []
    sizes = (maps.WIDE, maps.NARROW)
    if query.sector:
        drawn.append(dict.fromkeys(sizes, maps.sector(query.href, query.sector, ways).as_json()))
    else:
        drawn.append({size: maps.overview(query.href, ways, size).as_json() for size in sizes})
    loop = find_loop(query.loop) if query.loop else None
    if loop is not None:
        closed = loop.kind != "chain"
        drawn += [
            {size: maps.ring(query.href, way, loop.name, closed, size).as_json() for size in sizes}
            for way in ways
        ]
    return drawn


def map_text(query: ModelQuery) -> list[Component]:
    """Say what is shown; the places for the pictures, each with the same in words."""
    ways, signs = ways_chosen(query)
    loop = find_loop(query.loop) if query.loop else None
    parts: list[Component] = [html.H2(_heading(query, loop), id="model-map-title", tabIndex=-1)]
    parts += loop_text(query.loop, signs)
    kind = "chain" if loop is not None and loop.kind == "chain" else "loop"
    parts += [_way_round(query, way, number, len(ways), kind) for number, way in enumerate(ways, start=1)]
    if query.sector:
        if loop is not None:
            parts.append(html.H3(f"In the sector {query.sector}"))
        parts.append(html.P(model_tables().sentences.get(query.sector, "")))
        listed = [html.Summary("All variables of this sector, in words"), variables_of(query, query.sector)]
        return [
            *parts,
            _picture_place(0, f"Picture of the sector {query.sector}"),
            html.P(LEGEND),
            html.Details(listed),
        ]
    parts.append(html.P(OVERVIEW) if loop is None else html.H3(f"Which sectors the {kind} runs through"))
    table = [html.Summary("The links between sectors, as a table"), sectors_text(ways)]
    return [*parts, _picture_place(0, "Picture of the sectors"), html.Details(table)]


def _heading(query: ModelQuery, loop: Loop | None) -> str:
    if loop is None:
        return query.sector or "The whole system"
    return f"{loop.name}: {loop.title}" if len(loop.name) == 2 else loop.name[0].upper() + loop.name[1:]


def _way_round(query: ModelQuery, way: tuple[Link, ...], number: int, of: int, kind: str) -> html.Div:
    """Return the place for the picture of one way round, and beside it the same as a list."""
    title = f"The {kind}, link by link" if of == 1 else f"Way {number} of {of}, link by link"
    words = html.Div([html.H4("The same in words"), way_text(query, way)])
    return html.Div(
        [
            html.H3(title),
            html.Div([_picture_place(number, f"Picture: {title}"), words], className="model-way"),
        ]
    )


def _picture_place(number: int, label: str) -> html.Div:
    return html.Div(
        id=f"model-picture-{number}", className="model-picture", role="group", **aria(label=label)
    )


def _choice(text: str, address: str, here: bool) -> html.Li:
    current = aria(current="true") if here else {}
    return html.Li(html.A(text, href=address, className="model-link", **FOCUS_MAP, **current))

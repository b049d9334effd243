"""The pictures of the model in words: lists that a keyboard and a screen reader can walk."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import data
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.figures import numbers
from dudley_dashboard.pages.how_it_works.asked import href
from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.loops import Link, Ways, find_loop, loops_file
from dudley_dashboard.pages.how_it_works.names import spoken
from dudley_dashboard.pages.how_it_works.stories import KINDS, STORIES
from dudley_dashboard.view import View
from dudley_sd.describe.pictures import sector_links

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


def loop_words(name: str, signs: dict[str, Any] | None) -> list[Component]:
    """Tell what a loop does, what kind it is, and what was found of it."""
    loop = find_loop(name)
    if loop is None:
        return []
    said: list[Component] = []
    if loop.name in STORIES:
        said.append(html.P(STORIES[loop.name], className="model-story"))
    said.append(html.P(KINDS[loop.kind]))
    if loop.note:
        said.append(html.P(loop.note.replace("`", ""), className="model-small"))
    if signs is None:
        said.append(html.P("The sign of each link is being worked out by running the model; a few seconds."))
        return said
    found = signs.get(loop.name, {"signs": [], "pinned": None})
    if "0" in found["signs"]:
        said.append(html.P(ASLEEP))
    if found["pinned"]:
        said.append(html.P(f"Its switch, {loop.switch}, cuts it: at 0, {loop.closing} stays as in 2018."))
    run = loops_file()
    known = catalogue()
    scenario, portfolio = known.scenarios[run.scenario].title, known.portfolios[run.portfolio].title
    said.append(
        html.P(
            f"Signs are those of the run {scenario}, left-shift portfolio “{portfolio}”, at every mid-year: "
            "+ the next moves the same way, − the other way, ± some years or elements one way and some the "
            "other, 0 it does not answer.",
            className="model-small",
        )
    )
    return said


def way_in_words(view: View, way: tuple[Link, ...]) -> html.Ol:
    """Tell one way round, a step for each link."""
    return html.Ol([html.Li(_step(view, link)) for link in way], className="model-steps")


def sectors_in_words(ways: Ways) -> html.Div:
    """Count the links between sectors in a table; those on the loop that is chosen are marked by a word."""
    variables = knowledge().catalogue.model.variables
    taken = {
        (variables[link.source_key].group, variables[link.target_key].group) for way in ways for link in way
    }
    rows = [
        [source, target, str(count), "yes" if (source, target) in taken else ""]
        for (source, target), count in sector_links(knowledge().catalogue).items()
    ]
    return numbers(["From", "To", "Links", "On the loop"], rows, "Links between sectors")


def variables_of(view: View, sector: str) -> html.Ul:
    """List every variable of a sector with its sentence."""
    items = []
    for variable in knowledge().catalogue.in_group(sector):
        link = html.A(
            variable.name, href=href(view, variable=variable.key), className="model-link", **FOCUS_VARIABLE
        )
        items.append(html.Li([link, f": {variable.sentence}"]))
    return html.Ul(items, className="model-variables")


def _step(view: View, link: Link) -> list[Any]:
    names = [
        html.A(spoken(name), href=href(view, variable=key), className="model-link", **FOCUS_VARIABLE)
        for name, key in ((link.source, link.source_key), (link.target, link.target_key))
    ]
    sign = [html.Strong(link.sign, className="model-sign"), " "] if link.sign else []
    return [*sign, names[0], " → ", names[1], f": it {ACTS[link.sign]}"]

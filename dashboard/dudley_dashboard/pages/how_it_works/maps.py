"""The pictures of the model: its sectors, the variables of one, and each way round a loop."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Sequence

from sdcompile.read.model import Variable

from dudley_dashboard.pages.how_it_works.columns import across
from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.layers import Layers, layered
from dudley_dashboard.pages.how_it_works.loops import Link, Ways
from dudley_dashboard.pages.how_it_works.names import spoken
from dudley_dashboard.pages.how_it_works.picture import BOX_HEIGHT, BOX_WIDTH, Arrow, Box, Picture, broken
from dudley_dashboard.pages.how_it_works.rings import in_rows, round_a_rectangle, sheet
from dudley_sd.describe.catalogue import MEMORY
from dudley_sd.describe.pictures import key_variables, sector_arrows, sector_links
from dudley_sd.describe.sectors import READERS

Href = Callable[..., str]
"""Address of the same page with some keys changed."""

WIDE, NARROW = "wide", "narrow"
COLUMNS = {WIDE: 4, NARROW: 2}
OVAL = {WIDE: (1000.0, 640.0), NARROW: (400.0, 720.0)}
SMALL_BOX = (108.0, 50.0)
SIDE_BY_SIDE = 6
"""Boxes in a row of a sector; more are staggered."""

STEP_ACROSS, STEP_DOWN, STAND_IN = BOX_WIDTH + 26, BOX_HEIGHT + 58, 26.0
MARGIN = 16.0


def overview(href: Href, ways: Ways = (), size: str = WIDE) -> Picture:
    """Draw the sectors round an oval, with the links between them; those that a loop takes are marked.

    Sectors that only report are shown, the many arrows to them are not.
    """
    catalogue = knowledge().catalogue
    group = {key: variable.group for key, variable in catalogue.model.variables.items()}
    counted = sector_links(catalogue)
    taken = {(group[link.source_key], group[link.target_key]) for way in ways for link in way}
    visited = {name for pair in taken for name in pair}
    groups = [name for name in catalogue.model.groups if any(name in pair for pair in counted)]
    width, height = OVAL[size]
    box = (BOX_WIDTH, BOX_HEIGHT) if size == WIDE else SMALL_BOX
    boxes = [
        Box(
            key=name,
            lines=broken(name, 17 if size == WIDE else 12),
            x=x,
            y=y,
            kind="sector",
            href=href(sector=name),
            title=f"{name}: {knowledge().sentences.get(name, '')}",
            marked=name in visited,
            width=box[0],
            height=box[1],
        )
        for name, (x, y) in zip(groups, _round(len(groups), width, height, box, size), strict=True)
    ]
    arrows = tuple(
        Arrow(source, target, weight=count, marked=(source, target) in taken)
        for (source, target), count in counted.items()
        if target not in READERS or (source, target) in taken
    )
    title = f"{len(groups)} sectors and how they act on each other"
    return Picture("overview", title, width, height, tuple(boxes), arrows, bent=True)


def _round(
    count: int, width: float, height: float, box: tuple[float, float], size: str
) -> list[tuple[float, float]]:
    """Places round an oval; where it is narrow, down the right side and up the left, bulging."""
    reach = (width - box[0] - 2 * MARGIN) / 2, (height - box[1] - 2 * MARGIN) / 2
    angles = [2 * math.pi * number / count - math.pi / 2 for number in range(count)]
    if size == WIDE:
        return [
            (width / 2 + reach[0] * math.cos(angle), height / 2 + reach[1] * math.sin(angle))
            for angle in angles
        ]
    right = (count + 1) // 2
    places = []
    for number in range(count):
        side, at, of = (1, number, right) if number < right else (-1, count - 1 - number, count - right)
        share = (at + 0.5) / of * 2 - 1
        places.append((width / 2 + side * reach[0] * (1 - 0.35 * share**2), height / 2 + reach[1] * share))
    return places


def ring(href: Href, way: Sequence[Link], name: str, closed: bool, size: str = WIDE) -> Picture:
    """Draw one way round a loop, or along a chain: each link with its sign."""
    ends = [(link.source_key, link.source) for link in way]
    if not closed:
        ends.append((way[-1].target_key, way[-1].target))
    columns = COLUMNS[size]
    places = round_a_rectangle(len(ends), columns) if closed else in_rows(len(ends), columns)
    boxes = tuple(
        _box(href, key, text, place, number)
        for number, ((key, text), place) in enumerate(zip(ends, places, strict=True))
    )
    arrows = tuple(
        Arrow(boxes[number].key, boxes[(number + 1) % len(boxes)].key, link.sign, marked=True)
        for number, link in enumerate(way)
    )
    width, height = sheet(places)
    told = "round" if closed else "along"
    return Picture(name, f"{len(way)} links {told} {name}", width, height, boxes, arrows)


def sector(href: Href, name: str, ways: Ways = ()) -> Picture:
    """Draw the variables of a sector that connect it, arrows leading down; links of a loop are marked."""
    catalogue = knowledge().catalogue
    signs = {(link.source_key, link.target_key): link.sign for way in ways for link in way}
    visited = {key for pair in signs for key in pair}
    own = {variable.key for variable in catalogue.in_group(name)}
    kept = key_variables(catalogue, name, visited & own) or own
    keys = [key for key in catalogue.model.variables if key in kept]
    thick = sector_arrows(catalogue, name, kept)
    layers = layered(keys, list(thick))
    places, width, height = _places(layers)
    boxes = tuple(
        _box(href, key, catalogue.model.variables[key].name, places[key], None, key in visited)
        for key in keys
    )
    arrows = []
    for (source, target), moves in thick.items():
        # What drains a stock is drawn from the stock, though it acts on it.
        taken = (target, source) if moves and (source, target) not in signs else (source, target)
        through = tuple(places[stand_in] for stand_in in layers.between[source, target])
        arrows.append(
            Arrow(
                source,
                target,
                signs.get(taken, ""),
                moves,
                marked=taken in signs,
                through=through,
            )
        )
    return Picture(f"sector {name}", f"What acts on what in {name}", width, height, boxes, tuple(arrows))


def kind_of_box(variable: Variable) -> str:
    """How a variable is drawn: as stock, flow, lag or plain."""
    if variable.kind == "stock":
        return "stock"
    if knowledge().catalogue.is_flow(variable.key):
        return "flow"
    return "lag" if variable.kind in MEMORY else "plain"


def _box(
    href: Href, key: str, text: str, place: tuple[float, float], number: int | None, marked: bool = False
) -> Box:
    variable = knowledge().catalogue.model.variables[key]
    return Box(
        key=key if number is None else f"{number} {key}",
        lines=broken(spoken(text)),
        x=place[0],
        y=place[1],
        kind=kind_of_box(variable),
        href=href(variable=key),
        title=f"{spoken(text)}: {variable.sentence}",
        marked=marked,
    )


def _places(layers: Layers) -> tuple[dict[Hashable, tuple[float, float]], float, float]:
    """Return the middle of every box and stand-in, and the size of the sheet."""
    deep = [_lines(row) for row in layers.rows]
    widths = {
        node: STEP_ACROSS / lines if isinstance(node, str) else STAND_IN
        for row, lines in zip(layers.rows, deep, strict=True)
        for node in row
    }
    middles = across(layers.rows, layers.neighbours, widths)
    places: dict[Hashable, tuple[float, float]] = {}
    top = MARGIN + BOX_HEIGHT / 2
    for row, lines in zip(layers.rows, deep, strict=True):
        turns = itertools.cycle(range(lines))
        for node in row:
            down = next(turns) if isinstance(node, str) else (lines - 1) / 2
            places[node] = (middles[node], top + down * STEP_DOWN)
        top += lines * STEP_DOWN
    left = min(x for x, _ in places.values()) - BOX_WIDTH / 2 - MARGIN
    shifted = {node: (x - left, y) for node, (x, y) in places.items()}
    right = max(x for x, _ in shifted.values()) + BOX_WIDTH / 2 + MARGIN
    return shifted, right, top - STEP_DOWN + BOX_HEIGHT / 2 + MARGIN


def _lines(row: Sequence[Hashable]) -> int:
    """In how many lines the boxes of a row stand, so that it does not grow too wide."""
    return max(1, math.ceil(sum(isinstance(node, str) for node in row) / SIDE_BY_SIDE))

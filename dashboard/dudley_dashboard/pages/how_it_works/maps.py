"""Pictures of the model: its sectors, the variables of one, and ways round a loop, as boxes and arrows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

from sdcompile.describe.catalogue import MEMORY
from sdcompile.describe.pictures import key_variables, sector_arrows, sector_links
from sdcompile.read.model import Variable

from dudley_dashboard.pages.how_it_works.data import Link, Ways, model_tables, name_text
from dudley_dashboard.pages.how_it_works.layers import Layers, across, layered
from dudley_sd.model_pages import READERS

LETTERS = 18
"""Letters of a name that fit on a line of a box."""

LINES = 3
BOX_WIDTH, BOX_HEIGHT = 156.0, 62.0


@dataclass(frozen=True)
class Box:
    """A variable or a sector.

    Attributes
    ----------
    key
        What arrows call it.
    lines
        Its name, broken to fit.
    x, y
        Its middle.
    kind
        ``stock``, ``flow``, ``lag``, ``plain`` or ``sector``.
    href, title
        Where it leads to, and what a pointer or a screen reader is told.
    marked
        Whether it is on the loop that is chosen.
    """

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    kind: str
    href: str
    title: str
    marked: bool = False
    width: float = BOX_WIDTH
    height: float = BOX_HEIGHT


@dataclass(frozen=True)
class Arrow:
    """One variable, or one sector, acts on another.

    Attributes
    ----------
    source, target
        Keys of boxes.
    sign
        ``+``, ``−``, ``±``, ``0``, or empty where it is not known or not told.
    thick
        Whether people, staff or money move along it.
    weight
        How many links it stands for.
    marked
        Whether it is on the loop that is chosen.
    through
        Points that it passes between its ends.
    """

    source: str
    target: str
    sign: str = ""
    thick: bool = False
    weight: int = 1
    marked: bool = False
    through: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Picture:
    """Boxes and arrows on a sheet.

    Attributes
    ----------
    name, title
        Id, and what it shows, in a sentence.
    bent
        Whether arrows bend towards the middle: boxes then stand round it.
    """

    name: str
    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    bent: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the browser draws it."""
        return asdict(self)


def broken(name: str, letters: int = LETTERS, lines: int = LINES) -> tuple[str, ...]:
    """Break a name into lines of a box; what is too long ends in dots, and is whole in the title."""
    found = wrap(name, letters, break_long_words=False)
    if len(found) <= lines:
        return tuple(found)
    return (*found[: lines - 1], found[lines - 1][: letters - 1] + "…")


Point = tuple[float, float]

ACROSS, DOWN = BOX_WIDTH + 58, BOX_HEIGHT + 46
"""From one box to the next: there is room for an arrow and its sign."""

RING_MARGIN = 14.0


def round_a_rectangle(count: int, columns: int) -> list[Point]:
    """Return places clockwise round a rectangle, the first at the upper left.

    Parameters
    ----------
    count
        Boxes to place.
    columns
        How many stand side by side at most.

    Returns
    -------
    list of tuple
        Middle of each box. The last row may be open where the number is odd.
    """
    if count <= 2:
        return [_middle(0, row) for row in range(count)]
    wide = max(2, min(columns, (count + 1) // 2))
    inner = count - 2 * wide  # boxes on the two sides between the upper and the lower row
    right = max(0, (inner + 1) // 2)
    left = max(0, inner - right)
    last = right + 1
    places = [_middle(column, 0) for column in range(wide)]
    places += [_middle(wide - 1, row) for row in range(1, right + 1)]
    below = count - wide - right - left
    places += [_middle(wide - 1 - column, last) for column in range(below)]
    places += [_middle(0, last - row) for row in range(1, left + 1)]
    return places


def in_rows(count: int, columns: int) -> list[Point]:
    """Return places for a chain: along a row, back along the next, and so on."""
    places = []
    for number in range(count):
        row, column = divmod(number, columns)
        places.append(_middle(column if row % 2 == 0 else columns - 1 - column, row))
    return places


def sheet(places: list[Point]) -> tuple[float, float]:
    """Return width and height of the sheet that holds boxes at these places."""
    width = max(x for x, _ in places) + BOX_WIDTH / 2 + RING_MARGIN
    height = max(y for _, y in places) + BOX_HEIGHT / 2 + RING_MARGIN
    return width, height


def _middle(column: int, row: int) -> Point:
    return RING_MARGIN + BOX_WIDTH / 2 + column * ACROSS, RING_MARGIN + BOX_HEIGHT / 2 + row * DOWN


Href = Callable[..., str]
"""Address of the same page with some keys changed."""

WIDE, NARROW = "wide", "narrow"
COLUMNS = {WIDE: 4, NARROW: 2}
OVAL = {WIDE: (1100.0, 740.0), NARROW: (400.0, 720.0)}
SMALL_BOX = (108.0, 50.0)
SIDE_BY_SIDE = 6
"""Boxes in a row of a sector; more are staggered."""

STEP_ACROSS, STEP_DOWN, STAND_IN = BOX_WIDTH + 26, BOX_HEIGHT + 58, 26.0
MARGIN = 16.0


def overview(href: Href, ways: Ways = (), size: str = WIDE) -> Picture:
    """Draw the sectors round an oval, with the links between them; those that a loop takes are marked.

    Sectors that only report are shown, the many arrows to them are not.
    """
    catalogue = model_tables().catalogue
    group = {key: variable.group for key, variable in catalogue.model.variables.items()}
    counted = sector_links(catalogue)
    taken = {(group[link.source_key], group[link.target_key]) for way in ways for link in way}
    visited = {name for pair in taken for name in pair}
    groups = [name for name in catalogue.model.groups if any(name in pair for pair in counted)]
    width, height = OVAL[size]
    boxes = [
        Box(
            key=name,
            lines=broken(name, 12),
            x=x,
            y=y,
            kind="sector",
            href=href(sector=name),
            title=f"{name}: {model_tables().sentences.get(name, '')}",
            marked=name in visited,
            width=SMALL_BOX[0],
            height=SMALL_BOX[1],
        )
        for name, (x, y) in zip(
            groups, _round_an_oval(len(groups), width, height, SMALL_BOX, size), strict=True
        )
    ]
    arrows = tuple(
        Arrow(source, target, weight=count, marked=(source, target) in taken)
        for (source, target), count in counted.items()
        if target not in READERS or (source, target) in taken
    )
    title = f"{len(groups)} sectors and how they act on each other"
    return Picture("overview", title, width, height, tuple(boxes), arrows, bent=True)


def _round_an_oval(
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
    way_words = "round" if closed else "along"
    return Picture(name, f"{len(way)} links {way_words} {name}", width, height, boxes, arrows)


def sector(href: Href, name: str, ways: Ways = ()) -> Picture:
    """Draw the variables of a sector that connect it, arrows leading down; links of a loop are marked."""
    catalogue = model_tables().catalogue
    signs = {(link.source_key, link.target_key): link.sign for way in ways for link in way}
    visited = {key for pair in signs for key in pair}
    own = {variable.key for variable in catalogue.in_group(name)}
    kept = key_variables(catalogue, name, visited & own) or own
    keys = [key for key in catalogue.model.variables if key in kept]
    thick = sector_arrows(catalogue, name, kept)
    layers = layered(keys, list(thick))
    places, width, height = _positions(layers)
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
    if model_tables().catalogue.is_flow(variable.key):
        return "flow"
    return "lag" if variable.kind in MEMORY else "plain"


def _box(
    href: Href, key: str, text: str, place: tuple[float, float], number: int | None, marked: bool = False
) -> Box:
    variable = model_tables().catalogue.model.variables[key]
    return Box(
        key=key if number is None else f"{number} {key}",
        lines=broken(name_text(text)),
        x=place[0],
        y=place[1],
        kind=kind_of_box(variable),
        href=href(variable=key),
        title=f"{name_text(text)}: {variable.sentence}",
        marked=marked,
    )


def _positions(layers: Layers) -> tuple[dict[Hashable, tuple[float, float]], float, float]:
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

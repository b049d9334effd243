"""Colours, markers and lines of scenarios, the same in every picture."""

from __future__ import annotations

from dataclasses import dataclass

NHS_BLUE = "#005EB8"
PALE_BLUE = "#E8EDEE"
SHADE = "rgba(0, 94, 184, 0.14)"
INK = "#212B32"
GREY = "#4C6272"
LINE_GREY = "#768692"
GRID = "#D8DDE0"
LOW_COLOUR, HIGH_COLOUR = NHS_BLUE, "#B35F00"
"""Of bars of a number at the low and at the high end of its range, in every picture."""

BETTER_COLOUR, WORSE_COLOUR = "#00703C", "#C0271A"
"""Of a surplus or what is better, and of a deficit or what is worse; a word always stands with the colour."""

FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Look:
    """How a scenario is drawn: never by colour alone.

    Attributes
    ----------
    colour
        Blue, crimson and teal of the NHS palette or close to it, and its orange darkened. Each is readable as
        text on white (4.5 to 1), and any two differ for the three kinds of colour blindness.
    dash, symbol
        Line and marker in Plotly's words.
    line, marker
        The same in matplotlib's.
    """

    colour: str
    dash: str
    symbol: str
    line: str
    marker: str


LOOKS = (
    Look(NHS_BLUE, "solid", "circle", "-", "o"),
    Look(HIGH_COLOUR, "dash", "square", "--", "s"),
    Look("#8A1538", "dot", "diamond", ":", "D"),
    Look("#00857B", "dashdot", "triangle-up", "-.", "^"),
    Look(GREY, "longdash", "pentagon", "--", "p"),
)
KNOWN = ("official_future", "community_resilience", "corporate_rules", "state_supreme", "reference")


def look(scenario: str, place: int = 0) -> Look:
    """How to draw a scenario: a known one alike in every picture, another by its place in the result."""
    return LOOKS[KNOWN.index(scenario) if scenario in KNOWN else place % len(LOOKS)]


def spread(heights: list[float], apart: float) -> list[float]:
    """Heights for labels at least so far apart, in the same order of size, as near their points as can be.

    Parameters
    ----------
    heights
        Where the labels would be best.
    apart
        Least distance between two of them.
    """
    order = sorted(range(len(heights)), key=heights.__getitem__)
    groups: list[list[int]] = []
    for place in order:
        groups.append([place])
        while (
            len(groups) > 1
            and _lowest(groups[-1], heights, apart) < _highest(groups[-2], heights, apart) + apart
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = list(heights)
    for group in groups:
        for step, place in enumerate(group):
            placed[place] = _lowest(group, heights, apart) + step * apart
    return placed


def _lowest(group: list[int], heights: list[float], apart: float) -> float:
    return sum(heights[place] for place in group) / len(group) - apart * (len(group) - 1) / 2


def _highest(group: list[int], heights: list[float], apart: float) -> float:
    return _lowest(group, heights, apart) + apart * (len(group) - 1)

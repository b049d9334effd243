"""Picture of an exploration: a panel for each output, the longest bar at the top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from dudley_sd.ensembles.labels import parts_of_label
from dudley_sd.indicators import Selection, is_share
from dudley_sd.inputs.elements import element_text
from dudley_sd.results.canvas import EDGE, WIDTH, Canvas, save
from dudley_sd.results.looks import GRID, HIGH_COLOUR, INK, LOW_COLOUR, NHS_BLUE

PANELS, BARS = 6, 8
ENDS = (
    ("at_low", LOW_COLOUR, "", "number at its low end"),
    ("at_high", HIGH_COLOUR, "//", "number at its high end"),
)
BETWEEN, UNDER, ROW = 40, 26, 9
"""Pixels between panels side by side, below a panel, and between the names of two bars."""

NAMES = 0.52
"""Share of a panel that the names of its bars take at most."""

HEADING: dict[str, Any] = {"size": "large", "weight": "bold"}
SMALL: dict[str, Any] = {"size": "small"}

NOTES = {
    "tornado": "Each number alone at the low and at the high end of its range, all others at their central "
    "value; the line in the middle is the run with all of them central.",
    "morris": "How far the output moves when one number crosses its range (mean of the elementary effects, "
    "without sign); thin lines are how sure that is.",
    "sobol": "Share of the variance of the output that a number has a part in (total order), all numbers "
    "uniform over their ranges; thin lines are how sure that is.",
}


def write_explore_png(
    table: pd.DataFrame,
    method: str,
    title: str,
    titles: dict[str, str],
    units: dict[str, str],
    source: str,
    path: Path,
) -> Path:
    """Write the picture, whole or not at all.

    Parameters
    ----------
    table
        From `dudley_sd.ensembles.explore.explore`.
    method
        ``tornado``, ``morris`` or ``sobol``.
    title
        What was explored, where and how.
    titles, units
        Of the outputs, by key, as readers see them.
    source
        Version, projection and day, for the foot.
    path
        File to write: a PNG of 1600 pixels across, as high as its text needs.
    """
    return save(lambda: _picture(table, method, title, titles, units, source), path)


def shown(outputs: Sequence[str]) -> list[str]:
    """Choose the outputs that the picture has room for: all, or those that come first in it, then others."""
    if len(outputs) <= PANELS:
        return list(outputs)
    named = [name for name in Selection("explore") if name in outputs]
    return [*named, *(name for name in outputs if name not in named)][:PANELS]


def _picture(
    table: pd.DataFrame,
    method: str,
    title: str,
    titles: dict[str, str],
    units: dict[str, str],
    source: str = "",
) -> Figure:
    names = shown(list(dict.fromkeys(table["variable"])))
    rows = [names[place : place + 2] for place in range(0, len(names), 2)]
    height = WIDTH / 2
    for _ in range(2):
        canvas = Canvas(round(height))
        top = canvas.title(title) - UNDER / 2
        if method == "tornado":
            top -= canvas.key(_ends_key(), EDGE, top, canvas.width - 2 * EDGE) + UNDER / 2
        for row in rows:
            top = min(_panel(canvas, table, method, place, name, titles, units, len(row), top)
                      for place, name in enumerate(row)) - UNDER  # fmt: skip
        bottom = top - canvas.foot(_notes(table, method, len(names), source))
        if abs(bottom) < 1:
            break
        height -= bottom
    return canvas.figure


def _ends_key() -> list[Artist]:
    return [
        Patch(facecolor=colour, hatch=hatch, linewidth=0, label=label) for _, colour, hatch, label in ENDS
    ]


def _notes(table: pd.DataFrame, method: str, panels: int, source: str) -> str:
    note = NOTES[method]
    left_out = len(set(table["variable"])) - panels
    note += f" {left_out} more outputs are in the table." if left_out > 0 else ""
    if "note" in table:
        note += f" {str(table['note'].iloc[0]).capitalize()}."
    return f"{note} A model, not a forecast.\n{source}".rstrip()


def _panel(
    canvas: Canvas,
    table: pd.DataFrame,
    method: str,
    place: int,
    name: str,
    titles: dict[str, str],
    units: dict[str, str],
    columns: int,
    top: float,
) -> float:
    """Draw the panel of one output below a height; return the height of its lower edge."""
    key, element = parts_of_label(name)
    best = table[table["variable"] == name].nsmallest(BARS, "place")
    wide = (canvas.width - 2 * EDGE - BETWEEN * (columns - 1)) / columns
    left = EDGE + place * (wide + BETWEEN)
    heading = f"{titles[key]}, {element}" if element else titles[key]
    top -= canvas.write(heading, left, top, wide, **HEADING) + ROW
    axes = canvas.figure.add_axes((0, 0, 1, 1), label=name)
    _DRAW[method](axes, best, key, units[key])
    labels = [canvas.wrap(number_text(str(each)), NAMES * wide, **SMALL) for each in best["parameter"]]
    axes.set_yticks(range(len(labels)), labels, **SMALL)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    lines = max(label.count("\n") + 1 for label in labels)
    bars = len(labels) * (lines * 1.2 * canvas.line_height(**SMALL) + ROW)
    under = 3.4 * canvas.line_height(**SMALL)
    box = Bbox.from_extents(left, top - bars - under, left + wide, top)
    canvas.fit([[axes]], box)
    canvas.thin_ticks(axes)
    canvas.fit([[axes]], box)
    return top - bars - under


def _tornado(axes: Axes, table: pd.DataFrame, key: str, unit: str) -> None:
    middle = float(table["at_central"].iloc[0])
    for column, colour, hatch, label in ENDS:
        axes.barh(
            range(len(table)),
            table[column] - middle,
            left=middle,
            height=0.62,
            color=colour,
            hatch=hatch,
            label=label,
            linewidth=0,
        )
    axes.axvline(middle, color=INK, linewidth=1)
    _bars(axes, key, unit)


def _measured(measure: str, words: str) -> Callable[[Axes, pd.DataFrame, str, str], None]:
    def draw(axes: Axes, table: pd.DataFrame, key: str, unit: str) -> None:
        sure = table[f"{measure}_conf"].to_numpy()
        axes.barh(range(len(table)), table[measure], height=0.62, color=NHS_BLUE)
        axes.errorbar(table[measure], range(len(table)), xerr=sure, fmt="none", ecolor=INK, elinewidth=1)
        _bars(axes, "" if measure == "total_order" else key, words or unit)

    return draw


_DRAW: dict[str, Callable[[Axes, pd.DataFrame, str, str], None]] = {
    "tornado": _tornado,
    "morris": _measured("mu_star", ""),
    "sobol": _measured("total_order", "share of the variance"),
}


def _bars(axes: Axes, key: str, unit: str) -> None:
    """Write the numbers below as readers see them, and a light grid."""
    axes.xaxis.set_major_locator(MaxNLocator(5))
    scale, form, words = _scale(key, unit, float(np.abs(axes.get_xlim()).max()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.format(value / scale)))
    axes.tick_params(axis="x", labelsize="small")
    axes.set_xlabel(words, **SMALL)
    axes.grid(axis="x", color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def _scale(key: str, unit: str, largest: float) -> tuple[float, str, str]:
    """Return what numbers are divided by, their form and their unit in words."""
    if is_share(key):
        return 0.01, "{:.3g}%", ""
    if unit.startswith("pounds") and largest >= 1e6:
        return 1e6, "{:,.4g}", unit.replace("pounds", "£ million")
    return 1.0, "{:,.0f}" if largest >= 100 else "{:.3g}", unit


def number_text(name: str) -> str:
    """Name of a number that is drawn, elements in words: ``growth not due to age, A&E attendances``."""
    lever, _, inside = name.partition("[")
    words = ", ".join(element_text(each.strip()) for each in inside.rstrip("]").split(",") if each)
    return f"{lever}: {words}" if words else lever

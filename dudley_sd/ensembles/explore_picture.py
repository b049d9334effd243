"""Which numbers matter most, in one picture: a panel for each output, the longest bar at the top."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dudley_sd.ensembles.reader_words import parts_of_label
from dudley_sd.results.atomic import in_one_go
from dudley_sd.results.looks import GREY, INK, LOOKS, NHS_BLUE
from dudley_sd.results.picture import DOTS, STYLE, WIDTH
from dudley_sd.results.topics import is_share
from dudley_sd.results.words import element_words

PANELS, BARS = 6, 8
FIRST = (
    "gp_gap",
    "system_balance",
    "emergency_admissions_of_older_people",
    "occupancy",
    "unmet_same_day_share",
    "overall_vacancy_rate",
)
"""Outputs that the picture shows where there are more than it has room for."""

ENDS = (
    ("at_low", LOOKS[1].colour, "//", "number at its low end"),
    ("at_high", NHS_BLUE, "", "number at its high end"),
)
PANEL_HEIGHT, HEAD, FOOT = 4.1, 0.95, 0.7
"""Inches."""

NOTES = {
    "tornado": "Each number alone at the low and at the high end of its range, all others at their central "
    "value; the line in the middle is the run with all of them central.",
    "morris": "How far the output moves when one number crosses its range (mean of the elementary effects, "
    "without sign); thin lines are how sure that is.",
    "sobol": "Share of the variance of the output that a number has a part in (total order), all numbers "
    "uniform over their ranges; thin lines are how sure that is.",
}


def write_explore_png(
    table: pd.DataFrame, method: str, title: str, titles: dict[str, str], units: dict[str, str], path: Path
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
    path
        File to write: a PNG of 1600 pixels across.
    """
    with rc_context(STYLE):
        figure = _picture(table, method, title, titles, units)
        with in_one_go(path) as scratch:
            FigureCanvasAgg(figure)
            figure.savefig(scratch, format="png", dpi=DOTS)
    return path


def shown(outputs: Sequence[str]) -> list[str]:
    """Choose the outputs that the picture has room for: all, or those of `FIRST` and then the others."""
    if len(outputs) <= PANELS:
        return list(outputs)
    named = [name for name in FIRST if name in outputs]
    return [*named, *(name for name in outputs if name not in named)][:PANELS]


def _picture(
    table: pd.DataFrame, method: str, title: str, titles: dict[str, str], units: dict[str, str]
) -> Figure:
    names = shown(list(dict.fromkeys(table["variable"])))
    columns = min(2, len(names))
    rows = math.ceil(len(names) / columns)
    height = HEAD + rows * PANEL_HEIGHT + FOOT
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    for place, name in enumerate(names):
        row, column = divmod(place, columns)
        left, width = (0.235 + 0.5 * column, 0.235) if columns == 2 else (0.3, 0.66)
        bottom = (FOOT + (rows - 1 - row) * PANEL_HEIGHT + 0.75) / height
        axes = figure.add_axes((left, bottom, width, (PANEL_HEIGHT - 1.55) / height))
        key, element = parts_of_label(name)
        best = table[table["variable"] == name].nsmallest(BARS, "place")
        _DRAW[method](axes, best, key, units[key])
        heading = f"{titles[key]}, {element}" if element else titles[key]
        figure.text(
            left - (0.225 if columns == 2 else 0.29),
            bottom + (PANEL_HEIGHT - 1.4) / height,
            fill(heading, 60 if columns == 2 else 110),
            fontsize=15,
            fontweight="bold",
            va="bottom",
        )
    figure.text(
        0.012, 1 - 0.28 / height, fill(title, 105), fontsize=20, fontweight="bold", color=NHS_BLUE, va="top"
    )
    if method == "tornado":
        figure.legend(
            *axes.get_legend_handles_labels(),
            loc="upper right",
            bbox_to_anchor=(0.99, 1 - 0.62 / height),
            ncols=2,
            frameon=False,
        )
    note = NOTES[method]
    left_out = len(set(table["variable"])) - len(names)
    note += f" {left_out} more outputs are in the table." if left_out > 0 else ""
    if "note" in table:
        note += f" {str(table['note'].iloc[0]).capitalize()}."
    note += " A model, not a forecast."
    figure.text(0.012, 0.12 / height, fill(note, 215), fontsize=11.5, color=GREY, va="bottom")
    return figure


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
    _bars(axes, table, key, unit)


def _measured(measure: str, words: str) -> Callable[[Axes, pd.DataFrame, str, str], None]:
    def draw(axes: Axes, table: pd.DataFrame, key: str, unit: str) -> None:
        sure = table[f"{measure}_conf"].to_numpy()
        axes.barh(range(len(table)), table[measure], height=0.62, color=NHS_BLUE)
        axes.errorbar(table[measure], range(len(table)), xerr=sure, fmt="none", ecolor=INK, elinewidth=1)
        _bars(axes, table, "" if measure == "total_order" else key, words or unit)

    return draw


_DRAW: dict[str, Callable[[Axes, pd.DataFrame, str, str], None]] = {
    "tornado": _tornado,
    "morris": _measured("mu_star", ""),
    "sobol": _measured("total_order", "share of the variance"),
}


def _bars(axes: Axes, table: pd.DataFrame, key: str, unit: str) -> None:
    """Name the bars at the left, the largest at the top; numbers as readers see them below."""
    names = [number_words(str(name)) for name in table["parameter"]]
    axes.set_yticks(
        range(len(names)), [fill(name, 44, max_lines=2, placeholder=" …") for name in names], fontsize=11
    )
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    scale, form, words = _scale(key, unit, float(np.abs(axes.get_xlim()).max()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.format(value / scale)))
    axes.tick_params(axis="x", labelsize=11)
    axes.set_xlabel(words, fontsize=12)
    axes.grid(axis="x", color="#D8DDE0", linewidth=1)
    axes.set_axisbelow(True)


def _scale(key: str, unit: str, largest: float) -> tuple[float, str, str]:
    """Return what numbers are divided by, their form and their unit in words."""
    if is_share(key):
        return 0.01, "{:.3g}%", ""
    if unit.startswith("pounds") and largest >= 1e6:
        return 1e6, "{:,.4g}", unit.replace("pounds", "£ million")
    return 1.0, "{:,.0f}" if largest >= 100 else "{:.3g}", unit


def number_words(name: str) -> str:
    """Name of a number that is drawn, elements in words: ``growth not due to age, A&E attendances``."""
    lever, _, inside = name.partition("[")
    words = ", ".join(element_words(each.strip()) for each in inside.rstrip("]").split(",") if each)
    return f"{lever}: {words}" if words else lever

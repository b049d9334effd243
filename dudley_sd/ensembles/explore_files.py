"""Files of an exploration: a table for other programs, a workbook for readers, a picture."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, key_outputs
from dudley_sd.ensembles.ranges import Range
from dudley_sd.ensembles.summary_book import parts_of_label, sized_table, unit_of, variable_text
from dudley_sd.indicators import Selection, is_share
from dudley_sd.inputs.projection_choice import PUBLISHED, split_choice
from dudley_sd.results.canvas import EDGE, WIDTH, Canvas, save
from dudley_sd.results.colours import GRID, HIGH_COLOUR, INK, LOW_COLOUR, NHS_BLUE
from dudley_sd.results.excel import save_workbook, workbook
from dudley_sd.results.table import Content, unit_words, write_frame
from dudley_sd.settings.contracts import AS_NOW

STRONGEST = 20
"""Numbers that the first sheet lists for each output."""

HEADS = {
    "swing": "Swing",
    "at_low": "With it low",
    "at_central": "All central",
    "at_high": "With it high",
    "mu_star": "Mean effect, without sign",
    "mu": "Mean effect",
    "sigma": "Spread of the effects",
    "mu_star_conf": "How sure, ±",
    "total_order": "Share of variance, with others",
    "total_order_conf": "How sure, ±",
    "first_order": "Share of variance, alone",
    "first_order_conf": "How sure, ± (alone)",
}


class Exploration(NamedTuple):
    """What was found and how it is called; titles and units of outputs by key."""

    table: pd.DataFrame
    method: str
    title: str
    titles: dict[str, str]
    units: dict[str, str]
    source: str = ""

    @property
    def unsure(self) -> list[str]:
        """Sentence that says so where the area is indicative."""
        notes = self.table.get("note", pd.Series(dtype=str))
        return [f"{str(note).capitalize()}." for note in notes[:1]]


def write_explored(
    table: pd.DataFrame, plan: EnsemblePlan, method: str, size: int | None, folder: Path
) -> list[Path]:
    """Write table, workbook and, if anything moves, picture; return their paths.

    Parameters
    ----------
    table, plan
        From `dudley_sd.ensembles.explore`.
    method, size
        As asked for.
    folder
        For the files; those of the same request are replaced, of others they are not named alike.
    """
    request, first = plan.request, plan.first
    command = explore_command(request, method, size)
    stem = folder / _stem(request, method, size, command)
    outputs = {key: first.model.variables[key] for key in plan.outputs}
    place = next(iter(plan.footprints.values())).name
    future = next(iter(first.scenarios.values())).title
    contract = first.contract.title.lower() if request.contract == AS_NOW else first.contract.title
    decided = f"portfolio {first.portfolio.title.lower()}, contract {contract}"
    found = Exploration(
        table,
        method,
        f"What matters most in {table['year'].iloc[0]}: {place}, {future}, {decided} ({method})",
        {key: variable_text(key, each.name) for key, each in outputs.items()},
        {key: unit_of(key, each.units) for key, each in outputs.items()},
        f"Source: dudley_sd {version('dudley-sd')}, {date.today()}. People: projection {request.projection}.",
    )
    paths = [
        write_frame(table, f"{stem}.csv"),
        _book(found, plan.ranges.drawn, command, Path(f"{stem}.xlsx")),
    ]
    return [*paths, save(lambda: _picture(found), Path(f"{stem}.png"))] if len(table) else paths


def explore_command(request: EnsembleRequest, method: str, size: int | None) -> str:
    """Return the command that explores the same again."""
    words = ["--method", method, *([] if size is None else ["--size", str(size)])]
    return request.command("explore", *words, "--seed", str(request.seed), *request.output_text)


def _stem(request: EnsembleRequest, method: str, size: int | None, command: str) -> str:
    """Name of area, portfolio, future and method, and a mark of the command where it asks for more."""
    people = (
        "" if request.projection == PUBLISHED else f"_on_{Path(split_choice(request.projection)[0]).stem}"
    )
    words = [*request.footprints, f"{request.portfolio}{people}", *request.scenarios, method]
    as_usual = (
        request.contract == AS_NOW
        and not request.settings
        and request.outputs == key_outputs()
        and request.seed == 0
        and size is None
        and "." not in Path(request.projection).name
    )
    mark = hashlib.sha256(command.encode("utf-8")).hexdigest()[:6]
    return "_".join(words if as_usual else [*words, mark])


def _book(found: Exploration, drawn: Sequence[Range], command: str, path: Path) -> Path:
    ranges, table = {each.name: each for each in drawn}, found.table
    columns = [column for column in table.columns if column in HEADS]
    heads = ["Indicator", "Part", "Unit", "Place", "Number", *(HEADS[column] for column in columns)]
    heads += ["Low", "Central", "High", "Unit of the number"]
    rows: list[list[Content]] = []
    for each in table.to_dict("records"):
        key, element = parts_of_label(str(each["variable"]))
        number = ranges[str(each["parameter"])]
        rows.append(
            [
                *(found.titles[key], element, found.units[key], int(each["place"]), number_text(number.name)),
                *(float(each[column]) for column in columns),
                *(number.low, number.central, number.high, unit_words(number.unit)),
            ]
        )
    strongest = [row for row in rows if isinstance(row[3], int) and row[3] <= STRONGEST]
    notes = [*found.unsure, NOTES[found.method]]
    note = f"The {STRONGEST} that matter most for each indicator."
    sheets = [
        sized_table("Strongest", found.title, [*notes, note], heads, strongest),
        sized_table("All", found.title, notes, heads, rows),
    ]
    about = [
        (
            "What this is",
            f"{found.title}. How far each number with a range moves the results of the last year.",
        ),
        ("How it was found", NOTES[found.method]),
        ("Strongest", f"{note} The picture beside this workbook shows {BARS} for up to six indicators."),
        ("All", "Every number that was moved, for every indicator that moves."),
        ("Low, central, high", "The range of the number, from inputs/parameters.csv with its source there."),
        ("Make it again", command),
    ]
    return save_workbook(
        workbook(found.title, about, sheets, [*found.unsure, "A model, not a forecast."]), path
    )


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


def outputs_drawn(outputs: Sequence[str]) -> list[str]:
    """Choose the outputs that the picture has room for: all, or those that come first in it, then others."""
    if len(outputs) <= PANELS:
        return list(outputs)
    named = [name for name in Selection("explore") if name in outputs]
    return [*named, *(name for name in outputs if name not in named)][:PANELS]


def _picture(found: Exploration) -> Figure:
    """Draw a picture 1600 pixels across and as high as its text needs."""
    names = outputs_drawn(list(dict.fromkeys(found.table["variable"])))
    rows = [names[place : place + 2] for place in range(0, len(names), 2)]
    height = WIDTH / 2
    for _ in range(2):
        canvas = Canvas(round(height))
        top = canvas.title(found.title) - UNDER / 2
        if found.method == "tornado":
            key: list[Artist] = [
                Patch(facecolor=colour, hatch=hatch, linewidth=0, label=label)
                for _, colour, hatch, label in ENDS
            ]
            top -= canvas.key(key, EDGE, top, canvas.width - 2 * EDGE) + UNDER / 2
        for row in rows:
            top = (
                min(_panel(canvas, found, place, name, len(row), top) for place, name in enumerate(row))
                - UNDER
            )
        bottom = top - canvas.foot(_notes(found, len(names)))
        if abs(bottom) < 1:
            break
        height -= bottom
    return canvas.figure


def _notes(found: Exploration, panels: int) -> str:
    left_out = len(set(found.table["variable"])) - panels
    more = [f"{left_out} more outputs are in the table."] if left_out > 0 else []
    note = " ".join([NOTES[found.method], *more, *found.unsure, "A model, not a forecast."])
    return f"{note}\n{found.source}".rstrip()


def _panel(canvas: Canvas, found: Exploration, place: int, name: str, columns: int, top: float) -> float:
    """Draw the panel of one output below a height; return the height of its lower edge."""
    key, element = parts_of_label(name)
    best = found.table[found.table["variable"] == name].nsmallest(BARS, "place")
    wide = (canvas.width - 2 * EDGE - BETWEEN * (columns - 1)) / columns
    left = EDGE + place * (wide + BETWEEN)
    heading = ", ".join(text for text in (found.titles[key], element) if text)
    top -= canvas.write(heading, left, top, wide, **HEADING) + ROW
    axes = canvas.figure.add_axes((0, 0, 1, 1), label=name)
    _DRAW[found.method](axes, best, key, found.units[key])
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
    return 1.0, "{:,.0f}" if largest >= 100 else "{:.3g}", unit


def number_text(name: str) -> str:
    """Name of a number that is drawn, elements in words: ``demand multiplier: A&E attendances``."""
    return ": ".join(part for part in parts_of_label(name) if part)

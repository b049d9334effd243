"""Picture of a result, for a README or a slide."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.account import Account, account, full_title, unsure_text
from dudley_sd.results.band import members_of
from dudley_sd.results.canvas import EDGE, ROUGHLY, Canvas, save
from dudley_sd.results.colours import GREY, INK, LINE_GREY, NHS_BLUE, look
from dudley_sd.results.derived import ages_differ, any_planned, for_pages, population_by_age
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, run_name
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import demand_finding, gp_finding, landed_finding, population_finding
from dudley_sd.results.headlines import gap
from dudley_sd.results.picture_panels import LEAST, SMALL, Drawn, Multiples, Subject, grid, head, missing
from dudley_sd.results.table import year_text
from dudley_sd.text import percent, signed_percent, whole

HEIGHT = 1000
BETWEEN = 44
"""Pixels between two panels side by side."""

UPPER = 0.5
"""Share of the room between title and notes that the upper panels take, where that is enough."""


TRIES = 4
"""How often room is made for text."""

SERVICES = 2
"""Panels of demand side by side."""


def write_png(results: xr.Dataset, path: Path | str, do_nothing: xr.Dataset | None = None) -> Path:
    """Write the picture, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`, with all outputs. With a band, see `dudley_sd.results.band`, medians and 8 in 10
        runs are drawn; without one the single run, which is called so.
    path
        File to write; its folder is made, a file of that name is replaced.
    do_nothing
        The same scenarios with nothing decided, which demand and GPs are compared with.

    Returns
    -------
    Path
        The file: a PNG of 1600 by 1000 pixels that can still be read at 1000 by 625; higher where wide
        letters need it.
    """
    return save(lambda: picture(results, do_nothing), Path(path))


def picture(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> Figure:
    """Return the picture as a matplotlib figure of four panels, higher where its text leaves them no room."""
    results = for_pages(results)
    do_nothing = None if do_nothing is None else for_pages(do_nothing)
    subject = Subject(results, fitting(results, do_nothing))
    facts = account(results, do_nothing)
    height, upper = float(HEIGHT), UPPER
    for _ in range(TRIES):
        canvas = Canvas(round(height))
        top = canvas.title(full_title(results, facts)) - EDGE / 2
        foot = _foot(canvas, subject, facts)
        middle = top - upper * (top - foot)
        half = (canvas.width - 2 * EDGE - BETWEEN) / 2
        left, right = EDGE, EDGE + half + BETWEEN
        boxes = [
            Bbox.from_extents(x, low, x + half, high)
            for low, high in ((middle + EDGE, top), (foot, middle))
            for x in (left, right)
        ]
        draw = (_population, _demand, _landed, _gps)
        missing = [each(canvas, subject, box) for each, box in zip(draw, boxes, strict=True)]
        above, below = max(missing[:2]), max(missing[2:])
        if above + below < 1:
            break
        height, upper = height + above + below, (top - middle + above) / (top - foot + above + below)
    return canvas.figure


def _foot(canvas: Canvas, subject: Subject, facts: Account) -> float:
    """Write the notes and, above them, the key of the lower panels; return where the panels begin."""
    notes = canvas.foot(_notes(subject, facts)) + EDGE / 2
    high = canvas.key(_lines_key(subject), EDGE, notes, canvas.width - 2 * EDGE, upwards=True)
    return notes + high + EDGE / 2


def _notes(subject: Subject, facts: Account) -> str:
    """Say what the picture is, how many runs it shows, from which source, version and day."""
    note = subject.results.attrs["caution"] + "."
    if not subject.banded:
        note += " A single run at central values: no band was run."
    else:
        note += f" Medians and 8 in 10 of {members_of(subject.results)} runs; people by age are a single run."
    if facts.extrapolated:
        years = ", ".join(map(str, facts.extrapolated))
        note += f" * {years}: beyond the ONS table, last rates carried on (hollow points)."
    unsure = unsure_text(facts)
    note += f" {unsure}" if unsure else ""
    source = f"dudley_sd {facts.version}, {facts.made[:10]}"
    return f"{note}\nSource: {source}. People: {facts.projection}."


def _lines_key(subject: Subject) -> list[Artist]:
    """Which line of the lower panels is which."""
    if not subject.banded:
        label = f"{run_name(subject.results)}, single run at central values"
        key: list[Artist] = [Line2D([], [], color=GREY, linewidth=2.6, label=label)]
    else:
        key = [
            Line2D([], [], color=GREY, linewidth=2.6, label=f"{run_name(subject.results)}, median"),
            Patch(facecolor=GREY, alpha=0.25, label="8 in 10 runs"),
            Line2D([], [], color=INK, linewidth=0.9, label="single run at central values"),
        ]
    if subject.do_nothing is not None:
        name = f"{DO_NOTHING}, median" if subject.banded else DO_NOTHING
        key.append(Line2D([], [], color=INK, linewidth=1.3, linestyle=":", label=name))
    return key


def _population(canvas: Canvas, subject: Subject, box: Bbox) -> float:
    people = population_by_age(subject.results)
    titles, words = scenario_titles(subject.results), (str(PROJECTED), year_text(subject.results)[-1])
    which = []
    if len(titles) > 1:
        which.append("all futures alike within 1%" if not ages_differ(people) else titles[0])
    if subject.banded:
        which.append("bars: single run")
    people = people.isel(scenario=0) / 1000
    places = np.arange(people.sizes["age"])
    axes = canvas.figure.add_axes((0, 0, 1, 1))
    looks: tuple[tuple[int, float, dict[str, Any]], ...] = (
        (0, -0.2, {"color": LINE_GREY, "hatch": "//"}),
        (-1, 0.2, {"color": NHS_BLUE}),
    )
    for year, aside, style in looks:
        axes.bar(places + aside, people.isel(year=year), 0.38, linewidth=0, **style)
    axes.set_xlim(-0.7, len(places) - 0.3)
    axes.set_xticks(places[::2], people["age_band"].to_numpy()[::2])
    axes.set_ylabel("thousand people")
    axes.set_xlabel(f"age ({'; '.join(which)})" if which else "age")
    grid(axes, "y")
    key: list[Artist] = [
        Patch(facecolor=LINE_GREY, hatch="//", linewidth=0, label=words[0]),
        Patch(facecolor=NHS_BLUE, linewidth=0, label=words[-1]),
    ]
    canvas.fit([[axes]], head(canvas, population_finding(subject.results), box, key))
    return missing([[axes]], canvas, LEAST)


def _demand(canvas: Canvas, subject: Subject, box: Bbox) -> float:
    """Change of each service in a panel, a row for each future: a point, and a line for 8 in 10 runs."""
    change = subject.drawn("hospital_activity_since_2018").last()
    services = [str(name) for name in change.run["service"].to_numpy()]
    room = head(canvas, demand_finding(*subject), box, _demand_key(subject))
    panels: list[list[Axes]] = [[], []]
    labels = []
    for place, service in enumerate(services):
        shared = panels[0][0] if place else None
        axes = canvas.figure.add_axes((0, 0, 1, 1), sharex=shared, sharey=shared, label=service)
        panels[place // SERVICES].append(axes)
        axes.set_title(service, loc="left", pad=4, **SMALL)
        rows = _demand_rows(axes, change, service, subject.results)
        labels.append((axes, rows))
        grid(axes, "x")
    first, last = panels[0][0], year_text(subject.results)[-1]
    first.set_ylim(subject.results.sizes["scenario"] - 0.45, -0.55)
    first.set_yticks([])
    first.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signed_percent(value)))
    for axes in panels[0]:
        axes.tick_params(labelbottom=False)
    for axes in panels[-1]:
        axes.set_xlabel(f"change from {PROJECTED} to {last}", **SMALL)
        axes.tick_params(axis="x", labelsize="small")
    gaps = (BETWEEN / 2, canvas.line_height(**SMALL) + 14)
    canvas.fit(panels, room, gaps, ROUGHLY)
    _write_numbers(canvas, labels)
    canvas.fit(panels, room, gaps)
    return missing(panels, canvas, canvas.line_height(**SMALL) * subject.results.sizes["scenario"])


def _demand_key(subject: Subject) -> list[Artist]:
    titles, keys = scenario_titles(subject.results), subject.results["scenario"].to_numpy()
    looks = [look(str(key), place) for place, key in enumerate(keys)]
    key: list[Artist] = [
        Line2D([], [], color=each.colour, marker=each.marker, linestyle="", markersize=8, label=title)
        for each, title in zip(looks, titles, strict=True)
    ]
    run = run_name(subject.results)
    label = f"{run}, median" if subject.banded else run
    key.append(Line2D([], [], color=GREY, marker="o", linestyle="", label=label))
    if subject.banded:
        key.append(Line2D([], [], color=GREY, linewidth=4, alpha=0.5, label="8 in 10 runs"))
    if subject.do_nothing is not None:
        key.append(
            Line2D([], [], color=GREY, marker="|", markersize=11, mew=3, linestyle="", label=DO_NOTHING)
        )
    return key


class RowLabel(NamedTuple):
    """A number beside the marks of a row."""

    text: str
    value: float
    row: int
    colour: str
    at_right: bool


def _demand_rows(axes: Axes, change: Drawn, service: str, results: xr.Dataset) -> list[RowLabel]:
    """Draw the marks of every row and return the numbers to write beside them."""
    labels = []
    for row, key in enumerate(results["scenario"].to_numpy()):
        style = look(str(key), row)
        here, _, low, high, there = (
            math.nan if each is None else float(each.sel(service=service)[row]) for each in change
        )
        axes.plot([low, high], [row, row], color=style.colour, linewidth=4, alpha=0.4)
        axes.plot([there, here], [row, row], color=style.colour, linewidth=1)
        axes.plot(there, row, "|", markersize=10, color=style.colour, mew=3)
        axes.plot(here, row, style.marker, markersize=7, color=style.colour)
        marks = [value for value in (here, low, high, there) if not math.isnan(value)]
        first, last = sorted((here, here if math.isnan(there) else there))
        labels.append(RowLabel(signed_percent(last), max(marks), row, style.colour, True))
        if first < last:
            labels.append(RowLabel(signed_percent(first), min(marks), row, style.colour, False))
    return labels


def _write_numbers(canvas: Canvas, labels: list[tuple[Axes, list[RowLabel]]]) -> None:
    """Write the numbers beside the marks and widen the axis until all are inside."""
    axes = labels[0][0]
    wide = canvas.extent(axes).width
    room = max(canvas.text_width(label.text, **SMALL) for _, row in labels for label in row) + 14
    ends = [each.dataLim.intervalx for each, _ in labels]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    each_pixel = (high - low or 0.1) / max(1.0, wide - 2 * room)
    low, high = low - room * each_pixel, high + room * each_pixel
    axes.set_xlim(low, high)
    half = canvas.text_width("+100%", **SMALL) / 2 * each_pixel
    ticks = MaxNLocator(4).tick_values(low, high)
    axes.set_xticks([tick for tick in ticks if low + half <= tick <= high - half])
    for each, row in labels:
        for label in row:
            each.annotate(
                label.text, (label.value, label.row), (9 if label.at_right else -9, 0),
                textcoords="offset pixels", va="center", ha="left" if label.at_right else "right",
                color=label.colour, **SMALL,
            )  # fmt: skip


def _landed(canvas: Canvas, subject: Subject, box: Bbox) -> float:
    finding = landed_finding(subject.results)
    if not any_planned(subject.results):
        head(canvas, finding, box, [])
        return 0
    share = subject.drawn("landed_share")._replace(do_nothing=None)
    panels = Multiples(canvas, subject, share, "share landed", percent)
    return panels.draw(finding, box, limits=(-0.03, 1.05))


def _gps(canvas: Canvas, subject: Subject, box: Bbox) -> float:
    missing = subject.drawn("gp_gap")
    panels = Multiples(canvas, subject, missing, "GP gap, WTE", whole, gap)
    return panels.draw(gp_finding(*subject), box)

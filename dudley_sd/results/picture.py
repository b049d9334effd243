"""The result in one picture, for a README or a slide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
import xarray as xr
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dudley_sd.results.account import account, unsure_words
from dudley_sd.results.atomic import in_one_go
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, is_do_nothing, run_name
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import (
    demand_finding,
    difference_finding,
    gp_finding,
    population_finding,
    unlanded_finding,
)
from dudley_sd.results.headlines import gap, percent, signed_percent, whole
from dudley_sd.results.looks import GREY, GRID, INK, LINE_GREY, NHS_BLUE, Look, look, spread
from dudley_sd.results.panels import (
    ages_differ,
    any_planned,
    demand,
    gp_workforce,
    growth,
    population_by_age,
    shift,
)
from dudley_sd.results.words import year_words

WIDTH, HEIGHT, DOTS = 16.0, 10.0, 100
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Liberation Sans", "Helvetica", "DejaVu Sans"],
    "font.size": 13,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "ytick.left": False,
    "hatch.color": "white",
}
HEAD_SIZE, HEAD_LETTERS = 22, 84
"""Points of the heading, and how many letters of that size fit; a longer one is smaller."""

TITLE_WIDTH, NOTE_WIDTH = 68, 205
LEFT, RIGHT, INDENT = 0.07, 0.58, 0.055
UPPER, LOWER = (0.515, 0.33), (0.12, 0.225)
"""Left edges, and lower edges with heights, of the panels, as parts of the picture."""


def write_png(results: xr.Dataset, path: Path | str, do_nothing: xr.Dataset | None = None) -> Path:
    """Write the picture, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`, with all outputs.
    path
        File to write; its folder is made, a file of that name is replaced.
    do_nothing
        The same scenarios with nothing decided, which demand and GPs are compared with.

    Returns
    -------
    Path
        The file: a PNG of 1600 by 1000 pixels that can still be read at 1000 by 625.
    """
    path = Path(path)
    with rc_context(STYLE):
        figure = picture(results, do_nothing)
        with in_one_go(path) as scratch:
            FigureCanvasAgg(figure)
            figure.savefig(scratch, format="png", dpi=DOTS)
    return path


def picture(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> Figure:
    """Return the picture as a matplotlib figure of four panels."""
    told = account(results, do_nothing)
    other = fitting(results, do_nothing)
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    panels = (
        (_population, population_finding(results), LEFT, UPPER, 0.415),
        (_demand, demand_finding(results, other), RIGHT, UPPER, 0.41),
        (_unlanded, unlanded_finding(results), LEFT, LOWER, 0.255),
        (_gps, gp_finding(results, other), RIGHT, LOWER, 0.25),
    )
    for draw, finding, left, (bottom, height), width in panels:
        axes = figure.add_axes((left, bottom, width, height))
        draw(axes, results, other)
        figure.text(
            left - INDENT,
            bottom + height + 0.088,
            fill(finding, TITLE_WIDTH),
            fontsize=15,
            fontweight="bold",
            va="top",
        )
    run = DO_NOTHING if is_do_nothing(results) else f"portfolio: {told.portfolio_title}"
    if told.contract_title:
        run = f"portfolio: {told.portfolio_title}, contract: {told.contract_title}"
    title = f"{told.headline}, {run}"
    size = HEAD_SIZE * min(1, HEAD_LETTERS / len(title))
    figure.text(0.015, 0.953, title, fontsize=size, fontweight="bold", color=NHS_BLUE)
    note = results.attrs["caution"] + "."
    if told.extrapolated:
        years = ", ".join(map(str, told.extrapolated))
        note += f" * {years}: beyond the ONS table, "
        note += "last rates carried on (hollow points in the lower panels)."
    note += " One run at central values."
    if unsure_words(told):
        note += f"\n{unsure_words(told)}"
    difference = difference_finding(results, other, "A&E attendances")
    if difference:
        note = fill(f"{difference}.", NOTE_WIDTH) + f"\n{note}"
    figure.text(0.015, 0.008, note, fontsize=11, color=GREY, va="bottom")
    return figure


def _population(axes: Axes, results: xr.Dataset, _: xr.Dataset | None) -> None:
    people = population_by_age(results)
    which = "all scenarios alike within 1%" if not ages_differ(people) else scenario_titles(results)[0]
    people = people.isel(scenario=0) / 1000
    words = year_words(results)
    places = np.arange(people.sizes["age"])
    axes.bar(
        places - 0.2, people.isel(year=0), 0.38, color=LINE_GREY, hatch="//", label=words[0], linewidth=0
    )
    axes.bar(places + 0.2, people.isel(year=-1), 0.38, color=NHS_BLUE, label=words[-1])
    axes.set_xticks(places[::2], people["age_band"].to_numpy()[::2])
    axes.set_ylabel("thousand people")
    axes.legend(frameon=False, loc="upper right", ncols=1, bbox_to_anchor=(1, 1.04))
    axes.set_xlabel(f"age ({which})" if results.sizes["scenario"] > 1 else "age")
    _grid(axes, "y")


def _demand(axes: Axes, results: xr.Dataset, do_nothing: xr.Dataset | None) -> None:
    """Change of each service, a row for each scenario: a point for the run, a bar for do nothing."""
    change = growth(demand(results))
    without = change if do_nothing is None else growth(demand(do_nothing))
    titles = scenario_titles(results)
    middles = []
    for block, service in enumerate(change["service"].to_numpy()):
        top = block * (len(titles) + 1.2)
        middles.append(top + (len(titles) - 1) / 2)
        for place, key in enumerate(results["scenario"].to_numpy()):
            here, there = (float(each.sel(service=service)[place]) for each in (change, without))
            _change(axes, top + place, here, there, titles[place], look(str(key), place))
    axes.set_yticks(middles, [_two_lines(str(name)) for name in change["service"].to_numpy()])
    axes.set_ylim(middles[-1] + len(titles) / 2 + 0.3, -0.8)
    low, high = axes.get_xlim()
    axes.set_xticks([tick for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high])
    axes.set_xlim(low - 0.12 * (high - low), high + 0.62 * (high - low))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signed_percent(value)))
    words = year_words(results)
    tail = "" if do_nothing is None else f": point {run_name(results)}, bar {DO_NOTHING}"
    axes.set_xlabel(f"change from {words[0]} to {words[-1]}{tail}")
    _grid(axes, "x")


def _change(axes: Axes, row: float, run: float, do_nothing: float, title: str, style: Look) -> None:
    """One row: the lower number at the left, the higher and the scenario at the right."""
    axes.plot([do_nothing, run], [row, row], color=style.colour, linewidth=2)
    if run != do_nothing:
        axes.plot(do_nothing, row, "|", markersize=11, color=style.colour, mew=3)
    axes.plot(run, row, style.marker, markersize=8, color=style.colour)
    low, high = sorted((run, do_nothing))
    notes = [(high, 9, "left", f"{signed_percent(high)} {title}")]
    if run != do_nothing:
        notes.append((low, -9, "right", signed_percent(low)))
    for value, offset, side, text in notes:
        axes.annotate(
            text,
            (value, row),
            (offset, 0),
            textcoords="offset points",
            va="center",
            ha=side,
            fontsize=11.5,
            color=style.colour,
        )


def _unlanded(axes: Axes, results: xr.Dataset, _: xr.Dataset | None) -> None:
    share = shift(results)["share"].dropna("scenario", how="all")
    if not any_planned(results):
        axes.set_axis_off()
        return
    _lines(axes, results, share, [percent(float(value)) for value in share.isel(year=-1)])
    axes.set_ylim(-0.03, 1.06)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axes.set_ylabel("share of planned shift\nthat goes back to hospital")


def _gps(axes: Axes, results: xr.Dataset, do_nothing: xr.Dataset | None) -> None:
    missing = gp_workforce(results)["gap"]
    axes.axhline(0, color=INK, linewidth=1)
    ends = [gap(float(value)) for value in missing.isel(year=-1)]
    below: list[str] = []
    if do_nothing is not None:
        without = gp_workforce(do_nothing)["gap"]
        for place, key in enumerate(without["scenario"].to_numpy()):
            style = look(str(key), place)
            axes.plot(without["year"], without[place], style.line, color=style.colour, linewidth=1.1)
        below = [f"(do nothing {gap(float(value))})" for value in without.isel(year=-1)]
        axes.set_xlabel(f"thick {run_name(results)}, thin {DO_NOTHING}")
    _lines(axes, results, missing, ends, below)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    axes.set_ylabel("GPs missing (WTE);\nbelow 0: more than needed")


def _lines(
    axes: Axes, results: xr.Dataset, values: xr.DataArray, ends: list[str], below: Sequence[str] = ()
) -> None:
    """Draw a line for each scenario, its name and last value at its end, hollow where extrapolated."""
    years = results["year"].to_numpy()
    for place, key in enumerate(values["scenario"].to_numpy()):
        style = look(str(key), place)
        numbers = values.isel(scenario=place).to_numpy()
        axes.plot(years, numbers, style.line, color=style.colour, linewidth=2.6)
        _ends(axes, results, numbers, style)
    _labels(axes, values, ends, below)
    words = year_words(results)
    ticks = [place for place, year in enumerate(years) if (year - years[0]) % 5 == 0 or year == years[-1]]
    axes.set_xticks(years[ticks], [words[place] for place in ticks])
    axes.set_xlim(years[0], years[-1] + 0.2)
    _grid(axes, "y")


def _ends(axes: Axes, results: xr.Dataset, numbers: np.ndarray, style: Look) -> None:
    years, beyond = results["year"].to_numpy(), results["extrapolated"].to_numpy()
    for year in np.flatnonzero(beyond | (years == years[-1])):
        axes.plot(
            years[year],
            numbers[year],
            style.marker,
            color=style.colour,
            markerfacecolor="white" if beyond[year] else style.colour,
            markersize=9,
            mew=2,
            clip_on=False,
            zorder=3,
        )


def _labels(axes: Axes, values: xr.DataArray, ends: list[str], below: Sequence[str]) -> None:
    """Write last value and name at the end of each line, ``below`` under them, none upon another."""
    low, high = axes.get_ylim()
    apart = (high - low) * (0.19 if below else 0.095)
    heights = spread(values.isel(year=-1).to_numpy().tolist(), apart)
    axes.set_ylim(min(low, min(heights) - apart / 2), high)  # the lowest stays clear of the years
    for place, (key, title) in enumerate(
        zip(values["scenario"].to_numpy(), scenario_titles(values), strict=True)
    ):
        axes.annotate(
            "\n".join([f"{ends[place]}, {title}", *below[place : place + 1]]),
            (float(values["year"][-1]), heights[place]),
            (11, 0),
            textcoords="offset points",
            va="center",
            fontsize=12,
            linespacing=1.1,
            color=look(str(key), place).colour,
            annotation_clip=False,
        )


def _grid(axes: Axes, which: str) -> None:
    axes.grid(axis="x" if which == "x" else "y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def _two_lines(name: str) -> str:
    return name.replace(" ", "\n", 1)

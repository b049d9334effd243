"""The result in one picture, for a README or a slide."""

from __future__ import annotations

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

from dudley_sd.results.account import account
from dudley_sd.results.atomic import in_one_go
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import demand_finding, gp_finding, population_finding, unlanded_finding
from dudley_sd.results.headlines import gap, percent, signed_percent, whole
from dudley_sd.results.looks import GREY, GRID, INK, LINE_GREY, NHS_BLUE, look, spread
from dudley_sd.results.panels import ages_differ, any_planned, demand, gp_workforce, population_by_age, shift
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
TITLE_WIDTH = 68
LEFT, RIGHT, INDENT = 0.07, 0.58, 0.055
UPPER, LOWER = (0.5, 0.335), (0.095, 0.235)
"""Left edges, and lower edges with heights, of the panels, as parts of the picture."""


def write_png(results: xr.Dataset, path: Path | str) -> Path:
    """Write the picture, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`, with all outputs.
    path
        File to write; its folder is made, a file of that name is replaced.

    Returns
    -------
    Path
        The file: a PNG of 1600 by 1000 pixels that can still be read at 1000 by 625.
    """
    path = Path(path)
    with rc_context(STYLE):
        figure = picture(results)
        with in_one_go(path) as scratch:
            FigureCanvasAgg(figure)
            figure.savefig(scratch, format="png", dpi=DOTS)
    return path


def picture(results: xr.Dataset) -> Figure:
    """Return the picture as a matplotlib figure of four panels."""
    told = account(results)
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    panels = (
        (_population, population_finding, LEFT, UPPER, 0.415),
        (_demand, demand_finding, RIGHT, UPPER, 0.41),
        (_unlanded, unlanded_finding, LEFT, LOWER, 0.255),
        (_gps, gp_finding, RIGHT, LOWER, 0.25),
    )
    for draw, finding, left, (bottom, height), width in panels:
        axes = figure.add_axes((left, bottom, width, height))
        draw(axes, results)
        figure.text(
            left - INDENT,
            bottom + height + 0.092,
            fill(finding(results), TITLE_WIDTH),
            fontsize=15,
            fontweight="bold",
            va="top",
        )
    title = f"{told.headline}, portfolio: {told.portfolio_title}"
    figure.text(0.015, 0.953, title, fontsize=22, fontweight="bold", color=NHS_BLUE)
    note = results.attrs["caution"] + "."
    if told.extrapolated:
        years = ", ".join(map(str, told.extrapolated))
        note += f" * {years}: beyond the ONS table, "
        note += "last rates carried on (hollow points in the lower panels)."
    figure.text(0.015, 0.018, note, fontsize=12, color=GREY)
    return figure


def _population(axes: Axes, results: xr.Dataset) -> None:
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


def _demand(axes: Axes, results: xr.Dataset) -> None:
    """Change of each service, a row for each scenario: hollow without the shift, filled with it."""
    activity = demand(results)
    change = activity.isel(year=-1) / activity["with_shift"].isel(year=0) - 1
    count = results.sizes["scenario"]
    middles = []
    for block, service in enumerate(change["service"].to_numpy()):
        top = block * (count + 1.2)
        middles.append(top + (count - 1) / 2)
        for place, key in enumerate(results["scenario"].to_numpy()):
            style = look(str(key), place)
            here = change.sel(service=service, scenario=key)
            without, with_shift = float(here["without_shift"]), float(here["with_shift"])
            row = top + place
            axes.plot([without, with_shift], [row, row], color=style.colour, linewidth=2.5)
            axes.plot(
                without, row, style.marker, markersize=8, markerfacecolor="white", color=style.colour, mew=2
            )
            axes.plot(with_shift, row, style.marker, markersize=8, color=style.colour)
            text = f"{signed_percent(with_shift)} {scenario_titles(results)[place]}"
            right = max(without, with_shift)
            axes.annotate(
                text,
                (right, row),
                (9, 0),
                textcoords="offset points",
                va="center",
                fontsize=11.5,
                color=style.colour,
            )
    axes.set_yticks(middles, [_two_lines(str(name)) for name in change["service"].to_numpy()])
    axes.set_ylim(middles[-1] + count / 2 + 0.3, -0.8)
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.42 * (high - low))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signed_percent(value)))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    words = year_words(results)
    axes.set_xlabel(f"change from {words[0]} to {words[-1]}: filled with, hollow without the shift")
    _grid(axes, "x")


def _unlanded(axes: Axes, results: xr.Dataset) -> None:
    share = shift(results)["share"].dropna("scenario", how="all")
    if not any_planned(results):
        axes.set_axis_off()
        return
    _lines(axes, results, share, [percent(float(value)) for value in share.isel(year=-1)])
    axes.set_ylim(-0.03, 1.06)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axes.set_ylabel("share of planned shift\nthat goes back to hospital")


def _gps(axes: Axes, results: xr.Dataset) -> None:
    missing = gp_workforce(results)["gap"]
    axes.axhline(0, color=INK, linewidth=1)
    _lines(axes, results, missing, [gap(float(value)) for value in missing.isel(year=-1)])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    axes.set_ylabel("GPs missing (WTE);\nbelow 0: more than needed")


def _lines(axes: Axes, results: xr.Dataset, values: xr.DataArray, ends: list[str]) -> None:
    """Draw a line for each scenario, its name and last value at its end, hollow where extrapolated."""
    years = results["year"].to_numpy()
    beyond = results["extrapolated"].to_numpy()
    marked = beyond | (years == years[-1])
    titles = scenario_titles(values)
    last = values.isel(year=-1).to_numpy().tolist()
    low, high = np.nanmin(values.to_numpy(), initial=0), np.nanmax(values.to_numpy(), initial=0)
    heights = spread(last, float(high - low) * 0.085)
    for place, key in enumerate(values["scenario"].to_numpy()):
        style = look(str(key), place)
        numbers = values.isel(scenario=place).to_numpy()
        axes.plot(years, numbers, style.line, color=style.colour, linewidth=2.6)
        for year in np.flatnonzero(marked):
            face = "white" if beyond[year] else style.colour
            axes.plot(
                years[year],
                numbers[year],
                style.marker,
                color=style.colour,
                markerfacecolor=face,
                markersize=9,
                mew=2,
                clip_on=False,
                zorder=3,
            )
        axes.annotate(
            f"{ends[place]}, {titles[place]}",
            (years[-1], heights[place]),
            (11, 0),
            textcoords="offset points",
            va="center",
            fontsize=12,
            color=style.colour,
            annotation_clip=False,
        )
    words = year_words(results)
    ticks = [place for place, year in enumerate(years) if (year - years[0]) % 5 == 0 or year == years[-1]]
    axes.set_xticks(years[ticks], [words[place] for place in ticks])
    axes.set_xlim(years[0], years[-1] + 0.2)
    _grid(axes, "y")


def _grid(axes: Axes, which: str) -> None:
    axes.grid(axis="x" if which == "x" else "y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)


def _two_lines(name: str) -> str:
    return name.replace(" ", "\n", 1)

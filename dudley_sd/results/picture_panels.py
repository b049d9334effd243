"""Panels of the picture of a result: lines of an indicator over the years, one for each future."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from dudley_sd.results.band import HIGH as HIGH_END
from dudley_sd.results.band import LOW as LOW_END
from dudley_sd.results.band import SINGLE, band_of, has_band, headline_value
from dudley_sd.results.canvas import ROUGHLY, Canvas
from dudley_sd.results.colours import GREY, GRID, INK, look
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.table import year_text
from dudley_sd.text import Form

LEAST = 130
"""Pixels that a panel is high at least."""


FINDING: dict[str, Any] = {"size": "medium", "weight": "bold"}


NAME: dict[str, Any] = {"size": "small", "weight": "bold"}


SMALL: dict[str, Any] = {"size": "small"}


class Drawn(NamedTuple):
    """What panels draw of one indicator, dims (scenario, year, ...).

    Attributes
    ----------
    run
        The median where there is a band, else the single run.
    single, low, high
        The single run at central values beside a median, and the ends of 8 in 10 runs.
    do_nothing
        What is told first of doing nothing.
    """

    run: xr.DataArray
    single: xr.DataArray | None
    low: xr.DataArray | None
    high: xr.DataArray | None
    do_nothing: xr.DataArray | None

    def last(self) -> Drawn:
        """Values of the last year."""
        return Drawn(*(None if each is None else each.isel(year=-1) for each in self))  # type: ignore[arg-type]


class Subject(NamedTuple):
    """What the picture is drawn from: a result, and doing nothing where it is compared with that."""

    results: xr.Dataset
    do_nothing: xr.Dataset | None

    @property
    def banded(self) -> bool:
        """Whether there is a median."""
        return has_band(self.results)

    def drawn(self, key: str) -> Drawn:
        """Take an indicator of `dudley_sd.results.derived.banded` from the runs that are there."""
        band = band_of(self.results, key)
        single, low, high = (
            None if band is None else band.sel(statistic=each, drop=True)
            for each in (SINGLE, LOW_END, HIGH_END)
        )
        without = None if self.do_nothing is None else headline_value(self.do_nothing, key)
        return Drawn(headline_value(self.results, key), single, low, high, without)


def missing(panels: Sequence[Sequence[Axes]], canvas: Canvas, least: float) -> float:
    """Pixels that rows of panels lack to be as high as they must be; 0 where they are."""
    return max(0.0, (least - canvas.extent(panels[0][0]).height) * len(panels))


def head(canvas: Canvas, finding: str, box: Bbox, key: list[Artist]) -> Bbox:
    """Write a finding and a key at the top of a box; return what is left of it."""
    top = box.y1 - canvas.write(finding, box.x0, box.y1, box.width, **FINDING) - 8
    if key:
        top -= canvas.key(key, box.x0, top, box.width) + 6
    return Bbox.from_extents(box.x0, box.y0, box.x1, top)


class Multiples:
    """Panels side by side, one for each future, of one indicator over the years."""

    def __init__(
        self,
        canvas: Canvas,
        subject: Subject,
        drawn: Drawn,
        unit: str,
        form: Form,
        words: Form | None = None,
    ) -> None:
        self.canvas, self.subject, self.drawn = canvas, subject, drawn
        self.unit, self.form, self.words = unit, form, words or form
        self.years = subject.results["year"].to_numpy()

    def draw(self, finding: str, box: Bbox, limits: tuple[float, float] | None = None) -> float:
        """Draw the finding and the panels into a box; return how many pixels they are too low."""
        room = head(self.canvas, finding, box, [])
        axes: list[Axes] = []
        for place in range(self.subject.results.sizes["scenario"]):
            shared = axes[0] if axes else None
            axes.append(self.canvas.figure.add_axes((0, 0, 1, 1), sharey=shared, label=str(place)))
            self._lines(axes[place], place)
        axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: self.form(value)))
        axes[0].yaxis.set_major_locator(MaxNLocator(5))
        for each in axes[1:]:
            each.tick_params(labelleft=False)
        if limits:
            axes[0].set_ylim(*limits)
        self.canvas.fit([axes], room, (14, 0), ROUGHLY)
        axes[0].set_ylabel(self.canvas.wrap(self.unit, 0.9 * room.height, **SMALL), **SMALL)
        self._years(axes)
        self.canvas.fit([axes], room, (14, 0), ROUGHLY)
        self._heads(axes)
        self.canvas.fit([axes], room, (14, 0))
        return missing([axes], self.canvas, LEAST)

    def _lines(self, axes: Axes, place: int) -> None:
        style = look(str(self.subject.results["scenario"].to_numpy()[place]), place)
        run, single, low, high, do_nothing = (
            None if each is None else each.isel(scenario=place).to_numpy() for each in self.drawn
        )
        assert run is not None  # every result has its own run
        axes.axhline(0, color=GREY, linewidth=0.8)
        if low is not None and high is not None:
            axes.fill_between(self.years, low, high, color=style.colour, alpha=0.2, linewidth=0)
        if do_nothing is not None:
            axes.plot(self.years, do_nothing, ":", color=INK, linewidth=1.3)
        if single is not None:
            axes.plot(self.years, single, "-", color=INK, linewidth=0.9)
        axes.plot(self.years, run, "-", color=style.colour, linewidth=2.6)
        self._ends(axes, run, style.colour, style.marker)
        axes.margins(x=0.03)
        grid(axes, "y")

    def _ends(self, axes: Axes, values: np.ndarray, colour: str, marker: str) -> None:
        """Mark the last year and those beyond the projection, which are hollow."""
        beyond = self.subject.results["extrapolated"].to_numpy()
        for year in np.flatnonzero(beyond | (self.years == self.years[-1])):
            fill = "white" if beyond[year] else colour
            axes.plot(
                self.years[year], values[year], marker, color=colour, markerfacecolor=fill,
                markersize=8, mew=2, clip_on=False, zorder=3,
            )  # fmt: skip

    def _years(self, axes: list[Axes]) -> None:
        """First and last year, inside each panel; only the last where there is no room for both."""
        words, wide = year_text(self.subject.results), self.canvas.extent(axes[0]).width
        both = self.canvas.text_width(f"{words[0]}  {words[-1]}", **SMALL) <= wide
        places = [0, -1] if both else [-1]
        for each in axes:
            each.set_xticks(self.years[places], [words[place] for place in places], **SMALL)
            for place, label in zip(places, each.get_xticklabels(), strict=True):
                label.set_horizontalalignment("right" if place else "left")

    def _heads(self, axes: list[Axes]) -> None:
        """Write name and last values above each panel, wrapped to its width."""
        wide = self.canvas.extent(axes[0]).width
        values = [self.canvas.wrap(self._values(place), wide, **SMALL) for place in range(len(axes))]
        lines = max(text.count("\n") + 1 for text in values)
        for place, (each, title) in enumerate(zip(axes, scenario_titles(self.subject.results), strict=True)):
            colour = look(str(self.subject.results["scenario"].to_numpy()[place]), place).colour
            under = values[place] + "\n " * (lines - values[place].count("\n") - 1)
            note = each.annotate(
                under, (0, 1), (0, 6), "axes fraction", "offset pixels", va="bottom", **SMALL
            )
            high = self.canvas.extent(note).height + 8
            each.annotate(
                self.canvas.wrap(title, wide, **NAME), (0, 1), (0, high), "axes fraction", "offset pixels",
                va="bottom", color=colour, **NAME,
            )  # fmt: skip

    def _values(self, place: int) -> str:
        ends = [None if each is None else float(each.isel(scenario=place)[-1]) for each in self.drawn]
        run, _, low, high, do_nothing = (None if end is None else self.words(end) for end in ends)
        lines = [str(run)] if low is None else [f"median {run}", f"8 in 10: {low} to {high}"]
        return "\n".join([*lines, *([] if do_nothing is None else [f"do nothing: {do_nothing}"])])


def grid(axes: Axes, which: str) -> None:
    """Draw a light grid across or upwards, behind the lines."""
    axes.grid(axis="x" if which == "x" else "y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)

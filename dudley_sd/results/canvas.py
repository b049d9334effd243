"""Canvases on which matplotlib pictures are laid out by the measured size of their text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox, IdentityTransform
from sdcompile.scratch import atomic_file

from dudley_sd.results.colours import GREY, INK, NHS_BLUE

DOTS = 100
WIDTH = 1600
EDGE = 22
"""Pixels for each inch, across a picture, and between the text and the edge of a picture."""

STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Liberation Sans", "Helvetica", "DejaVu Sans"],
    "font.size": 13,
    "text.color": INK,
    "text.parse_math": False,
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
"""Every other size is relative to ``font.size``, so that all text grows and shrinks with it."""

CLOSE_ENOUGH = 0.5
ROUNDS, ROUGHLY = 6, 2


class Canvas:
    """A figure on which text is wrapped and panels are placed by what the renderer measures, in pixels.

    Parameters
    ----------
    height
        Pixels.

    Attributes
    ----------
    figure
        What to draw on and to save.
    width, height
        Pixels; places on the canvas are counted from its lower left corner.
    """

    def __init__(self, height: int) -> None:
        self.width, self.height = WIDTH, height
        self.figure = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS, facecolor="white")
        self._renderer: RendererAgg = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]

    def text_width(self, text: str, **font: Any) -> float:
        """Width of one line in pixels."""
        return self._measure(text, font)[0]

    def line_height(self, **font: Any) -> float:
        """Height of one line in pixels."""
        return self._measure("lp", font)[1]

    def _measure(self, text: str, font: dict[str, Any]) -> tuple[float, float]:
        measure: Any = self._renderer.get_text_width_height_descent
        width, height, _ = measure(text, FontProperties(**font), False)
        return float(width), float(height)

    def wrap(self, text: str, room: float, **font: Any) -> str:
        """Break text between words so that no line is wider than ``room`` pixels."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            words = paragraph.split()
            while True:
                longer = [" ".join(words[:count]) for count in range(2, len(words) + 1)]
                fitting = bisect_right(longer, room, key=lambda line: self.text_width(line, **font))
                lines.append(" ".join(words[: fitting + 1]))
                words = words[fitting + 1 :]
                if not words:
                    break
        return "\n".join(lines)

    def write(self, text: str, left: float, top: float, room: float, colour: str = INK, **font: Any) -> float:
        """Write wrapped text below a height and return how high it is."""
        written = self.figure.text(
            left,
            top,
            self.wrap(text, room, **font),
            transform=IdentityTransform(),
            va="top",
            color=colour,
            fontproperties=FontProperties(**font),
        )
        return self.extent(written).height

    def title(self, text: str) -> float:
        """Write the title across the top and return the height left below it."""
        font: dict[str, Any] = {"size": "x-large", "weight": "bold"}
        high = self.write(text, EDGE, self.height - EDGE, self.width - 2 * EDGE, NHS_BLUE, **font)
        return self.height - EDGE - high

    def foot(self, text: str) -> float:
        """Write the notes across the foot and return the height at which they begin."""
        font: dict[str, Any] = {"size": "small"}
        room = self.width - 2 * EDGE
        lines = self.wrap(text, room, **font)
        written = self.figure.text(
            EDGE,
            EDGE / 2,
            lines,
            transform=IdentityTransform(),
            va="bottom",
            color=GREY,
            fontproperties=FontProperties(**font),
        )
        return float(self.extent(written).y1)

    def key(
        self, handles: Sequence[Artist], left: float, at: float, room: float, *, upwards: bool = False
    ) -> float:
        """Draw a key below a height, or upwards from it, in as many columns as fit; return how high it is."""
        for columns in range(len(handles), 0, -1):
            legend = self.figure.legend(
                handles=handles,
                ncols=columns,
                loc="lower left" if upwards else "upper left",
                bbox_to_anchor=(left, at),
                bbox_transform=IdentityTransform(),
                frameon=False,
                borderpad=0,
                borderaxespad=0,
                columnspacing=1.4,
                handletextpad=0.5,
                fontsize="small",
            )
            if self.extent(legend).width <= room or columns == 1:
                break
            legend.remove()
        return self.extent(legend).height

    def fit(
        self,
        panels: Sequence[Sequence[Axes]],
        box: Bbox,
        gaps: tuple[float, float] = (0, 0),
        rounds: int = ROUNDS,
    ) -> None:
        """Place rows of panels so that they fill a box with all that is written around them.

        Parameters
        ----------
        panels
            Rows from the top, with as many panels in each; the last may be shorter.
        box
            Pixels.
        gaps
            Pixels between two panels side by side, and between two rows.
        rounds
            How often at most they are placed; `ROUGHLY` where more is written around them afterwards.
        """
        inner = box.frozen()
        for left in reversed(range(rounds)):
            self._place_panels(panels, inner, gaps)
            if not left:
                break
            drawn = Bbox.union([self._around(axes) for row in panels for axes in row])
            off = [end - reached for end, reached in zip(box.extents, drawn.extents, strict=True)]
            if max(abs(each) for each in off) < CLOSE_ENOUGH:
                break
            moved = [each + by for each, by in zip(inner.extents, off, strict=True)]
            if moved[3] - moved[1] < 1 or moved[2] - moved[0] < 1:
                break  # what is written is larger than the box
            inner = Bbox.from_extents(*moved)

    def _place_panels(self, panels: Sequence[Sequence[Axes]], inner: Bbox, gaps: tuple[float, float]) -> None:
        columns, rows = len(panels[0]), len(panels)
        width = (inner.width - gaps[0] * (columns - 1)) / columns
        height = (inner.height - gaps[1] * (rows - 1)) / rows
        for row, line in enumerate(panels):
            for column, axes in enumerate(line):
                left = inner.x0 + column * (width + gaps[0])
                bottom = inner.y1 - height - row * (height + gaps[1])
                places = (left / self.width, bottom / self.height, width / self.width, height / self.height)
                axes.set_position(places)

    def thin_ticks(self, axes: Axes) -> None:
        """Keep so many numbers below a panel that none comes close to another."""
        space = self.text_width("  ", size="small")
        for most in (5, 4, 3, 2, 1):
            axes.xaxis.set_major_locator(MaxNLocator(most))
            low, high = sorted(axes.get_xlim())
            boxes = [
                self.extent(label)
                for at, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
                if low <= at <= high
            ]
            if all(one.x1 + space <= other.x0 for one, other in pairwise(boxes)):
                break

    def _around(self, axes: Axes) -> Bbox:
        drawn = axes.get_tightbbox(self._renderer)
        return Bbox.null() if drawn is None else Bbox.from_extents(*drawn.extents)

    def extent(self, artist: Artist) -> Bbox:
        """Where an artist lies, in pixels."""
        return artist.get_window_extent(self._renderer)


def save(draw: Callable[[], Figure], path: Path) -> Path:
    """Draw in `STYLE` and write the picture, whole or not at all."""
    with rc_context(STYLE):
        figure = draw()
        with atomic_file(path) as scratch:
            figure.savefig(scratch, format="png", dpi=DOTS)
    return path

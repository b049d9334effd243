"""Where matplotlib writes which text: what is cut at the edge of a picture, and what lies upon another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK = 1.0
"""Pixels that boxes may share: letters stand a little inside of them."""


@contextmanager
def drawn_text() -> Iterator[list[tuple[str, Bbox, Bbox]]]:
    """Collect each text that is drawn meanwhile: what it says, its box and that of the picture."""
    found: list[tuple[str, Bbox, Bbox]] = []
    draw = Text.draw

    def draw_and_note(self: Text, renderer: Any) -> None:
        draw(self, renderer)
        if self.get_visible() and self.get_text().strip():
            box = Text.get_window_extent(self, renderer)
            found.append((self.get_text(), box.frozen(), self.get_figure(root=True).bbox.frozen()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", draw_and_note)
        yield found


def text_faults(found: list[tuple[str, Bbox, Bbox]]) -> list[str]:
    """Say which texts are cut, and which lie upon another."""
    faults = [f"cut: {text!r}" for text, box, sheet in found if not _inside(box, sheet)]
    for (one, first, _), (other, second, _) in combinations(found, 2):
        shared = Bbox.intersection(first, second)
        if shared is not None and min(shared.width, shared.height) > SLACK:
            faults.append(f"one upon the other: {one!r} and {other!r}")
    return faults


def _inside(box: Bbox, sheet: Bbox) -> bool:
    return bool(
        box.x0 >= sheet.x0 - SLACK
        and box.y0 >= sheet.y0 - SLACK
        and box.x1 <= sheet.x1 + SLACK
        and box.y1 <= sheet.y1 + SLACK
    )

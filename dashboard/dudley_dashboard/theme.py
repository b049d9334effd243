"""Colours, letters and sizes of the dashboard; light and dark.

``assets/base.css`` holds the colours of the frame; here are those of Mantine's components and of Plotly.
"""

from __future__ import annotations

from typing import Any

THEME: dict[str, Any] = {
    "primaryColor": "nhs",
    "primaryShade": {"light": 6, "dark": 4},
    "fontFamily": "Arial, Helvetica, sans-serif",
    "headings": {"fontFamily": "Arial, Helvetica, sans-serif"},
    "focusRing": "auto",
    "colors": {  # shade 6 is #005eb8, the blue of the NHS
        "nhs": [
            "#e7f1fb",
            "#cfe2f6",
            "#9fc5ed",
            "#6ca6e2",
            "#6cb0f5",
            "#1a76d2",
            "#005eb8",
            "#004f9c",
            "#003f7d",
            "#002f5d",
        ]
    },
}

INK, SOFT, GRID = "#212b32", "#4c6272", "#e8edee"
"""Of pictures saved from the page, which are light; on the page ``base.css`` follows light and dark."""

LINES: tuple[tuple[str, str, str], ...] = (
    ("#2c7fd0", "solid", "circle"),
    ("#7f8b93", "dash", "square"),
    ("#c8660a", "dot", "diamond"),
    ("#8a63c9", "dashdot", "triangle-up"),
    ("#1f8a5b", "longdash", "cross"),
    ("#c84a7d", "longdashdot", "x"),
)
"""Colour, dash and marker of a line by its place: told apart without colour too, 3:1 on light and dark."""

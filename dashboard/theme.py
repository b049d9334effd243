"""Colours, letters and sizes of the dashboard; light and dark."""

from __future__ import annotations

from typing import Any

THEME: dict[str, Any] = {
    "primaryColor": "nhs",
    "primaryShade": {"light": 6, "dark": 4},
    "fontFamily": "Arial, Helvetica, sans-serif",
    "headings": {"fontFamily": "Arial, Helvetica, sans-serif"},
    "focusRing": "always",
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

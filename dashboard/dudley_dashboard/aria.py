"""Attributes for screen readers and scripts, whose names Python cannot write as keywords."""

from __future__ import annotations

from typing import Any


def aria(**words: str | bool) -> dict[str, Any]:
    """Return attributes for a component of Dash: ``aria(label="Pages")`` is ``{"aria-label": "Pages"}``."""
    return {f"aria-{name.replace('_', '-')}": str(value) for name, value in words.items()}


def data(**words: str) -> dict[str, Any]:
    """Return attributes for scripts of ours: ``data(page="/")`` is ``{"data-page": "/"}``."""
    return {f"data-{name.replace('_', '-')}": value for name, value in words.items()}

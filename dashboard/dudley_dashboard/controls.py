"""Controls: one of a few, all to be seen at once; one of many, in a list that opens; several to tick."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dudley_dashboard.aria import aria


def segmented(name: str, label: str, options: Mapping[str, str], value: str) -> html.Div:
    """One of a few, by key with its title, all visible, with its label above."""
    return html.Div(
        [
            html.Span(label, id=f"{name}-label", className="segmented-label"),
            dmc.SegmentedControl(
                id=name,
                data=[{"value": key, "label": title} for key, title in options.items()],
                value=value,
                size="sm",
                color="#005eb8",
                **aria(labelledby=f"{name}-label"),
            ),
        ],
        className="segmented",
    )


def select(
    name: str, label: str, options: Sequence[Any], value: str, kind: str | None = None, **more: Any
) -> dmc.Select:
    """One of many, in a list that opens; there is always one."""
    return dmc.Select(
        id=name, label=label, data=list(options), value=value, allowDeselect=False, className=kind, **more
    )


def ticks(
    name: str, label: str, options: Mapping[str, str], value: Collection[str], kind: str
) -> dmc.CheckboxGroup:
    """Several of a few, by key with its title."""
    return dmc.CheckboxGroup(
        [dmc.Checkbox(value=key, label=title, size="md") for key, title in options.items()],
        id=name,
        label=label,
        value=[key for key in options if key in value],
        className=kind,
        size="md",
    )

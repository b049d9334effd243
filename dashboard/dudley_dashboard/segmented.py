"""One of a few, all to be seen at once; or one of many, in a list that opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dudley_dashboard.aria import aria


def segmented(name: str, label: str, options: Sequence[Mapping[str, str]], value: str) -> html.Div:
    """One of a few, all visible, with its label above."""
    return html.Div(
        [
            html.Span(label, id=f"{name}-label", className="segmented-label"),
            dmc.SegmentedControl(
                id=name,
                data=list(options),
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

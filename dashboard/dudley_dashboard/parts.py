"""Parts that pages are made of: attributes, tables that a screen reader can walk through, and controls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component


def aria(**words: str | bool) -> dict[str, Any]:
    """Return attributes for a component of Dash: ``aria(label="Pages")`` is ``{"aria-label": "Pages"}``."""
    return {f"aria-{name.replace('_', '-')}": str(value) for name, value in words.items()}


def data(**words: str) -> dict[str, Any]:
    """Return attributes for scripts of ours: ``data(page="/")`` is ``{"data-page": "/"}``."""
    return {f"data-{name.replace('_', '-')}": value for name, value in words.items()}


Content = str | Component | Sequence[str | Component]


def table(
    caption: str,
    heads: Sequence[Content],
    rows: Sequence[Sequence[Content]],
    kind: str = "",
    *,
    kinds: Sequence[str] = (),
    region: str = "numbers",
    label: str = "",
) -> html.Div:
    """Lay out rows under heads in a region that scrolls sideways; the first cell of a row is its heading.

    Parameters
    ----------
    kind, kinds, region
        Classes of the table, of its rows, and of the region; a cell with a class of its own is an `html.Td`.
    label
        Name of the region, where it is not the caption.
    """
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row"),
                *(cell if isinstance(cell, html.Td) else html.Td(cell) for cell in row[1:]),
            ],
            className=kinds[place] or None if kinds else None,
        )
        for place, row in enumerate(rows)
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
                html.Tbody(body),
            ],
            className=kind or None,
        ),
        className=region,
        tabIndex=0,
        role="region",
        **aria(label=label or caption),
    )


def folded(summary: str, content: Component, is_open: bool = False) -> html.Details:
    """Put something behind a line that opens it."""
    return html.Details([html.Summary(summary), content], open=is_open, className="folded")


def small(text: str | Component, *below: str) -> list[str | Component]:
    """Lines in a cell, those below the first smaller; those in which there is nothing to say are left out."""
    return [text, *(html.Small(each) for each in below if each)]


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


def select(name: Any, label: str, options: Mapping[str, str], value: str | None, **more: Any) -> dmc.Select:
    """One of many, by key with its title, in a list that opens; there is always one."""
    offered = [{"value": key, "label": title} for key, title in options.items()]
    return dmc.Select(id=name, label=label, data=offered, value=value, **{"allowDeselect": False} | more)


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

"""What a reader can choose on the footprints page."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dudley_dashboard.aria import aria
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.beside import described
from dudley_dashboard.pages.footprints.choices import FIRST, LAST, WAYS, Choices, offered
from dudley_dashboard.segmented import segmented, select
from dudley_dashboard.shown import OPTIONS
from dudley_dashboard.shown import WAYS as TITLES
from dudley_sd.inputs.footprints import Footprint


def controls(choices: Choices) -> html.Section:
    """Choose areas, measure, how it is shown, and the year of the ranking."""
    totals, parts, others, own = offered()
    known = catalogue().footprints
    name = known[totals[0]].name if totals else "Totals"
    return html.Section(
        [
            html.H2("Which areas, and what of them?", id="areas-what"),
            html.P(
                [
                    "Each area is run with your plan, ",
                    html.Strong(described(choices.plan)),
                    ", and do nothing in the same future.",
                ],
                className="areas-note",
            ),
            html.Div(
                [
                    ticks("areas-parts", name, [*parts, *totals], choices),
                    ticks("areas-others", "Areas to compare with", others, choices),
                    html.Div(ticks("areas-own", "Your own areas", own, choices), hidden=not own),
                    html.Div(
                        [
                            select("areas-measure", "Measure", OPTIONS, choices.measure),
                            segmented(
                                "areas-show",
                                "Show",
                                [{"value": way, "label": TITLES[way]} for way in WAYS],
                                choices.show,
                            ),
                            select(
                                "areas-year",
                                "Year of the ranking",
                                [str(year) for year in range(LAST, FIRST - 1, -1)],
                                str(choices.year),
                            ),
                        ],
                        className="areas-how",
                    ),
                ],
                className="areas-controls",
            ),
        ],
        className="areas-panel no-print",
        **aria(labelledby="areas-what"),
    )


def ticks(name: str, label: str, keys: list[str], choices: Choices) -> dmc.CheckboxGroup:
    """Areas to tick; one whose figures are another's says so."""
    boxes = [dmc.Checkbox(value=key, label=title(key), size="md") for key in keys]
    value = [key for key in keys if key in choices.areas]
    return dmc.CheckboxGroup(boxes, id=name, label=label, value=value, className="areas-ticks", size="md")


def title(key: str) -> str:
    """Name of an area with what must stand beside it."""
    area = catalogue().footprints[key]
    if isinstance(area, Footprint):
        return f"{area.name} (indicative)" if area.projected_like or area.sized_like else area.name
    known = catalogue().footprints
    parts = [known[part] for part in area.parts]
    borrowed = any(isinstance(part, Footprint) and (part.projected_like or part.sized_like) for part in parts)
    return f"{area.name} (the sum of its areas{', indicative' if borrowed else ''})"


def waiting(ready: int, wanted: int) -> html.Div:
    """Say how far the preparing of areas is, with the shape of what will come."""
    return html.Div(
        [
            html.P(
                f"Preparing areas, once after the dashboard was started: {ready} of {wanted} ready. "
                "The first time on a computer takes a few seconds for each.",
                role="status",
            ),
            dmc.Progress(value=100 * ready / wanted, size="lg", **aria(label="Areas prepared")),
            html.Div(
                [dmc.Skeleton(height=190, radius="md") for _ in range(wanted)],
                className="areas-grid",
                **aria(hidden="true"),
            ),
        ],
        className="areas-waiting",
    )

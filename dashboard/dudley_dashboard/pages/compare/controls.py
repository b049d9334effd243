"""What a reader can choose on the compare page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dudley_dashboard.address import MOST, Pin, pin_text, read_pins, read_view
from dudley_dashboard.aria import aria
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.page import root
from dudley_dashboard.pages.beside import described, portfolio_choices
from dudley_dashboard.pages.compare.choices import ALL_YEARS, DO_NOTHING, Choices
from dudley_dashboard.segmented import segmented, select
from dudley_dashboard.shown import OPTIONS, WAYS
from dudley_dashboard.tables import folded
from dudley_sd.results.comparison import REVIEW_POINTS
from dudley_sd.results.regret import JUDGED, RUN_BY_RUN

LIVE: dict[str, Any] = aria(live="polite")
WAITING: dict[str, Any] = {
    "type": "dot",
    "delay_show": 300,
    "overlay_style": {"visibility": "visible", "opacity": 0.5},
}
"""A reader sees that numbers are being worked out only where it takes longer than a third of a second."""

LIMITS = (
    "Every portfolio is run in all four futures, under each ticked contract, with your plan and pinned plans "
    "beside them, whatever futures and portfolios are ticked above. All have the outside world of your plan, "
    "so that only decisions differ.",
    "It ranks only what was run. Portfolios that rest on claims say what would follow if the claims came "
    "true, not that they will: that is why the others are judged by themselves first.",
    RUN_BY_RUN,
    "The share of the planned shift that landed is not told where none is planned.",
)
"""What a reader of the regret table must know."""


def what(choices: Choices) -> html.Section:
    """Choose what stands side by side."""
    known = catalogue()
    ticks = html.Div(
        [
            _ticks("futures", "Futures", {k: v.title for k, v in known.scenarios.items()}, choices.futures),
            _ticks("portfolios", "Portfolios", portfolio_choices(), choices.portfolios),
            _ticks(
                "contracts", "Contracts", {k: v.title for k, v in known.contracts.items()}, choices.contracts
            ),
        ],
        className="compare-ticks",
    )
    note = html.P(
        "Every combination of what is ticked is run, beside do nothing (the future of your plan, no "
        "portfolio, contract as now), your plan, the reference case (Official Future, do nothing) and "
        "pinned plans.",
        className="compare-note",
    )
    return html.Section(
        [
            html.H2("What to compare", id="compare-what"),
            html.Div([html.Div([ticks, note]), pins(choices)], className="compare-what"),
        ],
        className="compare-card no-print",
        **aria(labelledby="compare-what"),
    )


def _ticks(key: str, label: str, titles: Mapping[str, str], value: Sequence[str]) -> dmc.CheckboxGroup:
    boxes = [dmc.Checkbox(value=name, label=title, size="md") for name, title in titles.items()]
    return dmc.CheckboxGroup(
        boxes, id=f"compare-{key}", label=label, value=list(value), className="compare-group", size="md"
    )


def pins(choices: Choices) -> html.Div:
    """Pin the plan of the address, and see what is pinned."""
    return html.Div(
        [
            html.H3("Pinned plans"),
            html.P(
                ["Your plan: ", html.Strong(described(choices.plan)), "."],
                className="compare-note",
            ),
            html.Div(
                [
                    dmc.TextInput(
                        id="compare-pin-name",
                        label="Name for it",
                        placeholder="Closer to home",
                        value="",
                        className="compare-pin-name",
                    ),
                    html.Button(
                        "Pin your plan", id="compare-pin", className="strong", type="button", n_clicks=0
                    ),
                ],
                className="compare-pin",
            ),
            html.P("", id="compare-pin-status", className="compare-note", role="status"),
            html.Div(id="compare-pin-list", **LIVE),
        ],
        className="compare-pins",
    )


def pin_list(texts: Sequence[str], plan: str) -> Component:
    """List pinned plans, each with a link to Explore and a button to unpin it."""
    here = read_view(str(plan or "")).request
    held, _ = read_pins([str(text) for text in texts or ()])
    if not held:
        return html.P(
            f"None yet. Make a plan in Explore, come back here and pin it; up to {MOST} of them.",
            className="compare-note",
        )
    items = [
        html.Li(
            [
                html.Span(
                    [html.Strong(pin.name), html.Small(described(pin.plan, here))], className="compare-name"
                ),
                html.A(
                    "Open in Explore",
                    href=explore_link(pin, held),
                    className="plain",
                    **aria(label=f"Open in Explore: {pin.name}"),
                ),
                html.Button(
                    "Unpin",
                    id={"compare-unpin": place},
                    className="plain",
                    type="button",
                    **aria(label=f"Unpin: {pin.name}"),
                ),
            ]
        )
        for place, pin in enumerate(held)
    ]
    return html.Ul(items, className="compare-pin-list")


def explore_link(pin: Pin, held: Sequence[Pin]) -> str:
    """Address of a pinned plan in Explore; all pins go along."""
    kept = {"pin": tuple(pin_text(each) for each in held)}
    here = root()
    return f"{here}{pin.plan.address(kept)}"


def how(choices: Choices) -> html.Section:
    """Choose how the numbers of table and chart are shown."""
    years = [{"value": str(year), "label": str(year)} for year in REVIEW_POINTS]
    return html.Section(
        [
            html.H2("Headline measures, side by side"),
            html.Div(
                [
                    segmented(
                        "compare-show",
                        "Show",
                        [{"value": k, "label": v} for k, v in WAYS.items()],
                        choices.show,
                    ),
                    segmented(
                        "compare-review",
                        "Review point, of all below",
                        [*years, {"value": ALL_YEARS, "label": "All three"}],
                        choices.review,
                    ),
                    select(
                        "compare-against",
                        "Difference from",
                        [
                            {
                                "value": choices.against,
                                "label": "Do nothing" if choices.against == DO_NOTHING else choices.against,
                            }
                        ],
                        choices.against,
                        "compare-wide",
                    ),
                ],
                className="compare-how no-print",
            ),
        ]
    )


def measure(choices: Choices) -> html.Section:
    """Choose the measure of the chart."""
    return html.Section(
        [
            html.H2("Over the years"),
            select("compare-measure", "Measure", OPTIONS, choices.measure, "compare-select no-print"),
        ]
    )


def regret_head(choices: Choices) -> html.Section:
    """Choose what portfolios are judged by, and say what regret is."""
    judged = [each for each in OPTIONS if each["value"] in JUDGED]
    return html.Section(
        [
            html.H2("Which portfolio holds up best in the worst case? (minimax regret)"),
            html.P(
                "Nobody knows which future will come. Regret is how far a portfolio ends from the best of "
                "these portfolios in the same future. The one whose largest regret is smallest is the "
                "safest choice among those run here (minimax regret)."
            ),
            select("compare-judge", "Judge by", judged, choices.judge, "compare-select no-print"),
            folded("What this does and does not say", html.Ul([html.Li(text) for text in LIMITS])),
        ]
    )

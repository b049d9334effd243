"""Regret on the page: first among portfolios that rest on evidence, then with claims taken at their word."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria
from dudley_dashboard.pages.compare.regret import Regrets
from dudley_dashboard.pages.compare.regret_tables import least_by_measure, regret_by_future
from dudley_dashboard.pages.compare.regret_words import MOST_NAMED, against_nothing, claims, finding
from dudley_dashboard.tables import folded

EVIDENCED = "those that do not rest on claims"
ALL = "all of these"
MOST_ROWS = 8
"""Options that a table shows at once; more are folded away."""


def regret_parts(found: Regrets, judge: str) -> list[Component]:
    """Say and show which option holds up best in the worst case, without claims and with them."""
    parts: list[Component] = [html.P(note, className="compare-note") for note in found.notes]
    evidenced = found.evidenced()
    if not found.claims:
        return parts + _judged(found, judge, ALL)
    if len(evidenced.options) > 1:
        parts += [
            html.H3("Among portfolios that do not rest on claims"),
            *_judged(evidenced, judge, EVIDENCED),
        ]
    return [
        *parts,
        html.H3("With claims taken at their word"),
        html.P(claims(found), className="compare-note"),
        *_judged(found, judge, ALL, evidenced.options),
    ]


def _judged(found: Regrets, judge: str, among: str, said: Sequence[str] = ()) -> list[Component]:
    told = against_nothing(found, judge, said)
    against: Component = html.Ul([html.Li(text) for text in told], className="compare-against")
    if len(told) > MOST_NAMED:
        against = folded(f"{len(told)} of these end worse than doing nothing in some future", against)
    table: Component = regret_by_future(found, judge, among)
    if len(found.options) > MOST_ROWS:
        table = folded(f"All {len(found.options)} in every future", table)
    return [
        html.P(finding(found, judge), className="compare-finding", **aria(live="polite")),
        *([against] if told else []),
        table,
        folded("By every measure", least_by_measure(found, among)),
    ]

"""Regret on the page: first among portfolios that rest on evidence, then with claims taken at their word."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.aria import aria
from dashboard.pages.compare.regret import Regrets
from dashboard.pages.compare.regret_tables import least_by_measure, regret_by_future
from dashboard.pages.compare.regret_words import against_nothing, claims, finding
from dashboard.tables import folded

EVIDENCED = "those that do not rest on claims"
ALL = "all of these"


def regret_parts(found: Regrets, judge: str) -> list[Component]:
    """Say and show which option is least bad at its worst, without claims and with them."""
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
    against = against_nothing(found, judge, said)
    return [
        html.P(finding(found, judge), className="compare-finding", **aria(live="polite")),
        *([html.Ul([html.Li(text) for text in against], className="compare-against")] if against else []),
        regret_by_future(found, judge, among),
        folded("By every measure", least_by_measure(found, among)),
    ]

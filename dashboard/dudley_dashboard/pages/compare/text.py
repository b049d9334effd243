"""Regret in sentences and tables: which portfolio holds up best in the worst case, and against do nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.names import MOST_NAMED, YOUR_PLAN
from dudley_dashboard.pages.compare.data import NOTHING_TITLE, Regrets
from dudley_dashboard.parts import Content, aria, folded, small, table
from dudley_dashboard.series import ends_text
from dudley_sd.indicators import COMPARED, JUDGED, Indicator
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.text import NOTHING, difference, in_words, is_nothing, joined, number

LIMITS = (
    "Every portfolio is run in all four futures, under each ticked contract, with your plan and pinned plans "
    "beside them, whatever futures and portfolios are ticked above. All have the outside world of your plan, "
    "so that only decisions differ.",
    "It ranks only what was run.",
    RUN_BY_RUN,
    "The share of the planned shift that landed is not told where none is planned.",
)
"""What a reader of the regret table must know."""

MOST_ROWS = 8
"""Options that a table shows at once; more are folded away."""


def regret_section(found: Regrets, judge: str) -> list[Component]:
    """Say and show which option holds up best in the worst case."""
    sentences = against_nothing(found, judge)
    against: Component = html.Ul([html.Li(text) for text in sentences], className="compare-against")
    if len(sentences) > MOST_NAMED:
        against = folded(f"{len(sentences)} of these end worse than doing nothing in some future", against)
    by_future: Component = regret_by_future(found, judge)
    if len(found.options) > MOST_ROWS:
        by_future = folded(f"All {len(found.options)} in every future", by_future)
    return [
        *(html.P(note, className="compare-note") for note in found.notes),
        html.P(finding(found, judge), className="compare-finding", **aria(live="polite")),
        *([against] if sentences else []),
        by_future,
        folded("By every indicator", least_by_indicator(found)),
    ]


def finding(found: Regrets, judge: str) -> str:
    """Say which options hold up best in the worst case, which are next, and what cannot be told apart."""
    indicator, worst = COMPARED[judge], found.by(judge)
    if len(worst) < 2:
        return f"By “{indicator.title}” there are not two portfolios to judge between."
    first, *others = _levels(worst, indicator)
    regret, several = _largest(first), len(first) > 1
    names, where = _quoted(first["portfolio"]), _future_of(first)
    text = f"Judged by medians of “{indicator.title}” in {found.year}, {names} "
    if is_nothing(regret, indicator):
        text += f"{'end' if several else 'ends'} best in every future"
    else:
        spread = "" if several else f" ({_ends(first.iloc[0], indicator)})"
        text += (
            f"{'end' if several else 'ends'} at most {distance(regret, indicator)} worse than the best of "
            f"these in the same future, whichever future comes; worst in {where}{spread}"
        )
    text += f": they tie, {_less_than(indicator)} apart." if several else "."
    if not others:
        return text
    second, *rest = others
    tie = f", which tie ({_less_than(indicator)} apart)," if len(second) > 1 else ""
    text += (
        f" Next {'come' if tie else 'comes'} {_quoted(second['portfolio'])}{tie or ':'} at worst "
        f"{distance(_largest(second), indicator)} worse than the best, in {_future_of(second)}"
    )
    more = f", {distance(_largest(second) - regret, indicator)} more"
    text += "." if is_nothing(regret, indicator) else f"{more}."
    for level in rest:
        if len(level) > 1:
            at_worst = f"at {distance(_largest(level), indicator)} ({_less_than(indicator)} apart)"
            text += f" {_quoted(level['portfolio'])} tie too, {at_worst}."
    return text


def _levels(worst: pd.DataFrame, indicator: Indicator) -> list[pd.DataFrame]:
    """Part a sorted table where the next option does not tie with the first of its part."""
    parts = []
    while not worst.empty:
        level = level_with_first(worst, indicator)
        parts.append(level)
        worst = worst.iloc[len(level) :]
    return parts


def level_with_first(worst: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return the first option of a sorted table and those that tie with it at the digits shown."""
    least = _largest(worst)
    ties = [
        number(least, indicator) == number(value, indicator) or is_nothing(value - least, indicator)
        for value in worst["regret"]
    ]
    return worst[ties]


def _largest(options: pd.DataFrame) -> float:
    return float(options["regret"].iloc[0])


def _future_of(options: pd.DataFrame) -> str:
    """Title of the future in which the first of some options is worst."""
    return catalogue().scenarios[str(options["scenario"].iloc[0])].title


def against_nothing(found: Regrets, judge: str) -> list[str]:
    """Say in which futures doing nothing ends better than an option, and by how much."""
    indicator = COMPARED[judge]
    futures = {key: each.title for key, each in catalogue().futures.items()}
    if any(math.isnan(found.lost(NOTHING_TITLE, key, judge)) for key in futures):
        return []
    sentences = []
    for option in found.options:
        losses = {title: found.lost(option, key, judge) for key, title in futures.items()}
        by = [
            f"{title} (by {distance(value, indicator)})"
            for title, value in losses.items()
            if value > 0 and not is_nothing(value, indicator)
        ]
        if by:
            count = f"{len(by)} of {len(futures)} futures"
            sentences.append(f"Doing nothing ends better than “{option}” in {count}: {joined(by)}.")
    if sentences or not set(found.options) - {NOTHING_TITLE}:
        return sentences
    return ["None of them ends worse than doing nothing in any future, at the digits shown."]


def regret_by_future(found: Regrets, judge: str) -> html.Div:
    """Options down, futures across: how far each ends from the best there; the worst of each last."""
    indicator, futures = COMPARED[judge], catalogue().futures
    mine = found.regret[found.regret["indicator"] == judge]
    regret = {(str(row["portfolio"]), str(row["scenario"])): row for _, row in mine.iterrows()}
    judged = found.by(judge)
    worst = dict(zip(judged["portfolio"], map(float, judged["regret"]), strict=True))
    best = set() if judged.empty else set(level_with_first(judged, indicator)["portfolio"])
    rows = []
    for option in found.options:
        yours = YOUR_PLAN.lower() if option == found.yours and option != YOUR_PLAN else ""
        cells: list[Content] = [small(option, yours)]
        for scenario in futures:
            row = regret.get((option, scenario))
            if row is None:
                cells.append(NOTHING)
                continue
            is_best = is_nothing(row["regret"], indicator)
            end = f"ends at {in_words(number(row['value'], indicator), indicator)}"
            far = "best" if is_best else distance(row["regret"], indicator)
            cell = small(far, _ends(row, indicator), end)
            cells.append(html.Td(cell, className="regret-best" if is_best else None))
        mark = f"✓ least at worst{', a tie' if len(best) > 1 else ''}" if option in best else ""
        largest = distance(worst[option], indicator) if option in worst else NOTHING
        kind = "regret-least" if mark else "regret-worst" if option in worst else None
        rows.append([*cells, html.Td(small(largest, mark), className=kind)])
    heads = ["Portfolio", *(each.title for each in futures.values()), "Largest regret"]
    caption = (
        f"Regret in {found.year} by “{indicator.title}”: how far each ends from the best of these in the "
        "same future; medians, and where 8 in 10 runs lie"
    )
    return table(caption, heads, rows, "regret-table")


def least_by_indicator(found: Regrets) -> html.Div:
    """By every indicator: which options hold up best in the worst case, and which are next."""
    rows = []
    for judge in JUDGED:
        indicator, worst = COMPARED[judge], found.by(judge)
        if len(worst) < 2:
            continue
        cells: list[Content] = []
        for level in _levels(worst, indicator)[:2]:
            largest = small(distance(_largest(level), indicator), _ends(level.iloc[0], indicator))
            cells += [joined(map(str, level["portfolio"])), largest]
        rows.append([indicator.title, *cells, *[NOTHING] * (4 - len(cells))])
    heads = ["Judged by", "Best in the worst case", "Its largest regret", "Next", "Its largest regret"]
    caption = f"Which of these holds up best in the worst case, by every indicator, {found.year}"
    return table(f"{caption}; names together tie", heads, rows)


def distance(value: float, indicator: Indicator) -> str:
    """Write a regret: ``£12m``, ``3.4 points``, ``12 WTE``."""
    if indicator.unit == "%":
        return difference(value, indicator).lstrip("+")
    text = number(value, indicator)
    return text if indicator.unit == "£m" else f"{text} {indicator.unit}"


def _ends(row: pd.Series, indicator: Indicator) -> str:
    """Say where 8 in 10 runs of a regret lie."""
    low, high = (float(row[end]) for end in ENDS)
    return ends_text(low, high, lambda value: distance(value, indicator))


def _less_than(indicator: Indicator) -> str:
    """Return what two numbers that tie are less than apart: ``less than £1m``, ``less than 0.1 points``."""
    step = f"{10.0**-indicator.decimals:g}"
    unit = {"%": "points", "beds": "bed"}.get(indicator.unit, indicator.unit)
    return f"less than £{step}m" if unit == "£m" else f"less than {step} {unit}"


def _quoted(names: Iterable[str]) -> str:
    """Join names, each in quotation marks, as a sentence does."""
    return joined(f"“{name}”" for name in names)

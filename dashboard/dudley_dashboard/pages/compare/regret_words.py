"""Regret in words: which portfolio holds up best in the worst case, and how each stands against nothing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

import pandas as pd

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.compare.regret import Regrets
from dudley_dashboard.shown import BY_KEY, ends_words
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.results.measures import Measure
from dudley_sd.results.regret import ENDS
from dudley_sd.text import difference, joined, number

MOST_NAMED = 4
"""Options that a sentence names, and points of a list that are not folded away."""


def finding(found: Regrets, judge: str) -> str:
    """Say which options hold up best in the worst case, which are next, and what cannot be told apart."""
    measure, worst = BY_KEY[judge], found.by(judge)
    if len(worst) < 2:
        return f"By “{measure.title}” there are not two portfolios to judge between."
    first = level_with_first(worst, measure)
    regret = float(first["regret"].iloc[0])
    spread = "" if len(first) > 1 else f" ({ends(first.iloc[0], measure)})"
    names, several = quoted(first["portfolio"]), len(first) > 1
    text = f"Judged by medians of “{measure.title}” in {found.year}, {names} "
    if is_nothing(regret, measure):
        text += f"{'end' if several else 'ends'} best in every future"
    else:
        text += (
            f"{'end' if several else 'ends'} at most {distance(regret, measure)} worse than the best of "
            f"these in the same future, whichever future comes; worst in {future_of(first.iloc[0])}{spread}"
        )
    text += f": they tie, {less_than(measure)} apart." if several else "."
    rest = worst.iloc[len(first) :]
    return text if rest.empty else f"{text} {_next(rest, regret, measure)}"


def _next(rest: pd.DataFrame, least: float, measure: Measure) -> str:
    """Say who comes next, and how far behind."""
    second = level_with_first(rest, measure)
    regret = float(second["regret"].iloc[0])
    tie = f", which tie ({less_than(measure)} apart)," if len(second) > 1 else ""
    text = (
        f"Next {'come' if tie else 'comes'} {quoted(second['portfolio'])}{tie or ':'} at worst "
        f"{distance(regret, measure)} worse than the best, in {future_of(second.iloc[0])}"
    )
    text += "." if is_nothing(least, measure) else f", {distance(regret - least, measure)} more."
    others = rest.iloc[len(second) :]
    while not others.empty:
        level = level_with_first(others, measure)
        if len(level) > 1:
            at_worst = distance(float(level["regret"].iloc[0]), measure)
            text += f" {quoted(level['portfolio'])} tie too, at {at_worst} ({less_than(measure)} apart)."
        others = others.iloc[len(level) :]
    return text


def against_nothing(found: Regrets, judge: str, said: Collection[str] = ()) -> list[str]:
    """Say in which futures doing nothing ends better than an option, and by how much.

    Parameters
    ----------
    found, judge
        What is judged, and by which measure.
    said
        Options of which it was said before.
    """
    measure = BY_KEY[judge]
    known = {key: each.title for key, each in catalogue().scenarios.items()}
    if any(math.isnan(found.lost(DO_NOTHING.capitalize(), key, judge)) for key in known):
        return []
    told = []
    options = [option for option in found.options if option not in said]
    for option in options:
        loses = {key: found.lost(option, key, judge) for key in known}
        by = [
            f"{known[key]} (by {distance(value, measure)})"
            for key, value in loses.items()
            if value > 0 and not is_nothing(value, measure)
        ]
        if by:
            count = f"{len(by)} of {len(known)} futures"
            told.append(f"Doing nothing ends better than “{option}” in {count}: {joined(by)}.")
    if told or not set(options) - {DO_NOTHING.capitalize()}:
        return told
    who = "None of those that rest on claims" if said else "None of them"
    return [f"{who} ends worse than doing nothing in any future, at the digits shown."]


def claims(found: Regrets) -> str:
    """Say which options take claims at their word; or nothing."""
    names = [name for name in found.options if name in found.claims]
    if not names:
        return ""
    one = len(names) == 1
    who = quoted(names) if len(names) <= MOST_NAMED else f"{len(names)} of these, as the table marks,"
    return (
        f"{who} {'rests' if one else 'rest'} on claims: {'it takes' if one else 'they take'} the "
        "effects that plans or others claimed at their word, which is no evidence that they will come."
    )


def level_with_first(worst: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return the first option of a sorted table and those that tie with it at the digits shown."""
    least = float(worst["regret"].iloc[0])
    return worst[[tie(least, float(value), measure) for value in worst["regret"]]]


def tie(one: float, other: float, measure: Measure) -> bool:
    """Whether two numbers are written alike, or their difference is written as nothing."""
    return number(one, measure) == number(other, measure) or is_nothing(other - one, measure)


def future_of(option: pd.Series) -> str:
    """Title of the future in which an option is worst."""
    return catalogue().scenarios[str(option["scenario"])].title


def distance(value: float, measure: Measure) -> str:
    """Write a regret: ``£12m``, ``3.4 points``, ``12 WTE``."""
    if measure.unit == "%":
        return difference(value, measure).lstrip("+")
    text = number(value, measure)
    return text if measure.unit == "£m" else f"{text} {measure.unit}"


def ends(row: pd.Series, measure: Measure) -> str:
    """Say where 8 in 10 runs of a regret lie."""
    low, high = (float(row[end]) for end in ENDS)
    return ends_words(low, high, lambda value: distance(value, measure))


def is_nothing(value: float, measure: Measure) -> bool:
    """Whether a regret rounds to nothing as it is written."""
    return not any(digit in "123456789" for digit in number(value, measure))


def less_than(measure: Measure) -> str:
    """Return what two numbers that tie are less than apart: ``less than £1m``, ``less than 0.1 points``."""
    step = f"{10.0**-measure.decimals:g}"
    if measure.unit == "£m":
        return f"less than £{step}m"
    unit = {"%": "points", "beds": "bed"}.get(measure.unit, measure.unit)
    return f"less than {step} {unit}"


def quoted(names: Iterable[str]) -> str:
    """Join names, each in quotation marks, as a sentence does."""
    return joined([f"“{name}”" for name in names])

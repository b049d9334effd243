"""What the page says of many runs, in a reader's words: shares of runs, never chances of the real world."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.read.levers import lever_address

from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.chances import BETTER, WORSE, better_shares, breaking_even, crossed
from dudley_dashboard.pages.uncertainty.swings import harmful, pulls, series_of
from dudley_sd.ensembles import ranges
from dudley_sd.ensembles.bands import bands
from dudley_sd.results.do_nothing import DOING_NOTHING
from dudley_sd.results.measures import Measure
from dudley_sd.results.words import element_words
from dudley_sd.text import in_100_runs, in_words, number

EDGES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of the runs at or below the edges of the bands: eight in ten lie between the outer two, half
between the inner two."""

HARDLY_ANY = 0.05
"""Share of runs in which the plan is worse, up to which a reader is told whether the ranges allow harm."""

MOST_NAMED = 3
LOPSIDED = 1.25
"""Ratio of the pulls to either side from which ranges are called lopsided."""

NO_SHIFT = "No shift of care is planned here, so this measure says nothing."
NOT_STORED = "The stored ensemble does not hold what this measure is read from. Choose another measure."
REASONS = {
    ranges.SCENARIO: "what the future itself is, such as GDP growth",
    ranges.DECISION: "decisions of portfolio, contract or policy",
    ranges.SWITCH: "switches, which measure nothing",
    ranges.TEST: "numbers that are there only for tests of extremes",
    ranges.USER: "what you set yourself",
    ranges.SHARE: "shares of a whole, none of which can vary alone",
    ranges.TABLES: "numbers that went into the model's tables before it runs",
    ranges.FLOWS: "numbers that went into the population's reference flows before it runs",
}
"""Reasons of `dudley_sd.ensembles.ranges` that read better otherwise here."""


def shown_runs(runs: xr.Dataset | None, measure: Measure) -> xr.DataArray | None:
    """Return a measure of many runs, in the years in which it says something; None where there is none."""
    if runs is None or measure.key not in runs:
        return None
    array = runs[measure.key]
    return None if bool(np.isnan(array.isel(year=-1)).all()) else array.dropna("year", how="all")


def range_sentences(answer: Answer, measure: Measure) -> list[str]:
    """Say where the runs of the plan, and those of doing nothing, lie in the last year."""
    found: list[str] = []
    scenario = answer.about["scenario"]
    for name, runs in (("your plan", answer.plan), (DOING_NOTHING, answer.nothing)):
        array = shown_runs(runs, measure)
        if array is None:
            continue
        low, lower, middle, upper, high = (
            in_words(number(float(value), measure), measure) for value in bands(array.isel(year=-1), EDGES)
        )
        if not found:
            found.append(
                f"In {answer.end}, 8 in 10 runs of {scenario} with {name} lie between {low} and {high}, and "
                f"half between {lower} and {upper}; the median is {middle}."
            )
        else:
            found.append(f"With {name}, 8 in 10 lie between {low} and {high}; the median is {middle}.")
    return found


def said(value: float, measure: Measure) -> str:
    """Write a value with the meaning of its sign: ``18 more GPs than needed``, ``£44m deficit``."""
    size = number(abs(value), measure)
    if measure.key == "gp_gap":
        return f"{size} more GPs than needed" if value < 0 else f"{size} GPs short"
    return in_words(number(value, measure), measure)


def below_zero_sentence(answer: Answer, measure: Measure) -> str:
    """Say what a sign means, where runs have it: how many, and what the run in the middle then says."""
    array = shown_runs(answer.plan, measure)
    if measure.key not in ("gp_gap", "system_balance") or array is None:
        return ""
    last = array.isel(year=-1)
    share = float((last < 0).mean())
    if share == 0:
        return ""
    means = (
        "there are more GPs than needed"
        if measure.key == "gp_gap"
        else "the system has spent more than it got"
    )
    return (
        f"Below zero {means}: so it is in {in_100_runs(share, answer.members)} of your plan; the run in the "
        f"middle: {said(float(last.median()), measure)}."
    )


def central_sentence(answer: Answer, measure: Measure) -> str:
    """Say where the single run at central values lies among the runs, and why."""
    central, array = central_value(answer, measure), shown_runs(answer.plan, measure)
    if central is None or array is None:
        return ""
    last = array.isel(year=-1)
    above = in_100_runs(float((last < central).mean()), answer.members)
    return (
        f"The single run at central values ends at {said(central, measure)} "
        f"(diamond). It lies above {above}. {_why_there(answer, measure, float((last < central).mean()))}"
    )


def _why_there(answer: Answer, measure: Measure, above: float) -> str:
    """Say whether the ranges explain why most runs lie on one side of the central one."""
    down, up = pulls(answer, measure)
    (longer, way), (shorter, back) = sorted([(down, "down"), (up, "up")], reverse=True)
    if longer > LOPSIDED * shorter and (above > 0.5) == (way == "down"):
        times = f"{longer / shorter:.1f} times as far {way} as {back}" if shorter else f"only {way}"
        return f"The ranges are lopsided: taken one at a time, the numbers drawn pull it {times}."
    return "It need not lie in the middle, since many ranges reach further to one side than to the other."


def central_value(answer: Answer, measure: Measure) -> float | None:
    """Value of the last year with every number central; None where no number moves it."""
    table = answer.swings[answer.swings["variable"] == series_of(measure)]
    return None if table.empty else float(table["at_central"].iloc[0])


def parameter_words(name: str) -> str:
    """Name of a number for a reader: ``growth not due to age (practice contacts, same day)``."""
    variable, element = lever_address(name)
    if not element:
        return variable
    return f"{variable} ({', '.join(element_words(each.strip()) for each in element.split(','))})"


def level_words(threshold: float, measure: Measure) -> str:
    """Write a line as it was typed, with all its digits, in the form of the measure: ``£1.5m``."""
    digits = len(f"{threshold:.10f}".rstrip("0").partition(".")[2])
    return number(threshold * measure.scale, replace(measure, decimals=max(measure.decimals, digits)))


def crossing_sentence(answer: Answer, measure: Measure, threshold: float, side: str) -> str:
    """Say how many runs lie beyond a threshold in the last year, and ever before."""
    now, ever = [], []
    for name, runs in (("your plan", answer.plan), (DOING_NOTHING, answer.nothing)):
        array = shown_runs(runs, measure)
        if array is not None:
            last = crossed(array, measure, threshold, side).iloc[-1]
            now.append(f"with {name} in {in_100_runs(float(last['share_in_year']), answer.members)}")
            ever.append(f"with {name} in {in_100_runs(float(last['share_by_year']), answer.members)}")
    level = level_words(threshold, measure)
    return (
        f"{measure.title} {side} {level} in {answer.end}: {', '.join(now)}. "
        f"{side.capitalize()} it at some mid-year by then: {', '.join(ever)}."
    )


def better_sentence(answer: Answer, measure: Measure) -> str:
    """Say in how many runs the plan is better than doing nothing with the same draw."""
    shares = better_shares(answer, measure)
    word, other = outcome_words(measure)
    last = shares.isel(year=-1)
    better, worse = (in_100_runs(float(last.sel(outcome=each)), answer.members) for each in (BETTER, WORSE))
    return (
        f"In {answer.last} your plan ends {word} than {DOING_NOTHING} in {better} and {other} in "
        f"{worse}. Both have the same draw in each run, so the difference is not noise."
    )


def harm_sentence(answer: Answer, measure: Measure) -> str:
    """Say whether the ranges leave room for harm, where the plan is better in nearly all runs."""
    found = harmful(answer, measure)
    if found is None or answer.nothing is None:
        return ""
    worse = float(better_shares(answer, measure).isel(year=-1).sel(outcome=WORSE))
    count = len(answer.about["parameters"])
    if worse > HARDLY_ANY:
        return ""
    if not found:
        return (
            f"None of the {count} numbers drawn, alone at either end of its range, makes your plan worse "
            f"than {DOING_NOTHING}: the ranges hardly allow harm, so these runs can hardly show it."
        )
    names = "; ".join(parameter_words(name) for name in found[:MOST_NAMED])
    return (
        f"Only {len(found)} of the {count} numbers drawn can make your plan worse than "
        f"{DOING_NOTHING} alone, at an end of its range ({names}): the ranges allow little harm."
    )


def outcome_words(measure: Measure) -> tuple[str, str]:
    """Return what is said of a plan that differs: better or worse; lower or higher where nobody judges."""
    return ("better", "worse") if measure.better else ("lower", "higher")


def break_even_sentence(answer: Answer) -> str:
    """Say in how many runs the plan has paid for itself by the last year."""
    table = breaking_even(answer)
    never, done = float(table["share"].iloc[0]), float(table["share_by_year"].iloc[-1])
    words = [f"By {answer.last} your plan has paid for itself in {in_100_runs(done, answer.members)}"]
    if never > 0:
        words.append(f" (in {in_100_runs(never, answer.members)} it is never behind {DOING_NOTHING})")
    left = in_100_runs(1 - done, answer.members)
    return "".join(words) + (f"; in {left} it has not." if done < 1 else ".")


def doubt_words(members: int) -> str:
    """How well a share of so many draws is known: 95 times in 100, at worst."""
    points = 100 * 1.96 * math.sqrt(0.25 / members)
    return f"With {members:,} draws a share is known to within about {points:.0f} in 100."


def plain_number(value: float) -> str:
    """Three figures that say enough: ``0.035``, ``12.4``, ``3,150``."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(digits, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def left_out_by_reason(answer: Answer) -> pd.Series:
    """How many numbers with a range all runs have alike, by the reason in plain words."""
    reasons = pd.Series([each["reason"] for each in answer.about["left_out"]], dtype=str)
    return reasons.map(lambda reason: REASONS.get(reason, reason)).value_counts()

"""Sentences on an ensemble: shares of runs, never chances of the real world."""

from __future__ import annotations

import math

import xarray as xr

from dudley_dashboard.names import parameter_text
from dudley_dashboard.pages.uncertainty.ensemble import (
    BETTER,
    PLAN,
    WORSE,
    Ensemble,
    assumptions,
    better_shares,
    break_even_shares,
    central_value,
    crossing_shares,
    harmful_numbers,
    pulls,
    strongest,
)
from dudley_sd.ensembles import ranges
from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import Indicator
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING
from dudley_sd.text import in_100_runs, in_words, number, plural

EDGES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of the runs at or below the edges of the bands: eight in ten lie between the outer two, half
between the inner two."""

HARDLY_ANY = 0.05
"""Share of runs in which the plan is worse, up to which a reader is told whether the ranges allow harm."""

MOST_NAMED = 3
LOPSIDED = 1.25
"""Ratio of the pulls to either side from which ranges are called lopsided."""

NO_SHIFT = "No shift of care is planned here, so this indicator says nothing."
NOT_STORED = "The stored ensemble does not hold what this indicator is read from. Choose another indicator."
REASONS = {
    ranges.SCENARIO: "what the future itself is, such as GDP growth",
    ranges.DECISION: "decisions of portfolio, contract or policy",
    ranges.SWITCH: "switches, which measure nothing",
    ranges.TEST: "numbers that are there only for tests",
    ranges.USER: "what you set yourself",
    ranges.SHARE: "shares of a whole, none of which can vary alone",
    ranges.TABLES: "numbers that went into the model's tables before it runs",
    ranges.FROZEN: "numbers that carry little of the results, kept at their central value",
    ranges.SOLVED: "the supply of staff, which is solved for each future at central values",
    ranges.FLOWS: "numbers that went into the population's reference flows before it runs",
}
"""Reasons of `dudley_sd.ensembles.ranges` that read better otherwise here."""


def range_sentences(ensemble: Ensemble, indicator: Indicator) -> list[str]:
    """Say where the runs of the plan, and those of doing nothing, lie in the last year."""
    found: list[str] = []
    scenario = ensemble.about["scenario"]
    for name, array in _runs_in_words(ensemble, indicator).items():
        low, lower, middle, upper, high = (
            in_words(number(float(value), indicator), indicator)
            for value in bands(array.isel(year=-1), EDGES)
        )
        if not found:
            found.append(
                f"In {ensemble.end}, 8 in 10 runs of {scenario} with {name} lie between {low} and {high}, "
                f"and half between {lower} and {upper}; the median is {middle}."
            )
        else:
            found.append(f"With {name}, 8 in 10 lie between {low} and {high}; the median is {middle}.")
    return found


def _runs_in_words(ensemble: Ensemble, indicator: Indicator) -> dict[str, xr.DataArray]:
    """Return runs of plan and do nothing by the words of a sentence: ``with doing nothing``."""
    names = {PLAN: PLAN, DO_NOTHING: DOING_NOTHING}
    return {names[name]: array for name, array in ensemble.runs(indicator).items()}


def below_zero_sentence(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say what a sign means, where runs have it: how many, and what the run in the middle then says."""
    array = ensemble.runs(indicator).get(PLAN)
    if not indicator.below_zero or array is None:
        return ""
    last = array.isel(year=-1)
    share = float((last < 0).mean())
    if share == 0:
        return ""
    return (
        f"Below zero {indicator.below_zero}: so it is in {in_100_runs(share, ensemble.members)} of your "
        f"plan; the run in the middle: {indicator.in_full(float(last.median()))}."
    )


def central_sentence(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say where the single run at central values lies among the runs, and why."""
    central, array = central_value(ensemble, indicator), ensemble.runs(indicator).get(PLAN)
    if central is None or array is None:
        return ""
    last = array.isel(year=-1)
    above = in_100_runs(float((last < central).mean()), ensemble.members)
    return (
        f"The single run at central values ends at {indicator.in_full(central)} "
        f"(diamond). It lies above {above}. {_why_there(ensemble, indicator, float((last < central).mean()))}"
    )


def _why_there(ensemble: Ensemble, indicator: Indicator, above: float) -> str:
    """Say whether the ranges explain why most runs lie on one side of the central one."""
    down, up = pulls(ensemble, indicator)
    (longer, way), (shorter, back) = sorted([(down, "down"), (up, "up")], reverse=True)
    if longer > LOPSIDED * shorter and (above > 0.5) == (way == "down"):
        times = f"{longer / shorter:.1f} times as far {way} as {back}" if shorter else f"only {way}"
        return f"The ranges are lopsided: taken one at a time, the numbers drawn pull it {times}."
    return "It need not lie in the middle, since many ranges reach further to one side than to the other."


def level_text(threshold: float, indicator: Indicator) -> str:
    """Write a line as it was typed, with all its digits, in the form of the indicator: ``£1.5m``."""
    digits = len(f"{threshold:.10f}".rstrip("0").partition(".")[2])
    return number(
        threshold * indicator.scale,
        indicator.model_copy(update={"decimals": max(indicator.decimals, digits)}),
    )


def crossing_sentence(ensemble: Ensemble, indicator: Indicator, threshold: float, side: str) -> str:
    """Say how many runs lie beyond a threshold in the last year, and ever before."""
    now, ever = [], []
    for name, array in _runs_in_words(ensemble, indicator).items():
        last = crossing_shares(array, indicator, threshold, side).iloc[-1]
        now.append(f"with {name} in {in_100_runs(float(last['share_in_year']), ensemble.members)}")
        ever.append(f"with {name} in {in_100_runs(float(last['share_by_year']), ensemble.members)}")
    level = level_text(threshold, indicator)
    return (
        f"{indicator.title} {side} {level} in {ensemble.end}: {', '.join(now)}. "
        f"{side.capitalize()} it at some mid-year by then: {', '.join(ever)}."
    )


def better_sentence(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say in how many runs the plan is better than doing nothing with the same draw."""
    shares = better_shares(ensemble, indicator)
    word, other = outcome_text(indicator)
    last = shares.isel(year=-1)
    better, worse = (in_100_runs(float(last.sel(outcome=each)), ensemble.members) for each in (BETTER, WORSE))
    return (
        f"In {ensemble.last} your plan ends {word} than {DOING_NOTHING} in {better} and {other} in "
        f"{worse}. Both have the same draw in each run, so the difference is not noise."
    )


def harm_sentence(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say whether the ranges leave room for harm, where the plan is better in nearly all runs."""
    found = harmful_numbers(ensemble, indicator)
    if found is None or ensemble.nothing is None:
        return ""
    worse = float(better_shares(ensemble, indicator).isel(year=-1).sel(outcome=WORSE))
    count = len(ensemble.about["parameters"])
    if worse > HARDLY_ANY:
        return ""
    if not found:
        return (
            f"None of the {count} numbers drawn, alone at either end of its range, makes your plan worse "
            f"than {DOING_NOTHING}: the ranges hardly allow harm, so these runs can hardly show it."
        )
    names = "; ".join(parameter_text(name) for name in found[:MOST_NAMED])
    return (
        f"Only {len(found)} of the {count} numbers drawn can make your plan worse than "
        f"{DOING_NOTHING} alone, at an end of its range ({names}): the ranges allow little harm."
    )


def outcome_text(indicator: Indicator) -> tuple[str, str]:
    """Return what is said of a plan that differs: better or worse; lower or higher where nobody judges."""
    return ("better", "worse") if indicator.better else ("lower", "higher")


def break_even_sentence(ensemble: Ensemble) -> str:
    """Say in how many runs the plan has paid for itself by the last year."""
    table = break_even_shares(ensemble)
    never, done = float(table["share"].iloc[0]), float(table["share_by_year"].iloc[-1])
    words = [f"By {ensemble.last} your plan has paid for itself in {in_100_runs(done, ensemble.members)}"]
    if never > 0:
        words.append(f" (in {in_100_runs(never, ensemble.members)} it is never behind {DOING_NOTHING})")
    left = in_100_runs(1 - done, ensemble.members)
    return "".join(words) + (f"; in {left} it has not." if done < 1 else ".")


def doubt_text(members: int) -> str:
    """How well a share of so many draws is known: 95 times in 100, at worst."""
    points = 100 * 1.96 * math.sqrt(0.25 / members)
    return f"With {members:,} draws a share is known to within about {points:.0f} in 100."


def references_sentence(ensemble: Ensemble) -> str:
    """Say how the people differ between runs."""
    count = ensemble.about["references"]
    if not count:
        return "People are born, fall ill and die at the same rates in every run but for what is drawn."
    return (
        f"Each run also has one of {plural(count, 'set')} of people, solved before with other births, deaths "
        "and long-term conditions."
    )


def left_out_by_reason(ensemble: Ensemble) -> dict[str, list[str]]:
    """Numbers with a range that all runs have alike, by the reason in plain words, the commonest first."""
    names: dict[str, list[str]] = {}
    for each in ensemble.about["left_out"]:
        reason = REASONS.get(each["reason"], each["reason"])
        names.setdefault(reason, []).append(each["name"] or each["id"].replace("_", " "))
    return dict(sorted(names.items(), key=lambda pair: -len(pair[1])))


def source_sentence(ensemble: Ensemble) -> str:
    """Say whose runs a chart shows."""
    about, beyond = ensemble.about, ensemble.about.get("beyond")
    star = f" * {beyond[0]}: beyond the projection, whose last year's rates carry on." if beyond else ""
    return (
        f"{ensemble.members:,} runs of the model, {about['footprint']}, {about['scenario']}, portfolio "
        f"{about['portfolio'].lower()}, contract {about['contract'].lower()}, seed {about['seed']}.{star}"
    )


def assumptions_sentence(ensemble: Ensemble, indicator: Indicator) -> str:
    """Say how many of the numbers that matter most are assumptions."""
    table, known = strongest(ensemble, indicator), assumptions(ensemble)
    count = sum(name in known for name in table["parameter"])
    if not count:
        return ""
    all_ = "All" if count == len(table) else str(count)
    return (
        f"{all_} of these {len(table)} numbers {'is an assumption' if count == 1 else 'are assumptions'}: "
        "nothing published says what they are."
    )

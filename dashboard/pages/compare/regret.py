"""Which portfolio is least bad at its worst, and how close is the next?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from dashboard.catalogue import catalogue
from dashboard.measured import measures_of
from dashboard.pages.compare.cases import portfolio_title, why
from dashboard.pages.compare.choices import Choices
from dashboard.plan import CONTRACT, Plan
from dashboard.shown import BY_KEY
from dudley_sd.errors import InputError
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.comparison import REVIEW_POINTS
from dudley_sd.results.comparison_words import difference, number
from dudley_sd.results.measures import Measure
from dudley_sd.results.regret import JUDGED, regret_table, worst_regret

CLAIM = "claimed effect"
"""What a portfolio decides where claims stand in the place of evidence."""

LAST = REVIEW_POINTS[-1]


@dataclass(frozen=True, eq=False)
class Regrets:
    """Regret of every option in every future, by every measure that portfolios are judged by.

    Attributes
    ----------
    regret, worst
        From `dudley_sd.results.regret`; the column ``portfolio`` holds the option's title.
    options
        Titles, in the order shown.
    claims
        Those of them whose effects are what plans or others claimed.
    notes
        What was left out, and why.
    """

    regret: pd.DataFrame
    worst: pd.DataFrame
    options: list[str]
    claims: frozenset[str]
    notes: list[str]


def options_of(choices: Choices) -> tuple[dict[str, Plan], list[str]]:
    """Return what is judged, by title: all portfolios under each ticked contract, this plan and pins."""
    plan = choices.plan
    found: dict[str, Plan] = {}
    for portfolio, contract in product(catalogue().portfolios, choices.contracts or (CONTRACT,)):
        title = portfolio_title(portfolio)
        title = title[:1].upper() + title[1:]
        if len(choices.contracts) > 1 or contract != CONTRACT:
            title = f"{title}, {catalogue().contracts[contract].title}"
        found[title] = Plan(plan.scenario, portfolio, contract, plan.footprint, plan.projection)
    notes = []
    for title, other in [("This plan", plan), *((pin.name, pin.plan) for pin in choices.pins)]:
        if (other.footprint, other.projection) != (plan.footprint, plan.projection):
            notes.append(f"“{title}” is of another area and is not judged here.")
        elif not any(_same_decisions(other, each) for each in found.values()):
            found[title if title not in found else f"{title} (pinned)"] = other
    return found, notes


def _same_decisions(one: Plan, other: Plan) -> bool:
    return (one.portfolio, one.contract, dict(one.levers)) == (
        other.portfolio,
        other.contract,
        dict(other.levers),
    )


def regrets(choices: Choices) -> Regrets:
    """Run every option in every future and see how far each ends from the best."""
    options, notes = options_of(choices)
    rows = []
    shown = []
    for title, plan in options.items():
        try:
            results = measures_of(plan, tuple(catalogue().scenarios))
        except (InputError, BrokenInvariantError) as error:
            notes.append(f"“{title}” cannot be run in every future and is not judged: {why(error)}.")
            continue
        shown.append(title)
        last = results.sel(year=LAST)
        rows += [
            {
                "footprint": plan.footprint,
                "portfolio": title,
                "contract": "",
                "scenario": scenario,
                "year": LAST,
                "measure": measure,
                "unit": last[measure].attrs.get("units", ""),
                "value": float(last[measure].sel(scenario=scenario)),
            }
            for measure in JUDGED
            for scenario in catalogue().scenarios
        ]
    table_of = regret_table(pd.DataFrame(rows))
    claimed = frozenset(title for title, plan in options.items() if takes_claims(plan))
    return Regrets(table_of, worst_regret(table_of), shown, claimed, notes)


def takes_claims(plan: Plan) -> bool:
    """Whether a plan's effects are what plans or others claimed."""
    return CLAIM in catalogue().portfolios[plan.portfolio].decisions


def worst_by(found: Regrets, judge: str) -> pd.DataFrame:
    """Return options that can be judged by a measure, the least bad at its worst first."""
    worst = found.worst
    return worst[worst["measure"] == judge].sort_values("regret", kind="stable")


def sentence(found: Regrets, judge: str) -> str:
    """Say in plain words which option is least bad at its worst, and how close the runner-up is."""
    measure = BY_KEY[judge]
    worst = worst_by(found, judge)
    if len(worst) < 2:
        return f"By “{measure.title}” there are not two portfolios to judge between."
    least = worst[worst["least_at_worst"]]
    rest = worst[~worst["least_at_worst"]]
    names = joined([f"“{name}”" for name in least["portfolio"]])
    regret = float(least["regret"].iloc[0])
    verb = "ends" if len(least) == 1 else "end"
    told = distance(regret, measure)
    if is_nothing(regret, measure):
        text = f"Judged by “{measure.title}” in {LAST}, {names} {verb} best in every future."
    else:
        future = catalogue().scenarios[str(least["scenario"].iloc[0])].title
        text = (
            f"Judged by “{measure.title}” in {LAST}, {names} {verb} at most {told} worse than the best of "
            f"these in the same future, whichever future comes (worst in {future})."
        )
    if rest.empty:
        return text
    second = rest.iloc[0]
    apart = float(second["regret"]) - regret
    text += f" The runner-up, “{second['portfolio']}”, can end {_can_end(second, measure)}"
    if is_nothing(apart, measure):
        text += ": too close to call at the digits shown."
    else:
        text += "." if is_nothing(regret, measure) else f", {distance(apart, measure)} more."
    return text


def claims(found: Regrets, judge: str) -> str:
    """Say so where the least bad takes claims at their word, and how the others stand; or nothing."""
    worst = worst_by(found, judge)
    least = [str(name) for name in worst.loc[worst["least_at_worst"], "portfolio"]]
    claimed = [name for name in least if name in found.claims]
    others = worst[~worst["portfolio"].isin(found.claims)]
    if not claimed:
        return ""
    names = joined([f"“{name}”" for name in claimed])
    text = f"{names} takes what plans claimed at its word, which is no evidence that it will come."
    if others.empty:
        return text
    first = others.iloc[0]
    end = _can_end(first, BY_KEY[judge])
    text += f" Without such claims “{first['portfolio']}” is least bad: it can end {end}"
    if len(others) > 1 and is_nothing(
        float(others.iloc[1]["regret"]) - float(first["regret"]), BY_KEY[judge]
    ):
        return f"{text}; “{others.iloc[1]['portfolio']}” is too close to tell apart."
    return f"{text}."


def _can_end(option: pd.Series, measure: Measure) -> str:
    future = catalogue().scenarios[str(option["scenario"])].title
    return f"{distance(float(option['regret']), measure)} worse than the best (in {future})"


def distance(value: float, measure: Measure) -> str:
    """Write a regret: ``£12m``, ``3.4 points``, ``12 WTE``."""
    if measure.unit == "%":
        return difference(value, measure).lstrip("+").replace("pts", "points")
    text = number(value, measure)
    return text if measure.unit == "£m" else f"{text} {measure.unit}"


def is_nothing(value: float, measure: Measure) -> bool:
    """Whether a regret rounds to nothing as it is written."""
    return not any(digit in "123456789" for digit in number(value, measure))


def joined(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

"""How far from the best does each option end in every future, at a review point?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.members import members_of
from dudley_dashboard.pages.beside import YOUR_PLAN, in_world_of, portfolio_words
from dudley_dashboard.pages.compare.cases import why
from dudley_dashboard.pages.compare.choices import Choices
from dudley_dashboard.pages.compare.heads import contract_words
from dudley_sd.request import CONTRACT, Request
from dudley_sd.results.band import MEDIAN, statistics_of
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.comparison import CLAIM, rests_on_claims
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.results.regret import JUDGED, regret_table, worst_regret

COLUMNS = ["footprint", "portfolio", "contract", "scenario", "year", "measure", "unit"]


@dataclass(frozen=True, eq=False)
class Regrets:
    """Regret of every option in every future, by every measure that portfolios are judged by.

    Attributes
    ----------
    year
        Review point at which options are judged.
    ends
        What ends there are, one row for each option, future and measure: `COLUMNS`; the column
        ``portfolio`` holds the option's title, ``contract`` nothing.
    runs
        Where the members of the default ensemble end, [row of `ends`, member]; the single run first.
    yours
        Title of the option that decides what the plan of the address decides.
    claims
        Titles of those whose effects are what plans or others claimed.
    notes
        What was left out, and why.
    regret, worst
        From `dudley_sd.results.regret`.
    """

    year: int
    ends: pd.DataFrame
    runs: np.ndarray
    yours: str
    claims: frozenset[str]
    notes: tuple[str, ...]
    regret: pd.DataFrame
    worst: pd.DataFrame

    @property
    def options(self) -> list[str]:
        """Titles, in the order shown."""
        return list(dict.fromkeys(self.ends["portfolio"]))

    def evidenced(self) -> Regrets:
        """Judge anew without the options that rest on claims: none of them is the best any more."""
        kept = ~self.ends["portfolio"].isin(self.claims).to_numpy()
        return _judged(self.year, self.ends[kept], self.runs[kept], self.yours, frozenset(), ())

    def lost(self, option: str, scenario: str, judge: str) -> float:
        """How far an option ends behind doing nothing, above 0 where it is worse: the median over members."""
        here = (self.ends["scenario"] == scenario) & (self.ends["measure"] == judge)
        mine, nothing = (
            self.runs[(here & (self.ends["portfolio"] == name)).to_numpy()]
            for name in (option, DO_NOTHING.capitalize())
        )
        if not len(mine) or not len(nothing):
            return math.nan
        sign = 1 if JUDGED[judge] == "high" else -1
        return float(statistics_of((nothing - mine).T * sign)[MEDIAN].item())

    def by(self, judge: str) -> pd.DataFrame:
        """Return options that can be judged by a measure, the one of the smallest largest regret first."""
        worst = self.worst
        return worst[worst["measure"] == judge].sort_values("regret", kind="stable")


def regrets(choices: Choices) -> Regrets:
    """Run every option in every future and see how far each is from the best at the review point."""
    options, notes = options_of(choices)
    year, futures = choices.years[-1], tuple(catalogue().scenarios)
    rows, runs = [], []
    for title, plan in options.items():
        try:
            members = members_of(replace(plan, scenarios=(scenario,)) for scenario in futures)
        except (InputError, BrokenInvariantError) as error:
            notes.append(f"“{title}” cannot be run in every future and is not judged: {why(error)}.")
            continue
        for measure in JUDGED:
            for scenario, results in zip(futures, members, strict=True):
                ends = results[measure].sel(year=year)
                unit = ends.attrs.get("units", "")
                rows.append((plan.footprint, title, "", scenario, year, measure, unit))
                runs.append(ends.to_numpy())
    claimed = frozenset(title for title, plan in options.items() if takes_claims(plan))
    yours = next(title for title, plan in options.items() if _decided(plan) == _decided(choices.plan))
    return _judged(year, pd.DataFrame(rows, columns=COLUMNS), np.array(runs), yours, claimed, notes)


def _judged(
    year: int,
    ends: pd.DataFrame,
    runs: np.ndarray,
    yours: str,
    claims: frozenset[str],
    notes: Sequence[str],
) -> Regrets:
    regret = regret_table(ends, runs)
    return Regrets(year, ends, runs, yours, claims, tuple(notes), regret, worst_regret(regret))


def options_of(choices: Choices) -> tuple[dict[str, Request], list[str]]:
    """Return what is judged, by title: doing nothing, portfolios under each ticked contract, plan and pins.

    All have the plan's levers on the outside world, so that only decisions differ.
    """
    plan = choices.plan
    world = plan.do_nothing().settings
    found = {DO_NOTHING.capitalize(): plan.do_nothing()}
    for portfolio, contract in product(catalogue().portfolios, choices.contracts or (CONTRACT,)):
        title = portfolio_words(portfolio)
        if len(choices.contracts) > 1 or contract != CONTRACT:
            title = f"{title}, {contract_words(contract)}"
        _add(found, title, replace(plan, portfolio=portfolio, contract=contract, settings=world))
    _add(found, YOUR_PLAN, plan)
    notes = []
    for pin in choices.pins:
        if (pin.plan.footprint, pin.plan.projection) != (plan.footprint, plan.projection):
            notes.append(f"“{pin.name}” is of another area and is not judged here.")
            continue
        if pin.plan.do_nothing().settings != world:
            notes.append(f"“{pin.name}” is judged in the outside world of your plan, not in its own.")
        _add(found, pin.name, in_world_of(plan, pin.plan))
    return found, notes


def _add(found: dict[str, Request], title: str, plan: Request) -> None:
    """Add an option unless one with the same decisions is there."""
    if not any(_decided(plan) == _decided(other) for other in found.values()):
        found[title if title not in found else f"{title} (pinned)"] = plan


def _decided(plan: Request) -> tuple[str, str, Mapping[str, float]]:
    return plan.portfolio, plan.contract, dict(plan.values)


def takes_claims(plan: Request) -> bool:
    """Whether a plan's effects are what plans or others claimed, by its portfolio or by its levers."""
    by_lever = any(name.startswith(CLAIM) and value > 0 for name, value in plan.values.items())
    return by_lever or rests_on_claims(plan.portfolio)

"""What is to be compared? Read from the address, and written back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.catalogue import catalogue
from dashboard.pins import Pin, clean_name, pin_text, read_pins
from dashboard.plan import CONTRACT, PORTFOLIO, Plan
from dashboard.shown import ABSOLUTE, BY_KEY, WAYS
from dudley_sd.results.comparison import REVIEW_POINTS
from dudley_sd.results.regret import JUDGED
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

BASELINE = "baseline"
ALL_YEARS = "all"
REVIEWS = (*(str(year) for year in REVIEW_POINTS), ALL_YEARS)
MEASURE, JUDGE = "gp_gap", "system_balance"
LISTS = ("futures", "portfolios", "contracts")
KEYS = (*LISTS, "pin", "show", "against", "measure", "review", "judge")
"""Keys of the address that belong to this page."""

NONE_CHOSEN = "none_chosen"
"""What the address says where every tick of a list was taken away."""


@dataclass(frozen=True)
class Choices:
    """What the reader asked to see, checked.

    Attributes
    ----------
    plan
        The plan of the address.
    futures, portfolios, contracts
        Ticked keys: every combination of them is compared.
    pins
        Plans that were pinned.
    show, against
        One of `WAYS`, and the key of the case that differences are taken from.
    measure, review, judge
        Measure of the line chart; review point of the table, or `ALL_YEARS`; measure of the regret table.
    """

    plan: Plan
    futures: tuple[str, ...]
    portfolios: tuple[str, ...]
    contracts: tuple[str, ...] = (CONTRACT,)
    pins: tuple[Pin, ...] = ()
    show: str = ABSOLUTE
    against: str = BASELINE
    measure: str = MEASURE
    review: str = REVIEWS[2]
    judge: str = JUDGE

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as keys and values of an address."""
        usual = usual_choices(self.plan)
        found = []
        for key in LISTS:
            if getattr(self, key) != getattr(usual, key):
                found += [(key, value) for value in getattr(self, key) or (NONE_CHOSEN,)]
        found += [("pin", pin_text(pin)) for pin in self.pins]
        single = ("show", "against", "measure", "review", "judge")
        found += [(key, getattr(self, key)) for key in single if getattr(self, key) != getattr(usual, key)]
        return found


def usual_choices(plan: Plan) -> Choices:
    """All futures with the portfolio of the plan: what is compared where the address says nothing."""
    portfolio = PORTFOLIO if plan.portfolio == NO_PORTFOLIO else plan.portfolio
    return Choices(plan, tuple(catalogue().scenarios), (portfolio,), (plan.contract,))


def read_choices(plan: Plan, rest: Mapping[str, Sequence[str]]) -> tuple[Choices, list[str]]:
    """Read the keys of this page; what cannot be true gives a note and the usual.

    Parameters
    ----------
    plan
        The plan of the address.
    rest
        Text from the outside, by key.
    """
    usual = usual_choices(plan)
    pins, notes = read_pins(rest.get("pin", ()))
    lists: dict[str, Any] = {}
    for key, known, word in (
        ("futures", catalogue().scenarios, "future"),
        ("portfolios", catalogue().portfolios, "portfolio"),
        ("contracts", catalogue().contracts, "contract"),
    ):
        lists[key], more = _listed(rest.get(key), tuple(known), getattr(usual, key), word)
        notes += more
    single: dict[str, Any] = {}
    for key, choices, what in (
        ("show", tuple(WAYS), "way to show numbers"),
        ("measure", tuple(BY_KEY), "measure"),
        ("review", REVIEWS, "review point"),
        ("judge", tuple(JUDGED), "measure to judge by"),
    ):
        single[key], more = _one(rest.get(key), choices, getattr(usual, key), what)
        notes += more
    against = (rest.get("against") or (BASELINE,))[-1]
    return Choices(plan, **lists, pins=tuple(pins), against=against, **single), notes


def _listed(
    given: Sequence[str] | None, known: Sequence[str], usual: tuple[str, ...], word: str
) -> tuple[tuple[str, ...], list[str]]:
    if given is None:
        return usual, []
    notes = [
        f"There is no {word} “{clean_name(value)}”; it was left out."
        for value in given
        if value not in known and value != NONE_CHOSEN
    ]
    found = tuple(name for name in known if name in given)
    return (usual if notes and not found else found), notes


def _one(given: Sequence[str] | None, known: Sequence[str], usual: str, what: str) -> tuple[str, list[str]]:
    if not given or given[-1] in known:
        return (given[-1] if given else usual), []
    return usual, [f"There is no {what} “{clean_name(given[-1])}”; the usual one is shown."]

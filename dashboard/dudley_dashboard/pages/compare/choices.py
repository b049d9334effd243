"""What is to be compared? Read from the address, and written back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dudley_dashboard.address import Pin, pin_text, read_pins
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.asked import differing, one_of, some_of
from dudley_dashboard.shown import ABSOLUTE, BY_KEY, WAYS
from dudley_sd.request import CONTRACT, PORTFOLIO, Request
from dudley_sd.results.comparison import REVIEW_POINTS
from dudley_sd.results.regret import JUDGED
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

DO_NOTHING = "do_nothing"
OLD_KEYS = {"baseline": "reference_case", "doing_nothing": DO_NOTHING}
"""What links of earlier versions call the two runs that stand beside a plan."""

ALL_YEARS = "all"
REVIEWS = (*(str(year) for year in REVIEW_POINTS), ALL_YEARS)
MEASURE, JUDGE = "gp_gap", "system_balance"
LISTS = ("futures", "portfolios", "contracts")
SINGLE = ("show", "against", "measure", "review", "judge")
KEYS = (*LISTS, "pin", *SINGLE)
"""Keys of the address that belong to this page."""


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

    plan: Request
    futures: tuple[str, ...]
    portfolios: tuple[str, ...]
    contracts: tuple[str, ...] = (CONTRACT,)
    pins: tuple[Pin, ...] = ()
    show: str = ABSOLUTE
    against: str = DO_NOTHING
    measure: str = MEASURE
    review: str = REVIEWS[2]
    judge: str = JUDGE

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as keys and values of an address."""
        pins = [("pin", pin_text(pin)) for pin in self.pins]
        return pins + differing(self, usual_choices(self.plan), LISTS, SINGLE)

    @property
    def years(self) -> tuple[int, ...]:
        """Review points that are shown."""
        return REVIEW_POINTS if self.review == ALL_YEARS else (int(self.review),)


def usual_choices(plan: Request) -> Choices:
    """All futures with the portfolio of the plan: what is compared where the address says nothing."""
    portfolio = PORTFOLIO if plan.portfolio == NO_PORTFOLIO else plan.portfolio
    return Choices(plan, tuple(catalogue().scenarios), (portfolio,), (plan.contract,))


def read_choices(plan: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Choices, list[str]]:
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
        lists[key], more = some_of(rest.get(key), tuple(known), getattr(usual, key), word)
        notes += more
    single: dict[str, Any] = {}
    for key, choices, what in (
        ("show", tuple(WAYS), "way to show numbers"),
        ("measure", tuple(BY_KEY), "measure"),
        ("review", REVIEWS, "review point"),
        ("judge", tuple(JUDGED), "measure to judge by"),
    ):
        single[key], more = one_of(rest.get(key), choices, getattr(usual, key), what)
        notes += more
    against = (rest.get("against") or (DO_NOTHING,))[-1]
    against = OLD_KEYS.get(against, against)
    return Choices(plan, **lists, pins=tuple(pins), against=against, **single), notes

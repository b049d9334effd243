"""Names of plans, portfolios, do nothing and the reference case, for readers."""

from __future__ import annotations

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.sliders import sliders
from dudley_sd.request import CONTRACT, Request, world_settings
from dudley_sd.results.comparison import NO_PORTFOLIO_WORDS
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

YOUR_PLAN = "Your plan"
DO_NOTHING_WORDS = "Do nothing, same future"
REFERENCE_CASE_WORDS = "Reference case: Official Future, do nothing"
MOST_NAMED = 4
"""Levers that a sentence names."""


def portfolio_words(key: str) -> str:
    """Name of a portfolio in a sentence or a table."""
    return NO_PORTFOLIO_WORDS if key == NO_PORTFOLIO else catalogue().portfolios[key].title


def portfolio_choices() -> dict[str, str]:
    """Labels of the portfolios that a reader can choose from, by key."""
    return {key: portfolio_words(key) for key in catalogue().portfolios}


def described(plan: Request, beside: Request | None = None) -> str:
    """Say in a few words what a plan is made of; its area where it is not that of another plan."""
    known = catalogue()
    words = [known.scenarios[plan.scenario].title]
    portfolio = DO_NOTHING.capitalize() if decides_nothing(plan) else portfolio_words(plan.portfolio)
    words.append(portfolio.lower() if plan.portfolio == NO_PORTFOLIO else portfolio)
    if plan.contract != CONTRACT:
        words.append(known.contracts[plan.contract].title)
    if plan.values:
        words.append(levers_moved(plan))
    if beside is not None and plan.footprint != beside.footprint:
        words.append(known.footprints[plan.footprint].name)
    return ", ".join(words)


def levers_moved(plan: Request) -> str:
    """Say how many levers a plan moves: ``1 lever moved``."""
    return f"{len(plan.values)} {'lever' if len(plan.values) == 1 else 'levers'} moved"


def decides_nothing(plan: Request) -> bool:
    """Whether a plan is do nothing itself."""
    return plan == plan.do_nothing()


def decisions(plan: Request) -> dict[str, float]:
    """Levers of a plan on portfolio and contract; all others are on the outside world."""
    world = world_settings(plan.values)
    return {name: value for name, value in plan.values.items() if name not in world}


def in_world_of(plan: Request, other: Request) -> Request:
    """Return what another plan decides, in the area and the outside world of a plan."""
    levers = decisions(other) | world_settings(plan.values)
    return Request(other.scenario, other.portfolio, other.contract, plan.footprint, plan.projection, levers)


def world_words(plan: Request) -> str:
    """Say which levers on the outside world a plan moves, and where else they are moved; or nothing."""
    names = [lever_words(name) for name in world_settings(plan.values)]
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
    shown = ", ".join(names[:MOST_NAMED]) + more
    one = len(names) == 1
    return (
        f"Your plan moves {'a lever' if one else f'{len(names)} levers'} on the outside world ({shown}). "
        f"{'It is' if one else 'They are'} moved in the same way in every run beside it, so that only "
        "futures and decisions differ; not in the reference case, and a pinned plan keeps its own."
    )


def lever_words(address: str) -> str:
    """Name of a lever for readers: its slider's, where it has one."""
    named = {slider.address: slider.label for slider in sliders().levers}
    return named.get(address, address)

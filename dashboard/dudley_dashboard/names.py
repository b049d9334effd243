"""Names of plans, portfolios, do nothing and the reference case, for readers."""

from __future__ import annotations

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.sliders import sliders
from dudley_sd.request import CONTRACT, Request, world_settings
from dudley_sd.results.comparison import NO_PORTFOLIO_WORDS
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.settings.portfolios import NO_PORTFOLIO
from dudley_sd.text import plural

YOUR_PLAN = "Your plan"
DO_NOTHING_WORDS = "Do nothing, same future"
REFERENCE_CASE_WORDS = "Reference case: Official Future, do nothing"
MOST_NAMED = 4
"""Levers that a sentence names."""


def portfolio_text(key: str) -> str:
    """Name of a portfolio in a sentence or a table."""
    return NO_PORTFOLIO_WORDS if key == NO_PORTFOLIO else catalogue().portfolios[key].title


def portfolio_choices() -> dict[str, str]:
    """Labels of the portfolios that a reader can choose from, by key."""
    return {key: portfolio_text(key) for key in catalogue().portfolios}


def contract_text(key: str) -> str:
    """Name of a contract behind that of a future or portfolio."""
    return "contract as now" if key == CONTRACT else catalogue().contracts[key].title


def is_indicative(key: str) -> bool:
    """Whether an area, or a part of a total, is projected or sized like another."""
    return any(part.projected_like or part.sized_like for part in catalogue().parts(key))


def described(plan: Request, other: Request | None = None) -> str:
    """Say in a few words what a plan is made of; its area where it is not that of another plan."""
    known = catalogue()
    portfolio = DO_NOTHING if decides_nothing(plan) else portfolio_text(plan.portfolio)
    words = [known.scenarios[plan.scenario].title]
    words.append(portfolio.lower() if plan.portfolio == NO_PORTFOLIO else portfolio)
    if plan.contract != CONTRACT:
        words.append(known.contracts[plan.contract].title)
    if plan.settings:
        words.append(levers_moved(plan))
    if other is not None and plan.footprint != other.footprint:
        words.append(known.footprints[plan.footprint].name)
    return ", ".join(words)


def levers_moved(plan: Request) -> str:
    """Say how many levers a plan moves: ``1 lever moved``."""
    return f"{plural(len(plan.settings), 'lever')} moved"


def decides_nothing(plan: Request) -> bool:
    """Whether a plan is do nothing itself."""
    return plan == plan.do_nothing()


def in_world_of(plan: Request, other: Request) -> Request:
    """Return what another plan decides, in the area and the outside world of a plan."""
    theirs = world_settings(other.values)
    settings = {name: value for name, value in other.values.items() if name not in theirs}
    settings |= world_settings(plan.values)
    return Request(other.scenario, other.portfolio, other.contract, plan.footprint, plan.projection, settings)


def world_text(plan: Request) -> str:
    """Say which levers on the outside world a plan moves, and where else they are moved; or nothing."""
    labels = {slider.address: slider.label for slider in sliders().levers}
    names = [labels.get(name, name) for name in world_settings(plan.values)]
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
    one = len(names) == 1
    return (
        f"Your plan moves {'a lever' if one else f'{len(names)} levers'} on the outside world "
        f"({', '.join(names[:MOST_NAMED])}{more}). "
        f"{'It is' if one else 'They are'} moved in the same way in every run beside it, so that only "
        "futures and decisions differ; not in the reference case, and a pinned plan keeps its own."
    )

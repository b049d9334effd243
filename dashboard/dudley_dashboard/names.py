"""Names of plans, portfolios, levers, do nothing and the reference case, for readers."""

from __future__ import annotations

import math

from sdcompile.read.levers import lever_address

from dudley_dashboard.catalogue import catalogue, sliders
from dudley_sd.inputs.elements import element_text
from dudley_sd.request import CONTRACT, Request, world_settings
from dudley_sd.results.comparison import NO_PORTFOLIO_WORDS
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.results.table import unit_words
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


MOST_LEVERS = 8
"""Levers that are named in a list; the others are counted."""


def plan_text(plan: Request) -> str:
    """Say what a plan is, in a line."""
    known = catalogue()
    portfolio = known.portfolios[plan.portfolio].title
    parts = [
        f"Future: {known.scenarios[plan.scenario].title}",
        "no portfolio" if plan.portfolio == NO_PORTFOLIO else f"portfolio: {portfolio}",
        f"contract: {known.contracts[plan.contract].title}",
        known.footprints[plan.footprint].name,
    ]
    return f"{' · '.join(parts)}. {levers_text(plan)}"


def levers_text(plan: Request) -> str:
    """Name the levers that differ from what future, portfolio and contract set, with their values."""
    if not plan.values:
        return "No lever is moved."
    levers = [lever_text(name, value) for name, value in sorted(plan.values.items())]
    more = [f"and {len(levers) - MOST_LEVERS} more"] if len(levers) > MOST_LEVERS else []
    return f"Moved: {'; '.join([*levers[:MOST_LEVERS], *more])}."


def lever_text(name: str, value: float) -> str:
    """Say what a lever is set to: its name on Explore where it has one there, with unit."""
    lever, _ = lever_address(name)
    for slider in sliders().levers:
        if slider.address == name:
            if slider.percent:
                return f"{slider.label} {plain_number(100 * value)}%"
            return f"{slider.label} {plain_number(value)}{_unit(lever)}"
    return f"{parameter_text(name)} {plain_number(value)}{_unit(lever)}"


def _unit(lever: str) -> str:
    known = {name.lower(): each for name, each in catalogue().levers.items()}
    unit = unit_words(known[lever.lower()].units) if lever.lower() in known else ""
    return "" if unit in ("", "ratio") else f" {unit}"


def parameter_text(name: str) -> str:
    """Name of a number for a reader: ``agency cover wanted (hospital staff)``."""
    variable, element = lever_address(name)
    if not element:
        return variable
    return f"{variable} ({', '.join(element_text(each.strip()) for each in element.split(','))})"


def plain_number(value: float) -> str:
    """Three figures that say enough: ``0.035``, ``12.4``, ``3,150``."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(digits, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")

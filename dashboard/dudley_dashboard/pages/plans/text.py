"""A plan in a line: its choices and the levers that are moved."""

from __future__ import annotations

from sdcompile.read.levers import lever_address

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.uncertainty.text import parameter_text, plain_number
from dudley_dashboard.sliders import sliders
from dudley_sd.request import Request
from dudley_sd.results.units import unit_words
from dudley_sd.settings.portfolios import NO_PORTFOLIO

MOST = 8
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
    more = [f"and {len(levers) - MOST} more"] if len(levers) > MOST else []
    return f"Moved: {'; '.join([*levers[:MOST], *more])}."


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

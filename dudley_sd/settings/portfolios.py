"""Portfolios: which interventions are put in place, when, for how many, and what else is decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dudley_sd.inputs.toml_files import read_named
from dudley_sd.settings.decisions import Decisions, decision_settings, refuse_other_levers
from dudley_sd.settings.former_names import with_notes

NO_PORTFOLIO = "none"
"""Key of the portfolio in which nothing is put in place: do nothing."""

INTERVENTION_LEVERS = ("coverage", "start date")
"""Constants of the model that say how interventions are put in place."""

DECISION_LEVERS = (
    "pilots",
    "spread every",
    "ring fence",
    "share of released posts closed",
    "share of bed shortfall opened",
    "transformation money",
    "transformation money ends",
)
"""Constants of the model that a portfolio may set beside them."""


class Intervention(BaseModel):
    """How one intervention is put in place.

    Attributes
    ----------
    coverage
        Share of those it is meant for who get it in the end; limits are those of the lever in the model.
    start
        Year, 2018.5 being the end of 2018.
    reason
        Why these values.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    coverage: float
    start: float
    reason: str = Field(min_length=1)


class Portfolio(BaseModel):
    """What is decided on together; an intervention not named is not put in place.

    Attributes
    ----------
    title, story
        Name, and a paragraph in our own words.
    interventions
        By name in the model.
    decisions
        What else is decided, by lever of the model: how it spreads, posts closed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    story: str = Field(min_length=1)
    interventions: dict[str, Intervention] = {}
    decisions: Decisions = {}

    @model_validator(mode="before")
    @classmethod
    def _of_today(cls, content: Any) -> Any:
        return with_notes(content, "decisions")

    @model_validator(mode="after")
    def _decides_on_its_own(self) -> Portfolio:
        refuse_other_levers(self.decisions, DECISION_LEVERS, "a portfolio")
        return self


def portfolio_names(inputs: Path) -> list[str]:
    """Keys of all portfolios."""
    return sorted(path.stem for path in (inputs / "portfolios").glob("*.toml"))


def read_portfolio(name: str, inputs: Path) -> Portfolio:
    """Read ``portfolios/<name>.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If there is no such portfolio (the nearest are suggested), the file is not TOML, or a key is unknown,
        missing or wrong; all at once.
    """
    return read_named("portfolios", name, Portfolio, inputs)


def portfolio_settings(portfolio: Portfolio) -> dict[str, float]:
    """Constants of the model that a portfolio sets: ``coverage[MDT]``, ``start date[MDT]``, its decisions."""
    settings = decision_settings(portfolio.decisions)
    for name, intervention in portfolio.interventions.items():
        settings[f"coverage[{name}]"] = intervention.coverage
        settings[f"start date[{name}]"] = intervention.start
    return settings

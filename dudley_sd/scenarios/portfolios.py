"""Which interventions are put in place, when, and for how many of those they are meant for?"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dudley_sd.inputs.toml_files import read_named

NO_PORTFOLIO = "none"
"""Key of the portfolio in which nothing is put in place: the baseline."""


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

    model_config = ConfigDict(extra="forbid", frozen=True)

    coverage: float
    start: float
    reason: str = Field(min_length=1)


class Portfolio(BaseModel):
    """A set of interventions that is decided on together; an intervention not named is not put in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    story: str = Field(min_length=1)
    interventions: dict[str, Intervention] = {}


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
    """Constants of the model that a portfolio sets, by element: ``coverage[MDT]``, ``start date[MDT]``."""
    settings = {}
    for name, intervention in portfolio.interventions.items():
        settings[f"coverage[{name}]"] = intervention.coverage
        settings[f"start date[{name}]"] = intervention.start
    return settings

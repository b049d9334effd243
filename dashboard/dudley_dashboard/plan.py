"""What did the user decide and assume? The part of the address that a plan file and a run share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCENARIO, PORTFOLIO, CONTRACT, FOOTPRINT, PROJECTION = (
    "official_future",
    "as_evidenced",
    "as_now",
    "dudley",
    "2014",
)
"""What is shown when the address says nothing."""


@dataclass(frozen=True)
class Plan:
    """A scenario, a portfolio, a contract, an area, a projection of its people, and levers on top.

    Attributes
    ----------
    scenario, portfolio, contract, footprint, projection
        Keys, as `dudley_sd.run` takes them.
    levers
        What the user set, by address in the model: ``{"coverage[MDT]": 0.8}``; only what differs from what
        scenario, portfolio and contract set.
    """

    scenario: str = SCENARIO
    portfolio: str = PORTFOLIO
    contract: str = CONTRACT
    footprint: str = FOOTPRINT
    projection: str = PROJECTION
    levers: Mapping[str, float] = field(default_factory=dict)

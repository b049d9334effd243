"""What do the futures, portfolios, contracts and measures of a comparison stand for?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.results.measures import MEASURES
from dudley_sd.scenarios.contracts import contract_names, read_contract
from dudley_sd.scenarios.futures import read_scenario, scenario_names
from dudley_sd.scenarios.portfolios import portfolio_names, read_portfolio

CLAIM = "claimed effect"
"""What a portfolio decides where claims stand in the place of evidence."""


class Meaning(NamedTuple):
    """A name, what kind of thing it is, and what it stands for."""

    kind: str
    name: str
    text: str


def measure_meanings(results: xr.Dataset) -> list[Meaning]:
    """Sentences of the model on each measure; shares and sums are of the area and year they stand for."""
    return [
        Meaning("Measure", measure.title, " ".join(str(results[measure.variable].attrs["long_name"]).split()))
        for measure in MEASURES
        if "long_name" in results[measure.variable].attrs
    ]


def choice_meanings(titles: dict[str, dict[str, str]]) -> list[Meaning]:
    """Stories of the futures, portfolios and contracts that were compared, those that are on file."""
    inputs = inputs_folder()
    found = []
    readers: tuple[tuple[str, str, list[str], Callable[[str, Path], object]], ...] = (
        ("Future", "scenario", scenario_names(inputs), read_scenario),
        ("Portfolio", "portfolio", portfolio_names(inputs), read_portfolio),
        ("Contract", "contract", contract_names(inputs), read_contract),
    )
    for kind, key, names, read in readers:
        for name, title in titles[key].items():
            if name in names:
                story = str(getattr(read(name, inputs), "story", ""))
                found.append(Meaning(kind, title, " ".join(story.split())))
    return found


def rests_on_claims(portfolio: str) -> bool:
    """Whether a portfolio takes what plans or others claimed for the effects of its interventions."""
    inputs = inputs_folder()
    return portfolio in portfolio_names(inputs) and any(
        lever.startswith(CLAIM) for lever in read_portfolio(portfolio, inputs).decisions
    )

"""Runs of the model for its tests, each made once, and how far two runs differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.read.model import Model, read_model
from sdcompile.run.model_run import run_model

from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.indicators import ITSELF, Indicator, indicators
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.runs.model_folder import ModelFolder, prepared_folder
from dudley_sd.settings.contracts import AS_NOW, contract_settings, read_contract
from dudley_sd.settings.futures import read_scenario, scenario_settings
from dudley_sd.settings.overlay import overlay
from dudley_sd.settings.portfolios import portfolio_settings, read_portfolio
from dudley_sd.validation.outcome import INTEGRATION, Outcome, judge

FUTURES = ("official_future", "state_supreme", "community_resilience", "corporate_rules")
PORTFOLIO = "as_evidenced"


Case = tuple[str, str, str]
"""Scenario, portfolio and contract of a run."""

Runner = Callable[..., xr.Dataset]
"""Anything that runs the model as `Bench.run` does."""


class Bench:
    """The model of an area on the bench: runs are kept, so that tests may ask for the same one again.

    Parameters
    ----------
    footprint
        Key of the area.
    """

    def __init__(self, footprint: str = "dudley") -> None:
        self._area = footprint
        self._done: dict[str, xr.Dataset] = {}

    @cached_property
    def folder(self) -> ModelFolder:
        """Model file and tables."""
        return prepared_folder(read_footprint(self._area, inputs_folder()))

    @cached_property
    def model(self) -> Model:
        """The model file."""
        return read_model(self.folder.path / MODEL_FILE)

    def settings(
        self,
        scenario: str,
        portfolio: str,
        levers: Mapping[str, float] | None = None,
        contract: str = AS_NOW,
    ) -> dict[str, float | np.ndarray]:
        """Constants that a run changes, by name in the model file."""
        inputs = inputs_folder()
        world = scenario_settings(read_scenario(scenario, inputs), inputs)
        decided = portfolio_settings(read_portfolio(portfolio, inputs))
        terms = contract_settings(read_contract(contract, inputs))
        return overlay(self.model, world, decided, terms, dict(levers or {}))

    def run(
        self,
        scenario: str = "official_future",
        portfolio: str = "none",
        levers: dict[str, float] | None = None,
        time_step: float | None = None,
        save_every: float | None = None,
        contract: str = AS_NOW,
    ) -> xr.Dataset:
        """Run the model once.

        Parameters
        ----------
        scenario, portfolio, contract
            Keys; the portfolio none and the contract as now are do nothing.
        levers
            Constants to set on top.
        time_step, save_every
            In years; those of the model file when not given.

        Returns
        -------
        xr.Dataset
            Dims (year, ...subscripts).
        """
        key = json.dumps([scenario, portfolio, levers, time_step, save_every, contract], sort_keys=True)
        if key not in self._done:
            settings = self.settings(scenario, portfolio, levers, contract)
            self._done[key] = run_model(self.folder.path, settings, None, time_step, save_every)
        return self._done[key]

    @property
    def runs(self) -> int:
        """How many runs were made."""
        return len(self._done)


def at(results: xr.Dataset, name: str, year: float = 2033, **place: str) -> float:
    """One number of a run."""
    return float(results[name].sel({"year": year, **place}))


def change(array: xr.DataArray, start: int = 2018, end: int = 2032) -> float:
    """Change between two years as a share of the first."""
    return float(array.sel(year=end) / array.sel(year=start)) - 1


NOTHING = 1e-12
"""A series that is never larger is nothing but rounding."""

HOLDER = {"body": "Holder"}
A_MILLION = 1.0


def cases() -> list[Case]:
    """Every future with and without the portfolio, and every contract with it in Official Future."""
    contracts = sorted(path.stem for path in (inputs_folder() / "contracts").glob("*.toml"))
    return [
        *((scenario, portfolio, AS_NOW) for scenario in FUTURES for portfolio in ("none", PORTFOLIO)),
        *((FUTURES[0], PORTFOLIO, contract) for contract in contracts if contract != AS_NOW),
    ]


def step_outcomes(run: Runner, step: float) -> list[Outcome]:
    """Halve the step in every case of `cases`."""
    table = movements(run, step, step / 2)
    most = table.loc[table["moved"].idxmax()]
    holders = {
        contract: holder_moved(
            *(run(*case[:2], contract=contract, time_step=each) for each in (step, step / 2))
        )
        for *case, contract in cases()
        if contract != AS_NOW
    }
    worst = max(holders, key=lambda name: holders[name])
    return [
        judge(
            INTEGRATION,
            "halving",
            float(most["moved"]),
            f"Most of all: {most['indicator']}, in {most['run']}",
        ),
        judge(INTEGRATION, "halving_balances", holders[worst], f"Most of all: {worst.replace('_', ' ')}"),
    ]


def holder_moved(one: xr.Dataset, other: xr.Dataset) -> float:
    """How far the holder's balance moves between two runs, as a share of the largest sum of its contract.

    A contract without a sum, an alliance, is measured on the holder's own largest balance.
    """
    balance = one["balance"].sel(HOLDER)
    whole = float(one["contract_sum"].max())
    scale = whole if whole > A_MILLION else max(float(abs(balance).max()), A_MILLION)
    return float(abs(balance - other["balance"].sel(HOLDER)).max()) / scale


def movements(run: Runner, step: float, halved: float, chosen: Sequence[Case] | None = None) -> pd.DataFrame:
    """How far each indicator moves between two steps, in the run in which it moves furthest.

    Returns
    -------
    pd.DataFrame
        Columns ``indicator``, ``moved`` (share of its series' maximum) and ``run``, largest first.
    """
    moved: dict[str, dict[str, float]] = {}
    for scenario, portfolio, contract in chosen or cases():
        runs = [run(scenario, portfolio, contract=contract, time_step=each) for each in (step, halved)]
        moved[f"{scenario}, portfolio {portfolio}, contract {contract}".replace("_", " ")] = between(*runs)
    table = pd.DataFrame(moved)
    worst = pd.DataFrame(
        {"indicator": table.index, "moved": table.max(axis=1).to_numpy(), "run": table.idxmax(axis=1)}
    )
    worst["indicator"] = worst["indicator"].str.replace("_", " ")
    return worst.sort_values("moved", ascending=False).reset_index(drop=True)


def between(one: xr.Dataset, other: xr.Dataset) -> dict[str, float]:
    """How far each indicator moves between two runs."""
    return {
        row.key: relative(one[row.key], other[row.key], _scale(row, one))
        for row in indicators().values()
        if row.step_scale
    }


def _scale(row: Indicator, run: xr.Dataset) -> xr.DataArray:
    """Return on which scale an indicator moves.

    A small rest of a large number, such as what is spare once base care is given, is held to the tolerance on
    the scale of the whole, and a departure of a few persons on that of the population.
    """
    if row.step_scale == ITSELF:
        return run[row.key]
    whole, *parts = (run[name.strip()] for name in row.step_scale.split("/"))
    return whole / parts[0] if parts else whole


def relative(one: xr.DataArray, other: xr.DataArray, scale: xr.DataArray) -> float:
    """Largest distance of any element's series, on the scale of that element's largest value."""
    largest = abs(scale).max("year")
    distance = abs(one - other).max("year")
    return float((distance.where(distance > 0, 0.0) / largest.where(largest > NOTHING, 1.0)).max())

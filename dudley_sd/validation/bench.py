"""Runs of the model for its tests, each made once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

import numpy as np
import xarray as xr
from sdcompile.read.model import Model, read_model
from sdcompile.run.model_run import run_model

from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.inputs.footprints import read_footprint
from dudley_sd.runs.model_folder import ModelFolder, prepared_folder
from dudley_sd.settings.contracts import AS_NOW, contract_settings, read_contract
from dudley_sd.settings.futures import read_scenario, scenario_settings
from dudley_sd.settings.overlay import overlay
from dudley_sd.settings.portfolios import portfolio_settings, read_portfolio

FUTURES = ("official_future", "state_supreme", "community_resilience", "corporate_rules")
PORTFOLIO = "as_evidenced"


class Runner(Protocol):
    """Anything that runs the model as `Bench.run` does."""

    def __call__(
        self,
        scenario: str = "official_future",
        portfolio: str = "none",
        levers: dict[str, float] | None = None,
        time_step: float | None = None,
        save_every: float | None = None,
        contract: str = AS_NOW,
    ) -> xr.Dataset:
        """Run the model once."""


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

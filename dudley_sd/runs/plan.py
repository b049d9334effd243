"""Which runs does a request ask for?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from dudley_sd.engine.with_pysd import model_path
from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.footprints import Footprint, read_footprint
from dudley_sd.model.names import same_name
from dudley_sd.model.variables import Model, read_model
from dudley_sd.places import inputs_folder
from dudley_sd.runs.model_folder import ModelFolder, prepared_folder
from dudley_sd.scenarios.futures import (
    REFERENCE,
    Scenario,
    read_scenario,
    scenario_names,
    scenario_settings,
)
from dudley_sd.scenarios.overlay import overlay
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO, Portfolio, portfolio_settings, read_portfolio


@dataclass(frozen=True)
class Plan:
    """A footprint, some scenarios, a portfolio and levers, checked and ready to run.

    Attributes
    ----------
    footprint, folder, model
        The area, its model folder and the model file in it.
    scenarios
        The futures by key, in the order asked for.
    portfolio_name, portfolio
        What is put in place; the reference scenario has none whatever is asked for.
    levers
        What the user set, as written.
    settings
        Constants that each scenario's run changes, by name in the model file.
    """

    footprint: Footprint
    folder: ModelFolder
    model: Model
    scenarios: dict[str, Scenario]
    portfolio_name: str
    portfolio: Portfolio
    levers: dict[str, float] = field(default_factory=dict)
    settings: dict[str, dict[str, float | np.ndarray]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name for files: area and portfolio, then scenarios if not all, then a mark of the levers if any."""
        words = [self.footprint.id, self.portfolio_name]
        if set(self.scenarios) != set(scenario_names(inputs_folder())):
            words += list(self.scenarios)
        if self.levers:
            text = json.dumps(sorted(self.levers.items()))
            words.append("levers_" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:6])
        return "_".join(words)


def make_plan(
    scenarios: Sequence[str] | None,
    portfolio: str,
    footprint: str = "dudley",
    levers: Mapping[str, float] | None = None,
    population: xr.DataArray | None = None,
) -> Plan:
    """Check a request and turn it into a plan.

    Parameters
    ----------
    scenarios
        Keys of futures, ``reference`` among them if wanted; all futures when not given.
    portfolio, footprint
        Keys of the portfolio and the area. The reference alone has no portfolio.
    levers
        Constants of the model to set, by name or by element: ``{"coverage[MDT]": 0.8}``.
    population
        Persons, dims (year, age), to use instead of the footprint's own projection.

    Raises
    ------
    InputError
        All faults of all scenarios, the portfolio and the levers at once.
    """
    inputs = inputs_folder()
    names = list(scenarios) if scenarios is not None else scenario_names(inputs)
    portfolio = NO_PORTFOLIO if set(names) == {REFERENCE} else portfolio
    faults = [*_repeated(names), *_mixed(names, portfolio)]
    futures, chosen, area = {}, None, None
    for name in dict.fromkeys(names):
        try:
            futures[name] = read_scenario(name, inputs)
        except InputError as error:
            faults += error.faults
    try:
        chosen = read_portfolio(portfolio, inputs)
    except InputError as error:
        faults += error.faults
    try:
        area = read_footprint(footprint, inputs)
    except InputError as error:
        faults += error.faults
    if faults or chosen is None or area is None:
        raise InputError(faults)
    folder = prepared_folder(area, population)
    model = read_model(model_path(folder.path))
    settings, faults = _settings(model, futures, chosen, dict(levers or {}))
    if faults:
        raise InputError(faults)
    return Plan(area, folder, model, futures, portfolio, chosen, dict(levers or {}), settings)


def _repeated(names: Sequence[str]) -> list[Fault]:
    if not names:
        return [Fault("scenarios", "", "no scenario is asked for", "Name at least one")]
    return [
        Fault("scenarios", name, "is asked for twice", "Name each scenario once")
        for name in dict.fromkeys(names)
        if list(names).count(name) > 1
    ]


def _mixed(names: Sequence[str], portfolio: str) -> list[Fault]:
    if REFERENCE not in names or portfolio == NO_PORTFOLIO:
        return []
    remedy = "Run it alone, or all with the portfolio none"
    return [
        Fault(
            "scenarios", REFERENCE, f"stands beside futures with portfolio {portfolio}; it has none", remedy
        )
    ]


def _settings(
    model: Model, futures: Mapping[str, Scenario], portfolio: Portfolio, levers: Mapping[str, float]
) -> tuple[dict[str, dict[str, float | np.ndarray]], list[Fault]]:
    settings: dict[str, dict[str, float | np.ndarray]] = {}
    faults: list[Fault] = []
    for name, scenario in futures.items():
        decided = {} if scenario.status == "reference" else portfolio_settings(portfolio)
        faults += [
            Fault(
                "levers",
                lever,
                f"{name} is defined by its value of this constant",
                "Leave it, or run a future",
            )
            for lever in levers
            if same_name(lever) in {same_name(fixed) for fixed in scenario.sets}
        ]
        try:
            settings[name] = overlay(model, scenario_settings(scenario, inputs_folder()), decided, levers)
        except InputError as error:
            faults += error.faults
    return settings, list(dict.fromkeys(faults))

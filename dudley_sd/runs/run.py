"""Run: a request checked for one area, with the settings of each of its futures."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError, collect
from sdcompile.names import same_name
from sdcompile.read.model import Model, read_model
from sdcompile.run.outputs import model_path

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.common_projection import common_projection
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.projection_choice import PUBLISHED, split_choice
from dudley_sd.inputs.scaling import Scaling
from dudley_sd.request import Request
from dudley_sd.runs.model_folder import ModelFolder, prepared_area, prepared_folder
from dudley_sd.settings.contracts import AS_NOW, Contract, contract_settings, read_contract
from dudley_sd.settings.futures import (
    REFERENCE,
    Scenario,
    read_scenario,
    scenario_names,
    scenario_settings,
)
from dudley_sd.settings.overlay import overlay
from dudley_sd.settings.portfolios import NO_PORTFOLIO, Portfolio, portfolio_settings, read_portfolio
from dudley_sd.settings.sizes import size_settings, sized_model

Content = TypeVar("Content")


@dataclass(frozen=True, eq=False)
class Run:
    """A request for one area, checked and ready to be run.

    Attributes
    ----------
    request
        What is run: of this area, on the projection that its people have; the reference scenario has no
        portfolio and the contract as now, whatever was asked for.
    footprint, folder, model
        The area, its model folder and the model file in it, with the numbers of the file.
    scenarios
        The futures by key, in the order asked for.
    portfolio, contract
        What is put in place, and how money moves.
    settings
        Constants that each scenario's run changes, by name in the model file; in an area sized like another,
        its sizes are among them, and limits of settings of sizes are the area's.
    """

    request: Request
    footprint: Footprint
    folder: ModelFolder
    model: Model
    scenarios: dict[str, Scenario]
    portfolio: Portfolio
    contract: Contract
    settings: dict[str, dict[str, float | np.ndarray]]

    @property
    def title(self) -> str:
        """What is decided, in a reader's words: the portfolio, and the contract if not as now."""
        contract = "" if self.request.contract == AS_NOW else f", contract {self.contract.title}"
        return f"{self.portfolio.title}{contract}"

    @property
    def decided(self) -> tuple[str, ...]:
        """Constants that portfolio and contract set, by name or element."""
        return (*portfolio_settings(self.portfolio), *contract_settings(self.contract))

    @property
    def name(self) -> str:
        """Name for files: area, portfolio; contract, projection, scenarios settings if not as usual."""
        request = self.request
        words = [self.footprint.id, request.portfolio]
        if request.contract != AS_NOW:
            words.append(request.contract)
        if request.projection != PUBLISHED:
            file = Path(split_choice(request.projection)[0])
            words.append("on_" + re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_"))
        if set(self.scenarios) != set(scenario_names(inputs_folder())):
            words += list(self.scenarios)
        if request.settings:
            text = json.dumps(request.settings)
            words.append("levers_" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:6])
        return "_".join(words)


def make_run(
    request: Request, folder: ModelFolder | None = None, population: xr.DataArray | None = None
) -> Run:
    """Check a request for its first area.

    Parameters
    ----------
    request
        What to run. On a projection that the area lacks see
        `dudley_sd.inputs.common_projection.common_projection`.
    folder
        Model folder of the area, made before with the request's projection; it is prepared when not given.
    population
        Persons, dims (year, age), to use instead of the footprint's own projection.

    Raises
    ------
    InputError
        All faults of all scenarios, the portfolio, the contract, the projection and the settings at once.
    """
    inputs = inputs_folder()
    faults = [*_repeated(request.scenarios), *_mixed(request)]
    futures = {}
    for name in dict.fromkeys(request.scenarios):
        scenario = _read(faults, read_scenario, name, inputs)
        if scenario is not None:
            futures[name] = scenario
    portfolio = _read(faults, read_portfolio, request.portfolio, inputs)
    contract = _read(faults, read_contract, request.contract, inputs)
    area = _read(faults, read_footprint, request.footprint, inputs)
    projection = request.projection
    if area is not None and folder is None:
        if population is None:
            projection = _read(faults, partial(_common, area), projection, inputs) or projection
        folder = collect(faults, lambda: _folder(area, projection, population))
    if faults or portfolio is None or contract is None or area is None or folder is None:
        raise InputError(faults)
    model = read_model(model_path(folder.path))
    request = replace(request, footprints=(area.id,), projection=projection)
    settings, faults = _settings(model, folder.area.scaling, futures, portfolio, contract, request.values)
    if faults:
        raise InputError(faults)
    return Run(request, area, folder, model, futures, portfolio, contract, settings)


def _folder(area: Footprint, projection: str, population: xr.DataArray | None) -> ModelFolder:
    return prepared_area(area, projection) if population is None else prepared_folder(area, population)


def _read(
    faults: list[Fault], read: Callable[[str, Path], Content], name: str, inputs: Path
) -> Content | None:
    """Read a named file; add what is wrong with it to the faults."""
    return collect(faults, lambda: read(name, inputs))


def _common(area: Footprint, choice: str, inputs: Path) -> str:
    return common_projection(choice, [area], inputs)


def _repeated(names: Sequence[str]) -> list[Fault]:
    if not names:
        return [Fault("scenarios", "", "no scenario is asked for", "Name at least one")]
    return [
        Fault("scenarios", name, "is asked for twice", "Name each scenario once")
        for name in dict.fromkeys(names)
        if list(names).count(name) > 1
    ]


def _mixed(request: Request) -> list[Fault]:
    if REFERENCE not in request.scenarios:
        return []
    found = [
        ("portfolio", request.portfolio, NO_PORTFOLIO, "it has none"),
        ("contract", request.contract, AS_NOW, "it has nothing but what is now"),
    ]
    return [
        Fault(
            "scenarios",
            REFERENCE,
            f"stands beside futures with {what} {name}; {why}",
            f"Run it alone, or all with the {what} {do_nothing}",
        )
        for what, name, do_nothing, why in found
        if name != do_nothing
    ]


def _settings(
    model: Model,
    scaling: Scaling | None,
    futures: Mapping[str, Scenario],
    portfolio: Portfolio,
    contract: Contract,
    levers: Mapping[str, float],
) -> tuple[dict[str, dict[str, float | np.ndarray]], list[Fault]]:
    settings: dict[str, dict[str, float | np.ndarray]] = {}
    faults: list[Fault] = []
    sized = sized_model(model, scaling)
    for name, scenario in futures.items():
        future = scenario.status != "reference"
        decided = portfolio_settings(portfolio) if future else {}
        terms = contract_settings(contract) if future else {}
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
            settings[name] = size_settings(sized, scaling) | overlay(
                sized, scenario_settings(scenario, inputs_folder()), decided, terms, levers
            )
        except InputError as error:
            faults += error.faults
    return settings, list(dict.fromkeys(faults))

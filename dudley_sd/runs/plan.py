"""Which runs does a request ask for?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.model import Model, read_model
from sdcompile.run.outputs import model_path

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import Footprint, read_footprint
from dudley_sd.inputs.projection_choice import PUBLISHED, common_projection, split_choice
from dudley_sd.inputs.scaling import Scaling
from dudley_sd.runs.model_folder import ModelFolder, prepared_area, prepared_folder
from dudley_sd.scenarios.contracts import AS_NOW, Contract, contract_settings, read_contract
from dudley_sd.scenarios.futures import (
    REFERENCE,
    Scenario,
    read_scenario,
    scenario_names,
    scenario_settings,
)
from dudley_sd.scenarios.overlay import overlay
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO, Portfolio, portfolio_settings, read_portfolio
from dudley_sd.scenarios.sizes import size_settings, sized_model

Content = TypeVar("Content")


@dataclass(frozen=True)
class Plan:
    """A footprint, some scenarios, a portfolio, a contract and levers, checked and ready to run.

    Attributes
    ----------
    footprint, folder, model
        The area, its model folder and the model file in it, with the numbers of the file.
    scenarios
        The futures by key, in the order asked for.
    portfolio_name, portfolio
        What is put in place; the reference scenario has none whatever is asked for.
    contract_name, contract
        How money moves; in the reference scenario as now whatever is asked for.
    levers
        What the user set, as written.
    settings
        Constants that each scenario's run changes, by name in the model file; in an area sized like another,
        its sizes are among them, and limits of levers on sizes are the area's.
    projection
        Which projection of the area's people is run: as asked for, or what stands in for it.
    """

    footprint: Footprint
    folder: ModelFolder
    model: Model
    scenarios: dict[str, Scenario]
    portfolio_name: str
    portfolio: Portfolio
    contract_name: str
    contract: Contract
    levers: dict[str, float] = field(default_factory=dict)
    settings: dict[str, dict[str, float | np.ndarray]] = field(default_factory=dict)
    projection: str = PUBLISHED

    @property
    def title(self) -> str:
        """What is decided, in a reader's words: the portfolio, and the contract if not as now."""
        contract = "" if self.contract_name == AS_NOW else f", contract {self.contract.title}"
        return f"{self.portfolio.title}{contract}"

    @property
    def name(self) -> str:
        """Name for files: area, portfolio; contract, projection, scenarios and levers where not the usual."""
        words = [self.footprint.id, self.portfolio_name]
        if self.contract_name != AS_NOW:
            words.append(self.contract_name)
        if self.projection != PUBLISHED:
            file = Path(split_choice(self.projection)[0])
            words.append("on_" + re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_"))
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
    *,
    contract: str = AS_NOW,
    projection: str = PUBLISHED,
    folder: ModelFolder | None = None,
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
    contract
        Key of the contract. The reference alone has none.
    projection
        A base such as ``2014`` or ``2018``; ``own``; or a file, tidy or official, of any base. See
        `dudley_sd.inputs.projections.common_projection`, which says what an area without the base gets.
    folder
        Model folder of the area, made before with that projection; it is prepared when not given.

    Raises
    ------
    InputError
        All faults of all scenarios, the portfolio, the contract, the projection and the levers at once.
    """
    inputs = inputs_folder()
    names = list(scenarios) if scenarios is not None else scenario_names(inputs)
    if set(names) == {REFERENCE}:
        portfolio, contract = NO_PORTFOLIO, AS_NOW
    faults = [*_repeated(names), *_mixed(names, portfolio, contract)]
    futures = {}
    for name in dict.fromkeys(names):
        scenario = _read(faults, read_scenario, name, inputs)
        if scenario is not None:
            futures[name] = scenario
    chosen = _read(faults, read_portfolio, portfolio, inputs)
    terms = _read(faults, read_contract, contract, inputs)
    area = _read(faults, read_footprint, footprint, inputs)
    if area is not None and folder is None:
        if population is None:
            projection = _read(faults, partial(_common, area), projection, inputs) or projection
        folder = _collect(faults, lambda: _folder(area, projection, population))
    if faults or chosen is None or terms is None or area is None or folder is None:
        raise InputError(faults)
    model = read_model(model_path(folder.path))
    settings, faults = _settings(model, folder.area.scaling, futures, chosen, terms, dict(levers or {}))
    if faults:
        raise InputError(faults)
    return Plan(
        area,
        folder,
        model,
        futures,
        portfolio,
        chosen,
        contract,
        terms,
        dict(levers or {}),
        settings,
        projection,
    )


def _folder(area: Footprint, projection: str, population: xr.DataArray | None) -> ModelFolder:
    return prepared_area(area, projection) if population is None else prepared_folder(area, population)


def _read(
    faults: list[Fault], read: Callable[[str, Path], Content], name: str, inputs: Path
) -> Content | None:
    """Read a named file; add what is wrong with it to the faults."""
    return _collect(faults, lambda: read(name, inputs))


def _collect(faults: list[Fault], make: Callable[[], Content]) -> Content | None:
    """Make something; add what is wrong with it to the faults."""
    try:
        return make()
    except InputError as error:
        faults += error.faults
        return None


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


def _mixed(names: Sequence[str], portfolio: str, contract: str) -> list[Fault]:
    if REFERENCE not in names:
        return []
    found = [
        ("portfolio", portfolio, NO_PORTFOLIO, "it has none"),
        ("contract", contract, AS_NOW, "it has nothing but what is now"),
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

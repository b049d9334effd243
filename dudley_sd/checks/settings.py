"""Faults of what levels, scenarios, portfolios and contracts set in the model."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

from sdcompile.errors import Fault, collect
from sdcompile.read.levers import lever_values
from sdcompile.read.model import Model

from dudley_sd.checks.constants import TOLERANCE
from dudley_sd.inputs.elements import INTERVENTIONS_FILE, scan_interventions
from dudley_sd.inputs.parameters import Parameters
from dudley_sd.inputs.toml_files import read_toml
from dudley_sd.settings.contracts import contract_names, contract_settings, read_contract
from dudley_sd.settings.decisions import decision_settings
from dudley_sd.settings.futures import (
    Scenario,
    Uncertainty,
    read_scenario,
    read_uncertainties,
    scenario_settings,
)
from dudley_sd.settings.overlay import overlay
from dudley_sd.settings.portfolios import portfolio_names, portfolio_settings, read_portfolio

OFFICIAL_FUTURE = "official_future"
"""The future that the model file holds by default."""

ENDS = " in 2033"
"""How the name of a constant ends that says where an uncertainty leads."""


def setting_faults(inputs: Path, model: Model) -> list[Fault]:
    """Faults of everything that sets constants of the model.

    Parameters
    ----------
    inputs
        Folder of inputs; files that cannot be read are left to their readers.
    model
        The model file.

    Returns
    -------
    list of Fault
        Levels, scenarios, portfolios and contracts that name what is not a lever or leave its limits; levels
        of one uncertainty that do not set the same constants; constants that two uncertainties, or two of
        scenario, portfolio and contract, set.
    """
    uncertainties = collect([], read_uncertainties, inputs) or {}
    faults = _level_faults(inputs, model, uncertainties)
    faults += _shared_faults(inputs, uncertainties)
    scenarios = _scenarios(inputs)
    portfolios = _portfolios(inputs)
    contracts = _contracts(inputs)
    for name, scenario in scenarios.items():
        path = inputs / "scenarios" / f"{name}.toml"
        faults += _lever_faults(path, "sets.", model, scenario.sets)
        faults += _lever_faults(path, "own.", model, decision_settings(scenario.own))
    for name, settings in portfolios.items():
        faults += _lever_faults(inputs / "portfolios" / f"{name}.toml", "", model, settings)
    for name, settings in contracts.items():
        faults += _lever_faults(inputs / "contracts" / f"{name}.toml", "terms.", model, settings)
    futures = {name: scenario_settings(scenario, inputs) for name, scenario in scenarios.items()}
    return faults or _overlay_faults(
        inputs, model, {"scenarios": futures, "portfolios": portfolios, "contracts": contracts}
    )


def unused_faults(inputs: Path) -> list[Fault]:
    """Interventions that no portfolio puts in place, so that no reader would ever see them at work."""
    path = inputs / INTERVENTIONS_FILE
    scan = collect([], scan_interventions, path)
    found = [_interventions(name, inputs) for name in portfolio_names(inputs)]
    if scan is None or None in found:
        return []
    named = {name for each in found for name in each or ()}
    remedy = "Give it coverage, start and reason in a file of portfolios/"
    return [
        Fault(str(path), f"row {line}", f"no portfolio names the intervention {name}", remedy)
        for line, name in scan.text["intervention"].items()
        if name and name not in named
    ]


def _interventions(portfolio: str, inputs: Path) -> dict[str, Any] | None:
    """Interventions that a portfolio names, as they are written; None where its file is not TOML."""
    content = collect([], read_toml, inputs / "portfolios" / f"{portfolio}.toml")
    found = content.get("interventions", {}) if content is not None else None
    return found if found is None or isinstance(found, dict) else {}


def official_future_faults(inputs: Path, parameters: Parameters) -> list[Fault]:
    """Constants that the Official Future sets otherwise than the parameter table and so the model file.

    Parameters
    ----------
    inputs
        Folder of inputs.
    parameters
        The parameter table.
    """
    uncertainties = collect([], read_uncertainties, inputs)
    scenario = collect([], read_scenario, OFFICIAL_FUTURE, inputs)
    if uncertainties is None or scenario is None:
        return []
    central = {str(name): value for name, value in parameters.of_model().items()}
    own = decision_settings(scenario.own)
    faults, seen = [], set(own)
    for key, choice in scenario.levels.items():
        for name, value in uncertainties[key].levels[choice.level].sets.items():
            seen.add(name)
            if name in central and not math.isclose(value, central[name], rel_tol=TOLERANCE):
                problem = f"{OFFICIAL_FUTURE} sets {value!r} but parameters.csv has {central[name]!r}"
                remedy = "Give level, row and model file one value: the model holds the Official Future"
                faults.append(_level_fault(inputs, key, choice.level, name, problem, remedy))
    for name, value in own.items():
        if name in central and not math.isclose(value, central[name], rel_tol=TOLERANCE):
            problem = f"sets {value!r} but parameters.csv has {central[name]!r}"
            remedy = "Give file, row and model file one value: the model holds the Official Future"
            path = inputs / "scenarios" / f"{OFFICIAL_FUTURE}.toml"
            faults.append(Fault(str(path), f"own.{name}", problem, remedy))
    unset = [name for name in central if name.endswith(ENDS) and name not in seen]
    return faults + [
        Fault(
            str(inputs / "uncertainties.toml"),
            name,
            f"no level of {OFFICIAL_FUTURE} sets it",
            "Let every level of one uncertainty set it",
        )
        for name in unset
    ]


def _level_faults(inputs: Path, model: Model, uncertainties: Mapping[str, Uncertainty]) -> list[Fault]:
    """Find what a level sets that it cannot, and what it leaves unset while other levels set it."""
    path = inputs / "uncertainties.toml"
    faults = []
    for key, uncertainty in uncertainties.items():
        every = list(dict.fromkeys(name for level in uncertainty.levels.values() for name in level.sets))
        for label, level in uncertainty.levels.items():
            faults += _lever_faults(path, f"{key}.levels.{label}.sets.", model, level.sets)
            faults += [
                _level_fault(
                    inputs,
                    key,
                    label,
                    name,
                    "not set, though other levels set it",
                    "Set it: it would stay at the Official Future's value",
                )
                for name in every
                if name not in level.sets
            ]
    return faults


def _shared_faults(inputs: Path, uncertainties: Mapping[str, Uncertainty]) -> list[Fault]:
    owner: dict[str, str] = {}
    faults = []
    for key, uncertainty in uncertainties.items():
        for name in dict.fromkeys(name for level in uncertainty.levels.values() for name in level.sets):
            other = owner.setdefault(name, key)
            if other != key:
                problem = f"{name} is set by {other} and by {key}"
                remedy = "Let one uncertainty set it: of two values one would be lost"
                faults.append(Fault(str(inputs / "uncertainties.toml"), key, problem, remedy))
    return faults


def _scenarios(inputs: Path) -> dict[str, Scenario]:
    names = sorted(path.stem for path in (inputs / "scenarios").glob("*.toml"))
    read = {name: collect([], read_scenario, name, inputs) for name in names}
    return {name: scenario for name, scenario in read.items() if scenario is not None}


def _portfolios(inputs: Path) -> dict[str, dict[str, float]]:
    read = {name: collect([], read_portfolio, name, inputs) for name in portfolio_names(inputs)}
    return {
        name: _readable(name, inputs) if found is None else portfolio_settings(found)
        for name, found in read.items()
    }


def _readable(portfolio: str, inputs: Path) -> dict[str, float]:
    """Return what a faulty portfolio sets of its interventions, as far as it can be read."""
    settings = {}
    for name, row in (_interventions(portfolio, inputs) or {}).items():
        for key, lever in (("coverage", "coverage"), ("start", "start date")):
            value = row.get(key) if isinstance(row, dict) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                settings[f"{lever}[{name}]"] = float(value)
    return settings


def _contracts(inputs: Path) -> dict[str, dict[str, float]]:
    read = {name: collect([], read_contract, name, inputs) for name in contract_names(inputs)}
    return {name: contract_settings(found) for name, found in read.items() if found is not None}


def _lever_faults(path: Path, prefix: str, model: Model, settings: Mapping[str, float]) -> list[Fault]:
    """Faults of the levers, told of the file that sets them."""
    found: list[Fault] = []
    collect(found, lever_values, model, settings)
    return [dataclasses.replace(fault, file=str(path), where=f"{prefix}{fault.where}") for fault in found]


def _overlay_faults(
    inputs: Path, model: Model, layers: Mapping[str, Mapping[str, dict[str, float]]]
) -> list[Fault]:
    """Faults of putting two of scenario, portfolio and contract on each other, each sound by itself."""
    faults = []
    for pair in combinations(layers, 2):
        for names in product(*(layers[kind] for kind in pair)):
            both = {kind: layers[kind][name] for kind, name in zip(pair, names, strict=True)}
            scenario, portfolio, contract = (both.get(kind, {}) for kind in layers)
            found: list[Fault] = []
            collect(found, overlay, model, scenario, portfolio, contract, {})
            files = [f"{kind}/{name}.toml" for kind, name in zip(pair, names, strict=True)]
            faults += [dataclasses.replace(fault, file=str(inputs / " with ".join(files))) for fault in found]
    return faults


def _level_fault(inputs: Path, key: str, level: str, name: str, problem: str, remedy: str) -> Fault:
    return Fault(str(inputs / "uncertainties.toml"), f"{key}.levels.{level}.sets.{name}", problem, remedy)

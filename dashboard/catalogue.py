"""What is there to choose from? Read once, when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dudley_sd.inputs.footprints import Footprint, Total, footprint_names, read_area
from dudley_sd.inputs.projections import PUBLISHED
from dudley_sd.model.levers import Lever, lever_address, lever_values, levers
from dudley_sd.model.names import same_name
from dudley_sd.model.variables import Model, read_model
from dudley_sd.places import inputs_folder, models_folder
from dudley_sd.runs.model_folder import MODEL_FILE
from dudley_sd.scenarios.contracts import Contract, contract_names, read_contract
from dudley_sd.scenarios.futures import Scenario, read_scenario, scenario_names
from dudley_sd.scenarios.portfolios import Portfolio, portfolio_names, read_portfolio


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be chosen, by key, in the order in which it is offered."""

    model: Model
    levers: dict[str, Lever]
    scenarios: dict[str, Scenario]
    portfolios: dict[str, Portfolio]
    contracts: dict[str, Contract]
    footprints: dict[str, Footprint | Total]

    def choices(self, key: str) -> tuple[str, ...]:
        """Keys that may stand for a choice of a plan: ``scenario``, ``portfolio`` and the like."""
        if key == "projection":
            return (PUBLISHED,)
        return tuple(getattr(self, f"{key}s"))

    def address(self, text: str, value: float) -> str:
        """Return the address of a lever as the model writes it.

        Raises
        ------
        InputError
            If there is no such lever or element, or the value lies outside its limits.
        """
        lever_values(self.model, {text: value})
        name, element = lever_address(text)
        known = {same_name(lever): lever for lever in self.levers}
        lever = known[same_name(name)]
        return lever if element is None else f"{lever}[{element}]"


@cache
def catalogue() -> Catalogue:
    """Read scenarios, portfolios, contracts, footprints and levers of this installation.

    Raises
    ------
    InputError
        Any fault of the input files.
    """
    inputs = inputs_folder()
    model = read_model(models_folder() / MODEL_FILE)
    return Catalogue(
        model,
        levers(model),
        {name: read_scenario(name, inputs) for name in scenario_names(inputs)},
        {name: read_portfolio(name, inputs) for name in portfolio_names(inputs)},
        {name: read_contract(name, inputs) for name in contract_names(inputs)},
        {name: read_area(name, inputs) for name in footprint_names(inputs)},
    )

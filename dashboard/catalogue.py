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
from dudley_sd.runs.model_folder import MODEL_FILE, prepared_folder
from dudley_sd.scenarios.contracts import Contract, contract_names, read_contract
from dudley_sd.scenarios.futures import Scenario, read_scenario, scenario_names
from dudley_sd.scenarios.portfolios import Portfolio, portfolio_names, read_portfolio
from dudley_sd.scenarios.sizes import sized_model


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

    def address(self, text: str, value: float, footprint: str | None = None) -> str:
        """Return the address of a lever as the model writes it.

        Parameters
        ----------
        text, value
            As a user writes them.
        footprint
            Area whose limits hold; those of the model file when not given.

        Raises
        ------
        InputError
            If there is no such lever or element, or the value lies outside its limits.
        """
        for model in area_models(footprint) if footprint else (self.model,):
            lever_values(model, {text: value})
        name, element = lever_address(text)
        known = {same_name(lever): lever for lever in self.levers}
        lever = known[same_name(name)]
        return lever if element is None else f"{lever}[{element}]"


@cache
def area_models(footprint: str) -> tuple[Model, ...]:
    """Return the model file with the sizes of an area, or of each part of a total."""
    area = catalogue().footprints[footprint]
    parts = [area] if isinstance(area, Footprint) else [catalogue().footprints[part] for part in area.parts]
    folders = [prepared_folder(part) for part in parts if isinstance(part, Footprint)]
    return tuple(sized_model(catalogue().model, folder.data.scaling) for folder in folders)


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

"""Sizes of an area's services relative to those of the area that the model file describes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xarray as xr
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.elements import SERVICE, STAFF, elements
from dudley_sd.inputs.parameters import parameter_table
from dudley_sd.inputs.toml_files import read_toml, validation_faults

FILE = "scaling.toml"
ADDS_TO_ONE = 1e-9


class Rule(BaseModel):
    """What one size is scaled with, and why.

    Attributes
    ----------
    with_
        ``people``; ``work``, of a size by staff group; or weights of services, adding to 1.
    reason
        Why that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    with_: Literal["people", "work"] | dict[str, float] = Field(alias="with")
    reason: str = Field(min_length=1)

    @field_validator("with_")
    @classmethod
    def _weights(cls, value: str | dict[str, float], info: ValidationInfo) -> str | dict[str, float]:
        if isinstance(value, str):
            return value
        services = (info.context or {})["services"]
        unknown = sorted(set(value) - set(services))
        if unknown:
            raise ValueError(f"no services: {', '.join(unknown)}; they are {', '.join(services)}")
        if abs(sum(value.values()) - 1) > ADDS_TO_ONE or min(value.values()) < 0:
            raise ValueError("weights are above nothing and add to 1")
        return value


@dataclass(frozen=True)
class Scaling:
    """Sizes of an area beside those of the area they are taken from.

    Attributes
    ----------
    like
        Name of that area.
    ratios
        Constant of the model, as its name or one element's, to what its number is multiplied by.
    values
        Constant to the local figure that replaces it.
    """

    like: str
    ratios: dict[str, float]
    values: dict[str, float]


def read_rules(inputs: Path) -> dict[str, Rule]:
    """Read ``scaling.toml`` under the folder of inputs: by constant of the model, or one element's.

    What is scaled with work comes back as a rule for each staff group, the weights being its workload
    weights.

    Raises
    ------
    InputError
        If it is not there or not TOML; a key that is unknown or missing, a service that is none, weights
        that do not add to 1; all at once. If the workload weights of a staff group do not.
    """
    path = inputs / FILE
    known = {"services": elements(inputs, SERVICE)}
    try:
        found = TypeAdapter(dict[str, Rule]).validate_python(read_toml(path), context=known)
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None
    rules: dict[str, Rule] = {}
    for constant, rule in found.items():
        each = _workload_weights(inputs) if rule.with_ == "work" else {}
        rules |= {f"{constant}[{staff}]": rule.model_copy(update={"with_": w}) for staff, w in each.items()}
        rules |= {} if each else {constant: rule}
    return rules


def _workload_weights(inputs: Path) -> dict[str, dict[str, float]]:
    """By staff group: share of its usual work that each service makes, of the services that make any."""
    values = parameter_table(inputs).set_index("model_name")["central"]
    names = {
        staff: {service: f"workload weight[{staff},{service}]" for service in elements(inputs, SERVICE)}
        for staff in elements(inputs, STAFF)
    }
    found = {
        staff: {service: float(values[name]) for service, name in each.items() if values[name]}
        for staff, each in names.items()
    }
    refuse(
        [
            Fault("parameters.csv", f"workload weight[{staff}]", f"adds to {total:g}", "Let it add to 1")
            for staff, each in found.items()
            if abs((total := sum(each.values())) - 1) > ADDS_TO_ONE
        ]
    )
    return found


def size_ratios(
    rules: dict[str, Rule], rates: xr.DataArray, people: xr.DataArray, others: xr.DataArray
) -> dict[str, float]:
    """Return how many times as large as in the other area each size is.

    Parameters
    ----------
    rules
        From `read_rules`.
    rates
        Use of each service at each age, dims (service, age), the same in both areas.
    people, others
        Residents by age in the area and in the other, dims (age), Person.

    Returns
    -------
    dict
        By constant: residents for each resident, or the weighted mean over services of activity for each
        unit of activity.
    """
    activity = (rates * people).sum("age") / (rates * others).sum("age")
    heads = float(people.sum() / others.sum())
    return {
        constant: heads
        if isinstance(rule.with_, str)
        else sum(weight * float(activity.sel(service=service)) for service, weight in rule.with_.items())
        for constant, rule in rules.items()
    }

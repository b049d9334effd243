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
    field_validator,
)
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.services import COUNTED_SERVICES
from dudley_sd.inputs.toml_files import read_toml, validation_faults

FILE = "scaling.toml"
ADDS_TO_ONE = 1e-9
OLD = 75


class Rule(BaseModel):
    """What one size is scaled with, and why.

    Attributes
    ----------
    with_
        ``people``; ``people 75 and over``; or weights of services, adding to 1.
    reason
        Why that.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    with_: Literal["people", "people 75 and over"] | dict[str, float] = Field(alias="with")
    reason: str = Field(min_length=1)

    @field_validator("with_")
    @classmethod
    def _weights(cls, value: str | dict[str, float]) -> str | dict[str, float]:
        if isinstance(value, str):
            return value
        unknown = sorted(set(value) - set(COUNTED_SERVICES))
        if unknown:
            raise ValueError(f"no services: {', '.join(unknown)}; they are {', '.join(COUNTED_SERVICES)}")
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

    Raises
    ------
    InputError
        If it is not there or not TOML; a key that is unknown or missing, a service that is none, weights
        that do not add to 1; all at once.
    """
    path = inputs / FILE
    try:
        return TypeAdapter(dict[str, Rule]).validate_python(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None


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
        By constant: residents (of 75 and over) for each resident, or the weighted mean over services of
        activity for each unit of activity.
    """
    activity = (rates * people).sum("age") / (rates * others).sum("age")
    old = [band for band in AGE_BANDS if first_age(band) >= OLD]
    heads = {
        "people": float(people.sum() / others.sum()),
        "people 75 and over": float(people.sel(age=old).sum() / others.sel(age=old).sum()),
    }
    return {
        constant: heads[rule.with_]
        if isinstance(rule.with_, str)
        else sum(weight * float(activity.sel(service=service)) for service, weight in rule.with_.items())
        for constant, rule in rules.items()
    }

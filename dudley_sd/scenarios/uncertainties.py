"""What are the six key uncertainties, and what does each of their levels set in the model?"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sdcompile.errors import InputError

from dudley_sd.inputs.toml_files import read_toml, validation_faults


class Level(BaseModel):
    """One end state of an uncertainty.

    Attributes
    ----------
    title
        As the source names it.
    sets
        Value of each constant of the model that the level sets, by its name there.
    reason
        Why these values.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    sets: dict[str, float] = Field(min_length=1)
    reason: str = Field(min_length=1)


class Uncertainty(BaseModel):
    """One question about the outside world and its possible answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    levels: dict[str, Level] = Field(min_length=2)


def read_uncertainties(inputs: Path) -> dict[str, Uncertainty]:
    """Read ``uncertainties.toml`` under the folder of inputs.

    Returns
    -------
    dict
        The uncertainties by key, in the order of the file.

    Raises
    ------
    InputError
        If the file is not TOML, or a key is unknown, missing or wrong; all at once.
    """
    path = inputs / "uncertainties.toml"
    try:
        return TypeAdapter(dict[str, Uncertainty]).validate_python(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None

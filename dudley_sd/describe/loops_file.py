"""Loops and chains that a model claims to have, as written in ``loops.toml``."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sdcompile.describe.loops import Loop
from sdcompile.errors import InputError

from dudley_sd.inputs.toml_files import read_toml, validation_faults


class Loops(BaseModel):
    """All loops and chains, and the run in which their signs are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    portfolio: str
    contract: str
    loop: tuple[Loop, ...]


def read_loops(path: Path) -> Loops:
    """Read the file of loops.

    Raises
    ------
    InputError
        If it is not there or not TOML, or a key is unknown, missing or wrong; all at once.
    """
    try:
        return Loops.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None

"""The loops and chains that a model claims to have, as written in ``loops.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sdcompile.errors import InputError

from dudley_sd.inputs.toml_files import read_toml, validation_faults


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Loop(_Strict):
    """One loop or chain.

    Attributes
    ----------
    name, title
        ``R1`` and what it is called.
    kind
        What it is claimed to be.
    switch
        The lever that cuts it, none for a chain.
    closing
        The variable whose equation the switch pins.
    paths
        One or more ways round, each a list of variables, ``Population[Complex]`` for some elements only. A
        loop's last variable acts on its first; variables in between may be left out.
    levers
        Constants to set in the run in which its signs are looked at, where the loop sleeps otherwise.
    switch_pins
        Whether the switch keeps the closing variable from following what is before it on the path; if not,
        the note says what it does.
    note
        What a reader should know, in a sentence or two.
    """

    name: str
    title: str
    kind: Literal["reinforcing", "balancing", "chain"]
    switch: str = ""
    closing: str = ""
    paths: tuple[tuple[str, ...], ...] = Field(min_length=1)
    levers: dict[str, float] = {}
    switch_pins: bool = True
    note: str = ""

    @model_validator(mode="after")
    def _closes(self) -> Loop:
        if self.kind != "chain" and not self.closing:
            raise ValueError("a loop needs a closing variable")
        return self


class Loops(_Strict):
    """All loops and chains, and the run in which their signs are looked at."""

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

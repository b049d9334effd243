"""Decisions of portfolios and contracts: a setting, its value, why, and where that is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from sdcompile.errors import InputError
from sdcompile.names import nearest, same_name
from sdcompile.read.levers import lever_address

Value = Annotated[
    Annotated[float, Tag("number")] | Annotated[dict[str, float], Tag("elements")],
    Discriminator(lambda value: "elements" if isinstance(value, dict) else "number"),
]
"""A number for a whole lever or for the element that its key names; or a number for each of some elements."""


class Decision(BaseModel):
    """One lever put to a value.

    Attributes
    ----------
    value
        A number, or numbers by element: ``{A65 = 1, A70 = 1}``. Others stay as the model has them.
    reason
        Why this value, and whether it is printed somewhere, read from words or assumed.
    source, locator
        Id of the publication in ``sources.csv`` (several parted by ``;``) and the place in it; or neither.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    value: Value
    reason: str = Field(min_length=1)
    source: str = ""
    locator: str = ""

    @model_validator(mode="after")
    def _cites_a_place(self) -> Decision:
        if bool(self.source) != bool(self.locator):
            raise ValueError("source and locator belong together: give both or neither")
        return self


def _each_once(decisions: dict[str, Decision]) -> dict[str, Decision]:
    """Refuse numbers by element under a key that names an element, and elements decided twice."""
    seen: set[str] = set()
    for key, decision in decisions.items():
        if isinstance(decision.value, dict) and "[" in key:
            raise ValueError(f"{key!r} names an element and its value names elements too")
        for text in _addresses(key, decision):
            if same_name(text) in seen:
                raise ValueError(f"{text!r} is decided twice")
            seen.add(same_name(text))
    return decisions


Decisions = Annotated[dict[str, Decision], AfterValidator(_each_once)]
"""Decisions by lever, as its name or one element's: ``contract length``, ``coverage[MDT]``."""


def decision_settings(decisions: Mapping[str, Decision]) -> dict[str, float]:
    """Constants of the model that decisions set, by name or element."""
    settings: dict[str, float] = {}
    for key, decision in decisions.items():
        settings |= _addresses(key, decision)
    return settings


def refuse_other_levers(decisions: Mapping[str, Decision], allowed: Sequence[str], whose: str) -> None:
    """Refuse a decision on what is not decided there.

    Parameters
    ----------
    decisions
        By lever.
    allowed
        Names of the levers that may be decided on.
    whose
        Who decides on them, for the message: ``a contract``.

    Raises
    ------
    ValueError
        Naming the levers; the nearest that are allowed are suggested.
    """
    names = {same_name(name) for name in allowed}
    found = [key for key in decisions if same_name(_lever(key)) not in names]
    if found:
        near = dict.fromkeys(name for key in found for name in nearest(_lever(key), allowed))
        hint = f"; is {' or '.join(near)} meant?" if near else f"; it may set {', '.join(allowed)}"
        listed = ", ".join(repr(key) for key in found)
        raise ValueError(f"{whose} does not set {listed}{hint}")


def _addresses(key: str, decision: Decision) -> dict[str, float]:
    if isinstance(decision.value, dict):
        return {f"{key}[{element}]": value for element, value in decision.value.items()}
    return {key: decision.value}


def _lever(key: str) -> str:
    """Lever that a key means; one that means nothing is left to the check of levers."""
    try:
        return lever_address(key)[0]
    except InputError:
        return key

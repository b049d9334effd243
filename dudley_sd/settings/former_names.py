"""Former names: levers and portfolios of the first edition, with what stands for them now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sdcompile.errors import InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address, lever_values, levers
from sdcompile.read.model import read_model

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.toml_files import read_toml, validation_faults

FILE = "former_names.toml"


class Renamed(BaseModel):
    """The lever that stands for a former one, and what its value is multiplied by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field(min_length=1)
    times: float = 1.0


class Gone(BaseModel):
    """Former levers without a counterpart, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    levers: list[str] = Field(min_length=1)
    why: str = Field(min_length=1)


class FormerNames(BaseModel):
    """What ``former_names.toml`` holds.

    Attributes
    ----------
    levers
        By former name or element.
    pounds
        Levers in millions of pounds that were in pounds.
    gone
        Levers without a counterpart.
    portfolios
        Key of a portfolio that is gone, and why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    levers: dict[str, Renamed]
    pounds: list[str]
    gone: list[Gone]
    portfolios: dict[str, str]


def read_former_names(inputs: Path) -> FormerNames:
    """Read ``former_names.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If it is not there or not TOML, or a key is unknown, missing or wrong; all at once.
    """
    path = inputs / FILE
    try:
        return TypeAdapter(FormerNames).validate_python(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None


def renewed(settings: Mapping[str, float]) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return settings under the names of today, and a sentence on each that changed.

    Parameters
    ----------
    settings
        By lever or element, as somebody else wrote them. What is no former name is left as it is, wrong or
        not.
    """
    names, table = _former(inputs_folder())
    found: dict[str, float] = {}
    notes = []
    for name, value in settings.items():
        whole, _, element = _plain(name).partition("[")  # element with its closing bracket
        new = table.get(_plain(name), table.get(whole))
        if new is None and whole in {same_name(each) for each in names.pounds}:
            new = _in_millions(name, value)
        if new is None or not isinstance(value, int | float):
            found[name] = value
        elif isinstance(new, str):
            notes.append(f"{name} is gone: {new}.")
        else:
            to = f"{new.to}[{element}" if element and "[" not in new.to and _has(new.to) else new.to
            amount = round(value * new.times, 12)
            if _allowed(to, amount):
                found[to] = amount
                what = to if to != name else "in millions of pounds"
                notes.append(f"{name} is {what} now, {amount:g}.")
            else:
                notes.append(f"{name} is {to} now, which cannot be {amount:g}: left out.")
    return found, tuple(notes)


def is_former(name: str) -> bool:
    """Whether a lever or element had this name in the first edition and no longer has it."""
    _, table = _former(inputs_folder())
    return _plain(name) in table or _plain(name).partition("[")[0] in table


def renewed_portfolio(key: str, usual: str) -> tuple[str, tuple[str, ...]]:
    """Return the usual portfolio for one that is gone, with a sentence; any other key as it is."""
    why = _former(inputs_folder())[0].portfolios.get(key)
    return (key, ()) if why is None else (usual, (f"The portfolio {key} is gone: {why}. {usual} is shown.",))


def renewed_decisions(decisions: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the decisions of a file, as read from TOML, under the names of today, with sentences."""
    if not isinstance(decisions, dict):
        return decisions, ()
    found: dict[str, Any] = {}
    notes: tuple[str, ...] = ()
    for name, decision in decisions.items():
        value = decision.get("value") if isinstance(decision, dict) else None
        several = isinstance(value, dict)
        given: dict[str, Any] = {name: value}
        if isinstance(value, dict):
            given = {f"{name}[{element}]": each for element, each in value.items()}
        now, more = renewed(given)
        notes += more
        if not more:
            found[name] = decision
        elif several and len({each.partition("[")[0] for each in now}) == 1 and "[" in next(iter(now)):
            whole = next(iter(now)).partition("[")[0]
            elements = {each.partition("[")[2].rstrip("]"): number for each, number in now.items()}
            found[whole] = {**decision, "value": elements}
        else:
            found |= {each: {**decision, "value": number} for each, number in now.items()}
    return found, notes


def with_notes(content: Any, key: str) -> Any:
    """Return a portfolio or contract, as read from TOML, under the names of today, noted in its story.

    Parameters
    ----------
    content
        What the file holds.
    key
        Where it decides: ``decisions`` or ``terms``.
    """
    if not isinstance(content, dict) or not isinstance(content.get("story"), str):
        return content
    decisions, notes = renewed_decisions(content.get(key, {}))
    if not notes:
        return content
    return content | {key: decisions, "story": "\n".join([content["story"].rstrip(), *notes])}


@lru_cache(maxsize=4)
def _former(inputs: Path) -> tuple[FormerNames, dict[str, Renamed | str]]:
    """Return the table and, by former name as names are compared, what it is now or why it is gone."""
    names = read_former_names(inputs)
    table: dict[str, Renamed | str] = {_plain(name): each.why for each in names.gone for name in each.levers}
    return names, table | {_plain(name): new for name, new in names.levers.items()}


def _plain(name: str) -> str:
    """Address as spellings are compared; one that means nothing stays as it is."""
    try:
        lever, element = lever_address(name)
    except InputError:
        return name
    return same_name(lever) if element is None else f"{same_name(lever)}[{element}]"


def _in_millions(name: str, value: object) -> Renamed | None:
    """Take a value that is too large for millions of pounds for pounds."""
    if not isinstance(value, int | float) or _allowed(name, value) or not _allowed(name, value * 1e-6):
        return None
    return Renamed(to=name, times=1e-6)


def _allowed(name: str, value: float) -> bool:
    try:
        lever_values(read_model(models_folder() / MODEL_FILE), {name: value})
    except InputError:
        return False
    return True


@lru_cache(maxsize=256)
def _has(name: str) -> bool:
    """Whether a lever has elements."""
    known = levers(read_model(models_folder() / MODEL_FILE))
    return any(each.elements for each in known.values() if same_name(each.name) == same_name(name))

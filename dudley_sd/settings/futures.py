"""Named futures, the levels that they give to the six key uncertainties, and what these set in the model."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sdcompile.errors import Fault, InputError, collect

from dudley_sd.inputs.toml_files import named_file, read_named, read_toml, validation_faults
from dudley_sd.settings.decisions import Decisions, decision_settings

REFERENCE = "reference"


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
    solves
        Indicator to its value in 2033 with portfolio none, for which ``dudley-sd solve`` solves the supply of
        staff of each future at this level.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    sets: dict[str, float] = Field(min_length=1)
    solves: dict[str, float] = {}
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


class Choice(BaseModel):
    """The level that a scenario gives to one uncertainty, and on what ground."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    level: str
    basis: str = Field(min_length=1)


class Scenario(BaseModel):
    """One future of the outside world.

    Attributes
    ----------
    title, story
        Name, and a paragraph in our own words.
    status
        ``published``; ``attributed`` by content where the source's headers do not match;
        ``reconstructed`` where a column is missing; ``reference`` for the projection alone.
    note
        What a reader should know of the source.
    levels
        Level of each of the six uncertainties; empty only for the reference.
    reading_of
        Key of the future that this is another reading of; it is run when it is named, not among all futures.
    own
        What it says beyond the six levels: constants of the model with value and reason. They win over what
        its levels set.
    sets
        Constants set directly; for the reference only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    story: str = Field(min_length=1)
    status: Literal["published", "attributed", "reconstructed", "reference"]
    note: str
    reading_of: str = ""
    levels: dict[str, Choice] = {}
    own: Decisions = {}
    sets: dict[str, float] = {}


def scenario_names(inputs: Path, readings: bool = False) -> list[str]:
    """Keys of all futures, Official Future first; other readings of one are left out unless asked for.

    The reference, which is not a future, is always left out.
    """
    paths = [path for path in sorted((inputs / "scenarios").glob("*.toml")) if path.stem != REFERENCE]
    faulty: list[Fault] = []
    futures = [
        path.stem
        for path in paths
        if readings or not (collect(faulty, read_toml, path) or {}).get("reading_of")
    ]
    return sorted(futures, key=lambda name: (name != "official_future", name))


def read_scenario(name: str, inputs: Path) -> Scenario:
    """Read ``scenarios/<name>.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If there is no such scenario (the nearest are suggested), the file is not TOML, a key is unknown,
        missing or wrong, an uncertainty has no level or one that ``uncertainties.toml`` does not know; all at
        once.
    """
    scenario = read_named("scenarios", name, Scenario, inputs)
    path = named_file("scenarios", name, inputs)
    faults = _level_faults(path, scenario, read_uncertainties(inputs))
    if faults:
        raise InputError(faults)
    return scenario


def _level_faults(path: Path, scenario: Scenario, uncertainties: dict[str, Uncertainty]) -> list[Fault]:
    if scenario.status == "reference":
        return []
    faults = []
    for key in sorted(set(uncertainties) | set(scenario.levels)):
        if key not in uncertainties:
            remedy = f"Use one of: {', '.join(uncertainties)}"
            faults.append(Fault(str(path), f"levels.{key}", "there is no such uncertainty", remedy))
        elif key not in scenario.levels:
            remedy = f"Choose one of: {', '.join(uncertainties[key].levels)}"
            faults.append(Fault(str(path), f"levels.{key}", "has no level", remedy))
        elif scenario.levels[key].level not in uncertainties[key].levels:
            remedy = f"Choose one of: {', '.join(uncertainties[key].levels)}"
            problem = f"there is no level {scenario.levels[key].level!r}"
            faults.append(Fault(str(path), f"levels.{key}", problem, remedy))
    if scenario.sets:
        remedy = "Let the levels of uncertainties.toml set them, or give each under own with its reason"
        faults.append(Fault(str(path), "sets", "a future sets constants of the model directly", remedy))
    return faults


def scenario_settings(scenario: Scenario, inputs: Path) -> dict[str, float]:
    """Constants of the model that a scenario sets, by name there."""
    uncertainties = read_uncertainties(inputs)
    settings = dict(scenario.sets)
    for key, choice in scenario.levels.items():
        settings |= uncertainties[key].levels[choice.level].sets
    return settings | decision_settings(scenario.own)

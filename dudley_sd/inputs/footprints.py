"""Footprints: areas that can be modelled, alone or added up, and which figures each uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.folders import areas_folder
from dudley_sd.inputs.toml_files import read_toml, validation_faults

KEY = r"^[a-z][a-z0-9_]*$"

MODEL_AREA = "dudley"
"""The area that the numbers of the model file describe."""


class LocalSize(BaseModel):
    """A local figure that replaces a scaled one; ``value`` is in the unit of the model file.

    ``source`` is an id of ``sources.csv``, or of a user's own area any text; an assumption has none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0)
    reason: str = Field(min_length=1)
    source: str = ""
    locator: str = ""

    @model_validator(mode="after")
    def _says_where(self) -> LocalSize:
        if bool(self.source) != bool(self.locator):
            raise ValueError("give both source and locator, or neither where it is an assumption")
        return self


class Footprint(BaseModel):
    """One area: what to call it and where its own figures are.

    Attributes
    ----------
    id, name
        Key in results and on the command line; name on charts.
    area_code
        ONS code of the area in the population table.
    other_codes
        Codes of areas with the same boundary, which official files may use instead.
    population
        Table of its people, relative to the folder of inputs; of an area that is projected like another, the
        people of mid-2018 are enough. ``None``: the 2018-based table of all CCGs holds the area.
    components
        Recent births, deaths and migration, relative to the folder of inputs; ``None``: England rates
        unscaled.
    history, fifths
        Its mid-year estimates from mid-2014, and its people by deprivation fifth, relative to the folder of
        inputs; ``None``: those of the area whose rates it has, or else of the area of the model file.
    projected_like
        Footprint whose rates of ageing, birth, death and migration carry the people on; ``None``: the table
        is a projection.
    sized_like
        Footprint whose staff, beds and money are scaled to the area, as ``scaling.toml`` says; ``None``: the
        numbers of the model file are the area's own.
    reason
        Why it is projected and sized like another.
    sizes
        Local figures by constant of the model, as its name or one element's: they replace scaled ones.
    note
        What a reader should know before relying on the figures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=KEY)
    name: str = Field(min_length=1)
    area_code: str = Field(pattern=r"^[A-Z]\d{8}$")
    other_codes: tuple[str, ...] = ()
    population: str | None = None
    components: str | None = None
    history: str | None = None
    fifths: str | None = None
    projected_like: str | None = Field(default=None, pattern=KEY)
    sized_like: str | None = Field(default=None, pattern=KEY)
    reason: str = ""
    sizes: dict[str, LocalSize] = {}
    note: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Code of the area and those of areas with the same boundary."""
        return (self.area_code, *self.other_codes)

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables of its own, relative to the folder of inputs."""
        return tuple(name for name in (self.population, self.components, self.history, self.fifths) if name)

    @property
    def rates_of(self) -> str:
        """Footprint at whose rates its people of mid-2018 are carried on where that is asked for."""
        return self.projected_like or self.sized_like or self.id

    @model_validator(mode="after")
    def _says_why(self) -> Footprint:
        if (self.projected_like or self.sized_like) and not self.reason:
            raise ValueError("projected_like and sized_like need a reason")
        if self.sizes and not self.sized_like:
            raise ValueError("sizes replace scaled numbers: name the footprint in sized_like")
        return self


class Total(BaseModel):
    """Several areas added up: what to call them together, and which they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=KEY)
    name: str = Field(min_length=1)
    parts: tuple[str, ...] = Field(min_length=2)
    note: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> Total:
        twice = sorted({part for part in self.parts if self.parts.count(part) > 1})
        if twice:
            raise ValueError(f"parts are named twice: {', '.join(twice)}")
        return self


def read_area_file(path: Path, inputs: Path) -> Footprint | Total:
    """Read the file of a footprint or of a sum of them.

    Raises
    ------
    InputError
        If it is not TOML, a key is unknown, missing or wrong, or a part or model area is no area of its own;
        all at once.
    """
    content = read_toml(path)
    kind: Any = Total if "parts" in content else Footprint
    try:
        area: Footprint | Total = kind.model_validate(content)
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None
    faults = _others_faults(path, area, inputs)
    if area.id != path.stem:
        problem = f"id {area.id!r} is not the name of the file"
        faults.insert(0, Fault(str(path), "id", problem, f"Write {path.stem!r}, or rename the file"))
    refuse(faults)
    return area


def footprint_names(inputs: Path) -> list[str]:
    """Keys of all footprints, totals among them, in alphabetical order."""
    return sorted(footprint_files(inputs))


def footprint_files(inputs: Path) -> dict[str, Path]:
    """Files of all footprints by key: those of the inputs, and the user's own of other names."""
    folders = (areas_folder(), inputs / "footprints")
    return {path.stem: path for folder in folders for path in folder.glob("*.toml")}


def _others_faults(path: Path, area: Footprint | Total, inputs: Path) -> list[Fault]:
    """Check the areas that a footprint refers to: they must be there, and stand on their own feet."""
    if isinstance(area, Total):
        named = [("parts", part) for part in area.parts]
    else:
        named = [("projected_like", area.projected_like or ""), ("sized_like", area.sized_like or "")]
    faults, files = [], footprint_files(inputs)
    for key, other in named:
        if not other:
            continue
        file = files.get(other)
        if file is None:
            remedy = f"Name one of: {', '.join(sorted(files))}"
            faults.append(Fault(str(path), key, f"there is no footprint {other!r}", remedy))
            continue
        content = read_toml(file)
        if "parts" in content:
            problem = f"{other!r} is itself a sum of areas"
            faults.append(Fault(str(path), key, problem, "Name areas that are not sums"))
        elif key != "parts" and key in content:
            problem = f"{other!r} has no figures of its own: it names {key} too"
            faults.append(Fault(str(path), key, problem, "Name an area that has its own"))
    return faults

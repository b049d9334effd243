"""Sliders that the page Explore offers first, read from ``levers.toml`` beside this file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTIONS_FILE, read_interventions
from dudley_sd.inputs.toml_files import read_toml

FILE = Path(__file__).parent / "levers.toml"


class Level(BaseModel):
    """A value of a lever and what it would mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    words: str = Field(min_length=1)


class Slider(BaseModel):
    """A lever in a reader's words.

    Attributes
    ----------
    address, group, label
        Lever of the model, group it is shown in, name for readers.
    what, dispute
        What it does; who might disagree, and why.
    levels
        Values to choose from, in words.
    low, high, step
        Ends and step of the slider, where narrower than the limits of the model.
    percent
        Whether a share is shown as per cent.
    rests_on
        Numbers of the model that it works upon and readers ask after; their source is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    group: str
    label: str = Field(min_length=1)
    what: str = Field(min_length=1)
    dispute: str = Field(min_length=1)
    levels: tuple[Level, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float | None = None
    percent: bool = False
    rests_on: tuple[str, ...] = ()


class Coverage(BaseModel):
    """What the sliders of coverage share; `Slider` has the rest, which each intervention's row gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    group: str
    what: str
    levels: tuple[Level, ...]
    step: float
    percent: bool

    def slider(self, row: Mapping[Hashable, str]) -> Slider:
        """Return the slider of one intervention, from its row in the table of interventions."""
        own = {"address": f"{self.address}[{row['intervention']}]", "what": f"{row['what']} {self.what}"}
        return Slider(**self.model_dump() | own | {key: row[key] for key in ("label", "dispute")})


class Content(BaseModel):
    """Content of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, str]
    interventions: Coverage
    levers: tuple[Slider, ...]


class Sliders(BaseModel):
    """All sliders, and their groups in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, str]
    levers: tuple[Slider, ...]


@cache
def sliders() -> Sliders:
    """Read the sliders of this installation: those of the file, and one for each intervention."""
    content = TypeAdapter(Content).validate_python(read_toml(FILE))
    rows = read_interventions(inputs_folder() / INTERVENTIONS_FILE).to_dict("records")
    coverage = tuple(content.interventions.slider(row) for row in rows)
    group = content.interventions.group
    before = next(place for place, each in enumerate(content.levers) if each.group == group)
    return Sliders(
        groups=content.groups, levers=(*content.levers[:before], *coverage, *content.levers[before:])
    )


def sliders_for_browser() -> dict[str, Any]:
    """Return groups and sliders as the browser takes them."""
    content = sliders().model_dump(exclude_none=True)
    return {"groups": content["groups"], "sliders": content["levers"]}

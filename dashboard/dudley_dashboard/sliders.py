"""Sliders that the page Explore offers first, read from ``levers.toml`` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

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


class Sliders(BaseModel):
    """All sliders, and their groups in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, str]
    levers: tuple[Slider, ...]


@cache
def sliders() -> Sliders:
    """Read the sliders of this installation."""
    return TypeAdapter(Sliders).validate_python(read_toml(FILE))


def sliders_for_browser() -> dict[str, Any]:
    """Return groups and sliders as the browser takes them."""
    content = sliders().model_dump(exclude_none=True)
    return {"groups": content["groups"], "sliders": content["levers"]}

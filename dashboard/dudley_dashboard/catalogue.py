"""Catalogue of what can be chosen, read once."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sdcompile.errors import InputError
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, lever_values, levers
from sdcompile.read.model import Model, read_model

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.common_projection import common_projection
from dudley_sd.inputs.elements import INTERVENTIONS_FILE, read_interventions
from dudley_sd.inputs.footprints import Footprint, Total, footprint_files
from dudley_sd.inputs.ons.titles import BASES
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.projections import read_projection
from dudley_sd.inputs.toml_files import read_toml
from dudley_sd.results.manifest import input_checksums, model_checksum
from dudley_sd.runs.model_folder import prepared_area
from dudley_sd.settings.contracts import Contract, contract_names, read_contract
from dudley_sd.settings.futures import Scenario, read_scenario, scenario_names
from dudley_sd.settings.portfolios import Portfolio, portfolio_names, read_portfolio
from dudley_sd.settings.sizes import sized_model

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be chosen, by key, in the order in which it is offered."""

    model: Model
    levers: Mapping[str, Lever]
    scenarios: dict[str, Scenario]
    portfolios: dict[str, Portfolio]
    contracts: dict[str, Contract]
    footprints: dict[str, Footprint | Total]

    @property
    def futures(self) -> dict[str, Scenario]:
        """The futures that are compared unasked; other readings of one are run when they are chosen."""
        return {key: each for key, each in self.scenarios.items() if not each.reading_of}

    def choices(self, key: str) -> tuple[str, ...]:
        """Keys that may stand for a choice of a plan: ``scenario``, ``portfolio`` and the like."""
        if key == "projection":
            return projections()
        return tuple(getattr(self, f"{key}s"))

    def parts(self, footprint: str) -> tuple[Footprint, ...]:
        """Return the areas that are run for a footprint: itself, or the parts of a total."""
        area = self.footprints[footprint]
        found = [area] if isinstance(area, Footprint) else [self.footprints[part] for part in area.parts]
        return tuple(part for part in found if isinstance(part, Footprint))

    def holds(self, footprint: str, projection: str) -> bool:
        """Whether a projection is there for an area, or for each part of a total."""
        return all(_has(part.id, projection) for part in self.parts(footprint))

    def common_projection(self, footprints: Iterable[str], projection: str) -> str:
        """Return the projection on which footprints are run beside each other; see the inputs' function."""
        parts = {part.id: part for footprint in footprints for part in self.parts(footprint)}
        return _common(tuple(parts), projection)

    def address(self, text: str, value: float, footprint: str | None = None) -> str:
        """Return the address of a lever as the model writes it.

        Parameters
        ----------
        text, value
            As a user writes them.
        footprint
            Area whose limits hold; those of the model file when not given.

        Raises
        ------
        InputError
            If there is no such lever or element, or the value lies outside its limits.
        """
        for model in area_models(footprint) if footprint else (self.model,):
            lever_values(model, {text: value})
        name, element = lever_address(text)
        known = {same_name(lever): lever for lever in self.levers}
        lever = known[same_name(name)]
        return lever if element is None else f"{lever}[{element}]"


@cache
def area_models(footprint: str) -> tuple[Model, ...]:
    """Return the model file with the sizes of an area, or of each part of a total."""
    common = catalogue().common_projection([footprint], PUBLISHED)
    folders = [prepared_area(part, common) for part in catalogue().parts(footprint)]
    return tuple(sized_model(catalogue().model, folder.area.scaling) for folder in folders)


@cache
def projections() -> tuple[str, ...]:
    """Return the projection of the source documents, each other base that some area has, the model's own."""
    places = [name for name, area in catalogue().footprints.items() if isinstance(area, Footprint)]
    others = [str(base) for base in BASES if str(base) != PUBLISHED]
    return (PUBLISHED, *(base for base in others if any(_has(place, base) for place in places)), OWN)


@cache
def _common(parts: tuple[str, ...], projection: str) -> str:
    areas = [area for part in parts if isinstance(area := catalogue().footprints[part], Footprint)]
    return common_projection(projection, areas, inputs_folder())


@cache
def _has(area: str, projection: str) -> bool:
    """Whether a run of one area can start from a projection: tried once, as a file may be faulty."""
    if projection in (PUBLISHED, OWN):
        return True
    footprint = catalogue().footprints[area]
    try:
        return isinstance(footprint, Footprint) and bool(
            read_projection(projection, footprint, inputs_folder()).size
        )
    except InputError:
        return False


@cache
def catalogue() -> Catalogue:
    """Read scenarios, portfolios, contracts, footprints and levers of this installation.

    Raises
    ------
    InputError
        Any fault of the input files.
    """
    inputs = inputs_folder()
    model = read_model(models_folder() / MODEL_FILE)
    return Catalogue(
        model,
        levers(model),
        {name: read_scenario(name, inputs) for name in scenario_names(inputs, readings=True)},
        {name: read_portfolio(name, inputs) for name in portfolio_names(inputs)},
        {name: read_contract(name, inputs) for name in contract_names(inputs)},
        _areas(inputs),
    )


def _areas(inputs: Path) -> dict[str, Footprint | Total]:
    """Read all areas; of the user's own those with a fault are left out, and the log says why."""
    found: dict[str, Footprint | Total] = {}
    for name, path in sorted(footprint_files(inputs).items()):
        try:
            found[name] = read_area(name, inputs)
        except InputError as error:
            if path.parent == inputs / "footprints":
                raise
            _log.warning("The area %s is left out. %s", name, error)
    while lacking := [name for name, area in found.items() if not _leans_on(area) <= found.keys()]:
        for name in lacking:
            _log.warning("The area %s is left out: one that it needs is", name)
            del found[name]
    return found


def _leans_on(area: Footprint | Total) -> set[str]:
    if isinstance(area, Total):
        return set(area.parts)
    return {name for name in (area.projected_like, area.sized_like) if name}


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


CHECKSUM = 31
"""Characters of a checksum that are kept: nobody makes two files by chance that share them."""


def origin() -> str:
    """Return a checksum of the model file and one of all input files, with a blank between."""
    inputs = hashlib.sha256(json.dumps(input_checksums(), sort_keys=True).encode())
    return f"{model_checksum()[:CHECKSUM]} {inputs.hexdigest()[:CHECKSUM]}"

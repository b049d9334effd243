"""Areas of a request: footprints asked for, the areas that are run for them, and the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sdcompile.cache import key_of
from sdcompile.digests import folder_digests
from sdcompile.errors import Fault, InputError, collect
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address
from sdcompile.read.levers import levers as levers_of
from sdcompile.read.model import Model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.common_projection import common_projection
from dudley_sd.inputs.footprints import Footprint, Total
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.ratio import adds_up
from dudley_sd.request import FOOTPRINT, PROJECTION, Request
from dudley_sd.runs.model_folder import ModelFolder, prepared_area
from dudley_sd.runs.run import Run, make_run
from dudley_sd.text import joined


@dataclass(frozen=True)
class Areas:
    """Footprints asked for, and the areas that must be run for them.

    Attributes
    ----------
    footprints
        Footprints by key, in the order asked for; a total is not run, its parts are.
    folders
        Model folder of every area to run, by key.
    projection
        Which projection of their people the folders hold, all of them the same.
    requested_projection
        Which one was asked for: another where an area lacks it.
    content
        Hash of all that results for these areas depend on beside the request.
    """

    footprints: dict[str, Footprint | Total]
    folders: dict[str, ModelFolder]
    projection: str = PUBLISHED
    requested_projection: str = PUBLISHED
    content: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Everything that results for these areas depend on beside the request: content, and areas."""
        return (self.content, *self.footprints)

    @property
    def note(self) -> str:
        """Sentence on what all areas are run on where the projection asked for is not there for each."""
        if self.projection == self.requested_projection:
            return ""
        from dudley_sd.inputs.projections import has_base

        inputs = inputs_folder()
        lacking = [
            part.name
            for part in parts_of(self.footprints).values()
            if not has_base(self.requested_projection, part, inputs)
        ]
        have = "has" if len(lacking) == 1 else "have"
        which = {OWN: "people of mid-2018 carried on at the model's rates"}.get(
            self.projection, f"the {Path(self.projection).stem}-based projection"
        )
        who = "it is" if len(self.folders) == 1 else "all areas are"
        return (
            f"{joined(lacking)} {have} no {self.requested_projection}-based table here: {who} run on {which}."
        )


def find_areas(names: Sequence[str], projection: str = PUBLISHED) -> Areas:
    """Read the footprints asked for and prepare the tables of all that must be run.

    Parameters
    ----------
    names
        As `dudley_sd.inputs.areas.read_area` takes them.
    projection
        As for `dudley_sd.inputs.common_projection.common_projection`, of every area.

    Raises
    ------
    InputError
        All at once: none is asked for, one is asked for twice, is not there or cannot be prepared, or the
        projection of one is not to be had.
    """
    inputs = inputs_folder()
    footprints, faults = read_areas(names)
    folders: dict[str, ModelFolder] = {}
    parts = parts_of(footprints)
    try:
        common = common_projection(projection, parts.values(), inputs)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    for footprint in parts.values():
        folder = collect(faults, prepared_area, footprint, common)
        folders |= {} if folder is None else {footprint.id: folder}
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    digests = [f"{name} {digest}" for name, digest in folder_digests(inputs).items()]
    described = [area.model_dump_json() for area in footprints.values()]
    content = key_of(*digests, *described, *(folder.key for folder in folders.values()))
    return Areas(footprints, folders, common, projection, content)


def read_areas(names: Sequence[str]) -> tuple[dict[str, Footprint | Total], list[Fault]]:
    """Read the footprints asked for, by their keys in order, and say what is wrong with the list."""
    faults = [] if names else [Fault("footprints", "", "no footprint is asked for", "Name at least one")]
    footprints: dict[str, Footprint | Total] = {}
    for name in names:
        area = collect(faults, read_area, name, inputs_folder())
        if area is None:
            continue
        if area.id in footprints:
            faults.append(Fault("footprints", name, "is asked for twice", "Name each footprint once"))
        footprints[area.id] = area
    return footprints, list(dict.fromkeys(faults))


def find_all(requests: Sequence[Request]) -> tuple[Areas, list[dict[str, Run]]]:
    """Find the areas of requests that share them, and make the runs of each request.

    Raises
    ------
    InputError
        All faults of areas, projection, scenarios, portfolios, contracts and settings at once.
    """
    areas = areas_of(requests)
    faults: list[Fault] = []
    found = [collect(faults, partial(make_runs, areas, request)) for request in requests]
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return areas, [runs for runs in found if runs is not None]


def areas_of(requests: Sequence[Request]) -> Areas:
    """Find the areas that requests share; where they have faults, say what else is wrong with a request."""
    first = requests[0]
    faults: list[Fault] = []
    try:
        return find_areas(first.footprints, first.projection)
    except InputError as error:
        faults += error.faults
        for request in requests:  # what would be wrong with them in any area
            anywhere = replace(request, footprints=(FOOTPRINT,), projection=PROJECTION)
            collect(faults, partial(make_run, anywhere))
        raise InputError(list(dict.fromkeys(faults))) from None


def size_faults(levers: Mapping[str, float], model: Model) -> list[Fault]:
    """Refuse levers that are sizes where several areas are run: one number cannot be right for all."""
    sizes = {same_name(lever.name) for lever in levers_of(model).values() if adds_up(lever.units)}
    return [
        Fault(
            "levers",
            name,
            "is a size, and one size cannot be right for several areas",
            "Run the areas one by one, or give each its own under [sizes] of its file in inputs/footprints",
        )
        for name in levers
        if same_name(lever_address(name)[0]) in sizes
    ]


def parts_of(footprints: Mapping[str, Footprint | Total]) -> dict[str, Footprint]:
    """Areas to run, each once: those asked for and the parts of totals."""
    found: dict[str, Footprint] = {}
    for area in footprints.values():
        if isinstance(area, Footprint):
            found[area.id] = area
            continue
        for part in area.parts:
            footprint = read_area(part, inputs_folder())
            if isinstance(footprint, Footprint):  # read_area refuses totals of totals
                found[footprint.id] = footprint
    return found


def make_runs(areas: Areas, request: Request) -> dict[str, Run]:
    """Make the runs of a request for every area that must be run.

    Raises
    ------
    InputError
        All faults of all areas at once, each once.
    """
    faults: list[Fault] = []
    runs: dict[str, Run] = {}
    for name, folder in areas.folders.items():
        here = replace(request, footprints=(name,), projection=areas.projection)
        run = collect(faults, partial(make_run, here, folder))
        runs |= {} if run is None else {name: run}
    if len(runs) > 1:
        faults += size_faults(request.values, next(iter(runs.values())).model)
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return runs


def with_parts(areas: Areas) -> Areas:
    """Ask for the parts of totals too: each total stands after its parts."""
    footprints: dict[str, Footprint | Total] = {}
    for name, area in areas.footprints.items():
        if isinstance(area, Total):
            footprints |= {
                part: found for part, found in parts_of({name: area}).items() if part not in footprints
            }
        footprints[name] = area
    return replace(areas, footprints=footprints)


def repeated_faults(names: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Say which keys stand twice in lists, by what is listed."""
    return [
        Fault(kind, name, "is asked for twice", "Name each once")
        for kind, listed in names.items()
        for name in dict.fromkeys(listed)
        if list(listed).count(name) > 1
    ]

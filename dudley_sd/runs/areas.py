"""Which areas does a request ask for, and what is to be run for them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address
from sdcompile.read.levers import levers as levers_of
from sdcompile.read.model import Model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import Footprint, Total, read_area
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED, common_projection
from dudley_sd.runs.model_folder import ModelFolder, prepared_area
from dudley_sd.runs.plan import Plan, make_plan
from dudley_sd.scenarios.contracts import AS_NOW
from dudley_sd.scenarios.sizes import is_size
from dudley_sd.text import joined


@dataclass(frozen=True)
class Areas:
    """Footprints asked for, and the areas that must be run for them.

    Attributes
    ----------
    asked
        Footprints by key, in the order asked for; a total is not run, its parts are.
    folders
        Model folder of every area to run, by key.
    projection
        Which projection of their people the folders hold, all of them the same.
    asked_projection
        Which one was asked for: another where an area lacks it.
    """

    asked: dict[str, Footprint | Total]
    folders: dict[str, ModelFolder]
    projection: str = PUBLISHED
    asked_projection: str = PUBLISHED

    @property
    def note(self) -> str:
        """Sentence on what all areas are run on where the projection asked for is not there for each."""
        if self.projection == self.asked_projection:
            return ""
        from dudley_sd.inputs.projections import has_base

        inputs = inputs_folder()
        lacking = [
            part.name
            for part in parts_of(self.asked).values()
            if not has_base(self.asked_projection, part, inputs)
        ]
        have = "has" if len(lacking) == 1 else "have"
        which = {OWN: "people of mid-2018 carried on at the model's rates"}.get(
            self.projection, f"the {Path(self.projection).stem}-based projection"
        )
        who = "it is" if len(self.folders) == 1 else "all areas are"
        return f"{joined(lacking)} {have} no {self.asked_projection}-based table here: {who} run on {which}."

    @property
    def one(self) -> bool:
        """Whether one area that is no total is asked for."""
        return len(self.asked) == 1 and len(self.folders) == 1


def find_areas(names: Sequence[str], projection: str = PUBLISHED) -> Areas:
    """Read the footprints asked for and prepare the tables of all that must be run.

    Parameters
    ----------
    names
        As `dudley_sd.inputs.footprints.read_area` takes them.
    projection
        As for `dudley_sd.inputs.projections.common_projection`, of every area.

    Raises
    ------
    InputError
        All at once: none is asked for, one is asked for twice, is not there or cannot be prepared, or the
        projection of one is not to be had.
    """
    inputs = inputs_folder()
    asked, faults = read_areas(names)
    folders = {}
    parts = parts_of(asked)
    try:
        common = common_projection(projection, parts.values(), inputs)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    for footprint in parts.values():
        try:
            folders[footprint.id] = prepared_area(footprint, common)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return Areas(asked, folders, common, projection)


def read_areas(names: Sequence[str]) -> tuple[dict[str, Footprint | Total], list[Fault]]:
    """Read the footprints asked for, by their keys in order, and say what is wrong with the list."""
    faults = [] if names else [Fault("footprints", "", "no footprint is asked for", "Name at least one")]
    asked: dict[str, Footprint | Total] = {}
    for name in names:
        try:
            area = read_area(name, inputs_folder())
        except InputError as error:
            faults += error.faults
            continue
        if area.id in asked:
            faults.append(Fault("footprints", name, "is asked for twice", "Name each footprint once"))
        asked[area.id] = area
    return asked, list(dict.fromkeys(faults))


def find_all(
    names: Sequence[str],
    projection: str,
    scenarios: Sequence[str] | None,
    options: Sequence[tuple[str, str]],
    levers: Mapping[str, float] | None = None,
) -> tuple[Areas, list[dict[str, Plan]]]:
    """Find areas and plan every option, a portfolio and a contract, for each of them.

    Raises
    ------
    InputError
        All faults of areas, projection, scenarios, options and levers at once.
    """
    try:
        areas = find_areas(names, projection)
    except InputError as error:
        raise InputError([*error.faults, *_other_faults(scenarios, options, levers)]) from None
    return areas, plan_options(areas, scenarios, options, levers)


def size_faults(levers: Mapping[str, float], model: Model) -> list[Fault]:
    """Refuse levers that are sizes where several areas are run: one number cannot be right for all."""
    sizes = {same_name(lever.name) for lever in levers_of(model).values() if is_size(lever.units)}
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


def _other_faults(
    scenarios: Sequence[str] | None,
    options: Sequence[tuple[str, str]],
    levers: Mapping[str, float] | None,
) -> list[Fault]:
    """Faults of a request that it would have for any area, where its own cannot be had."""
    faults: list[Fault] = []
    for portfolio, contract in options:
        try:
            make_plan(scenarios, portfolio, levers=levers, contract=contract)
        except InputError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def parts_of(asked: Mapping[str, Footprint | Total]) -> dict[str, Footprint]:
    """Areas to run, each once: those asked for and the parts of totals."""
    found: dict[str, Footprint] = {}
    for area in asked.values():
        if isinstance(area, Footprint):
            found[area.id] = area
            continue
        for part in area.parts:
            footprint = read_area(part, inputs_folder())
            if isinstance(footprint, Footprint):  # read_area refuses totals of totals
                found[footprint.id] = footprint
    return found


def make_plans(
    areas: Areas,
    scenarios: Sequence[str] | None,
    portfolio: str,
    levers: Mapping[str, float] | None = None,
    contract: str = AS_NOW,
) -> dict[str, Plan]:
    """Plan the same request for every area that must be run.

    Raises
    ------
    InputError
        All faults of all areas at once, each once.
    """
    plans: dict[str, Plan] = {}
    faults: list[Fault] = []
    for name, folder in areas.folders.items():
        try:
            plans[name] = make_plan(
                scenarios,
                portfolio,
                name,
                levers,
                contract=contract,
                projection=areas.projection,
                folder=folder,
            )
        except InputError as error:
            faults += error.faults
    if len(plans) > 1:
        faults += size_faults(levers or {}, next(iter(plans.values())).model)
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return plans


def plan_options(
    areas: Areas,
    scenarios: Sequence[str] | None,
    options: Sequence[tuple[str, str]],
    levers: Mapping[str, float] | None = None,
) -> list[dict[str, Plan]]:
    """Plan every option, a portfolio and a contract, for every area; all faults of all of them at once."""
    plans: list[dict[str, Plan]] = []
    faults: list[Fault] = []
    for portfolio, contract in options:
        try:
            plans.append(make_plans(areas, scenarios, portfolio, levers, contract))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return plans


def with_parts(areas: Areas) -> Areas:
    """Ask for the parts of totals too: each total stands after its parts."""
    asked: dict[str, Footprint | Total] = {}
    for name, area in areas.asked.items():
        if isinstance(area, Total):
            asked |= {part: found for part, found in parts_of({name: area}).items() if part not in asked}
        asked[name] = area
    return replace(areas, asked=asked)


def repeated_faults(names: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Say which keys stand twice in lists, by what is listed."""
    return [
        Fault(kind, name, "is asked for twice", "Name each once")
        for kind, listed in names.items()
        for name in dict.fromkeys(listed)
        if list(listed).count(name) > 1
    ]

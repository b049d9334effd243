"""Projection of its people that a run of an area starts from."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import xarray as xr
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.area_people import CCG_BASE, area_people, ccg_people
from dudley_sd.inputs.basis import carried_on
from dudley_sd.inputs.bounded_files import refuse_no_file, where_is
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.release import COMPONENTS, POPULATION, FileFacts, Release, areas_of, tidy_table
from dudley_sd.inputs.ons.titles import BASES
from dudley_sd.inputs.population import SCHEMA, population_array, read_population
from dudley_sd.inputs.projection_choice import IMPORTED, OWN, PUBLISHED, split_choice
from dudley_sd.inputs.years import PROJECTED

PAGES = {
    "health areas": "clinicalcommissioninggroupsinenglandtable3",
    "local authorities": "localauthoritiesinenglandtable2",
}
ONS = "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationprojections/datasets"


def read_projection(choice: str, footprint: Footprint, inputs: Path) -> xr.DataArray:
    """Return the people of an area according to the projection that is chosen.

    Parameters
    ----------
    choice
        A base such as ``2014`` or ``2018``: the table of the footprint, one imported before, or that of all
        CCGs, which is 2018-based; ``own``, the model's own projection; or a file, tidy or official, of any
        base that holds the area, with what is stated of it as
        `dudley_sd.inputs.projection_choice.projection_choice` writes it.
    footprint
        The area, under its code or another code of the same boundary.
    inputs
        Folder of inputs.

    Returns
    -------
    xr.DataArray
        As `read_population` returns it; where a file was given, ``attrs`` also has ``table`` (its name) and
        ``table_sha256``.

    Raises
    ------
    InputError
        If the file, or the base, is not there: the message says which table of ONS to get and how to import
        it; if it is faulty or does not hold the area.
    """
    if choice == OWN:
        return carried_on(footprint, inputs)
    if choice.isdigit():
        return _of_base(choice, footprint, inputs)
    path, facts = split_choice(choice)
    return _of_file(Path(path), footprint, facts)


def common_base(choice: str, footprints: Iterable[Footprint], inputs: Path) -> str:
    """Decide on which projection areas are run so that none is set beside another base.

    Parameters
    ----------
    choice
        What was asked for, as `read_projection` takes it.
    footprints
        All areas that are run for one request, the parts of totals among them.
    inputs
        Folder of inputs.

    Returns
    -------
    str
        The choice, unless it is ``2014`` and an area has no 2014-based table: then the latest other base that
        all areas have (2018 of any CCG); of one area with a table of another kind that table; where there is
        none, ``own``. An area that lacks any other choice is refused when it is read.

    Raises
    ------
    InputError
        Any fault of a table.
    """
    areas = list(footprints)
    if choice != PUBLISHED or all(has_base(choice, area, inputs) for area in areas):
        return choice
    if len(areas) == 1 and areas[0].population and not areas[0].projected_like:
        base = _base_of(area_people(areas[0], inputs))
        return base if base in map(str, BASES) else str(inputs / areas[0].population)
    known = [str(base) for base in sorted(BASES, reverse=True) if base <= PROJECTED]
    return next((base for base in known if all(has_base(base, area, inputs) for area in areas)), OWN)


def has_base(base: str, footprint: Footprint, inputs: Path) -> bool:
    """Whether a projection of a base is here for an area, without a file from the user.

    Raises
    ------
    InputError
        Any fault of the footprint's own table, or of that of all CCGs.
    """
    return _table_of_base(base, footprint, inputs) is not None


def _of_base(choice: str, footprint: Footprint, inputs: Path) -> xr.DataArray:
    faults = _base_faults(choice)
    refuse(faults)
    found = _table_of_base(choice, footprint, inputs)
    if found is None:
        problem = f"no {choice}-based table in {inputs / IMPORTED} holds {footprint.name}"
        raise InputError([Fault("--projection", choice, problem, how_to_get(footprint, int(choice)))])
    return _of_file(found, footprint, FileFacts()) if isinstance(found, Path) else found


def _table_of_base(base: str, footprint: Footprint, inputs: Path) -> xr.DataArray | Path | None:
    """Return people of an area on a base: of its own table, an imported file, or the table of all CCGs."""
    if footprint.population and not footprint.projected_like:
        people = area_people(footprint, inputs)
        if _base_of(people) == base:
            return people
    for path in sorted((inputs / IMPORTED).glob(f"population_{base}_based_*.csv")):
        if _holds_principal(path, footprint, f"{base}-based"):
            return path
    return ccg_people(footprint.codes, inputs) if f"{base}-based" == CCG_BASE else None


def _base_of(people: xr.DataArray) -> str:
    """Return the base of a principal projection, or the name of another kind of table."""
    return str(people.attrs["projection"]).removesuffix("-based")


def _of_file(path: Path, footprint: Footprint, facts: FileFacts) -> xr.DataArray:
    refuse_no_file(path)
    if not path.is_file():
        raise InputError([Fault("--projection", str(path), *_not_there(path, footprint))])
    people = _tidy(path, footprint, facts) if _is_tidy(path) else _official(path, footprint, facts)
    first = int(people["year"][0])
    if first > PROJECTED:
        problem = (
            f"the {people.attrs['projection']} table starts in mid-{first}, the model in mid-{PROJECTED}"
        )
        remedy = f"Choose a projection that holds mid-{PROJECTED}: 2014-, 2016- or 2018-based"
        raise InputError([Fault(str(path), "", problem, remedy)])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return people.assign_attrs({"table": path.name, "table_sha256": digest})


def _not_there(path: Path, footprint: Footprint) -> tuple[str, str]:
    """Problem and remedy of a file that is not there, by what the user may have meant by it."""
    if found := re.fullmatch(r"(\d{4})[ -]?based", path.name.lower()):
        return "is no file", f"Write --projection {found[1]}"
    if re.match(r"(https?|ftp):", str(path).lower()):
        return "is an address, not a file", "Download it, and give the file: --projection FILE"
    return "the file does not exist", where_is(path, how_to_get(footprint))


def how_to_get(footprint: Footprint, base: int = 2018) -> str:
    """Say which table of ONS holds an area and how to bring it in."""
    council = " or ".join(footprint.other_codes)
    other = f", or '... for local authorities: Table 2' ({ONS}/{PAGES['local authorities']}; {council})"
    return (  # title, table and page, as ONS calls them
        "Get 'Population projections for clinical commissioning groups and NHS regions: Table 3', "
        f"{base}-based ({ONS}/{PAGES['health areas']}; {footprint.name} is {footprint.area_code})"
        f"{other if council else ''}; then run "
        f"dudley-sd ons FILE --area CODE, and --projection {base}; or give the file itself: "
        "--projection FILE"
    )


def _base_faults(choice: str) -> list[Fault]:
    """Refuse bases that were never published, and those that start after the model."""
    if int(choice) not in BASES:
        known = ", ".join(map(str, BASES))
        problem = "no official projection of this base is known"
        return [Fault("--projection", choice, problem, f"Choose one of {known}, own, or a file")]
    if int(choice) > PROJECTED:
        problem = f"a {choice}-based projection starts in mid-{choice}, the model in mid-{PROJECTED}"
        remedy = "Choose 2014, 2018 or own, or import a 2014-, 2016- or 2018-based table"
        return [Fault("--projection", choice, problem, remedy)]
    return []


def _holds_principal(path: Path, footprint: Footprint, name: str) -> bool:
    """Whether a tidy file holds an area in the principal projection, not in one of its variants."""
    wanted = {(code, name) for code in footprint.codes}
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return any((row.get("area_code"), row.get("projection")) in wanted for row in csv.DictReader(file))


def _is_tidy(path: Path) -> bool:
    """Whether a file has the headings of our own population tables, or most of them."""
    with path.open("rb") as file:
        first = file.readline(1000).decode("utf-8-sig", errors="replace").strip().lower()
    return len(set(re.split(r"[,;\t]", first)) & set(SCHEMA.columns)) >= len(SCHEMA.columns) - 2


def _tidy(path: Path, footprint: Footprint, facts: FileFacts) -> xr.DataArray:
    if facts != FileFacts():
        problem = "a tidy file states its base, unit and variant itself"
        remedy = "Leave out --base, --unit and --variant"
        raise InputError([Fault(str(path), "", problem, remedy)])
    code = _code_in(path, footprint)
    return read_population(path, code or footprint.area_code, alone=code is not None)


def _code_in(path: Path, footprint: Footprint) -> str | None:
    """Return the first code of an area that a tidy file has rows of."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return next((code for code in footprint.codes if f"\n{code}," in text), None)


def _official(path: Path, footprint: Footprint, facts: FileFacts) -> xr.DataArray:
    releases = _releases(path, facts)
    for release in releases:
        if release.kind != POPULATION:
            continue
        held = set(areas_of(release)["area_code"])
        for code in footprint.codes:
            if code in held:
                table = tidy_table(release)
                return population_array(path, table[table["area_code"] == code])
    raise InputError([_no_people(path, footprint, release) for release in releases])


def _no_people(path: Path, footprint: Footprint, release: Release) -> Fault:
    """Say what a table holds that does not hold the people of an area by age, and which does."""
    what = f"{release.layout}, {release.projection}"
    get = how_to_get(footprint)
    if release.kind == COMPONENTS:
        problem = (
            f"this is {what}: births, deaths and migration of all ages, without people by age to start from"
        )
        remedy = f"Give --projection 2018, which comes with the model for every CCG; or g{get[1:]}"
        return Fault(str(path), "", problem, remedy)
    areas = areas_of(release)
    shown = ", ".join(f"{code} {name}" for code, name in areas.head(3).itertuples(index=False))
    problem = (
        f"this is {what}, of {len(areas)} area{'s' if len(areas) > 1 else ''} ({shown}"
        f"{', ...' if len(areas) > 3 else ''}), but not of {footprint.name} ({' or '.join(footprint.codes)})"
    )
    remedy = f"See dudley-sd ons {path.name} --list and give --footprint one of its CCGs; or g{get[1:]}"
    return Fault(str(path), "", problem, remedy)


def _releases(path: Path, facts: FileFacts) -> list[Release]:
    """Return the tables of a file; those of the last file are kept, for the next area of the same request."""
    key = (str(path), hashlib.sha256(path.read_bytes()).hexdigest(), facts)
    found = _FOUND.get(key)
    if found is None:
        found = read_releases([path], facts)
        _FOUND.clear()
        _FOUND[key] = found
    return found


_FOUND: dict[tuple[str, str, FileFacts], list[Release]] = {}

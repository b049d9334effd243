"""Numbers of the model with unit, range, status and source, and the count of assumptions among them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pandera.pandas as pa
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.elements import (
    FILE,
    INTERVENTION,
    INTERVENTIONS_FILE,
    READINGS,
    STATUSES,
    own_numbers,
    own_rows,
    read_interventions,
    read_ranges,
    scan_interventions,
)
from dudley_sd.inputs.tables import Scan, number_column, scan_table, text_column

ACTS_THROUGH = ("model", "preparation", "reference flows")
"""``model``: a constant of the model file. ``preparation``: enters a table that the model reads. ``reference
flows``: enters the solved reference trajectory, so that an ensemble varies it only by solving again."""

PROVENANCE = {
    "low": number_column(),
    "central": number_column(),
    "high": number_column(),
    "unit": text_column(),
    "status": text_column(STATUSES),
    "source": text_column(empty=True),
    "locator": text_column(empty=True),
    "note": text_column(empty=True),
}
"""The columns that say what a number is and how it is known; every table of numbers has them."""

PARAMETERS = pa.DataFrameSchema(
    {
        "id": text_column(),
        "model_name": text_column(empty=True),
        "acts_through": text_column(ACTS_THROUGH),
        **PROVENANCE,
    },
    unique=["id"],
)
SOURCES = pa.DataFrameSchema(
    {
        "id": text_column(),
        "title": text_column(),
        "publisher": text_column(),
        "year": text_column(),
        "where": text_column(),
        "licence": text_column(),
        "note": text_column(empty=True),
    },
    unique=["id"],
)


class Parameters:
    """The numbers of ``parameters.csv``, looked up by id; remembers which were requested.

    Parameters
    ----------
    table
        A row for each number: the columns of `PARAMETERS` and ``file``, the table that gives its values; the
        index is the row of ``parameters.csv``, which the interventions share.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.requested: set[str] = set()
        self._central = table.set_index("id")["central"].to_dict()
        self._unit = table.set_index("id")["unit"].to_dict()

    def central(self, name: str) -> float:
        """Central value of a parameter, in the unit of its row.

        Raises
        ------
        InputError
            If no row has that id.
        """
        if name not in self._central:
            raise InputError(
                [Fault("parameters.csv", f"id {name}", "there is no such row", "Add it with its source")]
            )
        self.requested.add(name)
        return float(self._central[name])

    def with_values(self, values: Mapping[str, float]) -> Parameters:
        """Return the same table with other central values, by id; refuses unknown ids like `central`."""
        for name in values:
            self.central(name)
        other = Parameters(self.table)
        other._central = self._central | dict(values)
        return other

    def unit(self, name: str) -> str:
        """Return the unit of a parameter as its row prints it; refuses like `central`."""
        self.central(name)
        return str(self._unit[name])

    def of_model(self) -> pd.Series:
        """Return the central values of the model's constants, index = name there, e.g. ``coverage[MDT]``."""
        rows = self.table.query("acts_through == 'model'")
        return rows.set_index("model_name")["central"]


def read_parameters(path: Path | str, sources: Path | str) -> Parameters:
    """Read the parameter table and check it against the list of sources.

    A row that names a range, as ``coverage[Intervention]`` or ``pay relative to elsewhere[Staff]``, speaks
    for every element of it (``elements.csv`` and ``interventions.csv`` beside it) without a row of its own;
    an intervention's own numbers are in its row of ``interventions.csv``.

    Raises
    ------
    InputError
        All faults at once: those of `read_table`; low, central and high out of order; a published, derived or
        judged number whose source is not in the list of sources; a published number without a locator; a
        constant of the model without its name there; an intervention's own number that is incomplete or of
        no row here.
    """
    path = Path(path)
    table, faults = scan_parameters(path, read_source_ids(sources))
    refuse(faults)
    return Parameters(table)


def scan_parameters(path: Path, known: frozenset[str]) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows of the parameter table as far as they can be read, and every fault that `read_parameters` tells.

    Parameters
    ----------
    path
        The table.
    known
        Ids that a source may have.
    """
    scan = scan_table(path, PARAMETERS)
    faults = [*scan.faults, *provenance_faults(path, scan.valid, known)]
    for line, row in scan.valid.to_dict("index").items():
        if (row["acts_through"] == "model") != bool(row["model_name"]):
            problem = f"acts through {row['acts_through']!r} with model_name {row['model_name']!r}"
            remedy = "Name the constant of the model file if it is one, and only then"
            faults.append(Fault(str(path), f"row {line}", problem, remedy))
    table = scan.valid.assign(file=path.name)
    if table["model_name"].str.contains("[", regex=False).any():
        try:
            table = _with_each(table, read_ranges(path.parent))
        except InputError as error:
            return table, [*faults, *error.faults]
        shared = table[[INTERVENTION in _subscripts(name) for name in table["model_name"]]]
        found = scan_interventions(path.with_name(INTERVENTIONS_FILE))
        faults += [*found.faults, *_own_faults(path.with_name(INTERVENTIONS_FILE), found, shared, known)]
        own = {
            (name, row.pop("intervention")): row | {"file": INTERVENTIONS_FILE}
            for name in shared["id"]
            for row in own_rows(found.valid, name).to_dict("records")
        }
        names = tuple(dict.fromkeys(found.valid["intervention"]))
        table = _with_each(table, {INTERVENTION: names}, own)
    twice = table[table["model_name"].ne("") & table["model_name"].duplicated()]
    for line, name in twice["model_name"].items():
        problem = f"{name} has another row too, or its range has"
        faults.append(Fault(str(path), f"row {line}", problem, "Let one row speak for each element"))
    return table, faults


def parameter_table(inputs: Path) -> pd.DataFrame:
    """Return a row for each number, of each intervention too, as `read_parameters` checks them."""
    files = [inputs / name for name in ("parameters.csv", "sources.csv", INTERVENTIONS_FILE, FILE)]
    key = tuple((path, path.read_bytes() if path.is_file() else b"") for path in files)
    if key not in _TABLES:
        _TABLES.clear()
        _TABLES[key] = read_parameters(*files[:2]).table
    return _TABLES[key].copy()


_TABLES: dict[tuple[tuple[Path, bytes], ...], pd.DataFrame] = {}
"""The table read last, by content: a page and a report ask for it many times."""


def _subscripts(name: str) -> list[str]:
    """Subscripts of a constant as a row names it: of ``coverage[MDT]`` the one element."""
    return [part.strip() for part in name.partition("[")[2].rstrip("]").split(",")]


def _with_each(
    table: pd.DataFrame,
    ranges: Mapping[str, Iterable[str]],
    own: Mapping[tuple[str, str], dict[Hashable, Any]] = MappingProxyType({}),
) -> pd.DataFrame:
    """Put a row for each element that has none of its own in place of each row that speaks for a range.

    Parameters
    ----------
    table
        Rows of the parameter table.
    ranges
        Elements of each range.
    own
        By id of such a row and element: values that differ.
    """
    named = frozenset(table["model_name"])

    def each(row: dict[Hashable, Any]) -> Iterator[dict[Hashable, Any]]:
        parts = _subscripts(str(row["model_name"]))
        place = next((place for place, part in enumerate(parts) if part in ranges), None)
        if place is None:
            yield row
            return
        for element in ranges[parts[place]]:
            address = ",".join([*parts[:place], element, *parts[place + 1 :]])
            name = f"{str(row['model_name']).partition('[')[0]}[{address}]"
            if name not in named:
                mine = own.get((str(row["id"]), element), {})
                yield from each({**row, **mine, "id": f"{row['id']}_{element.lower()}", "model_name": name})

    rows = [
        (line, one)
        for line, row in zip(table.index, table.to_dict("records"), strict=True)
        for one in each(row)
    ]
    return pd.DataFrame([row for _, row in rows], index=[line for line, _ in rows], columns=table.columns)


def _own_faults(path: Path, interventions: Scan, shared: pd.DataFrame, known: frozenset[str]) -> list[Fault]:
    """Faults of the numbers that interventions give of their own, but for those of their cells."""
    faults = []
    told = {fault.where.rpartition(".")[0] for fault in interventions.faults}
    for name in own_numbers(interventions.text.columns):
        if name not in set(shared["id"]):
            problem = f"columns {name}.* are of no number that parameters.csv has for {INTERVENTION}"
            remedy = f"Correct the id; there are {', '.join(shared['id'])}"
            faults.append(Fault(str(path), "row 1", problem, remedy))
            continue
        rows = own_rows(interventions.valid, name)
        rows = rows[[f"row {line}, column {name}" not in told for line in rows.index]]
        whole = rows[list(READINGS)].notna().all(axis=1) & (rows["status"] != "")
        found = [
            Fault(str(path), f"row {line}", "its own number is not complete", _COMPLETE)
            for line in rows.index[~whole]
        ]
        found += provenance_faults(path, rows[whole], known)
        faults += [replace(fault, where=f"{fault.where}, {name}") for fault in found]
    return faults


_COMPLETE = "Fill low, central, high and status, or leave all empty to use the row of parameters.csv"


def read_source_ids(path: Path | str) -> frozenset[str]:
    """Ids of all publications in the list of sources."""
    scan: Scan = scan_table(path, SOURCES)
    refuse(scan.faults)
    return frozenset(scan.valid["id"])


def provenance_faults(path: Path | str, rows: pd.DataFrame, source_ids: frozenset[str]) -> list[Fault]:
    """Faults in what rows say of how their numbers are known.

    Parameters
    ----------
    path
        File the rows are from, for the messages.
    rows
        Rows with the columns of `PROVENANCE`; the index is the line number.
    source_ids
        Ids that a source may have.
    """
    faults = []
    for line, row in rows.to_dict("index").items():
        where = f"row {line}"
        if not row["low"] <= row["central"] <= row["high"]:
            problem = f"low {row['low']}, central {row['central']}, high {row['high']} are out of order"
            faults.append(Fault(str(path), where, problem, "Give low <= central <= high"))
        for source in sorted(sources_of(row["source"]) - source_ids):
            problem = f"source {source!r} is not in sources.csv"
            faults.append(Fault(str(path), where, problem, "Add the publication there or correct the id"))
        if row["status"] == "published" and not (row["source"] and row["locator"]):
            problem = "a published number without source and locator"
            faults.append(
                Fault(str(path), where, problem, "Say where it is printed, or call it an assumption")
            )
        if row["status"] != "published" and not (row["source"] or row["note"]):
            problem = f"a number by {row['status']} with neither source nor note"
            faults.append(Fault(str(path), where, problem, "Say in the note why it is what it is"))
    return faults


def sources_of(cell: str) -> frozenset[str]:
    """Ids in a source cell; several are parted by ``;``."""
    return frozenset(part.strip() for part in cell.split(";") if part.strip())


OTHER_TABLES = (
    "effects.csv",
    "reach.csv",
    "activity/use_rates.csv",
    "activity/relative_use.csv",
)
"""Files of the inputs, beside parameters.csv, whose rows have a status."""

SWITCH_NOTES = ("A switch", "For tests of extremes")
DECISION_NOTES = ("A policy", "A decision", "A term of a contract", "A term of a portfolio")
TABLE_NOTES = ("Table of ages",)
"""How the notes of switches, of decisions and of tables that open stocks begin."""

SCENARIO_NOTE = "set by scenario"
"""Stands in the note of a number that is a level of a future."""

NOT_COUNTED = (
    "Switches, structural zeros, definitions, decisions, terms of contracts and portfolios, tables that open "
    "stocks and scenario levels are not counted"
)

MOST_NUMBERS = 450
"""Numbers of the world that parameters.csv and interventions.csv may hold together."""


def is_counted(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether each row is a number of the world that somebody has to know, so that it can be an assumption.

    Parameters
    ----------
    rows
        Columns ``low, central, high`` (numbers), ``status`` and ``note``.
    """
    same = rows["low"].astype(float) == rows["high"].astype(float)
    central = rows["central"].astype(float)
    structural = same & (central.isin([0.0, 1.0, -1.0]) | (rows["status"] == "derived"))
    chosen = rows["note"].str.startswith((*SWITCH_NOTES, *DECISION_NOTES, *TABLE_NOTES))
    return ~(structural | chosen | rows["note"].str.contains(SCENARIO_NOTE, regex=False))


def count_numbers(inputs: Path) -> int:
    """Return how many numbers of the world parameters.csv and interventions.csv hold.

    A row that speaks for a range is one number, and so is each number that an intervention has of its own;
    tables of use, effects and reach are not counted.
    """
    rows = pd.read_csv(inputs / "parameters.csv", keep_default_na=False)
    interventions = read_interventions(inputs / INTERVENTIONS_FILE)
    own = [own_rows(interventions, name) for name in own_numbers(interventions.columns)]
    return int(is_counted(pd.concat([rows, *own], ignore_index=True)).sum())


def count_assumptions(inputs: Path) -> tuple[int, int]:
    """Return how many of the model's numbers are assumptions, and how many numbers that is of."""
    others = [pd.read_csv(inputs / file, keep_default_na=False) for file in OTHER_TABLES]
    tables = [parameter_table(inputs), *others]
    counted = pd.concat([table.loc[is_counted(table), "status"] for table in tables])
    return int((counted == STATUSES[-1]).sum()), len(counted)

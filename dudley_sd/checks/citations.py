"""Citations of publications: numbers that cite none that is listed, and listed ones that none cites."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.parameters import SOURCES, sources_of
from dudley_sd.inputs.projection_choice import IMPORTED
from dudley_sd.inputs.tables import scan_table
from dudley_sd.inputs.toml_files import read_toml

LIST = "sources.csv"

DECIDING = {"portfolios": "decisions", "contracts": "terms", "footprints": "sizes"}
"""Folders whose files put constants to values, and the table in each that holds them."""


@dataclass(frozen=True)
class Citation:
    """One id of a source: file, row or key and column that hold it; whether its reader checks it already."""

    source: str
    file: Path
    place: str
    column: str
    checked: bool


def citation_faults(inputs: Path) -> list[Fault]:
    """Find sources that are cited but not listed, and sources that are listed but cited nowhere.

    Parameters
    ----------
    inputs
        Folder of inputs; every CSV in it with a column ``source`` cites, and so does every decision of a
        portfolio and every term of a contract that has a ``source``.

    Returns
    -------
    list of Fault
        Empty, too, where the list of sources cannot be read: its reader says why.
    """
    try:
        listed = scan_table(inputs / LIST, SOURCES).text["id"]
    except InputError:
        return []
    citations, complete = _citations(inputs)
    unknown = [found for found in citations if not found.checked and found.source not in set(listed)]
    faults = [_unknown(source, unknown) for source in dict.fromkeys((c.file, c.source) for c in unknown)]
    cited = {found.source for found in citations}
    if not complete:
        return faults
    return faults + [
        Fault(
            str(inputs / LIST),
            f"row {line}",
            f"source {source!r} is cited nowhere",
            "Cite it as the source of the numbers taken from it, or take the row out",
        )
        for line, source in listed.items()
        if source not in cited
    ]


def decision_faults(inputs: Path, kind: str, name: str) -> list[Fault]:
    """Find sources that one portfolio or contract cites and that are not listed.

    Parameters
    ----------
    inputs
        Folder of inputs.
    kind, name
        A folder of `DECIDING`, and the file in it without its ending.
    """
    listed = known_sources(inputs)
    cited = _of_decisions(inputs / kind / f"{name}.toml", DECIDING[kind])
    unknown = [found for found in cited if found.source not in listed]
    return [_unknown(place, unknown) for place in dict.fromkeys((c.file, c.source) for c in unknown)]


def known_sources(inputs: Path) -> frozenset[str]:
    """Ids of the list of sources as far as it can be read; where it cannot, all that are cited."""
    try:
        return frozenset(scan_table(inputs / LIST, SOURCES).text["id"])
    except InputError:
        return frozenset(found.source for found in _citations(inputs)[0])


def _unknown(place: tuple[Path, str], citations: list[Citation]) -> Fault:
    """One fault for a source and file, however many rows cite it."""
    file, source = place
    found = [each for each in citations if (each.file, each.source) == place]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    problem = f"source {source!r} is not in {LIST}"
    remedy = "Add the publication there or correct the id"
    return Fault(str(file), f"{found[0].place}{more}, {found[0].column} source", problem, remedy)


def _citations(inputs: Path) -> tuple[list[Citation], bool]:
    """All citations under the folder, and whether every file could be read."""
    found: list[Citation] = []
    complete = True
    for path in sorted([*inputs.rglob("*.csv"), *inputs.rglob("*.csv.gz")]):
        if path == inputs / LIST or inputs / IMPORTED in path.parents:  # these name their source in full
            continue
        try:
            found += _of_file(path)
        except (OSError, UnicodeDecodeError, csv.Error):
            complete = False
    for kind, key in DECIDING.items():
        for path in sorted((inputs / kind).glob("*.toml")):
            try:
                found += _of_decisions(path, key)
            except InputError:
                complete = False
    return found, complete


def _of_file(path: Path) -> Iterator[Citation]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        columns = [name for name in rows.fieldnames or () if name.rpartition(".")[2] == "source"]
        checked = any(name.rpartition(".")[2] == "status" for name in rows.fieldnames or ())
        start = rows.line_num + 1
        for row in rows:
            for source in sorted({each for name in columns for each in sources_of(row[name] or "")}):
                yield Citation(source, path, f"row {start}", "column", checked)
            start = rows.line_num + 1


def _of_decisions(path: Path, key: str) -> Iterator[Citation]:
    """Citations of the decisions in a TOML file; what is no decision is left to its reader."""
    decisions = read_toml(path).get(key)
    for lever, decision in decisions.items() if isinstance(decisions, dict) else ():
        source = decision.get("source") if isinstance(decision, dict) else None
        for each in sorted(sources_of(source)) if isinstance(source, str) else ():
            yield Citation(each, path, f"{key}.{lever}", "key", checked=False)

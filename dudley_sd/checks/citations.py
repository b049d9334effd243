"""Whether every number cites a publication that is listed, and every listed publication is cited."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.parameters import SOURCES, sources_of
from dudley_sd.inputs.tables import scan_table

LIST = "sources.csv"


@dataclass(frozen=True)
class Citation:
    """One id in a source column: where it stands, and whether the reader of that file checks it already."""

    source: str
    file: Path
    line: int
    checked: bool


def citation_faults(inputs: Path) -> list[Fault]:
    """Find sources that are cited but not listed, and sources that are listed but cited nowhere.

    Parameters
    ----------
    inputs
        Folder of inputs; every CSV in it with a column ``source`` cites.

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
            "Cite it in the column source of the numbers taken from it, or take the row out",
        )
        for line, source in listed.items()
        if source not in cited
    ]


def known_sources(inputs: Path) -> frozenset[str]:
    """Ids of the list of sources as far as it can be read; where it cannot, all that are cited."""
    try:
        return frozenset(scan_table(inputs / LIST, SOURCES).text["id"])
    except InputError:
        return frozenset(found.source for found in _citations(inputs)[0])


def _unknown(place: tuple[Path, str], citations: list[Citation]) -> Fault:
    """One fault for a source and file, however many rows cite it."""
    file, source = place
    lines = [found.line for found in citations if (found.file, found.source) == place]
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    problem = f"source {source!r} is not in {LIST}"
    remedy = "Add the publication there or correct the id"
    return Fault(str(file), f"row {lines[0]}{more}, column source", problem, remedy)


def _citations(inputs: Path) -> tuple[list[Citation], bool]:
    """All citations under the folder, and whether every file could be read."""
    found: list[Citation] = []
    complete = True
    for path in sorted(inputs.rglob("*.csv")):
        if path == inputs / LIST:
            continue
        try:
            found += _of_file(path)
        except (OSError, UnicodeDecodeError, csv.Error):
            complete = False
    return found, complete


def _of_file(path: Path) -> Iterator[Citation]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        if "source" not in (rows.fieldnames or ()):
            return
        checked = "status" in (rows.fieldnames or ())
        start = rows.line_num + 1
        for row in rows:
            for source in sorted(sources_of(row["source"] or "")):
                yield Citation(source, path, start, checked)
            start = rows.line_num + 1

"""Changes to official files, as people pass them on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.ons_files import (
    Rows,
    as_csv,
    make_up,
    nomis_rows,
    single_year_rows,
    table_of_ages,
    table_of_components,
    write_xlsx,
    write_zip,
)

PEOPLE = make_up(years=3)
SINGLE = PEOPLE["persons"]
FIRST = 7
NAME = "2018 SNPP Population persons.csv"
Change = Callable[[Rows], Any]


def z1_rows() -> Rows:
    return single_year_rows(SINGLE, "persons")


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def ages_as(word_of: Callable[[str], str]) -> Change:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            row[4] = word_of(row[4])

    return change


def keep(_: Rows) -> None:
    """Leave the rows as they are."""


def nomis(folder: Path, change: Change | None = None, columns: tuple[str, ...] = ()) -> Path:
    """Write a download, some columns of it when named."""
    rows = nomis_rows(PEOPLE, years=3)
    rows = [row[:-1] for row in rows if row[9] != 203]  # ages of ours, without RECORD_COUNT
    if columns:
        places = [rows[0].index(name) for name in columns]
        rows = [[row[place] for place in places] for row in rows]
    if change:
        change(rows)
    return write(folder, "nomis.csv", as_csv(rows))


FEW = ("GEOGRAPHY_CODE", "PROJECTED_YEAR_NAME", "GENDER", "C_AGE", "OBS_VALUE")


def book(change: Callable[[dict[str, Rows]], Any], **options: Any) -> Callable[[Path], Path]:
    """Return what writes Table 3 with something done to its sheets."""

    def make(folder: Path) -> Path:
        sheets = table_of_ages(PEOPLE, **options)
        change(sheets)
        return write_xlsx(folder / "table3.xlsx", sheets)

    return make


def text(change: Change, name: str = NAME, delimiter: str = ",") -> Callable[[Path], Path]:
    """Return what writes Z1 with something done to its rows."""

    def make(folder: Path) -> Path:
        rows = z1_rows()
        change(rows)
        return write(folder, name, as_csv(rows, delimiter))

    return make


def download(change: Change | None = None, columns: tuple[str, ...] = ()) -> Callable[[Path], Path]:
    return lambda folder: nomis(folder, change, columns)


def content(name: str, what: bytes | Callable[[], bytes]) -> Callable[[Path], Path]:
    return lambda folder: write(folder, name, what if isinstance(what, bytes) else what())


def archive(members: Mapping[str, bytes]) -> Callable[[Path], Path]:
    return lambda folder: write_zip(folder / "z1.zip", members)


def components(change: Change) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        sheets = table_of_components(years=4)
        change(sheets["Persons"])
        return write_xlsx(folder / "table5.xlsx", sheets)

    return make

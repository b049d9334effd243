"""CSV tables read by a schema: every fault with its row, column and remedy, in one error."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from sdcompile.cache import find, key_of, remember
from sdcompile.digests import code_digest, file_digest
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.folders import PACKAGE
from dudley_sd.inputs.bounded_files import refuse_no_file, where_is


def number_column(
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    whole: bool = False,
    nullable: bool = False,
    remedy: str | None = None,
) -> pa.Column:
    """Return a schema column of finite numbers, whole or not, within inclusive limits."""
    checks = [pa.Check(np.isfinite, error="is not finite", ignore_na=True)]
    if minimum is not None:
        checks.append(pa.Check.ge(minimum, error="is negative" if minimum == 0 else f"is below {minimum:g}"))
    if maximum is not None:
        checks.append(pa.Check.le(maximum, error=f"is above {maximum:g}"))
    kind = ("Int64" if nullable else int) if whole else float
    return pa.Column(kind, checks, nullable=nullable, coerce=True, metadata=_remedy(remedy))


def text_column(
    choices: Iterable[str] | None = None, *, empty: bool = False, remedy: str | None = None
) -> pa.Column:
    """Return a schema column of text, one of `choices` if given; without text only if `empty`."""
    checks = [] if empty else [pa.Check.str_length(min_value=1, error="is empty")]
    if choices is not None:
        known = list(choices)
        listed = ", ".join(name for name in known if name)
        checks = [pa.Check.isin(known, error=f"is not known; known are {listed}")]
    return pa.Column(str, checks, metadata=_remedy(remedy))


def _remedy(remedy: str | None) -> dict[str, str] | None:
    return None if remedy is None else {"remedy": remedy}


NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
WHOLE_NUMBER = r"[+-]?[0-9]{1,18}"


@dataclass(frozen=True)
class Scan:
    """What a file holds and what is wrong with it.

    Attributes
    ----------
    text
        Every row as text, index = line number in the file (the header is line 1).
    valid
        The rows without a fault, typed by the schema, same index.
    faults
        Everything wrong, in the order of the file.
    """

    text: pd.DataFrame
    valid: pd.DataFrame
    faults: tuple[Fault, ...]


def read_table(path: Path | str, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a CSV file and return its rows, typed and checked.

    Parameters
    ----------
    path
        UTF-8 CSV with one header line.
    schema
        The columns that must be there, no more and no fewer, with their types and checks. ``schema.unique``
        names the key. A check's ``error`` completes the sentence "value 'x' ..."; a column's
        ``metadata={"remedy": "..."}`` says what to do; both have a plain default.

    Returns
    -------
    pd.DataFrame
        The columns of the schema in its order; the index is the line number in the file.

    Raises
    ------
    InputError
        All faults at once: file missing, empty or not UTF-8, columns missing or unknown, rows too long or too
        short, text where a number belongs, a failed check, two rows with the same key.

    Examples
    --------
    >>> schema = pa.DataFrameSchema({"age": text_column(), "value": number_column(minimum=0)}, unique=["age"])
    >>> read_table("inputs/example.csv", schema)  # doctest: +SKIP
    """
    scan = scan_table(path, schema)
    refuse(scan.faults)
    return scan.valid


def scan_table(
    path: Path | str,
    schema: pa.DataFrameSchema,
    only: Callable[[pd.DataFrame], pd.Series[bool]] | None = None,
) -> Scan:
    """Read a CSV file and return its rows and its faults, so that a reader can add its own before raising.

    Parameters
    ----------
    path, schema
        As for `read_table`.
    only
        Which of the rows, given as text, to look at; all when not given.

    Raises
    ------
    InputError
        Only where no rows can be looked at: the file or a column is missing, or it is not UTF-8.
    """
    path = Path(path)
    if only is not None or not path.is_file():
        return _scan(path, schema, only)
    key = (str(path), path.read_bytes(), id(schema))
    known = _SCANNED.get(key)
    if known is None:
        if len(_SCANNED) >= SCANS_KEPT:
            _SCANNED.clear()
        known = _SCANNED[key] = (_scan(path, schema, None), schema)
    return Scan(known[0].text.copy(), known[0].valid.copy(), known[0].faults)


SOUND = "sound"
"""Kind of entry in the cache: a table of this content has no fault by this schema and this code."""

SCANS_KEPT = 64
_SCANNED: dict[tuple[str, bytes, int], tuple[Scan, pa.DataFrameSchema]] = {}
"""Tables looked at before, by content: every footprint reads the same ones. The schema is kept for its id."""


def _scan(
    path: Path, schema: pa.DataFrameSchema, only: Callable[[pd.DataFrame], pd.Series[bool]] | None
) -> Scan:
    text, faults = _read_text(path, list(schema.columns))
    key = key_of(code_digest(PACKAGE / "inputs"), _fingerprint(schema), file_digest(path))
    if only is None and find(SOUND, key) is not None:  # looked at before: pandera takes a while to start
        return Scan(text, _rows(text, schema), ())
    text = text if only is None else text[only(text)]
    sound = None if faults else _without_fault(text, schema)
    if sound is not None:
        if only is None:
            with suppress(OSError):
                remember(SOUND, key, lambda folder: (folder / SOUND).touch())
        return Scan(text, sound, ())
    cells = {name: _cell_faults(path, text[name], name, column) for name, column in schema.columns.items()}
    faulty = {line for found in cells.values() for line in found}
    faults += [found[line] for line in sorted(faulty) for found in cells.values() if line in found]
    faults += _key_faults(path, text, list(schema.unique or []))
    sound = text.drop(index=list(faulty))
    valid = _rows(sound, schema)
    if not faults:
        faults = _table_faults(path, valid, schema)
    return Scan(text, valid, tuple(faults))


def _without_fault(text: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame | None:
    """Look at all columns in one go; None where that finds a fault, which is then told cell by cell."""
    if not all(_readable(text[name], column).all() for name, column in schema.columns.items()):
        return None
    rows = _rows(text, schema)
    return None if _failures(rows, schema) else rows


def _rows(text: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Rows of text, typed by the schema."""
    return pd.DataFrame({name: _typed(text[name], column) for name, column in schema.columns.items()})


def _fingerprint(schema: pa.DataFrameSchema) -> str:
    """Text of all that a schema asks for; its own leaves out the checks of columns."""
    checks = {
        name: [(check.name, check.statistics, check.error) for check in column.checks]
        for name, column in schema.columns.items()
    }
    return f"{schema!r} {checks!r}"


def _read_text(path: Path, columns: list[str]) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows as text, index = line number; raises where there is nothing to look at."""
    lines = _lines(path)
    header = lines[0][1]
    for delimiter, name in {";": "semicolons", "\t": "tabs"}.items():
        if len(header) == 1 and len(header[0].split(delimiter)) == len(columns):
            problem = f"its columns are separated by {name}"
            remedy = "Save it as 'CSV UTF-8 (comma delimited)', with decimal points"
            raise InputError([Fault(str(path), "row 1", problem, remedy)])
    faults = _column_faults(path, header, columns)
    if set(columns) - set(header) or len(set(header)) < len(header):
        raise InputError(faults)
    rows = [(number, row) for number, row in lines[1:] if row]
    for number, row in rows:
        if len(row) != len(header):
            problem = f"{len(row)} cells where the header has {len(header)}"
            faults.append(
                Fault(str(path), f"row {number}", problem, "Quote text that holds a comma; fill every cell")
            )
    whole = [(number, row) for number, row in rows if len(row) == len(header)]
    table = pd.DataFrame(
        [row for _, row in whole], columns=header, index=[number for number, _ in whole], dtype=str
    )
    return table[columns].apply(lambda column: column.str.strip()), faults


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Every record with the number of its first line; the header first."""
    refuse_no_file(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            lines, start = [], 1
            for row in reader:
                lines.append((start, row))
                start = reader.line_num + 1
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", where_is(path))]) from None
    except UnicodeDecodeError:
        with path.open("rb") as file:
            if file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
                remedy = "Save it as 'CSV UTF-8'; a table of ONS is imported with dudley-sd ons FILE"
                raise InputError([Fault(str(path), "", "is a workbook, not CSV", remedy)]) from None
        where, problem = _undecoded(path.read_bytes())
        raise InputError([Fault(str(path), where, problem, "Save it as 'CSV UTF-8'")]) from None
    except csv.Error as error:
        problem = f"not readable as CSV: {error}"
        raise InputError([Fault(str(path), f"row {start}", problem, "Look for an unclosed quote")]) from None
    if not lines:
        raise InputError([Fault(str(path), "", "the file is empty", "Restore it from its source")])
    return lines


def _undecoded(content: bytes) -> tuple[str, str]:
    """Where the first bytes stand that are not UTF-8, and what they are."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        rows, start = [], 1
        reader = csv.reader(io.StringIO(before + "?", newline=""))
        with suppress(csv.Error):
            for row in reader:
                rows.append((start, row))
                start = reader.line_num + 1
        line, cells = rows[-1] if rows else (1, [""])
        header = rows[0][1] if rows else []
        column = f", column {header[len(cells) - 1]}" if line > 1 and len(cells) <= len(header) else ""
        after = cells[-1].removesuffix("?")[-AFTER:]
        return f"row {line}{column}", f"not UTF-8 text after {after!r} (byte {error.start})"
    return "", "not UTF-8 text"


AFTER = 30
"""Letters before what is not text that a message shows."""


def _column_faults(path: Path, header: list[str], columns: list[str]) -> list[Fault]:
    problems = [
        (name, "is missing", f"Add it; the columns are {', '.join(columns)}")
        for name in columns
        if name not in header
    ]
    problems += [
        (name, "is not expected", f"Take it out or correct its name; the columns are {', '.join(columns)}")
        for name in dict.fromkeys(header)
        if name not in columns
    ]
    problems += [
        (name, "appears twice", "Keep one of them")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    return [Fault(str(path), "row 1", f"column {name} {what}", remedy) for name, what, remedy in problems]


def _cell_faults(path: Path, text: pd.Series[str], name: str, column: pa.Column) -> dict[int, Fault]:
    """At most one fault a cell, by line: no number where one belongs, or the first failed check."""
    good = _readable(text, column)
    wanted = "whole number" if pd.api.types.is_integer_dtype(str(column.dtype)) else "number"
    problems = {
        int(line): f"value {value!r} is not a {wanted}" if value else f"empty where a {wanted} belongs"
        for line, value in zip(text.index[~good], text[~good], strict=True)
    }
    typed = _typed(text[good], column).to_frame(name)
    for line, check in _failures(typed, pa.DataFrameSchema({name: column})):
        if line is not None:
            problems.setdefault(line, f"value {text.loc[line]!r} {check}")
    remedy = str((column.metadata or {}).get("remedy", "Correct it from the file's source"))
    return {
        line: Fault(str(path), f"row {line}, column {name}", problem, remedy)
        for line, problem in problems.items()
    }


def _readable(text: pd.Series[str], column: pa.Column) -> pd.Series[bool]:
    """Which cells hold what the type of their column can hold; empty only where the column is nullable."""
    if not pd.api.types.is_numeric_dtype(str(column.dtype)):
        return pd.Series(True, index=text.index)
    whole = pd.api.types.is_integer_dtype(str(column.dtype))
    return text.str.fullmatch(WHOLE_NUMBER if whole else NUMBER) | ((text == "") & column.nullable)


def _typed(text: pd.Series[str], column: pa.Column) -> pd.Series[Any]:
    if not pd.api.types.is_numeric_dtype(str(column.dtype)):
        return text
    number = int if pd.api.types.is_integer_dtype(str(column.dtype)) else float
    values = [number(value) if value else None for value in text]
    kind: Any = str(column.dtype)
    return pd.Series(values, index=text.index, dtype=kind)


def _failures(rows: pd.DataFrame, schema: pa.DataFrameSchema) -> list[tuple[int | None, str]]:
    """Pandera's failures, each line and check once; the line is None where a check is not about lines."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # from pandas, inside pandera's report
            schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.drop_duplicates(["index", "check"]).to_dict("records")
        return [
            (None if pd.isna(case["index"]) else int(case["index"]), str(case["check"])) for case in cases
        ]
    return []


def _table_faults(path: Path, rows: pd.DataFrame, schema: pa.DataFrameSchema) -> list[Fault]:
    """Failed checks of the schema that look at more than one column."""
    remedy = "Correct it from the file's source"
    return [
        Fault(str(path), "" if line is None else f"row {line}", check, remedy)
        for line, check in _failures(rows, schema)
    ]


def _key_faults(path: Path, text: pd.DataFrame, key: list[str]) -> list[Fault]:
    """Rows that share a key, one fault for each key."""
    if not key:
        return []
    shared = text[text.duplicated(key, keep=False)]
    return [
        Fault(
            str(path),
            f"rows {', '.join(str(line) for line in rows.index)}",
            f"the same {', '.join(f'{name} {value!r}' for name, value in rows[key].iloc[0].items())}",
            "Keep one row for each",
        )
        for _, rows in shared.groupby(key, sort=False)
    ]

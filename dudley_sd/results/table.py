"""Table: title, notes, heads and rows, from which every file and page makes its own form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sdcompile.scratch import atomic_file

DIGITS = "%.10g"
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""

Content = str | float | int | None


@dataclass(frozen=True)
class Table:
    """A table as readers see it: a sheet of a workbook, a CSV file, or a table of a page.

    Attributes
    ----------
    name
        On the tab of its sheet, and of its file.
    title, notes
        What stands above it.
    heads, rows
        Of the table; numbers as the model gave them where a workbook formats them, text in a page.
    lead
        How many columns at the left tell the rows apart: they stay in sight.
    forms
        How Excel writes the numbers of each row, or each of its cells; plainly if not given.
    widths
        Of the columns, in characters; as their text asks for if not given.
    bold_columns, bold_rows
        Places of those in bold, counted from 0.
    block
        Column at whose every new content a line is drawn.
    wraps
        Whether long text is broken into lines.
    below
        A second table on the same sheet, its title as a heading.
    """

    name: str
    title: str
    notes: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Content]]
    lead: int = 0
    forms: Sequence[str | Sequence[str]] = ()
    widths: Sequence[float] = ()
    bold_columns: Sequence[int] = ()
    bold_rows: frozenset[int] = frozenset()
    block: int | None = None
    wraps: bool = False
    below: Table | None = None


def frame_table(name: str, note: str, frame: pd.DataFrame) -> Table:
    """Make a table of a data frame: its columns as heads, nothing where there is no number."""
    rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False)]
    return Table(name, name, [note], [str(head) for head in frame.columns], rows)


def _plain(value: Any) -> Any:
    """Return a number as Excel takes it, yes and no as its own TRUE and FALSE; None for no content."""
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value


def csv_text(table: Table) -> str:
    """Return a table as CSV in which no text is a formula to a spreadsheet that opens it.

    An apostrophe goes before text that begins with a sign for a formula, and is no number. A workbook needs
    none: there text is marked as text, see `dudley_sd.results.excel.put`.
    """
    frame = pd.DataFrame([*table.rows], columns=[_harmless(head) for head in table.heads], dtype=object)
    frame = frame.map(_harmless)
    return str(frame.infer_objects().to_csv(index=False, float_format=DIGITS, lineterminator="\n"))


def _harmless(content: Any) -> Any:
    if not isinstance(content, str) or not content.lstrip().startswith(FORMULA):
        return content
    try:
        float(content)
    except ValueError:
        return f"'{content}"
    return content


def write_frame(frame: pd.DataFrame, path: Path | str) -> Path:
    """Write a data frame as CSV for other programs, whole or not at all."""
    with atomic_file(path) as scratch:
        frame.to_csv(scratch, index=False, float_format=DIGITS, encoding="utf-8", lineterminator="\n")
    return Path(path)

"""Table: title, notes, heads and rows, from which every file and page makes its own form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.scratch import atomic_file

from dudley_sd.indicators import indicators, is_share
from dudley_sd.text import Numbered

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


def page_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]], lead: int = 1) -> Table:
    """Return a table of a page: its caption, and at the left the columns that name the rows."""
    return Table("", caption, (), heads, rows, lead)


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


UNITS = {
    "Dmnl": "ratio",
    "Person": "people",
    "Person/Year": "people a year",
    "Activity": "pathways",
    "Activity/Year": "a year",
    "WTE": "WTE",
    "Person*Day/Year": "bed days a year",
    "MillionPound": "£ million",
    "MillionPound/Year": "£ million a year",
    "Bed": "beds",
    "Bed/Year": "beds a year",
    "Activity/(Thousand*Year)": "per 1,000 a year",
    "Person/(Thousand*Year)": "per 1,000 a year",
    "WTE/Year": "WTE a year",
    "GP": "GPs, heads",
    "GP/Year": "GPs, heads a year",
    "Year": "years",
    "1/Year": "share a year",
    "WTE/TenThousand": "WTE per 10,000 patients",
}
"""Units of the model file in a reader's words; one not listed is shown as the model has it."""


def unit_words(unit: str, *, share: bool = False) -> str:
    """Return what readers call a unit; ``share`` tells a part of a whole from other ratios."""
    return "% of whole" if share and unit == "Dmnl" else UNITS.get(unit, unit)


def year_text(results: xr.Dataset) -> list[str]:
    """Return the years as table headings, with an asterisk where the projection does not reach."""
    beyond = results["extrapolated"].to_numpy()
    return [
        f"{year}*" if starred else str(year)
        for year, starred in zip(results["year"].to_numpy(), beyond, strict=True)
    ]


BETTER, WORSE = "[Color10]", "[Red]"
"""Green and red, as `dudley_sd.results.colours` has them."""

SHARE_CHANGE = "+0%;-0%;0%"
SHARE = "0%;-0%;0%"
SIGNED_TENTHS = "+#,##0.0;-#,##0.0;0.0"
SIGNED_WHOLE = "+#,##0;-#,##0;0"
SIGNED_MILLIONS = '+"£"#,##0.0"m";-"£"#,##0.0"m";"£"0"m"'


def judged(
    indicator: Numbered,
    better: str,
    number: str,
    *,
    after: str = "",
    below: str = "",
    zero: str | None = None,
) -> str:
    """Format of a number whose sign has a word: worse is red, better is green.

    Parameters
    ----------
    indicator, better
        Words of the sign, and which way is better.
    number, after
        Format of the number itself, and what stands between it and the word.
    below
        Word below zero, if not the indicator's own.
    zero
        Format of nothing; that of the number if not given.
    """
    high, low = (WORSE, BETTER) if better == "low" else (BETTER, WORSE)
    words = [f'"{after} {word}"' for word in (indicator.above, below or indicator.below)]
    return f"{high}{number}{words[0]};{low}{number}{words[1]};{number if zero is None else zero}"


def number_format(name: str, unit: str) -> str:
    """How Excel writes a variable: as precisely as its size deserves."""
    row = indicators().get(name)
    if row is not None and row.above:
        money = unit.startswith("MillionPound")
        number, zero = ('"£"#,##0.0"m"', '"£0m"') if money else ("#,##0.0", "0.0")
        return judged(row, "high" if money else row.better, number, below=row.below_in_full, zero=zero)
    if name.startswith("departure_"):
        return "+#,##0.0;-#,##0.0;0"
    if is_share(name):
        return "0.0%"
    if unit in ("Person", "Person/Year", "Activity", "Activity/Year", "Person*Day/Year", "Bed"):
        return "#,##0"
    if unit.startswith(("WTE", "GP", "MillionPound")) or unit.endswith("(Thousand*Year)"):
        return "#,##0.0"
    return "0.000"


def difference_format(number: str) -> str:
    """How Excel writes a difference, by how the number itself is written."""
    return SIGNED_WHOLE if "#,##0.0" not in number and "%" not in number else SIGNED_TENTHS

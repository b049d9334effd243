"""The comparison as an Excel workbook: one sheet for each view, numbers as the model gave them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from sdcompile.scratch import atomic_file

from dudley_sd.results.band import HIGH, LOW, MEDIANS_OF_DIFFERENCES, STATISTIC_WORDS
from dudley_sd.results.comparison import CLAIMED, REVIEW_POINTS, START, Comparison
from dudley_sd.results.comparison_meaning import rests_on_claims
from dudley_sd.results.comparison_words import BY_KEY, caveats, title, year_head
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.results.looks import EXCEL_BETTER, EXCEL_WORSE
from dudley_sd.results.measures import Measure
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.results.workbook_cells import (
    PLAIN,
    put,
    put_header,
    put_title,
    put_words,
    rule_above,
    save,
    set_for_print,
    set_widths,
)
from dudley_sd.text import POINTS

LEAD = ("Area", "Portfolio", "Contract", "Scenario", "Measure", "Unit")
WIDTHS = (38, 26, 20, 24, 34, 12)
OPTION_LEAD = ("Area", "Measure", "Portfolio", "Contract", "Unit of regret")
VALUES = ("Value", "Best value")
YEAR_WIDTH = 14
YEARS = (START, *REVIEW_POINTS)
VIEWS = {
    "Absolute": ("value", "Numbers in the years of review."),
    "Per 1,000 people": ("per_1000", "For each 1,000 people of that year; sizes only."),
    "Change since 2018": ("change_since_2018", f"Difference from mid-2018; shares in {POINTS}."),
    f"Against {DO_NOTHING}": (
        "from_do_nothing",
        "Difference from do nothing (no portfolio, contract as now): same area, future and year; shares in "
        f"{POINTS}.",
    ),
    "From Official Future": (
        "from_official_future",
        f"Difference from Official Future: same area, portfolio, contract and year; shares in {POINTS}.",
    ),
}
"""Sheets, the column of the table that each shows, and what it says."""


def write_comparison_xlsx(comparison: Comparison, path: Path | str) -> Path:
    """Write the workbook, whole or not at all.

    Sheets: Read me, Regret and Least at worst where there are two options or more, one for each of `VIEWS`
    and, where numbers are medians, 8 in 10 runs, with a filter on every column.
    """
    book = Workbook()
    book.remove(book.active)
    _read_me(book, comparison)
    if not comparison.worst.empty:
        _worst(book, comparison)
        _regret(book, comparison)
    for sheet, (column, note) in VIEWS.items():
        shown = comparison.table.dropna(subset=column)
        if not shown.empty:
            _view(book, comparison, sheet, column, note, shown)
    if comparison.members:
        _band(book, comparison)
    book.properties.title = title(comparison)
    book.properties.creator = "dudley_sd"
    with atomic_file(path) as scratch:
        save(book, scratch)
    return Path(path)


def _read_me(book: Workbook, comparison: Comparison) -> None:
    sheet = book.create_sheet("Read me")
    widths = (26, 110)
    row = put_title(sheet, title(comparison))
    rows = [("What this is", "Areas, futures, portfolios and contracts side by side, from dudley_sd.")]
    rows += [("Keep in mind" if not place else "", text) for place, text in enumerate(caveats(comparison))]
    rows += [("Make it again", comparison.command)]
    rows += [(f"{each.kind}: {each.name}", each.text) for each in comparison.meanings]
    put_words(sheet, row, rows, widths)
    set_widths(sheet, widths)
    set_for_print(sheet)


def _view(
    book: Workbook, comparison: Comparison, name: str, column: str, note: str, table: pd.DataFrame
) -> None:
    sheet = book.create_sheet(name)
    if comparison.members and column not in ("value", "per_1000"):
        note = f"{note} {MEDIANS_OF_DIFFERENCES}"
    header = put_title(sheet, f"{name}: {title(comparison)}", [note, *caveats(comparison)[:2]])
    put_header(sheet, header, [*LEAD, *(year_head(comparison, year) for year in YEARS)], len(LEAD))
    wide = table.pivot_table(
        index=["footprint", "portfolio", "contract", "scenario", "measure"],
        columns="year",
        values=column,
        sort=False,
        dropna=False,
    ).dropna(how="all")
    row, before = header, None
    for keys, values in zip(wide.index, wide.reindex(columns=list(YEARS)).to_numpy(), strict=True):
        row += 1
        measure = BY_KEY[keys[4]]
        for place, text in enumerate([*_names(comparison, keys), measure.title, _unit(measure, column)], 1):
            put(sheet, row, place, text)
        for place, value in enumerate(values, len(LEAD) + 1):
            cell = put(sheet, row, place, _scaled(measure, float(value), column), PLAIN)
            cell.number_format = _format(measure, column)
        if before not in (None, keys[0]):
            rule_above(sheet, row, len(LEAD) + len(YEARS))
        before = keys[0]
    set_widths(sheet, [*WIDTHS, *[YEAR_WIDTH] * len(YEARS)])
    sheet.freeze_panes = sheet.cell(header + 1, len(LEAD) + 1)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(LEAD) + len(YEARS))}{row}"
    set_for_print(sheet, header)


def _band(book: Workbook, comparison: Comparison) -> None:
    """Median, ends of 8 in 10 runs and single run of every number, and of its difference from do nothing."""
    keys = ["footprint", "portfolio", "contract", "scenario", "measure", "year"]
    columns = {"value": "", "from_do_nothing": f"difference from {DO_NOTHING}, "}
    wide = comparison.statistics.pivot_table(
        index=keys, columns="statistic", values=list(columns), sort=False, dropna=False
    )
    heads = [f"{what}{words}" for what in columns.values() for words in STATISTIC_WORDS.values()]
    sheet = book.create_sheet("8 in 10 runs")
    header = put_title(
        sheet, f"8 in 10 runs: {title(comparison)}", [MEDIANS_OF_DIFFERENCES, *caveats(comparison)[:2]]
    )
    lead = [*LEAD, "Year"]
    put_header(sheet, header, [*lead, *(each[0].upper() + each[1:] for each in heads)], len(lead))
    order = [(column, statistic) for column in columns for statistic in STATISTIC_WORDS]
    for row, (at, values) in enumerate(
        zip(wide.index, wide.reindex(columns=order).to_numpy(), strict=True), header + 1
    ):
        measure = BY_KEY[at[4]]
        texts = [
            *_names(comparison, at),
            measure.title,
            _unit(measure, "value"),
            year_head(comparison, at[5]),
        ]
        for place, text in enumerate(texts, 1):
            put(sheet, row, place, text)
        for place, ((column, _), value) in enumerate(zip(order, values, strict=True), len(lead) + 1):
            cell = put(sheet, row, place, _scaled(measure, float(value), column))
            cell.number_format = _format(measure, column)
    set_widths(sheet, [*WIDTHS, 8, *[YEAR_WIDTH] * len(heads)])
    sheet.freeze_panes = sheet.cell(header + 1, len(lead) + 1)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(lead) + len(heads))}{header + len(wide)}"
    set_for_print(sheet, header)


def _worst(book: Workbook, comparison: Comparison) -> None:
    notes = [
        "Largest distance over all scenarios from the best portfolio in the same scenario; the least of "
        "these is the choice by minimax regret.",
        *_run_by_run(comparison),
    ]
    heads = (
        "Area",
        "Measure",
        "Portfolio",
        "Contract",
        "Unit of regret",
        "Largest regret",
        "In scenario",
        "Least at worst",
        *_ends_heads(comparison),
    )
    rows = [
        (
            *_place(comparison, row),
            _scaled(BY_KEY[row["measure"]], row["regret"], "value"),
            comparison.titles["scenario"][row["scenario"]] if row["regret"] else "",
            "least" if row["least_at_worst"] else "",
            *_ends(comparison, row),
        )
        for _, row in comparison.worst.iterrows()
    ]
    _listed(book, "Least at worst", comparison, notes, heads, rows, list(comparison.worst["measure"]))


def _regret(book: Workbook, comparison: Comparison) -> None:
    notes = [
        f"Distance in {REVIEW_POINTS[-1]} from the best portfolio in the same scenario, never below nothing.",
        *_run_by_run(comparison),
    ]
    heads = (*OPTION_LEAD, "Regret", "Scenario", *VALUES, *_ends_heads(comparison))
    rows: list[tuple[str | float, ...]] = []
    for _, row in comparison.regret.iterrows():
        measure = BY_KEY[row["measure"]]
        value, best, regret = (_scaled(measure, row[key], "value") for key in ("value", "best", "regret"))
        scenario = comparison.titles["scenario"][row["scenario"]]
        rows.append((*_place(comparison, row), regret, scenario, value, best, *_ends(comparison, row)))
    _listed(book, "Regret", comparison, notes, heads, rows, list(comparison.regret["measure"]))


def _run_by_run(comparison: Comparison) -> list[str]:
    return [RUN_BY_RUN] if comparison.members else []


def _ends_heads(comparison: Comparison) -> list[str]:
    return [f"Regret, {STATISTIC_WORDS[end]}" for end in (LOW, HIGH)] if comparison.members else []


def _ends(comparison: Comparison, row: pd.Series) -> list[float]:
    measure = BY_KEY[row["measure"]]
    return [_scaled(measure, row[end], "value") for end in ENDS] if comparison.members else []


def _place(comparison: Comparison, row: pd.Series) -> tuple[str, str, str, str, str]:
    measure = BY_KEY[row["measure"]]
    titles = comparison.titles
    return (
        titles["footprint"][row["footprint"]],
        measure.title,
        titles["portfolio"][row["portfolio"]] + (CLAIMED if rests_on_claims(row["portfolio"]) else ""),
        titles["contract"][row["contract"]],
        _unit(measure, "change_since_2018"),
    )


def _listed(
    book: Workbook,
    name: str,
    comparison: Comparison,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[str | float]],
    measures: Sequence[str],
) -> None:
    """Write one row below another, numbers in the form of their measure."""
    sheet = book.create_sheet(name)
    header = put_title(sheet, f"{name}: {title(comparison)}", [*notes, *caveats(comparison)[:2]])
    put_header(sheet, header, heads)
    for row, (cells, key) in enumerate(zip(rows, measures, strict=True), header + 1):
        for place, content in enumerate(cells, 1):
            cell = put(sheet, row, place, content)
            if not isinstance(content, str):
                column = "value" if heads[place - 1] in VALUES else "regret"
                cell.number_format = _format(BY_KEY[key], column)
    set_widths(sheet, (38, 34, 26, 20, 12, 16, 24, 16, 16, 16, 16)[: len(heads)])
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(heads))}{header + len(rows)}"
    set_for_print(sheet, header)


def _names(comparison: Comparison, keys: Sequence[str]) -> list[str]:
    kinds = ("footprint", "portfolio", "contract", "scenario")
    return [comparison.titles[kind][key] for kind, key in zip(kinds, keys, strict=False)]


def _unit(measure: Measure, column: str) -> str:
    if measure.unit == "£m":
        return "£" if column == "per_1000" else "£ million"
    return POINTS if measure.unit == "%" and column not in ("value", "per_1000") else measure.unit


def _scaled(measure: Measure, value: float, column: str) -> float:
    """Millions of pounds, per cent; per 1,000 people as it is."""
    return value if column == "per_1000" else value / measure.scale


def _format(measure: Measure, column: str) -> str:
    """Excel's form of a number; differences carry their sign."""
    plain = "#,##0.00" if column == "per_1000" else "#,##0.0" if measure.unit in ("%", "£m") else "#,##0"
    if column == "per_1000" and measure.unit == "£m":
        plain = "#,##0"
    if column in ("value", "per_1000") and measure.above:
        above, below = measure.above, measure.below
        low, high = (EXCEL_BETTER, EXCEL_WORSE) if measure.better == "low" else (EXCEL_WORSE, EXCEL_BETTER)
        return f'{high}{plain}" {above}";{low}{plain}" {below}";{plain}'
    return plain if column in ("value", "per_1000", "regret") else f"+{plain};-{plain};{plain}"

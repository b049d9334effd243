"""Excel workbook of a comparison: one sheet for each view, numbers as the model gave them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dudley_sd.indicators import COMPARED, Indicator
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.band import HIGH, LOW, MEDIANS_OF_DIFFERENCES, STATISTIC_WORDS
from dudley_sd.results.comparison import Comparison
from dudley_sd.results.comparison_text import caveats, title, year_head
from dudley_sd.results.do_nothing import DO_NOTHING
from dudley_sd.results.excel import GENERAL, save_workbook, workbook
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.results.table import BETTER, WORSE, Content, Table
from dudley_sd.text import POINTS

LEAD = ("Area", "Portfolio", "Contract", "Scenario", "Measure", "Unit")
WIDTHS = (38, 26, 20, 24, 34, 12)
OPTION_LEAD = ("Area", "Measure", "Portfolio", "Contract", "Unit of regret")
VALUES = ("Value", "Best value")
YEAR_WIDTH = 14
YEARS = (PROJECTED, *REVIEW_POINTS)
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
    tables = []
    if not comparison.worst.empty:
        tables += [_worst(comparison), _regret(comparison)]
    for sheet, (column, note) in VIEWS.items():
        shown = comparison.table.dropna(subset=column)
        if not shown.empty:
            tables.append(_view(comparison, sheet, column, note, shown))
    if comparison.members:
        tables.append(_band(comparison))
    rows = [("What this is", "Areas, futures, portfolios and contracts side by side, from dudley_sd.")]
    rows += [("Keep in mind" if not place else "", text) for place, text in enumerate(caveats(comparison))]
    rows += [("Make it again", comparison.command)]
    rows += [(f"{each.kind}: {each.name}", each.text) for each in comparison.meanings]
    return save_workbook(workbook(title(comparison), rows, tables), path)


def _view(comparison: Comparison, name: str, column: str, note: str, table: pd.DataFrame) -> Table:
    if comparison.members and column not in ("value", "per_1000"):
        note = f"{note} {MEDIANS_OF_DIFFERENCES}"
    wide = table.pivot_table(
        index=["footprint", "portfolio", "contract", "scenario", "measure"],
        columns="year",
        values=column,
        sort=False,
        dropna=False,
    ).dropna(how="all")
    measures = [COMPARED[keys[4]] for keys in wide.index]
    numbers = wide.reindex(columns=list(YEARS)).to_numpy()
    return Table(
        name,
        f"{name}: {title(comparison)}",
        [note, *caveats(comparison)[:2]],
        [*LEAD, *(year_head(comparison, year) for year in YEARS)],
        [
            [
                *(*_names(comparison, keys), measure.title, _unit(measure, column)),
                *(_scaled(measure, float(value), column) for value in values),
            ]
            for keys, measure, values in zip(wide.index, measures, numbers, strict=True)
        ],
        lead=len(LEAD),
        forms=[_format(measure, column) for measure in measures],
        widths=[*WIDTHS, *[YEAR_WIDTH] * len(YEARS)],
        block=0,
    )


def _band(comparison: Comparison) -> Table:
    """Median, ends of 8 in 10 runs and single run of every number, and of its difference from do nothing."""
    keys = ["footprint", "portfolio", "contract", "scenario", "measure", "year"]
    columns = {"value": "", "from_do_nothing": f"difference from {DO_NOTHING}, "}
    order = [(column, statistic) for column in columns for statistic in STATISTIC_WORDS]
    wide = comparison.statistics.pivot_table(
        index=keys, columns="statistic", values=list(columns), sort=False, dropna=False
    ).reindex(columns=order)
    heads = [f"{what}{words}" for what in columns.values() for words in STATISTIC_WORDS.values()]
    lead = [*LEAD, "Year"]
    rows: list[list[Content]] = []
    forms = []
    for at, values in zip(wide.index, wide.to_numpy(), strict=True):
        measure, year = COMPARED[at[4]], year_head(comparison, at[5])
        numbers = [
            _scaled(measure, float(value), column) for (column, _), value in zip(order, values, strict=True)
        ]
        rows.append([*_names(comparison, at), measure.title, _unit(measure, "value"), year, *numbers])
        forms.append([GENERAL] * len(lead) + [_format(measure, column) for column, _ in order])
    return Table(
        "8 in 10 runs",
        f"8 in 10 runs: {title(comparison)}",
        [MEDIANS_OF_DIFFERENCES, *caveats(comparison)[:2]],
        [*lead, *(each[0].upper() + each[1:] for each in heads)],
        rows,
        lead=len(lead),
        forms=forms,
        widths=[*WIDTHS, 8, *[YEAR_WIDTH] * len(heads)],
    )


def _worst(comparison: Comparison) -> Table:
    note = (
        "Largest distance over all scenarios from the best portfolio in the same scenario; the least of "
        "these is the choice by minimax regret."
    )
    heads = (*OPTION_LEAD, "Largest regret", "In scenario", "Least at worst")
    rows: list[tuple[Content, ...]] = [
        (
            *_place(comparison, row),
            _scaled(COMPARED[row["measure"]], row["regret"], "value"),
            comparison.titles["scenario"][row["scenario"]] if row["regret"] else "",
            "least" if row["least_at_worst"] else "",
            *_ends(comparison, row),
        )
        for _, row in comparison.worst.iterrows()
    ]
    return _regrets("Least at worst", comparison, note, heads, rows, list(comparison.worst["measure"]))


def _regret(comparison: Comparison) -> Table:
    note = (
        f"Distance in {REVIEW_POINTS[-1]} from the best portfolio in the same scenario, never below nothing."
    )
    heads = (*OPTION_LEAD, "Regret", "Scenario", *VALUES)
    rows: list[tuple[Content, ...]] = []
    for _, row in comparison.regret.iterrows():
        measure = COMPARED[row["measure"]]
        value, best, regret = (_scaled(measure, row[key], "value") for key in ("value", "best", "regret"))
        scenario = comparison.titles["scenario"][row["scenario"]]
        rows.append((*_place(comparison, row), regret, scenario, value, best, *_ends(comparison, row)))
    return _regrets("Regret", comparison, note, heads, rows, list(comparison.regret["measure"]))


def _regrets(
    name: str,
    comparison: Comparison,
    note: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    measures: Sequence[str],
) -> Table:
    """Return a table of one regret a row, numbers in the form of their measure."""
    if comparison.members:
        heads = [*heads, *(f"Regret, {STATISTIC_WORDS[end]}" for end in (LOW, HIGH))]
    kinds = ["value" if head in VALUES else "regret" for head in heads]
    return Table(
        name,
        f"{name}: {title(comparison)}",
        [note, *([RUN_BY_RUN] if comparison.members else []), *caveats(comparison)[:2]],
        heads,
        rows,
        forms=[[_format(COMPARED[key], kind) for kind in kinds] for key in measures],
        widths=(38, 34, 26, 20, 12, 16, 24, 16, 16, 16, 16)[: len(heads)],
    )


def _ends(comparison: Comparison, row: pd.Series) -> list[float]:
    measure = COMPARED[row["measure"]]
    return [_scaled(measure, row[end], "value") for end in ENDS] if comparison.members else []


def _place(comparison: Comparison, row: pd.Series) -> tuple[str, str, str, str, str]:
    measure = COMPARED[row["measure"]]
    titles = comparison.titles
    return (
        titles["footprint"][row["footprint"]],
        measure.title,
        titles["portfolio"][row["portfolio"]],
        titles["contract"][row["contract"]],
        _unit(measure, "change_since_2018"),
    )


def _names(comparison: Comparison, keys: Sequence[str]) -> list[str]:
    kinds = ("footprint", "portfolio", "contract", "scenario")
    return [comparison.titles[kind][key] for kind, key in zip(kinds, keys, strict=False)]


def _unit(measure: Indicator, column: str) -> str:
    if measure.unit == "£m":
        return "£" if column == "per_1000" else "£ million"
    return POINTS if measure.unit == "%" and column not in ("value", "per_1000") else measure.unit


def _scaled(measure: Indicator, value: float, column: str) -> float:
    """Millions of pounds, per cent; per 1,000 people as it is, money in pounds."""
    if column == "per_1000":
        return 1e6 * value if measure.unit == "£m" else value
    return value / measure.scale


def _format(measure: Indicator, column: str) -> str:
    """Excel's form of a number; differences carry their sign."""
    plain = "#,##0.00" if column == "per_1000" else "#,##0.0" if measure.unit in ("%", "£m") else "#,##0"
    if column == "per_1000" and measure.unit == "£m":
        plain = "#,##0"
    if column in ("value", "per_1000") and measure.above:
        above, below = measure.above, measure.below
        low, high = (BETTER, WORSE) if measure.better == "low" else (WORSE, BETTER)
        return f'{high}{plain}" {above}";{low}{plain}" {below}";{plain}'
    return plain if column in ("value", "per_1000", "regret") else f"+{plain};-{plain};{plain}"

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

LEAD = ("Area", "Portfolio", "Contract", "Scenario", "Indicator", "Unit")
WIDTHS = (38, 26, 20, 24, 34, 12)
OPTION_LEAD = ("Area", "Indicator", "Portfolio", "Contract", "Unit of regret")
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
        index=["footprint", "portfolio", "contract", "scenario", "indicator"],
        columns="year",
        values=column,
        sort=False,
        dropna=False,
    ).dropna(how="all")
    indicators = [COMPARED[keys[4]] for keys in wide.index]
    numbers = wide.reindex(columns=list(YEARS)).to_numpy()
    return Table(
        name,
        f"{name}: {title(comparison)}",
        [note, *caveats(comparison)[:2]],
        [*LEAD, *(year_head(comparison, year) for year in YEARS)],
        [
            [
                *(*_names(comparison, keys), indicator.title, _unit(indicator, column)),
                *(_scaled(indicator, float(value), column) for value in values),
            ]
            for keys, indicator, values in zip(wide.index, indicators, numbers, strict=True)
        ],
        lead=len(LEAD),
        forms=[_format(indicator, column) for indicator in indicators],
        widths=[*WIDTHS, *[YEAR_WIDTH] * len(YEARS)],
        block=0,
    )


def _band(comparison: Comparison) -> Table:
    """Median, ends of 8 in 10 runs and single run of every number, and of its difference from do nothing."""
    keys = ["footprint", "portfolio", "contract", "scenario", "indicator", "year"]
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
        indicator, year = COMPARED[at[4]], year_head(comparison, at[5])
        numbers = [
            _scaled(indicator, float(value), column) for (column, _), value in zip(order, values, strict=True)
        ]
        rows.append([*_names(comparison, at), indicator.title, _unit(indicator, "value"), year, *numbers])
        forms.append([GENERAL] * len(lead) + [_format(indicator, column) for column, _ in order])
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
            *_lead_cells(comparison, row),
            _scaled(COMPARED[row["indicator"]], row["regret"], "value"),
            comparison.titles["scenario"][row["scenario"]] if row["regret"] else "",
            "least" if row["least_at_worst"] else "",
            *_ends(comparison, row),
        )
        for _, row in comparison.worst.iterrows()
    ]
    return _regrets("Least at worst", comparison, note, heads, rows, list(comparison.worst["indicator"]))


def _regret(comparison: Comparison) -> Table:
    note = (
        f"Distance in {REVIEW_POINTS[-1]} from the best portfolio in the same scenario, never below nothing."
    )
    heads = (*OPTION_LEAD, "Regret", "Scenario", *VALUES)
    rows: list[tuple[Content, ...]] = []
    for _, row in comparison.regret.iterrows():
        indicator = COMPARED[row["indicator"]]
        value, best, regret = (_scaled(indicator, row[key], "value") for key in ("value", "best", "regret"))
        scenario = comparison.titles["scenario"][row["scenario"]]
        rows.append((*_lead_cells(comparison, row), regret, scenario, value, best, *_ends(comparison, row)))
    return _regrets("Regret", comparison, note, heads, rows, list(comparison.regret["indicator"]))


def _regrets(
    name: str,
    comparison: Comparison,
    note: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    indicators: Sequence[str],
) -> Table:
    """Return a table of one regret a row, numbers in the form of their indicator."""
    if comparison.members:
        heads = [*heads, *(f"Regret, {STATISTIC_WORDS[end]}" for end in (LOW, HIGH))]
    kinds = ["value" if head in VALUES else "regret" for head in heads]
    return Table(
        name,
        f"{name}: {title(comparison)}",
        [note, *([RUN_BY_RUN] if comparison.members else []), *caveats(comparison)[:2]],
        heads,
        rows,
        forms=[[_format(COMPARED[key], kind) for kind in kinds] for key in indicators],
        widths=(38, 34, 26, 20, 12, 16, 24, 16, 16, 16, 16)[: len(heads)],
    )


def _ends(comparison: Comparison, row: pd.Series) -> list[float]:
    indicator = COMPARED[row["indicator"]]
    return [_scaled(indicator, row[end], "value") for end in ENDS] if comparison.members else []


def _lead_cells(comparison: Comparison, row: pd.Series) -> tuple[str, str, str, str, str]:
    indicator = COMPARED[row["indicator"]]
    titles = comparison.titles
    return (
        titles["footprint"][row["footprint"]],
        indicator.title,
        titles["portfolio"][row["portfolio"]],
        titles["contract"][row["contract"]],
        _unit(indicator, "change_since_2018"),
    )


def _names(comparison: Comparison, keys: Sequence[str]) -> list[str]:
    kinds = ("footprint", "portfolio", "contract", "scenario")
    return [comparison.titles[kind][key] for kind, key in zip(kinds, keys, strict=False)]


def _unit(indicator: Indicator, column: str) -> str:
    if indicator.unit == "£m":
        return "£" if column == "per_1000" else "£ million"
    return POINTS if indicator.unit == "%" and column not in ("value", "per_1000") else indicator.unit


def _scaled(indicator: Indicator, value: float, column: str) -> float:
    """Millions of pounds, per cent; per 1,000 people as it is, money in pounds."""
    if column == "per_1000":
        return 1e6 * value if indicator.unit == "£m" else value
    return value / indicator.scale


def _format(indicator: Indicator, column: str) -> str:
    """Excel's form of a number; differences carry their sign."""
    plain = "#,##0.00" if column == "per_1000" else "#,##0.0" if indicator.unit in ("%", "£m") else "#,##0"
    if column == "per_1000" and indicator.unit == "£m":
        plain = "#,##0"
    if column in ("value", "per_1000") and indicator.above:
        above, below = indicator.above, indicator.below
        low, high = (BETTER, WORSE) if indicator.better == "low" else (WORSE, BETTER)
        return f'{high}{plain}" {above}";{low}{plain}" {below}";{plain}'
    return plain if column in ("value", "per_1000", "regret") else f"+{plain};-{plain};{plain}"

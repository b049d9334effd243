"""HTML page of a comparison: areas, futures, review points and regret, in tables that need no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from dudley_sd.indicators import COMPARED, PEOPLE, Indicator
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.band import HIGH, LOW, MEDIANS_OF_DIFFERENCES
from dudley_sd.results.comparison import DO_NOTHING, KEYS, OFFICIAL_FUTURE, Comparison
from dudley_sd.results.comparison_text import caveats, head, title, year_head
from dudley_sd.results.html import html_page, write_page
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.text import (
    NOTHING,
    difference,
    in_words,
    is_nothing,
    judgement,
    number,
    per_head,
    plural,
    signed_percent,
)


class Numbers(NamedTuple):
    """One row of the table of a comparison, and its ends of 8 in 10 runs; what cannot be told is NaN."""

    scenario: str
    value: float
    per_1000: float
    change: float
    relative_change: float
    from_official_future: float
    from_do_nothing: float
    low: float = np.nan
    high: float = np.nan
    difference_low: float = np.nan
    difference_high: float = np.nan


Table = Mapping[tuple[str, str, str, str, int, str], Numbers]
"""By footprint, portfolio, contract, scenario, year and indicator."""


class Cell(NamedTuple):
    """A number in words, its judgement, the lines below it, and whether it is the best."""

    text: str
    below: Sequence[str] = ()
    judgement: str = ""
    best: bool = False


class Row(NamedTuple):
    """A row of a table: what it is called, its cells, and whether it is a total."""

    heads: Sequence[str]
    cells: Sequence[Cell]
    total: bool = False


class Part(NamedTuple):
    """A table behind a line that opens it: heads of the rows' names and of the numbers, rows in groups."""

    name: str
    caption: str
    lead: Sequence[str]
    heads: Sequence[str]
    groups: Sequence[Sequence[Row]]
    is_open: bool


class Section(NamedTuple):
    """A section of the page."""

    key: str
    heading: str
    note: str
    parts: Sequence[Part]


Write = Callable[[Indicator, Numbers], Cell]
"""Writes one cell."""


def write_comparison_html(comparison: Comparison, path: Path | str) -> Path:
    """Write the page, whole or not at all; it asks the network for nothing and runs no script."""
    return write_page(comparison_page(comparison), path)


def comparison_page(comparison: Comparison) -> str:
    """Return the page as text."""
    counts = {kind: len(named) for kind, named in comparison.titles.items()}
    what = ", ".join(
        plural(counts[kind], words)
        for kind, words in (
            ("footprint", "area"),
            ("scenario", "scenario"),
            ("portfolio", "portfolio"),
            ("contract", "contract"),
        )
    )
    caution = "A model, not a forecast"
    if comparison.indicative:
        rates = any("carried on" in reason for reason in comparison.indicative.values())
        people = "rates at which people age, are born, die and move, " if rates else ""
        caution += f"; areas marked indicative borrow {people}use of services, staff, beds and money"
    table = _table_of(comparison)
    sections = [_areas(comparison, table), _futures(comparison, table), _years(comparison, table)]
    if not comparison.worst.empty:
        sections.insert(1, _regrets(comparison))
    if len(comparison.options) > 1 and DO_NOTHING in comparison.options:
        sections.insert(1, _gains(comparison, table))
    return html_page(
        "comparison.html",
        style="comparison.css",
        title=title(comparison),
        what=f"Side by side: {what}.",
        caution=caution,
        sections=sections,
        comparison=comparison,
        caveats=caveats(comparison),
    )


def _table_of(comparison: Comparison) -> Table:
    columns = ["value", "per_1000", "change_since_2018", "relative_change_since_2018"]
    columns += ["from_official_future", "from_do_nothing"]
    rows = _by_key(comparison.table, columns)
    if not comparison.members:
        return {key: Numbers(key[3], *row) for key, row in rows.items()}
    of = comparison.statistics["statistic"]
    low, high = (
        _by_key(comparison.statistics[of == end], ["value", "from_do_nothing"]) for end in (LOW, HIGH)
    )
    return {
        key: Numbers(key[3], *row, *(end[key][place] for place in (0, 1) for end in (low, high)))
        for key, row in rows.items()
    }


def _by_key(
    frame: pd.DataFrame, columns: list[str]
) -> dict[tuple[str, str, str, str, int, str], tuple[float, ...]]:
    keys = frame[KEYS].itertuples(index=False, name=None)
    return dict(zip(keys, frame[columns].itertuples(index=False, name=None), strict=True))


def _areas(comparison: Comparison, table: Table) -> Section:
    """Areas down, indicators across; one table for each portfolio and contract."""
    scenario = _main_scenario(comparison)
    last = REVIEW_POINTS[-1]
    parts = []
    for place, (portfolio, contract) in enumerate(comparison.options):
        rows = [
            Row(
                (comparison.titles["footprint"][area],),
                _cells(table, (area, portfolio, contract, scenario, last), _with_rate),
                area in comparison.totals,
            )
            for area in comparison.keys("footprint")
        ]
        name = comparison.option_title(portfolio, contract)
        caption = f"{name}, {comparison.titles['scenario'][scenario]}, {year_head(comparison, last)}"
        is_open = place == _main(comparison)
        parts.append(
            Part(f"Portfolio: {name}", caption, ("Area",), _heads(list(COMPARED.values())), (rows,), is_open)
        )
    note = (
        "Below each number: per 1,000 people of that year; GPs: per 100,000. People: change since "
        f"{PROJECTED}. A difference between areas comes from their people's ages alone where services are "
        "scaled."
    )
    return Section("areas", "Areas side by side", note, parts)


def _gains(comparison: Comparison, table: Table) -> Section:
    """Options by scenario down, indicators across: what each changes against nothing decided."""
    shown = [
        indicator for indicator in COMPARED.values() if indicator.key != PEOPLE and not indicator.needs_shift
    ]
    options = [option for option in comparison.options if option != DO_NOTHING]
    note = "Difference from do nothing: the same future, no portfolio, contract as now."
    if comparison.members:
        note = f"{note} {MEDIANS_OF_DIFFERENCES}"
    parts = _by_option(comparison, table, options, shown, _from_do_nothing, ": difference from do nothing")
    return Section("gains", "What each portfolio changes", note, parts)


def _futures(comparison: Comparison, table: Table) -> Section:
    """Scenarios by portfolio down, indicators across; one table for each area, the total first."""
    shown = [indicator for indicator in COMPARED.values() if indicator.key != PEOPLE]
    compared = OFFICIAL_FUTURE in comparison.titles["scenario"]
    note = "Below each number: difference from Official Future with the same portfolio." if compared else ""
    parts = _by_option(comparison, table, comparison.options, shown, _with_difference, "")
    return Section("futures", "Futures and portfolios", note, parts)


def _by_option(
    comparison: Comparison,
    table: Table,
    options: Sequence[tuple[str, str]],
    indicators: Sequence[Indicator],
    write: Write,
    what: str,
) -> list[Part]:
    """Return a table for each area: a group for each option, with a row for each scenario."""
    last = REVIEW_POINTS[-1]
    return [
        Part(
            name,
            f"{name}, {year_head(comparison, last)}{what}",
            ("Portfolio", "Scenario"),
            _heads(indicators),
            [
                [
                    Row(
                        (comparison.option_title(*option), comparison.titles["scenario"][scenario]),
                        _cells(table, (area, *option, scenario, last), write, indicators),
                    )
                    for scenario in comparison.keys("scenario")
                ]
                for option in options
            ],
            is_open,
        )
        for area, name, is_open in _open_first(comparison)
    ]


def _from_do_nothing(indicator: Indicator, row: Numbers) -> Cell:
    ends = _ends(difference(row.difference_low, indicator), difference(row.difference_high, indicator))
    return Cell(difference(row.from_do_nothing, indicator), ends)


def _regrets(comparison: Comparison) -> Section:
    """Options down, indicators across: the largest regret over all scenarios, the least of them marked."""
    worst = comparison.worst
    indicators = [indicator for indicator in COMPARED.values() if indicator.key in set(worst["indicator"])]
    columns = ["footprint", "portfolio", "contract", "indicator"]
    keys = worst[columns].itertuples(index=False, name=None)
    values = worst[["regret", *ENDS, "scenario", "least_at_worst"]].itertuples(index=False, name=None)
    found = dict(zip(keys, values, strict=True))
    parts = []
    for area, name, is_open in _open_first(comparison):
        rows = [
            Row(
                (comparison.option_title(*option),),
                [_regret_cell(comparison, each, found.get((area, *option, each.key))) for each in indicators],
            )
            for option in comparison.options
        ]
        caption = f"{name}: largest regret in {REVIEW_POINTS[-1]}"
        parts.append(Part(name, caption, ("Portfolio",), _heads(indicators), (rows,), is_open))
    note = (
        "Regret is how far a portfolio ends from the best of these portfolios in the same scenario. The "
        "largest regret over all scenarios is shown, with the scenario it comes from; ✓ marks the portfolio "
        "that holds up best in the worst case (minimax regret). It ranks only what was run."
    )
    if comparison.members:
        note = f"{note} {RUN_BY_RUN}"
    return Section("regret", "Which portfolio holds up best in the worst case", note, parts)


def _regret_cell(
    comparison: Comparison, indicator: Indicator, found: tuple[float, float, float, str, bool] | None
) -> Cell:
    if found is None:
        return Cell(NOTHING)
    regret, low, high, scenario, least = found
    where = "" if is_nothing(regret, indicator) else comparison.titles["scenario"][scenario]
    ends = _ends(_regret(low, indicator), _regret(high, indicator))
    return Cell(_regret(regret, indicator), (where, *ends), best=least)


def _regret(value: float, indicator: Indicator) -> str:
    return difference(value, indicator).lstrip("+") if indicator.unit == "%" else number(value, indicator)


def _years(comparison: Comparison, table: Table) -> Section:
    """Tables of indicators at the start and the review points in the main scenario, one for each area."""
    scenario = _main_scenario(comparison)
    option = comparison.options[_main(comparison)]
    years = [PROJECTED, *REVIEW_POINTS]
    parts = []
    for area, name, is_open in _open_first(comparison):
        rows = []
        for indicator in COMPARED.values():
            found = [table[area, *option, scenario, year, indicator.key] for year in years]
            changes = ["", *(_change(indicator, row) for row in found[1:])]
            cells = [_value(row.value, indicator, [below]) for row, below in zip(found, changes, strict=True)]
            rows.append(Row((head(indicator),), cells))
        caption = f"{name}: {comparison.option_title(*option)}, {comparison.titles['scenario'][scenario]}"
        heads = [year_head(comparison, year) for year in years]
        parts.append(Part(name, caption, ("Indicator",), heads, (rows,), is_open))
    note = f"Below each number: change since {PROJECTED}. All scenarios and portfolios are in the workbook."
    return Section("years", "Review points", note, parts)


def _heads(indicators: Sequence[Indicator]) -> list[str]:
    return [head(indicator) for indicator in indicators]


def _cells(
    table: Table,
    key: tuple[str, str, str, str, int],
    write: Write,
    indicators: Sequence[Indicator] = tuple(COMPARED.values()),
) -> list[Cell]:
    return [write(indicator, table[(*key, indicator.key)]) for indicator in indicators]


def _with_rate(indicator: Indicator, row: Numbers) -> Cell:
    below = _change(indicator, row) if indicator.key == PEOPLE else per_head(row.per_1000, indicator)
    return _value(row.value, indicator, ["" if below == NOTHING else below, *_band(indicator, row)])


def _with_difference(indicator: Indicator, row: Numbers) -> Cell:
    apart = row.from_official_future
    shown = np.isfinite(apart) and row.scenario != OFFICIAL_FUTURE
    below = difference(apart, indicator) if shown else ""
    return _value(row.value, indicator, [below, *_band(indicator, row)])


def _value(value: float, indicator: Indicator, below: Sequence[str]) -> Cell:
    """Write a value, where its sign has a word with that and in its colour."""
    text = in_words(number(value, indicator), indicator)
    return Cell(text, below, judgement(text))


def _band(indicator: Indicator, row: Numbers) -> list[str]:
    low, high = (in_words(number(each, indicator), indicator) for each in (row.low, row.high))
    return _ends(low, high)


def _ends(low: str, high: str) -> list[str]:
    """Write the ends of 8 in 10 runs below a median; nothing below a single run.

    A sign stays with its pounds, where a line may end.
    """
    if low == NOTHING:
        return []
    return [re.sub("([+−])£", "\\1\u2060£", f"8 in 10: {low} to {high}")]


def _change(indicator: Indicator, row: Numbers) -> str:
    if np.isfinite(row.relative_change):
        return signed_percent(row.relative_change)
    return difference(row.change, COMPARED[indicator.key])


def _open_first(comparison: Comparison) -> list[tuple[str, str, bool]]:
    """Key and name of each area, each total before the first of its parts; the first is open."""
    order = [key for key in comparison.keys("footprint") if key not in comparison.totals]
    for total, parts in comparison.totals.items():
        order.insert(min((order.index(part) for part in parts if part in order), default=0), total)
    return [(key, comparison.titles["footprint"][key], place == 0) for place, key in enumerate(order)]


def _main_scenario(comparison: Comparison) -> str:
    keys = comparison.keys("scenario")
    return OFFICIAL_FUTURE if OFFICIAL_FUTURE in keys else keys[0]


def _main(comparison: Comparison) -> int:
    """Place of the option that is shown first: the first that puts something in place, else the first."""
    places = [place for place, (portfolio, _) in enumerate(comparison.options) if portfolio != "none"]
    return places[0] if places else 0

"""The comparison as one web page: areas, futures, review points and regret, in tables that need no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sdcompile.scratch import atomic_file

from dudley_sd.results.band import HIGH, LOW, MEDIANS_OF_DIFFERENCES
from dudley_sd.results.base_page import base_page
from dudley_sd.results.comparison import DO_NOTHING, KEYS, OFFICIAL_FUTURE, REVIEW_POINTS, START, Comparison
from dudley_sd.results.comparison_words import BY_KEY, caveats, head, title, year_head
from dudley_sd.results.measures import MEASURES, PEOPLE, Measure
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
"""By footprint, portfolio, contract, scenario, year and measure."""

Cell = Callable[[Measure, Numbers], str]
"""Writes one cell."""


def write_comparison_html(comparison: Comparison, path: Path | str) -> Path:
    """Write the page, whole or not at all; it asks the network for nothing and runs no script."""
    text = comparison_page(comparison)
    with atomic_file(path) as scratch:
        scratch.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


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
        caution += "; areas marked indicative are carried on at another area's rates"
    table = _table_of(comparison)
    sections = [_areas(comparison, table), _futures(comparison, table), _years(comparison, table)]
    if not comparison.worst.empty:
        sections.insert(1, _regrets(comparison))
    if len(comparison.options) > 1 and DO_NOTHING in comparison.options:
        sections.insert(1, _gains(comparison, table))
    words = {
        "title": escape(title(comparison)),
        "what": escape(f"Side by side: {what}."),
        "caution": escape(caution),
        "sections": "\n".join(sections),
        "meanings": "".join(
            f"<dt>{escape(each.kind)}: {escape(each.name)}</dt><dd>{escape(each.text)}</dd>"
            for each in comparison.meanings
        ),
        "caveats": "".join(f"<li>{escape(text)}</li>" for text in caveats(comparison)),
        "command": escape(comparison.command),
    }
    return base_page("dudley_sd.results", "comparison_page", words)


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


def _areas(comparison: Comparison, table: Table) -> str:
    """Areas down, measures across; one table for each portfolio and contract."""
    scenario = _main_scenario(comparison)
    last = REVIEW_POINTS[-1]
    parts = []
    for place, (portfolio, contract) in enumerate(comparison.options):
        rows = [
            _row(comparison.titles["footprint"][area], cells, total=area in comparison.totals)
            for area in comparison.keys("footprint")
            for cells in [_cells(table, (area, portfolio, contract, scenario, last), _with_rate)]
        ]
        name = comparison.option_title(portfolio, contract)
        caption = f"{name}, {comparison.titles['scenario'][scenario]}, {year_head(comparison, last)}"
        parts.append(
            _folded(f"Portfolio: {name}", _table(caption, "Area", rows), is_open=place == _main(comparison))
        )
    note = (
        "Below each number: per 1,000 people of that year; GPs: per 100,000. People: change since "
        f"{START}. A difference between areas comes from their people's ages alone where services are scaled."
    )
    return _section("areas", "Areas side by side", note, parts)


def _gains(comparison: Comparison, table: Table) -> str:
    """Options by scenario down, measures across: what each changes against nothing decided."""
    last = REVIEW_POINTS[-1]
    shown = [measure for measure in MEASURES if measure.key != PEOPLE and not measure.needs_shift]
    parts = []
    for area in _shown_areas(comparison):
        groups = []
        for portfolio, contract in comparison.options:
            if (portfolio, contract) == DO_NOTHING:
                continue
            rows = [
                _row(
                    comparison.titles["scenario"][scenario],
                    _cells(table, (area, portfolio, contract, scenario, last), _from_do_nothing, shown),
                    lead=comparison.option_title(portfolio, contract),
                )
                for scenario in comparison.keys("scenario")
            ]
            groups.append(f'<tbody class="group">{"".join(rows)}</tbody>')
        place = comparison.titles["footprint"][area]
        caption = f"{place}, {year_head(comparison, last)}: difference from do nothing"
        inner = _table(caption, "Portfolio", groups, [head(measure) for measure in shown], lead="Scenario")
        parts.append(_folded(place, inner, is_open=area == _shown_areas(comparison)[0]))
    note = (
        "Difference from do nothing: the same future, no portfolio, contract as now. Portfolios "
        "marked (claims) take the word of plans, or of others, for their effects."
    )
    if comparison.members:
        note = f"{note} {MEDIANS_OF_DIFFERENCES}"
    return _section("gains", "What each portfolio changes", note, parts)


def _from_do_nothing(measure: Measure, row: Numbers) -> str:
    ends = _ends(difference(row.difference_low, measure), difference(row.difference_high, measure))
    return f"{escape(difference(row.from_do_nothing, measure))}{ends}"


def _regrets(comparison: Comparison) -> str:
    """Options down, measures across: the largest regret over all scenarios, the least of them marked."""
    worst = comparison.worst
    measures = [measure for measure in MEASURES if measure.key in set(worst["measure"])]
    columns = ["footprint", "portfolio", "contract", "measure"]
    keys = worst[columns].itertuples(index=False, name=None)
    values = worst[["regret", *ENDS, "scenario", "least_at_worst"]].itertuples(index=False, name=None)
    found = dict(zip(keys, values, strict=True))
    parts = []
    for area in _shown_areas(comparison):
        rows = []
        for portfolio, contract in comparison.options:
            told = [(measure, found.get((area, portfolio, contract, measure.key))) for measure in measures]
            cells = [_regret_cell(comparison, measure, each) for measure, each in told]
            rows.append(_row(comparison.option_title(portfolio, contract), cells))
        place = comparison.titles["footprint"][area]
        heads = [head(measure) for measure in measures]
        inner = _table(f"{place}: largest regret in {REVIEW_POINTS[-1]}", "Portfolio", rows, heads)
        parts.append(_folded(place, inner, is_open=area == _shown_areas(comparison)[0]))
    note = (
        "Regret is how far a portfolio ends from the best of these portfolios in the same scenario. The "
        "largest regret over all scenarios is shown, with the scenario it comes from; ✓ marks the portfolio "
        "that holds up best in the worst case (minimax regret). It ranks only what was run. Portfolios "
        "marked (claims) win where their claims are taken at their word: compare them with what is evidenced "
        "first."
    )
    if comparison.members:
        note = f"{note} {RUN_BY_RUN}"
    return _section("regret", "Which portfolio holds up best in the worst case", note, parts)


def _regret_cell(
    comparison: Comparison, measure: Measure, told: tuple[float, float, float, str, bool] | None
) -> str:
    if told is None:
        return f"<td>{NOTHING}</td>"
    regret, low, high, scenario, least = told
    where = "" if is_nothing(regret, measure) else comparison.titles["scenario"][scenario]
    text = _two_lines(_regret(regret, measure), where) + _ends(_regret(low, measure), _regret(high, measure))
    return f'<td class="best">{text}</td>' if least else f"<td>{text}</td>"


def _regret(value: float, measure: Measure) -> str:
    return difference(value, measure).lstrip("+") if measure.unit == "%" else number(value, measure)


def _futures(comparison: Comparison, table: Table) -> str:
    """Scenarios by portfolio down, measures across; one table for each area, the total first."""
    last = REVIEW_POINTS[-1]
    shown = [measure for measure in MEASURES if measure.key != PEOPLE]
    parts = []
    for area in _shown_areas(comparison):
        groups = []
        for portfolio, contract in comparison.options:
            rows = [
                _row(
                    comparison.titles["scenario"][scenario],
                    _cells(table, (area, portfolio, contract, scenario, last), _with_difference, shown),
                    lead=comparison.option_title(portfolio, contract),
                )
                for scenario in comparison.keys("scenario")
            ]
            groups.append(f'<tbody class="group">{"".join(rows)}</tbody>')
        place = comparison.titles["footprint"][area]
        heads = [head(measure) for measure in shown]
        inner = _table(f"{place}, {year_head(comparison, last)}", "Portfolio", groups, heads, lead="Scenario")
        parts.append(_folded(place, inner, is_open=area == _shown_areas(comparison)[0]))
    compared = OFFICIAL_FUTURE in comparison.titles["scenario"]
    note = "Below each number: difference from Official Future with the same portfolio." if compared else ""
    return _section("futures", "Futures and portfolios", note, parts)


def _years(comparison: Comparison, table: Table) -> str:
    """Measures down, the start and the review points across, for the main scenario; a table for each area."""
    scenario = _main_scenario(comparison)
    portfolio, contract = comparison.options[_main(comparison)]
    years = [START, *REVIEW_POINTS]
    parts = []
    for area in _shown_areas(comparison):
        rows = []
        for measure in MEASURES:
            cells = []
            for year in years:
                row = table[area, portfolio, contract, scenario, year, measure.key]
                change = "" if year == START else _change(measure, row)
                cells.append(f"<td>{_value(row.value, measure)}<small>{escape(change)}</small></td>")
            rows.append(_row(head(measure), cells))
        place = comparison.titles["footprint"][area]
        name = f"{comparison.option_title(portfolio, contract)}, {comparison.titles['scenario'][scenario]}"
        heads = [year_head(comparison, year) for year in years]
        parts.append(
            _folded(
                place,
                _table(f"{place}: {name}", "Measure", rows, heads),
                is_open=area == _shown_areas(comparison)[0],
            )
        )
    note = f"Below each number: change since {START}. All scenarios and portfolios are in the workbook."
    return _section("years", "Review points", note, parts)


def _cells(
    table: Table,
    key: tuple[str, str, str, str, int],
    write: Cell,
    measures: Sequence[Measure] = MEASURES,
) -> list[str]:
    return [f"<td>{write(measure, table[(*key, measure.key)])}</td>" for measure in measures]


def _with_rate(measure: Measure, row: Numbers) -> str:
    below = _change(measure, row) if measure.key == PEOPLE else per_head(row.per_1000, measure)
    shown = "" if below == NOTHING else below
    return f"{_value(row.value, measure)}<small>{escape(shown)}</small>{_band(measure, row)}"


def _with_difference(measure: Measure, row: Numbers) -> str:
    apart = row.from_official_future
    shown = np.isfinite(apart) and row.scenario != OFFICIAL_FUTURE
    below = difference(apart, measure) if shown else ""
    return f"{_value(row.value, measure)}<small>{escape(below)}</small>{_band(measure, row)}"


def _value(value: float, measure: Measure) -> str:
    """Write a value, where its sign has a word with that and in its colour."""
    text = in_words(number(value, measure), measure)
    kind = judgement(text)
    return f'<span class="{kind}">{escape(text)}</span>' if kind else escape(text)


def _band(measure: Measure, row: Numbers) -> str:
    low, high = (in_words(number(each, measure), measure) for each in (row.low, row.high))
    return _ends(low, high)


def _ends(low: str, high: str) -> str:
    """Write the ends of 8 in 10 runs below a median; nothing below a single run."""
    return "" if low == NOTHING else f"<small>8 in 10: {_unbroken(low)} to {_unbroken(high)}</small>"


def _unbroken(text: str) -> str:
    """Text as HTML; a sign stays with its pounds, where a line may end."""
    return re.sub("([+−])£", "\\1&#8288;£", escape(text))


def _two_lines(text: str, below: str) -> str:
    return f"{escape(text)}<small>{escape(below)}</small>"


def _change(measure: Measure, row: Numbers) -> str:
    if np.isfinite(row.relative_change):
        return signed_percent(row.relative_change)
    return difference(row.change, BY_KEY[measure.key])


def _shown_areas(comparison: Comparison) -> list[str]:
    """Return areas in the order asked for, each total before the first of its parts; the first is open."""
    order = [key for key in comparison.keys("footprint") if key not in comparison.totals]
    for total, parts in comparison.totals.items():
        order.insert(min((order.index(part) for part in parts if part in order), default=0), total)
    return order


def _main_scenario(comparison: Comparison) -> str:
    keys = comparison.keys("scenario")
    return OFFICIAL_FUTURE if OFFICIAL_FUTURE in keys else keys[0]


def _main(comparison: Comparison) -> int:
    """Place of the option that is shown first: the first that puts something in place, else the first."""
    places = [place for place, (portfolio, _) in enumerate(comparison.options) if portfolio != "none"]
    return places[0] if places else 0


def _row(name: str, cells: Sequence[str], *, lead: str = "", total: bool = False) -> str:
    first = f'<th scope="row">{escape(lead)}</th>' if lead else ""
    start = '<tr class="total">' if total else "<tr>"
    return f'{start}{first}<th scope="row">{escape(name)}</th>{"".join(cells)}</tr>'


def _table(
    caption: str, first: str, rows: Sequence[str], heads: Sequence[str] | None = None, lead: str = ""
) -> str:
    """Lay out rows, or groups of rows, under the measures or other heads, in a box that scrolls sideways."""
    names = [head(measure) for measure in MEASURES] if heads is None else list(heads)
    columns = "".join(f'<th scope="col" class="head">{escape(name)}</th>' for name in names)
    second = f'<th scope="col">{escape(lead)}</th>' if lead else ""
    body = "".join(rows) if lead else f"<tbody>{''.join(rows)}</tbody>"
    kind = ' class="two"' if lead else ""
    return (
        f'<p class="caption">{escape(caption)}</p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table{kind}>"
        f'<thead><tr><th scope="col">{escape(first)}</th>{second}{columns}</tr></thead>{body}</table></div>'
    )


def _folded(summary: str, inner: str, *, is_open: bool) -> str:
    return f"<details{' open' if is_open else ''}><summary>{escape(summary)}</summary>{inner}</details>"


def _section(key: str, heading: str, note: str, parts: Sequence[str]) -> str:
    text = f'<p class="note">{escape(note)}</p>' if note else ""
    start = f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(heading)}</h2>'
    return f"{start}{text}{''.join(parts)}</section>"

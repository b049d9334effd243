"""The result as an Excel workbook: what it is, the numbers by topic, and where every input comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import xarray as xr
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sdcompile.scratch import atomic_file

from dudley_sd.results.account import STATUS_WORDS, Account, account
from dudley_sd.results.band import MEDIANS_OF_DIFFERENCES, SINGLE_RUN, STATISTIC_WORDS, members_of
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, fitting
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.headlines import Headline, headlines
from dudley_sd.results.panels import VARIABLES
from dudley_sd.results.provenance import provenance
from dudley_sd.results.topics import DEPARTURE, TOPICS, is_share, number_format
from dudley_sd.results.words import element_words, unit_words, year_words
from dudley_sd.results.workbook_against import SHEET, against_do_nothing
from dudley_sd.results.workbook_cells import (
    AFTER_NUMBERS,
    BOLD,
    HEADING,
    ITALIC,
    PLAIN,
    dress,
    put,
    put_header,
    put_title,
    put_words,
    rule_above,
    save,
    set_for_print,
    set_widths,
    wrap_row,
)

LEAD = ("Scenario", "Measure", "Of", "Unit")
LEAD_WIDTHS = (22, 34, 36, 18)
YEAR_WIDTH = 10.5
MEANING_WIDTH = 90
NOTE_WIDTHS = {"name": 42, "source": 44, "locator": 36, "note": 60}
EXTRAPOLATED = "* in italics: beyond the ONS table, whose last year's rates carry on."


def write_xlsx(
    results: xr.Dataset,
    path: Path | str,
    do_nothing: xr.Dataset | None = None,
    remarks: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write the workbook, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`; variables that it lacks are passed over.
    path
        File to write; its folder is made, a file of that name is replaced.
    do_nothing
        The same scenarios with nothing decided, which the result is compared with.
    remarks
        Label and text of what the user says of it, such as a name: the first rows of the sheet Read me.

    Returns
    -------
    Path
        The file. Sheets: Read me, Headlines, Against do nothing, one for each
        topic with years as columns and a block for each scenario, Departure from ONS, Notes and sources.
        Numbers are as the model gave them, rounded only by their format.
    """
    path = Path(path)
    told = account(results, do_nothing)
    other = fitting(results, do_nothing)
    book = Workbook()
    book.remove(book.active)
    _read_me(book, told, remarks, other is not None)
    if all(name in results for name in VARIABLES):
        _headlines(book, results, other)
    if other is not None:
        against_do_nothing(book, results, other)
    for topic, names in TOPICS.items():
        present = [name for name in names if name in results]
        if present:
            _topic(book, results, topic, present)
    if all(name in results for name in DEPARTURE):
        _departure(book, results, told, other)
    _notes(book, results)
    contract = f", contract: {told.contract_title}" if told.contract_title else ""
    book.properties.title = f"{told.headline}, portfolio: {told.portfolio_title}{contract}"
    book.properties.creator = "dudley_sd"
    with atomic_file(path) as scratch:
        save(book, scratch)
    return path


def _read_me(book: Workbook, told: Account, remarks: Sequence[tuple[str, str]], compared: bool) -> None:
    sheet = book.create_sheet("Read me")
    widths = (26, 110)
    row = put_title(sheet, told.headline)
    rows = [
        ("What this is", f"Results of dudley_sd, a model of health and care. {told.caveats[0]}"),
        ("Portfolio", f"{told.portfolio_title}. {told.portfolio_story}"),
        ("People", f"{told.projection[0].upper()}{told.projection[1:]}. {told.turns_on_base}".strip()),
        ("Made by", told.command),
        ("Made on", f"{told.made[:10]} with dudley_sd {told.version}"),
        ("Model file", f"SHA-256 {told.model}"),
    ]
    if told.comparison:
        rows.insert(2, (DO_NOTHING.capitalize(), told.comparison))
    if told.contract_title:
        rows.insert(2, ("Contract", f"{told.contract_title}. {told.contract_story}"))
    if told.levers:
        rows.append(("Levers set", "; ".join(f"{name} = {value:g}" for name, value in told.levers.items())))
    blocks = {
        "": [*remarks, *rows],
        "Keep in mind": [("", text) for text in told.caveats[1:]],
        "Scenarios": [
            (
                f"{scenario.title} ({STATUS_WORDS[scenario.status].lower()})",
                f"{scenario.story} {scenario.note}",
            )
            for scenario in told.scenarios
        ],
        "Sheets": [(name, what) for name, what in _contents(compared).items()],
    }
    for heading, lines in blocks.items():
        if heading:
            put(sheet, row + 1, 1, heading, HEADING)
            row += 2
        row = put_words(sheet, row, lines, widths)
    set_widths(sheet, widths)
    set_for_print(sheet)


def _contents(compared: bool) -> dict[str, str]:
    against = {}
    if compared:
        against[SHEET] = (
            f"Key indicators of the run and of {DOING_NOTHING}, and the difference, year by year; for "
            "hospital services also how the difference comes about."
        )
    return {
        "Headlines": "The few numbers asked for first, in each scenario.",
        **against,
        ", ".join(TOPICS): "Years across, a block of rows for each scenario; filter by scenario or measure.",
        "Departure from ONS": "How far people in the model move away from the projection, and why.",
        "Notes and sources": "Every number that went in: its range, how it is known, where it is printed.",
    }


def _headlines(book: Workbook, results: xr.Dataset, do_nothing: xr.Dataset | None) -> None:
    sheet = book.create_sheet("Headlines")
    titles = scenario_titles(results)
    notes = [EXTRAPOLATED, _statistics_note(results)]
    header = put_title(sheet, "Headline numbers", notes)
    put_header(sheet, header, ["Measure", "Statistic", "Unit", *titles], 3)
    row = header
    for item in headlines(results, do_nothing):
        for place, line in enumerate(_statistics(item)):
            row += 1
            font = PLAIN if place else BOLD
            for column, text in enumerate((item.title, line.words, line.unit), start=1):
                put(sheet, row, column, text, font)
            for column, value in enumerate(line.values.to_numpy(), start=4):
                number = _number_or_words(item, float(value)) if line.in_words else float(value)
                put(sheet, row, column, number, font, line.number_format)
    set_widths(sheet, (58, 46, 14, *([24] * len(titles))))
    sheet.freeze_panes = sheet.cell(header + 1, 4)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(3 + len(titles))}{row}"
    set_for_print(sheet, header)


def _statistics_note(results: xr.Dataset) -> str:
    members = members_of(results)
    if not members:
        return f"Each number is a {SINGLE_RUN}."
    return (
        f"Bold: the median of {members} runs with numbers drawn from their ranges. Between the ends lie 8 in "
        f"10 of them. Differences have the same draws on both sides. {MEDIANS_OF_DIFFERENCES}"
    )


class _Statistic(NamedTuple):
    """A row of a headline: what it is, its unit, its numbers by scenario and how they are written."""

    words: str
    unit: str
    values: xr.DataArray
    number_format: str
    in_words: bool = True


def _statistics(item: Headline) -> Iterator[_Statistic]:
    """Rows of a headline, what is told first before the others."""
    if item.band is None:
        yield _Statistic(SINGLE_RUN, item.unit, item.values, item.number_format)
        return
    for statistic, words in STATISTIC_WORDS.items():
        yield _Statistic(words, item.unit, item.band.sel(statistic=statistic), item.number_format)
    if item.difference is not None:
        for statistic, words in STATISTIC_WORDS.items():
            apart = item.difference.sel(statistic=statistic)
            unit, values, form = item.difference_for_excel(apart)
            yield _Statistic(f"difference from {DO_NOTHING}, {words}", unit, values, form, False)


def _number_or_words(item: Headline, number: float) -> float | str:
    words = item.form(number)
    return words if pd.isna(number) or (item.in_words and not words.isdigit()) else number


def _topic(book: Workbook, results: xr.Dataset, topic: str, names: list[str]) -> None:
    sheet = book.create_sheet(topic)
    years = year_words(results)
    heads = [*LEAD, *years, "What it means"]
    notes = [EXTRAPOLATED] if any(year.endswith("*") for year in years) else []
    notes.append(f"Each number is a {SINGLE_RUN}.")
    header = put_title(sheet, f"{topic}, {results.attrs['footprint_name']}", notes)
    put_header(sheet, header, heads)
    row = header + 1
    chosen = results[names]
    arrays = [chosen[name] for name in names]
    for place, title in enumerate(scenario_titles(results)):
        rule_above(sheet, row, len(heads))
        for array in arrays:
            row = _lines(sheet, row, title, array.isel(scenario=place), years)
    set_widths(sheet, (*LEAD_WIDTHS, *([YEAR_WIDTH] * len(years)), MEANING_WIDTH))
    sheet.freeze_panes = sheet.cell(header + 1, len(LEAD) + 1)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(heads))}{row - 1}"
    set_for_print(sheet, header)


def _lines(sheet: Worksheet, row: int, title: str, array: xr.DataArray, years: list[str]) -> int:
    """Write one variable, a row for each combination of its subscripts; returns the next free row."""
    name, unit = str(array.name), str(array.attrs["units"])
    measure = str(array.attrs.get("model_name", name.replace("_", " ")))
    subscripts = [str(dim) for dim in array.dims if dim != "year"]
    form = number_format(name, unit)
    words = [[element_words(str(element)) for element in array[dim].values] for dim in subscripts]
    lines = array.transpose(*subscripts, "year").values.reshape(-1, len(years))
    fonts = [ITALIC if year.endswith("*") else PLAIN for year in years]
    for elements, values in zip(product(*words), lines, strict=True):
        put(sheet, row, 1, title)
        put(sheet, row, 2, measure[0].upper() + measure[1:], BOLD)
        put(sheet, row, 3, ", ".join(elements))
        put(sheet, row, 4, unit_words(unit, share=is_share(name)))
        for column, (value, font) in enumerate(zip(values.tolist(), fonts, strict=True), start=len(LEAD) + 1):
            put(sheet, row, column, value, font, form)
        meaning = put(sheet, row, len(LEAD) + len(years) + 1, str(array.attrs["long_name"]))
        dress(meaning, alignment=AFTER_NUMBERS)
        row += 1
    return row


def _departure(book: Workbook, results: xr.Dataset, told: Account, do_nothing: xr.Dataset | None) -> None:
    """Write what the last year's departure is and what explains it, then the same for every year."""
    sheet = book.create_sheet("Departure from ONS")
    years = year_words(results)
    notes = [
        f"The projection is the {told.projection}. People in the model = projection + births + deaths "
        "+ migration, each as its part of the departure.",
        "Deaths: plus are people who live although the projection lets them die, minus the opposite.",
        "Cause: prevention, care planning, continuity and access change how many people have several "
        "conditions, and they die more often.",
        EXTRAPOLATED,
    ]
    row = put_title(sheet, f"Departure from the ONS projection by {years[-1]}", notes)
    results = results[[*DEPARTURE, "reference_total_population"]]
    names = [str(results[name].attrs["model_name"]) for name in DEPARTURE]
    heads = ["Scenario", *names, "as a share of projection"]
    put_header(sheet, row, [head[0].upper() + head[1:] for head in heads], 1)
    runs = [(results, "")] if do_nothing is None else [(results, ""), (do_nothing, f", {DO_NOTHING}")]
    rows = [
        (run[list(results.data_vars)].isel(year=-1), at, title + what)
        for run, what in runs
        for at, title in enumerate(scenario_titles(results))
    ]
    for last, place, title in rows:
        row += 1
        put(sheet, row, 1, title, BOLD)
        for column, name in enumerate(DEPARTURE, start=2):
            form = "#,##0" if column < 4 else "+#,##0.0;-#,##0.0;0"
            put(sheet, row, column, float(last[name].isel(scenario=place)), ITALIC, form)
        here = last.isel(scenario=place)
        share = float(here["departure_from_projection"] / here["reference_total_population"])
        put(sheet, row, len(DEPARTURE) + 2, share, ITALIC, "+0.000%;-0.000%;0%")
    row += 2
    put(sheet, row, 1, "Year by year", HEADING)
    row += 1
    put_header(sheet, row, [*LEAD, *years, "What it means"])
    row += 1
    for place, title in enumerate(scenario_titles(results)):
        rule_above(sheet, row, len(LEAD) + len(years) + 1)
        for name in DEPARTURE:
            row = _lines(sheet, row, title, results[name].isel(scenario=place), years)
    set_widths(sheet, (22, 34, 22, 22, 20, 20, 20, 20, *([YEAR_WIDTH] * (len(years) - 4)), MEANING_WIDTH))
    set_for_print(sheet)


def _notes(book: Workbook, results: xr.Dataset) -> None:
    sheet = book.create_sheet("Notes and sources")
    rows = provenance(results)
    notes = [
        "Low, central and high are the range the sources or judgement allow; a run uses the central value "
        "unless a scenario, the portfolio, contract or a lever sets another, which the last columns show.",
        "Published: printed in the source. Derived: worked out from it. Judgement: argued from it. "
        "Assumption: nobody has measured it.",
    ]
    header = put_title(sheet, "Notes and sources", notes)
    put_header(sheet, header, [column[0].upper() + column[1:] for column in rows.columns])
    widths = [NOTE_WIDTHS.get(column, 24 if column.startswith("in ") else 13) for column in rows.columns]
    for place, values in enumerate(rows.itertuples(index=False), start=header + 1):
        for column, value in enumerate(values, start=1):
            put(sheet, place, column, value)
        wrap_row(sheet, place, widths)
    set_widths(sheet, widths)
    sheet.freeze_panes = sheet.cell(header + 1, 3)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(rows.columns))}{header + len(rows)}"
    set_for_print(sheet, header)

"""Excel workbook of a result: what it is, the numbers by topic, and where every input comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from dudley_sd.indicators import Selection, indicators, is_share, required, topics
from dudley_sd.inputs.elements import element_text
from dudley_sd.results.account import STATUS_WORDS, Account, account
from dudley_sd.results.band import (
    DIFFERENCE,
    MEDIANS_OF_DIFFERENCES,
    SINGLE_RUN,
    STATISTIC_WORDS,
    band_of,
    has_band,
    headline_against,
    headline_difference,
    headline_value,
    median_text,
    members_of,
)
from dudley_sd.results.derived import difference_in_demand, hospital_services, ways_from
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, fitting, run_name
from dudley_sd.results.excel import Words, save_workbook, workbook
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import WAYS, funding_finding
from dudley_sd.results.headlines import Headline, headlines
from dudley_sd.results.provenance import provenance_table
from dudley_sd.results.table import (
    SIGNED_WHOLE,
    Content,
    Table,
    difference_format,
    number_format,
    unit_words,
    year_text,
)
from dudley_sd.text import POINTS

LEAD = ("Scenario", "Indicator", "Of", "Unit")
LEAD_WIDTHS = (22, 34, 36, 18)
YEAR_WIDTH = 10.5
MEANING_WIDTH = 90
SIGNED_TENTHS = "+#,##0.0;-#,##0.0;0"
EXTRAPOLATED = "* in italics: beyond the ONS table, whose last year's rates carry on."


def write_xlsx(
    results: xr.Dataset,
    path: Path | str,
    do_nothing: xr.Dataset | None = None,
    remarks: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write the workbook, whole or not at all; numbers are as the model gave them, rounded by their format.

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
    """
    facts = account(results, do_nothing)
    other = fitting(results, do_nothing)
    tables = []
    if all(name in results for name in required()):
        tables.append(_headlines(results, other))
    if other is not None:
        tables.append(do_nothing_sheet(results, other))
    for topic, names in topics().items():
        present = [name for name in names if indicators()[name].variable in results]
        if present:
            tables.append(_topic(results, topic, present))
    if all(name in results for name in Selection("departure")):
        tables.append(_departure(results, facts, other))
    tables.append(provenance_table(results))
    book = workbook(facts.headline, _read_me(facts, remarks, other is not None), tables)
    contract = f", contract: {facts.contract_title}" if facts.contract_title else ""
    book.properties.title = f"{facts.headline}, portfolio: {facts.portfolio_title}{contract}"
    return save_workbook(book, path)


def _read_me(facts: Account, remarks: Words, compared: bool) -> Mapping[str, Words]:
    projection = facts.projection[0].upper() + facts.projection[1:]
    rows = [
        ("What this is", f"Results of dudley_sd, a model of health and care. {facts.caveats[0]}"),
        ("Portfolio", f"{facts.portfolio_title}. {facts.portfolio_story}"),
        ("People", f"{projection}. {facts.turns_on_base}".strip()),
        ("Made by", facts.command),
        ("Made on", f"{facts.made[:10]} with dudley_sd {facts.version}"),
        ("Model file", f"SHA-256 {facts.model}"),
    ]
    if facts.comparison:
        rows.insert(2, (DO_NOTHING.capitalize(), facts.comparison))
    if facts.contract_title:
        rows.insert(2, ("Contract", f"{facts.contract_title}. {facts.contract_story}"))
    if facts.levers:
        rows.append(("Levers set", "; ".join(f"{name} = {value:g}" for name, value in facts.levers.items())))
    return {
        "": [*remarks, *rows],
        "Keep in mind": [("", text) for text in facts.caveats[1:]],
        "Scenarios": [
            (
                f"{scenario.title} ({STATUS_WORDS[scenario.status].lower()})",
                f"{scenario.story} {scenario.note}",
            )
            for scenario in facts.scenarios
        ],
        "Sheets": list(_contents(compared).items()),
    }


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
        ", ".join(
            topics()
        ): "Years across, a block of rows for each scenario; filter by scenario or indicator.",
        "Departure from ONS": "How far people in the model move away from the projection, and why.",
        "Notes and sources": "Every number that went in: its range, how it is known, where it is printed.",
    }


def _headlines(results: xr.Dataset, do_nothing: xr.Dataset | None) -> Table:
    titles = scenario_titles(results)
    rows: list[list[Content]] = []
    forms, first = [], set()
    funding = funding_finding(results, do_nothing)
    for item in headlines(results, do_nothing):
        first.add(len(rows))
        for words, unit, numbers, form in _statistics(item):
            rows.append([item.title, words, unit, *numbers])
            forms.append(form)
    return Table(
        "Headlines",
        "Headline numbers",
        [*([f"{funding}."] if funding else []), EXTRAPOLATED, _statistics_note(results)],
        ["Indicator", "Statistic", "Unit", *titles],
        rows,
        lead=3,
        forms=forms,
        widths=(58, 46, 14, *([24] * len(titles))),
        bold_rows=frozenset(first),
    )


def _statistics_note(results: xr.Dataset) -> str:
    members = members_of(results)
    if not members:
        return f"Each number is a {SINGLE_RUN}."
    return (
        f"Bold: the median of {members} runs with numbers drawn from their ranges. Between the ends lie 8 in "
        f"10 of them. Differences have the same draws on both sides. {MEDIANS_OF_DIFFERENCES}"
    )


def _statistics(item: Headline) -> Iterator[tuple[str, str, list[Content], str]]:
    """Rows of a headline, what is told first before the others: statistic, unit, numbers and their form."""

    def contents(values: xr.DataArray) -> list[Content]:
        return [_number_or_text(item, float(value)) for value in values.to_numpy()]

    if item.band is None:
        yield SINGLE_RUN, item.unit, contents(item.values), item.number_format
        return
    for statistic, words in STATISTIC_WORDS.items():
        yield words, item.unit, contents(item.band.sel(statistic=statistic)), item.number_format
    if item.difference is not None:
        for statistic, words in STATISTIC_WORDS.items():
            unit, values, form = item.difference_for_excel(item.difference.sel(statistic=statistic))
            yield f"difference from {DO_NOTHING}, {words}", unit, values.to_numpy().tolist(), form


def _number_or_text(item: Headline, number: float) -> float | str:
    words = item.form(number)
    return words if pd.isna(number) or (item.in_words and not words.isdigit()) else number


def _topic(results: xr.Dataset, topic: str, names: list[str]) -> Table:
    years = year_text(results)
    notes = [EXTRAPOLATED] if any(year.endswith("*") for year in years) else []
    notes.append(f"Each number is a {SINGLE_RUN}.")
    return _by_year(topic, f"{topic}, {results.attrs['footprint_name']}", notes, results, names)


def _by_year(name: str, title: str, notes: Sequence[str], results: xr.Dataset, names: Sequence[str]) -> Table:
    """Return a table of variables: a block of rows for each scenario, years across."""
    years = year_text(results)
    chosen = [_indicator_array(results, name) for name in names]
    lines = [
        ([title, *line], form)
        for place, title in enumerate(scenario_titles(results))
        for array in chosen
        for line, form in _lines(array.isel(scenario=place))
    ]
    return Table(
        name,
        title,
        notes,
        [*LEAD, *years, "What it means"],
        [line for line, _ in lines],
        lead=len(LEAD),
        forms=[form for _, form in lines],
        widths=(*LEAD_WIDTHS, *([YEAR_WIDTH] * len(years)), MEANING_WIDTH),
        bold_columns=(1,),
        block=0,
    )


def _indicator_array(results: xr.Dataset, key: str) -> xr.DataArray:
    """Return a variable, or the indicator that another name or one element of it is shown by."""
    row = indicators()[key]
    if row.address == key:
        return results[key]
    array = row.of(results).rename(key)
    known = str(array.attrs.get("model_name", row.variable.replace("_", " ")))
    element = f", {element_text(row.element)}" if row.element else ""
    return array.assign_attrs(model_name=row.title or known + element)


def _lines(array: xr.DataArray) -> Iterator[tuple[list[Content], str]]:
    """Rows of one variable, one for each combination of its subscripts, and how Excel writes them."""
    name, unit = str(array.name), str(array.attrs["units"])
    indicator = str(array.attrs.get("model_name", name.replace("_", " ")))
    subscripts = [str(dim) for dim in array.dims if dim != "year"]
    form, of_unit = number_format(name, unit), unit_words(unit, share=is_share(name))
    words = [[element_text(str(element)) for element in array[dim].values] for dim in subscripts]
    lines = array.transpose(*subscripts, "year").values.reshape(-1, array.sizes["year"])
    for elements, values in zip(product(*words), lines, strict=True):
        lead = [indicator[0].upper() + indicator[1:], ", ".join(elements), of_unit]
        yield [*lead, *values.tolist(), str(array.attrs["long_name"])], form


def _departure(results: xr.Dataset, facts: Account, do_nothing: xr.Dataset | None) -> Table:
    """Return what the last year's departure is and what explains it, and below it the same for every year."""
    years = year_text(results)
    notes = [
        f"The projection is the {facts.projection}. People in the model = projection + births + deaths "
        "+ migration, each as its part of the departure.",
        "Deaths: plus are people who live although the projection lets them die, minus the opposite.",
        "Cause: prevention, care planning, continuity and access change how many people have several "
        "conditions, and they die more often.",
        EXTRAPOLATED,
    ]
    heads = ["Scenario", *(str(results[name].attrs["model_name"]) for name in Selection("departure"))]
    runs = [(results, "")] if do_nothing is None else [(results, ""), (do_nothing, f", {DO_NOTHING}")]
    rows: list[list[Content]] = []
    for run, what in runs:
        last = run[list(Selection("departure"))].isel(year=-1)
        for place, title in enumerate(scenario_titles(run)):
            numbers = [float(last[name].isel(scenario=place)) for name in Selection("departure")]
            rows.append([title + what, *numbers, numbers[2] / numbers[0]])
    return Table(
        "Departure from ONS",
        f"Departure from the ONS projection by {years[-1]}",
        notes,
        [head[0].upper() + head[1:] for head in (*heads, "as a share of projection")],
        rows,
        forms=[("", "#,##0", "#,##0", *[SIGNED_TENTHS] * 4, "+0.000%;-0.000%;0%")] * len(rows),
        widths=(22, 34, 22, 22, 20, 20, 20, 20, *([YEAR_WIDTH] * (len(years) - 4)), MEANING_WIDTH),
        bold_columns=(0,),
        below=_by_year("", "Year by year", (), results, list(Selection("departure"))),
    )


SHEET = f"Against {DO_NOTHING}"
COMPARED_HEADS = ("Scenario", "Indicator", "Run", "Unit")
COMPARED_WIDTHS = (22, 36, 52, 18)
RELATIVE = "+0.0%;-0.0%;0.0%"


@dataclass(frozen=True)
class ComparedLine:
    """A row of the sheet: what it is, and its numbers with dims (scenario, year)."""

    indicator: str
    run: str
    unit: str
    values: xr.DataArray
    form: str


def do_nothing_sheet(results: xr.Dataset, do_nothing: xr.Dataset) -> Table:
    """Return the sheet of runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`."""
    years = year_text(results)
    notes = [
        f"Difference: the run {run_name(results)} less {DOING_NOTHING}, in which no intervention is put in "
        "place, the contract is as now and all else is the same. The ways in which it comes about "
        "add up to that of the single run.",
        "* in italics: beyond the ONS table, whose last year's rates carry on.",
    ]
    if has_band(results):
        notes[0] += f" {MEDIANS_OF_DIFFERENCES}"
    lines = [*_services(results, do_nothing), *_indicators(results, do_nothing)]
    titles = scenario_titles(results)
    return Table(
        SHEET,
        f"{SHEET}, {results.attrs['footprint_name']}",
        notes,
        [*COMPARED_HEADS, *years],
        [
            [
                title,
                line.indicator,
                line.run,
                line.unit,
                *line.values.isel(scenario=place).to_numpy().tolist(),
            ]
            for place, title in enumerate(titles)
            for line in lines
        ],
        lead=len(COMPARED_HEADS),
        forms=[line.form for _ in titles for line in lines],
        widths=(*COMPARED_WIDTHS, *([YEAR_WIDTH] * len(years))),
        bold_columns=(1,),
        block=0,
    )


def _services(results: xr.Dataset, do_nothing: xr.Dataset) -> Iterator[ComparedLine]:
    if not all(name in run for run in (results, do_nothing) for name in ways_from()):
        return
    ways = difference_in_demand(results, do_nothing)
    of = f"of the difference, {SINGLE_RUN}" if has_band(results) else "of the difference"
    relative = headline_against(results, do_nothing, "hospital_activity_share_against_do_nothing")
    for service in hospital_services():
        what = (service, "a year", "#,##0")
        yield from _compared_rows(what, results, do_nothing, "hospital_activity", {"service": service})
        share = f"difference as a share of {DO_NOTHING}{median_text(results)}"
        yield ComparedLine(service, share, "% of whole", relative.sel(service=service), RELATIVE)
        for name, words in WAYS.items():
            part = -ways[name].sel(service=service)
            if bool((np.abs(part) >= 0.5).any()):
                yield ComparedLine(service, f"{of}: {words}", "a year", part, SIGNED_WHOLE)


def _indicators(results: xr.Dataset, do_nothing: xr.Dataset) -> Iterator[ComparedLine]:
    for name in Selection("against"):
        if name in results and name in do_nothing:
            here = results[name]
            indicator = str(here.attrs.get("model_name", name.replace("_", " ")))
            unit = str(here.attrs["units"])
            words = unit_words(unit, share=is_share(name))
            form = number_format(name, unit)
            what = (indicator[0].upper() + indicator[1:], words, form)
            yield from _compared_rows(what, results, do_nothing, name, {})


def _compared_rows(
    what: tuple[str, str, str],
    results: xr.Dataset,
    do_nothing: xr.Dataset,
    key: str,
    element: Mapping[str, str],
) -> Iterator[ComparedLine]:
    """Run, do nothing and difference of an indicator: its name, unit and format.

    With a band all four statistics of run and difference, and the median of do nothing.
    """
    indicator, unit, form = what
    change, scale = (POINTS, 100) if unit == "% of whole" else (unit, 1)
    run, apart = band_of(results, key), band_of(results, key + DIFFERENCE)
    there = headline_value(do_nothing, key).sel(element)
    beside = ComparedLine(indicator, f"{DO_NOTHING}{median_text(do_nothing)}", unit, there, form)
    if run is None or apart is None:
        yield ComparedLine(
            indicator, run_name(results), unit, headline_value(results, key).sel(element), form
        )
        yield beside
        difference = headline_difference(results, do_nothing, key).sel(element)
        yield ComparedLine(indicator, "difference", change, scale * difference, difference_format(form))
        return
    for statistic, words in STATISTIC_WORDS.items():
        here = run.sel({**element, "statistic": statistic})
        yield ComparedLine(indicator, f"{run_name(results)}, {words}", unit, here, form)
    yield beside
    for statistic, words in STATISTIC_WORDS.items():
        here = scale * apart.sel({**element, "statistic": statistic})
        yield ComparedLine(indicator, f"difference, {words}", change, here, difference_format(form))

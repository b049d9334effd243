"""Compare has the numbers of the files of ``dudley-sd compare``: change, per head, differences and regret."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from dudley_dashboard.pages.compare.charts import long_table
from dudley_dashboard.pages.compare.data import (
    CompareQuery,
    LabelledRun,
    Regrets,
    labels_of,
    regrets,
    run_labels,
)
from dudley_dashboard.pages.compare.text import distance
from dudley_dashboard.pages.footprints.data import FootprintsQuery
from dudley_dashboard.pages.footprints.page import long_table as footprints_table
from dudley_dashboard.series import ABSOLUTE, CHANGE, DIFFERENCE, PER_1000, people_of_rate

from dudley_sd.indicators import COMPARED, JUDGED, Indicator
from dudley_sd.request import Request
from dudley_sd.results.band import HIGH, LOW, MEDIAN
from dudley_sd.results.export import write_comparison
from tests.dashboard.command_line import comparison

PLAN = Request("state_supreme")
ELSEWHERE = "official_future.as_evidenced.as_now"
END = 2033
WAYS = {
    "value": (ABSOLUTE, "do_nothing", "value"),
    "per_1000": (PER_1000, "do_nothing", "per_1000"),
    "change_since_2018": (CHANGE, "do_nothing", "change_since_2018"),
    "from_do_nothing": (DIFFERENCE, "do_nothing", "difference"),
    "from_official_future": (DIFFERENCE, ELSEWHERE, "difference"),
}
"""Column of the file, way of the page, case that differences are from and column of the page's own file."""

OF_FOOTPRINTS = ("value", "per_1000", "change_since_2018", "from_do_nothing")
"""Columns that the page Footprints has too, by the same names."""

SHEETS = {
    "value": "Absolute",
    "per_1000": "Per 1,000 people",
    "change_since_2018": "Change since 2018",
    "from_do_nothing": "Against do nothing",
    "from_official_future": "From Official Future",
}
RUN = ("As evidenced", "State Supreme")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """Files of the command, by ending."""
    made = write_comparison(comparison(), tmp_path_factory.mktemp("compare"), name="all")
    return {path.suffix: path for path in made}


@pytest.fixture(scope="module")
def book(files) -> dict[str, list[tuple]]:
    """Rows of the sheets of the workbook."""
    sheets = openpyxl.load_workbook(files[".xlsx"], read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in sheets}


@pytest.fixture(scope="module")
def choices() -> CompareQuery:
    return CompareQuery.read(PLAN, {"futures": ("official_future",)})[0]


@pytest.fixture(scope="module")
def told(choices) -> dict[str, LabelledRun]:
    """The page's cases, by key."""
    found, notes = run_labels(labels_of(choices)[0])
    assert notes == []
    return {each.label.key: each for each in found}


@pytest.fixture(scope="module")
def found(choices) -> Regrets:
    """The page's regret."""
    return regrets(choices)


def page_numbers(told: dict[str, LabelledRun], column: str, indicator: Indicator) -> list[float]:
    """Median and ends of the plan at the end, in the unit of the page; per 1,000 people."""
    way, reference, _ = WAYS[column]
    series = told["plan"].series(indicator.key, way, told[reference])
    if series.way != way:  # the page shows the number itself where a rate says nothing
        return [np.nan] * 3
    scale = indicator.scale * (people_of_rate(indicator) / 1000 if way == PER_1000 else 1)
    return [float(each[-1]) / scale for each in (series.values, series.low, series.high)]


@pytest.mark.parametrize("column", WAYS)
def test_the_page_and_its_file_have_the_numbers_of_the_table(told, files, column):
    table = pd.read_csv(files[".csv"])
    rows = table[(table["year"] == END) & (table["scenario"] == PLAN.scenario)]
    rows = rows[rows["portfolio"] == PLAN.portfolio].set_index(["indicator", "statistic"])[column]
    _, reference, own = WAYS[column]
    page = long_table([told["plan"]], told[reference])
    page = page[page["year"] == END].set_index("indicator")[[f"{own}{end}" for end in ("", "_low", "_high")]]
    for key, indicator in COMPARED.items():
        wanted = [rows[key, statistic] / indicator.scale for statistic in (MEDIAN, LOW, HIGH)]
        numbers = page_numbers(told, column, indicator)
        assert numbers == pytest.approx(wanted, rel=1e-8, abs=1e-8, nan_ok=True), key
        assert page.loc[indicator.title].tolist() == pytest.approx(
            numbers, rel=1e-9, abs=1e-9, nan_ok=True
        ), key


@pytest.mark.parametrize("column", WAYS)
def test_the_page_has_the_numbers_of_the_workbook(told, book, column):
    rows = {row[4]: row for row in book[SHEETS[column]] if (row[1], row[3]) == RUN}
    for indicator in COMPARED.values():
        median = page_numbers(told, column, indicator)[0]
        if not np.isnan(median):
            factor = (1e6 if indicator.unit == "£m" else indicator.scale) if column == "per_1000" else 1
            assert rows[indicator.title][-1] == pytest.approx(median * factor, rel=1e-9, abs=1e-9), (
                indicator.key
            )
    unit = rows[COMPARED["overall_vacancy_rate"].title][5] if column != "per_1000" else "percentage points"
    assert unit == ("%" if column == "value" else "percentage points")


@pytest.fixture(scope="module")
def footprint() -> pd.DataFrame:
    """Rows of the plan in the file of the page Footprints, of each indicator, at the end."""
    choices = [replace(FootprintsQuery.default(PLAN), areas=("dudley",), indicator=key) for key in COMPARED]
    table = pd.concat([footprints_table(each) for each in choices])
    return table[(table["run"] == "your plan") & (table["year"] == END)].set_index("indicator")


@pytest.mark.parametrize("column", OF_FOOTPRINTS)
def test_footprints_has_the_numbers_of_the_table(footprint, files, column):
    table = pd.read_csv(files[".csv"])
    rows = table[(table["year"] == END) & (table["scenario"] == PLAN.scenario)]
    rows = rows[rows["portfolio"] == PLAN.portfolio].set_index(["indicator", "statistic"])[column]
    for key, indicator in COMPARED.items():
        wanted = [rows[key, statistic] / indicator.scale for statistic in (MEDIAN, LOW, HIGH)]
        numbers = footprint.loc[indicator.title, [f"{column}{end}" for end in ("", "_low", "_high")]]
        assert numbers.tolist() == pytest.approx(wanted, rel=1e-8, abs=1e-8, nan_ok=True), key


def test_the_page_has_the_regret_of_the_workbook(found, book):
    told = {(row[1], row[2], row[6]): row for row in book["Regret"] if row[6]}
    for _, row in found.regret.iterrows():
        indicator = COMPARED[row["indicator"]]
        option = "No portfolio" if row["portfolio"] == "Do nothing" else row["portfolio"]
        future = comparison().titles["scenario"][row["scenario"]]
        there = told[indicator.title, option, future]
        mine = [
            row[name] / indicator.scale for name in ("regret", "value", "best", "regret_low", "regret_high")
        ]
        assert [there[5], *there[7:]] == pytest.approx(mine, rel=1e-9, abs=1e-9), (
            indicator.key,
            option,
            future,
        )


def test_the_page_has_the_largest_regret_of_the_web_page(found, files):
    section = (
        files[".html"].read_text(encoding="utf-8").partition('id="regret"')[2].partition("</section>")[0]
    )
    heads = [unescape(each) for each in re.findall(r'<th scope="col" class="head">(.*?)</th>', section)]
    cells = {
        unescape(name): [unescape(each) for each in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for name, row in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', section)
    }
    seen = 0
    for judge in JUDGED:
        indicator = COMPARED[judge]
        if found.by(judge).empty:
            continue
        place = next(place for place, head in enumerate(heads) if head.startswith(indicator.title))
        for _, row in found.by(judge).iterrows():
            words = [
                distance(float(row[name]), indicator) for name in ("regret", "regret_low", "regret_high")
            ]
            told = cells[row["portfolio"]][place]
            numbers = [each.removesuffix(f" {indicator.unit}") for each in words]
            assert told.startswith(f"{numbers[0]}<small>"), (judge, row["portfolio"])
            assert f"8 in 10: {numbers[1]} to {numbers[2]}" in told
            seen += 1
    assert seen == len(found.worst)

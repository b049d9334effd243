"""The dashboard has the numbers of every file of the same request, and of the drawing of its picture."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

import dudley_sd
from dudley_sd.results.band import (
    BAND,
    DIFFERENCE,
    HIGH,
    LOW,
    MEDIAN,
    SINGLE,
    STATISTIC_WORDS,
    STATISTICS,
    band_of,
    bands,
)
from dudley_sd.results.derived import banded
from dudley_sd.results.export import read_results, write_all
from dudley_sd.results.picture import picture
from tests.dashboard.test_one_number import PLAN, numbers

END = 2033
HOLDER = {"body": "Holder"}
NUMBER = re.compile(r"[+−]?£?[\d,]+(?:\.\d+)?(?:%|m)?(?: short| more| deficit| surplus)?|no gap")


class Told(NamedTuple):
    """An indicator as files tell it: key, element, what it is divided by, and what rounding may take."""

    key: str
    scale: float = 1
    rounding: float = 0.5
    element: dict[str, str] | None = None

    def band(self, end: str = "") -> dict[str, float]:
        """Numbers of the dashboard by statistic; with `DIFFERENCE` from do nothing, of a shift none."""
        band = band_of(numbers()[0], self.key + end)
        if band is None:
            return {}
        here = band.isel(scenario=0).sel({"year": END, **(self.element or {})})
        return {each: float(here.sel(statistic=each)) / self.scale for each in STATISTICS}


HEADLINES = {
    "People, 2033*": Told("total_population", rounding=50),
    "People aged 75 and over, 2033*": Told("people_75_and_over", rounding=50),
    "A&E attendances, 2033*": Told("a_and_e_attendances", rounding=50),
    "Planned shift landed, 2033*": Told("landed_share", 0.01),
    "People in hospital for each 100 beds open, 2033*": Told("pressure_on_beds", 0.01),
    "Posts that stand empty, 2033*": Told("overall_vacancy_rate", 0.01),
    "Contract holder: balance in the year 2033*": Told("margin", element=HOLDER),
    "GPs in post, 2033*": Told("gp_wte"),
    "GP gap, 2033*": Told("gp_gap"),
}
SHARES = ("landed_share", "pressure_on_beds", "overall_vacancy_rate")
"""In workbooks as Excel keeps shares, of 1, differences in points; beds as they are read, for each 100."""

ADMISSIONS = Told("hospital_activity", element={"service": "Overnight emergency admissions"})


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """Every file of the request, as the command line writes them."""
    nothing = PLAN.do_nothing()
    run, other = (
        dudley_sd.run([each.scenario], portfolio=each.portfolio, contract=each.contract, band=True)
        for each in (PLAN, nothing)
    )
    made = write_all(run, tmp_path_factory.mktemp("files"), name="one", do_nothing=other)
    return {path.suffix: path for path in made}


@pytest.fixture(scope="module")
def stored(files) -> xr.Dataset:
    """What the NetCDF file gives back."""
    return read_results(files[".nc"])


@pytest.fixture(scope="module")
def html(files) -> str:
    """Text of the page."""
    return files[".html"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawn(stored) -> Figure:
    """The picture, not yet pixels."""
    nothing = dudley_sd.run([PLAN.scenario], portfolio="none", band=True)
    return picture(stored, nothing)


def test_netcdf_has_every_band_of_the_dashboard(stored):
    mine = numbers()[0]
    assert bands(stored) == bands(mine)
    for name in bands(mine):
        np.testing.assert_allclose(stored[name], mine[name], rtol=1e-9, atol=1e-9, err_msg=name)
    for key, indicator in banded().items():
        single = band_of(stored, key).sel(statistic=SINGLE)
        own = indicator.recipe(stored).transpose(*single.dims)
        np.testing.assert_allclose(single, own, rtol=1e-9, atol=1e-9, err_msg=key)


def test_csv_has_every_band_of_the_dashboard(files):
    table = pd.read_csv(files[".csv"], low_memory=False)
    last = table[(table["year"] == END) & (table["scenario"] == PLAN.scenario)]
    mine = numbers()[0]
    for name in bands(mine):
        band = mine[name].isel(scenario=0)
        expected = (band.sel(year=END) if "year" in band.dims else band).to_series().dropna()
        if "year" not in band.dims or expected.empty:
            continue
        names = list(expected.index.names)
        rows = last[last["variable"] == name.removesuffix(BAND)]
        found = rows.set_index(names)["value"] if len(names) > 1 else rows.set_index(names[0])["value"]
        np.testing.assert_allclose(found.loc[list(expected.index)], expected, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("title", HEADLINES)
def test_the_workbook_has_the_headlines_of_the_dashboard(files, title):
    book = _book(files[".xlsx"])
    told = HEADLINES[title]
    scale = 100 if told.key in SHARES and told.key != "pressure_on_beds" else 1
    for end, prefix in (("", ""), (DIFFERENCE, "difference from do nothing, ")):
        for statistic, value in told.band(end).items():
            written = book[title, prefix + STATISTIC_WORDS[statistic]]
            factor = 1 if end else scale
            assert written * factor == pytest.approx(value, rel=1e-9, abs=1e-9), (end, statistic)


@pytest.mark.parametrize("title", HEADLINES)
def test_the_page_has_the_headlines_of_the_dashboard(html, title):
    told = HEADLINES[title]
    row = re.search(
        rf">{re.escape(title.replace('&', '&amp;'))}(?: \(WTE\))?</th>(.*?)</tr>", html, re.DOTALL
    )
    assert row is not None
    found = re.findall(r"<(?:b|small)[^>]*>(.*?)</(?:b|small)>", row.group(1))
    bold, *small = (unescape(each) for each in found)
    within = {"abs": told.rounding + 1e-6}
    here, apart = told.band(), told.band(DIFFERENCE)
    assert _numbers(bold) == pytest.approx([here[MEDIAN]], **within)
    assert _numbers(_line(small, "single run:")) == pytest.approx([here[SINGLE]], **within)
    ends = _numbers(_line(small, "8 in 10 runs:"))
    assert (ends[0], ends[-1]) == pytest.approx((here[LOW], here[HIGH]), **within)
    assert bool(apart) == (told.key != "landed_share")  # which says nothing where nothing is planned
    if apart:
        words = re.sub(r"(\d+)(?: GPs?)? smaller", r"−\1", _line(small, "doing nothing"))
        median, *ends = _numbers(words.replace("8 in 10 runs", ""))
        ends = ends or [median]
        assert median == pytest.approx(apart[MEDIAN], **within)
        assert (ends[0], ends[-1]) == pytest.approx((apart[LOW], apart[HIGH]), **within)


def test_page_and_workbook_have_the_emergency_admissions_and_the_balance_of_the_dashboard(files, html):
    rows = openpyxl.load_workbook(files[".xlsx"], read_only=True)["Against do nothing"]
    against = {(row[1], row[2]): row[-1] for row in rows.iter_rows(values_only=True) if row[2]}
    run = str(next(name for _, name in against if name.endswith(", median"))).removesuffix(", median")
    for statistic, words in STATISTIC_WORDS.items():
        for end, name in (("", f"{run}, {words}"), (DIFFERENCE, f"difference, {words}")):
            value = ADMISSIONS.band(end)[statistic]
            assert against["Overnight emergency admissions", name] == pytest.approx(value, rel=1e-9)
            line = f"{run}: {words}" if not end else f"difference from do nothing: {words}"
            assert _by_year(html, "Overnight emergency admissions a year", line) == pytest.approx(
                value, abs=0.51
            )
        gain = Told("system_balance").band(DIFFERENCE)[statistic]
        written = _by_year(html, "System balance against doing nothing", f"added up since mid-2018: {words}")
        assert written == pytest.approx(gain, abs=0.051)
        title = "System balance added up to 2033*, against doing nothing"
        assert _book(files[".xlsx"])[title, words] == pytest.approx(gain, rel=1e-9)
    assert ADMISSIONS.band()[MEDIAN] == pytest.approx(Told("overnight_admissions").band()[MEDIAN])


@pytest.mark.parametrize(
    ("unit", "key", "nothing"), [("GP gap, WTE", "gp_gap", True), ("share landed", "landed_share", False)]
)
def test_the_picture_draws_the_numbers_of_the_dashboard(drawn, unit, key, nothing):
    axes = next(each for each in drawn.axes if each.get_ylabel().replace("\n", " ") == unit)
    band = band_of(numbers()[0], key).isel(scenario=0)
    lines = {
        (line.get_linestyle(), line.get_linewidth()): line.get_ydata()
        for line in axes.lines
        if len(line.get_xdata()) == band.sizes["year"]
    }
    np.testing.assert_allclose(lines["-", 2.6], band.sel(statistic=MEDIAN))
    np.testing.assert_allclose(lines["-", 0.9], band.sel(statistic=SINGLE))
    low, high = (band.sel(statistic=each).to_numpy() for each in (LOW, HIGH))
    known = ~np.isnan(low)
    area = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert {*np.round(area, 9)} == {*np.round(low[known], 9), *np.round(high[known], 9)}
    if nothing:
        other = band_of(numbers()[1], key).isel(scenario=0).sel(statistic=MEDIAN)
        np.testing.assert_allclose(lines[":", 1.3], other)


def test_the_picture_draws_the_hospital_services_of_the_dashboard(drawn):
    band = band_of(numbers()[0], "hospital_activity_since_2018").isel(scenario=0, year=-1)
    there = band_of(numbers()[1], "hospital_activity_since_2018").isel(scenario=0, year=-1)
    for service in ("A&E attendances", "Overnight emergency admissions"):
        axes = next(each for each in drawn.axes if each.get_label() == service)
        ends, apart, *_ = (np.asarray(line.get_xdata(), float) for line in axes.lines)
        here = band.sel(service=service)
        assert tuple(ends) == pytest.approx([float(here.sel(statistic=each)) for each in (LOW, HIGH)])
        nothing = float(there.sel(service=service, statistic=MEDIAN))
        assert tuple(apart) == pytest.approx([nothing, float(here.sel(statistic=MEDIAN))])


def test_figures_of_the_page_draw_the_numbers_of_the_dashboard(html):
    charts = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)[1])
    for name, key in (("gps-missing", "gp_gap"), ("landed-share", "landed_share")):
        band = band_of(numbers()[0], key).isel(scenario=0)
        traces = charts["charts"][name]["wide"]["data"]
        lines = [_values(each["y"]) for each in traces if each["mode"] == "lines"]
        for statistic in STATISTICS:
            expected = band.sel(statistic=statistic).to_numpy()
            assert any(np.allclose(line, expected, equal_nan=True) for line in lines), (key, statistic)


def _book(path: Path) -> dict[tuple[str, str], float]:
    """Numbers of the sheet Headlines by title and statistic."""
    rows = openpyxl.load_workbook(path, read_only=True)["Headlines"].iter_rows(values_only=True)
    return {(row[0], row[1]): row[3] for row in rows if row[1]}


def _by_year(html: str, caption: str, line: str) -> float:
    """Last number of a line of a table."""
    table = html.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    row = next(each for each in table.split("</tr>") if f">{line}</th>" in each)
    return _numbers(unescape(re.findall(r"<td>(.*?)</td>", row)[-1]))[0]


def _line(lines: list[str], words: str) -> str:
    """The line with these words, without them where it begins so."""
    return next(each for each in lines if words in each).removeprefix(words)


def _numbers(text: str) -> list[float]:
    """Numbers of a text with the sign that their words give them: ``£44m deficit`` is -44."""
    found = []
    for each in NUMBER.findall(text):
        size = 0.0 if each == "no gap" else float(re.sub(r"[^\d.]", "", each))
        found.append(-size if each.startswith("−") or each.endswith((" more", " deficit")) else size)
    return found


def _values(y: object) -> np.ndarray:
    """Numbers of a line as Plotly stores them: a list, or bytes in base 64."""
    if isinstance(y, dict):
        return np.frombuffer(base64.b64decode(y["bdata"]), dtype=y["dtype"]).astype(float)
    return np.array([np.nan if each is None else each for each in y], dtype=float)

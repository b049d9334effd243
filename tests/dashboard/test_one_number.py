"""One question has one number: the indicators of one request, walked through pages, files and the picture."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from dudley_dashboard.api import look
from dudley_dashboard.pages.compare.charts import long_table
from dudley_dashboard.pages.compare.data import CompareQuery, LabelledRun, labels_of, run_labels
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import Ensemble
from dudley_dashboard.runs import with_bands
from dudley_dashboard.series import ABSOLUTE, DIFFERENCE

from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request
from dudley_sd.results.band import headline_difference, headline_value
from dudley_sd.results.derived import banded
from tests.dashboard.explore_page import READY, tile
from tests.dashboard.waiting import until

PLAN = Request("state_supreme", contract="dudley_mcp")
TILES = {
    "gp_gap": "gp_gap",
    "landed": "landed_share",
    "occupancy": "pressure_on_beds",
    "shortfall": "system_shortfall",
    "gain": "system_balance",
}
LONG = 240_000


@cache
def answer() -> Ensemble:
    """What the page Uncertainty shows as it opens."""
    return run_ensembles(EnsembleQuery(PLAN), lambda *_: None)


@cache
def numbers() -> tuple[xr.Dataset, xr.Dataset]:
    return with_bands(PLAN)


@cache
def compared() -> list[LabelledRun]:
    """Do nothing and the plan, as the page Compare shows them."""
    told, notes = run_labels(labels_of(CompareQuery.read(PLAN, {})[0])[0][:2])
    assert (notes, [each.label.key for each in told]) == ([], ["do_nothing", "plan"])
    return told


@cache
def written() -> pd.DataFrame:
    """The plan's rows of the file of the page Compare."""
    nothing, mine = compared()
    table = long_table([mine], nothing)
    return table[table["run"] == mine.letter]


@pytest.mark.parametrize("key", COMPARED)
def test_compare_and_its_file_have_the_numbers_of_uncertainty(key):
    nothing, mine = compared()
    shown = mine.series(key, ABSOLUTE, nothing)
    low, median, high = bands(answer().plan[key].isel(year=-1)).to_numpy()
    assert (shown.at(2033), shown.low[-1], shown.high[-1]) == pytest.approx((median, low, high), rel=1e-12)
    if not np.isnan(answer().nothing[key].isel(year=-1)).all():
        apart = (answer().plan[key] - answer().nothing[key]).isel(year=-1)
        difference = mine.series(key, DIFFERENCE, nothing)
        ends = (difference.at(2033), difference.low[-1], difference.high[-1])
        low, median, high = bands(apart).to_numpy()
        assert ends == pytest.approx((median, low, high), rel=1e-9, abs=1e-9)
    table = written()
    row = table[(table["indicator"] == COMPARED[key].title) & (table["year"] == 2033)]
    single = float(banded()[key].recipe(numbers()[0]).sel(year=2033).item())
    assert row["value"].item() == shown.at(2033) / COMPARED[key].scale
    assert row["single_run"].item() * COMPARED[key].scale == pytest.approx(single, rel=1e-9)


@pytest.mark.parametrize(("name", "key"), TILES.items())
def test_explore_has_the_numbers_of_the_picture_and_of_files(name, key):
    run, nothing = numbers()
    found = look(PLAN.address())["tiles"][name]
    assert found["run"][0] == headline_value(run, key).sel(year=2033).item()
    if found["difference"]:
        assert found["difference"][0] == headline_difference(run, nothing, key).sel(year=2033).item()


def test_the_page_explore_writes_them(page_at):
    page = page_at("/" + PLAN.address(), ready=READY)
    until(page, "document.querySelector('[data-tile=gp_gap]').innerText.includes('Median.')", timeout=LONG)
    gap = headline_value(numbers()[0], "gp_gap").sel(year=2033).item()
    assert gap > 0
    assert tile(page, "gp_gap") == f"{gap:.0f}"
    assert page.inner_text('[data-tile="gp_gap"] .explore-of').strip() == "short"
    landed = headline_value(numbers()[0], "landed_share").sel(year=2033).item()
    assert tile(page, "landed") == f"{100 * landed:.0f}%"
    title = page.locator(".explore-tile h3").first.inner_text()
    assert title == "GP gap, 2033"

"""Do nothing and the reference case are two runs: a page or file that names one has its numbers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dudley_dashboard.browser_model import browser_model, browser_outputs
from dudley_dashboard.downloads import plan_tables
from dudley_dashboard.pages.compare.charts import long_table
from dudley_dashboard.pages.compare.data import CompareQuery, labels_of, run_labels
from dudley_dashboard.pages.footprints.data import FootprintsQuery, areas_of
from dudley_dashboard.pages.how_it_works.data import ModelQuery
from dudley_dashboard.pages.how_it_works.variable import courses_of
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, request_of, run_ensembles
from dudley_dashboard.runs import indicators_of, run
from dudley_dashboard.series import ABSOLUTE

from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.members import run_block
from dudley_sd.ensembles.plan import plan_ensemble
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.request import Request
from tests.dashboard.explore_page import MODULE

GAP = "gp_gap"
CENTRAL = 1e-9
"""Tolerance between our engines, of the size of a series."""

ELSEWHERE = Request(
    "state_supreme",
    "as_evidenced",
    "dudley_mcp",
    settings={"GDP growth": 0.01, "coverage[MDT]": 0.9},
)
"""Another future, a lever on the outside world and one on the portfolio, a portfolio and a contract."""

AT_HOME = Request()
"""Official Future and no lever: doing nothing is the reference case."""

IN_BROWSER = (
    f"async ([prefix, search]) => {{ {MODULE}"
    + """
  const E = Object.assign({}, await module("engine.js"), await module("request.js"));
  const area = await E.loadArea(prefix, "dudley");
  const plan = E.readRequest(search, area);
  const plans = [plan, E.referenceCase(plan), E.doNothing(plan, area)];
  return (await area.engine.run(plans)).map((run) => Array.from(run));
}"""
)


def gp_gap(plan: Request, first: int | None = None) -> np.ndarray:
    """GP gap by year, from the first that is wanted, as anybody's run of a plan has them."""
    return run(plan)[GAP].isel(scenario=0).sel(year=slice(first, None)).to_numpy()


def same(found: np.ndarray, plan: Request) -> None:
    assert np.asarray(found, dtype=float) == pytest.approx(gp_gap(plan, PROJECTED), rel=CENTRAL, abs=1e-7)


def test_the_two_are_unlike_where_the_world_is_another_and_one_where_it_is_not():
    assert ELSEWHERE.reference_case() == Request("official_future", "none")
    assert ELSEWHERE.do_nothing() == Request("state_supreme", "none", settings={"GDP growth": 0.01})
    assert abs(gp_gap(ELSEWHERE.reference_case())[-1] - gp_gap(ELSEWHERE.do_nothing())[-1]) > 1
    assert AT_HOME.do_nothing() == AT_HOME.reference_case()


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_explore_in_the_browser(page_at, served, plan):
    page = page_at("/", ready="#explore[data-drawn]")
    prefix = "/" + served.split("/", 3)[3] + "/"
    found = page.evaluate(IN_BROWSER, [prefix, plan.address()])
    described = browser_model("dudley").described()
    place = described["outputs"][GAP]["place"]
    assert GAP in browser_outputs()
    for numbers, expected in zip(found, (plan, plan.reference_case(), plan.do_nothing()), strict=True):
        rows = np.array(numbers, dtype=float).reshape(len(described["years"]), described["series"])
        same(rows[:, place], expected)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_compare_and_its_file(plan):
    told, notes = run_labels(labels_of(CompareQuery.read(plan, {})[0])[0])
    assert notes == []
    titles = {each.label.title.partition(" (")[0]: each for each in told}
    expected = {"Do nothing": plan.do_nothing()}
    if plan.do_nothing() != plan.reference_case():
        expected["Reference case"] = plan.reference_case()
    assert expected.keys() <= titles.keys()
    assert ("Reference case" in titles) == (len(expected) == 2)
    table = long_table(told, told[0])
    for title, each in expected.items():
        assert titles[title].request == each
        gap = gp_gap(each, PROJECTED)
        assert titles[title].runs[GAP].isel(member=0).to_numpy() == pytest.approx(gap, rel=CENTRAL, abs=1e-7)
        mine = table[(table["run"] == titles[title].letter) & (table["indicator"] == COMPARED[GAP].title)]
        assert mine.loc[mine["year"] == 2033, "single_run"].item() == pytest.approx(gap[-1], rel=1e-6)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_footprints(plan):
    query = replace(FootprintsQuery.default(plan), areas=("dudley",), indicator=GAP)
    (area,), _ = areas_of(query, ("dudley",), ABSOLUTE)
    gap = gp_gap(plan.do_nothing(), PROJECTED)
    assert area.nothing.runs[0] == pytest.approx(gap, rel=CENTRAL, abs=1e-7)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_how_it_works(plan):
    courses = courses_of(ModelQuery(plan, variable=GAP))
    names = ["Your plan", "Do nothing, same future"]
    runs = [plan, plan.do_nothing()]
    if plan.do_nothing() != plan.reference_case():
        names.append("Reference case: Official Future, do nothing")
        runs.append(plan.reference_case())
    assert list(courses) == names
    for course, each in zip(courses.values(), runs, strict=True):
        same(course.to_numpy(), each)


def test_uncertainty_draws_the_same_numbers_for_the_plan_and_for_do_nothing():
    """Member by member: the runs beside the plan are those of do nothing, not those of the reference case."""
    asked = EnsembleQuery(ELSEWHERE, members=128, seed=3)
    answer = run_ensembles(asked, lambda *_: None)
    gaps = {}
    for name, plan in (("nothing", ELSEWHERE.do_nothing()), ("reference_case", ELSEWHERE.reference_case())):
        job = make_job(plan_ensemble(request_of(plan, 128, 3)), every_lever=True)
        blocks = [run_block(job, block).outputs[GAP][0] for block in range(job.blocks)]
        gaps[name] = np.concatenate(blocks)[:, -1]
    shown = answer.nothing[GAP].isel(year=-1).to_numpy()
    assert shown == pytest.approx(gaps["nothing"], rel=CENTRAL, abs=1e-7)
    assert shown != pytest.approx(gaps["reference_case"], rel=CENTRAL, abs=1e-7)
    central = answer.swings.loc[answer.swings["variable"] == GAP, "at_central"]
    assert central.to_numpy() == pytest.approx(gp_gap(ELSEWHERE)[-1], rel=CENTRAL)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_files_are_called_what_they_hold(plan):
    archive = zipfile.ZipFile(io.BytesIO(plan_tables(plan)))
    held = {"plan.csv": plan, "do_nothing.csv": plan.do_nothing()}
    if plan.do_nothing() != plan.reference_case():
        held["reference_case.csv"] = plan.reference_case()
    csv = {name for name in archive.namelist() if name.endswith(".csv") and name != "sources.csv"}
    assert csv == set(held)
    for name, each in held.items():
        table = pd.read_csv(archive.open(name), low_memory=False)
        single = (table["variable"] == GAP) & (table["statistic"] == "single run")
        same(table.loc[single, "value"].to_numpy(), each)


def test_what_is_compared_is_what_is_run():
    """`indicators_of` and `run` are two ways to the same numbers."""
    for plan in (ELSEWHERE, ELSEWHERE.reference_case(), ELSEWHERE.do_nothing()):
        gap = indicators_of(plan)[GAP].isel(scenario=0).to_numpy()
        assert gap == pytest.approx(gp_gap(plan, PROJECTED), rel=CENTRAL, abs=1e-7)

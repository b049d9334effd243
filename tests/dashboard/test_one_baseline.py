"""Baseline and doing nothing are two runs: every page and file that names one has the numbers of it."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from dashboard.browser_model import browser_model
from dashboard.downloads import tables
from dashboard.measured import measures_of
from dashboard.outputs import OUTPUTS
from dashboard.pages.compare.cases import cases_of, tell
from dashboard.pages.compare.choices import read_choices as compare_choices
from dashboard.pages.compare.export import long_table
from dashboard.pages.footprints.areas import areas_of
from dashboard.pages.footprints.choices import Choices as FootprintChoices
from dashboard.pages.how_it_works.asked import Asked
from dashboard.pages.how_it_works.variable import courses_of
from dashboard.pages.uncertainty.asked import Asked as Ensemble
from dashboard.pages.uncertainty.work import request_of, work_out
from dashboard.plan import Plan
from dashboard.runs import baseline, doing_nothing, run
from dashboard.shown import ABSOLUTE, BY_KEY
from dashboard.view import View, search_of
from dudley_sd.ensembles.job import make_job, run_block
from dudley_sd.ensembles.plan import plan_ensemble

GAP = "gp_gap"
CENTRAL = 1e-9
"""Tolerance between our engines, of the size of a series."""

ELSEWHERE = Plan(
    "state_supreme",
    "as_planned",
    "dudley_mcp",
    levers={"GDP growth": 0.01, "coverage[MDT]": 0.9},
)
"""Another future, a lever on the outside world and one on the portfolio, a portfolio and a contract."""

AT_HOME = Plan()
"""Official Future and no lever: doing nothing is the baseline."""

IN_BROWSER = """async ([prefix, search]) => {
  const E = window.dudleyExplore;
  const area = await E.loadArea(prefix, "dudley");
  const plan = E.readPlan(search, area);
  const plans = [plan, E.baseline(plan, area), E.nothingDecided(plan, area)];
  return (await area.engine.run(plans)).map((run) => Array.from(run));
}"""


def gp_gap(plan: Plan) -> np.ndarray:
    """GPs missing by year, as anybody's run of a plan has them."""
    return run(plan)[GAP].isel(scenario=0).to_numpy()


def same(found: np.ndarray, plan: Plan) -> None:
    assert np.asarray(found, dtype=float) == pytest.approx(gp_gap(plan), rel=CENTRAL, abs=1e-7)


def test_the_two_are_unlike_where_the_world_is_another_and_one_where_it_is_not():
    assert baseline(ELSEWHERE) == Plan("official_future", "none")
    assert doing_nothing(ELSEWHERE) == Plan("state_supreme", "none", levers={"GDP growth": 0.01})
    assert abs(gp_gap(baseline(ELSEWHERE))[-1] - gp_gap(doing_nothing(ELSEWHERE))[-1]) > 1
    assert doing_nothing(AT_HOME) == baseline(AT_HOME)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_explore_in_the_browser(page_at, served, plan):
    page = page_at("/", ready="#explore[data-drawn]")
    prefix = "/" + served.split("/", 3)[3] + "/"
    found = page.evaluate(IN_BROWSER, [prefix, search_of(plan)])
    described = browser_model("dudley").described()
    place = described["outputs"][GAP]["place"]
    assert GAP in OUTPUTS
    for numbers, expected in zip(found, (plan, baseline(plan), doing_nothing(plan)), strict=True):
        rows = np.array(numbers, dtype=float).reshape(len(described["years"]), described["series"])
        same(rows[:, place], expected)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_compare_and_its_file(plan):
    """GPs missing in a comparison are counted from nothing up."""
    told, notes = tell(cases_of(compare_choices(plan, {})[0])[0])
    assert notes == []
    titles = {each.case.title.partition(" (")[0]: each for each in told}
    expected = {"Baseline": baseline(plan)}
    if doing_nothing(plan) != baseline(plan):
        expected["Doing nothing in this future"] = doing_nothing(plan)
    assert "Baseline" in titles
    assert ("Doing nothing in this future" in titles) == (len(expected) == 2)
    table = long_table(told, told[0])
    for title, each in expected.items():
        assert titles[title].case.plan == each
        missing = np.maximum(gp_gap(each), 0)
        assert titles[title].array[GAP].to_numpy() == pytest.approx(missing, rel=CENTRAL, abs=1e-7)
        mine = table[(table["run"] == titles[title].letter) & (table["measure"] == BY_KEY[GAP].title)]
        assert mine.loc[mine["year"] == 2033, "value"].item() == pytest.approx(missing[-1], rel=1e-6)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_footprints(plan):
    (area,), _ = areas_of(FootprintChoices(plan, ("dudley",), GAP, ABSOLUTE), ("dudley",), ABSOLUTE)
    missing = np.maximum(gp_gap(doing_nothing(plan)), 0)
    assert area.nothing.values == pytest.approx(missing, rel=CENTRAL, abs=1e-7)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_how_it_works(plan):
    courses = courses_of(View(plan), Asked(variable=GAP))
    names = ["Your plan", "Baseline: Official Future, nothing put in place"]
    runs = [plan, baseline(plan)]
    if doing_nothing(plan) != baseline(plan):
        names.append("Doing nothing in this future")
        runs.append(doing_nothing(plan))
    assert list(courses) == names
    for course, each in zip(courses.values(), runs, strict=True):
        same(course.to_numpy(), each)


def test_uncertainty_draws_the_same_numbers_for_the_plan_and_for_doing_nothing():
    """Member by member: the runs beside the plan are those of doing nothing, not those of the baseline."""
    asked = Ensemble(ELSEWHERE, members=128, seed=3)
    answer = work_out(asked, lambda *_: None)
    gaps = {}
    for name, plan in (("nothing", doing_nothing(ELSEWHERE)), ("baseline", baseline(ELSEWHERE))):
        job = make_job(plan_ensemble(request_of(plan, 128, 3)), every_lever=True)
        blocks = [run_block(job, block).outputs[GAP][0] for block in range(job.blocks)]
        gaps[name] = np.concatenate(blocks)[:, -1]
    shown = answer.nothing[GAP].isel(year=-1).to_numpy()
    assert shown == pytest.approx(gaps["nothing"], rel=CENTRAL, abs=1e-7)
    assert shown != pytest.approx(gaps["baseline"], rel=CENTRAL, abs=1e-7)
    central = answer.swings.loc[answer.swings["variable"] == GAP, "at_central"]
    assert central.to_numpy() == pytest.approx(gp_gap(ELSEWHERE)[-1], rel=CENTRAL)


@pytest.mark.parametrize("plan", [ELSEWHERE, AT_HOME], ids=["elsewhere", "at home"])
def test_files_are_called_what_they_hold(plan):
    archive = zipfile.ZipFile(io.BytesIO(tables(plan)))
    held = {"plan.csv": plan, "baseline.csv": baseline(plan)}
    if doing_nothing(plan) != baseline(plan):
        held["doing_nothing.csv"] = doing_nothing(plan)
    csv = {name for name in archive.namelist() if name.endswith(".csv") and name != "sources.csv"}
    assert csv == set(held)
    for name, each in held.items():
        table = pd.read_csv(archive.open(name), low_memory=False)
        same(table.loc[table["variable"] == GAP, "value"].to_numpy(), each)


def test_what_is_compared_is_what_is_run():
    """`measures_of` and `run` are two ways to the same numbers."""
    for plan in (ELSEWHERE, baseline(ELSEWHERE), doing_nothing(ELSEWHERE)):
        missing = measures_of(plan)[GAP].isel(scenario=0).to_numpy()
        assert missing == pytest.approx(np.maximum(gp_gap(plan), 0), rel=CENTRAL, abs=1e-7)

"""Two runs to hold a plan against: the reference case, and doing nothing in the plan's own future."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from dudley_dashboard import runs
from dudley_dashboard.runs import with_bands

from dudley_sd.ensembles import job
from dudley_sd.request import Request

LEVERS = {"GDP growth": 0.01, "coverage[MDT]": 0.9}
PLAN = Request("state_supreme", "as_evidenced", "risk_share", "walsall", "2022_principal", LEVERS)


def test_the_reference_case_is_official_future_of_the_same_people_whatever_the_plan():
    assert PLAN.reference_case() == Request("official_future", "none", "as_now", "walsall", "2022_principal")


def test_do_nothing_keeps_the_future_and_the_outside_world_of_the_plan():
    assert PLAN.do_nothing() == Request(
        "state_supreme", "none", "as_now", "walsall", "2022_principal", {"GDP growth": 0.01}
    )


def test_both_are_one_where_the_plan_has_the_usual_future_and_moves_nothing_outside():
    plan = Request(settings={"coverage[MDT]": 0.9})
    assert plan.do_nothing() == plan.reference_case()


def test_bands_that_are_there_wait_for_no_other_ensemble_and_no_compiler():
    plan = Request(settings={"coverage[MDT]": 0.9})
    first, _ = with_bands(plan)
    with ThreadPoolExecutor(1) as other, runs.ONE_AT_A_TIME, job._LOCK:
        again, _ = other.submit(with_bands, plan).result(timeout=60)
    assert again.identical(first)

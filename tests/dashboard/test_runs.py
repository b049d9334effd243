"""Two runs to hold a plan against: the reference case, and doing nothing in the plan's own future."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from dudley_dashboard import runs
from dudley_dashboard.plan import Plan
from dudley_dashboard.runs import do_nothing, reference_case, with_bands

from dudley_sd.ensembles import job

LEVERS = {"GDP growth": 0.01, "coverage[MDT]": 0.9}
PLAN = Plan("state_supreme", "nuka_ambition", "risk_share", "walsall", "2022_principal", LEVERS)


def test_the_reference_case_is_official_future_of_the_same_people_whatever_the_plan():
    assert reference_case(PLAN) == Plan("official_future", "none", "as_now", "walsall", "2022_principal")


def test_do_nothing_keeps_the_future_and_the_outside_world_of_the_plan():
    assert do_nothing(PLAN) == Plan(
        "state_supreme", "none", "as_now", "walsall", "2022_principal", {"GDP growth": 0.01}
    )


def test_both_are_one_where_the_plan_has_the_usual_future_and_moves_nothing_outside():
    plan = Plan(levers={"coverage[MDT]": 0.9})
    assert do_nothing(plan) == reference_case(plan)


def test_bands_that_are_there_wait_for_no_other_ensemble_and_no_compiler():
    plan = Plan(levers={"coverage[MDT]": 0.9})
    first, _ = with_bands(plan)
    with ThreadPoolExecutor(1) as other, runs.ONE_AT_A_TIME, job._LOCK:
        again, _ = other.submit(with_bands, plan).result(timeout=60)
    assert again.identical(first)

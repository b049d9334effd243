"""Does cutting a loop change what it should, in the direction it should?"""

from __future__ import annotations

import pytest
import xarray as xr


def by(results: xr.Dataset, name: str, **place: object) -> float:
    return float(results[name].sel(year=2033, **place))


def test_r1_overload_drives_gps_away(do_nothing: xr.Dataset, model_run):
    """R1: fewer GPs, more load, earlier retirement, fewer sessions. Cut it: more GPs in 2033."""
    cut = model_run(levers={"loop R1 switch": 0})

    assert by(cut, "gp_wte") > by(do_nothing, "gp_wte") + 5
    assert by(cut, "gp_heads") > by(do_nothing, "gp_heads")
    assert by(cut, "practice_load") < by(do_nothing, "practice_load")
    assert float(abs(cut["workload_acted_on"] - 1).max()) == 0, "the switch pins the link at its 2018 value"


def test_r2_people_turned_away_go_to_a_and_e(do_nothing: xr.Dataset, model_run):
    """R2, its first half: unmet same-day demand spills over. Cut it, and A&E sees fewer people in 2033."""
    cut = model_run(levers={"loop R2 switch": 0})

    assert by(cut, "a_and_e_attendances") < by(do_nothing, "a_and_e_attendances") - 5_000
    assert float(abs(cut["diverted_to_a_and_e"]).max()) == 0
    assert by(do_nothing, "diverted_to_a_and_e") > 0


def test_r3_shift_without_staff_returns_to_hospital(four_futures: xr.Dataset, model_run):
    """R3, its first half: without community staff the shift bounces back. Cut it, and everything lands."""
    live = four_futures.sel(scenario="official_future")
    cut = model_run(portfolio="as_evidenced", levers={"loop R3 switch": 0})

    assert by(live, "unlanded_share") > 0.1
    assert float(abs(cut["unlanded_shift"]).max()) == 0
    for service in ("AandE", "EmergencyAdmission", "EmergencyBedDay", "OutpatientFollowUp"):
        assert by(cut, "activity_after_shift", service=service) < by(
            live, "activity_after_shift", service=service
        )


def test_r2_and_r3_close_through_money(do_nothing: xr.Dataset, four_futures: xr.Dataset, model_run):
    """R2, R3: shift that stays in hospital costs money that posts outside hospital then lack."""
    without_spill = model_run(levers={"loop R2 switch": 0})
    all_landed = model_run(portfolio="as_evidenced", levers={"loop R3 switch": 0})
    live = four_futures.sel(scenario="official_future")

    assert by(without_spill, "acute_spending") < by(do_nothing, "acute_spending")
    assert by(without_spill, "commissioner_cover") > by(do_nothing, "commissioner_cover")
    assert by(without_spill, "establishment", staff="PracticeStaff") > by(
        do_nothing, "establishment", staff="PracticeStaff"
    )
    assert by(all_landed, "acute_spending") < by(live, "acute_spending")
    assert by(all_landed, "affordable_share_of_new_posts") > by(live, "affordable_share_of_new_posts")


def test_r4_empty_posts_drive_staff_away(model_run):
    """R4: vacancies wear out those who stay. Cut it where staff are scarce, and fewer posts are empty."""
    live, cut = model_run("corporate_rules"), model_run("corporate_rules", levers={"loop R4 switch": 0})

    assert float(abs(cut["effect_of_vacancy_on_turnover"] - 1).max()) == 0
    assert by(live, "overall_vacancy_rate") > by(cut, "overall_vacancy_rate") + 0.005
    assert by(live, "practice_load") > by(cut, "practice_load")


def test_r6_closing_capacity_frees_money_for_the_community(model_run):
    """R6: with a hospital in deficit that closes what is released, more is left and more lands."""
    world = {
        "share of released beds closed": 1.0,
        "share of hospital deficit met": 1.0,
        "efficiency required of prices": 0.02,
    }
    live = model_run(portfolio="as_evidenced", levers=world)
    cut = model_run(portfolio="as_evidenced", levers=world | {"loop R6 switch": 0})

    assert by(live, "hospital_support") > 0
    assert by(live, "fixed_cost_released") > 0
    assert by(live, "beds") < 669
    assert by(live, "commissioner_cover") > by(cut, "commissioner_cover")
    assert by(live, "landed_share") > by(cut, "landed_share")


def test_b1_vacancies_spur_recruitment(model_run):
    """B1: more effort where posts stand empty. Cut it where staff are scarce, and more posts are empty."""
    live, cut = model_run("corporate_rules"), model_run("corporate_rules", levers={"loop B1 switch": 0})

    assert float(abs(cut["recruitment_pull"] - 1).max()) == 0
    assert by(cut, "overall_vacancy_rate") > by(live, "overall_vacancy_rate") + 0.005


def test_b3_a_full_hospital_cancels_electives(do_nothing: xr.Dataset, model_run):
    """B3: cancelled electives leave beds. Cut it: more are treated, and the hospital is fuller."""
    cut = model_run(levers={"loop B3 switch": 0})

    assert float(abs(cut["effect_of_occupancy_on_electives"] - 1).max()) == 0
    assert by(cut, "electives_treated") > by(do_nothing, "electives_treated") + 1_000
    assert by(cut, "occupancy") > by(do_nothing, "occupancy")
    assert by(cut, "elective_waiting_list") < by(do_nothing, "elective_waiting_list")


def test_r5_lost_continuity_makes_more_complex_need(do_nothing: xr.Dataset, model_run):
    """R5: load costs continuity, and progression rises. Cut it, and fewer people are Complex in 2033."""
    cut = model_run(levers={"loop R5 switch": 0})

    assert by(do_nothing, "continuity") < 1
    assert float(abs(cut["continuity"] - 1).max()) == 0
    assert by(cut, "people_by_need", need="Complex") < by(do_nothing, "people_by_need", need="Complex") - 50
    for service in ("EmergencyAdmission", "EmergencyBedDay"):
        assert by(cut, "activity_before_shift", service=service) < by(
            do_nothing, "activity_before_shift", service=service
        )


def test_b2_waiting_rations_demand(do_nothing: xr.Dataset, model_run):
    """B2: longer waits put people off. Cut it, and more come, so that load and wait rise further."""
    cut = model_run(levers={"loop B2 switch": 0})

    assert by(do_nothing, "effect_of_waiting_on_demand") < 1
    assert float(abs(cut["effect_of_waiting_on_demand"] - 1).max()) == 0
    assert by(cut, "practice_wait") > by(do_nothing, "practice_wait")
    assert by(cut, "practice_load") > by(do_nothing, "practice_load")


def test_chain_shift_relieves_hospital(four_futures: xr.Dataset, model_run):
    """Chain: with the portfolio, hospital does less than if nothing is done, the more the more lands."""
    futures = ("official_future", "state_supreme", "community_resilience", "corporate_rules")
    relief = {}
    for scenario in futures:
        without, live = model_run(scenario), four_futures.sel(scenario=scenario)
        relief[scenario] = 1 - by(live, "activity_after_shift", service="EmergencyBedDay") / by(
            without, "activity_after_shift", service="EmergencyBedDay"
        )
        assert relief[scenario] > 0, scenario
    by_landed_share = sorted(futures, key=lambda name: by(four_futures.sel(scenario=name), "landed_share"))

    assert relief[by_landed_share[-1]] == max(relief.values())
    assert relief[by_landed_share[0]] == min(relief.values())


def test_chain_prevention_lowers_onset_late(do_nothing: xr.Dataset, model_run):
    """Chain: prevention lowers onset, childhood and lifestyle work after about ten years."""
    prevention = {"coverage[Prevention]": 0.8, "start date[Prevention]": 2018}
    run = model_run(levers=prevention)
    fall = 1 - run["onset"].sum("age") / do_nothing["onset"].sum("age")

    assert float(fall.sel(year=2020)) < 0.25 * float(fall.sel(year=2033))
    assert float(fall.sel(year=2033)) > float(fall.sel(year=2028)) > float(fall.sel(year=2023)) > 0
    assert by(run, "people_by_need", need="Well") > by(do_nothing, "people_by_need", need="Well")


def test_chain_survival_brings_old_age_and_demand(do_nothing: xr.Dataset, model_run):
    """Chain: fewer deaths, more people over 75, more bed days."""
    survival = model_run(levers={"mortality multiplier": 0.9})

    assert by(survival, "people_75_and_over") > by(do_nothing, "people_75_and_over") + 500
    bed_days = by(survival, "activity_before_shift", service="EmergencyBedDay")
    assert bed_days > by(do_nothing, "activity_before_shift", service="EmergencyBedDay")


@pytest.mark.parametrize(
    "name",
    [f"loop_{loop}_switch" for loop in ("r1", "r2", "r3", "r4", "r5", "r6", "b1", "b2", "b3")],
)
def test_every_loop_is_live_unless_cut(do_nothing: xr.Dataset, name: str):
    """A switch is 1 by default."""
    assert float(do_nothing[name].min()) == 1

"""Titles say what the numbers say, and change when they change."""

from __future__ import annotations

import pytest
from sdcompile.errors import InputError

from dudley_sd.results import findings
from dudley_sd.results.colours import spread
from dudley_sd.results.derived import growth, hospital_activity, moved_activity
from dudley_sd.results.headlines import gap, headlines
from dudley_sd.text import hundreds, percent


def test_a_and_e_in_pictures_includes_diversion(four_futures):
    shown = hospital_activity(four_futures).sel(service="A&E attendances", drop=True)
    assert shown.to_numpy() == pytest.approx(four_futures["a_and_e_attendances"].to_numpy())


def test_demand_finding_tells_run_and_do_nothing(two_futures, two_do_nothings):
    says = findings.demand_finding(two_futures, two_do_nothings)
    for run in (two_futures, two_do_nothings):
        low, high = (percent(x) for x in sorted(growth(run["a_and_e_attendances"]).to_numpy()))
        assert f"by {low} to {high}" in says
    assert "if nothing is done" in says


def test_demand_finding_alone_compares_with_nothing(one_future, no_shift):
    assert findings.demand_finding(one_future).startswith("With the portfolio, A&E")
    assert "do nothing" not in findings.demand_finding(one_future)
    assert findings.demand_finding(no_shift).startswith("If nothing is done, A&E")


def test_difference_finding_says_by_which_ways(two_futures, two_do_nothings):
    says = findings.difference_finding(two_futures, two_do_nothings, "A&E attendances")
    fewer = (two_do_nothings - two_futures[["a_and_e_attendances"]])["a_and_e_attendances"].sel(year=2033)
    for words in findings.WAYS.values():
        assert words in says
    for number in (fewer.min(), fewer.max()):
        assert hundreds(float(number)) in says
    assert "turned away" not in findings.difference_finding(
        two_futures, two_do_nothings, "Planned care started"
    )
    assert findings.difference_finding(two_futures, None, "A&E attendances") == ""


def test_difference_finding_tells_no_shares_of_a_mixed_difference(two_futures, two_do_nothings):
    worse = two_futures.assign(a_and_e_attendances=two_do_nothings["a_and_e_attendances"] + 1000)
    says = findings.difference_finding(worse, two_do_nothings, "A&E attendances")
    assert says == "A&E attendances in 2033: +1,000 against doing nothing"


def test_moved_finding_is_the_largest_share_of_what_the_hospital_would_do(four_futures):
    moved = moved_activity(four_futures).isel(year=-1)
    most = moved / (hospital_activity(four_futures).isel(year=-1) + moved)
    assert f"at most {percent(float(most.max()))} (" in findings.moved_finding(four_futures)


def test_gp_finding_tells_do_nothing_of_the_same_scenarios(two_futures, two_do_nothings):
    says = findings.gp_finding(two_futures, two_do_nothings)
    worst, best = (gap(float(two_do_nothings["gp_gap"].sel(year=2033, scenario=name)))
                   for name in ("community_resilience", "official_future"))  # fmt: skip
    assert says.endswith(f"; do nothing: {worst} and {best}")


def test_gp_finding_names_worst_and_best_with_their_numbers(four_futures):
    missing = four_futures["gp_gap"].sel(year=2033)
    says = findings.gp_finding(four_futures)
    worst, best = (missing.isel(missing.argmax(["scenario"])), missing.isel(missing.argmin(["scenario"])))
    assert str(worst["scenario_title"].item()) in says
    assert str(best["scenario_title"].item()) in says
    assert f"{float(worst):.0f} GP" in says


def test_a_gap_that_turns_turns_the_title(one_future):
    over = one_future.assign(gp_gap=-abs(one_future["gp_gap"]) - 5)
    short = one_future.assign(gp_gap=abs(one_future["gp_gap"]) + 5)
    assert "more than it needs" in findings.gp_finding(over)
    assert "short" in findings.gp_finding(short)


def test_population_that_shrinks_is_said_to_shrink(one_future):
    old = one_future["people_75_and_over"]
    falling = one_future.assign(people_75_and_over=old.sel(year=2018) * (1 - 0.01 * (old["year"] - 2018)))
    assert "aged 75 and over shrink by 15%" in findings.population_finding(falling)


def test_without_a_shift_titles_do_not_speak_of_one(no_shift):
    assert findings.landed_finding(no_shift).startswith("No shift is planned")
    assert findings.moved_finding(no_shift).startswith("No care is moved")
    landed = next(item for item in headlines(no_shift) if "shift landed" in item.title)
    assert landed.form(float(landed.values[0])) == "none planned"


def test_headlines_are_the_results_numbers(four_futures):
    found = {item.title: item.values for item in headlines(four_futures)}
    last = four_futures.sel(year=2033)
    gap = last["gp_gap"].where(abs(last["gp_gap"]) >= 0.5, 0.0)  # less than half a GP is no gap
    assert found["GP gap, 2033*"].to_numpy() == pytest.approx(gap.to_numpy())
    assert found["People, 2033*"].to_numpy() == pytest.approx(last["total_population"].to_numpy())
    grown = last["a_and_e_attendances"] / four_futures["a_and_e_attendances"].sel(year=2018) - 1
    assert found["A&E attendances, 2033* against 2018"].to_numpy() == pytest.approx(grown.to_numpy())


def test_headlines_of_do_nothing_stand_behind_those_of_the_run(two_futures, two_do_nothings):
    found = {item.title: item.values for item in headlines(two_futures, two_do_nothings)}
    titles = list(found)
    for name, key in (("A&E attendances, 2033*", "a_and_e_attendances"), ("GP gap, 2033*", "gp_gap")):
        of_do_nothing = f"{name}, do nothing"
        assert titles.index(of_do_nothing) == titles.index(name) + 2
        expected = two_do_nothings[key].sel(year=2033).to_numpy()
        assert found[of_do_nothing].to_numpy() == pytest.approx(expected)


def test_money_is_told_against_do_nothing(with_money):
    says = findings.money_finding(*with_money)
    assert says == (
        "Added up to 2033, the portfolio changes the system's balance by −£30.0m (Community Resilience) to "
        "+£11.0m (Official Future); break-even: 2022 (Official Future), not by 2033 (Community Resilience)"
    )
    contract = with_money[0].assign_attrs(contract="nuka")
    assert "portfolio and contract change the" in findings.money_finding(contract, with_money[1])


def test_what_is_assumed_about_money_is_worked_out_from_do_nothing(two_futures, two_do_nothings):
    """Of Official Future: 1.7% a year is given, the hospital is 6 to 7% behind."""
    says = findings.funding_finding(two_futures, two_do_nothings)
    run = two_do_nothings.sel(scenario="official_future")
    given = run["commissioner_funding"] + run["council_funding"]
    asked = given + run["system_money_missing"]
    for each in (given, asked):
        rate = float(each.sel(year=2033) / each.sel(year=2018)) ** (1 / 15) - 1
        assert percent(rate, 1) in says
    assert percent(float(run["council_shortfall"].sel(year=2033))) in says
    assert says.startswith("Official Future gives care 1.7% a year more money from 2018 to 2033")
    assert "the hospital runs 6% to 7% behind its income" in says
    richer = two_do_nothings.assign(hospital_margin_share=abs(two_do_nothings["hospital_margin_share"]))
    assert "the hospital breaks even" in findings.funding_finding(richer, None)
    assert findings.funding_finding(two_futures.drop_vars("council_shortfall"), None) == ""


def test_scenarios_that_break_even_alike_are_told_once(with_money):
    run, without = (each.isel(scenario=[0]) for each in with_money)
    assert findings.money_finding(run, without) == (
        "Added up to 2033, the portfolio changes the system's balance by +£11.0m; break-even: 2022"
    )


def test_money_is_not_told_without_do_nothing_or_a_balance(with_money, two_futures, two_do_nothings):
    without_money = {"system_balance"} & set(two_futures.data_vars)
    bare = two_futures.drop_vars(without_money)
    assert findings.money_finding(with_money[0], None) == ""
    assert findings.money_finding(bare, two_do_nothings) == ""
    assert not any("System balance" in item.title for item in headlines(bare, two_do_nothings))


def test_headlines_tell_gain_and_break_even(with_money):
    gain, year = headlines(*with_money)[-2:]
    assert gain.title == "System balance added up to 2033*, against doing nothing"
    assert [gain.form(float(value)) for value in gain.values] == ["+£11.0m", "−£30.0m"]
    assert year.title == "Breaks even with doing nothing"
    assert [year.form(float(value)) for value in year.values] == ["2022", "not by 2033"]


def test_missing_variables_are_all_named(four_futures):
    with pytest.raises(InputError, match="gp_gap") as raised:
        headlines(four_futures[["total_population"]])
    assert len(raised.value.faults) > 5


def test_labels_keep_their_order_and_distance():
    placed = spread([1.0, 0.99, 0.5, 0.0], 0.1)
    assert placed[2:] == [0.5, 0.0]
    assert placed[0] - placed[1] == pytest.approx(0.1)
    assert sum(placed[:2]) == pytest.approx(1.99)

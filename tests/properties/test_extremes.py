"""Is the model finite, ordered and sensible when pushed to its limits?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.inputs.labels import INTERVENTIONS
from dudley_sd.results.invariants import check_invariants


def at(results: xr.Dataset, name: str, year: int = 2033, **place: object) -> float:
    return float(results[name].sel(year=year, **place))


def test_zero_gps(baseline: xr.Dataset, model_run):
    """No GP at the start: half of same-day demand goes unmet and A&E overflows, until joiners rebuild."""
    empty = model_run(levers={"GPs present at start": 0})

    check_invariants(empty)
    assert at(empty, "gp_wte", 2018) == 0
    assert at(empty, "unmet_same_day_share", 2018) > 0.5
    assert at(empty, "a_and_e_attendances", 2018) > 2 * at(baseline, "a_and_e_attendances", 2018)
    assert at(empty, "gp_wte", 2020) < at(empty, "gp_wte", 2028) < at(baseline, "gp_wte", 2028)


def test_zero_community_staff(four_futures: xr.Dataset, model_run):
    """No community staff at the start: nothing lands for years, practices are not touched directly."""
    empty = model_run(portfolio="as_evidenced", levers={"staff present at start[CommunityStaff]": 0})
    live = four_futures.sel(scenario="official_future")

    check_invariants(empty)
    assert at(empty, "landed_share", 2020) == 0
    assert at(empty, "landed_share", 2023) < at(live, "landed_share", 2023)
    assert at(empty, "practice_load", 2018) == at(live, "practice_load", 2018)


def test_zero_funding(four_futures: xr.Dataset, model_run):
    """No public money by 2033: no new post is affordable, so hardly anything lands."""
    poor = model_run(portfolio="as_evidenced", levers={"state share of GDP in 2033": 0.0})

    check_invariants(poor)
    assert at(poor, "affordable_share_of_new_posts") < 0.05, "budgets follow money within a year"
    assert at(poor, "commissioner_cover") < 0.05
    assert at(poor, "landed_share") < at(four_futures.sel(scenario="official_future"), "landed_share")


def test_everything_shifted(model_run):
    """Full coverage, high reading of the evidence, everything lands: large, never more than all."""
    levers = {f"coverage[{name}]": 1.0 for name in INTERVENTIONS} | {
        "evidence case": 1.0,
        "loop R3 switch": 0,
    }
    all_moved = model_run(levers=levers)
    share = all_moved["shift_as_share_of_demand"].sel(year=2033)

    check_invariants(all_moved)
    assert float(share.max()) < 1
    assert 0.1 < float(share.sel(service="AandE")) < 0.5
    assert float(share.sel(service="CareHomePlace")) == 0


def test_low_reading_of_the_evidence_moves_nothing(model_run):
    """The low end of every effect is 'no effect found'."""
    low = model_run(portfolio="as_evidenced", levers={"evidence case": -1.0})

    assert float(low["potential_shift"].max()) == 0


def test_no_births(baseline: xr.Dataset, model_run):
    """No births: the youngest band empties first, nobody else is missed before they would have come."""
    none = model_run(levers={"fertility multiplier": 0})

    check_invariants(none)
    assert at(none, "births") == 0
    assert at(none, "people_by_age", age="A0") < 0.1 * at(baseline, "people_by_age", age="A0")
    np.testing.assert_allclose(at(none, "people_65_and_over"), at(baseline, "people_65_and_over"), rtol=0.01)


def test_more_of_a_good_thing_is_not_worse(model_run, four_futures: xr.Dataset):
    """More external staff: fewer vacancies, and more of the shift lands."""
    live = four_futures.sel(scenario="official_future")
    more = model_run(portfolio="as_evidenced", levers={"external supply of staff in 2033": 1.0})

    assert at(more, "landed_share") > at(live, "landed_share")
    assert at(more, "vacancy_rate", staff="CommunityStaff") < at(live, "vacancy_rate", staff="CommunityStaff")

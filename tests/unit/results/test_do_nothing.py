"""A result is compared with what would be without its portfolio, and with nothing else."""

from __future__ import annotations

import json

import pytest
import xarray as xr
from sdcompile.errors import InputError

from dudley_sd.request import world_settings
from dudley_sd.results.derived import difference_in_demand, hospital_activity
from dudley_sd.results.do_nothing import fitting, is_do_nothing, run_name


def with_manifest(results: xr.Dataset, **entries: object) -> xr.Dataset:
    """Return a result with other entries in its manifest."""
    return results.assign_attrs(manifest=json.dumps({**json.loads(results.attrs["manifest"]), **entries}))


def test_there_is_nothing_to_compare_without_do_nothing_or_with_one_itself(two_futures, two_do_nothings):
    assert fitting(two_futures, None) is None
    assert fitting(two_do_nothings, two_do_nothings) is None


def test_scenarios_are_matched_by_name(two_futures, two_do_nothings):
    turned = fitting(two_futures, two_do_nothings.isel(scenario=[1, 0]))
    xr.testing.assert_identical(turned, two_do_nothings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b.assign_attrs(portfolio="as_evidenced"), "puts interventions in place"),
        (lambda b: b.assign(coverage=b["coverage"] + 0.1), "puts interventions in place"),
        (lambda b: b.assign_attrs(contract="nuka"), r"contract: has a contract \(nuka\)"),
        (lambda b: b.assign_attrs(footprint="walsall"), "footprint: is walsall, that of the result dudley"),
        (lambda b: b.isel(scenario=[0]), "scenarios: has official_future, the result official_future, comm"),
        (lambda b: b.isel(year=slice(1, None)), r"years: has 2015 to 2033 \(19\), the result 2014 to 2033"),
        (lambda b: with_manifest(b, model_sha256="x"), "another model file"),
        (lambda b: with_manifest(b, inputs_sha256={}), "other input files"),
        (
            lambda b: with_manifest(b, levers={"GDP growth": 0.03}),
            "levers: has gdp growth = 0.03, the result none",
        ),
        (lambda b: b.drop_attrs(), "no result of a run"),
    ],
)
def test_do_nothing_of_something_else_is_refused(two_futures, two_do_nothings, change, words):
    with pytest.raises(InputError, match=words):
        fitting(two_futures, change(two_do_nothings))


def test_all_misfits_come_at_once(two_futures, two_do_nothings):
    wrong = two_do_nothings.isel(scenario=[0], year=[0]).assign_attrs(footprint="walsall")
    with pytest.raises(InputError) as raised:
        fitting(two_futures, wrong)
    assert len(raised.value.faults) == 3


def test_levers_on_what_is_decided_are_not_in_do_nothing():
    """How a plan spreads, posts and terms of a contract are decisions; the economy is not."""
    levers = {
        "ring fence": 0.6,
        "share of released posts closed": 1,
        "Share_in_contract[ElectivePart]": 0.5,
        "contract length": 5,
        "GDP growth": 0.03,
    }
    assert world_settings(levers) == {"GDP growth": 0.03}


def test_a_run_is_named_by_what_was_decided(two_futures, no_shift):
    assert run_name(no_shift) == "do nothing"
    assert run_name(two_futures) == "with the portfolio"
    assert run_name(no_shift.assign_attrs(contract="nuka")) == "with the contract"
    assert run_name(two_futures.assign_attrs(contract="nuka")) == "with portfolio and contract"
    old = no_shift.copy()
    del old.attrs["contract"]  # from before there were contracts
    assert is_do_nothing(old)


def test_levers_on_interventions_are_not_in_do_nothing_and_others_are(two_futures, two_do_nothings):
    levers = {"coverage[MDT]": 0.8, "Start_Date[MDT]": 2020, "GDP growth": 0.03}
    assert world_settings(levers) == {"GDP growth": 0.03}
    both = with_manifest(two_do_nothings, levers={"gdp growth": 0.03})
    assert fitting(with_manifest(two_futures, levers=levers), both) is not None


def test_a_lever_on_coverage_makes_a_result_no_do_nothing(no_shift):
    assert is_do_nothing(no_shift)
    assert not is_do_nothing(no_shift.assign(coverage=no_shift["coverage"] + 0.1))


def test_ways_add_up_to_the_whole_difference(two_futures, two_do_nothings):
    """Care moved, fewer turned away and better health are all that parts the two runs."""
    ways = difference_in_demand(two_futures, two_do_nothings)
    whole = hospital_activity(two_do_nothings) - hospital_activity(two_futures)
    xr.testing.assert_allclose(sum(ways.data_vars.values()), whole, atol=1e-6)


def test_do_nothing_has_more_than_the_run_and_what_it_moved(two_futures, two_do_nothings):
    """Pharmacists and others keep people out of A&E too: moved care alone is not what the portfolio does."""
    ways = difference_in_demand(two_futures, two_do_nothings).sel(service="A&E attendances", year=2033)
    assert (ways["not_turned_away"] > 0).all()
    assert (abs(ways["not_needed"]) > 0).all()

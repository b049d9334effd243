"""What holds of the reference trajectory of any area, and what no area can have."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sampling import examples
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import mothers
from dudley_sd.inputs.deprivation import fifth_shares, read_people_by_fifth, risk_by_fifth
from dudley_sd.inputs.history import carried_back, read_ratios
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.prevalence import need_shares, read_published_prevalence
from dudley_sd.inputs.rates import read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.reference import reference_trajectory

INPUTS = Path(__file__).parents[2] / "inputs"
DUDLEY = carried_back(
    read_population(INPUTS / "ons" / "population_2014_based.csv"),
    read_ratios(INPUTS / "ons" / "population_outturn_dudley.csv", 2014, 2018),
)
DEATH_RATES = read_death_rates(INPUTS / "ons" / "death_rates_england_2014_2016.csv", boys_per_girl=1.05)
FERTILITY = read_fertility(INPUTS / "ons" / "fertility_2017.csv")
RECENT = read_recent_level(INPUTS / "ons" / "components_dudley_2001_2019.csv")
PUBLISHED = read_published_prevalence(INPUTS / "evidence" / "multimorbidity.csv")
BY_FIFTH = read_people_by_fifth(INPUTS / "deprivation" / "people_by_fifth_dudley.csv")
SHARES = fifth_shares(BY_FIFTH, mean_age_of_75_and_over=82.0, mean_age_of_oldest=93.0)


def assume(
    population,
    scale=1.0,
    improvement=0.015,
    risk=(1.0, 2.0, 4.0),
    shift=10.0,
    gradient=0.72,
    **levels,
):
    return Assumptions(
        death_rates=DEATH_RATES,
        mortality_improvement=improvement,
        births_recent=scale * RECENT.births,
        deaths_recent=scale * RECENT.deaths,
        fertility=FERTILITY,
        female_share=0.5,
        fifth_shares=SHARES,
        need_shares=need_shares(population, PUBLISHED, SHARES, shift, mean_age_of_oldest=93.0),
        relative_risk=xr.DataArray(list(risk), dims="need", coords={"need": list(NEEDS)}),
        risk_by_fifth=risk_by_fifth(gradient, 70.0, 0.3, mean_age_of_oldest=93.0),
        **levels,
    )


def stocks_of(trajectory):
    """People by age, need and fifth, shape (years, age, need, fifth)."""
    stocks = trajectory["people"] * trajectory["share_of_fifth"] * trajectory["need_share"]
    return stocks.transpose("year", "age", "need", "fifth").values


def sum_of_flows(trajectory):
    """Change of every stock that the flows of each year add up to, shape (years, age, need, fifth)."""
    groups = trajectory["share_of_fifth"] * trajectory["need_share"]
    ageing = (trajectory["ageing"] * groups).transpose("year", "age", "need", "fifth").values
    change = (
        (trajectory["migration"] * trajectory["need_share"]).transpose("year", "age", "need", "fifth").values
    )
    deaths = trajectory["deaths"] * trajectory["share_of_deaths"]
    change = change - deaths.transpose("year", "age", "need", "fifth").values - ageing
    change[:, 1:] += ageing[:, :-1]
    onset, progression = trajectory["onset"].values, trajectory["progression"].values
    change += np.stack([-onset, onset - progression, progression], axis=2)
    births = (trajectory["births"] * trajectory["share_of_fifth"][0]).transpose("year", "fifth").values
    change[:, 0, 0] += births
    return change


def assert_identity(trajectory):
    change = sum_of_flows(trajectory)
    assert np.abs(np.diff(stocks_of(trajectory), axis=0) - change[:-1]).max() < 1e-9


def net_migration(trajectory):
    return trajectory["migration"].sum(["age", "fifth"])


wobble = arrays(float, (len(AGE_BANDS),), elements=st.floats(-0.01, 0.01))


@examples(25)
@given(
    wobble,
    st.floats(-0.002, 0.004),
    st.floats(0.01, 0.02),
    st.floats(1, 2.5),
    st.floats(0, 12),
    st.floats(0, 0.8),
)
def test_identity_holds_for_any_plausible_table(shape, growth, improvement, risk, shift, gradient):
    years = np.arange(len(DUDLEY["year"]))[:, None]
    table = DUDLEY * (1 + shape) * (1 + growth) ** years
    assumptions = assume(
        table,
        improvement=improvement,
        risk=(1.0, risk, risk * 2),
        shift=shift,
        gradient=gradient,
    )
    trajectory = reference_trajectory(table, assumptions)
    assert_identity(trajectory)
    assert np.allclose(trajectory["people"].sel(year=table["year"]), table, rtol=0, atol=1e-9)
    for flow in ("births", "deaths", "ageing", "onset", "progression"):
        assert trajectory[flow].min() >= 0
    total_change = trajectory["births"] - trajectory["deaths"].sum("age") + net_migration(trajectory)
    moved = np.diff(trajectory["people"].sum("age"))
    assert np.allclose(total_change[:-1], moved, rtol=0, atol=1e-8)


@examples(10)
@given(st.floats(0, 12), st.floats(0, 0.8))
def test_fifths_add_up_to_the_area_without_them(shift, gradient):
    """Migration by fifth adds to the band's; deaths and people with conditions are as without fifths."""
    none = reference_trajectory(DUDLEY, assume(DUDLEY, shift=0.0, gradient=0.0))
    some = reference_trajectory(DUDLEY, assume(DUDLEY, shift=shift, gradient=gradient))
    assert np.allclose(some["migration"].sum("fifth"), none["migration"].sum("fifth"), rtol=0, atol=1e-6)
    assert np.allclose(some["share_of_deaths"].sum(["need", "fifth"]), 1.0, rtol=0, atol=1e-12)
    in_2018 = [stocks_of(each)[4].sum(axis=(0, 2)) for each in (some, none)]
    assert np.allclose(in_2018[0], in_2018[1], rtol=1e-9)


@examples(10)
@given(st.floats(0.9, 1.1), st.floats(0.9, 1.1))
def test_levels_move_people_from_the_first_mid_year_of_the_projection_on(births, deaths):
    plain = reference_trajectory(DUDLEY, assume(DUDLEY))
    moved = reference_trajectory(DUDLEY, assume(DUDLEY, births_level=births, deaths_level=deaths))
    assert_identity(moved)
    known = {"year": slice(None, 2018)}
    assert np.allclose(moved["people"].sel(known), plain["people"].sel(known), rtol=1e-12)
    last = moved["people"].isel(year=-1) / plain["people"].isel(year=-1)
    assert np.sign(last[0] - 1) == np.sign(births - 1) or abs(births - 1) < 0.01
    assert np.sign(last[-1] - 1) == np.sign(1 - deaths) or abs(deaths - 1) < 1e-6


@examples(20)
@given(
    st.one_of(
        st.tuples(st.sampled_from(range(2018, 2033)), st.just(0.0)),
        st.tuples(st.just(2018), st.floats(0, 0.02)),
    )
)
def test_a_frozen_table_has_flows_that_move_no_stock(year_and_improvement):
    """Opening balance: with people held at one year, what flows into a stock flows out, beyond the table too.

    With mortality held as well the flows are the same in every year; if it improves, migration makes room.
    """
    year, improvement = year_and_improvement
    frozen = DUDLEY.sel(year=year, drop=True).expand_dims(year=DUDLEY["year"])
    trajectory = reference_trajectory(frozen, assume(frozen, improvement=improvement))
    assert_identity(trajectory)
    stocks = trajectory["people"]
    assert abs(stocks - stocks[0]).max() < 1e-9
    if improvement == 0:
        assert abs(trajectory["ageing"] - trajectory["ageing"][0]).max() < 1e-9


@examples(10)
@given(st.floats(0.1, 100))
def test_an_area_k_times_as_large_has_flows_k_times_as_large(scale):
    one = reference_trajectory(DUDLEY, assume(DUDLEY))
    many = reference_trajectory(DUDLEY * scale, assume(DUDLEY, scale))
    for name in ("people", "births", "deaths", "ageing", "migration", "onset", "progression"):
        assert np.allclose(many[name], one[name] * scale, rtol=1e-9, atol=1e-7 * scale)
    assert np.allclose(many["ageing_fraction"], one["ageing_fraction"], rtol=1e-9, atol=1e-9)


@examples(25)
@given(st.sampled_from(AGE_BANDS), st.sampled_from(range(2015, 2032)), st.sampled_from([0.4, 0.5, 1.6, 2.0]))
def test_a_cell_that_cannot_be_is_refused_by_band_and_year(band, year, factor):
    table = DUDLEY.copy()
    table.loc[{"age": band, "year": year}] *= factor
    with pytest.raises(InputError) as raised:
        reference_trajectory(table, assume(DUDLEY))
    (fault,) = raised.value.faults
    assert f"age {band}, mid-{year}" in fault.where
    assert f"{table.sel(age=band, year=year).item():,.0f} people after" in fault.problem


@examples(10)
@given(st.integers(2020, 2031), st.integers(2033, 2045))
def test_beyond_the_table_the_rates_of_its_last_year_carry_on(last, to_year):
    assumptions = assume(DUDLEY)
    trajectory = reference_trajectory(DUDLEY.sel(year=slice(2014, last)), assumptions, to_year=to_year)
    assert_identity(trajectory)
    assert trajectory["extrapolated"].values.tolist() == [year > last for year in range(2014, to_year + 1)]
    people = trajectory["people"].values
    mean = (people[:-1] + people[1:]) / 2
    row = last - 1 - 2014
    flows = {name: trajectory[name].values for name in ("deaths", "ageing")}
    flows["migration"] = trajectory["migration"].sum("fifth").values
    for name, flow in flows.items():
        rate = flow[:-1] / mean
        assert np.allclose(rate[row:], rate[row], rtol=1e-9, atol=1e-12), name
    births = trajectory["births"].values[:-1] / mothers(mean, assumptions)
    assert np.allclose(births[row:], births[row])
    repeated = trajectory.drop_vars(["people", "estimated", "extrapolated"])
    assert repeated.isel(year=-1, drop=True).equals(repeated.isel(year=-2, drop=True))

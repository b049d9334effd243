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
from dudley_sd.inputs.closure import Assumptions
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.prevalence import need_shares, read_published_prevalence
from dudley_sd.inputs.rates import read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.reference import reference_trajectory

INPUTS = Path(__file__).parents[2] / "inputs"
DUDLEY = read_population(INPUTS / "ons" / "population_2014_based.csv")
DEATH_RATES = read_death_rates(INPUTS / "ons" / "death_rates_england_2014_2016.csv", boys_per_girl=1.05)
FERTILITY = read_fertility(INPUTS / "ons" / "fertility_2017.csv")
RECENT = read_recent_level(INPUTS / "ons" / "components_dudley_2001_2019.csv")
PUBLISHED = read_published_prevalence(INPUTS / "evidence" / "multimorbidity.csv")


def assume(population, scale=1.0, improvement=0.015, risk=(1.0, 2.0, 4.0), newborns_well=1.0):
    return Assumptions(
        death_rates=DEATH_RATES,
        mortality_improvement=improvement,
        births_recent=scale * RECENT.births,
        deaths_recent=scale * RECENT.deaths,
        fertility=FERTILITY,
        female_share=0.5,
        need_shares=need_shares(population, PUBLISHED, mean_age_of_oldest=93.0),
        relative_risk=xr.DataArray(list(risk), dims="need", coords={"need": list(NEEDS)}),
        newborns_well=newborns_well,
    )


def sum_of_flows(trajectory):
    """Change of every stock by need that the flows of each year add up to, shape (years, age, need)."""
    flows = {name: trajectory[name].values for name in trajectory.data_vars}
    change = flows["migration_in"] - flows["migration_out"] - flows["deaths"] - flows["ageing"]
    change[:, 1:] += flows["ageing"][:, :-1]
    onset, progression = flows["onset"], flows["progression"]
    change += np.stack([-onset, onset - progression, progression], axis=-1)
    return change


def assert_identity(trajectory, newborns_well=1.0):
    change = sum_of_flows(trajectory)
    change[:, 0, 0] += trajectory["births"].values * newborns_well
    change[:, 0, 1] += trajectory["births"].values * (1 - newborns_well)
    stocks = trajectory["population"].values
    assert np.abs(np.diff(stocks, axis=0) - change[:-1]).max() < 1e-9


wobble = arrays(float, (len(AGE_BANDS),), elements=st.floats(-0.01, 0.01))


@examples(25)
@given(wobble, st.floats(-0.002, 0.004), st.floats(0.01, 0.02), st.floats(1, 3), st.floats(0.97, 1))
def test_identity_holds_for_any_plausible_table(shape, growth, improvement, risk, newborns_well):
    years = np.arange(len(DUDLEY["year"]))[:, None]
    table = DUDLEY * (1 + shape) * (1 + growth) ** years
    risks = (1.0, risk, risk * 2)
    trajectory = reference_trajectory(
        table, assume(table, improvement=improvement, risk=risks, newborns_well=newborns_well)
    )
    assert_identity(trajectory, newborns_well)
    totals = trajectory["population"].sum("need").sel(year=table["year"])
    assert np.allclose(totals, table, rtol=0, atol=1e-9)
    for flow in ("births", "deaths", "ageing", "migration_in", "migration_out", "onset", "progression"):
        assert trajectory[flow].min() >= 0
    total_change = (
        trajectory["births"] - trajectory["deaths"].sum(["age", "need"]) + trajectory["net_migration"]
    )
    moved = np.diff(trajectory["population"].sum(["age", "need"]))
    assert np.allclose(total_change[:-1], moved, rtol=0, atol=1e-8)


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
    stocks = trajectory["population"]
    assert abs(stocks - stocks[0]).max() < 1e-9
    if improvement == 0:
        assert abs(trajectory["ageing"] - trajectory["ageing"][0]).max() < 1e-9


@examples(10)
@given(st.floats(0.1, 100))
def test_an_area_k_times_as_large_has_flows_k_times_as_large(scale):
    one = reference_trajectory(DUDLEY, assume(DUDLEY))
    many = reference_trajectory(DUDLEY * scale, assume(DUDLEY, scale))
    for name in ("population", "births", "deaths", "ageing", "onset", "progression", "net_migration"):
        assert np.allclose(many[name], one[name] * scale, rtol=1e-9, atol=1e-7 * scale)
    assert np.allclose(many["ageing_fraction"], one["ageing_fraction"], rtol=1e-9, atol=1e-9)


@examples(25)
@given(st.sampled_from(AGE_BANDS), st.sampled_from(range(2019, 2032)), st.sampled_from([0.4, 0.5, 1.6, 2.0]))
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
    trajectory = reference_trajectory(DUDLEY.sel(year=slice(2018, last)), assume(DUDLEY), to_year=to_year)
    assert_identity(trajectory)
    assert trajectory["extrapolated"].values.tolist() == [year > last for year in range(2018, to_year + 1)]
    stocks = trajectory["population"].sum("need").values
    mean = (stocks[:-1] + stocks[1:]) / 2
    row = last - 1 - 2018
    for name in ("deaths", "ageing", "migration_in"):
        rate = trajectory[name].sum("need").values[:-1] / mean
        assert np.allclose(rate[row:], rate[row], rtol=1e-9, atol=1e-12)
    births = trajectory["births"].values[:-1] / (trajectory["mothers"].rolling(year=2).mean().values[1:])
    assert np.allclose(births[row:], births[row])
    repeated = trajectory.drop_vars(["population", "mothers", "extrapolated"])
    assert repeated.isel(year=-1, drop=True).equals(repeated.isel(year=-2, drop=True))

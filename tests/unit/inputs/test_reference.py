"""What the closure refuses: assumptions and tables that no area can have, all faults at once."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS, FIFTHS, NEEDS
from dudley_sd.inputs.area_people import ccg_names, ccg_people
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import mothers
from dudley_sd.inputs.history import carried_back, read_ratios
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.rates import read_death_rates
from dudley_sd.inputs.reference import GROWTH, REACHED, VARIABLES, reference_trajectory

ONS = Path(__file__).parents[3] / "inputs" / "ons"
POPULATION = carried_back(
    read_population(ONS / "population_2014_based.csv"),
    read_ratios(ONS / "population_outturn_dudley.csv", 2014, 2018),
)
DEATH_RATES = read_death_rates(ONS / "death_rates_england_2014_2016.csv", boys_per_girl=1.05)


def by_age(values):
    return xr.DataArray(np.asarray(values, dtype=float), dims="age", coords={"age": list(AGE_BANDS)})


def by_need(*values):
    return xr.DataArray(list(values), dims="need", coords={"need": list(NEEDS)})


def assume(**changes):
    """Return England's death rates and else round made-up numbers: the real are tested elsewhere."""
    complex_share = np.linspace(0.01, 0.85, 19)
    long_term = np.linspace(0.03, 0.1, 19)
    shares = np.column_stack([1 - complex_share - long_term, long_term, complex_share])
    labels = {"age": list(AGE_BANDS), "need": list(NEEDS), "fifth": list(FIFTHS)}
    per_fifth = {"age": list(AGE_BANDS), "fifth": list(FIFTHS)}
    made_up = {
        "death_rates": DEATH_RATES,
        "mortality_improvement": 0.01,
        "births_recent": 3700.0,
        "deaths_recent": 3100.0,
        "fertility": by_age([0.06 if 3 <= place <= 8 else 0.0 for place in range(19)]),
        "female_share": 0.5,
        "fifth_shares": xr.DataArray(np.full((19, 5), 0.2), dims=("age", "fifth"), coords=per_fifth),
        "need_shares": xr.DataArray(np.stack([shares] * 5, -1), dims=("age", "need", "fifth"), coords=labels),
        "relative_risk": by_need(1.0, 2.0, 4.0),
        "risk_by_fifth": xr.DataArray(np.ones((19, 5)), dims=("age", "fifth"), coords=per_fifth),
    }
    return Assumptions(**(made_up | changes))


def faults(call, *arguments, **keywords):
    with pytest.raises(InputError) as raised:
        call(*arguments, **keywords)
    return [str(fault) for fault in raised.value.faults]


def test_variables_carry_units_names_and_the_fixed_order_of_dimensions():
    trajectory = reference_trajectory(POPULATION, assume())
    assert set(trajectory.data_vars) == set(VARIABLES)
    for name, array in trajectory.data_vars.items():
        assert array.dims == tuple(dim for dim in ("year", "age", "need", "fifth") if dim in array.dims), name
        assert array.attrs["units"]
        assert array.attrs["long_name"]
    assert trajectory.attrs["table_ends"] == 2032
    assert trajectory["extrapolated"].dtype == trajectory["estimated"].dtype == bool
    assert trajectory["year"][trajectory["estimated"]].values.tolist() == [2014, 2015, 2016, 2017]
    assert trajectory["year"][trajectory["extrapolated"]].values.tolist() == [2033]


def test_migration_goes_where_its_weight_is():
    only_young = by_age([float(place < 9) for place in range(19)])
    trajectory = reference_trajectory(POPULATION, assume(migration_weight=only_young))
    moved = abs(trajectory["migration"].sum("fifth")).sum("year")
    assert (moved[:9] > 1).all()
    assert (moved[9:] < 1e-8).all()


def test_without_a_recent_level_the_rates_are_used_as_they_are():
    assumptions = assume(births_recent=None, deaths_recent=None)
    trajectory = reference_trajectory(POPULATION, assumptions)
    assert trajectory["births"][0] == pytest.approx(mothers(POPULATION[:2].mean("year").values, assumptions))


def test_all_faults_of_the_assumptions_come_at_once():
    found = faults(
        assume,
        death_rates=by_age(np.full(19, np.nan)),
        mortality_improvement=1.5,
        births_recent=-1.0,
        fertility=by_age(np.zeros(19))[::-1],
        female_share=float("nan"),
        relative_risk=by_age(np.ones(19)),
        risk_by_fifth=assume().risk_by_fifth * -1,
        deaths_level=0.0,
    )
    for name in (
        "death_rates",
        "mortality_improvement",
        "births_recent",
        "fertility",
        "female_share",
        "relative_risk",
        "risk_by_fifth",
        "deaths_level",
    ):
        assert any(f"assumptions, {name}:" in fault for fault in found), (name, found)


def test_shares_must_add_to_one_and_leave_no_stock_empty():
    shares = assume().need_shares.copy()
    shares[0, 1, 3] = 0.0
    found = faults(assume, need_shares=shares)
    assert ["not above zero" in found[0], "do not add to 1" in found[1]] == [True, True]
    found = faults(assume, fifth_shares=assume().fifth_shares * [0, 1, 1, 1, 1])
    assert ["Give every fifth" in found[0], "do not add to 1" in found[1]] == [True, True]


def test_labels_are_matched_by_name_not_by_position():
    swapped = xr.DataArray([1.0, 4.0, 2.0], dims="need", coords={"need": ["Well", "Complex", "LongTerm"]})
    (fault,) = faults(assume, relative_risk=swapped)
    assert "labels of need are ('Well', 'Complex', 'LongTerm')" in fault


def test_flows_that_cannot_be_are_named_by_band_year_and_what_to_look_at():
    """Each figure is near the one before; only births, ten times too many, do not suit them."""
    found = faults(reference_trajectory, POPULATION, assume(births_recent=40_000.0))
    fault = next(fault for fault in found if "age 0-4, " in fault)
    assert "would have to move up a band in a year (ageing fraction), outside [0.05, 0.45]" in fault
    assert "net migration of that year" in fault
    assert "Compare the people of this and of younger ages" in fault
    assert len({fault.split(":")[0] for fault in found}) == len(found)


def test_people_who_do_not_die_are_refused_by_area_age_and_year():
    """1,000 people at every age, as an example has them: nobody of 80 to 84 dies in five years."""
    (fault,) = faults(reference_trajectory, POPULATION * 0 + 5000.0, assume())
    assert "age 85-89, mid-2023: 5,000 people, who were 5,000 of 80-84 in mid-2018" in fault
    assert "possible are 0.52 to 0.85" in fault
    assert "Give the file as ONS publishes it" in fault


def test_the_limits_are_those_of_all_ccgs():
    """Every CCG of the shipped table lies within what is printed, and some lie at its ends."""
    people = np.stack([ccg_people((code,), ONS.parent) for code in ccg_names(ONS.parent)])
    in_five, yearly = people[:, 5:, 1:-1] / people[:, :-5, :-2], people[:, 1:] / people[:, :-1]
    for extreme, limit in (("min", 0), ("max", 1)):
        reached = getattr(in_five, extreme)(axis=(0, 1))
        np.testing.assert_allclose(reached, np.array(REACHED)[:, limit], atol=0.006)
        assert getattr(yearly, extreme)() == pytest.approx(GROWTH[limit], abs=0.006)


def test_need_that_falls_with_age_is_refused_as_negative_onset():
    shares = assume().need_shares
    found = faults(
        reference_trajectory, POPULATION, assume(need_shares=shares.copy(data=shares.values[::-1]))
    )
    assert any("onset of -" in fault and "need_shares rise with age" in fault for fault in found)


@pytest.mark.parametrize(
    ("table", "years", "words"),
    [
        (POPULATION.sel(year=[2014, 2016]), {}, "have gaps"),
        (POPULATION[:, :-1], {}, "Give exactly"),
        (POPULATION.where(POPULATION["year"] != 2020), {}, "missing, infinite or not positive"),
        (POPULATION.sel(year=slice(2020, None)), {}, "do not hold 2014 and the year after"),
        (POPULATION, {"to_year": 2014}, "do not hold 2014 and the year after"),
        (POPULATION.sum("age"), {}, "Give dims (year, age)"),
    ],
)
def test_tables_without_what_is_needed_are_refused(table, years, words):
    assert words in " ".join(faults(reference_trajectory, table, assume(), **years))

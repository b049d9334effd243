"""The reference trajectory beside numbers that others printed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS
from dudley_sd.inputs.closure import Assumptions
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.prevalence import OLD_BANDS, YOUNG_BANDS, need_shares, read_published_prevalence
from dudley_sd.inputs.rates import read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.reference import reference_trajectory

ROOT = Path(__file__).parents[2]
INPUTS = ROOT / "inputs"
SHARED = ROOT.parent / "shared"
FIGURE_10 = SHARED / "documents" / "001_5e030b083f0ff644.txt"
BASED_2018 = SHARED / "data" / "ons_snpp_2018_ccg_persons.csv"

POPULATION = read_population(INPUTS / "ons" / "population_2014_based.csv")
DEATH_RATES = read_death_rates(INPUTS / "ons" / "death_rates_england_2014_2016.csv", boys_per_girl=1.05)
FERTILITY = read_fertility(INPUTS / "ons" / "fertility_2017.csv")
RECENT = read_recent_level(INPUTS / "ons" / "components_dudley_2001_2019.csv")
PUBLISHED = read_published_prevalence(INPUTS / "evidence" / "multimorbidity.csv")


def assume(population=POPULATION, **changes):
    central = {
        "death_rates": DEATH_RATES,
        "mortality_improvement": 0.015,
        "births_recent": RECENT.births,
        "deaths_recent": RECENT.deaths,
        "fertility": FERTILITY,
        "female_share": 0.5,
        "need_shares": need_shares(population, PUBLISHED, mean_age_of_oldest=93.0),
        "relative_risk": by_need(1.0, 2.0, 4.0),
        "newborns_well": 1.0,
    }
    return Assumptions(**(central | changes))


def by_need(*values):
    return xr.DataArray(list(values), dims="need", coords={"need": list(NEEDS)})


TRAJECTORY = reference_trajectory(POPULATION, assume())


def people(year, bands=AGE_BANDS):
    return POPULATION.sel(year=year, age=list(bands)).sum().item() / 1000


def growth(bands):
    return people(2032, bands) - people(2018, bands), people(2032, bands) / people(2018, bands) - 1


def test_every_cell_is_that_of_figure_10():
    """Strategy Unit (2018), Figure 10: ONS 2014-based Table 3, Dudley CCG, thousands. Tolerance: none."""
    if not FIGURE_10.exists():
        pytest.skip(f"{FIGURE_10} is not here: the transcription was not checked against the report")
    lines = FIGURE_10.read_text(encoding="utf-8").splitlines()
    start = next(row for row, line in enumerate(lines) if line.startswith("AGE GROUP\t2018"))
    printed = [line.split() for line in lines[start + 1 : start + 20]]
    assert [row[0] for row in printed] == list(AGE_BANDS)
    thousands = np.array([row[1:] for row in printed], dtype=float)
    assert thousands.shape == (19, 15)
    assert np.array_equal(np.round(POPULATION.values.T / 1000, 1), thousands)
    totals = pd.read_csv(INPUTS / "ons" / "population_2014_based.csv").query("age_group == 'All ages'")[
        "value"
    ]
    assert totals.to_list() == [float(cell) for cell in lines[start + 20].split("\t")[1:16]]


def test_the_total_grows_by_4_1_per_cent():
    """Specification, What it must reproduce; Strategy Unit (2018), 4.2.4: 'just over 4% by 2032'."""
    assert growth(AGE_BANDS)[1] == pytest.approx(0.041, abs=0.0005)


def test_over_65s_grow_by_14_400_and_over_75s_by_a_third():
    """Strategy Unit (2018), 4.2.4: 'c.11,000 and c.14,000', '34% increase in over 75s'.

    Specification: +14.4k (+21.9%) and +10.6k (+34%). Tolerance: half a unit in the last printed digit.
    """
    assert growth(AGE_BANDS[13:]) == (pytest.approx(14.4, abs=0.05), pytest.approx(0.219, abs=0.0005))
    assert growth(AGE_BANDS[15:]) == (pytest.approx(10.6, abs=0.05), pytest.approx(0.34, abs=0.005))


def test_working_ages_shrink_by_1_28_per_cent_most_at_45_to_59():
    """Strategy Unit (2018), 4.2.4: 'net 1.28% over 15-64-year olds', most at '45-59'."""
    assert growth(AGE_BANDS[3:13])[1] == pytest.approx(-0.0128, abs=0.00005)
    change = {band: growth([band])[0] for band in AGE_BANDS[3:13]}
    assert set(sorted(change, key=change.get)[:3]) == {"45-49", "50-54", "55-59"}


def test_births_and_deaths_start_at_the_recent_level():
    """ONS mid-year components 2014-2018, Dudley: means of 3,749.0 births and 3,143.8 deaths."""
    assert (RECENT.births, RECENT.deaths) == (3749.0, 3143.8)
    assert TRAJECTORY["births"][0] == pytest.approx(3749.0)
    assert TRAJECTORY["deaths"][0].sum() == pytest.approx(3143.8)


def test_fertility_adds_up_to_the_published_total():
    """ONS births in England and Wales 2017: total fertility rate 1.76. Tolerance: half a digit."""
    assert 5 * FERTILITY.sum() == pytest.approx(1.76, abs=0.005)


def test_ageing_fractions_are_in_the_published_range():
    """Specification, Closure: 'Ageing fractions on the Dudley table lie between 0.13 and 0.28 a year'.

    That range, to its last digit, is that of England's death rates without scaling or improvement and of
    migration at 20-39 only. Scaled to Dudley's deaths and improving, as Closure asks, 85-89 falls below it
    whatever the age profile of migration: fewer die at 90+, so fewer replace them. All other bands stay
    inside.
    """
    young = xr.DataArray(
        [float(band in AGE_BANDS[4:8]) for band in AGE_BANDS], dims="age", coords={"age": list(AGE_BANDS)}
    )
    as_published = assume(
        mortality_improvement=0.0, births_recent=None, deaths_recent=None, migration_weight=young
    )
    fraction = reference_trajectory(POPULATION, as_published)["ageing_fraction"][:14, :-1]
    assert (round(float(fraction.min()), 2), round(float(fraction.max()), 2)) == (0.13, 0.28)
    fraction = TRAJECTORY["ageing_fraction"][:14, :-1]
    assert 0.13 < fraction.sel(age=list(AGE_BANDS[:-2])).min() < fraction.max() < 0.28
    assert 0.11 < fraction.sel(age="85-89").min() < 0.13


def test_onset_and_progression_are_positive_everywhere():
    """Specification, Closure: 'Onset and progression are positive everywhere', whatever the risks."""
    for risk in (by_need(1.0, 1.0, 1.0), by_need(1.0, 2.0, 4.0), by_need(1.0, 3.0, 8.0)):
        trajectory = reference_trajectory(POPULATION, assume(relative_risk=risk))
        assert trajectory["onset"].min() > 0
        assert trajectory["progression"].min() > 0


def test_prevalence_passes_near_the_published_points():
    """McLean et al. (2014), abstract: 8.1% at 25-34, 76.1% at 75+; Barnett et al. (2012): ratio 42.2 / 23.2.

    Tolerance one point: the curve passes through the mean age of each group, not through its people.
    All-age shares are above Scotland's of 2007 because Dudley in 2018 is older.
    """
    people = POPULATION.sel(year=2018)
    shares = assume().need_shares
    some, two = 1 - shares.sel(need="Well"), shares.sel(need="Complex")
    for bands, published in ((YOUNG_BANDS, PUBLISHED.two_young), (OLD_BANDS, PUBLISHED.two_old)):
        assert abs(two.sel(age=list(bands)).weighted(people).mean() - published) < 0.01
    any_all_ages, two_all_ages = (share.weighted(people).mean() for share in (some, two))
    assert any_all_ages / two_all_ages == pytest.approx(0.422 / 0.232)
    assert 0.232 < two_all_ages < 0.28


def replay(trajectory, step, ageing_fraction=None):
    """Euler integration of the model's stock equations: what PySD will do with the same tables."""
    reference = trajectory["population"].values
    stock = reference[0].copy()
    path = [stock.copy()]
    for row in range(len(reference) - 1):
        flows = {name: trajectory[name].values[row] for name in trajectory.data_vars}
        for part in np.arange(0, 1, step):
            of_reference = reference[row] * (1 - part) + reference[row + 1] * part
            response = stock / of_reference
            ageing = flows["ageing"] * response
            if ageing_fraction is not None:
                ageing = stock * ageing_fraction
                ageing[-1] = 0
            onset = flows["onset"] * response[:, 0]
            progression = flows["progression"] * response[:, 1]
            change = flows["migration_in"] - (flows["migration_out"] + flows["deaths"]) * response - ageing
            change[1:] += ageing[:-1]
            change[0, 0] += flows["births"]
            change += np.stack([-onset, onset - progression, progression], axis=-1)
            stock = stock + step * change
        path.append(stock.copy())
    return np.array(path)


@pytest.mark.parametrize("step", [1 / 8, 1 / 16])
def test_replay_gives_every_cell_of_the_table(step):
    """Specification, What it must reproduce, 1: 19 bands in 15 years, exactly."""
    cells = replay(TRAJECTORY, step).sum(axis=-1)[:15]
    assert cells.size == 285
    assert np.abs(cells - POPULATION.values).max() < 1e-6


def test_naive_ageing_gets_it_wrong_by_thousands():
    """Specification, Closure: 'the naive answer is the comparison'. It empties large bands slowly."""
    error = np.abs(replay(TRAJECTORY, 1 / 8, ageing_fraction=0.2).sum(axis=-1)[:15] - POPULATION.values)
    assert error.max() > 1000


def test_net_migration_stays_near_what_the_area_saw():
    """ONS components 2014-2018: 272 to 1,211 a year, mean 632; the table is rounded to 100 persons a cell.

    Rounding alone moves the total of a year by up to about 4 x 0.1 x sqrt(38 / 12) thousand: single years
    are not compared, their mean is.
    """
    net_migration = TRAJECTORY["net_migration"].sel(year=slice(2018, 2032))
    assert RECENT.lowest_net_migration < net_migration.mean() < RECENT.highest_net_migration
    assert TRAJECTORY["extrapolated"].sel(year=slice(2019, 2033)).to_numpy().tolist() == [False] * 14 + [True]


def areas_of_2018_based(tmp_path_factory):
    table = pd.read_csv(BASED_2018, dtype=str, keep_default_na=False).rename(columns={"persons": "value"})
    table = table.assign(projection="2018-based", unit="persons", source="ons_snpp_2018_ccg_table3")
    columns = ["area_code", "area_name", "projection", "age_group", "year", "value", "unit", "source"]
    path = tmp_path_factory.mktemp("ons") / "population_2018_based.csv"
    table[columns].to_csv(path, index=False)
    return path, list(table["area_code"].unique())


def test_all_20_areas_of_the_2018_based_file_solve(tmp_path_factory):
    """Specification, Closure: 'all areas of the 2018-based file solve with positive flows'."""
    if not BASED_2018.exists():
        pytest.skip(f"{BASED_2018} is not here: the other 19 areas were not solved")
    path, codes = areas_of_2018_based(tmp_path_factory)
    assert len(codes) == 20
    for code in codes:
        population = read_population(path, code)
        trajectory = reference_trajectory(
            population, assume(population, births_recent=None, deaths_recent=None)
        )
        assert not trajectory["extrapolated"].any()
        assert trajectory["onset"].min() > 0
        assert trajectory["progression"].min() > 0

"""Death rates, fertility and the recent level: what is made of the files, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.rates import read_death_rates, read_fertility, read_recent_level

ONS = Path(__file__).parents[3] / "inputs" / "ons"
DEATHS, FERTILITY = ONS / "death_rates_england_2014_2016.csv", ONS / "fertility_2017.csv"
COMPONENTS = ONS / "components_dudley_2001_2019.csv"


def changed(tmp_path, source, keep=None, **columns):
    table = pd.read_csv(source, dtype=str, keep_default_na=False)
    table = table if keep is None else table.query(keep)
    path = tmp_path / "changed.csv"
    table.assign(**columns).to_csv(path, index=False)
    return path


def test_a_death_rate_of_persons_lies_between_those_of_the_sexes_and_moves_to_women_with_age():
    rates = read_death_rates(DEATHS, boys_per_girl=1.05)
    assert tuple(rates["age"].values) == AGE_BANDS
    assert rates.attrs["units"] == "1/Year"
    sexes = pd.read_csv(DEATHS).pivot(index="age_group", columns="sex", values="value").reindex(AGE_BANDS)
    share_of_men = (rates.values - sexes["female"]) / (sexes["male"] - sexes["female"])
    assert share_of_men.between(0.3, 0.52).all()
    assert share_of_men.is_monotonic_decreasing
    assert share_of_men.iloc[0] == pytest.approx(1.05 / 2.05, abs=0.001)


def test_only_girls_gives_the_rate_of_women():
    rates = read_death_rates(DEATHS, boys_per_girl=0.0)
    women = pd.read_csv(DEATHS).query("sex == 'female'")["value"]
    assert np.allclose(rates, women, rtol=1e-12)


def test_a_band_without_a_rate_is_named(tmp_path):
    path = changed(tmp_path, DEATHS, keep="not (sex == 'male' and age_group in ['5-9', '90+'])")
    with pytest.raises(InputError, match=r"(?s)male, age 5-9: no rate.*male, age 90\+: no rate"):
        read_death_rates(path, boys_per_girl=1.05)


def test_a_rate_per_thousand_is_refused(tmp_path):
    path = changed(tmp_path, DEATHS, value="9.8")
    with pytest.raises(
        InputError, match=r"'9.8' is above 1[.] Give deaths per person and year, not per 1,000"
    ):
        read_death_rates(path, boys_per_girl=1.05)


def test_fertility_keeps_every_birth_of_the_single_ages():
    rates = read_fertility(FERTILITY)
    assert 5 * rates.sum() == pytest.approx(pd.read_csv(FERTILITY)["value"].sum() / 1000)
    assert [band for band in AGE_BANDS if rates.sel(age=band) > 0] == list(AGE_BANDS[3:9])


def test_a_missing_single_age_is_named(tmp_path):
    with pytest.raises(InputError, match="age 30: no rate"):
        read_fertility(changed(tmp_path, FERTILITY, keep="age != '30'"))


def test_the_recent_level_is_that_of_five_mid_years():
    recent = read_recent_level(COMPONENTS)
    assert recent.births == 3683
    assert recent.deaths == pytest.approx((3295 + 3062 + 3126 + 3344 + 3239) / 5)
    migration = [-106 + 378, 29 + 534, 784 + 427, 475 + 363, 324 + 382]
    assert recent.net_migration == pytest.approx(sum(migration) / 5)
    assert (recent.lowest_net_migration, recent.highest_net_migration) == (min(migration), max(migration))


def test_a_window_beyond_the_file_is_refused():
    with pytest.raises(InputError, match="births, year 2020: no figure"):
        read_recent_level(COMPONENTS, last_year=2020)

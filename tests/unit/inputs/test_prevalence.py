"""Shares of need by age: what they add up to, how they rise, and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.deprivation import fifth_shares, read_people_by_fifth
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.prevalence import need_shares, read_published_prevalence

INPUTS = Path(__file__).parents[3] / "inputs"
POPULATION = read_population(INPUTS / "ons" / "population_2014_based.csv")
PUBLISHED = read_published_prevalence(INPUTS / "evidence" / "multimorbidity.csv")

BY_FIFTH = read_people_by_fifth(INPUTS / "deprivation" / "people_by_fifth_dudley.csv")
FIFTHS = fifth_shares(BY_FIFTH, mean_age_of_75_and_over=82.0, mean_age_of_oldest=93.0)


def test_shares_are_positive_add_to_one_and_worsen_with_age():
    shares = need_shares(POPULATION, PUBLISHED, FIFTHS, age_shift=10.0, mean_age_of_oldest=93.0)
    assert shares.dims == ("age", "need", "fifth")
    assert np.allclose(shares.sum("need"), 1, rtol=0, atol=1e-12)
    assert shares.min() > 0
    assert (shares.sel(need="Well").diff("age") < 0).all()
    assert (shares.sel(need="Complex").diff("age") > 0).all()
    assert (shares.sel(need="Complex").diff("fifth") < 0).all()


def test_the_shift_moves_conditions_between_fifths_and_the_level_their_number():
    def people_by_need(shift, level=1.0):
        shares = need_shares(POPULATION, PUBLISHED, FIFTHS, shift, mean_age_of_oldest=93.0, level=level)
        return (shares * FIFTHS * POPULATION.sel(year=2018)).sum(["age", "fifth"]).values, shares

    (even, same), (shifted, _), (fewer, _) = (
        people_by_need(0.0),
        people_by_need(10.0),
        people_by_need(10.0, 0.9),
    )
    assert np.ptp(same.values, axis=2).max() < 1e-12
    np.testing.assert_allclose(shifted, even, rtol=1e-9)
    np.testing.assert_allclose(fewer[1:], 0.9 * even[1:], rtol=1e-9)


def test_the_published_figures_are_those_of_the_file():
    assert (PUBLISHED.any_all_ages, PUBLISHED.two_all_ages) == (0.422, 0.232)
    assert (PUBLISHED.two_young, PUBLISHED.two_old) == (0.081, 0.761)


def test_a_ratio_that_asks_for_more_people_than_there_are_is_refused():
    with pytest.raises(InputError, match="the published ratio asks for"):
        need_shares(POPULATION, replace(PUBLISHED, any_all_ages=0.95), FIFTHS, 10.0, 93.0)


def test_every_fault_of_the_arguments_is_reported():
    with pytest.raises(InputError) as raised:
        need_shares(POPULATION[:, ::-1], PUBLISHED, FIFTHS, 10.0, mean_age_of_oldest=89.0, year=2017)
    assert [fault.where or fault.file for fault in raised.value.faults] == [
        "dimension year",
        "dimension age",
        "mean_age_of_oldest",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "two or more morbidities,75+,0.761",
            "two or more morbidities,75+,1.761",
            "two or more morbidities, 75+",
        ),
        (
            "one or more morbidities,all ages",
            "some morbidities,all ages",
            "one or more morbidities, all ages",
        ),
        (
            "two or more morbidities,25-34,0.081",
            "two or more morbidities,25-34,0.981",
            "does not rise with age",
        ),
    ],
)
def test_figures_that_cannot_be_are_refused(tmp_path, old, new, words):
    text = (INPUTS / "evidence" / "multimorbidity.csv").read_text()
    assert old in text
    path = tmp_path / "multimorbidity.csv"
    path.write_text(text.replace(old, new))
    with pytest.raises(InputError) as raised:
        read_published_prevalence(path)
    assert words in str(raised.value)

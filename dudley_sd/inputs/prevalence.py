"""Shares of each age band and deprivation fifth with no long-term condition, one, or two or more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandera.pandas as pa
import xarray as xr
from scipy.optimize import brentq
from scipy.special import expit, logit
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, DEPRIVATION, FIFTHS, NEEDS, first_age, mean_ages
from dudley_sd.inputs.tables import number_column, read_table, text_column

Array = npt.NDArray[np.float64]

YOUNG_BANDS = ("25-29", "30-34")
OLD_BANDS = ("75-79", "80-84", "85-89", "90+")

MULTIMORBIDITY = pa.DataFrameSchema(
    {
        "metric": text_column(),
        "group": text_column(),
        "value": number_column(minimum=0),
        "unit": text_column(["share", "ratio"]),
        "year": text_column(),
        "geography": text_column(),
        "source": text_column(),
        "confidence": text_column(),
        "note": text_column(empty=True),
    },
    unique=["metric", "group", "geography"],
)


@dataclass(frozen=True)
class PublishedPrevalence:
    """Shares of people with long-term conditions, as printed.

    Attributes
    ----------
    any_all_ages, two_all_ages
        One or more conditions and two or more, all ages (Barnett et al. 2012).
    two_young, two_old
        Two or more conditions at ages 25-34 and 75 and over (McLean et al. 2014).
    """

    any_all_ages: float
    two_all_ages: float
    two_young: float
    two_old: float


def read_published_prevalence(path: Path | str) -> PublishedPrevalence:
    """Return the four published shares that the need states are drawn through.

    Raises
    ------
    InputError
        Faults of `read_table`; one of the four figures missing, or not a share strictly between 0 and 1, or
        more people with two conditions than with one.
    """
    table = (
        read_table(path, MULTIMORBIDITY)
        .query("geography == 'Scotland'")
        .set_index(["metric", "group"])["value"]
    )
    wanted = {
        "any_all_ages": ("one or more morbidities", "all ages"),
        "two_all_ages": ("two or more morbidities", "all ages"),
        "two_young": ("two or more morbidities", "25-34"),
        "two_old": ("two or more morbidities", "75+"),
    }
    faults = [
        Fault(
            str(path),
            f"{metric}, {group}",
            "no share strictly between 0 and 1",
            "Take it from the publication",
        )
        for metric, group in wanted.values()
        if not 0.0 < float(table.get((metric, group), np.nan)) < 1.0
    ]
    refuse(faults)
    published = PublishedPrevalence(**{name: float(table[key]) for name, key in wanted.items()})
    if not (published.two_all_ages < published.any_all_ages and published.two_young < published.two_old):
        problem = f"{published} does not rise with age, or has more people with two conditions than with one"
        raise InputError([Fault(str(path), "column value", problem, "Compare with the publications")])
    return published


def need_shares(
    population: xr.DataArray,
    published: PublishedPrevalence,
    fifth_shares: xr.DataArray,
    age_shift: float,
    mean_age_of_oldest: float,
    level: float = 1.0,
    year: int = 2018,
) -> xr.DataArray:
    """Return the share of each band and fifth that is Well, LongTerm and Complex.

    Parameters
    ----------
    population
        Persons, dims (year, age).
    published
        The four published shares.
    fifth_shares
        Share of each band that lives in each fifth, dims (age, fifth).
    age_shift
        Years by which people of the most deprived fifth are ahead of the least deprived in long-term
        conditions.
    mean_age_of_oldest
        Mean age of people of 90 and over, years: the open band has no midpoint.
    level
        People with conditions relative to what the published shares give.
    year
        Whose age structure to use.

    Returns
    -------
    xr.DataArray
        Dims (age, need, fifth), Dmnl, adding to 1 over need; constant over time by assumption.

    Raises
    ------
    InputError
        If the year or a band is not there, `mean_age_of_oldest` is below 90, or the published ratio and level
        ask for more people with a condition than there are.

    Notes
    -----
    Two or more conditions: a logistic curve in age through the two published points. 25-34 and 75 and over
    are not ages; the curve is laid through the mean age of the people of this area in each group, bands at
    their midpoints (2.5, 7.5 ...). One or more: the same slope, with the intercept at which all-age
    prevalence exceeds that of two or more by the published ratio on this area's age structure. The level of
    both is thus the area's, older than Scotland in 2007 and so with more conditions. In a fifth the curves
    are those of age plus `age_shift` times its score of deprivation; both intercepts are solved again, so
    that the area has as many people with one and with two conditions as without fifths.
    """
    _check(population, mean_age_of_oldest, year)
    people = population.sel(year=year, drop=True).to_numpy().astype(float)
    ages = mean_ages(mean_age_of_oldest)
    young, old = (_mean_age_of(bands, people, ages) for bands in (YOUNG_BANDS, OLD_BANDS))
    slope = (logit(published.two_old) - logit(published.two_young)) / (old - young)
    level_of_two = np.average(expit(logit(published.two_young) + slope * (ages - young)), weights=people)
    targets = level * level_of_two * np.array([published.any_all_ages / published.two_all_ages, 1.0])
    if not targets[0] < 1.0:
        problem = f"the published ratio asks for {targets[0]:.2f} of all people to have a condition"
        raise InputError(
            [Fault("published", "any_all_ages", problem, "Check the ratio against the publication")]
        )
    living = people[:, None] * fifth_shares.to_numpy()
    rise = slope * (ages[:, None] + age_shift * np.array(DEPRIVATION))
    some, two = (_curve(rise, living, target) for target in targets)
    return xr.DataArray(
        np.stack([1.0 - some, some - two, two], axis=1),
        dims=("age", "need", "fifth"),
        coords={"age": list(AGE_BANDS), "need": list(NEEDS), "fifth": list(FIFTHS)},
        name="need_shares",
        attrs={
            "units": "Dmnl",
            "long_name": "share of the band and fifth in each state of need",
            "year": year,
        },
    )


def _curve(rise: Array, people: Array, target: float) -> Array:
    """Logistic curve with a given rise whose mean over people is the target, both of shape (age, fifth)."""

    def excess(intercept: float) -> float:
        return float(np.average(expit(intercept + rise), weights=people)) - target

    return np.asarray(expit(brentq(excess, -50.0, 50.0) + rise))


def _check(population: xr.DataArray, mean_age_of_oldest: float, year: int) -> None:
    name = str(population.attrs.get("file", "population"))
    faults = []
    if year not in population["year"].values:
        faults.append(Fault(name, "dimension year", f"no year {year}", "Choose a year of the table"))
    if tuple(population["age"].values) != AGE_BANDS:
        faults.append(Fault(name, "dimension age", "not the 19 bands in order", f"Give exactly {AGE_BANDS}"))
    if not first_age(AGE_BANDS[-1]) <= mean_age_of_oldest < np.inf:
        problem = f"value {mean_age_of_oldest} is not an age of {AGE_BANDS[-1]}"
        faults.append(
            Fault("mean_age_of_oldest", "", problem, "Give the mean age of the people of that band")
        )
    refuse(faults)


def _mean_age_of(bands: tuple[str, ...], people: Array, ages: Array) -> float:
    places = [AGE_BANDS.index(band) for band in bands]
    return float(np.average(ages[places], weights=people[places]))

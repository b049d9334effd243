"""Rates of use, relative use, effects and reach: ranges of ages become bands, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from sampling import examples
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.inputs.parameters import Parameters, read_parameters, read_source_ids
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.services import (
    COUNTED_SERVICES,
    OLDEST,
    PER_HEAD,
    PRACTICE_SERVICES,
    level_use_rates,
    read_effects,
    read_reach,
    read_relative_use,
    read_use_rates,
)

INPUTS = Path(__file__).parents[3] / "inputs"
IDS = read_source_ids(INPUTS / "sources.csv")
INTERVENTIONS = elements(INPUTS, INTERVENTION)
HEADER = "service,part,age_from,age_to,low,central,high,unit,status,source,locator,note\n"
RATES = st.floats(min_value=0, max_value=100, allow_nan=False)


def rows_of(service: str, starts: list[int], rates: list[float], part: str = "All") -> str:
    """Rows of one part: a range from each start to the next, the last to the oldest age."""
    ends = [start - 1 for start in starts[1:]] + [OLDEST]
    return "".join(
        f"{service},{part},{first},{last},0,{rate!r},1000,{PER_HEAD},assumption,,,because\n"
        for first, last, rate in zip(starts, ends, rates, strict=True)
    )


def others(service: str) -> str:
    """Rows that give every other service a rate of one."""
    return "".join(rows_of(each, [0], [1.0]) for each in COUNTED_SERVICES if each != service)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def faults(read: Callable[..., object], *args: object) -> list[str]:
    with pytest.raises(InputError) as raised:
        read(*args)
    return [str(fault) for fault in raised.value.faults]


@examples(30)
@given(
    starts=st.sets(st.integers(1, 100), max_size=8).map(lambda found: [0, *sorted(found)]),
    data=st.data(),
)
def test_a_band_has_the_mean_of_its_single_years(tmp_path_factory, starts, data):
    """Every partition of the ages gives each band the plain mean of its years, whatever straddles what."""
    rates = data.draw(st.lists(RATES, min_size=len(starts), max_size=len(starts)))
    path = written(
        tmp_path_factory.mktemp("rates") / "rates.csv",
        HEADER + rows_of("AandE", starts, rates) + others("AandE"),
    )
    found = read_use_rates(path, IDS)
    single = [rates[int(np.searchsorted(starts, age, side="right")) - 1] for age in range(OLDEST + 1)]
    wanted = [np.mean(single[first_age(band) : first_age(band) + 5]) for band in AGE_BANDS]
    np.testing.assert_allclose(found.sel(service="AandE"), wanted, rtol=1e-12, atol=1e-12)
    assert (found.sel(service="Elective") == 1).all()


def test_parts_of_a_service_add_up(tmp_path):
    rows = rows_of("AandE", [0], [0.25], "Walk-in") + rows_of("AandE", [0], [0.5], "Ambulance")
    rates = read_use_rates(written(tmp_path / "rates.csv", HEADER + rows + others("AandE")), IDS)
    assert (rates.sel(service="AandE") == 0.75).all()


@pytest.mark.parametrize(
    ("starts", "change", "problem"),
    [
        (
            [0, 18, 65],
            ("AandE,All,18,64", "AandE,All,18,60"),
            "ages 65 to 120 leave a gap after the ages to 60",
        ),
        ([0, 18, 65], ("AandE,All,18,64", "AandE,All,18,70"), "ages 65 to 120 overlap the ages to 70"),
        ([0, 18, 65], ("AandE,All,0,17", "AandE,All,17,0"), "age_from 17 is above age_to 0"),
        ([0, 18, 65], ("AandE,All,0,17", "AandE,All,1,17"), "no rate for ages 0 to 0"),
        ([0], ("AandE,All,0,120", "AandE,All,0,90"), "no rate for ages 91 to 120"),
        ([0], ("AandE,All,0,120,0,1.0", "AandE,All,0,120,-2,-1.0"), "rate -1.0 is negative"),
    ],
)
def test_faulty_rates_are_refused(tmp_path, starts, change, problem):
    text = HEADER + rows_of("AandE", starts, [1.0] * len(starts)) + others("AandE")
    assert change[0] in text
    found = faults(read_use_rates, written(tmp_path / "rates.csv", text.replace(*change, 1)), IDS)
    assert len(found) == 1, found
    assert problem in found[0]


def test_a_service_without_rates_is_named(tmp_path):
    found = faults(read_use_rates, written(tmp_path / "rates.csv", HEADER + others("AandE")), IDS)
    assert len(found) == 1
    assert "service AandE: no rate for ages 0 to 120" in found[0]


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    """Read the parameter table of the repository."""
    return read_parameters(INPUTS / "parameters.csv", INPUTS / "sources.csv")


@pytest.fixture(scope="module")
def people() -> xr.DataArray:
    """Read Dudley's people in mid-2018."""
    return read_population(INPUTS / "ons" / "population_2014_based.csv").sel(year=2018)


def test_levels_are_kept_and_so_are_shapes(parameters, people):
    """Where a level is per head, it is the mean over Dudley's people; practice contacts share one."""
    rates = read_use_rates(INPUTS / "activity" / "use_rates.csv", IDS)
    levelled = level_use_rates(rates, people, parameters)
    mean = levelled.weighted(people).mean("age")
    for service in COUNTED_SERVICES:
        before, after = rates.sel(service=service), levelled.sel(service=service)
        np.testing.assert_allclose(after * float(before.sum()), before * float(after.sum()), rtol=1e-12)
        if parameters.unit(f"level_{service}") == PER_HEAD and service not in PRACTICE_SERVICES:
            assert float(mean.sel(service=service)) == pytest.approx(parameters.central(f"level_{service}"))
    practice = float(mean.sel(service=list(PRACTICE_SERVICES)).sum())
    assert practice == pytest.approx(parameters.central("level_PracticeRoutine"))


def test_a_level_in_an_unknown_unit_is_refused(parameters, people):
    table = parameters.table.copy()
    table.loc[table["id"] == "level_AandE", "unit"] = "Activity/Year"
    rates = read_use_rates(INPUTS / "activity" / "use_rates.csv", IDS)
    found = faults(level_use_rates, rates, people, Parameters(table))
    assert len(found) == 1
    assert "unit 'Activity/Year' is neither" in found[0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("AandE,Complex,1.6,2.2,3.0,Dmnl,assumption,,,No figure in the pack\n", ""), "no positive value"),
        (("AandE,Complex,1.6,2.2", "AandE,Complex,0,0"), "need Complex: no positive value"),
        (("AandE,Complex,1.6,2.2,3.0,Dmnl", "AandE,Complex,1.6,2.2,3.0,Person"), "'Person' is not known"),
        (("AandE,LongTerm", "AandE,Complex"), "the same service 'AandE', need 'Complex'"),
    ],
)
def test_faulty_relative_use_is_refused(tmp_path, change, problem):
    text = (INPUTS / "activity" / "relative_use.csv").read_text(encoding="utf-8")
    assert change[0] in text
    found = faults(read_relative_use, written(tmp_path / "use.csv", text.replace(*change, 1)), IDS)
    assert len(found) == 1, found
    assert problem in found[0]


def test_effects_are_ordered_shares_and_reach_has_them():
    effects = read_effects(INPUTS / "effects.csv", IDS, INTERVENTIONS)
    low, central, high = (effects.sel(reading=reading) for reading in ("low", "central", "high"))
    assert ((low <= central) & (central <= high)).all()
    assert float(effects.min()) >= 0
    assert float(effects.max()) <= 1
    reach = read_reach(INPUTS / "reach.csv", IDS, effects)
    assert float(reach.min()) >= 0
    assert float(reach.max()) <= 1
    np.testing.assert_array_equal(reach.max("age") > 0, high > 0)


def test_reach_in_a_straddling_band_is_the_mean_of_its_years():
    """Urgent access: 0.35 to age 17, 0.3 from 18, so that 15-19 has (3 x 0.35 + 2 x 0.3) / 5."""
    effects = read_effects(INPUTS / "effects.csv", IDS, INTERVENTIONS)
    reach = read_reach(INPUTS / "reach.csv", IDS, effects)
    found = float(reach.sel(intervention="UrgentAccess", service="AandE", age="15-19"))
    assert found == pytest.approx((3 * 0.35 + 2 * 0.3) / 5)


def test_a_faulty_row_of_reach_is_reported_alone(tmp_path):
    """The intervention whose only row is faulty is not also said to reach nobody."""
    effects = read_effects(INPUTS / "effects.csv", IDS, INTERVENTIONS)
    text = (INPUTS / "reach.csv").read_text(encoding="utf-8")
    path = written(
        tmp_path / "reach.csv", text.replace("MDT,EmergencyAdmission,65", "MDT,EmergencyAdmission,x", 1)
    )
    found = faults(read_reach, path, IDS, effects)
    assert len(found) == 1
    assert "row 2, column age_from: value 'x' is not a whole number" in found[0]

"""Is the error of the projection worked out right, in people and in demand?"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.validation.back_test import (
    BED_DAYS,
    GROUPS,
    PARTS,
    BackTest,
    activity,
    back_test,
    bed_days_by_group,
    demand_errors,
    group_errors,
    growth_table,
    of_group,
    people_outcomes,
    revision_table,
    use_by_age,
)

YEARS = list(range(2018, 2024))


def people(of_each: float, oldest: float) -> xr.DataArray:
    """As many in every band, and so many of 90 and over."""
    table = np.full((6, 19), of_each)
    table[:, -1] = oldest
    return xr.DataArray(table, dims=("year", "age"), coords={"year": YEARS, "age": list(AGE_BANDS)})


@pytest.fixture
def small() -> BackTest:
    """100 in each band; 120 of the oldest projected where there are 100."""
    return BackTest(people(100, 120), people(100, 100), people(100, 110).isel(year=0, drop=True))


def use(oldest: float) -> xr.DataArray:
    """One bed day each, and so many of those of 90 and over."""
    rates = np.ones((1, 19))
    rates[0, -1] = oldest
    ages = [f"A{5 * place}" for place in range(19)]
    return xr.DataArray(rates, dims=("service", "age"), coords={"service": [BED_DAYS], "age": ages})


def test_groups_add_up_to_all_ages(small: BackTest):
    parts = sum(of_group(small.estimated, name) for name in PARTS)

    np.testing.assert_array_equal(parts, of_group(small.estimated, "All ages"))
    assert set(PARTS) < set(GROUPS)


def test_error_is_projection_less_estimate_as_a_share(small: BackTest):
    """20 more on 100 of the oldest band; 20 more on 1,900 people."""
    assert float(small.error.sel(year=2023, age="90+")) == pytest.approx(0.2)
    assert float(abs(small.error.sel(age="0-4")).max()) == 0
    assert group_errors(small)["All ages"].mean_absolute_percentage_error == pytest.approx(20 / 1900)
    assert group_errors(small)["85 and over"].bias == pytest.approx(1)


def test_demand_weighs_ages_by_what_they_use(small: BackTest):
    """The oldest use ten days each: 18 x 100 + 120 x 10 = 3,000 against 1,800 + 1,000 = 2,800."""
    found = demand_errors(small, use(10)).sel(service=BED_DAYS, year=2023)

    assert activity(small.projected, use(10)).sel(year=2023).item() == pytest.approx(3000)
    assert float(found) == pytest.approx(200 / 2800)
    parts = bed_days_by_group(small, use(10))
    assert parts.sum() == pytest.approx(200 / 2800)
    assert parts["85 and over"] == pytest.approx(200 / 2800)
    assert growth_table(small, use(10)).loc["emergency bed days", "projected"] == pytest.approx(0)


def test_the_furthest_cell_is_named(small: BackTest):
    cells = next(each for each in people_outcomes(small) if each.id == "back_cells")

    assert cells.found == "20.0%"
    assert "aged 90+" in cells.note


def test_revisions_tell_what_was_known_when(small: BackTest):
    row = revision_table(small).loc["85 and over"]

    assert list(row) == [220, 210, 200]


def test_the_projection_of_dudley_had_too_many_old_people(model_run):
    """Cells as the two ONS tables print them; bed days follow the old."""
    found = back_test(model_run)

    assert float(found.projected.sel(year=2018, age="90+")) == pytest.approx(2800, abs=1e-6)
    assert float(found.estimated.sel(year=2023, age="90+")) == 3001
    assert float(found.estimated_then.sum()) == 320_626, "as in the components of change of 2019"
    days = demand_errors(found, use_by_age(model_run)).sel(service=BED_DAYS, year=2023)
    assert 0.03 < float(days) < 0.06

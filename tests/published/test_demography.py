"""Does the model grow and age as the ONS 2014-based projection says?

Figures, tolerances and sources: ``inputs/validation/targets.csv``.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.population import read_population
from dudley_sd.validation.published import demography_outcomes, people_outcomes
from tests.verdicts import assert_all_pass

TABLE = read_population(inputs_folder() / "ons" / "population_2014_based.csv")


def test_reference_reproduces_all_285_cells_and_the_growth_of_the_report(model_run):
    """Strategy Unit (2018), Figure 10 and section 4.2.4."""
    assert_all_pass(people_outcomes(model_run), 9)


def test_there_are_285_cells(reference: xr.Dataset):
    """19 bands by 15 years; a comparison of fewer would prove less."""
    model = reference["people_by_age"].sel(year=slice(2018, 2032)).to_numpy()

    assert model.shape == TABLE.shape == (15, 19)
    np.testing.assert_allclose(model, TABLE.to_numpy(), rtol=0, atol=1e-6)


def test_demography_alone(model_run):
    """Specification, What it must reproduce, 3: bed days +26%, admissions +14 to +16%, practice contacts +7%.

    Those figures hold for adults of 18 and over; children make few bed days, so all ages stay a
    point below.
    """
    assert_all_pass(demography_outcomes(model_run), 4)


def test_do_nothing_departs_from_ons_and_says_why(do_nothing: xr.Dataset):
    """Specification: do nothing's departure from the projection is reported with its causes, not hidden.

    Of those whom harm takes some would have moved away: what leaves follows who is there.
    """
    end = do_nothing.sel(year=2033)
    departure = float(end["departure_from_projection"])
    causes = {cause: float(end[f"departure_by_{cause}"]) for cause in ("births", "deaths", "migration")}

    assert -5000 < departure < -1000, "harm since 2014 takes people whom the projection has"
    np.testing.assert_allclose(departure, sum(causes.values()), atol=1e-6)
    assert causes["deaths"] < 0 < causes["migration"] < 0.05 * abs(causes["deaths"])
    assert abs(causes["births"]) < 0.02 * abs(causes["deaths"])

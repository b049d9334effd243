"""Are people, activity and money conserved, and does the model open in balance?"""

from __future__ import annotations

import numpy as np
import xarray as xr
from sdcompile.read.model import read_model

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.toml_files import read_toml
from dudley_sd.results.invariants import check_invariants
from dudley_sd.validation.published import step_of
from tests.verdicts import assert_passed

STEP = 0.0625
MODEL = read_model(models_folder() / MODEL_FILE)


def test_people_gps_staff_and_patients_are_conserved_at_every_step(report):
    """What is there less what was there is what came less what went, to rounding, at 304 steps."""
    assert step_of(MODEL) == STEP
    conserved = ("people", "gps", "staff", "list", "inpatients")
    assert_passed(report, *(f"{each}_conserved" for each in conserved), "no_stock_negative")


def test_money_is_conserved_and_rows_about_money_hold(report):
    """Specification: what one body pays another receives; do nothing; stranded cost."""
    assert_passed(report, "money_conserved", "deficit_opens", "stranded", "closed")


def test_training_pipeline_does_not_depend_on_how_often_results_are_kept(model_run):
    """DELAY FIXED in PySD can depend on SAVEPER; this pipeline must not (authoring rule 2)."""
    levers = {"medical school intake multiplier": 2.0}
    yearly, every_step = model_run(levers=levers), model_run(levers=levers, save_every=STEP)

    for name in ("newly_trained_gps", "gp_wte", "doctors_entering_gp_training"):
        np.testing.assert_array_equal(every_step[name].sel(year=yearly["year"]), yearly[name])


def test_every_future_keeps_the_invariants(
    four_futures: xr.Dataset, do_nothing: xr.Dataset, reference: xr.Dataset
):
    """People, GPs, staff and money conserved, no negative stock, shares in [0, 1], nothing infinite."""
    for results in (four_futures, do_nothing, reference):
        check_invariants(results)


def test_scenarios_share_one_history(four_futures: xr.Dataset):
    """All scenarios share one history to mid-2018 and part only afterwards."""
    given = {str(name) for name in four_futures.data_vars if four_futures[name].attrs.get("units") != ""}
    levels = {name for name in given if name.endswith("_in_2033")} | {"gdp_growth", "neighbours_step_in"}
    start = four_futures.drop_vars(levels & given).sel(year=slice(2014, 2018))
    for name, array in start.data_vars.items():
        if "scenario" in array.dims and array.dtype.kind == "f":
            apart = array - array.sel(scenario="official_future")
            assert float(abs(apart).max()) == 0, name


def test_reference_is_what_its_file_says():
    """The reference is an overlay in a file, not a special case in code."""
    sets = read_toml(inputs_folder() / "scenarios" / "reference.toml")["sets"]

    growth = {
        f"growth of {each}": 0
        for each in (
            "practice demand",
            "A and E demand",
            "overnight need",
            "referrals",
            "community need",
            "mental health need",
        )
    }
    assert sets == {"scenario change": 0, "feedback into population": 0, **growth}

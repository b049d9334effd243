"""Are people and activity conserved, and does the model open in balance?"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from dudley_sd.engine.choose import run_model
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.toml_files import read_toml
from dudley_sd.places import inputs_folder
from dudley_sd.results.invariants import check_invariants
from dudley_sd.runs.plan import make_plan

STOCKS = (
    "population",
    "gps",
    "future_gps_in_training",
    "staff_in_post",
    "staff_in_training",
    "practice_backlog",
    "elective_waiting_list",
    "people_delayed",
    "beds",
    "balance",
    "system_balance",
    "perceived_vacancy",
    "perceived_occupancy",
    "perceived_beds_needed",
    "funded_elective_index",
    "hospital_capacity_index",
    "hospital_capacity_unless_closed",
    "commissioner_cover",
    "council_cover",
    "mcp_cover",
    "activation",
    "isolation_index",
    "carers_index",
    "perceived_practice_load",
    "perceived_practice_wait",
    "perceived_same_day_met",
    "continuity",
)
STEP = 0.0625


def test_people_are_conserved_at_every_step(model_run):
    """Change in the total = births - deaths + net migration, to rounding, at each of 240 steps."""
    every_step = model_run(save_every=STEP)
    change = every_step["total_population"].diff("year", label="lower")
    flows = every_step["births"] - every_step["total_deaths"] + every_step["net_migration"]

    assert every_step.sizes["year"] == 241
    np.testing.assert_allclose(change, flows.isel(year=slice(None, -1)) * STEP, rtol=0, atol=1e-8)


def test_gps_are_conserved_at_every_step(model_run):
    """Change in heads = joiners - leavers; change in training = entrants - GPs trained."""
    every_step = model_run(save_every=STEP)
    now = every_step.isel(year=slice(None, -1))
    heads = every_step["gp_heads"].diff("year", label="lower")
    moves = now["gp_joiners"].sum("gp_age") - now["gp_leavers"].sum("gp_age")
    training = every_step["future_gps_in_training"].diff("year", label="lower")
    entrants = now["medical_students_entering"] + now["gp_trainees_starting"]
    leaving = now["doctors_entering_gp_training"] + now["newly_trained_gps"]

    np.testing.assert_allclose(heads, moves * STEP, rtol=0, atol=1e-9)
    np.testing.assert_allclose(training, (entrants - leaving) * STEP, rtol=0, atol=1e-9)


def test_training_pipeline_does_not_depend_on_how_often_results_are_kept(model_run):
    """DELAY FIXED in PySD can depend on SAVEPER; this pipeline must not (authoring rule 2)."""
    levers = {"medical school intake multiplier": 2.0}
    yearly, every_step = model_run(levers=levers), model_run(levers=levers, save_every=STEP)

    for name in ("newly_trained_gps", "gp_wte", "future_gps_in_training"):
        np.testing.assert_array_equal(every_step[name].sel(year=yearly["year"]), yearly[name])


@pytest.mark.usefixtures("shared_folder")
def test_opens_in_balance():
    """model.md: with people and growth frozen at 2018, no stock moves."""
    table = read_population(inputs_folder() / "ons" / "population_2014_based.csv")
    frozen = table.copy(data=np.repeat(table.to_numpy()[:1], len(table["year"]), axis=0))
    plan = make_plan(["reference"], "none", population=frozen)
    results = run_model(plan.folder.path, plan.settings["reference"], outputs=STOCKS)

    for name in STOCKS:
        start = results[name].isel(year=0, drop=True)
        scale = 1e9 if name in ("balance", "system_balance") else 1.0
        np.testing.assert_allclose(
            results[name], start.broadcast_like(results[name]), rtol=1e-9, atol=1e-9 * scale, err_msg=name
        )


def test_every_future_keeps_the_invariants(
    four_futures: xr.Dataset, baseline: xr.Dataset, reference: xr.Dataset
):
    """People conserved, shift adds up, no negative stock, shares in [0, 1], nothing infinite."""
    for results in (four_futures, baseline, reference):
        check_invariants(results)


def test_scenarios_share_one_2018(four_futures: xr.Dataset):
    """All scenarios share one 2018 state and part only afterwards."""
    levels = {name for name in four_futures.data_vars if str(name).endswith("_in_2033")} | {"gdp_growth"}
    start = four_futures.drop_vars(levels).sel(year=2018)
    for name, array in start.data_vars.items():
        apart = array - array.sel(scenario="official_future")
        assert float(abs(apart).max()) == 0, name


def test_reference_is_what_its_file_says():
    """The reference is an overlay in a file, not a special case in code."""
    assert read_toml(inputs_folder() / "scenarios" / "reference.toml")["sets"] == {
        "scenario change": 0,
        "feedback into population": 0,
        "growth switch": 0,
        "society switch": 0,
    }

"""Are people, GPs and activity conserved, and does the model open in balance?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from sdcompile.read.model import Model
from sdcompile.run.model_run import run_model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.population import read_population
from dudley_sd.runs.plan import make_plan
from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import PUBLISHED
from dudley_sd.validation.targets import judge

SIGNED = ("departure",)
"""Words of stocks that may be negative, as balances of money may: they hold a difference."""

POUNDS = "Pound"
TURNOVER = 1e9
"""Pounds that pass through the system in a year or so: the scale on which balances, which open at 0, move."""


def accounting_findings(run: Runner, model: Model) -> list[Finding]:
    """Conservation at every step, and stocks that stay at or above zero."""
    step = step_of(model)
    every_step = run(save_every=step)
    runs = [run(scenario, portfolio) for scenario in FUTURES for portfolio in ("none", PORTFOLIO)]
    figures = {
        "people_conserved": people_lost(every_step, step),
        "gps_conserved": gps_lost(every_step, step),
        "shift_conserved": max(map(activity_lost, runs)),
        "no_stock_negative": min(smallest_stock(each, stock_keys(model)) for each in runs),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def balance_findings(model: Model) -> list[Finding]:
    """Whether any stock moves when people and growth are frozen at 2018."""
    moved = movements(frozen_run(stock_keys(model)))
    most = max(moved, key=lambda name: moved[name])
    note = f"{len(moved)} stocks, delays and perceptions; furthest from rest: {most.replace('_', ' ')}"
    return [judge(PUBLISHED, "balance", moved[most], note)]


def stock_keys(model: Model) -> list[str]:
    """Every stock of the model, delays and smoothed values included, by its key in results."""
    return [each.key for each in model.variables.values() if each.kind in ("stock", "smooth")]


def frozen_run(outputs: Sequence[str] | None = None) -> xr.Dataset:
    """Run the reference with the people of 2018 in every year."""
    table = read_population(inputs_folder() / "ons" / "population_2014_based.csv")
    frozen = table.copy(data=np.repeat(table.to_numpy()[:1], len(table["year"]), axis=0))
    plan = make_plan(["reference"], "none", population=frozen)
    return run_model(plan.folder.path, plan.settings["reference"], outputs=outputs)


def movements(results: xr.Dataset) -> dict[str, float]:
    """Largest movement of each variable from its first value, as a share of that value where it has one."""
    moved = {}
    for name, array in results.data_vars.items():
        start = array.isel(year=0, drop=True)
        scale = TURNOVER if array.attrs.get("units") == POUNDS else abs(start).where(abs(start) > 1, 1.0)
        moved[str(name)] = float((abs(array - start) / scale).max())
    return moved


def people_lost(every_step: xr.Dataset, step: float) -> float:
    """Largest difference between the change in people and births, deaths and migration, in any step."""
    change = every_step["total_population"].diff("year", label="lower")
    flows = every_step["births"] - every_step["total_deaths"] + every_step["net_migration"]
    return float(abs(change - flows.isel(year=slice(None, -1)) * step).max())


def gps_lost(every_step: xr.Dataset, step: float) -> float:
    """Largest difference between the change in GPs, in post or in training, and their flows, in any step."""
    now = every_step.isel(year=slice(None, -1))
    heads = every_step["gp_heads"].diff("year", label="lower")
    moves = now["gp_joiners"].sum("gp_age") - now["gp_leavers"].sum("gp_age")
    training = every_step["future_gps_in_training"].diff("year", label="lower")
    entrants = now["medical_students_entering"] + now["gp_trainees_starting"]
    leaving = now["doctors_entering_gp_training"] + now["newly_trained_gps"]
    lost = abs(heads - moves * step), abs(training - (entrants - leaving) * step)
    return max(float(each.max()) for each in lost)


def activity_lost(results: xr.Dataset) -> float:
    """Largest difference between activity before the shift and what stayed and what landed, as a share."""
    before = results["activity_before_shift"]
    rest = before - results["activity_after_shift"] - results["landed_shift"]
    return float((abs(rest) / before).max())


def smallest_stock(results: xr.Dataset, stocks: Sequence[str]) -> float:
    """Smallest value of any stock that counts something."""
    present = [name for name in stocks if name in results and not name.startswith(SIGNED)]
    counting = [name for name in present if results[name].attrs.get("units") != POUNDS]
    return min(float(results[name].min()) for name in counting)


def step_of(model: Model) -> float:
    """Step of the model file, in years."""
    numbers = next(each.numbers for each in model.variables.values() if each.key == "time_step")
    if not numbers:
        raise ValueError("TIME STEP of the model file is not a number")
    return float(numbers[0])

"""Published numbers of people, staff, money and balances, which the model must reproduce."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from sdcompile.read.model import Model
from sdcompile.run.model_run import run_model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.inputs.population import read_population
from dudley_sd.request import Request
from dudley_sd.runs.run import make_run
from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at, change
from dudley_sd.validation.outcome import PUBLISHED, Outcome, judge

FIRST, LAST = 2018, 2032
WORKING = slice("A15", "A60")
ADULTS = slice("A20", "A90")
OUTPATIENTS = ["OutpatientFirst", "OutpatientFollowUp"]
PRACTICE = ["PracticeRoutine", "PracticeSameDay"]


def people_outcomes(run: Runner) -> list[Outcome]:
    """Compare the reference run with the projection, and its growth with the printed growth."""
    reference = run("reference")
    off = largest_difference(reference)
    over_65, over_75 = reference["people_65_and_over"], reference["people_75_and_over"]
    figures = {
        "cells_within": off,
        "cells_exact": off,
        "growth_total": change(reference["total_population"]),
        "growth_65_people": float(over_65.sel(year=LAST) - over_65.sel(year=FIRST)),
        "growth_65": change(over_65),
        "growth_75_people": float(over_75.sel(year=LAST) - over_75.sel(year=FIRST)),
        "growth_75": change(over_75),
        "growth_working": change(reference["people_of_working_age"]),
        "growth_45_59": youngest_of_largest_fall(reference),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def demography_outcomes(run: Runner) -> list[Outcome]:
    """Compare the growth of activity at fixed rates, by ageing alone, with the printed growth."""
    by_age = run("reference")["activity_before_shift_by_age"]
    adults, everybody = by_age.sel(age=ADULTS).sum("age"), by_age.sum("age")
    figures = {
        "alone_bed_days": change(adults.sel(service="EmergencyBedDay")),
        "alone_bed_days_all": change(everybody.sel(service="EmergencyBedDay")),
        "alone_admissions": change(adults.sel(service="EmergencyAdmission")),
        "alone_practice": change(everybody.sel(service=PRACTICE).sum("service")),
        "alone_outpatients": change(everybody.sel(service=OUTPATIENTS).sum("service")),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def largest_difference(reference: xr.Dataset) -> float:
    """People between the reference run and the ONS table, in the cell where they are furthest apart."""
    table = read_population(inputs_folder() / "ons" / "population_2014_based.csv")
    model = reference["people_by_age"].sel(year=table["year"].to_numpy()).transpose("year", "age")
    return float(np.abs(model.to_numpy() - table.to_numpy()).max())


def youngest_of_largest_fall(reference: xr.Dataset) -> float:
    """Youngest age of the three neighbouring working-age bands that together lose most people."""
    people = reference["people_by_age"].sel(age=WORKING)
    fall = (people.sel(year=FIRST) - people.sel(year=LAST)).rolling(age=3).sum().dropna("age")
    oldest_band = int(str(fall.idxmax("age").item()).removeprefix("A"))
    return oldest_band - 10.0


LIST_RATIO = "practice_list_ratio"
TWO_POINTS = 0.02
GPS_FOR_TWO_POINTS = 0.965
"""Share of 2018's GPs at which two points more of same-day demand go unmet; found by trial."""

FULL_COVERAGE = 0.8
NHS_STAFF = ["PracticeStaff", "CommunityStaff", "MentalHealthStaff", "AcuteStaff"]
VACANCY = {
    "official_future": 0.10,
    "state_supreme": 0.05,
    "community_resilience": 0.15,
    "corporate_rules": 0.15,
}
"""Strategy Unit (2018), Figure 12: what each future's staff groups are compared with."""


def gp_outcomes(run: Runner) -> list[Outcome]:
    """GPs and practice contacts as the model opens."""
    start = run().sel(year=2018)
    activity = start["activity_before_shift"]
    same_day = float(activity.sel(service="PracticeSameDay"))
    patients = float(start["total_population"] * start[LIST_RATIO])
    figures = {
        "gps_wte": float(start["gp_wte"]),
        "gps_per_10000": float(start["gps_per_10000"]),
        "gps_55": float(start["share_of_gps_55_and_over"]),
        "gps_65": float(start["share_of_gps_65_and_over"]),
        "gps_heads": float(start["gp_heads"]),
        "gps_leaving": float(start["gp_leavers"].sum() / start["gp_heads"]),
        "contacts_per_patient": (same_day + float(activity.sel(service="PracticeRoutine"))) / patients,
        "contacts_same_day": same_day,
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def leverage_outcomes(run: Runner) -> list[Outcome]:
    """Measure what two points more same-day unmet add to emergency contacts, if all go there."""
    start = run(levers={"GPs present at start": GPS_FOR_TWO_POINTS, "diversion fraction": 1.0}).sel(year=2018)
    usual = float(start["unmet_same_day_share_in_2018"])
    points = float(start["unmet_same_day_share"]) - usual
    attendances = float(start["activity_after_shift"].sel(service="AandE"))
    added = float(start["diverted_to_a_and_e"]) / attendances * TWO_POINTS / points
    return [judge(PUBLISHED, "leverage", added, f"Measured at {100 * points:.2f} points")]


def delay_outcomes(run: Runner) -> list[Outcome]:
    """How long medical students take to become GPs, and interventions to take effect."""
    doubled = run(levers={"medical school intake multiplier": 2.0})
    change = doubled["gp_wte"] / run()["gp_wte"] - 1
    needed = run(levers=full_portfolio())["community_contacts_needed"]
    share = needed / needed.sel(year=2033)
    figures = {
        "training_delay": float(abs(change.sel(year=slice(2018, 2028))).max()),
        "training_arrives": float(change.sel(year=2030)),
        "mobilisation_2020": float(share.sel(year=2020)),
        "mobilisation_2023": float(share.sel(year=2023)),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def full_portfolio() -> dict[str, float]:
    """Every intervention but prevention, started in mid-2018 for eight in ten."""
    active = [name for name in elements(inputs_folder(), INTERVENTION) if name != "Prevention"]
    coverage = {f"coverage[{name}]": FULL_COVERAGE for name in active}
    return coverage | {f"start date[{name}]": 2018 for name in active}


def scenario_outcomes(run: Runner) -> list[Outcome]:
    """Where each future ends without a portfolio, and growth of use that ageing does not explain."""
    outcomes = []
    for scenario in FUTURES:
        end = run(scenario)
        groups = end["vacancy_rate"].sel(year=2033, staff=NHS_STAFF)
        furthest = float(abs(groups - VACANCY[scenario]).max())
        outcomes.append(judge(PUBLISHED, f"vacancy_{scenario}", at(end, "overall_vacancy_rate")))
        outcomes.append(judge(PUBLISHED, f"vacancy_{scenario}_groups", furthest))
        growth = at(end, "gdp_index") ** (1 / 15) - 1
        outcomes.append(judge(PUBLISHED, f"state_{scenario}", at(end, "state_share_of_gdp")))
        outcomes.append(judge(PUBLISHED, f"growth_{scenario}", growth))
    whole = run(levers={"growth counted once": 0})
    for name, service in (("a_and_e", "AandE"), ("outpatients", "OutpatientFirst")):
        factor = at(whole, "growth_factor", service=service)
        outcomes.append(judge(PUBLISHED, f"growth_beyond_{name}", factor - 1))
    return outcomes


MILLION = 1e6
CLOSED = {"share of released beds closed": 1.0}
HELD_OPEN = {"share of released beds closed": 0.0}
TEN_YEARS_ON = 2028
"""By 2033 the hospital overflows without a shift, and relief pays even with all capacity held open."""

A_CONTRACT = "dudley_mcp"
"""A contract in force, under which money moves between all four bodies."""


def money_outcomes(run: Runner, step: float) -> list[Outcome]:
    """Judge the rows about money."""
    every_step = [
        run(save_every=step),
        run(portfolio=PORTFOLIO, levers=CLOSED, save_every=step, contract=A_CONTRACT),
    ]
    opens = deficit_opens(run()["margin"].sel(body="Commissioner"))
    held_open, closed = (added_balance(run, levers) for levers in (HELD_OPEN, CLOSED))
    return [
        judge(PUBLISHED, "money_conserved", max(map(money_lost, every_step))),
        judge(PUBLISHED, "deficit_opens", opens, _deficits(run)),
        judge(
            PUBLISHED,
            "stranded",
            held_open["official_future"],
            _elsewhere(held_open, added_balance(run, HELD_OPEN, 2033)),
        ),
        judge(
            PUBLISHED,
            "closed",
            closed["official_future"],
            _elsewhere(closed, added_balance(run, CLOSED, 2033)),
        ),
    ]


def money_lost(results: xr.Dataset) -> float:
    """Largest difference between the bodies' balances and the system's, on the scale of a year's money."""
    apart = abs(results["balance"].sum("body") - results["system_balance"])
    return float((apart / results["system_funding"].max("year")).max())


def deficit_opens(margin: xr.DataArray) -> float:
    """Years from the start to the first mid-year from which on a body always pays more than it gets."""
    short = margin.to_numpy() < 0
    lasting = np.logical_and.accumulate(short[::-1])[::-1]
    if not lasting.any():
        return float("inf")
    return float(margin["year"][int(lasting.argmax())] - margin["year"][0])


def added_balance(run: Runner, levers: dict[str, float], year: int = TEN_YEARS_ON) -> dict[str, float]:
    """Balance of the whole system in a year with the portfolio, less that without, in each future, £m."""
    return {
        scenario: (
            at(run(scenario, PORTFOLIO, levers), "system_balance", year)
            - at(run(scenario), "system_balance", year)
        )
        / MILLION
        for scenario in FUTURES
    }


def _deficits(run: Runner) -> str:
    margin = run()["margin"].sel(body="Commissioner") / MILLION
    early, late = (float(-margin.sel(year=year)) for year in (2023, 2033))
    return f"£{early:.0f}m a year short by 2023, £{late:.0f}m by 2033"


def _elsewhere(added: dict[str, float], by_2033: dict[str, float]) -> str:
    others = [name for name in FUTURES if name != "official_future"]
    words = [f"{name.replace('_', ' ')} {added[name]:+,.0f}" for name in others]
    words.append(f"Official Future by 2033 {by_2033['official_future']:+,.0f}")
    return "; ".join(words).replace("-", "−") + " (£m)"


SIGNED = ("departure",)
"""Words of stocks that may be negative, as balances of money may: they hold a difference."""

POUNDS = "Pound"
TURNOVER = 1e9
"""Pounds that pass through the system in a year or so: the scale on which balances, which open at 0, move."""


def accounting_outcomes(run: Runner, model: Model) -> list[Outcome]:
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


def balance_outcomes(model: Model) -> list[Outcome]:
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
    plan = make_run(Request("reference", "none"), population=frozen)
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

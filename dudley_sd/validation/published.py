"""Published numbers of people, staff, money and balances, which the model must reproduce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from sdcompile.read.model import Model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.inputs.population import read_population
from dudley_sd.validation.behaviour import PUBLISHED_EFFECTS
from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at, change
from dudley_sd.validation.outcome import PUBLISHED, Outcome, judge

FIRST, LAST = 2018, 2032
WORKING = slice("A15", "A60")
ADULTS = slice("A20", "A90")
BED_DAYS = "bed days"
EMERGENCY = ("EmergencyOvernight", "EmergencyZeroNight")
PRACTICE = ("PracticeRoutine", "PracticeSameDay")


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
    reference = run("reference")
    days = use_by_age(reference, BED_DAYS)
    overnight, zero_night = (use_by_age(reference, service) for service in EMERGENCY)
    routine, same_day = (use_by_age(reference, service) for service in PRACTICE)
    admissions, contacts = overnight + zero_night, routine + same_day
    figures = {
        "alone_bed_days": change(days.sel(age=ADULTS).sum("age")),
        "alone_bed_days_all": change(days.sum("age")),
        "alone_admissions": change(admissions.sel(age=ADULTS).sum("age")),
        "alone_practice": change(contacts.sum("age")),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def use_by_age(results: xr.Dataset, service: str) -> xr.DataArray:
    """Need for a service a year at the use of 2014 by age, need and fifth, dims (year, age)."""
    if service == BED_DAYS:
        each, gradient = results["bed_days_per_person"], results["gradient_of_bed_days"]
    else:
        each = results["use_per_person"].sel(needed_service=service, drop=True)
        gradient = results["gradient_of_use"].sel(needed_service=service, drop=True)
    return (results["population"] * each * gradient).sum(["need", "fifth"]).transpose("year", "age")


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


TWO_POINTS = 0.02

VACANCY = {
    "official_future": 0.10,
    "state_supreme": 0.05,
    "community_resilience": 0.15,
    "corporate_rules": 0.15,
}
"""Strategy Unit (2018), Figure 12: overall vacancies in 2033."""


def gp_outcomes(run: Runner) -> list[Outcome]:
    """GPs in mid-2018."""
    start = run().sel(year=FIRST)
    figures = {
        "gps_wte": float(start["gp_wte"]),
        "gps_per_10000": float(start["gps_per_10000"]),
        "gps_55": float(start["share_of_gps_55_and_over"]),
        "gps_65": float(start["share_of_gps_65_and_over"]),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def leverage_outcomes(run: Runner) -> list[Outcome]:
    """Measure what two points more same-day unmet add to emergency contacts, if all go there."""
    usual, fewer = run(), run(levers={"GP joining multiplier": 0.0})
    turned_away = at(usual, "went_to_a_and_e_when_not_seen", 2019)
    points = at(fewer, "unmet_same_day_share", 2019) - at(usual, "unmet_same_day_share", 2019)
    diverted = at(fewer, "diverted_to_a_and_e", 2019) - at(usual, "diverted_to_a_and_e", 2019)
    added = diverted / turned_away * TWO_POINTS / points / at(usual, "a_and_e_attendances", FIRST)
    note = f"Measured at {100 * points:.2f} points, in 2019 when no GP has joined for a year"
    return [judge(PUBLISHED, "leverage", added, note)]


def delay_outcomes(run: Runner) -> list[Outcome]:
    """How long medical students take to become GPs, and interventions to take effect."""
    doubled = run(levers={"medical school intake multiplier": 2.0})
    change = doubled["gp_wte"] / run()["gp_wte"] - 1
    plan = run(portfolio=PORTFOLIO)
    active = [name for name in elements(inputs_folder(), INTERVENTION) if name != "Prevention"]
    delivered = plan["delivered_coverage"].sel(intervention=active)
    shift = (delivered / plan["coverage"].sel(intervention=active)).mean("intervention")
    value = (delivered * plan["whole_value_at_full_coverage"].sel(intervention=active)).sum("intervention")
    share, weighed = (each / each.sel(year=2033) for each in (shift, value))
    note = f"Weighed by the hospital value it may move: {float(weighed.sel(year=2020)):.1%}"
    figures = {
        "training_delay": float(abs(change.sel(year=slice(2018, 2028))).max()),
        "training_arrives": float(change.sel(year=2030)),
        "mobilisation_2020": float(share.sel(year=2020)),
        "mobilisation_2023": float(share.sel(year=2023)),
    }
    return [
        judge(PUBLISHED, name, value, note if name == "mobilisation_2020" else "")
        for name, value in figures.items()
    ]


def scenario_outcomes(run: Runner) -> list[Outcome]:
    """Where each future ends without a portfolio."""
    outcomes = []
    for scenario in FUTURES:
        end = run(scenario)
        growth = at(end, "gdp_index") ** (1 / 15) - 1
        outcomes.append(judge(PUBLISHED, f"vacancy_{scenario}", at(end, "overall_vacancy_rate")))
        outcomes.append(judge(PUBLISHED, f"state_{scenario}", at(end, "state_share_of_gdp")))
        outcomes.append(judge(PUBLISHED, f"growth_{scenario}", growth))
    return outcomes


CLOSED = {"share of released posts closed": 1.0}
HELD_OPEN = {"share of released posts closed": 0.0}
SHORT = 0.03
"""Shortfall of the commissioner as a share of its funding that the specification asks for."""

A_CONTRACT = "dudley_mcp"
"""A contract in force, under which money moves between all four bodies."""


def money_outcomes(run: Runner, step: float) -> list[Outcome]:
    """Judge the rows about money."""
    every_step = [
        run(save_every=step),
        run(portfolio=PORTFOLIO, levers=CLOSED, save_every=step, contract=A_CONTRACT),
    ]
    short = run()["shortfall_as_a_share_of_funding"].sel(year=slice(FIRST, None))
    held_open, closed = (added_cost(run, levers) for levers in (HELD_OPEN, CLOSED))
    return [
        judge(PUBLISHED, "money_conserved", max(map(money_lost, every_step))),
        judge(PUBLISHED, "deficit_opens", opens(short, SHORT), _shortfalls(short)),
        judge(PUBLISHED, "stranded", held_open["official_future"], _elsewhere(held_open)),
        judge(PUBLISHED, "closed", closed["official_future"], _elsewhere(closed)),
    ]


def money_lost(results: xr.Dataset) -> float:
    """Largest money that nobody accounts for, on the scale of a year's money."""
    return float((abs(results["money_unaccounted_for"]) / results["system_funding"].max("year")).max())


def opens(short: xr.DataArray, most: float) -> float:
    """Years from the start to the first mid-year from which on a shortfall is always above a level."""
    lasting = np.logical_and.accumulate((short.to_numpy() > most)[::-1])[::-1]
    if not lasting.any():
        return float("inf")
    return float(short["year"][int(lasting.argmax())] - short["year"][0])


def added_cost(run: Runner, levers: dict[str, float]) -> dict[str, float]:
    """Public cost in 2033 with the portfolio, less that without, in each future, £m; effects as published."""
    settings = {**PUBLISHED_EFFECTS, **levers}
    return {
        scenario: at(run(scenario, PORTFOLIO, settings), "public_cost") - at(run(scenario), "public_cost")
        for scenario in FUTURES
    }


def _shortfalls(short: xr.DataArray) -> str:
    early, late = (float(short.sel(year=year)) for year in (2023, 2033))
    return f"{early:.1%} of funding short in 2023, {late:.1%} in 2033"


def _elsewhere(added: dict[str, float]) -> str:
    others = [name for name in FUTURES if name != "official_future"]
    words = [f"{name.replace('_', ' ')} {added[name]:+,.1f}" for name in others]
    return "; ".join(words).replace("-", "−") + " (£m)"


SIGNED = ("departure", "reference_outcomes")
"""Beginnings of stocks that may be negative, as balances of money may: they hold a difference."""

MONEY = "MillionPound"


def accounting_outcomes(run: Runner, model: Model) -> list[Outcome]:
    """Conservation at every step, and stocks that stay at or above zero."""
    step = step_of(model)
    every_step = run(save_every=step)
    runs = [run(scenario, portfolio) for scenario in FUTURES for portfolio in ("none", PORTFOLIO)]
    figures = {
        "people_conserved": people_lost(every_step, step),
        "gps_conserved": float(abs(every_step["gps_unaccounted_for"]).max()),
        "staff_conserved": float(abs(every_step["people_unaccounted_for"]).max()),
        "list_conserved": lost(every_step, step, "elective_waiting_list", LIST_FLOWS),
        "inpatients_conserved": max(lost(every_step, step, key, flows) for key, flows in BED_FLOWS.items()),
        "no_stock_negative": min(smallest_stock(each, stock_keys(model)) for each in runs),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


LIST_FLOWS = {"elective_starts": 1.0, "electives_treated": -1.0, "leaving_the_list": -1.0}
BED_FLOWS = {
    "inpatients": {"people_admitted": 1.0, "discharges": -1.0},
    "people_delayed": {"people_becoming_delayed": 1.0, "people_leaving_delay": -1.0},
}


def stock_keys(model: Model) -> list[str]:
    """Every stock of the model by its key in results; a perception of what may be negative is none."""
    return [each.key for each in model.variables.values() if each.kind == "stock"]


def people_lost(every_step: xr.Dataset, step: float) -> float:
    """Largest difference between the change in people and births, deaths and migration, in any step."""
    flows = {"total_births": 1.0, "total_deaths": -1.0, "net_migration": 1.0}
    return lost(every_step, step, "total_population", flows)


def lost(every_step: xr.Dataset, step: float, stock: str, flows: Mapping[str, float]) -> float:
    """Largest difference between the change of a stock and its flows, in any step."""
    moved = every_step[stock].diff("year", label="lower")
    for name, sign in flows.items():
        moved = moved - sign * step * every_step[name].isel(year=slice(None, -1))
    return float(abs(moved).max())


def smallest_stock(results: xr.Dataset, stocks: Sequence[str]) -> float:
    """Smallest value of any stock that counts something."""
    present = [name for name in stocks if name in results and not name.startswith(SIGNED)]
    counting = [name for name in present if results[name].attrs.get("units") != MONEY]
    return min(float(results[name].min()) for name in counting)


def step_of(model: Model) -> float:
    """Step of the model file, in years."""
    numbers = next(each.numbers for each in model.variables.values() if each.key == "time_step")
    if not numbers:
        raise ValueError("TIME STEP of the model file is not a number")
    return float(numbers[0])

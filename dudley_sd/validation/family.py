"""Family member test: the same model for neighbouring areas, and on a later projection of Dudley."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile import compile

from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.inputs.area_people import area_people
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.results.invariants import check_invariants, gate
from dudley_sd.runs.model_folder import prepared_folder
from dudley_sd.settings.futures import read_scenario, scenario_settings
from dudley_sd.validation.bench import Runner, at
from dudley_sd.validation.outcome import FAMILY, Outcome, Statement, outcome_of

AREAS = {
    "dudley_2018_based": ("Dudley, 2018-based", "E38000046"),
    "walsall": ("Walsall", "E38000191"),
    "wolverhampton": ("Wolverhampton", "E38000210"),
    "sandwell": ("Sandwell with West Birmingham", "E38000144"),
}
BED_DAYS = "EmergencyBedDay"


@dataclass(frozen=True)
class Member:
    """One area of the family, run as the reference.

    Attributes
    ----------
    name
        What people call it.
    off
        Largest distance from its own projection in any cell, people.
    sound
        Whether its run keeps every invariant.
    results
        The run.
    """

    name: str
    off: float
    sound: bool
    results: xr.Dataset


def members() -> list[Member]:
    """Run the reference of each area on its 2018-based projection: its own people, the rates of Dudley."""
    return [_member(key, *names) for key, names in AREAS.items()]


def _member(key: str, name: str, code: str) -> Member:
    inputs = inputs_folder()
    area = Footprint(id=key, name=name, area_code=code)
    folder = prepared_folder(area)
    world = scenario_settings(read_scenario("reference", inputs), inputs)
    model = compile(
        folder.path / MODEL_FILE, levers=list(world), outputs=[*gate(), "people_by_age", "people_75_and_over"]
    )
    results = model.run(world).rename(time="year", Age="age", Service="service")
    table = area_people(area, inputs)
    people = results["people_by_age"].sel(year=table["year"].to_numpy()).transpose("year", "age")
    off = float(np.abs(people.to_numpy() - table.to_numpy()).max())
    check_invariants(results)
    return Member(name, off, True, results)


def family_table(family: list[Member], dudley: xr.Dataset) -> pd.DataFrame:
    """People, old age and bed days of each area, Dudley first; index = area."""
    rows = {"Dudley, 2014-based": _row(dudley)} | {member.name: _row(member.results) for member in family}
    return pd.DataFrame.from_dict(rows, orient="index")


def _row(results: xr.Dataset) -> dict[str, float]:
    people = {year: at(results, "total_population", year) for year in (2018, 2032)}
    older = {year: at(results, "people_75_and_over", year) for year in (2018, 2032)}
    days = {year: at(results, "activity_before_shift", year, service=BED_DAYS) for year in (2018, 2032)}
    return {
        "people in 2018": people[2018],
        "aged 75 and over in 2018": older[2018] / people[2018],
        "bed days per 1,000 people in 2018": 1000 * days[2018] / people[2018],
        "growth of people to 2032": people[2032] / people[2018] - 1,
        "growth of people over 75 to 2032": older[2032] / older[2018] - 1,
        "growth of bed days to 2032": days[2032] / days[2018] - 1,
    }


def family_outcomes(run: Runner, family: list[Member]) -> list[Outcome]:
    """Each area follows its own projection, and areas differ as their ages do."""
    table = family_table(family, run("reference"))
    off = max(member.off for member in family)
    ages, days = table["aged 75 and over in 2018"], table["bed days per 1,000 people in 2018"]
    older, growth = table["growth of people over 75 to 2032"], table["growth of bed days to 2032"]
    statements = (
        Statement(
            "family_exact",
            "Dudley, Walsall, Wolverhampton and Sandwell run on their 2018-based projections",
            "each cell of each projection, 16 years by 19 bands, to a millionth of a person",
            "nothing but rounding" if off < 1e-6 else f"{off:.6f} people",
            off < 1e-6,
        ),
        Statement(
            "family_level",
            "Order of the areas by bed days per person in 2018",
            "that of their share of people over 75",
            "; ".join(days[1:].sort_values(ascending=False).index),
            list(days[1:].sort_values().index) == list(ages[1:].sort_values().index),
        ),
        Statement(
            "family_growth",
            "Growth of bed days by ageing to 2032 in each area",
            "more than people of all ages grow and less than people over 75 do",
            "; ".join(f"{area} {value:+.0%}" for area, value in growth.items()),
            bool(((table["growth of people to 2032"] < growth) & (growth < older)).all()),
        ),
    )
    return [outcome_of(FAMILY, statement) for statement in statements]

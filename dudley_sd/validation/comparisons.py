"""Comparisons: the same model for other areas, and figures that others found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.read.model import read_model
from sdcompile.run.model_run import run_model

from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.inputs.area_people import area_people
from dudley_sd.inputs.expectations import read_others_found
from dudley_sd.inputs.footprints import MODEL_AREA, Footprint
from dudley_sd.results.invariants import check_invariants, gate
from dudley_sd.runs.model_folder import prepared_folder
from dudley_sd.settings.futures import read_scenario, scenario_settings
from dudley_sd.settings.sizes import size_settings, sized_model
from dudley_sd.validation.bench import PORTFOLIO, Runner, at, change
from dudley_sd.validation.outcome import FAMILY, Outcome, figure_text, source_title, stated
from dudley_sd.validation.published import A_CONTRACT

AREAS = {
    "dudley_2018_based": ("Dudley, 2018-based", "E38000046"),
    "walsall": ("Walsall", "E38000191"),
    "wolverhampton": ("Wolverhampton", "E38000210"),
    "sandwell": ("Sandwell with West Birmingham", "E38000144"),
}
BED_DAYS = "bed_days_needed"


@dataclass(frozen=True)
class Member:
    """One area of the family, run as the reference.

    Attributes
    ----------
    name
        What people call it.
    off
        Largest distance from its own projection in any cell, people.
    results
        The run.
    """

    name: str
    off: float
    results: xr.Dataset


def members() -> list[Member]:
    """Run the reference of each area on its 2018-based projection: its own people, the rates of Dudley."""
    return [_member(key, *names) for key, names in AREAS.items()]


def _member(key: str, name: str, code: str) -> Member:
    inputs = inputs_folder()
    area = Footprint(
        id=key, name=name, area_code=code, sized_like=MODEL_AREA, reason="Use at each age is Dudley's."
    )
    folder = prepared_folder(area)
    scaling = folder.area.scaling
    sized = sized_model(read_model(folder.path / MODEL_FILE), scaling)
    world = size_settings(sized, scaling) | scenario_settings(read_scenario("reference", inputs), inputs)
    outputs = [*gate(), "people_by_age", "people_75_and_over", BED_DAYS]
    results = run_model(folder.path, world, list(dict.fromkeys(outputs)))
    table = area_people(area, inputs)
    people = results["people_by_age"].sel(year=table["year"].to_numpy()).transpose("year", "age")
    off = float(np.abs(people.to_numpy() - table.to_numpy()).max())
    check_invariants(results)
    return Member(name, off, results)


def family_table(family: list[Member], dudley: xr.Dataset) -> pd.DataFrame:
    """People, old age and bed days of each area, Dudley first; index = area."""
    rows = {"Dudley, 2014-based": _row(dudley)} | {member.name: _row(member.results) for member in family}
    return pd.DataFrame.from_dict(rows, orient="index")


def _row(results: xr.Dataset) -> dict[str, float]:
    people = {year: at(results, "total_population", year) for year in (2018, 2032)}
    older = {year: at(results, "people_75_and_over", year) for year in (2018, 2032)}
    days = {year: at(results, BED_DAYS, year) for year in (2018, 2032)}
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
    return [
        stated(
            FAMILY,
            "family_exact",
            "Dudley, Walsall, Wolverhampton and Sandwell run on their 2018-based projections",
            "each cell of each projection, 16 years by 19 bands, to a millionth of a person",
            "nothing but rounding" if off < 1e-6 else f"{off:.6f} people",
            off < 1e-6,
        ),
        stated(
            FAMILY,
            "family_level",
            "Order of the areas by bed days per person in 2018",
            "that of their share of people over 75",
            "; ".join(days[1:].sort_values(ascending=False).index),
            list(days[1:].sort_values().index) == list(ages[1:].sort_values().index),
        ),
        stated(
            FAMILY,
            "family_growth",
            "Growth of bed days by ageing to 2032 in each area",
            "more than people of all ages grow and less than people over 75 do",
            "; ".join(f"{area} {value:+.0%}" for area, value in growth.items()),
            bool(((table["growth of people to 2032"] < growth) & (growth < older)).all()),
        ),
    ]


NOT_YET = "not in this version of the model"
COLUMNS = ("what", "others found", "model", "why they differ", "source")


def comparison(run: Runner) -> pd.DataFrame:
    """Set the reference case beside what others found.

    Returns
    -------
    pd.DataFrame
        Columns `COLUMNS`, one row for each row of ``inputs/validation/others_found.csv``.
    """
    values = model_figures(run)
    table = read_others_found(inputs_folder() / "validation" / "others_found.csv")
    rows = []
    for _, row in table.iterrows():
        value = values.get(str(row["id"]))
        words = NOT_YET if value is None else value
        if isinstance(value, float):
            words = figure_text(value, str(row["unit"]), int(row["digits"]))
        source = source_title(str(row["source"]))
        rows.append((row["what"], row["others_found"], words, row["why"], source))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def model_figures(run: Runner) -> dict[str, float | str]:
    """Return the model's figure for each row that it has one for."""
    do_nothing, live = run(), run(portfolio=PORTFOLIO)
    asked, value = (
        at(live, name, 2021, hospital_part="OutpatientPart")
        for name in ("hospital_value_asked", "hospital_value_moved")
    )
    admissions = avoided(live, "overnight_admissions")
    return {
        "gp_gap_share": at(do_nothing, "gp_gap_share", 2030),
        "gp_more_wanted": at(do_nothing, "gp_wte_needed", 2030) / at(do_nothing, "gp_wte", 2018) - 1,
        "bed_need": change(do_nothing["beds_needed"], 2018, 2030),
        "stand_still": (1 + change(do_nothing["all_wanted_money"], 2018, 2033)) ** (1 / 15) - 1,
        "shift_emergency": float(admissions.sel(year=2021)),
        "shift_a_and_e": float(avoided(live, "a_and_e_attendances").sel(year=2021)),
        "shift_outpatients": value / asked,
        "occupancy": _occupancy(do_nothing, live),
        "viability": _viability(do_nothing, live),
        "contract": _contract(run(portfolio=PORTFOLIO, contract=A_CONTRACT)),
        "years_to_show": years_to_half(admissions.sel(year=slice(2018, None))),
    }


def avoided(live: xr.Dataset, key: str) -> xr.DataArray:
    """Share of an activity that the plan moves out of hospital, by year."""
    return 1 - live[key] / live[f"{key}_before_shift"]


def _occupancy(do_nothing: xr.Dataset, live: xr.Dataset) -> str:
    pressure = [at(each, "pressure_on_beds") for each in (do_nothing, live)]
    needed = [at(each, "beds_needed") for each in (do_nothing, live)]
    share, points = 1 - needed[1] / needed[0], 100 * (pressure[0] - pressure[1])
    return (
        f"{share:.1%} of bed need avoided by 2033 lowers pressure on beds by {points:.1f} points, to "
        f"{pressure[1]:.0%}: beds follow people"
    )


def _viability(do_nothing: xr.Dataset, live: xr.Dataset) -> str:
    margins = [at(each, "hospital_margin_before_support") for each in (do_nothing, live)]
    moved = at(live, "share_of_hospital_care_moved")
    words = " to ".join(f"£{margin:+.1f}m".replace("£+", "+£").replace("£-", "−£") for margin in margins)
    return (
        f"{moved:.1%} of hospital care moved takes the hospital's margin before support in 2033 from {words}"
    )


def _contract(live: xr.Dataset) -> str:
    whole = at(live, "contract_sum", 2019)
    acute, hospital = (at(live, name, 2019) for name in ("acute_spending", "hospital_care_bought"))
    return f"£{whole:.0f}m in 2019, £{hospital:.0f}m of it hospital care, of £{acute:.0f}m in all"


def years_to_half(share: xr.DataArray) -> float:
    """Years from the start until a series first reaches half of its last value, between saved years."""
    years, values = share["year"].to_numpy().astype(float), share.to_numpy()
    half = values[-1] / 2
    after = int(np.argmax(values >= half))
    if after == 0:
        return 0.0
    part = (half - values[after - 1]) / (values[after] - values[after - 1])
    return float(years[after - 1] + part * (years[after] - years[after - 1]) - years[0])

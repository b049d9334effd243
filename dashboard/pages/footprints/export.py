"""The numbers of the page as tables, for spreadsheets."""

from __future__ import annotations

import pandas as pd

from dashboard.areas import Place, places_of
from dashboard.number_files import Numbers, Sheet
from dashboard.pages.beside import described, world_words
from dashboard.pages.footprints.areas import Area, areas_of
from dashboard.pages.footprints.choices import Choices, read_choices
from dashboard.pages.footprints.words import base_words, caution
from dashboard.shown import ABSOLUTE, BY_KEY, CHANGE, PER_1000, fitting_way, people_of_rate, unit_of
from dashboard.view import View
from dudley_sd.errors import Fault, InputError


def needed(view: View) -> list[Place]:
    """Areas that are ticked."""
    choices, _ = read_choices(view.plan, view.rest)
    return places_of(choices.areas, view.plan.projection)


def numbers_of(view: View) -> Numbers:
    """Return the measure of an address for all ticked areas, in all years and ways."""
    choices, _ = read_choices(view.plan, view.rest)
    areas, notes = areas_of(choices, choices.areas, ABSOLUTE)
    if not areas:
        raise InputError([Fault("areas", "", "none is chosen that can be run", "Tick at least one area")])
    about = [
        ("Your plan", described(view.plan)),
        ("People", f"All areas on one base: {base_words(choices)}"),
        ("What is borrowed", caution(choices)),
        ("Beside it", "Do nothing: the same future, no portfolio, contract as now, in each area"),
        ("Outside world", world_words(view.plan)),
        *((f"Indicative: {area.name}", area.indicative) for area in areas if area.indicative),
        *((f"Sum: {area.name}", "The sum of its areas, each run for itself") for area in areas if area.parts),
        *(("Left out", note) for note in notes),
    ]
    note = (
        "One row for each area, run and year, in the unit that the row names; single runs at central values."
    )
    return Numbers(
        f"{BY_KEY[choices.measure].title} of {len(areas)} areas, 2018 to 2033, single runs at central values",
        [pair for pair in about if pair[1]],
        [Sheet("Numbers", note, long_table(choices))],
    )


def long_table(choices: Choices) -> pd.DataFrame:
    """Return one row for each area, run and year.

    Returns
    -------
    pd.DataFrame
        Columns ``area, mark, run, year, extrapolated, measure, unit, value, per_1000`` (empty where it says
        nothing) and ``change_since_2018``, in the unit of the page.
    """
    measure = BY_KEY[choices.measure]
    ways = {way: areas_of(choices, choices.areas, way)[0] for way in (ABSOLUTE, PER_1000, CHANGE)}
    rate = fitting_way(measure, PER_1000) == PER_1000
    rows = []
    for place, area in enumerate(ways[ABSOLUTE]):
        for run, name in (("with_plan", "your plan"), ("nothing", "do nothing")):
            for year in area.with_plan.years:
                value = {way: _at(found[place], run, year) for way, found in ways.items()}
                rows.append(
                    {
                        "area": area.name,
                        "mark": area.mark,
                        "run": name,
                        "year": year,
                        "extrapolated": year in area.beyond,
                        "measure": measure.title,
                        "unit": unit_of(measure, ABSOLUTE),
                        "value": value[ABSOLUTE],
                        "per_1000": value[PER_1000] * 1000 / people_of_rate(measure)
                        if rate
                        else float("nan"),
                        "change_since_2018": value[CHANGE],
                    }
                )
    return pd.DataFrame(rows)


def _at(area: Area, run: str, year: int) -> float:
    series = area.with_plan if run == "with_plan" else area.nothing
    return series.at(year) / series.measure.scale

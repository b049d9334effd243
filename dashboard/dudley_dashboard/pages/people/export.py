"""The people of the page as a table, for spreadsheets."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from dudley_dashboard.areas import Place, places_of
from dudley_dashboard.number_files import Numbers, Sheet
from dudley_dashboard.pages.people.data import People, people_of
from dudley_dashboard.pages.people.headline import doubt
from dudley_dashboard.pages.people.words import read_against, source_line
from dudley_dashboard.view import View


def needed(view: View) -> list[Place]:
    """Return the area of the plan."""
    return places_of([view.plan.footprint], view.plan.projection)


def numbers_of(view: View) -> Numbers:
    """Return people by age and year: of the run, of projections and of the estimates since."""
    people = people_of(view.plan, read_against(view.rest)[0])
    beyond = ", ".join(map(str, people.beyond))
    about = [
        ("What was run", f"{people.scenario}; portfolio: {people.portfolio}"),
        ("Sources", source_line(people)),
        ("Beyond the projection", f"{beyond}: the last year's rates carry on" if beyond else ""),
        ("How sure it is", " ".join((doubt(people)[0], *doubt(people)[1]))),
        ("Indicative", people.indicative),
        ("Not there", people.how),
    ]
    note = "Persons at mid-year, a row for each age and year. Ages are written as no program takes for dates."
    return Numbers(
        f"People of {people.place} by age",
        [pair for pair in about if pair[1]],
        [Sheet("Numbers", note, long_table(people))],
    )


def long_table(people: People) -> pd.DataFrame:
    """Return one row for each kind, year and age: columns ``numbers, area, year, ages, persons``."""
    kinds: dict[str, xr.DataArray | None] = {
        "run of the model": people.run,
        "projection under the run": people.projection,
        "mid-year estimate": people.estimated,
        "2018-based projection": people.later,
        people.other_title: people.other,
    }
    parts = []
    for kind, array in kinds.items():
        if array is None:
            continue
        table = array.to_series().rename("persons").reset_index()
        table["ages"] = [str(age).replace("-", " to ") for age in table["age"]]
        parts.append(table.assign(numbers=kind, area=people.place))
    return pd.concat(parts, ignore_index=True)[["numbers", "area", "year", "ages", "persons"]]

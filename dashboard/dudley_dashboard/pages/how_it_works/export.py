"""The numbers that go into the model as a table, for spreadsheets."""

from __future__ import annotations

from dudley_dashboard.areas import Place
from dudley_dashboard.number_files import Numbers, Sheet
from dudley_dashboard.pages.how_it_works.asked import read_asked
from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.numbers import MEANING, counts, found_rows
from dudley_dashboard.view import View


def needed(_view: View) -> list[Place]:
    """Nothing: these are numbers that go in."""
    return []


def numbers_of(view: View) -> Numbers:
    """Return the numbers that the search of an address finds, with range, status and source."""
    asked = read_asked(view.rest)
    rows = found_rows(asked.find, asked.status)
    searched = f"“{asked.find}”" if asked.find else "every number"
    status = f", status {asked.status}" if asked.status else ""
    about = [
        (
            "Searched for",
            f"{searched}{status}: {len(rows)} found",
        ),
        *((f"Status {key}", f"{meaning} ({counts()[key]} numbers)") for key, meaning in MEANING.items()),
    ]
    note = f"Rows of the table of parameters ({len(knowledge().parameters)} in all), as the model reads them."
    return Numbers("Numbers that go into the model", about, [Sheet("Numbers", note, rows)])

"""What many runs say as tables, for spreadsheets."""

from __future__ import annotations

import pandas as pd

from dashboard.areas import Place
from dashboard.number_files import Numbers, Sheet
from dashboard.pages.uncertainty.against import legend
from dashboard.pages.uncertainty.answer import Answer
from dashboard.pages.uncertainty.asked import read_asked
from dashboard.pages.uncertainty.jobs import answer_of
from dashboard.pages.uncertainty.measures import BY_KEY, unit_of
from dashboard.pages.uncertainty.shown import source_of
from dashboard.pages.uncertainty.words import EDGES, REASONS, shown_runs
from dashboard.view import View
from dudley_sd.ensembles.bands import bands
from dudley_sd.errors import Fault, InputError

NAMES = ("one_in_10_below", "one_in_4_below", "middle", "one_in_4_above", "one_in_10_above")
"""Columns of `EDGES`."""

LEFT_OUT = "Every number with a range that is the same in all runs, and why it was not drawn."


def needed(_view: View) -> list[Place]:
    """Nothing: the runs were made before, or there is no file of them."""
    return []


def numbers_of(view: View) -> Numbers:
    """Return where the runs of an address lie by every measure, and what was drawn for them.

    Raises
    ------
    InputError
        If they have not been made.
    """
    try:
        answer = answer_of(read_asked(view))
    except OSError:
        remedy = "Open the page Uncertainty, let it finish, and ask again"
        raise InputError([Fault("runs", "", "have not been made yet", remedy)]) from None
    about = [
        ("What was run", source_of(answer)),
        ("Held against", legend(answer.about) if answer.nothing is not None else "Nothing"),
        ("Made again by", str(answer.about["command"])),
        ("Indicative", str(answer.about["indicative"])),
        *(("Note", str(note)) for note in answer.about["notes"]),
    ]
    drawn = pd.DataFrame(answer.about["parameters"])
    note = "Where the runs lie, by measure and year, in the unit that the row names."
    return Numbers(
        f"Where {answer.members:,} runs lie",
        [pair for pair in about if pair[1]],
        [
            Sheet(
                "Numbers",
                note,
                ranges(answer),
            ),
            Sheet("Drawn", "Every number that was drawn, with its range and its source.", drawn),
            Sheet("Left out", LEFT_OUT, left_out(answer)),
        ],
    )


def left_out(answer: Answer) -> pd.DataFrame:
    """Return one row for each number that was not drawn: columns ``id, name, reason``, in plain words."""
    rows = [
        {
            "id": each["id"],
            "name": each["name"] or each["id"].replace("_", " "),
            "reason": REASONS.get(each["reason"], each["reason"]),
        }
        for each in answer.about["left_out"]
    ]
    return pd.DataFrame(rows, columns=["id", "name", "reason"])


def ranges(answer: Answer) -> pd.DataFrame:
    """Return one row for each measure, kind of run and year.

    Returns
    -------
    pd.DataFrame
        Columns ``measure, unit, runs, year`` and `NAMES`: a tenth and a quarter of the runs lie below the
        first two, half below the middle, a quarter and a tenth above the last two.
    """
    rows = []
    kinds = {"your plan": answer.plan}
    if answer.nothing is not None:
        kinds[legend(answer.about)] = answer.nothing
    for measure in BY_KEY.values():
        for name, runs in kinds.items():
            array = shown_runs(runs, measure)
            if array is None:
                continue
            edges = bands(array, EDGES)
            for year, values in zip(array["year"].to_numpy(), edges.to_numpy().T, strict=True):
                row = {"measure": measure.title, "unit": unit_of(measure), "runs": name, "year": int(year)}
                rows.append(row | dict(zip(NAMES, map(float, values / measure.scale), strict=True)))
    return pd.DataFrame(rows)

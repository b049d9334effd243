"""What many runs say as tables, for spreadsheets."""

from __future__ import annotations

import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_dashboard.areas import Place
from dudley_dashboard.number_files import Numbers, Sheet
from dudley_dashboard.pages.beside import DO_NOTHING_WORDS
from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.asked import Asked, read_asked
from dudley_dashboard.pages.uncertainty.chances import better_shares, breaking_even, crossed, usual_threshold
from dudley_dashboard.pages.uncertainty.jobs import answer_of
from dudley_dashboard.pages.uncertainty.measures import BY_KEY, unit_of
from dudley_dashboard.pages.uncertainty.shown import source_of
from dudley_dashboard.pages.uncertainty.swings import series_of
from dudley_dashboard.pages.uncertainty.words import EDGES, REASONS, level_words, parameter_words, shown_runs
from dudley_dashboard.view import View
from dudley_sd.ensembles.bands import bands
from dudley_sd.results.break_even import BALANCE
from dudley_sd.results.measures import Measure

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
    asked = read_asked(view)
    try:
        answer = answer_of(asked)
    except OSError:
        remedy = "Open the page Uncertainty, let it finish, and ask again"
        raise InputError([Fault("runs", "", "have not been made yet", remedy)]) from None
    about = [
        ("What was run", source_of(answer)),
        ("Held against", DO_NOTHING_WORDS if answer.nothing is not None else "Nothing"),
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
            Sheet("Numbers", note, ranges(answer)),
            *(each for each in shares(answer, asked) if len(each.table)),
            Sheet("Drawn", "Every number that was drawn, with its range and its source.", drawn),
            Sheet("Left out", LEFT_OUT, left_out(answer)),
        ],
    )


def shares(answer: Answer, asked: Asked) -> list[Sheet]:
    """Return what the page counts and ranks: runs beyond the line, better and worse, break-even, swings."""
    measure = BY_KEY[asked.measure]
    threshold = usual_threshold(answer, measure) if asked.threshold is None else asked.threshold
    level = level_words(threshold, measure)
    return [
        Sheet(
            "Beyond the line",
            f"Share of the runs with “{measure.title}” {asked.side} {level}, in a year, and in it or before.",
            beyond(answer, measure, threshold, asked.side),
        ),
        Sheet(
            "Better or worse",
            "Share of the runs in which your plan is better than what stands beside it, the same, and worse.",
            better_or_worse(answer),
        ),
        Sheet(
            "Break-even",
            "Share of the runs that break even in a year, and by then; in the first year: never behind.",
            paid(answer),
        ),
        Sheet(
            "What matters most",
            "The last year with one number at its low and at its high value and all others central.",
            swings(answer),
        ),
    ]


def beyond(answer: Answer, measure: Measure, threshold: float, side: str) -> pd.DataFrame:
    """Return columns ``measure, runs, year, share_in_year, share_by_year``."""
    found = []
    for name, runs in _kinds(answer).items():
        array = shown_runs(runs, measure)
        if array is not None:
            table = crossed(array, measure, threshold, side)
            found.append(table.assign(measure=measure.title, runs=name))
    columns = ["measure", "runs", "year", "share_in_year", "share_by_year"]
    return pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)


def better_or_worse(answer: Answer) -> pd.DataFrame:
    """Return columns ``measure, year, better, the_same, worse``; none where the plan stands alone."""
    rows = []
    for measure in BY_KEY.values():
        if any(runs is None or shown_runs(runs, measure) is None for runs in (answer.plan, answer.nothing)):
            continue
        table = better_shares(answer, measure)
        for year in table["year"].to_numpy():
            values = table.sel(year=year).to_numpy()
            told = dict(zip(("better", "the_same", "worse"), map(float, values), strict=True))
            rows.append({"measure": measure.title, "year": int(year), **told})
    return pd.DataFrame(rows)


def paid(answer: Answer) -> pd.DataFrame:
    """Return columns ``year, share, share_by_year``; none where it cannot be told."""
    if answer.nothing is None or BALANCE not in answer.plan or BALANCE not in answer.nothing:
        return pd.DataFrame()
    return breaking_even(answer)


def swings(answer: Answer) -> pd.DataFrame:
    """Return columns ``measure, unit, place, number, at_low, at_central, at_high, swing``, by measure."""
    found = []
    for measure in BY_KEY.values():
        table = answer.swings[answer.swings["variable"] == series_of(measure)].sort_values("place")
        values = table[["at_low", "at_central", "at_high", "swing"]].astype(float) / measure.scale
        values.insert(0, "number", [parameter_words(name) for name in table["parameter"]])
        values.insert(0, "place", table["place"].astype(int))
        values.insert(0, "unit", unit_of(measure))
        values.insert(0, "measure", measure.title)
        found.append(values)
    return pd.concat(found, ignore_index=True)


def _kinds(answer: Answer) -> dict[str, xr.Dataset]:
    """Return the runs of the plan, and what they are held against, by their names."""
    kinds = {"your plan": answer.plan}
    if answer.nothing is not None:
        kinds[DO_NOTHING_WORDS] = answer.nothing
    return kinds


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
    for measure in BY_KEY.values():
        for name, runs in _kinds(answer).items():
            array = shown_runs(runs, measure)
            if array is None:
                continue
            edges = bands(array, EDGES)
            for year, values in zip(array["year"].to_numpy(), edges.to_numpy().T, strict=True):
                row = {"measure": measure.title, "unit": unit_of(measure), "runs": name, "year": int(year)}
                rows.append(row | dict(zip(NAMES, map(float, values / measure.scale), strict=True)))
    return pd.DataFrame(rows)

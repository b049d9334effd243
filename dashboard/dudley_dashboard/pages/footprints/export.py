"""The numbers of the page as tables, for spreadsheets."""

from __future__ import annotations

import pandas as pd
from sdcompile.errors import Fault, InputError

from dudley_dashboard.address import View
from dudley_dashboard.areas import Place, places_of
from dudley_dashboard.members import KEPT, soon
from dudley_dashboard.number_files import Numbers
from dudley_dashboard.pages.beside import described, world_words
from dudley_dashboard.pages.footprints.areas import areas_of, plans_of
from dudley_dashboard.pages.footprints.choices import Choices, read_choices
from dudley_dashboard.pages.footprints.words import base_words, caution, of_runs
from dudley_dashboard.shown import ABSOLUTE, BY_KEY, CHANGE, PER_1000, has_rate, people_of_rate, unit_of
from dudley_sd.results.table import frame_table


def needed(view: View) -> list[Place]:
    """Areas that are ticked."""
    choices, _ = read_choices(view.request, view.rest)
    return places_of(choices.areas, view.request.projection)


def drawn(view: View) -> bool:
    """Whether all runs are there; those that are not are drawn meanwhile, as far as that many are kept."""
    plans = plans_of(read_choices(view.request, view.rest)[0])
    return len(plans) > KEPT or soon(plans)


def numbers_of(view: View) -> Numbers:
    """Return the measure of an address for all ticked areas, in all years and ways."""
    choices, _ = read_choices(view.request, view.rest)
    areas, notes = areas_of(choices, choices.areas, ABSOLUTE)
    if not areas:
        raise InputError([Fault("areas", "", "none is chosen that can be run", "Tick at least one area")])
    about = [
        ("Your plan", described(view.request)),
        ("People", f"All areas on one base: {base_words(choices)}"),
        ("What is borrowed", caution(choices)),
        ("Beside it", "Do nothing: the same future, no portfolio, contract as now, in each area"),
        ("Outside world", world_words(view.request)),
        *((f"Indicative: {area.name}", area.indicative) for area in areas if area.indicative),
        *((f"Sum: {area.name}", "The sum of its areas, each run for itself") for area in areas if area.parts),
        *(("Left out", note) for note in notes),
    ]
    members = areas[0].members
    note = (
        "One row for each area, run and year, in the unit that the row names. Value, change and difference: "
        f"{of_runs(members)}; low and high: ends of 8 in 10 of them; single run: at central values. "
        "Differences are from do nothing with the same draws; those of shares are percentage points."
    )
    return Numbers(
        f"{BY_KEY[choices.measure].title} of {len(areas)} areas, 2018 to 2033, {of_runs(members)}",
        [pair for pair in about if pair[1]],
        [frame_table("Numbers", note, long_table(choices))],
    )


def long_table(choices: Choices) -> pd.DataFrame:
    """Return one row for each area, run and year.

    Returns
    -------
    pd.DataFrame
        Columns ``area, mark, run, year, extrapolated, measure, unit``; ``value, per_1000`` (empty where it
        says nothing), ``change_since_2018`` and ``from_do_nothing`` (empty for that itself), medians in the
        unit of the page, each with its ends in columns of the same name with ``_low`` and ``_high``;
        ``single_run``; and ``unit_of_change``, of changes and differences.
    """
    measure = BY_KEY[choices.measure]
    ways = {way: areas_of(choices, choices.areas, way)[0] for way in (ABSOLUTE, PER_1000, CHANGE)}
    rate = measure.scale * people_of_rate(measure) / 1000 if has_rate(measure) else float("nan")
    rows = []
    for place, area in enumerate(ways[ABSOLUTE]):
        for name, run in (("your plan", "with_plan"), ("do nothing", "nothing")):
            series = {way: getattr(found[place], run) for way, found in ways.items()}
            told = [
                ("value", series[ABSOLUTE], measure.scale),
                ("per_1000", series[PER_1000], rate),
                ("change_since_2018", series[CHANGE], measure.scale),
                ("from_do_nothing", area.apart, measure.scale if run == "with_plan" else float("nan")),
            ]
            columns = {
                f"{head}{end}": values / scale
                for head, each, scale in told
                for end, values in each.with_ends().items()
            }
            rows += [
                {
                    "area": area.name,
                    "mark": area.mark,
                    "run": name,
                    "year": year,
                    "extrapolated": year in area.beyond,
                    "measure": measure.title,
                    "unit": unit_of(measure, ABSOLUTE),
                    **{column: float(values[nth]) for column, values in columns.items()},
                    "single_run": float(series[ABSOLUTE].single[nth]) / measure.scale,
                    "unit_of_change": unit_of(measure, CHANGE),
                }
                for nth, year in enumerate(area.with_plan.years)
            ]
    return pd.DataFrame(rows)

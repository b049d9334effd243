"""The numbers of the page as tables, for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dudley_dashboard.address import View
from dudley_dashboard.areas import Place, places_of
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.number_files import Numbers
from dudley_dashboard.pages.beside import portfolio_words, world_words
from dudley_dashboard.pages.compare.cases import Told, cases_of, reference_of, tell
from dudley_dashboard.pages.compare.choices import read_choices
from dudley_dashboard.pages.compare.regret import Regrets, regrets
from dudley_dashboard.pages.compare.regret_words import claims
from dudley_dashboard.runs import ready
from dudley_dashboard.shown import (
    ABSOLUTE,
    BY_KEY,
    CHANGE,
    DIFFERENCE,
    PER_1000,
    has_rate,
    people_of_rate,
    unit_of,
)
from dudley_sd.results.measures import MEASURES
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.results.table import frame_table

TOLD = ("best", "regret", *ENDS)
SCALED = ("value", *TOLD, *(f"{name}_evidenced" for name in TOLD))
"""Columns of numbers in `regret_rows`."""


def needed(view: View) -> list[Place]:
    """Areas of the plan and of pinned plans."""
    choices, _ = read_choices(view.request, view.rest)
    plans = [view.request, *(pin.plan for pin in choices.pins)]
    return list(
        dict.fromkeys(place for plan in plans for place in places_of([plan.footprint], plan.projection))
    )


def compiled(view: View) -> bool:
    """Whether nobody has to wait for a compiler; what is not compiled is compiled meanwhile."""
    choices, _ = read_choices(view.request, view.rest)
    return all([ready(case.plan) for case in cases_of(choices)[0]])


def numbers_of(view: View) -> Numbers:
    """Return what the page shows of an address, in all years, and every regret at its review point."""
    choices, _ = read_choices(view.request, view.rest)
    cases, notes = cases_of(choices)
    told, more = tell(cases)
    found = regrets(choices)
    reference = reference_of(told, choices.against)
    area = catalogue().footprints[view.request.footprint].name
    about = [
        ("Do nothing", "the same future and outside world, no portfolio, contract as now"),
        ("Reference case", "Official Future, do nothing and no lever moved, in the same area"),
        ("Outside world", world_words(view.request)),
        *((f"Run {each.letter}", each.case.whole) for each in told),
        *(("Left out", note) for note in (*notes, *more, *found.notes)),
        ("Rests on claims", claims(found)),
        ("Indicative", str(told[0].results.attrs.get("indicative", ""))),
    ]
    first = f"{reference.letter}, {reference.case.whole}"
    runs = (
        f"One row for each run, year and measure. Value: median of {reference.members} runs; value_low and "
        "value_high, which earlier files called low and high: ends of 8 in 10 of its runs; single_run: at "
        f"central values. Differences are from {first}, with the same draws. Changes and differences of "
        "shares are percentage points."
    )
    regret = (
        f"How far each option ends in {found.year} from the best in the same future: once among all, and "
        f"once among those that do not rest on claims. {RUN_BY_RUN}"
    )
    return Numbers(
        f"Plans and futures side by side, {area}, 2018 to 2033",
        [pair for pair in about if pair[1]],
        [
            frame_table("Numbers", runs, long_table(told, reference)),
            frame_table("Regret", regret, regret_rows(found)),
        ],
    )


def long_table(told: Sequence[Told], reference: Told) -> pd.DataFrame:
    """Return one row for each case, year and measure, in the unit of the page.

    Returns
    -------
    pd.DataFrame
        Columns ``run, name, area, future, portfolio, contract, levers, year, extrapolated, measure, unit``;
        ``value, per_1000, change_since_2018`` and ``difference``, medians, each with its ends in columns of
        the same name with ``_low`` and ``_high``; ``single_run``; ``unit_of_change``, of changes and
        differences; and ``difference_from``, the name of the case.
    """
    rows, known = [], catalogue()
    for each in told:
        plan = each.case.plan
        beyond = each.results["extrapolated"]
        for measure in MEASURES:
            rate = measure.scale * people_of_rate(measure) / 1000
            columns = {
                "value": (ABSOLUTE, measure.scale),
                "per_1000": (PER_1000, rate if has_rate(measure) else float("nan")),
                "change_since_2018": (CHANGE, measure.scale),
                "difference": (DIFFERENCE, measure.scale),
            }
            ways = {
                way: each.shown(measure.key, way, reference)
                for way in (ABSOLUTE, PER_1000, CHANGE, DIFFERENCE)
            }
            for place, year in enumerate(ways[ABSOLUTE].years):
                numbers = {
                    f"{name}{end}": float(values[place]) / scale
                    for name, (way, scale) in columns.items()
                    for end, values in ways[way].with_ends().items()
                }
                rows.append(
                    {
                        "run": each.letter,
                        "name": each.case.whole,
                        "area": known.footprints[plan.footprint].name,
                        "future": known.scenarios[plan.scenario].title,
                        "portfolio": portfolio_words(plan.portfolio),
                        "contract": known.contracts[plan.contract].title,
                        "levers": "; ".join(f"{key}={value!r}" for key, value in sorted(plan.values.items())),
                        "year": year,
                        "extrapolated": bool(beyond.sel(year=year)),
                        "measure": measure.title,
                        "unit": unit_of(measure, ABSOLUTE),
                        **numbers,
                        "single_run": float(ways[ABSOLUTE].single[place]) / measure.scale,
                        "unit_of_change": unit_of(measure, CHANGE),
                        "difference_from": reference.case.whole,
                    }
                )
    return pd.DataFrame(rows)


def regret_rows(found: Regrets) -> pd.DataFrame:
    """Return one row for each measure, future and option, in the unit of the page.

    Returns
    -------
    pd.DataFrame
        Columns ``measure, year, future, option, rests_on_claims, unit, value, best, regret, regret_low,
        regret_high``, and ``best_evidenced`` and so on, empty for what rests on claims.
    """
    keys = ["measure", "scenario", "portfolio"]
    columns = [*keys, *TOLD]
    evidenced = found.evidenced().regret
    joined = found.regret.merge(
        evidenced[columns].astype(dict.fromkeys(TOLD, float)), "left", keys, suffixes=("", "_evidenced")
    )
    scale = joined["measure"].map(lambda key: BY_KEY[key].scale)
    return pd.DataFrame(
        {
            "measure": [BY_KEY[key].title for key in joined["measure"]],
            "year": found.year,
            "future": [catalogue().scenarios[key].title for key in joined["scenario"]],
            "option": joined["portfolio"],
            "rests_on_claims": joined["portfolio"].isin(found.claims),
            "unit": [unit_of(BY_KEY[key], ABSOLUTE) for key in joined["measure"]],
            **{name: joined[name] / scale for name in SCALED},
        }
    )

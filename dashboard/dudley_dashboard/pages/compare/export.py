"""Numbers of the page for spreadsheets: every run, year and measure, and every regret at its review point."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dudley_dashboard.address import View
from dudley_dashboard.areas import AreaKey, area_keys
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.names import portfolio_text, world_text
from dudley_dashboard.number_files import Numbers
from dudley_dashboard.pages.compare.data import (
    CompareQuery,
    LabelledRun,
    Regrets,
    labels_of,
    reference_of,
    regrets,
    run_labels,
)
from dudley_dashboard.pages.compare.text import claims
from dudley_dashboard.runs import ready
from dudley_dashboard.series import ABSOLUTE, CHANGE, DIFFERENCE, PER_1000, long_rows, unit_of
from dudley_sd.indicators import COMPARED
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.results.table import frame_table

OF_BEST = ("best", "regret", *ENDS)
SCALED = ("value", *OF_BEST, *(f"{name}_evidenced" for name in OF_BEST))
"""Columns of numbers in `regret_rows`."""


def needed(view: View) -> list[AreaKey]:
    """Return the areas of the plan and of pinned plans, which must be ready before."""
    query, _ = CompareQuery.read(view.request, view.rest)
    plans = [view.request, *(pin.plan for pin in query.pin)]
    return list(
        dict.fromkeys(place for plan in plans for place in area_keys([plan.footprint], plan.projection))
    )


def compiled(view: View) -> bool:
    """Whether nobody has to wait for a compiler; what is not compiled is compiled meanwhile."""
    labels, _ = labels_of(CompareQuery.read(view.request, view.rest)[0])
    return all([ready(label.request) for label in labels])


def numbers_of(view: View) -> Numbers:
    """Return what the page shows of an address, in all years, and every regret at its review point."""
    query, _ = CompareQuery.read(view.request, view.rest)
    labels, notes = labels_of(query)
    runs, more = run_labels(labels)
    found = regrets(query)
    reference = reference_of(runs, query.against)
    area = catalogue().footprints[view.request.footprint].name
    about = [
        ("Do nothing", "the same future and outside world, no portfolio, contract as now"),
        ("Reference case", "Official Future, do nothing and no lever moved, in the same area"),
        ("Outside world", world_text(view.request)),
        *((f"Run {run.letter}", run.label.whole) for run in runs),
        *(("Left out", note) for note in (*notes, *more, *found.notes)),
        ("Rests on claims", claims(found)),
        ("Indicative", runs[0].indicative),
    ]
    note = (
        f"One row for each run, year and measure. Value: median of {reference.members} runs; value_low and "
        "value_high, which earlier files called low and high: ends of 8 in 10 of its runs; single_run: at "
        f"central values. Differences are from {reference.letter}, {reference.label.whole}, with the same "
        "draws. Changes and differences of shares are percentage points."
    )
    regret = (
        f"How far each option ends in {found.year} from the best in the same future: once among all, and "
        f"once among those that do not rest on claims. {RUN_BY_RUN}"
    )
    return Numbers(
        f"Plans and futures side by side, {area}, 2018 to 2033",
        [pair for pair in about if pair[1]],
        [
            frame_table("Numbers", note, long_table(runs, reference)),
            frame_table("Regret", regret, regret_rows(found)),
        ],
    )


def long_table(runs: Sequence[LabelledRun], reference: LabelledRun) -> pd.DataFrame:
    """Return one row for each run, year and measure, in the unit of the page.

    Returns
    -------
    pd.DataFrame
        Columns ``run, name, area, future, portfolio, contract, levers`` and those of
        `dudley_dashboard.series.long_rows`: ``value, per_1000, change_since_2018`` and ``difference``; and
        ``difference_from``, the name of a run.
    """
    rows, known = [], catalogue()
    for run in runs:
        request = run.request
        head = {
            "run": run.letter,
            "name": run.label.whole,
            "area": known.footprints[request.footprint].name,
            "future": known.scenarios[request.scenario].title,
            "portfolio": portfolio_text(request.portfolio),
            "contract": known.contracts[request.contract].title,
            "levers": "; ".join(f"{key}={value!r}" for key, value in request.settings),
        }
        for measure in COMPARED.values():
            absolute, per_head, change, difference = (
                run.series(measure.key, way, reference) for way in (ABSOLUTE, PER_1000, CHANGE, DIFFERENCE)
            )
            others = {"per_1000": per_head, "change_since_2018": change, "difference": difference}
            rows += long_rows(head, absolute, others, run.beyond, difference_from=reference.label.whole)
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
    evidenced = found.evidenced().regret[[*keys, *OF_BEST]].astype(dict.fromkeys(OF_BEST, float))
    joined = found.regret.merge(evidenced, "left", keys, suffixes=("", "_evidenced"))
    measures = [COMPARED[key] for key in joined["measure"]]
    scale = [measure.scale for measure in measures]
    return pd.DataFrame(
        {
            "measure": [measure.title for measure in measures],
            "year": found.year,
            "future": [catalogue().scenarios[key].title for key in joined["scenario"]],
            "option": joined["portfolio"],
            "rests_on_claims": joined["portfolio"].isin(found.claims),
            "unit": [unit_of(measure, ABSOLUTE) for measure in measures],
            **{name: joined[name] / scale for name in SCALED},
        }
    )

"""The numbers of the page as one long table, for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.pages.compare.cases import Told
from dashboard.shown import CHANGE, DIFFERENCE, PER_1000, fitting_way
from dudley_sd.results.comparison import REVIEW_POINTS, START
from dudley_sd.results.measures import MEASURES
from dudley_sd.results.tidy import DIGITS

FILE = "dudley_compare.csv"


def long_table(told: Sequence[Told], reference: Told) -> pd.DataFrame:
    """Return one row for each case, year and measure, in the unit of the model.

    Returns
    -------
    pd.DataFrame
        Columns ``name, footprint, scenario, portfolio, contract, levers, year, extrapolated, measure, unit,
        value, per_1000, change_since_2018, difference`` and ``difference_from``, the name of the case.
    """
    rows = []
    for each in told:
        plan = each.case.plan
        beyond = each.results["extrapolated"]
        for measure in MEASURES:
            ways = {
                way: each.shown(measure.key, way, reference) for way in ("", PER_1000, CHANGE, DIFFERENCE)
            }
            rate = fitting_way(measure, PER_1000) == PER_1000
            for year in (START, *REVIEW_POINTS):
                rows.append(
                    {
                        "name": each.case.name,
                        "footprint": plan.footprint,
                        "scenario": plan.scenario,
                        "portfolio": plan.portfolio,
                        "contract": plan.contract,
                        "levers": "; ".join(f"{key}={value!r}" for key, value in sorted(plan.levers.items())),
                        "year": year,
                        "extrapolated": bool(beyond.sel(year=year)),
                        "measure": measure.key,
                        "unit": each.results[measure.key].attrs["units"],
                        "value": ways[""].at(year),
                        "per_1000": ways[PER_1000].at(year) if rate else float("nan"),
                        "change_since_2018": ways[CHANGE].at(year),
                        "difference": ways[DIFFERENCE].at(year),
                        "difference_from": reference.case.name,
                    }
                )
    return pd.DataFrame(rows)


def as_csv(told: Sequence[Told], reference: Told) -> str:
    """Return `long_table` as CSV text, with a mark that tells Excel that it is UTF-8."""
    text = long_table(told, reference).to_csv(index=False, float_format=DIGITS, lineterminator="\n")
    return f"\ufeff{text}"

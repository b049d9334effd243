"""Tables of an ensemble: those below the charts of the page, and those of its files."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
import xarray as xr
from dash import html
from sdcompile.errors import Fault, InputError

from dudley_dashboard.address import View
from dudley_dashboard.downloads import Numbers
from dudley_dashboard.names import DO_NOTHING_WORDS, parameter_text
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, ensemble_of
from dudley_dashboard.pages.uncertainty.ensemble import (
    PLAN,
    Ensemble,
    better_shares,
    break_even_shares,
    crossing_shares,
    default_threshold,
    strongest,
)
from dudley_dashboard.pages.uncertainty.text import (
    EDGES,
    REASONS,
    level_text,
    outcome_text,
    source_sentence,
)
from dudley_dashboard.parts import table
from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import ANSWERED, Indicator
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING
from dudley_sd.results.table import Table, frame_table
from dudley_sd.text import number

NAMES = ("one_in_10_below", "one_in_4_below", "middle", "one_in_4_above", "one_in_10_above")
"""Columns of `EDGES` in files."""

HEADS = ("1 in 10 below", "1 in 4 below", "middle", "1 in 4 above", "1 in 10 above")
"""Heads of `EDGES` on the page."""

RUNS = {PLAN: PLAN, DO_NOTHING: DO_NOTHING_WORDS}
"""Names of runs in files."""


def fan_table(ensemble: Ensemble, indicator: Indicator) -> html.Div:
    """Return the edges of the bands of plan and doing nothing, a row for each mid-year."""
    columns: dict[str, list[str]] = {}
    for name, array in ensemble.runs(indicator).items():
        edges = bands(array, EDGES).reindex(year=ensemble.plan["year"])
        for head, edge in zip(HEADS, edges, strict=True):
            columns[f"{name}: {head}"] = [number(float(value), indicator) for value in edge]
    return _by_year(ensemble, columns, f"{indicator.title}: where the runs lie")


def crossing_table(ensemble: Ensemble, indicator: Indicator, threshold: float, side: str) -> html.Div:
    """Return the shares of runs beyond the threshold: in a year, and in it or before."""
    columns: dict[str, list[str]] = {}
    for name, array in ensemble.runs(indicator).items():
        table = crossing_shares(array, indicator, threshold, side).set_index("year")
        table = table.reindex(ensemble.plan["year"].to_numpy())
        columns[f"{name}: in that year"] = _percents(table["share_in_year"])
        columns[f"{name}: then or before"] = _percents(table["share_by_year"])
    caption = f"Share of runs with {indicator.title} {side} {level_text(threshold, indicator)}"
    return _by_year(ensemble, columns, caption)


def better_table(ensemble: Ensemble, indicator: Indicator) -> html.Div:
    """Return the shares of runs in which the plan is better, the same and worse."""
    shares = better_shares(ensemble, indicator)
    better, worse = outcome_text(indicator)
    rows = [[str(year), *_percents(shares.sel(year=year).to_series())] for year in shares["year"].to_numpy()]
    caption = f"{indicator.title}: your plan against {DOING_NOTHING}"
    return table(caption, ["Mid-year", better, "the same", worse], rows)


def break_even_table(shares: dict[str, float]) -> html.Div:
    """Return the share of runs that break even in each year, from `charts.break_even_bars`."""
    rows = [list(row) for row in zip(shares, _percents(shares.values()), strict=True)]
    return table("When the plan has paid for itself", ["Year of break-even", "share of runs"], rows)


def tornado_table(ensemble: Ensemble, indicator: Indicator) -> html.Div:
    """Return the results with each number at its low and high value."""
    status = {each["name"]: each["status"] for each in ensemble.about["parameters"]}
    rows = [
        [
            parameter_text(row["parameter"]),
            status[row["parameter"]],
            *(number(float(row[column]), indicator) for column in ("at_low", "at_central", "at_high")),
        ]
        for row in strongest(ensemble, indicator).to_dict("records")
    ]
    heads = ["Number", "how it is known", "at its low value", "all central", "at its high value"]
    return table(f"{indicator.title} in {ensemble.end}, one number changed at a time", heads, rows)


def _by_year(ensemble: Ensemble, columns: dict[str, list[str]], caption: str) -> html.Div:
    years = [ensemble.starred(int(year)) for year in ensemble.plan["year"].to_numpy()]
    rows = [list(row) for row in zip(years, *columns.values(), strict=True)]
    return table(caption, ["Mid-year", *columns], rows)


def _percents(shares: Iterable[float]) -> list[str]:
    return ["–" if math.isnan(share) else f"{100 * share:.1f}%" for share in shares]


def numbers_of(view: View) -> Numbers:
    """Return where the runs of an address lie by every indicator, and what was drawn for them.

    Raises
    ------
    InputError
        If they have not been made.
    """
    query, _ = EnsembleQuery.read(view.request, view.rest)
    try:
        ensemble = ensemble_of(query)
    except OSError:
        remedy = "Open the page Uncertainty, let it finish, and ask again"
        raise InputError([Fault("runs", "", "have not been made yet", remedy)]) from None
    about = [
        ("What was run", source_sentence(ensemble)),
        ("Held against", DO_NOTHING_WORDS if ensemble.nothing is not None else "Nothing"),
        ("Made again by", str(ensemble.about["command"])),
        ("Indicative", str(ensemble.about["indicative"])),
        *(("Note", str(note)) for note in ensemble.about["notes"]),
    ]
    return Numbers(
        f"Where {ensemble.members:,} runs lie",
        [pair for pair in about if pair[1]],
        [sheet for sheet in sheets(ensemble, query) if sheet.rows or sheet.name == "Left out"],
    )


def sheets(ensemble: Ensemble, query: EnsembleQuery) -> list[Table]:
    """Return what the page counts and ranks, and what was drawn for it."""
    indicator, side = ANSWERED[query.indicator], query.side
    threshold = default_threshold(ensemble, indicator) if query.threshold is None else query.threshold
    line = f"“{indicator.title}” {side} {level_text(threshold, indicator)}"
    found = (
        (
            "Numbers",
            "Where the runs lie, by indicator and year, in the unit that the row names.",
            ranges(ensemble),
        ),
        (
            "Beyond the line",
            f"Share of the runs with {line}, in a year, and in it or before.",
            beyond(ensemble, indicator, threshold, side),
        ),
        (
            "Better or worse",
            "Share of the runs in which your plan is better than what stands beside it, the same, and worse.",
            better_or_worse(ensemble),
        ),
        (
            "Break-even",
            "Share of the runs that break even in a year, and by then; in the first year: never behind.",
            break_even_shares(ensemble) if ensemble.has_balance else pd.DataFrame(),
        ),
        (
            "What matters most",
            "The last year with one number at its low and at its high value and all others central.",
            swings(ensemble),
        ),
        (
            "Drawn",
            "Every number that was drawn, with its range and its source.",
            pd.DataFrame(ensemble.about["parameters"]),
        ),
        (
            "Left out",
            "Every number with a range that is the same in all runs, and why it was not drawn.",
            left_out(ensemble),
        ),
    )
    return [frame_table(*each) for each in found]


def ranges(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row for each indicator, kind of run and year.

    Returns
    -------
    pd.DataFrame
        Columns ``indicator, unit, runs, year`` and `NAMES`: a tenth and a quarter of the runs lie below the
        first two, half below the middle, a quarter and a tenth above the last two.
    """
    rows = []
    for indicator, name, array in _all_runs(ensemble):
        edges = bands(array, EDGES) / indicator.scale
        for year, values in zip(array["year"].to_numpy(), edges.to_numpy().T, strict=True):
            row = {"indicator": indicator.title, "unit": indicator.axis_unit, "runs": name, "year": int(year)}
            rows.append(row | dict(zip(NAMES, map(float, values), strict=True)))
    return pd.DataFrame(rows)


def beyond(ensemble: Ensemble, indicator: Indicator, threshold: float, side: str) -> pd.DataFrame:
    """Return columns ``indicator, runs, year, share_in_year, share_by_year``."""
    found = [
        crossing_shares(array, indicator, threshold, side).assign(indicator=indicator.title, runs=RUNS[name])
        for name, array in ensemble.runs(indicator).items()
    ]
    columns = ["indicator", "runs", "year", "share_in_year", "share_by_year"]
    return pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)


def better_or_worse(ensemble: Ensemble) -> pd.DataFrame:
    """Return columns ``indicator, year, better, the_same, worse``; none where the plan stands alone."""
    rows = []
    for indicator in ANSWERED.values():
        if len(ensemble.runs(indicator)) < 2:
            continue
        shares = better_shares(ensemble, indicator)
        for year, values in zip(shares["year"].to_numpy(), shares.to_numpy().T, strict=True):
            outcomes = dict(zip(("better", "the_same", "worse"), map(float, values), strict=True))
            rows.append({"indicator": indicator.title, "year": int(year), **outcomes})
    return pd.DataFrame(rows)


def swings(ensemble: Ensemble) -> pd.DataFrame:
    """Return columns ``indicator, unit, place, number, at_low, at_central, at_high, swing``, by indicator."""
    found = []
    for indicator in ANSWERED.values():
        table = ensemble.swings_by(indicator).sort_values("place")
        values = table[["at_low", "at_central", "at_high", "swing"]].astype(float) / indicator.scale
        values.insert(0, "number", [parameter_text(name) for name in table["parameter"]])
        values.insert(0, "place", table["place"].astype(int))
        values.insert(0, "unit", indicator.axis_unit)
        values.insert(0, "indicator", indicator.title)
        found.append(values)
    return pd.concat(found, ignore_index=True)


def left_out(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row for each number that was not drawn: columns ``id, name, reason``, in plain words."""
    rows = [
        {
            "id": each["id"],
            "name": each["name"] or each["id"].replace("_", " "),
            "reason": REASONS.get(each["reason"], each["reason"]),
        }
        for each in ensemble.about["left_out"]
    ]
    return pd.DataFrame(rows, columns=["id", "name", "reason"])


def _all_runs(ensemble: Ensemble) -> Iterable[tuple[Indicator, str, xr.DataArray]]:
    for indicator in ANSWERED.values():
        for name, array in ensemble.runs(indicator).items():
            yield indicator, RUNS[name], array

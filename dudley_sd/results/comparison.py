"""How do areas, futures, portfolios and contracts stand beside each other at the review points?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from dudley_sd.errors import Fault, InputError
from dudley_sd.results.base import base_title, projection_words
from dudley_sd.results.comparison_meaning import (
    Meaning,
    choice_meanings,
    measure_meanings,
    rests_on_claims,
)
from dudley_sd.results.measures import MEASURES, PEOPLE, measured
from dudley_sd.results.regret import regret_table, worst_regret

START = 2018
REVIEW_POINTS = (2023, 2028, 2033)
OFFICIAL_FUTURE = "official_future"
CLAIMED = " (claims)"
"""What stands behind a portfolio whose effects are what others claimed."""

"""What readers call the portfolio in which nothing is decided, as everywhere on the dashboard."""

DO_NOTHING = ("none", "as_now")
NO_PORTFOLIO_WORDS = "No portfolio"
"""Portfolio and contract of the option in which nothing is decided."""

KEYS = ["footprint", "portfolio", "contract", "scenario", "year", "measure"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that a table, a workbook or a page of a comparison shows.

    Attributes
    ----------
    table
        One row for each footprint, portfolio, contract, scenario, year and measure, see `compare`.
    regret, worst
        From `dudley_sd.results.regret`; empty where there is one portfolio and contract.
    titles
        Of footprints, portfolios, contracts and scenarios, by kind and key.
    totals
        Footprints that are sums of others, with the parts of each.
    indicative
        Why, by footprint that is indicative.
    projections
        On whose projection the people stand, by footprint that is no sum.
    base
        Name of the projection that all of them are on.
    meanings
        What measures, futures, portfolios and contracts stand for.
    extrapolated
        Review points beyond the projection table.
    command
        How to make it again.
    """

    table: pd.DataFrame
    regret: pd.DataFrame
    worst: pd.DataFrame
    titles: dict[str, dict[str, str]]
    totals: dict[str, tuple[str, ...]]
    indicative: dict[str, str]
    projections: dict[str, str]
    base: str
    meanings: tuple[Meaning, ...]
    extrapolated: tuple[int, ...]
    command: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """Portfolio and contract of every option, in the order asked for."""
        pairs = self.table[["portfolio", "contract"]].drop_duplicates()
        return [(str(portfolio), str(contract)) for portfolio, contract in pairs.itertuples(index=False)]

    def keys(self, kind: str) -> list[str]:
        """Footprints or scenarios in the order asked for."""
        return list(self.titles[kind])

    def option_title(self, portfolio: str, contract: str) -> str:
        """Name of an option for readers; the contract only where there are several."""
        if (portfolio, contract) == DO_NOTHING:
            return "Do nothing"
        title = self.titles["portfolio"][portfolio] + (CLAIMED if rests_on_claims(portfolio) else "")
        return title if len(self.titles["contract"]) == 1 else f"{title}, {self.titles['contract'][contract]}"


def compare(runs: Sequence[Mapping[str, xr.Dataset]], command: str = "") -> Comparison:
    """Compare results.

    Parameters
    ----------
    runs
        For each portfolio and contract the results by footprint, all with the same footprints and scenarios.
    command
        How to make the comparison again.

    Returns
    -------
    Comparison
        ``table`` has the columns ``footprint, portfolio, contract, scenario, year`` (2018 and the review
        points), ``extrapolated, indicative, measure, unit`` (of the model), ``value``, ``per_1000`` (per
        1,000 people of that year; for sizes), ``change_since_2018``, ``relative_change_since_2018`` (for
        sizes above nothing in 2018), ``from_official_future`` (same footprint, portfolio, contract and
        year; empty where that future was not run) and ``from_do_nothing`` (same footprint, scenario and year
        with nothing decided; empty where that was not run). What cannot be told is empty, never nothing.

    Raises
    ------
    InputError
        If there is nothing to compare, or a result has a variable or a review point less than is needed.
    """
    if not runs or not runs[0]:
        raise InputError([Fault("comparison", "", "there is nothing to compare", "Run something first")])
    rows = [_rows(results) for by_area in runs for results in by_area.values()]
    table = _with_differences(pd.concat(rows, ignore_index=True))
    first = runs[0]
    titles = {
        "footprint": {key: str(each.attrs["footprint_name"]) for key, each in first.items()},
        "portfolio": {_attr(by_area, "portfolio"): _portfolio_title(by_area) for by_area in runs},
        "contract": {_attr(by_area, "contract"): _attr(by_area, "contract_title") for by_area in runs},
        "scenario": _scenarios(next(iter(first.values()))),
    }
    regret = regret_table(table)
    beyond = table.loc[table["extrapolated"], "year"]
    return Comparison(
        table=table,
        regret=regret,
        worst=worst_regret(regret),
        titles=titles,
        totals={
            key: tuple(each.attrs["parts"].split(", "))
            for key, each in first.items()
            if "parts" in each.attrs
        },
        indicative={
            key: str(each.attrs["indicative"]) for key, each in first.items() if "indicative" in each.attrs
        },
        projections={key: projection_words(each) for key, each in first.items() if "parts" not in each.attrs},
        base="; ".join(dict.fromkeys(base_title(each) for each in first.values())),
        meanings=(*measure_meanings(next(iter(first.values()))), *choice_meanings(titles)),
        extrapolated=tuple(sorted({int(year) for year in beyond})),
        command=command,
    )


def _attr(by_area: Mapping[str, xr.Dataset], name: str) -> str:
    return str(next(iter(by_area.values())).attrs[name])


def _portfolio_title(by_area: Mapping[str, xr.Dataset]) -> str:
    key = _attr(by_area, "portfolio")
    return NO_PORTFOLIO_WORDS if key == DO_NOTHING[0] else _attr(by_area, "portfolio_title")


def _scenarios(results: xr.Dataset) -> dict[str, str]:
    keys, titles = results["scenario"].to_numpy(), results["scenario_title"].to_numpy()
    return {str(key): str(title) for key, title in zip(keys, titles, strict=True)}


def _rows(results: xr.Dataset) -> pd.DataFrame:
    """Values of all measures of one footprint, portfolio and contract."""
    years = [START, *REVIEW_POINTS]
    missing = [year for year in years if year not in results["year"].to_numpy()]
    if missing:
        problem = f"has no {', '.join(map(str, missing))}"
        raise InputError([Fault("results", "year", problem, "Compare runs from 2018 to 2033")])
    people = measured(results, MEASURES[0]).sel(year=years)
    parts = []
    for measure in MEASURES:
        array = measured(results, measure).sel(year=years)
        part = array.to_series().rename("value").reset_index()
        part["measure"] = measure.key
        part["unit"] = array.attrs.get("units") or results[measure.variable].attrs["units"]
        ratio = (array / people * 1000).to_series().to_numpy()
        part["per_1000"] = ratio if measure.size and measure.key != PEOPLE else np.nan
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["extrapolated"] = table["year"].map(results["extrapolated"].to_series()).astype(bool)
    table["indicative"] = "indicative" in results.attrs
    for key in ("footprint", "portfolio", "contract"):
        table[key] = results.attrs[key]
    return table


def _with_differences(table: pd.DataFrame) -> pd.DataFrame:
    values = table.set_index(KEYS)["value"]
    start = values.xs(START, level="year").reindex(pd.MultiIndex.from_frame(table[_without("year")]))
    table["change_since_2018"] = table["value"].to_numpy() - start.to_numpy()
    sizes = table["measure"].isin([measure.key for measure in MEASURES if measure.size]).to_numpy()
    positive = (start.to_numpy() > 1e-9) & sizes  # nothing, and what rounding leaves of it, has no multiple
    table["relative_change_since_2018"] = np.where(
        positive, table["change_since_2018"] / np.where(positive, start, 1.0), np.nan
    )
    if OFFICIAL_FUTURE in set(table["scenario"]):
        there = values.xs(OFFICIAL_FUTURE, level="scenario")
        there = there.reindex(pd.MultiIndex.from_frame(table[_without("scenario")]))
        table["from_official_future"] = table["value"].to_numpy() - there.to_numpy()
    else:
        table["from_official_future"] = np.nan
    table["from_do_nothing"] = table["value"].to_numpy() - _in_do_nothing(table, values)
    columns = [*KEYS[:5], "extrapolated", "indicative", "measure", "unit", "value", "per_1000"]
    columns += ["change_since_2018", "relative_change_since_2018", "from_official_future"]
    return table[[*columns, "from_do_nothing"]]


def _in_do_nothing(table: pd.DataFrame, values: pd.Series[float]) -> np.ndarray:
    """Value of each row where nothing is decided; not a number where that was not run."""
    keys = table[KEYS].assign(portfolio=DO_NOTHING[0], contract=DO_NOTHING[1])
    return values.reindex(pd.MultiIndex.from_frame(keys)).to_numpy()


def _without(name: str) -> list[str]:
    return [key for key in KEYS if key != name]

"""Comparison of areas, futures, portfolios and contracts at the review points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import COMPARED, PEOPLE
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.band import MEDIAN, SINGLE, statistics_of
from dudley_sd.results.manifest import base_title, projection_text
from dudley_sd.results.regret import regret_table, worst_regret
from dudley_sd.settings.contracts import contract_names, read_contract
from dudley_sd.settings.futures import read_scenario, scenario_names
from dudley_sd.settings.portfolios import portfolio_names, read_portfolio


class Meaning(NamedTuple):
    """A name, what kind of thing it is, and what it stands for."""

    kind: str
    name: str
    text: str


def indicator_meanings(results: xr.Dataset) -> list[Meaning]:
    """Sentences of the model on each indicator; shares and sums are of the area and year they stand for."""
    return [
        Meaning(
            "Indicator",
            indicator.title,
            " ".join(str(results[indicator.variable].attrs["long_name"]).split()),
        )
        for indicator in COMPARED.values()
        if "long_name" in results[indicator.variable].attrs
    ]


def choice_meanings(titles: dict[str, dict[str, str]]) -> list[Meaning]:
    """Stories of the futures, portfolios and contracts that were compared, those that are on file."""
    inputs = inputs_folder()
    found = []
    readers: tuple[tuple[str, str, list[str], Callable[[str, Path], object]], ...] = (
        ("Future", "scenario", scenario_names(inputs, readings=True), read_scenario),
        ("Portfolio", "portfolio", portfolio_names(inputs), read_portfolio),
        ("Contract", "contract", contract_names(inputs), read_contract),
    )
    for kind, key, names, read in readers:
        for name, title in titles[key].items():
            if name in names:
                story = str(getattr(read(name, inputs), "story", ""))
                found.append(Meaning(kind, title, " ".join(story.split())))
    return found


SMALLEST = 1e-9
"""Below it is nothing, or what rounding leaves of it, of which there is no multiple."""

OFFICIAL_FUTURE = "official_future"

DO_NOTHING = ("none", "as_now")
"""Portfolio and contract of the option in which nothing is decided."""

NO_PORTFOLIO_WORDS = "No portfolio"
"""What readers call the portfolio ``none``."""

KEYS = ["footprint", "portfolio", "contract", "scenario", "year", "indicator"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything that a table, a workbook or a page of a comparison shows.

    Attributes
    ----------
    table
        One row for each footprint, portfolio, contract, scenario, year and indicator, see `compare`: medians,
        or single runs where there is no band.
    statistics
        All rows of `table` for each of `dudley_sd.results.band.STATISTICS`, which stands in the column
        ``statistic``; for the single run alone where there is no band.
    members
        How many runs medians are taken of; 0 where there is no band.
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
        What indicators, futures, portfolios and contracts stand for.
    extrapolated
        Review points beyond the projection table.
    command
        How to make it again.
    """

    table: pd.DataFrame
    statistics: pd.DataFrame
    members: int
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
        title = self.titles["portfolio"][portfolio]
        return title if len(self.titles["contract"]) == 1 else f"{title}, {self.titles['contract'][contract]}"


def compare(
    runs: Sequence[Mapping[str, xr.Dataset]],
    command: str = "",
    drawn: Sequence[Mapping[str, xr.Dataset]] | None = None,
) -> Comparison:
    """Compare results.

    Parameters
    ----------
    runs
        For each portfolio and contract the results by footprint, all with the same footprints and scenarios.
    command
        How to make the comparison again.
    drawn
        The same with a dimension ``member``, the central values first and then draws that are the same
        everywhere, see `dudley_sd.ensembles.default_ensemble`. Every column is worked out member by member;
        medians and 8 in 10 runs come last.

    Returns
    -------
    Comparison
        ``table`` has the columns ``footprint, portfolio, contract, scenario, year`` (2018 and the review
        points), ``extrapolated, indicative, indicator, unit`` (of the model), ``value``, ``per_1000`` (per
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
    rows = [
        _rows(results, results if drawn is None else drawn[place][name])
        for place, by_area in enumerate(runs)
        for name, results in by_area.items()
    ]
    keys = pd.concat([each.table for each in rows], ignore_index=True)
    values = np.concatenate([each.values for each in rows])
    by_statistic = _by_statistic(keys, values, np.concatenate([each.people for each in rows]))
    table = by_statistic.get(MEDIAN, by_statistic[SINGLE])
    statistics = pd.concat([each.assign(statistic=name) for name, each in by_statistic.items()])
    statistics = statistics[[*KEYS, "statistic", *(name for name in table if name not in KEYS)]]
    first = runs[0]
    titles = {
        "footprint": {key: str(each.attrs["footprint_name"]) for key, each in first.items()},
        "portfolio": {_attr(by_area, "portfolio"): _portfolio_title(by_area) for by_area in runs},
        "contract": {_attr(by_area, "contract"): _attr(by_area, "contract_title") for by_area in runs},
        "scenario": _scenarios(next(iter(first.values()))),
    }
    regret = regret_table(keys, values)
    beyond = table.loc[table["extrapolated"], "year"]
    return Comparison(
        table=table,
        statistics=statistics.reset_index(drop=True),
        members=values.shape[1] - 1,
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
        projections={key: projection_text(each) for key, each in first.items() if "parts" not in each.attrs},
        base="; ".join(dict.fromkeys(base_title(each) for each in first.values())),
        meanings=(*indicator_meanings(next(iter(first.values()))), *choice_meanings(titles)),
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


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of the table, and what runs have in each: values and people, [row, run], the single run first."""

    table: pd.DataFrame
    values: np.ndarray
    people: np.ndarray


def _rows(results: xr.Dataset, runs: xr.Dataset) -> _Rows:
    """Rows of one footprint, portfolio and contract; runs are that of the result, or its members."""
    years = [PROJECTED, *REVIEW_POINTS]
    missing = [year for year in years if year not in results["year"].to_numpy()]
    if missing:
        problem = f"has no {', '.join(map(str, missing))}"
        raise InputError([Fault("results", "year", problem, "Compare runs from 2018 to 2033")])
    people = _by_run(COMPARED[PEOPLE].of(runs).sel(year=years))
    parts, values = [], []
    for indicator in COMPARED.values():
        array = indicator.of(runs).sel(year=years)
        values.append(_by_run(array))
        keys = pd.MultiIndex.from_product(
            [list(results["scenario"].to_numpy()), years], names=["scenario", "year"]
        )
        unit = array.attrs.get("units") or results[indicator.variable].attrs["units"]
        parts.append(keys.to_frame(index=False).assign(indicator=indicator.key, unit=unit))
    table = pd.concat(parts, ignore_index=True)
    table["extrapolated"] = table["year"].map(results["extrapolated"].to_series()).astype(bool)
    table["indicative"] = "indicative" in results.attrs
    for key in ("footprint", "portfolio", "contract"):
        table[key] = results.attrs[key]
    return _Rows(table, np.concatenate(values), np.tile(people, (len(COMPARED), 1)))


def _by_run(array: xr.DataArray) -> np.ndarray:
    """Values by scenario and year down and by run across; one run where there are no members."""
    whole = array if "member" in array.dims else array.expand_dims("member")
    ordered = whole.transpose("scenario", "year", "member").to_numpy()
    return np.asarray(ordered.reshape(-1, ordered.shape[-1]), dtype=float)


def _by_statistic(table: pd.DataFrame, values: np.ndarray, people: np.ndarray) -> dict[str, pd.DataFrame]:
    """Tables of the single run and, where there are members, of their median and ends."""
    columns = _columns(table, values, people)
    lead = table[[*KEYS[:5], "extrapolated", "indicative", "indicator", "unit"]]
    summed = {name: statistics_of(each.T) for name, each in columns.items()}
    return {
        statistic: lead.assign(**{name: each[statistic] for name, each in summed.items()})
        for statistic in summed["value"]
    }


def _columns(table: pd.DataFrame, values: np.ndarray, people: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of the table, each worked out run by run, [row, run]."""
    places = pd.Series(np.arange(len(table)), index=pd.MultiIndex.from_frame(table[KEYS]))
    by_key = {indicator.key: indicator for indicator in COMPARED.values()}
    size = table["indicator"].map(lambda key: by_key[key].size).to_numpy()[:, None]
    per_head = size & (table["indicator"] != PEOPLE).to_numpy()[:, None]
    start = _elsewhere(table, places, values, year=PROJECTED)
    change = values - start
    positive = (start > SMALLEST) & size
    return {
        "value": values,
        "per_1000": np.where(per_head, values / people * 1000, np.nan),
        "change_since_2018": change,
        "relative_change_since_2018": np.where(positive, change / np.where(positive, start, 1.0), np.nan),
        "from_official_future": values - _elsewhere(table, places, values, scenario=OFFICIAL_FUTURE),
        "from_do_nothing": values
        - _elsewhere(table, places, values, portfolio=DO_NOTHING[0], contract=DO_NOTHING[1]),
    }


def _elsewhere(
    table: pd.DataFrame, places: pd.Series[int], values: np.ndarray, **keys: str | int
) -> np.ndarray:
    """Values of the rows that differ in some keys; not a number where they were not run."""
    found = places.reindex(pd.MultiIndex.from_frame(table[KEYS].assign(**keys))).to_numpy(dtype=float)
    there = np.isfinite(found)[:, None]
    return np.where(there, values[np.nan_to_num(found).astype(int)], np.nan)

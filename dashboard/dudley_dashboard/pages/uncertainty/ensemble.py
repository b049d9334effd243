"""Ensemble of a plan and of do nothing: members, swings of single numbers, shares of runs; kept as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.scratch import atomic_file

from dudley_sd.ensembles.explore import tornado
from dudley_sd.ensembles.job import Job
from dudley_sd.ensembles.statistics import break_even, crossing
from dudley_sd.indicators import ANSWERED, Indicator
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.derived import BALANCE, accumulated_gain
from dudley_sd.results.do_nothing import DO_NOTHING

TEXT = ("variable", "parameter")
"""Columns of the swings that are words."""

NUMBERS = ("place", "at_low", "at_central", "at_high", "swing", "against_at_low", "against_at_high")

PLAN = "your plan"
ABOVE, BELOW = "above", "below"

BETTER, SAME, WORSE = "better", "the same", "worse"
OUTCOMES = (BETTER, SAME, WORSE)
"""Of a plan against doing nothing; better is lower where an indicator is no judgement."""

ROUNDING = 1e-9
"""Share of an indicator's largest value below which two runs are the same."""

MOST_BARS = 10
"""Numbers that matter most: those that are shown."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Ensemble of a plan and of do nothing: everything that the page shows of it.

    Attributes
    ----------
    plan, nothing
        Indicators by key, dims (member, year), in the unit of the model; a member has the same draw in both.
        The second is of do nothing in the plan's own future;
        None where the plan itself does nothing, or where none was stored.
    swings
        Each number alone to its low and to its high value: columns ``variable, parameter, place, at_low,
        at_central, at_high, swing``, of the last year, see `dudley_sd.ensembles.explore`, and
        ``against_at_low, against_at_high`` of doing nothing, see `swings_of`.
    about
        What was drawn and what was not, in plain data: see `dudley_dashboard.pages.uncertainty.data.about`.
    """

    plan: xr.Dataset
    nothing: xr.Dataset | None
    swings: pd.DataFrame
    about: dict[str, Any]

    @property
    def members(self) -> int:
        """How many runs there are of the plan."""
        return int(self.plan.sizes["member"])

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.plan["year"][-1])

    @property
    def end(self) -> str:
        """The last year as `starred`."""
        return self.starred(self.last)

    def starred(self, year: int) -> str:
        """Year with an asterisk beyond the projection; files of earlier versions do not know."""
        return f"{year}*" if year in self.about.get("beyond", ()) else str(year)

    @property
    def has_balance(self) -> bool:
        """Whether plan and do nothing both hold the balance of the system."""
        return self.nothing is not None and BALANCE in self.plan and BALANCE in self.nothing

    def runs(self, indicator: Indicator) -> dict[str, xr.DataArray]:
        """Return plan and do nothing, by name, in the years in which the indicator says something."""
        found = {}
        for name, runs in ((PLAN, self.plan), (DO_NOTHING, self.nothing)):
            array = None if runs is None else runs.get(indicator.key)
            if array is not None and not bool(np.isnan(array.isel(year=-1)).all()):
                found[name] = array.dropna("year", how="all")
        return found

    def swings_by(self, indicator: Indicator) -> pd.DataFrame:
        """Rows of the swings that are of an indicator."""
        rows = self.swings["variable"] == indicator.address
        return self.swings[rows]


def save_ensemble(ensemble: Ensemble, path: Path) -> None:
    """Write an ensemble: in place whole or not at all."""
    arrays: dict[str, np.ndarray] = {"year": ensemble.plan["year"].to_numpy()}
    for name, runs in (("plan", ensemble.plan), ("nothing", ensemble.nothing)):
        if runs is not None:
            arrays |= {f"{name}.{key}": array.to_numpy() for key, array in runs.data_vars.items()}
    arrays |= {f"swings.{column}": ensemble.swings[column].to_numpy(dtype=float) for column in NUMBERS}
    words = {column: ensemble.swings[column].tolist() for column in TEXT}
    arrays["about"] = np.array(json.dumps({"about": ensemble.about, "swings": words}))
    with atomic_file(path) as scratch, scratch.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def load_ensemble(path: Path) -> Ensemble:
    """Read what `save_ensemble` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        read = {name: arrays[name] for name in arrays.files}
    words = json.loads(str(read["about"]))
    swings = pd.DataFrame(words["swings"] | {column: read[f"swings.{column}"] for column in NUMBERS})
    swings["place"] = swings["place"].astype(int)
    nothing = _runs(read, "nothing.")
    swings = swings[[*TEXT, *NUMBERS]]
    return Ensemble(_runs(read, "plan."), nothing if nothing.data_vars else None, swings, words["about"])


def _runs(read: dict[str, np.ndarray], name: str) -> xr.Dataset:
    found = {
        key.removeprefix(name): (("member", "year"), array)
        for key, array in read.items()
        if key.startswith(name)
    }
    return xr.Dataset(found, coords={"year": read["year"]})


def crossing_shares(array: xr.DataArray, indicator: Indicator, threshold: float, side: str) -> pd.DataFrame:
    """Share of the runs beyond a threshold, year by year.

    Parameters
    ----------
    array
        Dims (member, year), in the unit of the model.
    threshold
        In the unit that readers see.
    side
        ``above`` or ``below``: strictly so.

    Returns
    -------
    pd.DataFrame
        Columns ``year, share_in_year, share_by_year`` from `dudley_sd.ensembles.statistics.crossing`.
    """
    sign = ">" if side == ABOVE else "<"
    text = f"{indicator.key}{sign}{threshold * indicator.scale!r}"
    shares = crossing(array.rename(indicator.key).to_dataset(), [text])
    return shares[["year", "share_in_year", "share_by_year"]]


def default_threshold(ensemble: Ensemble, indicator: Indicator) -> float:
    """Where the middle run of doing nothing ends, as readers see it: what a box holds before they type."""
    runs = ensemble.runs(indicator)
    array = runs.get(DO_NOTHING, runs.get(PLAN))
    if array is None:
        return 0.0
    return round(float(array.isel(year=-1).median()) / indicator.scale, max(0, indicator.decimals))


def better_shares(ensemble: Ensemble, indicator: Indicator) -> xr.DataArray:
    """Share of the runs in which the plan is better than doing nothing, the same, or worse.

    Returns
    -------
    xr.DataArray
        Dims (outcome, year), from the second year on: in the first all runs start alike.
    """
    if ensemble.nothing is None:
        raise ValueError("there is no run of doing nothing")
    plan, nothing = (
        runs[indicator.key].isel(year=slice(1, None)) for runs in (ensemble.plan, ensemble.nothing)
    )
    gain = (plan - nothing) if indicator.better == "high" else (nothing - plan)
    small = ROUNDING * float(abs(xr.concat([plan, nothing], "member")).max())
    shares = [
        (gain > small).mean("member"),
        (abs(gain) <= small).mean("member"),
        (gain < -small).mean("member"),
    ]
    return xr.concat(shares, pd.Index(OUTCOMES, name="outcome"))


def break_even_shares(ensemble: Ensemble) -> pd.DataFrame:
    """Share of the runs that break even in each year, and by then; in the first: never behind."""
    if ensemble.nothing is None:
        raise ValueError("there is no run of doing nothing")
    return break_even(accumulated_gain(ensemble.plan[[BALANCE]], ensemble.nothing[[BALANCE]]))


def swings_of(job: Job, against: Job | None) -> pd.DataFrame:
    """Change one number at a time, in the plan and in the run it is held against.

    Returns
    -------
    pd.DataFrame
        Columns of `Ensemble.swings`; NaN for the other run where there is none,
        or where no number moves it.
    """
    found = tornado(job)
    columns = {"at_low": "against_at_low", "at_high": "against_at_high"}
    if against is None:
        return found.assign(**dict.fromkeys(columns.values(), float("nan")))[[*TEXT, *NUMBERS]]
    other = tornado(against).rename(columns=columns)[[*TEXT, *columns.values()]]
    return found.merge(other, "left", on=list(TEXT), validate="one_to_one")[[*TEXT, *NUMBERS]]


def pulls(ensemble: Ensemble, indicator: Indicator) -> tuple[float, float]:
    """Return how far all numbers, one at a time, pull an indicator of the last year down and up, added up."""
    table = ensemble.swings_by(indicator)
    low, high = table[["at_low", "at_high"]].min(axis=1), table[["at_low", "at_high"]].max(axis=1)
    down = (table["at_central"] - low).clip(lower=0).sum()
    return float(down), float((high - table["at_central"]).clip(lower=0).sum())


def harmful_numbers(ensemble: Ensemble, indicator: Indicator) -> list[str] | None:
    """Name the numbers that alone, at an end of their range, make the plan worse than doing nothing.

    Returns
    -------
    list of str or None
        Names in the model; None where this was not worked out, or the indicator is no judgement.
    """
    table = ensemble.swings_by(indicator)
    plan = table[["at_low", "at_high"]].to_numpy(dtype=float)
    against = table[["against_at_low", "against_at_high"]].to_numpy(dtype=float)
    if table.empty or not indicator.better or bool(np.isnan(against).any()):
        return None
    small = ROUNDING * float(np.abs(plan).max())
    gain = plan - against if indicator.better == "high" else against - plan
    return [str(name) for name in table["parameter"][gain.min(axis=1) < -small]]


def central_value(ensemble: Ensemble, indicator: Indicator) -> float | None:
    """Value of the last year with every number central; None where no number moves it."""
    table = ensemble.swings_by(indicator)
    return None if table.empty else float(table["at_central"].iloc[0])


def strongest(ensemble: Ensemble, indicator: Indicator) -> pd.DataFrame:
    """Return the ten numbers that move an indicator of the last year most, the strongest first.

    Returns
    -------
    pd.DataFrame
        Columns ``parameter, at_low, at_central, at_high, swing``; empty where the indicator is not there.
    """
    table = ensemble.swings_by(indicator)
    table = table[table["swing"] > 0].sort_values("place").head(MOST_BARS)
    return table[["parameter", "at_low", "at_central", "at_high", "swing"]].reset_index(drop=True)


def assumptions(ensemble: Ensemble) -> set[str]:
    """Names of the numbers drawn that are assumptions: nothing that was published says what they are."""
    return {each["name"] for each in ensemble.about["parameters"] if each["status"] == "assumption"}


def indicators_of(runs: xr.Dataset) -> xr.Dataset:
    """Read every indicator that many runs hold.

    Parameters
    ----------
    runs
        Dims (scenario, member, year, ...).

    Returns
    -------
    xr.Dataset
        One variable for each indicator by its key, dims (member, year from 2018), in the unit of the model;
        of the first scenario. Indicators whose variables are not in the runs are left out; one that says
        nothing before a shift is planned is not a number (NaN) in such years.
    """
    found = {}
    for key, row in ANSWERED.items():
        if set(row.needed) <= set(runs.data_vars):
            array = row.of(runs).isel(scenario=0, drop=True).transpose("member", "year")
            found[key] = array.astype(float)
    return xr.Dataset(found).reset_coords(drop=True).sel(year=slice(PROJECTED, None))

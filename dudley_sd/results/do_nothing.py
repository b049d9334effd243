"""Do nothing: the run of the same future without portfolio and contract that a result is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name

from dudley_sd.request import world_settings
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.portfolios import NO_PORTFOLIO

DO_NOTHING = "do nothing"
DOING_NOTHING = "doing nothing"
"""What readers call the run in which nothing is decided and the contract is as now; in a sentence."""


IN_PORTFOLIO = (
    "coverage",
    "share_of_released_posts_closed",
)
IN_CONTRACT = (
    "share_in_contract",
    "contract_integration",
    "gain_share",
    "loss_share",
    "transformation_money",
)
"""Variables that are above nothing only where a portfolio, or a contract, is there."""

SAME_ORIGIN = {
    "model_sha256": "another model file",
    "inputs_sha256": "other input files",
    "projection": "another projection",
}
"""Entries of the manifest that both runs must share, and what is said of do nothing if they do not."""


def is_do_nothing(results: xr.Dataset) -> bool:
    """Whether nothing is decided in a result: portfolio none, contract as now, and no lever on either."""
    return not _has_portfolio(results) and not has_contract(results)


def has_contract(results: xr.Dataset) -> bool:
    """Whether money moves under another contract than now."""
    return results.attrs.get("contract", AS_NOW) != AS_NOW or _above_nothing(results, IN_CONTRACT)


def run_name(results: xr.Dataset) -> str:
    """Return what readers call the run: do nothing, or ``with the portfolio``."""
    return DO_NOTHING if is_do_nothing(results) else f"with {decided(results)}"


def decided(results: xr.Dataset) -> str:
    """Return what parts a result from do nothing: ``the portfolio``, ``the contract`` or both."""
    if not has_contract(results):
        return "the portfolio"
    return "portfolio and contract" if _has_portfolio(results) else "the contract"


def _has_portfolio(results: xr.Dataset) -> bool:
    return results.attrs["portfolio"] != NO_PORTFOLIO or _above_nothing(results, IN_PORTFOLIO)


def _above_nothing(results: xr.Dataset, names: Sequence[str]) -> bool:
    return any(name in results and bool((results.variables[name].values > 0).any()) for name in names)


def fitting(results: xr.Dataset, do_nothing: xr.Dataset | None) -> xr.Dataset | None:
    """Check that a run of do nothing belongs to a result and put its scenarios in the same order.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    do_nothing
        The same scenarios with the portfolio none and the contract as now, or None.

    Returns
    -------
    xr.Dataset or None
        None where there is nothing to compare: no run of do nothing, or a result that is one itself.

    Raises
    ------
    InputError
        All at once: do nothing puts interventions in place or has a contract, or differs from the result in
        footprint, scenarios, years, model, inputs or levers other than those on portfolio and contract.
    """
    if do_nothing is None or is_do_nothing(results):
        return None
    faults = _misfits(results, do_nothing)
    if faults:
        raise InputError(faults)
    wanted = results.variables["scenario"].values
    same = np.array_equal(do_nothing.variables["scenario"].values, wanted)
    return do_nothing if same else do_nothing.sel(scenario=wanted)


def _misfits(results: xr.Dataset, do_nothing: xr.Dataset) -> list[Fault]:
    remedy = f"Run the result's scenarios again with portfolio {NO_PORTFOLIO}, contract {AS_NOW}"
    if "manifest" not in do_nothing.attrs or not {"scenario", "year"} <= set(do_nothing.dims):
        return [
            Fault("do nothing", "", "has no manifest, scenario or year: it is no result of a run", remedy)
        ]
    faults = []
    if _has_portfolio(do_nothing):
        problem = f"puts interventions in place (portfolio {do_nothing.attrs['portfolio']})"
        faults.append(Fault("do nothing", "portfolio", problem, remedy))
    if has_contract(do_nothing):
        problem = f"has a contract ({do_nothing.attrs['contract']})"
        faults.append(Fault("do nothing", "contract", problem, remedy))
    ours, its = results.attrs["footprint"], do_nothing.attrs["footprint"]
    if ours != its:
        faults.append(Fault("do nothing", "footprint", f"is {its}, that of the result {ours}", remedy))
    for name in ("scenario", "year"):
        mine, other = (list(run[name].to_numpy()) for run in (results, do_nothing))
        if sorted(mine) != sorted(other):
            problem = f"has {_listed(other)}, the result {_listed(mine)}"
            faults.append(Fault("do nothing", f"{name}s", problem, remedy))
    return faults + _other_origin(results, do_nothing, remedy)


def _other_origin(results: xr.Dataset, do_nothing: xr.Dataset, remedy: str) -> list[Fault]:
    mine, other = (_manifest(run.attrs["manifest"]) for run in (results, do_nothing))
    faults = [
        Fault("do nothing", key, f"was made with {words}", remedy)
        for key, words in SAME_ORIGIN.items()
        if mine[key] != other[key]
    ]
    shared, its = ({same_name(k): v for k, v in world_settings(m["levers"]).items()} for m in (mine, other))
    if shared != its:
        apart = "apart from those on portfolio and contract"
        problem = f"has {_levers_text(its)}, the result {_levers_text(shared)} {apart}"
        faults.append(Fault("do nothing", "levers", problem, remedy))
    return faults


@lru_cache(maxsize=8)
def _manifest(text: str) -> Any:
    """Manifest of a run; the same few are looked at by every table and picture."""
    return json.loads(text)


def _levers_text(levers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in levers.items()) or "none"


def _listed(labels: list[object]) -> str:
    words = [str(label) for label in labels]
    return ", ".join(words) if len(words) < 6 else f"{words[0]} to {words[-1]} ({len(words)})"

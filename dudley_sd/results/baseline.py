"""What would be without portfolio and contract, and is the run that is to say so the right one?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import xarray as xr

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.levers import lever_address
from dudley_sd.model.names import same_name
from dudley_sd.scenarios.contracts import AS_NOW, CONTRACT_LEVERS
from dudley_sd.scenarios.portfolios import DECISION_LEVERS, INTERVENTION_LEVERS, NO_PORTFOLIO

BASELINE = "baseline (no portfolio)"
"""What readers call the run in which nothing is decided and the contract is as now."""


class OtherRun(NamedTuple):
    """How the run beside a result is called.

    Attributes
    ----------
    name
        In rows of tables; what stands before a colon also heads the sentence on it.
    short
        In the name of a sheet.
    within
        In a sentence, with its article.
    """

    name: str
    short: str
    within: str


THE_BASELINE = OtherRun(BASELINE, "baseline", f"the {BASELINE}")
"""As the command line calls it."""

DECISIONS = frozenset(same_name(name) for name in (*INTERVENTION_LEVERS, *DECISION_LEVERS, *CONTRACT_LEVERS))
"""Constants that portfolios and contracts set: a lever on one of them changes decisions, not the world."""

IN_PORTFOLIO = (
    "coverage",
    "claimed_effect",
    "share_of_released_beds_closed",
    "share_of_bed_shortfall_opened",
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
"""Entries of the manifest that both runs must share, and what is said of the baseline if they do not."""


def is_baseline(results: xr.Dataset) -> bool:
    """Whether nothing is decided in a result: portfolio none, contract as now, and no lever on either."""
    return not _has_portfolio(results) and not has_contract(results)


def has_contract(results: xr.Dataset) -> bool:
    """Whether money moves under another contract than now."""
    return results.attrs.get("contract", AS_NOW) != AS_NOW or _above_nothing(results, IN_CONTRACT)


def run_name(results: xr.Dataset) -> str:
    """Return what readers call the run: the baseline, or ``with the portfolio``."""
    return BASELINE if is_baseline(results) else f"with {decided(results)}"


def decided(results: xr.Dataset) -> str:
    """Return what parts a result from its baseline: ``the portfolio``, ``the contract`` or both."""
    if not has_contract(results):
        return "the portfolio"
    return "portfolio and contract" if _has_portfolio(results) else "the contract"


def _has_portfolio(results: xr.Dataset) -> bool:
    return results.attrs["portfolio"] != NO_PORTFOLIO or _above_nothing(results, IN_PORTFOLIO)


def _above_nothing(results: xr.Dataset, names: Sequence[str]) -> bool:
    return any(name in results and bool((results[name] > 0).any()) for name in names)


def baseline_levers(levers: Mapping[str, float]) -> dict[str, float]:
    """Levers that the baseline of a run shares with it: all but those on portfolio and contract."""
    return {
        name: value for name, value in levers.items() if same_name(lever_address(name)[0]) not in DECISIONS
    }


def fitting(results: xr.Dataset, baseline: xr.Dataset | None) -> xr.Dataset | None:
    """Check that a baseline belongs to a result and put its scenarios in the same order.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    baseline
        The same scenarios with the portfolio none and the contract as now, or None.

    Returns
    -------
    xr.Dataset or None
        None where there is nothing to compare: no baseline, or a result that is one itself.

    Raises
    ------
    InputError
        All at once: the baseline puts interventions in place or has a contract, or differs from the result in
        footprint, scenarios, years, model, inputs or levers other than those on portfolio and contract.
    """
    if baseline is None or is_baseline(results):
        return None
    faults = _misfits(results, baseline)
    if faults:
        raise InputError(faults)
    return baseline.sel(scenario=results["scenario"].to_numpy())


def _misfits(results: xr.Dataset, baseline: xr.Dataset) -> list[Fault]:
    remedy = f"Run the result's scenarios again with portfolio {NO_PORTFOLIO}, contract {AS_NOW}"
    if "manifest" not in baseline.attrs or not {"scenario", "year"} <= set(baseline.dims):
        return [Fault("baseline", "", "has no manifest, scenario or year: it is no result of a run", remedy)]
    faults = []
    if _has_portfolio(baseline):
        problem = f"puts interventions in place (portfolio {baseline.attrs['portfolio']})"
        faults.append(Fault("baseline", "portfolio", problem, remedy))
    if has_contract(baseline):
        problem = f"has a contract ({baseline.attrs['contract']})"
        faults.append(Fault("baseline", "contract", problem, remedy))
    ours, its = results.attrs["footprint"], baseline.attrs["footprint"]
    if ours != its:
        faults.append(Fault("baseline", "footprint", f"is {its}, that of the result {ours}", remedy))
    for name in ("scenario", "year"):
        mine, other = (list(run[name].to_numpy()) for run in (results, baseline))
        if sorted(mine) != sorted(other):
            problem = f"has {_listed(other)}, the result {_listed(mine)}"
            faults.append(Fault("baseline", f"{name}s", problem, remedy))
    return faults + _other_origin(results, baseline, remedy)


def _other_origin(results: xr.Dataset, baseline: xr.Dataset, remedy: str) -> list[Fault]:
    mine, other = (json.loads(run.attrs["manifest"]) for run in (results, baseline))
    faults = [
        Fault("baseline", key, f"was made with {words}", remedy)
        for key, words in SAME_ORIGIN.items()
        if mine[key] != other[key]
    ]
    shared, its = ({same_name(k): v for k, v in baseline_levers(m["levers"]).items()} for m in (mine, other))
    if shared != its:
        problem = f"has {_told(its)}, the result {_told(shared)} apart from those on portfolio and contract"
        faults.append(Fault("baseline", "levers", problem, remedy))
    return faults


def _told(levers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in levers.items()) or "none"


def _listed(labels: list[object]) -> str:
    words = [str(label) for label in labels]
    return ", ".join(words) if len(words) < 6 else f"{words[0]} to {words[-1]} ({len(words)})"

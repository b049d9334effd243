"""Run the model from Python."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import xarray as xr

from dudley_sd.checks.constants import constant_faults
from dudley_sd.engine.choose import check_engine
from dudley_sd.engine.with_pysd import output_keys
from dudley_sd.errors import InputError
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.inputs.projections import PUBLISHED
from dudley_sd.places import inputs_folder
from dudley_sd.results.assemble import assemble
from dudley_sd.results.invariants import check_invariants
from dudley_sd.runs.execute import Report, execute
from dudley_sd.runs.plan import Plan, make_plan
from dudley_sd.scenarios.contracts import AS_NOW

DEFAULT_PORTFOLIO = "as_evidenced"


def run(
    scenarios: Sequence[str] | None = None,
    *,
    portfolio: str = DEFAULT_PORTFOLIO,
    contract: str = AS_NOW,
    footprint: str = "dudley",
    levers: Mapping[str, float] | None = None,
    outputs: Sequence[str] | None = None,
    engine: str = "auto",
    workers: int = 1,
    report: Report | None = None,
    projection: str = PUBLISHED,
) -> xr.Dataset:
    """Project people, demand, GPs and the left shift from mid-2018 to mid-2033.

    Parameters
    ----------
    scenarios
        Keys of futures: ``official_future``, ``state_supreme``, ``community_resilience``,
        ``corporate_rules``; or ``reference``, the projection alone. All four futures when not given.
    portfolio
        Key of a portfolio: ``as_evidenced``, ``as_planned``, ``nuka_ambition``, or ``none``, the baseline.
    contract
        Key of a contract: ``dudley_mcp``, ``uniting_care`` and others, or ``as_now``, the baseline.
    footprint
        Key of the area.
    levers
        Constants of the model to set on top of scenario, portfolio and contract, by name or element:
        ``{"coverage[MDT]": 0.8}``.
    outputs
        Variables to return, by name or snake-case key; all when not given. All are computed and checked.
    engine
        ``auto``: compiled to C, or NumPy where there is no compiler; or ``c``, ``numpy``, ``pysd``. All
        give the same numbers to 1e-9 of each series' scale.
    workers
        Scenarios to run side by side. Above 1 on Windows, call from under ``if __name__ == "__main__":``.
    report
        Called with the key of each scenario when its run is done.
    projection
        ``2014``: the area's own published table; another base, such as ``2018``, that was imported with
        ``dudley-sd ons``; ``own``: the people of mid-2018 at the model's own rates; or a file, tidy or as ONS
        publishes it, of any base.

    Returns
    -------
    xr.Dataset
        Dims (scenario, year, ...subscripts), see `dudley_sd.results.assemble.assemble`; units on every
        variable.

    Raises
    ------
    InputError
        All faults of scenarios, portfolio, contract, levers and input files at once; nothing is run.
    BrokenInvariantError
        If a result cannot be true.

    Examples
    --------
    >>> import dudley_sd as dsd
    >>> results = dsd.run(["official_future"], portfolio="none")  # doctest: +SKIP
    >>> float(results["gp_gap"].sel(scenario="official_future", year=2033))  # doctest: +SKIP
    """
    check_engine(engine)
    plan = make_plan(scenarios, portfolio, footprint, levers, contract=contract, projection=projection)
    refuse_disagreement(plan)
    return run_plan(plan, outputs, workers, report, engine)


def refuse_disagreement(plan: Plan) -> None:
    """Refuse to run a model file that says otherwise than the table of parameters.

    Raises
    ------
    InputError
        Constants without exactly one row, rows without a constant, values or units that differ.
    """
    inputs = inputs_folder()
    path = inputs / "parameters.csv"
    faults = constant_faults(path, read_parameters(path, inputs / "sources.csv"), plan.model)
    if faults:
        raise InputError(faults)


def run_plan(
    plan: Plan,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    report: Report | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Run a plan that has been checked already; see `run`."""
    wanted = None if outputs is None else output_keys(plan.model, outputs)
    runs = execute(plan, workers, report, engine=engine)
    results = assemble(plan, runs, command_line(plan))
    check_invariants(results)
    return results if wanted is None else results[wanted]


def command_line(plan: Plan) -> str:
    """Return the command that makes the same result."""
    words = ["dudley-sd", "run", *plan.scenarios, "--portfolio", plan.portfolio_name]
    words += ["--contract", plan.contract_name, "--footprint", plan.footprint.id]
    if plan.projection != PUBLISHED:
        words += ["--projection", plan.projection]
    for name, value in plan.levers.items():
        words += ["--lever", f"{name}={value!r}"]
    return shlex.join(words)

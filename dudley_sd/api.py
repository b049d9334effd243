"""Run the model from Python."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import xarray as xr
from sdcompile.cache import find, key_of, remember
from sdcompile.digests import PACKAGE as COMPILER
from sdcompile.digests import code_digest, file_digest
from sdcompile.errors import Fault, InputError
from sdcompile.run.model_run import check_engine
from sdcompile.run.outputs import output_keys

from dudley_sd.folders import PACKAGE, inputs_folder
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.projection_choice import PUBLISHED, choice_words, projection_choice
from dudley_sd.request import world_settings
from dudley_sd.results.assemble import assemble
from dudley_sd.results.band import with_band
from dudley_sd.results.invariants import check_invariants
from dudley_sd.results.together import together
from dudley_sd.results.totals import total_of_parts
from dudley_sd.runs.areas import (
    Areas,
    find_all,
    make_plans,
    repeated_faults,
    with_parts,
)
from dudley_sd.runs.execute import Report, execute
from dudley_sd.runs.plan import Plan
from dudley_sd.scenarios.contracts import AS_NOW
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO, portfolio_names

if TYPE_CHECKING:
    from dudley_sd.results.comparison import Comparison

NO_BAND_BY_PYSD = Fault(
    "band",
    "",
    "PySD takes seconds for a run, and a band is 200 runs",
    "Leave it out, or choose engine c",
)
DEFAULT_PORTFOLIO = "as_evidenced"
DEFAULT_FOOTPRINT = "dudley"


def run(
    scenarios: Sequence[str] | None = None,
    *,
    portfolio: str = DEFAULT_PORTFOLIO,
    contract: str = AS_NOW,
    footprint: str = DEFAULT_FOOTPRINT,
    footprints: Sequence[str] | None = None,
    levers: Mapping[str, float] | None = None,
    outputs: Sequence[str] | None = None,
    engine: str = "auto",
    workers: int = 1,
    report: Report | None = None,
    projection: str = PUBLISHED,
    base: int | None = None,
    unit: str | None = None,
    variant: str | None = None,
    band: bool = False,
) -> xr.Dataset:
    """Project people, demand, GPs and the left shift from mid-2018 to mid-2033.

    Parameters
    ----------
    scenarios
        Keys of futures: ``official_future``, ``state_supreme``, ``community_resilience``,
        ``corporate_rules``; or ``reference``, the projection alone. All four futures when not given.
    portfolio
        Key of a portfolio: ``as_evidenced``, ``as_planned``, ``nuka_ambition``, or ``none`` (do nothing).
    contract
        Key of a contract: ``dudley_mcp``, ``uniting_care`` and others, or ``as_now`` (do nothing).
    footprint
        Key of the area, or of a total of areas such as ``black_country``; or the code or name of any CCG.
    footprints
        Keys of several; then the result has the dimension ``footprint``, the first of all.
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
        ``2014``: ONS's for Dudley; where an area has none, all areas run on ``2018``, which all CCGs have;
        another base that was imported with ``dudley-sd ons``; ``own``: the people of mid-2018 as estimated,
        carried on at the model's own rates; or a file, tidy or as ONS publishes it, of any base.
    base, unit, variant
        What an ONS file given as the projection does not say of itself: the year that it starts from,
        ``persons`` or ``thousands``, ``principal`` or the name of a variant.
    band
        Whether the result carries, beside this single run at central values, what most runs say: median and
        8 in 10 runs of the default ensemble, `dudley_sd.ensembles.band`, for every indicator and for its
        difference from do nothing with the same draws; with ``outputs``, of the indicators among them.

    Returns
    -------
    xr.Dataset
        Dims (scenario, year, ...subscripts), see `dudley_sd.results.assemble.assemble`; units on every
        variable. With several footprints dims (footprint, scenario, year, ...subscripts), see
        `dudley_sd.results.together.together`. For a total of areas see
        `dudley_sd.results.totals.total_of_parts`. A band adds variables ``<key>_band`` and
        ``<key>_from_do_nothing_band`` with a dimension ``statistic``, see `dudley_sd.results.band`.

    Raises
    ------
    InputError
        All faults of scenarios, portfolio, contract, levers and input files at once; nothing is run.
    BrokenInvariantError
        If a result, or one of the runs of a band, cannot be true.

    Examples
    --------
    >>> import dudley_sd as dsd
    >>> results = dsd.run(["official_future"], portfolio="none")  # doctest: +SKIP
    >>> float(results["gp_gap"].sel(scenario="official_future", year=2033))  # doctest: +SKIP
    """
    check_engine(engine)
    if band and engine == "pysd":
        raise InputError([NO_BAND_BY_PYSD])
    if footprints is not None and footprint != DEFAULT_FOOTPRINT:
        problem = f"is given beside footprint={footprint!r}"
        raise InputError([Fault("footprints", "", problem, "Give one of the two")])
    names = [footprint] if footprints is None else list(footprints)
    choice = projection_choice(projection, base, unit, variant)
    areas, (plans,) = find_all(names, choice, scenarios, [(portfolio, contract)], levers)
    for plan in plans.values():
        refuse_disagreement(plan)
    by_area = run_areas(areas, plans, outputs, workers, report, engine)
    if band:
        from dudley_sd.ensembles.band import default_bands  # takes as long to import as a run takes

        nothing = do_nothing_plans(areas, plans)
        bands = default_bands(areas.asked, plans, nothing, engine).run
        by_area = {name: with_band(results, bands[name], outputs) for name, results in by_area.items()}
    return next(iter(by_area.values())) if footprints is None else together(by_area)


def do_nothing_plans(areas: Areas, plans: Mapping[str, Plan]) -> dict[str, Plan] | None:
    """Plan the same scenarios with nothing decided; None where that is what is planned already."""
    plan = next(iter(plans.values()))
    levers = world_settings(plan.levers)
    as_it_is = (plan.portfolio_name, plan.contract_name) == (NO_PORTFOLIO, AS_NOW)
    if as_it_is and levers == plan.levers:
        return None
    return make_plans(areas, list(plan.scenarios), NO_PORTFOLIO, levers)


def run_areas(
    areas: Areas,
    plans: Mapping[str, Plan],
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    report: Report | None = None,
    engine: str = "auto",
) -> dict[str, xr.Dataset]:
    """Run the plans of areas and add up totals: results by footprint, in the order asked for."""
    wanted = [] if outputs is None else output_keys(next(iter(plans.values())).model, outputs)
    runs = {name: run_plan(plan, None, workers, report, engine) for name, plan in plans.items()}
    found: dict[str, xr.Dataset] = {}
    for name, area in areas.asked.items():
        if isinstance(area, Footprint):
            found[name] = runs[name]
            continue
        command = command_line(plans[area.parts[0]], name)
        found[name] = total_of_parts(area, [runs[part] for part in area.parts], command)
        check_invariants(found[name])
    if outputs is None:
        return found
    return {name: _chosen(results, wanted) for name, results in found.items()}


def _chosen(results: xr.Dataset, wanted: Sequence[str]) -> xr.Dataset:
    """Variables that were asked for; one that cannot be told of a total is refused."""
    missing = [name for name in wanted if name not in results]
    if missing:
        place = results.attrs["footprint_name"]
        problem = f"{', '.join(missing)} cannot be told of a sum of areas"
        remedy = "Ask for what it is made of, or for the parts"
        raise InputError([Fault("outputs", place, problem, remedy)])
    return results[list(wanted)]


def refuse_disagreement(plan: Plan) -> None:
    """Refuse to run a model file that says otherwise than the table of parameters.

    Raises
    ------
    InputError
        Elements, values or units of the model file that are not those of the tables, with the remedy to run
        ``dudley-sd prepare``; constants without exactly one row, rows without a constant; a portfolio or
        contract that cites a source that is not listed.
    """
    inputs = inputs_folder()
    path, sources = inputs / "parameters.csv", inputs / "sources.csv"
    decided = (("portfolios", plan.portfolio_name), ("contracts", plan.contract_name))
    tables = [path, sources, inputs / "elements.csv", inputs / "interventions.csv"]
    files = [*tables, plan.model.path, *(inputs / kind / f"{name}.toml" for kind, name in decided)]
    code = code_digest(PACKAGE / "checks", PACKAGE / "inputs", COMPILER)
    key = key_of(code, *map(file_digest, files))
    if find(AGREED, key) is not None:
        return
    from dudley_sd.checks.citations import decision_faults
    from dudley_sd.checks.constants import constant_faults, label_faults
    from dudley_sd.inputs.parameters import read_parameters

    faults = label_faults(plan.model, inputs)
    faults = faults or constant_faults(path, read_parameters(path, sources), plan.model)
    faults += [fault for kind, name in decided for fault in decision_faults(inputs, kind, name)]
    if faults:
        raise InputError(faults)
    remember(AGREED, key, lambda folder: (folder / AGREED).touch())


AGREED = "agreed"
"""Kind of entry in the cache: parameters, sources, model and decisions of this content agree."""


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


def command_line(plan: Plan, footprint: str | None = None) -> str:
    """Return the command that makes the same result, or that of the total its area is a part of."""
    words = ["dudley-sd", "run", *plan.scenarios, "--portfolio", plan.portfolio_name]
    words += ["--contract", plan.contract_name, "--footprint", footprint or plan.footprint.id]
    if plan.projection != PUBLISHED:
        words += choice_words(plan.projection)
    for name, value in plan.levers.items():
        words += ["--lever", f"{name}={value!r}"]
    return shlex.join(words)


def compare(
    scenarios: Sequence[str] | None = None,
    *,
    portfolios: Sequence[str] | None = None,
    contracts: Sequence[str] | None = None,
    footprints: Sequence[str] | None = None,
    levers: Mapping[str, float] | None = None,
    engine: str = "auto",
    report: Report | None = None,
    projection: str = PUBLISHED,
    base: int | None = None,
    unit: str | None = None,
    variant: str | None = None,
    band: bool = False,
) -> Comparison:
    """Run every portfolio under every contract in every scenario for every footprint, side by side.

    Parameters
    ----------
    scenarios, portfolios, contracts, footprints
        Keys; when not given all futures, all portfolios, the contract as now, Dudley. The parts of a total
        of areas stand before it.
    levers, engine, report, projection, base, unit, variant
        As for `run`. Levers that are decisions are not set where the portfolio is none and the contract as
        now: that is do nothing, here as everywhere.
    band
        Whether its numbers are medians with 8 in 10 runs of the default ensemble, the same draws everywhere,
        and not single runs at central values.

    Raises
    ------
    InputError, BrokenInvariantError
        As for `run`; nothing is run if anything is asked for that is not there.
    """
    inputs = inputs_folder()
    check_engine(engine)
    choice = projection_choice(projection, base, unit, variant)
    if band and engine == "pysd":
        raise InputError([NO_BAND_BY_PYSD])
    given = {"portfolios": portfolios, "contracts": contracts}
    repeated = repeated_faults({key: list(names) for key, names in given.items() if names is not None})
    wanted = list(portfolios) if portfolios else [NO_PORTFOLIO, *_others(portfolio_names(inputs))]
    terms = list(contracts) if contracts else [AS_NOW]
    options = [
        (portfolio, contract) for portfolio in dict.fromkeys(wanted) for contract in dict.fromkeys(terms)
    ]
    names = list(footprints) if footprints else [DEFAULT_FOOTPRINT]
    try:
        areas, plans = find_all(names, choice, scenarios, options, levers)
    except InputError as error:
        raise InputError([*repeated, *error.faults]) from None
    if repeated:
        raise InputError(repeated)
    areas = with_parts(areas)
    plans = _do_nothing_as_everywhere(areas, plans, options)
    refuse_disagreement(next(iter(plans[0].values())))
    runs = [run_areas(areas, each, report=report, engine=engine) for each in plans]
    from dudley_sd.results.comparison import compare as compare_runs

    drawn = None
    if band:
        from dudley_sd.ensembles.band import default_members

        drawn = [default_members(areas.asked, each, engine) for each in plans]
    return compare_runs(runs, compare_line(plans, list(areas.asked), levers or {}), drawn)


def _do_nothing_as_everywhere(
    areas: Areas, plans: list[dict[str, Plan]], options: Sequence[tuple[str, str]]
) -> list[dict[str, Plan]]:
    """Take levers that are decisions out of the option in which nothing is decided.

    Raises
    ------
    InputError
        If there is no other option, so that such levers would move nothing.
    """
    plan = next(iter(plans[0].values()))
    levers, nothing = world_settings(plan.levers), (NO_PORTFOLIO, AS_NOW)
    if levers == plan.levers or nothing not in options:
        return plans
    if set(options) == {nothing}:
        remedy = "Compare a portfolio or contract too, or leave the lever out"
        decisions = [name for name in plan.levers if name not in levers]
        raise InputError(
            [Fault("levers", name, "is a decision, and do nothing has none", remedy) for name in decisions]
        )
    without = make_plans(areas, list(plan.scenarios), NO_PORTFOLIO, levers)
    return [without if option == nothing else each for option, each in zip(options, plans, strict=True)]


def _others(names: Sequence[str]) -> list[str]:
    return [name for name in names if name != NO_PORTFOLIO]


def compare_line(
    plans: Sequence[Mapping[str, Plan]], footprints: Sequence[str], levers: Mapping[str, float]
) -> str:
    """Return the command that makes the same comparison."""
    firsts = [next(iter(each.values())) for each in plans]
    words = ["dudley-sd", "compare", *firsts[0].scenarios]
    for option, names in (
        ("--portfolio", dict.fromkeys(plan.portfolio_name for plan in firsts)),
        ("--contract", dict.fromkeys(plan.contract_name for plan in firsts)),
        ("--footprint", dict.fromkeys(footprints)),
    ):
        words += [word for name in names for word in (option, name)]
    if firsts[0].projection != PUBLISHED:
        words += choice_words(firsts[0].projection)
    words += [word for name, value in levers.items() for word in ("--lever", f"{name}={value!r}")]
    return shlex.join(words)

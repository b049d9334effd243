"""Run the model from Python."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.read.model import read_model
from sdcompile.run.model_run import check_engine
from sdcompile.run.outputs import output_keys

from dudley_sd import simulation
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice
from dudley_sd.request import FOOTPRINT, PORTFOLIO, Request, compare_command
from dudley_sd.results.assemble import together
from dudley_sd.results.band import with_band
from dudley_sd.runs.areas import areas_of, find_all, make_runs, repeated_faults, with_parts
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.former_names import renewed, renewed_portfolio
from dudley_sd.settings.futures import scenario_names
from dudley_sd.settings.portfolios import NO_PORTFOLIO, portfolio_names
from dudley_sd.simulation import Report

if TYPE_CHECKING:
    from dudley_sd.results.comparison import Comparison

NO_BAND = "PySD takes seconds for a run, and a band is 200 runs"
NO_BAND_BY_PYSD = Fault("band", "", NO_BAND, "Leave it out, or choose engine c")


def run(
    scenarios: Request | str | Sequence[str] | None = None,
    *,
    portfolio: str = PORTFOLIO,
    contract: str = AS_NOW,
    footprint: str = FOOTPRINT,
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
    """Run people, care, staff and money from mid-2014 to mid-2033; futures part in mid-2018.

    Parameters
    ----------
    scenarios
        A `dudley_sd.Request`, which says all but how it is run; or keys of futures:
        ``official_future``, ``state_supreme``, ``community_resilience``, ``corporate_rules``; or
        ``reference``, the projection alone. All four futures when not given.
    portfolio
        Key of a portfolio: ``as_evidenced``, or ``none`` (do nothing).
    contract
        Key of a contract: ``dudley_mcp``, ``uniting_care`` and others, or ``as_now`` (do nothing).
    footprint
        Key of the area, or of a total of areas such as ``black_country``; or the code or name of any CCG.
    footprints
        Keys of several; then the result has the dimension ``footprint``, the first of all.
    levers
        Constants of the model to set on top of scenario, portfolio and contract, by name or element:
        ``{"coverage[MDT]": 0.8}``. What the first edition named otherwise is taken under its name of today,
        and a `UserWarning` says so; of portfolios too.
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
        8 in 10 runs of the default ensemble, see `dudley_sd.ensembles.default_ensemble`, for every indicator
        and for its difference from do nothing with the same draws; with ``outputs``, of those among them.

    Returns
    -------
    xr.Dataset
        Dims (scenario, year, ...subscripts), see `dudley_sd.results.assemble.assemble`; units on every
        variable. With several footprints dims (footprint, scenario, year, ...subscripts), see
        `dudley_sd.results.assemble.together`. For a total of areas see
        `dudley_sd.results.assemble.total_of_parts`. A band adds variables ``<key>_band`` and
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
    refuse_band_by_pysd(engine, band)
    if footprints is not None and footprint != FOOTPRINT:
        problem = f"is given beside footprint={footprint!r}"
        raise InputError([Fault("footprints", "", problem, "Give one of the two")])
    several = footprints is not None
    choice = projection_choice(projection, base, unit, variant)
    request = Request(
        portfolio=portfolio,
        contract=contract,
        footprints=footprint if footprints is None else footprints,
        projection=choice,
        settings=levers or {},
    )
    if not isinstance(scenarios, Request):
        futures = scenario_names(inputs_folder()) if scenarios is None else several_keys(scenarios)
        request = replace(request, scenarios=tuple(futures))
    elif request == Request():
        request, several = scenarios, len(scenarios.footprints) > 1
    else:
        problem = "is given beside a request, which says it already"
        raise InputError([Fault("portfolio, contract and the like", "", problem, "Change the request")])
    request = _of_today(request)
    areas = areas_of([request])
    wanted = None if outputs is None else output_keys(read_model(models_folder() / MODEL_FILE), outputs)
    found = simulation.run(request, None, engine, workers, report, areas)
    if wanted is not None:
        found = simulation.chosen(found, wanted)
    found = {name: _copied(results) for name, results in found.items()}
    if band:
        made = simulation.bands(request, engine, areas).run
        found = {name: with_band(results, made[name], outputs) for name, results in found.items()}
    return together(found) if several else next(iter(found.values()))


def _of_today(request: Request) -> Request:
    """Return the same under the names of today; a warning says what the first edition named otherwise."""
    portfolio, notes = renewed_portfolio(request.portfolio, PORTFOLIO)
    settings, more = renewed(request.values)
    for note in (*notes, *more):
        warnings.warn(note, stacklevel=3)
    return (
        replace(request, portfolio=portfolio, settings=tuple(settings.items())) if notes or more else request
    )


def several_keys(keys: str | Iterable[str]) -> tuple[str, ...]:
    """Return keys as several; a plain text is one."""
    return (keys,) if isinstance(keys, str) else tuple(keys)


def _copied(results: xr.Dataset) -> xr.Dataset:
    """Return results that a caller may change: those that are kept belong to all."""
    arrays = {
        name: xr.Variable(each.dims, each.to_numpy().copy(), each.attrs, fastpath=True)
        for name, each in results.variables.items()
        if name not in results.coords
    }
    return xr.Dataset(arrays, coords=results.coords, attrs=results.attrs)


def refuse_band_by_pysd(engine: str, band: bool | None) -> None:
    """Refuse an engine that there is not, and a band of PySD, which takes seconds for a run."""
    check_engine(engine)
    if band and engine == "pysd":
        raise InputError([NO_BAND_BY_PYSD])


def compare(
    scenarios: str | Sequence[str] | None = None,
    *,
    portfolios: str | Sequence[str] | None = None,
    contracts: str | Sequence[str] | None = None,
    footprints: str | Sequence[str] | None = None,
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
    refuse_band_by_pysd(engine, band)
    inputs = inputs_folder()
    choice = projection_choice(projection, base, unit, variant)
    portfolios, contracts = (None if each is None else several_keys(each) for each in (portfolios, contracts))
    given = {"portfolios": portfolios, "contracts": contracts}
    repeated = repeated_faults({key: list(names) for key, names in given.items() if names is not None})
    wanted = list(portfolios) if portfolios else sorted(portfolio_names(inputs), key=NO_PORTFOLIO.__ne__)
    futures = scenario_names(inputs) if scenarios is None else scenarios
    names = footprints or FOOTPRINT
    requests = [
        Request(futures, portfolio, contract, names, choice, levers or {})
        for portfolio in dict.fromkeys(wanted)
        for contract in dict.fromkeys(contracts or [AS_NOW])
    ]
    requests = list(dict.fromkeys([_of_today(each) for each in requests]))
    try:
        areas, _ = find_all(requests)
    except InputError as error:
        raise InputError([*repeated, *error.faults]) from None
    if repeated:
        raise InputError(repeated)
    areas = with_parts(areas)
    requests = [replace(each, projection=areas.projection) for each in requests]
    command = compare_command(requests, list(areas.footprints))
    requests = _do_nothing_as_everywhere(requests)
    runs = [dict(simulation.run(each, None, engine, report=report, areas=areas)) for each in requests]
    from dudley_sd.results.comparison import compare as compare_runs

    drawn = None
    if band:
        from dudley_sd.ensembles.default_ensemble import default_members

        drawn = [default_members(areas.footprints, make_runs(areas, each), engine) for each in requests]
    return compare_runs(runs, command, drawn)


def _do_nothing_as_everywhere(requests: Sequence[Request]) -> list[Request]:
    """Take settings that are decisions out of the request in which nothing is decided.

    Raises
    ------
    InputError
        If there is no other request, so that such settings would move nothing.
    """
    first = requests[0]
    if len(requests) == 1 and decides_nothing(first) and first.do_nothing() != first:
        remedy = "Compare a portfolio or contract too, or leave the lever out"
        decisions = [name for name in first.values if name not in first.do_nothing().values]
        raise InputError(
            [Fault("levers", name, "is a decision, and do nothing has none", remedy) for name in decisions]
        )
    return [each.do_nothing() if decides_nothing(each) else each for each in requests]


def decides_nothing(request: Request) -> bool:
    """Whether a request has no portfolio and the contract as now, whatever it sets."""
    return (request.portfolio, request.contract) == (NO_PORTFOLIO, AS_NOW)

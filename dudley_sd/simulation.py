"""Results of requests, kept in memory while nothing changes that they depend on: one run, one cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import lru_cache
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING, Any

import xarray as xr
from sdcompile.cache import find, key_of, remember
from sdcompile.digests import PACKAGE as COMPILER
from sdcompile.digests import code_digest, file_digest
from sdcompile.errors import Fault, InputError
from sdcompile.run.model_run import EngineRun, make_ready, run_once, run_ready
from sdcompile.run.outputs import output_keys

from dudley_sd.folders import PACKAGE, inputs_folder
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.request import Request
from dudley_sd.results.assemble import assemble, total_of_parts
from dudley_sd.results.invariants import check_invariants, gate
from dudley_sd.runs.areas import Areas, find_areas, make_runs
from dudley_sd.runs.run import Run

if TYPE_CHECKING:
    from dudley_sd.ensembles.default_ensemble import Bands

Report = Callable[[str], None]
Results = Mapping[str, xr.Dataset]
"""Datasets by footprint, or by whatever else parts them."""

BYTES = 256 * 2**20
"""Bytes of results that are kept: 640 plans with the members of their default ensemble are 181 MB of it."""

AGREED = "agreed"
"""Kind of entry in the cache on disk: parameters, sources, model and decisions of this content agree."""


class Cache:
    """Results by key, those asked for last; threads share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Any:
        """Return what is kept under a key, which is forgotten last then, or None."""
        with self._lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: Hashable, results: Any, size: int) -> Any:
        """Keep results of so many bytes; those that nobody has asked for longest give way."""
        with self._lock:
            self._size += size - self._found.pop(key, (None, 0))[1]
            self._found[key] = (results, size)
            while self._size > self._most and len(self._found) > 1:
                self._size -= self._found.popitem(last=False)[1][1]
        return results


RESULTS = Cache(BYTES)


def run(
    request: Request,
    outputs: Sequence[str] | None = None,
    engine: str = "auto",
    workers: int = 1,
    report: Report | None = None,
    areas: Areas | None = None,
) -> Results:
    """Run a request in each of its areas; a total of areas is added up.

    Parameters
    ----------
    request
        What to run.
    outputs
        Keys of the variables to return, without those that cannot be told of a total; all when not given.
    engine
        One of `sdcompile.run.model_run.ENGINES`.
    workers, report
        Scenarios that PySD runs side by side; called with the key of each scenario when its run is done.
    areas
        Areas of the request, where they have been prepared before.

    Returns
    -------
    Mapping
        By footprint, in the order asked for, dims (scenario, year, ...subscripts), as
        `dudley_sd.results.assemble.assemble` and `dudley_sd.results.assemble.total_of_parts` describe them.
        They are shared with whoever asks for the same: not to be changed.

    Raises
    ------
    InputError
        Faults of the request; nothing is run.
    BrokenInvariantError
        If a result cannot be true.
    """
    areas = areas or find_areas(request.footprints, request.projection)
    wanted = None if outputs is None else tuple(outputs)
    key = (request, wanted, engine, areas.key)
    found: Results | None = RESULTS.find(key)
    if found is not None:
        return found
    runs = make_runs(areas, request)
    agreed = ("agreed", request.portfolio, request.contract, areas.key)
    if not RESULTS.find(agreed):
        for each in runs.values():
            refuse_disagreement(each)
        RESULTS.keep(agreed, True, 0)
    needed = None if wanted is None else _needed(wanted)
    parts = {name: _run(each, needed, engine, workers, report) for name, each in runs.items()}
    results: dict[str, xr.Dataset] = {}
    for name, area in areas.footprints.items():
        if isinstance(area, Footprint):
            results[name] = parts[name]
        else:
            whole = replace(runs[area.parts[0]].request, footprints=(name,))
            results[name] = total_of_parts(area, [parts[part] for part in area.parts], whole.command())
            check_invariants(results[name])
    found = results
    if wanted is not None:
        found = {name: each[[key for key in wanted if key in each]] for name, each in results.items()}
    RESULTS.keep(key, found, sum(each.nbytes for each in found.values()))
    return found


@lru_cache(maxsize=16)
def _needed(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """Return outputs, what a total works their ratios out from, and what invariants look at."""
    from dudley_sd.indicators import ingredients

    return tuple(dict.fromkeys([*outputs, *ingredients(outputs), *gate()]))


def chosen(results: Results, outputs: Sequence[str]) -> Results:
    """Return the outputs that are asked for; one that cannot be told of a total is refused."""
    for each in results.values():
        missing = [name for name in outputs if name not in each]
        if missing:
            problem = f"{', '.join(missing)} cannot be told of a sum of areas"
            remedy = "Ask for what it is made of, or for the parts"
            raise InputError([Fault("outputs", each.attrs["footprint_name"], problem, remedy)])
    return {name: each[list(outputs)] for name, each in results.items()}


def _run(
    run: Run, outputs: Sequence[str] | None, engine: str, workers: int, report: Report | None
) -> xr.Dataset:
    """Run every scenario in one area and check the result."""
    done: dict[str, EngineRun] = {}
    for name, found in _engine_runs(run, outputs, engine, workers):
        done[name] = found
        if report:
            report(name)
    results = assemble(run, {name: done[name] for name in run.scenarios}, run.request.command())
    check_invariants(results)
    return results


def _engine_runs(
    run: Run, outputs: Sequence[str] | None, engine: str, workers: int
) -> Iterator[tuple[str, EngineRun]]:
    """Make the run of each scenario, as they are done; only PySD needs more than one process."""
    path = run.folder.path
    if engine != "pysd":
        ready = make_ready(path, engine=engine)
        wanted = None if outputs is None else output_keys(run.model, outputs)
        for name, settings in run.settings.items():
            yield name, run_ready(ready, settings, wanted)
    elif workers <= 1 or len(run.settings) == 1:
        for name, settings in run.settings.items():
            yield name, run_once(path, settings, engine=engine)
    else:
        with ProcessPoolExecutor(min(workers, len(run.settings)), mp_context=get_context("spawn")) as pool:
            made = {
                pool.submit(run_once, path, settings, engine=engine): name
                for name, settings in run.settings.items()
            }
            for each in as_completed(made):
                yield made[each], each.result()


def bands(request: Request, engine: str = "auto", areas: Areas | None = None, compared: bool = True) -> Bands:
    """Return median and 8 in 10 runs of a request's default ensemble, by footprint.

    With those of its difference from do nothing and of do nothing itself, unless ``compared`` is False.
    """
    from dudley_sd.ensembles.default_ensemble import default_bands  # takes as long to import as a run takes

    areas = areas or find_areas(request.footprints, request.projection)
    found = found_bands(request, areas, engine, compared)
    if found is None:
        nothing = request.do_nothing()
        others = None if nothing == request or not compared else make_runs(areas, nothing)
        found = default_bands(areas.footprints, make_runs(areas, request), others, engine)
        size = sum(each.nbytes for by in (found.run, found.do_nothing) for each in by.values())
        RESULTS.keep(("bands", request, engine, areas.key, compared), found, size)
    return found


def found_bands(request: Request, areas: Areas, engine: str = "auto", compared: bool = True) -> Bands | None:
    """Return the bands of a request that are kept, or None."""
    found: Bands | None = RESULTS.find(("bands", request, engine, areas.key, compared))
    return found


def refuse_disagreement(run: Run) -> None:
    """Refuse to run a model file that says otherwise than the table of parameters.

    Raises
    ------
    InputError
        Constants without exactly one row, rows without a constant, values or units that differ; a portfolio
        or contract that cites a source that is not listed.
    """
    inputs = inputs_folder()
    path, sources = inputs / "parameters.csv", inputs / "sources.csv"
    decided = (("portfolios", run.request.portfolio), ("contracts", run.request.contract))
    tables = [path, sources, inputs / "elements.csv", inputs / "interventions.csv"]
    files = [*tables, run.model.path, *(inputs / kind / f"{name}.toml" for kind, name in decided)]
    code = code_digest(PACKAGE / "checks", PACKAGE / "inputs", COMPILER)
    key = key_of(code, *map(file_digest, files))
    if find(AGREED, key) is not None:
        return
    from dudley_sd.checks.citations import decision_faults
    from dudley_sd.checks.constants import constant_faults, label_faults
    from dudley_sd.inputs.parameters import read_parameters

    faults = label_faults(run.model, inputs)
    faults = faults or constant_faults(path, read_parameters(path, sources), run.model)
    faults += [fault for kind, name in decided for fault in decision_faults(inputs, kind, name)]
    if faults:
        raise InputError(faults)
    remember(AGREED, key, lambda folder: (folder / AGREED).touch())

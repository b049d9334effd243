"""Runs of the members of a job: in memory, or block by block on threads or a Dask cluster."""

from __future__ import annotations

import pickle
import queue
import socket
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.arrays import Floats
from sdcompile.errors import Fault, InputError

from dudley_sd.ensembles.description import versions
from dudley_sd.ensembles.job import Area, Block, Job, compiled, dims, dims_of
from dudley_sd.ensembles.optional_packages import extra
from dudley_sd.ensembles.references import Integers
from dudley_sd.ensembles.settings_of_members import draws, run_on_references, settings_with
from dudley_sd.ensembles.store import mark_done, read_manifest, write_block
from dudley_sd.ensembles.supply import member_settings
from dudley_sd.results.assemble import add_up
from dudley_sd.results.invariants import check_invariants


def run_block(job: Job, block: int) -> Block:
    """Run the members of a block in every area and scenario, on this thread.

    Raises
    ------
    InputError
        Naming the variable, year and run where a number is not finite.
    BrokenInvariantError
        If a result cannot be true.
    """
    drawn = draws(job, block)
    areas = []
    for area in job.areas:
        members = np.arange(job.span(block).start, job.span(block).stop)
        areas.append([_outputs(job, area, each, 1, members) for each in member_settings(job, area, block, 1)])
    here = {
        place: _labelled(job, block, {key: np.stack([run[key] for run in runs]) for key in job.run})
        for place, runs in enumerate(areas)
    }
    wholes = [_whole(job, here, places) for places in job.footprints.values()]
    found = {}
    for key in job.outputs:
        arrays = [each.variables[key].to_numpy() for each in wholes]
        found[key] = np.stack(arrays) if job.several else arrays[0]
    return Block(drawn, found)


def run_members(job: Job) -> dict[str, xr.Dataset]:
    """Run the central values and then every member of a small job in memory, on all threads.

    Returns
    -------
    dict
        By footprint that is asked for, dims (scenario, member, year, ...subscripts); the first member has the
        central values, those after it the draws of the job's members.

    Raises
    ------
    InputError, BrokenInvariantError
        As for `run_block`.
    """
    members = np.arange(-1, job.members)
    here = {}
    for place, area in enumerate(job.areas):
        model = compiled(job, area)
        blocks = [member_settings(job, area, block) for block in range(job.blocks)]
        settings = np.concatenate([area.base[:, None], *blocks], axis=1)
        runs = [_outputs(job, area, each, None, members) for each in settings]
        here[place] = _labelled(job, None, {key: np.stack([run[key] for run in runs]) for key in job.run})
    coords: dict[str, object] = {"scenario": list(job.scenarios), "year": model.times.astype(int)}
    for subscripts, labels in dims(job, model).values():
        coords |= dict(zip(subscripts, map(list, labels), strict=True))
    return {name: _whole(job, here, places).assign_coords(coords) for name, places in job.footprints.items()}


def run_settings(job: Job, drawn: Floats) -> dict[str, Floats]:
    """Run the first scenario of the first footprint with given values of the numbers drawn, on all threads.

    Reference and supply of staff are the central ones in all runs.

    Returns
    -------
    dict
        Outputs by key, [member, year, ...].
    """
    places = next(iter(job.footprints.values()))
    here = {}
    for place in places:
        area = job.areas[place]
        found = _outputs(job, area, settings_with(area, area.base[0], drawn, job.drawn), None)
        here[place] = _labelled(job, None, {key: values[None] for key, values in found.items()})
    whole = _whole(job, here, places)
    return {key: whole.variables[key].to_numpy()[0] for key in job.outputs}


def _outputs(
    job: Job, area: Area, settings: Floats, threads: int | None, members: Integers | None = None
) -> dict[str, Floats]:
    """Run settings, refuse what cannot be true, and return what is kept, by key: [member, year, ...].

    ``members`` are the numbers of members, each with its reference; if None all have the central one.
    """
    model = compiled(job, area)
    if members is None:
        members, raw = np.arange(len(settings)), model.run_array(settings, threads=threads)
    else:
        raw = run_on_references(job, area, settings, members, threads)
    by_name = {series.name: series for series in model.outputs}
    found = {}
    for key, name in job.computed.items():
        series = by_name[name]
        part = raw[:, series.place : series.place + series.size]
        found[key] = np.moveaxis(part.reshape(len(raw), *series.shape, len(settings)), -1, 0)
    coords = {"year": model.times, "member": members}
    arrays = {
        key: (("member", "year", *subscripts), found[key])
        for key, (subscripts, _) in dims_of(job.computed, model).items()
    }
    check_invariants(xr.Dataset(arrays, coords=coords))
    return {key: np.ascontiguousarray(found[key]) for key in job.run}


def _labelled(job: Job, block: int | None, found: Mapping[str, Floats]) -> xr.Dataset:
    """Label what one area's runs gave: [scenario, member, year, ...]; without a block, of other settings."""
    model = compiled(job, job.areas[0])
    coords: dict[str, object] = {"year": model.times}
    if block is not None:
        span = job.span(block)
        coords |= {"scenario": list(job.scenarios), "member": np.arange(span.start, span.stop)}
    arrays = {
        key: (("scenario", "member", "year", *subscripts), found[key])
        for key, (subscripts, _) in dims_of(job.run, model).items()
    }
    return xr.Dataset(arrays, coords=coords)


def _whole(job: Job, here: Mapping[int, xr.Dataset], places: tuple[int, ...]) -> xr.Dataset:
    """One footprint's outputs: those of its area, or of its areas together."""
    if len(places) == 1:
        return here[places[0]]
    total = add_up([here[place] for place in places], job.ways, job.outputs)
    check_invariants(total)
    return total


Report = Callable[[int], None]
"""Called with the number of members of each block that is done."""

AHEAD = 2
"""Blocks that are handed out to each worker at a time."""


def run_local(
    job: Job, store: Path, blocks: Iterable[int], workers: int, report: Report | None = None
) -> None:
    """Run blocks on threads and write them; the engine lets threads run at the same time.

    Stopped by an error or Ctrl-C, it first lets the blocks at work come to their end, so that none is lost.
    """

    def work(block: int) -> int:
        write_block(store, job, block, run_block(job, block))
        return block

    def finish() -> None:
        """Wait for a block and record it; a block leaves those pending only once its mark is there."""
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for each in done:
            block = each.result()
            mark_done(store, block)
            pending.remove(each)
            if report:
                span = job.span(block)
                report(span.stop - span.start)

    pending: set[Future[int]] = set()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for block in blocks:
                if len(pending) >= AHEAD * workers:
                    finish()
                pending.add(pool.submit(work, block))
            while pending:
                finish()
        except BaseException:
            _let_finish(store, pending)
            raise


def _let_finish(store: Path, pending: Iterable[Future[int]]) -> None:
    """Wait for the blocks at work and record those that came to their end."""
    running = [each for each in pending if not each.cancel()]
    wait(running)
    for each in running:
        if each.exception() is None:
            mark_done(store, each.result())


RETRIES = 3
WAIT = 5
"""Seconds to wait for a scheduler, and for it to have a worker."""

ALONE = 60
"""Seconds that a cluster may be without any worker: time for one that died to be started again."""

LOOK = 1
"""Seconds between looks at the cluster while nothing comes back."""


def connect(address: str) -> Any:
    """Return a client of the cluster at an address.

    Raises
    ------
    InputError
        If nobody answers there, or there is no worker.
    """
    distributed = extra("distributed")
    remedy = "Start a scheduler and workers there (dask scheduler, dask worker), or leave out --dask"
    try:
        client = distributed.Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        problem = f"no Dask scheduler answers ({error or type(error).__name__})"
        raise InputError([Fault("--dask", address, problem, remedy)]) from None
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        client.close()
        raise InputError([Fault("--dask", address, "the scheduler has no worker", remedy)]) from None
    return client


def run_on_cluster(
    client: Any, job: Job, store: Path, blocks: Iterable[int], report: Report | None = None
) -> None:
    """Run blocks on the workers of a cluster.

    Each block is a task of its own that carries all it needs, so that a lost worker's tasks run elsewhere. A
    worker that sees the store writes its blocks into it; results of others come back and are written here.
    """
    distributed = extra("distributed")
    packed, here = zlib.compress(pickle.dumps(job), 1), versions()
    mark = read_manifest(store)["made"]
    place = str(store.resolve())
    waiting: Iterator[int] = iter(blocks)
    ended: queue.Queue[Any] = queue.Queue()
    tasks: set[Any] = set()

    def submit(block: int) -> None:
        task = client.submit(_work, here, packed, place, mark, block, pure=False, retries=RETRIES)
        tasks.add(task)
        task.add_done_callback(ended.put)

    try:
        for block in _first(waiting, AHEAD * max(1, sum(client.nthreads().values()))):
            submit(block)
        while tasks:
            task = _next_task(client, ended)
            block, found = task.result()
            tasks.discard(task)
            if found is not None:
                write_block(store, job, block, found)
            mark_done(store, block)
            if report:
                span = job.span(block)
                report(span.stop - span.start)
            for following in _first(waiting, 1):
                submit(following)
    except (distributed.KilledWorker, CancelledError, TimeoutError) as error:
        raise ConnectionError(f"the cluster lost its work ({error or type(error).__name__})") from error
    finally:
        tasks.clear()


def _next_task(client: Any, ended: queue.Queue[Any]) -> Any:
    """Return the next task that came to its end.

    Raises
    ------
    ConnectionError
        If there has been no worker for `ALONE` seconds, or the scheduler does not answer.
    """
    alone_since = None
    while True:
        try:
            return ended.get(timeout=LOOK)
        except queue.Empty:
            pass
        if client.nthreads():
            alone_since = None
            continue
        alone_since = alone_since or time.monotonic()
        if time.monotonic() - alone_since > ALONE:
            raise ConnectionError(f"the cluster has had no worker for {ALONE} s: start workers there")


def _work(
    expected: Mapping[str, str], packed: bytes, store: str, mark: str, block: int
) -> tuple[int, Block | None]:
    """Run one block on a worker and write it, if the store is there to be seen.

    Raises
    ------
    InputError
        If the worker has other versions than asked: its numbers would not be those of the other blocks.
    """
    _refuse_other_versions(expected)
    job = _unpacked(packed)
    found = run_block(job, block)
    path = Path(store)
    if not _is_there(path, mark):
        return block, found
    write_block(path, job, block, found)
    return block, None


def _refuse_other_versions(expected: Mapping[str, str]) -> None:
    here, where = versions(), f"worker on {socket.gethostname()}"
    remedy = "Install the same versions on every worker"
    faults = [
        Fault(where, name, f"has {here.get(name)}, the ensemble is made with {wanted}", remedy)
        for name, wanted in expected.items()
        if here.get(name) != wanted
    ]
    if faults:
        raise InputError(faults)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Job:
    job: Job = pickle.loads(zlib.decompress(packed))
    return job


def _is_there(store: Path, mark: str) -> bool:
    try:
        return bool(read_manifest(store)["made"] == mark)
    except InputError:
        return False


def _first(blocks: Iterator[int], count: int) -> list[int]:
    return [block for _, block in zip(range(count), blocks, strict=False)]

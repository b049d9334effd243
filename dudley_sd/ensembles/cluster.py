"""Running the blocks of an ensemble on an existing Dask cluster."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from functools import lru_cache
from pathlib import Path
from typing import Any

from dudley_sd.ensembles.extras import extra
from dudley_sd.ensembles.job import Block, Job, run_block
from dudley_sd.ensembles.local import AHEAD, Report
from dudley_sd.ensembles.store import mark_done, read_manifest, write_block
from dudley_sd.errors import Fault, InputError

RETRIES = 3
WAIT = 5
"""Seconds to wait for a scheduler, and for it to have a worker."""


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
    packed = zlib.compress(pickle.dumps(job), 1)
    mark = read_manifest(store)["made"]
    place = str(store.resolve())
    waiting: Iterator[int] = iter(blocks)

    def submit(block: int) -> Any:
        return client.submit(_work, packed, place, mark, block, pure=False, retries=RETRIES)

    window = AHEAD * max(1, sum(client.nthreads().values()))
    with client.as_current():
        tasks = distributed.as_completed([submit(block) for block in _first(waiting, window)])
    try:
        for task in tasks:
            block, found = task.result()
            task.release()
            if found is not None:
                write_block(store, job, block, found)
            mark_done(store, block)
            if report:
                span = job.span(block)
                report(span.stop - span.start)
            for following in _first(waiting, 1):
                tasks.add(submit(following))
    except (distributed.KilledWorker, CancelledError, TimeoutError) as error:
        raise ConnectionError(f"the cluster lost its work ({error or type(error).__name__})") from error
    finally:
        tasks.clear()


def _work(packed: bytes, store: str, mark: str, block: int) -> tuple[int, Block | None]:
    """Run one block on a worker and write it, if the store is there to be seen."""
    job = _unpacked(packed)
    found = run_block(job, block)
    path = Path(store)
    if not _is_there(path, mark):
        return block, found
    write_block(path, job, block, found)
    return block, None


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

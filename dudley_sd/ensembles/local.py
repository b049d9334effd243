"""Running the blocks of an ensemble on this machine, several side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from dudley_sd.ensembles.job import Job
from dudley_sd.ensembles.members import run_block
from dudley_sd.ensembles.store import mark_done, write_block

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

"""Ensemble of a request: planned, run block by block into a store, stopped and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError, collect
from sdcompile.run.c_engine import usable_processors

from dudley_sd.ensembles.description import describe, differences
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.members import Report, connect, run_local, run_on_cluster
from dudley_sd.ensembles.optional_packages import extra
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.store import (
    create_store,
    read_ensemble,
    read_manifest,
    refuse_existing,
    remove_leftovers,
    store_lock,
)
from dudley_sd.ensembles.store_blocks import blocks_done, clear_blocks, resume_command
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice
from dudley_sd.results.invariants import BrokenInvariantError

Start = Callable[[int, int], None]
"""Called once with the members that are to be run and those that are there already."""


class UnfinishedError(RuntimeError):
    """An ensemble that stopped on its way; what is in its store is whole and can be gone on with."""


class StoppedError(KeyboardInterrupt):
    """An ensemble that was stopped by Ctrl-C, once its store was made."""


def ensemble(
    scenarios: Sequence[str] | str = "all",
    *,
    members: int = 1000,
    seed: int = 0,
    portfolio: str = "as_evidenced",
    contract: str = "as_now",
    footprints: Sequence[str] = ("dudley",),
    projection: str = PUBLISHED,
    base: int | None = None,
    unit: str | None = None,
    variant: str | None = None,
    levers: Mapping[str, float] | None = None,
    outputs: Sequence[str] | None = None,
    sampler: str = "lhs",
    distribution: str = "triangular",
    also: Sequence[str] = (),
    out: Path | str | None = None,
    resume: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    engine: str = "auto",
    start: Start | None = None,
    report: Report | None = None,
) -> xr.Dataset:
    """Run every scenario once for each member, a draw of the numbers with a range.

    Parameters
    ----------
    scenarios, portfolio, contract, projection, base, unit, variant, levers
        As for `dudley_sd.run`; ``"all"`` stands for all futures. What they set, every member has.
    members
        Draws. Member 17 has the same draw in every scenario and area, whatever the outputs.
    seed
        Whole number from 0 up; the same seed gives the same numbers to the last bit, whatever the workers.
    footprints
        Keys of areas, or of sums of areas, which are added up member by member. In one that is sized like
        another, sizes are drawn for that one and scaled.
    outputs
        Variables to store, by name or key; the yearly numbers of `dudley_sd.ensembles.plan.key_outputs`
        if not given, of a sum of areas those that
        its parts tell.
    sampler
        ``lhs``: Latin hypercubes of up to 1,024 members; ``sobol``: a scrambled Sobol sequence.
    distribution
        ``triangular``: from low to high with the central value as the median; ``uniform``.
    also
        Constants to draw beside the 26 that carry the results and the evidence: ``["GDP growth"]``, which
        scenarios set; any other number with a range; ``["everything"]`` for all but what scenarios set.
    out
        Zarr store to write; ``results/<name>.zarr`` if not given.
    resume
        Go on with the store of the same ensemble that was stopped.
    workers
        Threads; as many as there are processors if not given.
    dask
        Address of a Dask scheduler to run on instead.
    engine
        ``auto``, ``c`` or ``numpy``.
    start, report
        Called with the members to be run and there already; and with those of each block that is done.

    Returns
    -------
    xr.Dataset
        Dims ((footprint,) scenario, member, year, ...subscripts), read from the store as it is used, with
        ``draws`` (member, parameter); the manifest names what was drawn and what was left out and why.

    Raises
    ------
    InputError
        All faults of the request at once; nothing is run and no store touched.
    UnfinishedError
        If the disk is full, the cluster gone or a number cannot be true; ``resume`` goes on from there.
        Ctrl-C raises a `StoppedError`, a KeyboardInterrupt that says so.

    Examples
    --------
    >>> import dudley_sd as dsd
    >>> many = dsd.ensemble(members=10_000, seed=0)  # doctest: +SKIP
    >>> many["gp_gap"].sel(year=2033).quantile([0.1, 0.5, 0.9], "member")  # doctest: +SKIP
    """
    request = EnsembleRequest(
        scenarios=_names(scenarios),
        portfolio=portfolio,
        contract=contract,
        footprints=tuple(footprints),
        projection=projection_choice(projection, base, unit, variant),
        settings=levers or {},
        outputs=outputs,
        members=members,
        seed=seed,
        sampler=sampler,
        distribution=distribution,
        also=tuple(also),
        engine=engine,
    )
    path = run_ensemble(request, out, resume, workers, dask, start, report)
    return read_ensemble(path)


def run_ensemble(
    request: EnsembleRequest,
    out: Path | str | None = None,
    resume: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    start: Start | None = None,
    report: Report | None = None,
) -> Path:
    """Run a request and return the path of its store; see `ensemble`."""
    faults: list[Fault] = []
    plan = collect(faults, plan_ensemble, request)
    store = None if plan is None and out is None else Path(out or f"results/{plan.name if plan else ''}.zarr")
    if workers is not None and workers < 1:
        faults.append(Fault("workers", str(workers), "is no number of workers", "Give 1 or more"))
    if store is not None:
        faults += _store_faults(store, resume, request if plan is None else None)
    for package in ("zarr",) if dask is None else ("zarr", "distributed"):
        collect(faults, extra, package)
    client = collect(faults, connect, dask) if dask is not None else None
    try:
        if faults or plan is None or store is None:
            raise InputError(list(dict.fromkeys(faults)))
        _run(plan, store, resume, workers, dask, client, start, report)
    finally:
        if client is not None:
            client.close()
    return store


def _run(
    plan: EnsemblePlan,
    store: Path,
    resume: bool,
    workers: int | None,
    dask: str | None,
    client: object,
    start: Start | None,
    report: Report | None,
) -> None:
    job = make_job(plan)
    content = describe(plan, job)
    again = resume_command(content["command"], store, workers, dask)
    with store_lock(store):
        remove_leftovers(store)
        if resume:
            faults = differences(read_manifest(store), content, str(store))
            if faults:
                raise InputError(faults)
            blocks = _blocks_to_run(store)
        else:
            create_store(store, plan, job, content)
            blocks = list(range(job.blocks))
        to_run = sum(job.span(block).stop - job.span(block).start for block in blocks)
        if start:
            start(to_run, job.members - to_run)
        try:
            if client is None:
                run_local(job, store, blocks, workers or usable_processors(), report)
            else:
                run_on_cluster(client, job, store, blocks, report)
        except (OSError, InputError, BrokenInvariantError) as error:
            why = f"The ensemble stopped: {_why(error)}."
            raise UnfinishedError(_stopped(why, store, job.members, again)) from error
        except KeyboardInterrupt:
            raise StoppedError(_stopped("Stopped.", store, job.members, again)) from None


def _blocks_to_run(store: Path) -> list[int]:
    """Blocks that are not all there; of a store that seems finished, those that do not unpack to numbers."""
    done = blocks_done(store)
    if done.all():
        done = blocks_done(store, thorough=True)
    blocks = [int(block) for block in np.flatnonzero(~done)]
    clear_blocks(store, blocks)
    return blocks


def _why(error: Exception) -> str:
    """Say in a word what stopped an ensemble on its way."""
    if isinstance(error, InputError):  # its own head says that nothing was run, which is not so here
        return " ".join(map(str, error.faults)).rstrip(".")
    return str(getattr(error, "strerror", None) or error)


def _stopped(why: str, store: Path, members: int, again: str) -> str:
    """Say why an ensemble stopped, what is kept and how to go on."""
    try:
        done = f"{blocks_done(store).mean():.0%} of {members:,} members"
    except (OSError, ValueError):
        done = f"some of {members:,} members"
    return f"{why} {store} keeps {done}, all of them whole. Go on from there with: {again}"


def _store_faults(store: Path, resume: bool, broken: EnsembleRequest | None) -> list[Fault]:
    """Say what is wrong with the place of the store; for a broken request also where the seed differs."""
    try:
        if not resume:
            refuse_existing(store)
            return []
        content = read_manifest(store)
    except InputError as error:
        return list(error.faults)
    if broken is None:
        return []
    remedy = "Ask for what the store holds, or start a new store"
    return [
        Fault(
            str(store), key, f"the store has {content.get(key)}, asked for is {getattr(broken, key)}", remedy
        )
        for key in ("seed", "members")
        if content.get(key) != getattr(broken, key)
    ]


def _names(scenarios: Sequence[str] | str) -> tuple[str, ...] | None:
    if scenarios == "all":
        return None
    return (scenarios,) if isinstance(scenarios, str) else tuple(scenarios)

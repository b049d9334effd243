"""Zarr store of an ensemble: laid out, locked, written block by block, read; whole whatever happens.

The store (Zarr format 2) is one that xarray opens. Each block of members is one chunk of every variable, and
a chunk is written under another name and then moved into place. ``done`` says which blocks were all there; it
is written last, when the disk has the rest, and `dudley_sd.ensembles.store_blocks` looks for itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from filelock import BaseFileLock, FileLock, Timeout
from sdcompile.errors import Fault, InputError

from dudley_sd.ensembles.job import Block, Job, compiled, dims
from dudley_sd.ensembles.optional_packages import extra
from dudley_sd.ensembles.plan import EnsemblePlan
from dudley_sd.ensembles.store_blocks import DONE, blocks_done, resume_command, sync_block
from dudley_sd.inputs.ages import AGE_BANDS

DRAWS = "draws"
LEFTOVERS = "*.partial"
"""Names of chunks that were being written when a process died."""

ROOM = 1.05
"""Free space to ask for, as a multiple of the numbers that will be written."""


def create_store(path: Path, plan: EnsemblePlan, job: Job, content: Mapping[str, Any]) -> None:
    """Lay out an empty store: in place whole or not at all.

    Parameters
    ----------
    path
        Folder to make.
    plan, job
        What will be in it.
    content
        The manifest, from `dudley_sd.ensembles.description.describe`.

    Raises
    ------
    InputError
        If there is something already, it cannot be written there or there is not room for the whole.
    """
    refuse_existing(path)
    zarr = extra("zarr")
    scratch = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_too_little_room(path, job)
        group = zarr.open_group(str(scratch), mode="w-", zarr_format=2)
        coordinates = _coordinates(group, plan, job)
        _variables(group, plan, job)
        group.attrs.update(_attributes(plan, content) | {"coordinates": " ".join(coordinates)})
        zarr.consolidate_metadata(str(scratch), zarr_format=2)
        scratch.rename(path)
    except OSError as error:
        remedy = "Name a place that you may write to and that has room"
        problem = f"the store cannot be made ({error.strerror or error})"
        raise InputError([Fault(str(path), "", problem, remedy)]) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def refuse_existing(path: Path) -> None:
    """Refuse to write over anything."""
    if path.exists():
        remedy = "Go on with it (--resume), name another place (--out), or remove it yourself"
        raise InputError([Fault(str(path), "", "is there already", remedy)])


def write_block(path: Path, job: Job, number: int, block: Block) -> None:
    """Write one block, draws first, then every output, down to the disk. Written twice, it is the same."""
    group = extra("zarr").open_group(str(path), mode="r+", zarr_format=2, use_consolidated=False)
    span = job.span(number)
    group[DRAWS][span] = block.draws
    lead = (slice(None),) * (2 if job.several else 1)
    for key, values in block.outputs.items():
        group[key][(*lead, span)] = values
    sync_block(path, number)


def mark_done(path: Path, number: int) -> None:
    """Record that a block is all there."""
    group = extra("zarr").open_group(str(path), mode="r+", zarr_format=2, use_consolidated=False)
    group[DONE][number] = 1


@contextmanager
def store_lock(store: Path) -> Iterator[None]:
    """Hold a store for this process alone; the system lets go of it when the process ends, however it ends.

    A file beside the lock says which process of which host holds it.

    Raises
    ------
    InputError
        If another process holds the store, or it cannot be held.
    """
    path, holder = (store.with_name(f".{store.name}.{ending}") for ending in ("lock", "holder"))
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
    except Timeout:
        whose = holder.read_text(encoding="utf-8") if holder.is_file() else "another process"
        problem = f"{whose} is at work on it"
        raise InputError([Fault(str(store), "", problem, "Wait for it, or stop it")]) from None
    except OSError as error:
        _let_go(lock, path, holder)
        problem = f"the store cannot be held for this process alone ({error.strerror or error})"
        remedy = "Name a place that you may write to and that has room"
        raise InputError([Fault(str(store), "", problem, remedy)]) from None
    try:
        yield
    finally:
        _let_go(lock, path, holder)


def _let_go(lock: BaseFileLock, *files: Path) -> None:
    """Remove the files of a lock while it is held, as who waits for it makes new ones, and release it."""
    if lock.is_locked:
        with suppress(OSError):  # Windows removes no open file: it stays, empty
            for path in reversed(files):
                path.unlink(missing_ok=True)
    lock.release()


def remove_leftovers(path: Path) -> None:
    """Remove stores and chunks that killed processes never moved into place; the caller holds the lock."""
    laid_out = re.compile(rf"\.{re.escape(path.name)}-[0-9a-f]{{32}}")
    for aside in path.parent.iterdir():
        if laid_out.fullmatch(aside.name):
            shutil.rmtree(aside, ignore_errors=True)
    for partial in path.rglob(LEFTOVERS):
        partial.unlink(missing_ok=True)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of a store.

    Raises
    ------
    InputError
        If there is no store or it is not one of an ensemble.
    """
    remedy = "Give the folder that dudley-sd ensemble wrote"
    if not path.is_dir():
        problem = "is a file, and a store is a folder" if path.exists() else "there is no such store"
        raise InputError([Fault(str(path), "", problem, remedy)])
    try:
        attributes = json.loads((path / ".zattrs").read_text(encoding="utf-8"))
        content: dict[str, Any] = json.loads(attributes["manifest"])
        whole = (path / DONE / ".zarray").is_file() and isinstance(content, dict) and "members" in content
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError([Fault(str(path), "", "is not the store of an ensemble", remedy)])
    return content


def read_ensemble(path: Path | str, thorough: bool = False) -> xr.Dataset:
    """Open the store of a finished ensemble; numbers are read when they are used.

    Parameters
    ----------
    path
        The store.
    thorough
        Unpack every chunk first: what cannot be read is told before anything is made of the rest.

    Returns
    -------
    xr.Dataset
        Dims ((footprint,) scenario, member, year, ...subscripts); ``draws`` has (member, parameter).

    Raises
    ------
    InputError
        If there is no store, it is not one of an ensemble, or members are missing, be it that they were never
        run or that a file is lost or broken.
    """
    path = Path(path)
    content = read_manifest(path)
    extra("zarr")
    remedy = "Give the folder that dudley-sd ensemble wrote, as it wrote it"
    try:
        done = blocks_done(path, thorough)
        if not done.all():
            there = min(int(done.sum()) * int(content["members_in_block"]), int(content["members"]))
            problem = f"about {there:,} of {content['members']:,} members are there and can be read"
            remedy = f"Finish it: {resume_command(content['command'], path)}"
            raise InputError([Fault(str(path), "", problem, remedy)])
        opened: xr.Dataset = xr.open_zarr(path, chunks=None, consolidated=True, zarr_format=2)
    except (OSError, KeyError, json.JSONDecodeError, RuntimeError) as error:
        problem = f"cannot be opened ({error or type(error).__name__})"
        raise InputError([Fault(str(path), "", problem, remedy)]) from None
    opened.encoding["source"] = str(path)
    return opened.drop_vars(DONE)


def _refuse_too_little_room(path: Path, job: Job) -> None:
    model = compiled(job, job.areas[0])
    stored = [series for series in model.outputs if series.name in job.outputs.values()]
    numbers = sum(series.size for series in stored) * len(model.times)
    numbers = numbers * len(job.scenarios) * len(job.footprints) + len(job.drawn.ranges)
    needed, free = ROOM * 8 * numbers * job.members, shutil.disk_usage(path.parent).free
    if needed > free:
        problem = f"needs up to {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free"
        remedy = "Make room, name another place, or ask for fewer members or outputs"
        raise InputError([Fault(str(path), "", problem, remedy)])


def _attributes(plan: EnsemblePlan, content: Mapping[str, Any]) -> dict[str, str]:
    first = plan.first
    titles = ", ".join(scenario.title for scenario in first.scenarios.values())
    areas = ", ".join(plan.area_names)
    indicative = {name: f"Indicative: {why}" for name, why in plan.indicative.items()}
    several = json.dumps(indicative, ensure_ascii=False) if len(plan.footprints) > 1 else ""
    return {
        "title": f"{areas}: {first.title} in {titles}, {plan.request.members:,} members",
        "footprint": ", ".join(plan.footprints),
        "footprint_name": areas,
        "portfolio": first.request.portfolio,
        "portfolio_title": first.portfolio.title,
        "contract": first.request.contract,
        "contract_title": first.contract.title,
        "Conventions": "CF-1.10",
        "caution": "A model, not a forecast",
        **({"indicative": several or next(iter(indicative.values()))} if indicative else {}),
        "manifest": json.dumps(dict(content), indent=1, ensure_ascii=False),
    }


def _coordinates(group: Any, plan: EnsemblePlan, job: Job) -> list[str]:
    """Write the labels; returns the names of those that are no dimension."""
    model, drawn = compiled(job, job.areas[0]), job.drawn.ranges
    years = model.times.astype(int)
    beyond = np.isin(years, [year for area in plan.areas.values() for year in area.folder.area.extrapolated])
    titles = [scenario.title for scenario in plan.first.scenarios.values()]
    _labels(group, "scenario", ("scenario",), list(job.scenarios))
    _labels(group, "member", ("member",), np.arange(job.members))
    _labels(group, "year", ("year",), years, {"units": "Year", "long_name": "mid-year"})
    _labels(group, "parameter", ("parameter",), [each.name for each in drawn])
    if job.several:
        _labels(group, "footprint", ("footprint",), list(job.footprints))
    others: dict[str, tuple[str, Any]] = {
        "scenario_title": ("scenario", titles),
        "extrapolated": ("year", beyond),
        "parameter_id": ("parameter", [each.id for each in drawn]),
        "parameter_unit": ("parameter", [each.unit for each in drawn]),
        **{
            f"parameter_{key}": ("parameter", [getattr(each, key) for each in drawn])
            for key in ("low", "central", "high")
        },
    }
    if job.several:
        others["footprint_name"] = ("footprint", plan.area_names)
    for subscripts, labels in dims(job, model).values():
        for subscript, elements in zip(subscripts, labels, strict=True):
            if subscript not in group:
                _labels(group, subscript, (subscript,), list(elements))
                if subscript == "age":
                    others["age_band"] = ("age", list(AGE_BANDS))
    for name, (dim, values) in others.items():
        _labels(group, name, (dim,), values)
    return list(others)


def _labels(
    group: Any, name: str, dims: Sequence[str], values: Any, attributes: Mapping[str, str] | None = None
) -> None:
    values = np.asarray(values)
    array = group.create_array(
        name, shape=values.shape, dtype=values.dtype, chunks=values.shape, fill_value=None
    )
    array.attrs.update({"_ARRAY_DIMENSIONS": list(dims), **(attributes or {})})
    array[...] = values


def _variables(group: Any, plan: EnsemblePlan, job: Job) -> None:
    model = compiled(job, job.areas[0])
    described = plan.first.model.variables.values()
    by_key = {variable.key: variable for variable in described}
    blosc = extra("numcodecs").Blosc(cname="lz4", clevel=1, shuffle=1)
    area = ("footprint",) if job.several else ()
    lengths = {"footprint": len(job.footprints), "scenario": len(job.scenarios), "year": len(model.times)}
    for key, (subscripts, labels) in dims(job, model).items():
        names = (*area, "scenario", "member", "year", *subscripts)
        sizes = lengths | {dim: len(each) for dim, each in zip(subscripts, labels, strict=True)}
        shape = tuple(job.members if name == "member" else sizes[name] for name in names)
        chunks = tuple(min(job.size, job.members) if name == "member" else sizes[name] for name in names)
        array = group.create_array(
            key, shape=shape, chunks=chunks, dtype="<f8", fill_value=np.nan, compressors=blosc
        )
        variable = by_key[key]
        array.attrs.update(
            {
                "_ARRAY_DIMENSIONS": list(names),
                "units": variable.units,
                "long_name": variable.sentence,
                "model_name": variable.name,
            }
        )
    shape = (job.members, len(job.drawn.ranges))
    chunks = (min(job.size, job.members), max(1, len(job.drawn.ranges)))
    array = group.create_array(
        DRAWS, shape=shape, chunks=chunks, dtype="<f8", fill_value=np.nan, compressors=blosc
    )
    array.attrs.update(
        {
            "_ARRAY_DIMENSIONS": ["member", "parameter"],
            "long_name": "Value of each number drawn, the same in every scenario and area.",
        }
    )
    array = group.create_array(
        DONE, shape=(job.blocks,), chunks=(1,), dtype="u1", fill_value=0, compressors=None
    )
    array.attrs.update(
        {"_ARRAY_DIMENSIONS": ["block"], "long_name": "1 where a block of members is all there."}
    )

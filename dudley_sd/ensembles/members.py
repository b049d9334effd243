"""Runs of the members of a job: a block on one thread, all in memory, or given values of the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr
from sdcompile.arrays import Floats
from sdcompile.run.compiled import Compiled

from dudley_sd.ensembles.job import Job, compiled, dims, dims_of
from dudley_sd.ensembles.sampling import BLOCK, chances, values
from dudley_sd.ensembles.totals import add_up
from dudley_sd.results.invariants import check_invariants


@dataclass(frozen=True)
class Block:
    """Results of a block: draws [member, number] and outputs by key, [(area,) scenario, member, year ...]."""

    draws: Floats
    outputs: dict[str, Floats]


def draws(job: Job, block: int) -> Floats:
    """Return what chance gives to the members of a block, [member, number drawn]."""
    span = job.span(block)
    whole = span.start // BLOCK
    drawing = _chances if job.size < BLOCK else chances  # what is drawn for one block alone is not kept
    chance = drawing(job.seed, whole, job.members, job.candidates, job.sampler)
    part = chance[span.start - whole * BLOCK : span.stop - whole * BLOCK]
    return values(part[:, list(job.columns)], job.ranges, job.distribution)


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
        model = compiled(job, area)
        values_here = drawn * area.factors
        first = job.span(block).start
        areas.append(
            [_outputs(job, model, _settings(job, base, values_here), 1, first) for base in area.base]
        )
    here = {
        place: _labelled(job, block, {key: np.stack([run[key] for run in runs]) for key in job.run})
        for place, runs in enumerate(areas)
    }
    wholes = [_whole(job, here, places) for places in job.asked.values()]
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
    drawn = np.concatenate([draws(job, block) for block in range(job.blocks)])
    here = {}
    for place, area in enumerate(job.areas):
        model = compiled(job, area)
        runs = [
            _outputs(job, model, np.vstack([base, _settings(job, base, drawn * area.factors)]), None)
            for base in area.base
        ]
        here[place] = _labelled(job, None, {key: np.stack([run[key] for run in runs]) for key in job.run})
    coords: dict[str, object] = {"scenario": list(job.scenarios), "year": model.times.astype(int)}
    for subscripts, labels in dims(job, model).values():
        coords |= dict(zip(subscripts, map(list, labels), strict=True))
    return {name: _whole(job, here, places).assign_coords(coords) for name, places in job.asked.items()}


def run_settings(job: Job, drawn: Floats) -> dict[str, Floats]:
    """Run the first scenario of the first footprint with given values of the numbers drawn, on all threads.

    Returns
    -------
    dict
        Outputs by key, [member, year, ...].
    """
    places = next(iter(job.asked.values()))
    here = {}
    for place in places:
        area = job.areas[place]
        found = _outputs(job, compiled(job, area), _settings(job, area.base[0], drawn * area.factors), None)
        here[place] = _labelled(job, None, {key: values[None] for key, values in found.items()})
    whole = _whole(job, here, places)
    return {key: whole.variables[key].to_numpy()[0] for key in job.outputs}


@lru_cache(maxsize=4)
def _chances(seed: int, whole: int, members: int, columns: int, sampler: str) -> Floats:
    """Keep what chance gives to members that are drawn together: several blocks take their part of it."""
    return chances(seed, whole, members, columns, sampler)


def _settings(job: Job, base: Floats, drawn: Floats) -> Floats:
    settings = np.repeat(base[None, :], len(drawn), axis=0)
    settings[:, list(job.places)] = drawn
    return settings


def _outputs(
    job: Job, model: Compiled, settings: Floats, threads: int | None, first: int = 0
) -> dict[str, Floats]:
    """Run settings, refuse what cannot be true, and return what is kept, by key: [member, year, ...]."""
    raw = model.run_array(settings, threads=threads)
    by_name = {series.name: series for series in model.outputs}
    found = {}
    for key, name in job.computed.items():
        series = by_name[name]
        part = raw[:, series.place : series.place + series.size]
        found[key] = np.moveaxis(part.reshape(len(raw), *series.shape, len(settings)), -1, 0)
    coords = {"year": model.times, "member": np.arange(first, first + len(settings))}
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

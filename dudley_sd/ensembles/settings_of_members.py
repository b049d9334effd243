"""Settings of the members of a job: what chance draws, and their runs on the references that they take."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.run.c_engine import usable_processors

from dudley_sd.ensembles.job import Area, Job, Numbers, compiled, compiled_on
from dudley_sd.ensembles.references import Integers, reference_of
from dudley_sd.ensembles.sampling import BLOCK, chances, values


def draws(job: Job, block: int, numbers: Numbers | None = None) -> Floats:
    """Return what chance gives to the members of a block, [member, number]; of the numbers drawn if None."""
    numbers = numbers or job.drawn
    span = job.span(block)
    whole = span.start // BLOCK
    drawing = _chances if job.size < BLOCK else chances  # what is drawn for one block alone is not kept
    chance = drawing(job.seed, whole, job.members, job.candidates, job.sampler)
    part = chance[span.start - whole * BLOCK : span.stop - whole * BLOCK]
    return values(part[:, list(numbers.columns)], numbers.ranges, job.distribution)


@lru_cache(maxsize=4)
def _chances(seed: int, whole: int, members: int, columns: int, sampler: str) -> Floats:
    """Keep what chance gives to members that are drawn together: several blocks take their part of it."""
    return chances(seed, whole, members, columns, sampler)


def settings_with(area: Area, base: Floats, drawn: Floats, numbers: Numbers) -> Floats:
    """Return the values of levers of an area with numbers drawn, [member, element]."""
    settings = np.repeat(base[None, :], len(drawn), axis=0)
    places = list(numbers.places)
    settings[:, places] = drawn * area.factors[places]
    return settings


def run_on_references(
    job: Job, area: Area, settings: Floats, members: Integers, threads: int | None = None
) -> Floats:
    """Run each member on its reference, as many together as have the same: [time, series, run]."""
    model, taken = compiled(job, area), reference_of(members, job.references)
    raw = np.empty((len(model.times), sum(series.size for series in model.outputs), len(settings)))

    def run(reference: int) -> None:
        here = np.flatnonzero(taken == reference)
        on = compiled_on(job, area, reference)
        raw[:, :, here] = on.run_array(settings[here], threads=1, numbered=members[here].tolist())

    with ThreadPoolExecutor(threads or usable_processors()) as pool:
        list(pool.map(run, np.unique(taken).tolist()))
    return raw

"""Supply of staff of each member, solved so that doing nothing leaves as many posts empty as centrally.

A future says how many posts stand empty in its last year if nothing is done; its file has the supply of staff
that gives it at central values. Without solving it again, what is drawn would scatter it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.cache import key_of, remember
from sdcompile.plan.plan import GENERATOR

from dudley_sd.ensembles.job import VACANCY, Area, Job, compiled
from dudley_sd.ensembles.references import Integers
from dudley_sd.ensembles.settings_of_members import draws, run_on_references, settings_with

LEAST, MOST = 0.05, 6.0
"""Supply is looked for between these, as a share of that of 2014."""

CLOSE = 2e-4
"""Vacancy, as a share of posts, that is near enough to what is wanted."""

ROUNDS = 6
"""Runs of each member at most."""

SLOPE = -0.15
"""What a first step supposes that vacancy changes by with the logarithm of supply."""

SHELF, FILE = "supplies", "supplies.npy"


def member_settings(job: Job, area: Area, block: int, threads: int | None = None) -> Floats:
    """Return the values of levers of the members of a block, [scenario, member, element]."""
    drawn = draws(job, block)
    found = np.stack([settings_with(area, base, drawn, job.drawn) for base in area.base])
    if job.supply is not None:
        found[:, :, job.supply] = solved_supplies(job, area, block, threads)
    return found


def solved_supplies(job: Job, area: Area, block: int, threads: int | None = None) -> Floats:
    """Return the supply of each member of a block, [scenario, member], from the cache if it is there.

    What the user sets, and what portfolio and contract decide, does not move it: nothing of it is in the runs
    that it is solved with.
    """
    span = job.span(block)
    members = np.arange(span.start, span.stop)
    drawn = draws(job, block, job.undecided)

    def solve(folder: Path) -> None:
        found = [_solved(job, area, base, drawn, members, threads) for base in area.nothing]
        np.save(folder / FILE, np.array(found))

    how = (GENERATOR, CLOSE, ROUNDS, SLOPE, area.key, job.levers, job.undecided.places)
    references = [each for reference in area.references for each in reference.values()]
    numbers = (area.nothing, area.factors, drawn, members, *references)
    key = key_of("supply", repr(how), *(np.ascontiguousarray(each).tobytes() for each in numbers))
    return np.asarray(np.load(remember(SHELF, key, solve) / FILE))


def _solved(
    job: Job, area: Area, base: Floats, drawn: Floats, members: Integers, threads: int | None
) -> Floats:
    """Solve the supply of members in one scenario by secants; a supply out of reach is the nearest end."""
    model = compiled(job, area)
    (place,) = (each.place for each in model.outputs if each.key == VACANCY)
    wanted = model.run_array(base[None])[-1, place, 0]
    settings = settings_with(area, base, drawn, job.undecided)

    def miss(supply: Floats) -> Floats:
        settings[:, job.supply] = np.exp(supply)
        raw = run_on_references(job, area, settings, members, threads)
        return np.asarray(raw[-1, place] - wanted)

    before = np.full(len(members), np.log(base[job.supply]))
    missed = miss(before)
    best, least = before.copy(), np.abs(missed)
    now = np.clip(before - missed / SLOPE, np.log(LEAST), np.log(MOST))
    for _ in range(ROUNDS - 1):
        found = miss(now)
        nearer = np.abs(found) < least
        best, least = np.where(nearer, now, best), np.where(nearer, np.abs(found), least)
        if least.max() < CLOSE:
            break
        moved = np.where(now == before, 1.0, now - before)
        slope = np.where(now == before, SLOPE, np.minimum((found - missed) / moved, SLOPE / 10))
        before, missed = now, found
        now = np.clip(now - found / slope, np.log(LEAST), np.log(MOST))
    return np.asarray(np.exp(best))

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

CLOSE = 1e-3
"""Vacancy, as a share of posts, that is near enough to what is wanted."""

ROUNDS = 6
"""Runs of each member at most."""

STEP = 0.1
"""Change of the logarithm of supply in the central run that tells how vacancy answers."""

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

    how = (GENERATOR, CLOSE, ROUNDS, STEP, area.key, job.levers, job.undecided.places)
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
    central = np.repeat(base[None], 2, axis=0)
    central[1, job.supply] *= np.exp(STEP)
    wanted, beside = model.run_array(central)[-1, place]
    answer = min((beside - wanted) / STEP, -CLOSE)
    settings = settings_with(area, base, drawn, job.undecided)

    def miss(here: Integers, supply: Floats) -> Floats:
        settings[here, job.supply] = supply
        raw = run_on_references(job, area, settings[here], members[here], threads)
        return np.asarray(raw[-1, place] - wanted)

    ends = np.log(LEAST), np.log(MOST)
    before = np.full(len(members), np.log(base[job.supply]))
    missed = miss(np.arange(len(members)), np.full(len(members), base[job.supply]))
    best, least = np.full(len(members), base[job.supply]), np.abs(missed)
    now = np.clip(before - missed / answer, *ends)
    for _ in range(ROUNDS - 1):
        left = np.flatnonzero(least >= CLOSE)
        if not len(left):
            break
        found, moved = miss(left, np.exp(now[left])), now[left] - before[left]
        nearer = np.abs(found) < least[left]
        best[left] = np.where(nearer, np.exp(now[left]), best[left])
        least[left] = np.minimum(np.abs(found), least[left])
        slope = np.minimum((found - missed[left]) / np.where(moved == 0, 1.0, moved), answer / 10)
        before[left], missed[left] = now[left], found
        now[left] = np.clip(now[left] - found / np.where(moved == 0, answer, slope), *ends)
    return best

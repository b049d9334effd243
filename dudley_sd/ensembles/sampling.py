"""Draws of the members: Latin hypercubes and Sobol sequences, from chances to values."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.cache import key_of, remember
from sdcompile.errors import Fault

from dudley_sd.ensembles.ranges import Range

BLOCK = 1024
"""Members that are drawn together: each block is a Latin hypercube of its own, so that any block can be drawn
without those before it, on any machine, and memory does not grow with the number of members."""

REMEMBERED = 200
"""Members of a block that are kept in the cache: the default ensemble, as SciPy is slow to start."""

LEAST_CHANCE = 1e-4
"""No draw of a normal number lies further out than this chance."""

SHELF, FILE = "draws", "chances.npy"

SAMPLERS = ("lhs", "sobol")
DISTRIBUTIONS = ("triangular", "uniform")


def chances(seed: int, block: int, members: int, columns: int, sampler: str) -> Floats:
    """Numbers between 0 and 1 for the members of one block.

    Parameters
    ----------
    seed
        Of the ensemble; 0 is as good as any.
    block
        Which block of `BLOCK` members.
    members
        Of the whole ensemble; the last block is as long as what is left.
    columns
        Numbers for each member.
    sampler
        ``lhs``: each block a Latin hypercube from its own stream. ``sobol``: the block's part of one
        scrambled Sobol sequence.

    Returns
    -------
    numpy.ndarray
        [member of the block, column]. Depends on nothing else: not on scenario, area, outputs or worker.
    """
    first = block * BLOCK
    count = min(BLOCK, members - first)
    if sampler == "sobol":
        from scipy.stats import qmc

        sequence = qmc.Sobol(columns, scramble=True, rng=np.random.default_rng(np.random.SeedSequence(seed)))
        if first:
            sequence.fast_forward(first)
        return np.asarray(sequence.random(count))
    if count > REMEMBERED:
        return _hypercube(seed, block, count, columns)
    versions = (version(name) for name in ("numpy", "scipy"))
    key = key_of("lhs", *versions, *map(str, (seed, block, count, columns)))
    folder = remember(SHELF, key, lambda to: np.save(to / FILE, _hypercube(seed, block, count, columns)))
    return np.asarray(np.load(folder / FILE))


def _hypercube(seed: int, block: int, count: int, columns: int) -> Floats:
    from scipy.stats import qmc

    stream = np.random.SeedSequence(seed, spawn_key=(block,))
    return np.asarray(qmc.LatinHypercube(columns, rng=np.random.default_rng(stream)).random(count))


def values(chance: Floats, ranges: Sequence[Range], distribution: str) -> Floats:
    """Turn chances into values of the numbers drawn.

    Parameters
    ----------
    chance
        [member, number], between 0 and 1.
    ranges
        Range of each number.
    distribution
        ``triangular``: half of the chance below the central value and half above it, each half rising in a
        line towards it: the central value is the median, however far one end lies. ``uniform``: from low to
        high, whatever the central value and the shape.

    Returns
    -------
    numpy.ndarray
        [member, number], rising with the chance.
    """
    low, central, high = ends(ranges)
    if distribution == "uniform":
        return np.asarray(low + chance * (high - low))
    reciprocal = np.array([each.shape == "reciprocal" for each in ranges], dtype=bool)
    normal = np.array([each.shape == "normal" for each in ranges], dtype=bool)
    of = np.where(reciprocal, 1 - chance, chance)
    low, central, high = (
        np.where(reciprocal, 1 / np.where(reciprocal, end, 1.0), end) for end in (low, central, high)
    )
    low, high = np.where(reciprocal, high, low), np.where(reciprocal, low, high)
    rising = low + (central - low) * np.sqrt(2 * np.minimum(of, 0.5))
    falling = high - (high - central) * np.sqrt(2 * np.minimum(1 - of, 0.5))
    found = np.where(of <= 0.5, rising, falling)
    found = np.where(reciprocal, 1 / np.where(reciprocal, found, 1.0), found)
    if normal.any():
        from scipy.special import ndtri

        found[:, normal] = ndtri(np.clip(chance[:, normal], LEAST_CHANCE, 1 - LEAST_CHANCE))
    return found


def ends(ranges: Sequence[Range]) -> tuple[Floats, Floats, Floats]:
    """Low, central and high of each range."""
    return (
        np.array([each.low for each in ranges], dtype=float),
        np.array([each.central for each in ranges], dtype=float),
        np.array([each.high for each in ranges], dtype=float),
    )


def sampling_faults(members: int, seed: int, sampler: str, distribution: str) -> list[Fault]:
    """Say what is wrong with a request for draws; Python may hand over anything for a number."""
    faults = []
    if not _is_count(members) or members < 1:
        faults.append(
            Fault("members", repr(members), "is no number of runs", "Give a whole number from 1 up")
        )
    if not _is_count(seed) or seed < 0:
        faults.append(Fault("seed", repr(seed), "is no seed", "Give a whole number from 0 up"))
    for what, given, known in (("sampler", sampler, SAMPLERS), ("distribution", distribution, DISTRIBUTIONS)):
        if given not in known:
            faults.append(Fault(what, repr(given), "there is no such one", f"Choose {' or '.join(known)}"))
    if not faults and sampler == "sobol" and members & (members - 1):
        below = 1 << (int(members).bit_length() - 1)
        remedy = f"Ask for {below:,} or {2 * below:,}, or use the sampler lhs"
        faults.append(
            Fault("members", f"{members:,}", "Sobol's sequence is balanced only at powers of two", remedy)
        )
    return faults


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)

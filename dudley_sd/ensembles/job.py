"""All that a worker needs to run any block of an ensemble: numbers and text, no path and no input file."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import xarray as xr
from sdcompile.arrays import Floats
from sdcompile.cache import remember
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, levers
from sdcompile.run.compile import compile
from sdcompile.run.compiled import Compiled
from sdcompile.run.outputs import Value, dimension_name, model_path

from dudley_sd.ensembles.plan import EnsemblePlan
from dudley_sd.ensembles.ranges import Range
from dudley_sd.ensembles.sampling import BLOCK, chances, values
from dudley_sd.ensembles.totals import add_up, ingredients, way_of
from dudley_sd.results.invariants import GATE, check_invariants
from dudley_sd.runs.model_folder import SHELF
from dudley_sd.runs.plan import Plan
from dudley_sd.scenarios.sizes import size_factors

BLOCK_BYTES = 64 * 2**20
"""Results of a block of members take no more memory than this, however many outputs are asked for."""

LARGEST = 512
"""Members of the longest block: a stop loses no more than this on each thread; longer ones are no faster."""

BLOCKS = 16
SMALLEST = 64
"""A short ensemble is cut into this many blocks, so that threads share it and there is something to go on
from; but none is shorter than this, which keeps files few and the engine at work."""


@dataclass(frozen=True)
class Area:
    """One footprint as workers see it.

    Attributes
    ----------
    footprint, key, files
        Key of the footprint; key and compressed files of its model folder.
    base
        Values of levers, [scenario, element].
    factors
        What each number drawn is multiplied with: the ratio of sizes where the area is sized like another.
    """

    footprint: str
    key: str
    files: Mapping[str, bytes]
    base: Floats
    factors: Floats


@dataclass(frozen=True)
class Job:
    """An ensemble as its workers see it.

    Attributes
    ----------
    areas, scenarios
        What each member is run for.
    asked
        Footprints to store: key to the places of its areas among ``areas``, several for a total.
    levers, places
        Constants compiled in, and the place of each number drawn among their elements.
    outputs, ingredients
        Names of the variables to store, in the model file's spelling, by key; and of those that are run
        because ratios of a total are made of them.
    checked
        And of those that are run only to be checked, see `dudley_sd.results.invariants.GATE`.
    ways
        How a total has each of them, from `dudley_sd.ensembles.totals.way_of`; empty without a total.
    ranges, columns, candidates
        The numbers drawn, their columns of chances and how many columns there are.
    members, size
        Members in all, and in each block.
    seed, sampler, distribution, engine
        As asked for; the engine is ``c`` or ``numpy``.
    """

    areas: tuple[Area, ...]
    asked: Mapping[str, tuple[int, ...]]
    scenarios: tuple[str, ...]
    levers: tuple[str, ...]
    places: tuple[int, ...]
    outputs: Mapping[str, str]
    ingredients: Mapping[str, str]
    checked: Mapping[str, str]
    ways: Mapping[str, str]
    ranges: tuple[Range, ...]
    columns: tuple[int, ...]
    candidates: int
    members: int
    size: int
    seed: int
    sampler: str
    distribution: str
    engine: str

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.members // self.size)

    @property
    def several(self) -> bool:
        """Whether there is a dimension of footprints."""
        return len(self.asked) > 1

    @property
    def run(self) -> dict[str, str]:
        """Names of all variables that are run for, by key; without those that are only checked."""
        return {**self.outputs, **self.ingredients}

    @property
    def computed(self) -> dict[str, str]:
        """Names of all variables that are worked out, by key."""
        return {**self.run, **self.checked}

    def span(self, block: int) -> slice:
        """Members of a block."""
        return slice(block * self.size, min(self.members, (block + 1) * self.size))


@dataclass(frozen=True)
class Block:
    """Results of a block: draws [member, number] and outputs by key, [(area,) scenario, member, year ...]."""

    draws: Floats
    outputs: dict[str, Floats]


def make_job(plan: EnsemblePlan, every_lever: bool = False) -> Job:
    """Turn a plan into a job; compiles the model once for all scenarios of the first area.

    Parameters
    ----------
    plan
        What to run.
    every_lever
        Whether the model is compiled with every lever and not only with those that are drawn or set: a little
        slower to run, but the next plan with other levers need not wait for the compiler.
    """
    known = levers(plan.first.model)
    by_name = {same_name(name): name for name in known}
    drawn = plan.ranges.drawn
    used = {by_name[same_name(lever_address(each.name)[0])] for each in drawn}
    used |= {name for area in plan.areas.values() for each in area.settings.values() for name in each}
    names = tuple(name for name in known if every_lever or name in used)
    first_places = dict(zip(names, np.cumsum([0, *(_size(known[name]) for name in names)]), strict=False))
    places = []
    for each in drawn:
        lever, element = lever_address(each.name)
        name = by_name[same_name(lever)]
        within = known[name].elements.index(element) if element else 0
        places.append(int(first_places[name]) + within)
    described = {v.key: v.name for v in plan.first.model.variables.values()}
    order = {name: place for place, name in enumerate(plan.areas)}
    asked = {name: tuple(order[part] for part in plan.parts(name)) for name in plan.asked}
    extra = ingredients(plan.outputs) if plan.totals else ()
    ways = {key: str(way_of(plan.first.model, key)) for key in (*plan.outputs, *extra) if plan.totals}
    job = Job(
        areas=tuple(
            Area(
                footprint,
                each.folder.key,
                _files(each.folder.path),
                _base(each.settings, known, names),
                _factors(each, known, names)[places],
            )
            for footprint, each in plan.areas.items()
        ),
        asked=asked,
        scenarios=tuple(plan.first.scenarios),
        levers=names,
        places=tuple(places),
        outputs={key: described[key] for key in plan.outputs},
        ingredients={key: described[key] for key in extra},
        checked={
            key: described[key] for key in GATE if key in described and key not in {*plan.outputs, *extra}
        },
        ways=ways,
        ranges=drawn,
        columns=plan.ranges.columns,
        candidates=len(plan.ranges.candidates),
        members=int(plan.request.members),
        size=LARGEST,
        seed=int(plan.request.seed),
        sampler=plan.request.sampler,
        distribution=plan.request.distribution,
        engine=plan.request.engine,
    )
    model = compiled(job, job.areas[0])
    sizes = {series.name: series.size for series in model.outputs}
    kept = sum(sizes[name] for name in job.run.values()) * len(job.scenarios) * len(job.areas)
    one = max(kept, sum(sizes.values())) * len(model.times)
    return Job(**{**vars(job), "engine": model.engine, "size": _block_size(one * 8, job.members)})


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


def compiled(job: Job, area: Area) -> Compiled:
    """Compile the model of an area; made once in each process."""
    key = (area.key, job.levers, tuple(job.computed), job.engine)
    found = _COMPILED.get(key)
    if found is not None:  # without waiting for the compiler, which may be at work for another area
        return found
    with _LOCK:
        if key not in _COMPILED:
            model = compile(
                model_path(_folder(area)),
                levers=job.levers,
                outputs=list(job.computed.values()),
                engine=job.engine,
                side_by_side=True,
            )
            _COMPILED[key] = _COMPILED[(*key[:-1], model.engine)] = model  # auto is what it chose
        return _COMPILED[key]


def dims(job: Job, model: Compiled) -> dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Subscripts of each variable that is stored and their elements, by key."""
    return _dims(job.outputs, model)


def _dims(
    names: Mapping[str, str], model: Compiled
) -> dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    by_name = {series.name: series for series in model.outputs}
    found = {}
    for key, name in names.items():
        series = by_name[name]
        found[key] = (tuple(dimension_name(dim) for dim in series.dims), series.labels)
    return found


_COMPILED: dict[tuple[str, tuple[str, ...], tuple[str, ...], str], Compiled] = {}
_LOCK = threading.Lock()


@lru_cache(maxsize=4)
def _chances(seed: int, whole: int, members: int, columns: int, sampler: str) -> Floats:
    """Keep what chance gives to members that are drawn together: several blocks take their part of it."""
    return chances(seed, whole, members, columns, sampler)


def _block_size(bytes_of_member: int, members: int) -> int:
    """Members of a block: a power of two, so that blocks fit into those that are drawn together."""
    size = LARGEST
    while size > SMALLEST and size * BLOCKS > members:
        size //= 2
    while size > 1 and size * bytes_of_member > BLOCK_BYTES:
        size //= 2
    return size


def _size(lever: Lever) -> int:
    return int(np.size(lever.default))


def _base(
    settings: Mapping[str, Mapping[str, Value]], known: Mapping[str, Lever], names: tuple[str, ...]
) -> Floats:
    rows = [
        np.concatenate([np.zeros(0), *(np.ravel(each.get(name, known[name].default)) for name in names)])
        for each in settings.values()
    ]
    return np.array(rows, dtype=float)


def _factors(plan: Plan, known: Mapping[str, Lever], names: tuple[str, ...]) -> Floats:
    """Ratio of the area's own value of each element to that of the model file; 1 for what is no size."""
    factors = size_factors(plan.model, plan.folder.area.scaling)
    parts = [factors.get(name, np.ones(_size(known[name]))) for name in names]
    return np.concatenate([np.zeros(0), *parts])


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
        for key, (subscripts, _) in _dims(job.computed, model).items()
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
        for key, (subscripts, _) in _dims(job.run, model).items()
    }
    return xr.Dataset(arrays, coords=coords)


def _whole(job: Job, here: Mapping[int, xr.Dataset], places: tuple[int, ...]) -> xr.Dataset:
    """One footprint's outputs: those of its area, or of its areas together."""
    if len(places) == 1:
        return here[places[0]]
    total = add_up([here[place] for place in places], job.ways, job.outputs)
    check_invariants(total)
    return total


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in (".mdl", ".csv"))
    return {path.relative_to(folder).as_posix(): zlib.compress(path.read_bytes()) for path in paths}


def _folder(area: Area) -> Path:
    """Model folder of an area in the cache of this machine, written if it is not there."""

    def write(folder: Path) -> None:
        for name, content in area.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zlib.decompress(content))

    return remember(SHELF, area.key[:24], write)

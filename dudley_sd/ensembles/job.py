"""Job of an ensemble: all that a worker needs to run any block, numbers and text, no path or input file."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.cache import remember
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, levers
from sdcompile.run.compile import compile
from sdcompile.run.compiled import Compiled
from sdcompile.run.outputs import Value, dimension_name, model_path

from dudley_sd.checks.model_tables import numbers_read
from dudley_sd.ensembles.plan import EnsemblePlan, way_of
from dudley_sd.ensembles.ranges import SUPPLY, Range
from dudley_sd.ensembles.references import CENTRAL, number_of_references, references
from dudley_sd.indicators import ingredients
from dudley_sd.results.invariants import gate
from dudley_sd.runs.model_folder import SHELF
from dudley_sd.runs.run import Run, make_run
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.portfolios import NO_PORTFOLIO
from dudley_sd.settings.sizes import size_factors

VACANCY = "overall_vacancy_rate"
"""Indicator for which the supply of staff is solved."""

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
    nothing
        The same if the user sets nothing and nothing is decided.
    factors
        What a number drawn is multiplied with, [element]: the ratio of sizes where the area is sized like
        another.
    references
        Numbers of each reference, by key of what the model reads.
    """

    footprint: str
    key: str
    files: Mapping[str, bytes]
    base: Floats
    nothing: Floats
    factors: Floats
    references: tuple[Mapping[str, Floats], ...]


@dataclass(frozen=True)
class Numbers:
    """Numbers drawn: their ranges, columns of chances, and places among the elements of levers."""

    ranges: tuple[Range, ...]
    columns: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Job:
    """An ensemble as its workers see it.

    Attributes
    ----------
    areas, scenarios
        What each member is run for.
    footprints
        Footprints to store: key to the places of its areas among ``areas``, several for a total.
    levers
        Constants compiled in.
    outputs, ingredients
        Names of the variables to store, in the model file's spelling, by key; and of those that are run
        because ratios of a total are made of them.
    checked
        And of those that are run only to be checked, see `dudley_sd.results.invariants.gate`.
    ways
        How a total has each of them, from `dudley_sd.ensembles.plan.way_of`; empty without a total.
    drawn, undecided
        The numbers drawn, and those drawn if nothing is set or decided, for which supply is solved.
    candidates
        How many columns of chances there are.
    supply
        Place of the supply of staff, which is solved for each member; None where it is set or drawn.
    references
        How many references each area has; 0 is the central one alone, as without a compiler.
    members, size
        Members in all, and in each block.
    seed, sampler, distribution, engine
        As asked for; the engine is ``c`` or ``numpy``.
    """

    areas: tuple[Area, ...]
    footprints: Mapping[str, tuple[int, ...]]
    scenarios: tuple[str, ...]
    levers: tuple[str, ...]
    outputs: Mapping[str, str]
    ingredients: Mapping[str, str]
    checked: Mapping[str, str]
    ways: Mapping[str, str]
    drawn: Numbers
    undecided: Numbers
    candidates: int
    supply: int | None
    references: int
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
        return len(self.footprints) > 1

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
    nothing = {name: _nothing(each) for name, each in plan.areas.items()}
    used = {by_name[same_name(lever_address(each.name)[0])] for each in plan.ranges.drawn}
    used |= {
        by_name[same_name(lever_address(plan.ranges.candidates[column].name)[0])]
        for column in plan.ranges.undecided
    }
    used |= {
        name
        for runs in (plan.areas, nothing)
        for area in runs.values()
        for each in area.settings.values()
        for name in each
    }
    names = tuple(name for name in known if every_lever or name in used)
    first_places = dict(zip(names, np.cumsum([0, *(_size(known[name]) for name in names)]), strict=False))

    def numbers(columns: Sequence[int]) -> Numbers:
        ranges = tuple(plan.ranges.candidates[column] for column in columns)
        places = []
        for each in ranges:
            lever, element = lever_address(each.name)
            name = by_name[same_name(lever)]
            places.append(int(first_places[name]) + (known[name].elements.index(element) if element else 0))
        return Numbers(ranges, tuple(columns), tuple(places))

    drawn = numbers(plan.ranges.columns)
    supply = int(first_places[SUPPLY]) if SUPPLY in first_places else None
    if supply in drawn.places or any(same_name(name) == same_name(SUPPLY) for name in plan.request.values):
        supply = None
    described = {v.key: v.name for v in plan.first.model.variables.values()}
    order = {name: place for place, name in enumerate(plan.areas)}
    footprints = {name: tuple(order[part] for part in plan.parts(name)) for name in plan.footprints}
    extra = ingredients(plan.outputs) if plan.totals else ()
    ways = {key: str(way_of(plan.first.model, key)) for key in (*plan.outputs, *extra) if plan.totals}
    job = Job(
        areas=tuple(
            Area(
                footprint,
                each.folder.key,
                _files(each.folder.path),
                _base(each.settings, known, names),
                _base(nothing[footprint].settings, known, names),
                _factors(each, known, names),
                (),
            )
            for footprint, each in plan.areas.items()
        ),
        footprints=footprints,
        scenarios=tuple(plan.first.scenarios),
        levers=names,
        outputs={key: described[key] for key in plan.outputs},
        ingredients={key: described[key] for key in extra},
        checked={
            key: described[key]
            for key in (VACANCY, *gate())
            if key in described and key not in {*plan.outputs, *extra}
        },
        ways=ways,
        drawn=drawn,
        undecided=numbers(plan.ranges.undecided),
        supply=supply,
        candidates=len(plan.ranges.candidates),
        references=0,
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
    # NumPy takes as long for eight members as for hundreds
    count = number_of_references(job.members) if model.engine == "c" else 0
    solved = [
        replace(area, references=_references(run, count))
        for area, run in zip(job.areas, plan.areas.values(), strict=True)
    ]
    size = _block_size(one * 8, job.members)
    return replace(job, areas=tuple(solved), references=count, engine=model.engine, size=size)


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


def compiled_on(job: Job, area: Area, reference: int) -> Compiled:
    """Return the model of an area on one of its references, or `CENTRAL`; made once in each process."""
    model = compiled(job, area)
    if reference == CENTRAL:
        return model
    key = (area.key, job.levers, tuple(job.computed), model.engine, reference)
    found = _ON_REFERENCES.get(key)
    if found is None:
        numbers = {name: each for name, each in area.references[reference].items() if name in model.numbers}
        found = _ON_REFERENCES[key] = model.with_numbers(numbers)
    return found


def dims(job: Job, model: Compiled) -> dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Subscripts of each variable that is stored and their elements, by key."""
    return dims_of(job.outputs, model)


def dims_of(
    names: Mapping[str, str], model: Compiled
) -> dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Subscripts of variables of a compiled model and their elements, by key."""
    by_name = {series.name: series for series in model.outputs}
    found = {}
    for key, name in names.items():
        series = by_name[name]
        found[key] = (tuple(dimension_name(dim) for dim in series.dims), series.labels)
    return found


_COMPILED: dict[tuple[str, tuple[str, ...], tuple[str, ...], str], Compiled] = {}
_ON_REFERENCES: dict[tuple[str, tuple[str, ...], tuple[str, ...], str, int], Compiled] = {}
_LOCK = threading.Lock()


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


def _nothing(run: Run) -> Run:
    """Return the run of the same futures in which nothing is set or decided."""
    request = replace(run.request, portfolio=NO_PORTFOLIO, contract=AS_NOW, settings=())
    return make_run(request, run.folder)


def _base(
    settings: Mapping[str, Mapping[str, Value]], known: Mapping[str, Lever], names: tuple[str, ...]
) -> Floats:
    rows = [
        np.concatenate([np.zeros(0), *(np.ravel(each.get(name, known[name].default)) for name in names)])
        for each in settings.values()
    ]
    return np.array(rows, dtype=float)


def _factors(plan: Run, known: Mapping[str, Lever], names: tuple[str, ...]) -> Floats:
    """Ratio of the area's own value of each element to that of the model file; 1 for what is no size."""
    factors = size_factors(plan.model, plan.folder.area.scaling)
    parts = [factors.get(name, np.ones(_size(known[name]))) for name in names]
    return np.concatenate([np.zeros(0), *parts])


def _references(run: Run, count: int) -> tuple[dict[str, Floats], ...]:
    """Numbers of the first references of an area, which are solved once by a power of two."""
    if not count:
        return ()
    solved = references(run.footprint, run.request.projection, 1 << (count - 1).bit_length())
    return tuple(
        numbers_read(run.model, {name: table[place] for name, table in solved.tables.items()})
        for place in range(count)
    )


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

"""Plan of an ensemble: its request checked, with every fault in one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sdcompile.errors import Fault, InputError, collect
from sdcompile.read.model import Model, read_model
from sdcompile.run.model_run import check_engine
from sdcompile.run.outputs import output_keys

from dudley_sd.checks.constants import constant_faults
from dudley_sd.ensembles.ranges import Ranges, find_ranges
from dudley_sd.ensembles.sampling import sampling_faults
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.indicators import ECHOES, Selection, ratios
from dudley_sd.inputs.common_projection import common_projection
from dudley_sd.inputs.footprints import Footprint, Total
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.ratio import adds_up
from dudley_sd.request import CONTRACT, FOOTPRINT, PORTFOLIO, PROJECTION, Request, repeated_text
from dudley_sd.results.assemble import ALIKE, RATIO, SUM
from dudley_sd.runs.areas import parts_of, read_areas
from dudley_sd.runs.run import Run, make_run
from dudley_sd.settings.futures import read_uncertainties, scenario_names


def key_outputs() -> tuple[str, ...]:
    """Return the outputs that are stored if no others are chosen: they stand for the whole."""
    return tuple(Selection("ensemble"))


@dataclass(frozen=True, init=False)
class EnsembleRequest(Request):
    """A request whose futures are run many times, see `dudley_sd.ensembles.ensemble.ensemble`.

    Attributes
    ----------
    outputs
        Variables to store.
    members, seed, sampler, distribution, also
        How numbers are drawn.
    engine
        ``auto``, ``c`` or ``numpy``.
    """

    outputs: tuple[str, ...]
    members: int
    seed: int
    sampler: str
    distribution: str
    also: tuple[str, ...]
    engine: str

    def __init__(
        self,
        scenarios: str | Iterable[str] | None = None,
        portfolio: str = PORTFOLIO,
        contract: str = CONTRACT,
        footprints: str | Iterable[str] = FOOTPRINT,
        projection: str = PROJECTION,
        settings: Mapping[str, float] | Iterable[tuple[str, float]] = (),
        outputs: Iterable[str] | None = None,
        members: int = 1000,
        seed: int = 0,
        sampler: str = "lhs",
        distribution: str = "triangular",
        also: Iterable[str] = (),
        engine: str = "auto",
    ) -> None:
        """Take all futures where none is given, and `key_outputs` where no output is."""
        futures = scenario_names(inputs_folder()) if scenarios is None else scenarios
        super().__init__(futures, portfolio, contract, footprints, projection, settings)
        values = {
            "outputs": key_outputs() if outputs is None else tuple(outputs),
            "members": members,
            "seed": seed,
            "sampler": sampler,
            "distribution": distribution,
            "also": tuple(also),
            "engine": engine,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def output_text(self) -> list[str]:
        """Words of a command line on the outputs, where they are not the usual ones."""
        return repeated_text("--output", self.outputs) if self.outputs != key_outputs() else []


@dataclass(frozen=True)
class EnsemblePlan:
    """A request that can be run.

    Attributes
    ----------
    request
        What was asked for.
    footprints
        Footprints to store, by key, in the order asked for.
    areas
        Plan of the runs of each area that they need, by footprint: of a total, its parts.
    ranges
        What is drawn and what is left out.
    outputs
        Keys of the variables to store.
    """

    request: EnsembleRequest
    footprints: dict[str, Footprint | Total]
    areas: dict[str, Run]
    ranges: Ranges
    outputs: tuple[str, ...]

    @property
    def first(self) -> Run:
        """Plan of the first area; scenarios, portfolio and contract are those of all."""
        return next(iter(self.areas.values()))

    @property
    def totals(self) -> list[Total]:
        """Footprints asked for that are sums of areas."""
        return [area for area in self.footprints.values() if isinstance(area, Total)]

    @property
    def name(self) -> str:
        """Name for files: that of the runs, and what was drawn."""
        one = len(self.footprints) == 1
        area = (
            next(iter(self.footprints)) if one else f"{len(self.footprints)}_areas_{self.first.footprint.id}"
        )
        runs = self.first.name.replace(self.first.footprint.id, area, 1)
        return f"{runs}_{self.request.members}_members"

    @property
    def indicative(self) -> dict[str, str]:
        """Why footprints asked for are indicative, by key; those that are not are left out."""
        found = {}
        for name, area in self.footprints.items():
            parts = [self.areas[part] for part in self.parts(name)]
            why = dict.fromkeys(part.folder.area.indicative for part in parts if part.folder.area.indicative)
            if why and isinstance(area, Total):
                names = ", ".join(part.footprint.name for part in parts)
                unsure = ", ".join(part.footprint.name for part in parts if part.folder.area.indicative)
                found[name] = f"the sum of {names}; in {unsure} {'; '.join(why)}"
            elif why:
                found[name] = "; ".join(why)
        return found

    @property
    def area_names(self) -> list[str]:
        """Names of the footprints asked for, as readers see them."""
        return [
            f"{area.name} (indicative)" if name in self.indicative else area.name
            for name, area in self.footprints.items()
        ]

    def parts(self, name: str) -> tuple[str, ...]:
        """Areas that a footprint is the sum of; of an area, itself."""
        return tuple(parts_of({name: self.footprints[name]}))


def plan_ensemble(request: EnsembleRequest) -> EnsemblePlan:
    """Check a request and plan its runs.

    Raises
    ------
    InputError
        All faults of scenarios, portfolio, contract, areas, levers, outputs and draws at once.
    """
    faults = sampling_faults(request.members, request.seed, request.sampler, request.distribution)
    inputs = inputs_folder()
    model = read_model(models_folder() / MODEL_FILE)
    collect(faults, lambda: _check_engine(request.engine))
    outputs = collect(faults, lambda: output_keys(model, request.outputs))
    if not request.outputs:
        faults.append(Fault("outputs", "", "none is asked for", "Name at least one, or leave it out"))
    table = collect(faults, lambda: read_parameters(inputs / "parameters.csv", inputs / "sources.csv"))
    footprints, found = read_areas(request.footprints)
    faults += found
    parts = parts_of(footprints)
    common = collect(faults, lambda: common_projection(request.projection, parts.values(), inputs))
    names = tuple(footprints) or request.footprints
    request = replace(request, projection=common or request.projection, footprints=names)
    areas = _runs(request, parts or dict.fromkeys(request.footprints), faults)
    ranges = None
    if table is not None:
        faults += constant_faults(inputs / "parameters.csv", table, model)
        decided = next((run.decided for run in areas.values()), ())
        world = collect(faults, lambda: read_uncertainties(inputs)) or {}
        ranges = collect(
            faults,
            lambda: find_ranges(table.table, model, world, request.values, request.also, decided),
        )
    totals = [area for area in footprints.values() if isinstance(area, Total)]
    if totals and outputs is not None:
        if request.outputs == key_outputs():
            outputs = [key for key in outputs if key not in unsummable(model, outputs)]
        faults += total_faults(model, outputs, totals)
    if faults or outputs is None or ranges is None:
        raise InputError(list(dict.fromkeys(faults)))
    return EnsemblePlan(request, footprints, areas, ranges, tuple(outputs))


def _runs(request: Request, parts: Iterable[str], faults: list[Fault]) -> dict[str, Run]:
    """Make the run of each area; of one that is not there too, to find what else is wrong."""
    runs: dict[str, Run] = {}
    for part in parts:
        run = collect(faults, partial(make_run, replace(request, footprints=(part,))))
        runs |= {} if run is None else {part: run}
    return runs


def _check_engine(engine: str) -> None:
    check_engine(engine)
    if engine == "pysd":
        problem = "PySD takes seconds for a run, an ensemble thousands of runs"
        raise InputError([Fault("engine", "'pysd'", problem, "Choose auto, c or numpy")])


def way_of(model: Model, key: str) -> str | None:
    """How a total has a variable; None: its parts do not tell."""
    variable = model.variables[key]
    if adds_up(variable.units):
        return SUM
    if key in ratios():
        return RATIO
    return ALIKE if variable.kind in ECHOES else None


def unsummable(model: Model, outputs: Sequence[str]) -> list[str]:
    """Name the outputs that a total of areas cannot have."""
    return [key for key in outputs if way_of(model, key) is None]


def total_faults(model: Model, outputs: Sequence[str], totals: Iterable[Total]) -> list[Fault]:
    """Say which outputs cannot be told of a total, and what to do."""
    names = ", ".join(unsummable(model, outputs))
    problem = f"cannot be told of the sum of areas: the mean of two is not the total's ({names})"
    return [
        Fault("outputs", total.id, problem, f"Leave them out, or ask for the parts: {', '.join(total.parts)}")
        for total in totals
        if names
    ]

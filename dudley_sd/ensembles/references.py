"""References of an area for ensembles: numbers that act through the solved flows, drawn and solved again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile.arrays import Floats
from sdcompile.cache import key_of, remember
from sdcompile.digests import code_digest, file_digest, folder_digests
from sdcompile.errors import Fault, InputError

from dudley_sd.ensembles.ranges import REFERENCE, Range
from dudley_sd.ensembles.sampling import values
from dudley_sd.folders import PACKAGE, inputs_folder
from dudley_sd.inputs.basis import area_basis
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.model_data import reference_tables
from dudley_sd.inputs.parameters import Parameters, read_parameters
from dudley_sd.inputs.projection_choice import split_choice
from dudley_sd.inputs.projections import read_projection
from dudley_sd.runs.model_folder import area_content

COUNT = 64
"""References that are solved for an area, at most, before any ensemble; each member takes one of them."""

TOGETHER = 8
"""Members in a row that take the same reference: as many as common processors run side by side."""

CENTRAL = -1
"""In the place of a reference: that of the central values."""

SEED = 0
"""Of the numbers: the same for every ensemble and area, so that solved references can be kept."""

TRIES = 16
"""Draws to make for each reference wanted before an area is refused."""

SHELF, FILE = "references", "references.npz"


Integers = npt.NDArray[np.int_]


@dataclass(frozen=True, eq=False)
class References:
    """Solved references of an area.

    Attributes
    ----------
    numbers
        Value of each number of `REFERENCE`, [reference, number].
    tried
        Draws that were made to find them: those whose flows are impossible are passed over.
    tables
        Tables of the model that they differ in, as `dudley_sd.inputs.model_data.reference_tables` lays them
        out: [reference, row, column] by file name.
    """

    numbers: Floats
    tried: int
    tables: dict[str, Floats]


def references(footprint: Footprint, projection: str, count: int = COUNT, seed: int = SEED) -> References:
    """Return the solved references of an area, from the user's cache where they are there.

    Parameters
    ----------
    footprint
        The area.
    projection
        As for `dudley_sd.inputs.projections.read_projection`.
    count
        How many, a power of two.
    seed
        Of the numbers.

    Raises
    ------
    InputError
        Any fault of the input files; or an area of which too few draws have possible flows.

    Notes
    -----
    Numbers are drawn as other numbers are, along a scrambled Sobol sequence. Draws whose onset, progression
    or ageing would be impossible are passed over, and the sequence goes on: numbers differ between areas only
    from where one is passed over. `fertility_level` and `mortality_level` move people from mid-2018 on; the
    others move who among them is ill, where, and who dies.
    """
    inputs = inputs_folder()
    file = split_choice(projection)[0]
    table = file_digest(file) if Path(file).is_file() else ""
    files = (f"{name} {digest}" for name, digest in folder_digests(inputs).items())
    code = code_digest(PACKAGE / "inputs", PACKAGE / "ensembles")
    key = key_of(code, *area_content(footprint), projection, table, str(count), str(seed), *files)

    def solve(folder: Path) -> None:
        people = read_projection(projection, footprint, inputs)
        found = solve_references(footprint, inputs, people, count, seed)
        arrays = {"numbers": found.numbers, "tried": np.array(found.tried), **found.tables}
        np.savez(folder / FILE, allow_pickle=False, **arrays)

    with np.load(remember(SHELF, key, solve) / FILE) as kept:
        tables = {name: kept[name] for name in kept if name.endswith(".csv")}
        return References(kept["numbers"], int(kept["tried"]), tables)


def solve_references(
    footprint: Footprint, inputs: Path, population: xr.DataArray, count: int = COUNT, seed: int = SEED
) -> References:
    """Draw numbers and solve the reference of an area with each set, see `references`."""
    from scipy.stats import qmc

    parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    area_basis(footprint, inputs, parameters, population).trajectory()  # faults of the area, not of a draw
    ranges = _ranges(parameters)
    sequence = qmc.Sobol(
        len(REFERENCE), scramble=True, rng=np.random.default_rng(np.random.SeedSequence(seed))
    )
    numbers: list[Floats] = []
    solved: list[dict[str, Floats]] = []
    tried = 0
    while len(solved) < count and tried < TRIES * count:
        for drawn in values(sequence.random(count), ranges, "triangular"):
            tried += 1
            changed = parameters.with_values(dict(zip(REFERENCE, drawn, strict=True)))
            tables = _solved(footprint, inputs, changed, population)
            if tables is not None and len(solved) < count:
                numbers.append(drawn)
                solved.append(tables)
    if len(solved) < count:
        problem = f"{len(solved)} of {tried} sets of numbers drawn have possible flows, {count} are wanted"
        remedy = f"Narrow the ranges of {', '.join(REFERENCE)} in parameters.csv"
        raise InputError([Fault(f"footprint {footprint.id}", "references", problem, remedy)])
    tables = {name: np.array([each[name] for each in solved]) for name in solved[0]}
    return References(np.array(numbers), tried, tables)


def _ranges(parameters: Parameters) -> list[Range]:
    rows = parameters.table.set_index("id").loc[list(REFERENCE)].reset_index().to_dict("records")
    return [
        Range(
            row["id"],
            row["id"],
            *(float(row["low"]), float(row["central"]), float(row["high"])),
            str(row["unit"]),
        )
        for row in rows
    ]


def _solved(
    footprint: Footprint, inputs: Path, parameters: Parameters, population: xr.DataArray
) -> dict[str, Floats] | None:
    """Tables of one reference; None where its flows are impossible."""
    try:
        trajectory = area_basis(footprint, inputs, parameters, population).trajectory()
    except InputError:
        return None
    return {name: table.to_numpy() for name, table in reference_tables(trajectory).items()}


def number_of_references(members: int) -> int:
    """How many references the members of an ensemble share: fewer than `TOGETHER` have the central one."""
    return min(COUNT, members // TOGETHER)


def reference_of(members: Integers, count: int) -> Integers:
    """Which of so many references each member takes; `CENTRAL` where there is none, or for a number below 0.

    `TOGETHER` members take one, the next the next, and after the last the first again: chance has shuffled
    what is drawn for members, so their order says nothing of it.
    """
    if not count:
        return np.full(len(members), CENTRAL)
    return np.where(members < 0, CENTRAL, members // TOGETHER % count)

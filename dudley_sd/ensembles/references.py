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

from dudley_sd.ensembles.ranges import Range
from dudley_sd.ensembles.sampling import values
from dudley_sd.folders import PACKAGE, inputs_folder
from dudley_sd.inputs.basis import area_basis
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.model_data import reference_tables
from dudley_sd.inputs.parameters import Parameters, read_parameters
from dudley_sd.inputs.projection_choice import split_choice
from dudley_sd.inputs.projections import read_projection
from dudley_sd.runs.model_folder import area_content

DRAWN = (
    "prevalence_level",
    "fertility_level",
    "mortality_level",
    "age_shift",
    "death_gradient",
    "relative_risk_of_death_LongTerm",
    "relative_risk_of_death_Complex",
)
"""Rows of ``parameters.csv`` that are drawn; other numbers of the reference flows stay at their centre."""

COUNT = 64
"""References that are solved for an area, once, before any ensemble; each member takes one of them."""

SEED = 0
"""Of the numbers: the same for every ensemble and area, so that solved references can be kept."""

TRIES = 16
"""Draws to make for each reference wanted before an area is refused."""

SHELF, FILE = "references", "references.npz"


@dataclass(frozen=True, eq=False)
class References:
    """Solved references of an area.

    Attributes
    ----------
    numbers
        Value of each number of `DRAWN`, [reference, number].
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
    sequence = qmc.Sobol(len(DRAWN), scramble=True, rng=np.random.default_rng(np.random.SeedSequence(seed)))
    numbers: list[Floats] = []
    solved: list[dict[str, Floats]] = []
    tried = 0
    while len(solved) < count and tried < TRIES * count:
        for drawn in values(sequence.random(count), ranges, "triangular"):
            tried += 1
            tables = _solved(
                footprint, inputs, parameters.with_values(dict(zip(DRAWN, drawn, strict=True))), population
            )
            if tables is not None and len(solved) < count:
                numbers.append(drawn)
                solved.append(tables)
    if len(solved) < count:
        problem = f"{len(solved)} of {tried} sets of numbers drawn have possible flows, {count} are wanted"
        remedy = f"Narrow the ranges of {', '.join(DRAWN)} in parameters.csv"
        raise InputError([Fault(f"footprint {footprint.id}", "references", problem, remedy)])
    tables = {name: np.array([each[name] for each in solved]) for name in solved[0]}
    return References(np.array(numbers), tried, tables)


def _ranges(parameters: Parameters) -> list[Range]:
    rows = parameters.table.set_index("id").loc[list(DRAWN)].reset_index().to_dict("records")
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


def chosen(chance: Floats, count: int = COUNT) -> npt.NDArray[np.int_]:
    """Which reference each member takes, from a number between 0 and 1.

    Of the members that a Latin hypercube draws together, as many take each reference.
    """
    return np.asarray(np.minimum(chance * count, count - 1), dtype=int)

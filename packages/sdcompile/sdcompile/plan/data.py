"""Numbers that a program reads: constants and tables in one row, handed to the code by pointer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.graph import METHODS
from sdcompile.plan.program import Program, Region, tables_used


@dataclass
class TablePlace:
    """Place of a table: for each element the first place and the number of points.

    A table of n points is n rising x, n values of y, then n - 1 slopes.
    """

    places: list[tuple[int, int]]
    method: int


@dataclass
class Data:
    """One row of numbers and where each table starts in it."""

    values: Floats
    tables: dict[str, TablePlace] = field(default_factory=dict)


def gather(program: Program) -> Data:
    """Put the constants in their places, then every table the program reads, then the defaults of levers."""
    rows: list[Floats] = [np.zeros(program.sizes[Region.DATA])]
    for variable in program.used:
        slot = program.slots[variable.key]
        if slot.region is Region.DATA and variable.values is not None:
            rows[0][slot.offset : slot.offset + variable.size] = variable.values.ravel()
    data = Data(rows[0])
    place = len(rows[0])
    for key in tables_used(program):
        table = program.equations.tables[key]
        places: list[tuple[int, int]] = []
        for x, y in table.points:
            with np.errstate(all="ignore"):
                slopes = np.diff(y) / np.diff(x)
            rows.append(np.concatenate([x, y, slopes]))
            places.append((place, len(x)))
            place += len(rows[-1])
        data.tables[key] = TablePlace(places, METHODS[table.method])
    data.values = np.ascontiguousarray(np.concatenate(rows))
    return data


def own_defaults(program: Program) -> Floats:
    """Return what the region ``OWN`` holds before levers are set: the constants of the model."""
    row = np.zeros(program.sizes[Region.OWN])
    for variable in program.used:
        slot = program.slots[variable.key]
        if slot.region is Region.OWN and variable.values is not None:
            row[slot.offset : slot.offset + variable.size] = variable.values.ravel()
    return row


def lever_places(program: Program) -> list[int]:
    """Return the place of each lever in the region ``OWN``."""
    return [program.slots[key].offset + element for key, element in program.levers]


def lever_defaults(program: Program) -> Floats:
    """Return the model's own value of each lever."""
    row = own_defaults(program)
    return row[lever_places(program)]

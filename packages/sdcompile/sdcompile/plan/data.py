"""Numbers that a program reads: constants and tables in one row, handed to the code by pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.graph import METHODS
from sdcompile.errors import Fault, refuse
from sdcompile.plan.program import Program, Region, tables_used

Places = dict[str, dict[str, list[list[int]]]]
"""Of `CONSTANTS` and `TABLES`, by key: first place and count of the numbers, of a table for each element."""

CONSTANTS, TABLES = "constants", "tables"


@dataclass
class TablePlace:
    """Place of a table: for each element the first place and the number of points.

    A table of n points is n rising x, n values of y, then n - 1 slopes.
    """

    places: list[tuple[int, int]]
    method: int


@dataclass
class Data:
    """One row of numbers and where each constant and table starts in it."""

    values: Floats
    tables: dict[str, TablePlace] = field(default_factory=dict)
    constants: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """Where the numbers of each constant and table stand."""
        return {
            CONSTANTS: {key: [list(place)] for key, place in self.constants.items()},
            TABLES: {key: [list(each) for each in table.places] for key, table in self.tables.items()},
        }


def gather(program: Program) -> Data:
    """Put the constants in their places, then every table the program reads, then the defaults of levers."""
    rows: list[Floats] = [np.zeros(program.sizes[Region.DATA])]
    data = Data(rows[0])
    for variable in program.used:
        slot = program.slots[variable.key]
        if slot.region is Region.DATA and variable.values is not None:
            rows[0][slot.offset : slot.offset + variable.size] = variable.values.ravel()
            data.constants[variable.key] = (slot.offset, variable.size)
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


def with_numbers(data: Floats, places: Places, numbers: Mapping[str, Floats]) -> Floats:
    """Return a row of numbers with others for some constants and tables.

    Parameters
    ----------
    data, places
        The row, as `gather` lays it out, and where each constant and table stands in it.
    numbers
        By key: those of a constant in the order of its elements; of a table [point, element], at the points
        that it has.

    Raises
    ------
    InputError
        If there is no such constant or table, or it has another number of elements or points.
    """
    changed = data.copy()
    faults = []
    for key, given in numbers.items():
        constant, table = places[CONSTANTS].get(key), places[TABLES].get(key)
        if constant and given.shape == (constant[0][1],):
            changed[constant[0][0] : sum(constant[0])] = given
        elif table and given.shape == (table[0][1], len(table)):
            for (place, points), y in zip(table, given.T, strict=True):
                x = changed[place : place + points]
                changed[place + points : place + 2 * points] = y
                changed[place + 2 * points : place + 3 * points - 1] = np.diff(y) / np.diff(x)
        else:
            shape = (constant[0][1],) if constant else (table[0][1], len(table)) if table else None
            remedy = f"Give {shape}" if shape else "Give a constant or table that the outputs need"
            faults.append(Fault("numbers", key, f"the model reads none of shape {given.shape}", remedy))
    refuse(faults)
    return changed

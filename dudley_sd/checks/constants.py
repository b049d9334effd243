"""Agreement of the elements and constants of the model file with the input tables."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from sdcompile.errors import Fault
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.levers import lever_address
from sdcompile.read.model import Model, Variable

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS, first_age
from dudley_sd.inputs.elements import FILE, INTERVENTIONS_FILE, READINGS, read_elements, scan_interventions
from dudley_sd.inputs.model_text import MAKE_AGAIN, element_faults, first_difference
from dudley_sd.inputs.parameters import Parameters
from dudley_sd.inputs.years import END, START

AGES = tuple(f"A{first_age(band)}" for band in AGE_BANDS)
"""The age bands as the model file writes them."""

FIXED = {
    "Age": (AGES, "AGE_BANDS in dudley_sd/inputs/ages.py"),
    "Need": (NEEDS, "NEEDS in dudley_sd/inputs/ages.py"),
}
"""Elements that the code knows by name, and where they are listed."""


def label_faults(model: Model, inputs: Path) -> list[Fault]:
    """Ranges and years of the model file that are not those of the input tables, and elements without words.

    Engines match tables by position: a label in another place would put numbers on the wrong element.

    Parameters
    ----------
    model
        The model file.
    inputs
        Folder of inputs.

    Raises
    ------
    InputError
        If the tables of elements cannot be read.
    """
    known = read_elements(inputs)
    faults = [
        Fault(
            str(inputs / FILE),
            f"range {name}",
            f"{first_difference(tuple(known.get(name, ())), labels)}, in {where}",
            "Make both the same, in the same order: tables are matched by position",
        )
        for name, (labels, where) in FIXED.items()
        if tuple(known.get(name, ())) != labels
    ]
    faults += element_faults(model.path, model.ranges, inputs)
    return [*faults, *_without_text(model, known), *_year_faults(model)]


def _without_text(model: Model, known: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    """Elements that readers would see as the model names them."""
    worded = {element for elements in known.values() for element in elements}
    return [
        Fault(
            str(model.path),
            f"range {name}",
            f"{', '.join(missing)}: no words for readers",
            f"Add a row to {FILE}; interventions have theirs in {INTERVENTIONS_FILE}",
        )
        for name, found in model.ranges.items()
        if name not in known and (missing := [each for each in found if each not in worded])
    ]


def _year_faults(model: Model) -> list[Fault]:
    faults = []
    for name, year in (("INITIAL TIME", START), ("FINAL TIME", END)):
        variable = next((each for each in model.variables.values() if each.name == name), None)
        if variable is not None and variable.numbers is not None and variable.numbers != (float(year),):
            problem = f"{variable.numbers[0]:g} but the tables are prepared for {START} to {END}"
            remedy = f"Write {year}, or change START and END in dudley_sd/inputs/years.py"
            faults.append(Fault(str(model.path), f"line {variable.line}, {name}", problem, remedy))
    return faults


TOLERANCE = 1e-12
NAMED = 3


class Constant(NamedTuple):
    """One number of the model file and the variable it belongs to."""

    value: float
    variable: Variable


def constant_faults(path: Path, parameters: Parameters, model: Model) -> list[Fault]:
    """Constants without exactly one row, rows without a constant, and pairs that do not agree.

    Parameters
    ----------
    path
        The parameter table, for the messages.
    parameters
        Its rows.
    model
        The model file. Its control variables are settings of a run and need no row.

    Returns
    -------
    list of Fault
        A pair agrees if the unit is the same text, the central value the same number (1e-12 relative) and the
        range lies inside the limits of the lever.
    """
    constants = model_constants(model)
    rows: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for line, row in parameters.table.query("acts_through == 'model'").iterrows():
        rows[row["model_name"]].append((int(str(line)), row))
    faults = _without_row(path, constants, set(rows))
    for name, found in rows.items():
        lines = ", ".join(str(line) for line, _ in found)
        if len(found) > 1:
            faults.append(
                Fault(str(path), f"rows {lines}", f"the same model_name {name!r}", "Keep one row for each")
            )
        if name not in constants:
            faults.append(_unknown(path, model, constants, found[0][0], name))
            continue
        for line, row in found:
            where = f"row {line}, {name}"
            faults += [Fault(str(path), where, *each) for each in _disagreements(row, constants[name])]
    return faults + limit_faults(path, parameters.table, model)


def limit_faults(path: Path, table: pd.DataFrame, model: Model) -> list[Fault]:
    """Numbers outside the limits of their lever, each with file, row and column where it stands.

    Parameters
    ----------
    path
        The parameter table, for the messages.
    table
        Its rows, see `dudley_sd.inputs.parameters.scan_parameters`.
    model
        The model file.
    """
    constants = model_constants(model)
    faults = []
    for line, row in table.query("acts_through == 'model'").iterrows():
        constant = constants.get(row["model_name"])
        if constant is not None:
            file, where, column = _stands(path, line, row)
            faults += [
                Fault(file, f"{where}, {row['model_name']}, column {column.format(reading)}", *each)
                for reading in READINGS
                for each in _beyond(reading, row[reading], constant.variable)
            ]
    return faults


def _stands(path: Path, line: Hashable, row: Any) -> tuple[str, str, str]:
    """File, row and column of a number; an intervention's own stand in the table of interventions."""
    if row["file"] != INTERVENTIONS_FILE:
        return str(path), f"row {line}", "{}"
    file = path.with_name(INTERVENTIONS_FILE)
    names = scan_interventions(file).text["intervention"]
    element = next(name for name in _parts(row["model_name"]) if name in set(names))
    number = str(row["id"]).removesuffix(f"_{element.lower()}")
    return str(file), f"row {names[names == element].index[0]}", f"{number}.{{}}"


def _parts(name: str) -> list[str]:
    """Elements of a constant as a row names it."""
    return [part.strip() for part in name.partition("[")[2].rstrip("]").split(",")]


def request_faults(path: Path, parameters: Parameters) -> list[Fault]:
    """Rows that preparation should have asked for and did not, and the reverse.

    Parameters
    ----------
    path
        The parameter table, for the messages.
    parameters
        Its rows, after `prepare` has run with them.
    """
    faults = []
    for line, row in parameters.table.iterrows():
        name, through = row["id"], row["acts_through"]
        where = f"row {line}, {name}"
        if through != "model" and name not in parameters.requested:
            problem = f"acts through {through!r} but preparation does not ask for it"
            faults.append(Fault(str(path), where, problem, "Take the row out, or use it in dudley_sd/inputs"))
        if through == "model" and name in parameters.requested:
            problem = "acts through 'model' but preparation asks for it"
            remedy = "Write 'preparation' or 'reference flows', or read it in the model only"
            faults.append(Fault(str(path), where, problem, remedy))
    return faults


def model_constants(model: Model) -> dict[str, Constant]:
    """Every number that a plain constant of the model file holds, by name or element: ``coverage[MDT]``."""
    return dict(
        itertools.chain.from_iterable(
            _elements(model, variable)
            for variable in model.variables.values()
            if variable.numbers is not None and not variable.control
        )
    )


def _elements(model: Model, variable: Variable) -> Iterator[tuple[str, Constant]]:
    places = itertools.product(*(model.ranges[name] for name in variable.subscripts))
    for place, value in zip(places, variable.numbers or (), strict=True):
        name = f"{variable.name}[{','.join(place)}]" if place else variable.name
        yield name, Constant(value, variable)


def _without_row(path: Path, constants: dict[str, Constant], named: set[str]) -> list[Fault]:
    """One fault for each variable, however many of its elements have no row."""
    missing: dict[str, list[str]] = defaultdict(list)
    for name, constant in constants.items():
        if name not in named:
            missing[constant.variable.name].append(name)
    faults = []
    for variable, names in missing.items():
        first = constants[names[0]]
        listed = ", ".join(names[:NAMED])
        listed += f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        problem = f"no row for {listed} (line {first.variable.line} of the model file: {first.value:g})"
        remedy = "Add it with unit, range and source, or take the constant out of the model"
        faults.append(Fault(str(path), variable, problem, remedy))
    return faults


def _unknown(path: Path, model: Model, constants: dict[str, Constant], line: int, name: str) -> Fault:
    plain = same_name(lever_address(name)[0]) if name.count("[") == name.count("]") < 2 else ""
    variable = next((each for each in model.variables.values() if same_name(each.name) == plain), None)
    close = nearest(name, constants)
    problem = f"the model file has no constant {name!r}"
    remedy = did_you_mean(close, "Correct the name or take the row out")
    if variable is not None and variable.kind != "constant":
        problem = f"{name} is in the model file but is no plain constant ({variable.kind})"
        remedy = "Take the row out, or make the variable a constant"
    elif variable is not None and variable.subscripts and "[" not in name:
        problem = f"{name!r} has elements of {','.join(variable.subscripts)}"
        remedy = f"Give each its row: {', '.join(close) or 'name[element]'}"
    return Fault(str(path), f"row {line}", problem, remedy)


def _disagreements(row: Any, constant: Constant) -> Iterator[tuple[str, str]]:
    """Problem and remedy of whatever row and model file say differently."""
    value, variable = constant
    if row["unit"] != variable.units:
        problem = f"unit {row['unit']!r} but the model file has {variable.units!r} (line {variable.line})"
        yield problem, "Write the same unit in both"
    if not math.isclose(row["central"], value, rel_tol=TOLERANCE):
        problem = f"central {row['central']!r} but the model file has {value!r} (line {variable.line})"
        yield problem, MAKE_AGAIN


def _beyond(reading: str, value: float, variable: Variable) -> Iterator[tuple[str, str]]:
    """Problem and remedy of a low, central or high value that the lever may not have."""
    low, high, _ = variable.limits or (None, None, None)
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"{'any' if low is None else f'{low:g}'} to {'any' if high is None else f'{high:g}'}"
        problem = f"{reading} {value!r} is outside the limits {limits} of the lever (line {variable.line})"
        yield problem, "Narrow the range of the row, or widen the limits in the model file"

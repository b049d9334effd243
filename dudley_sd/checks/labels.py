"""Agreement of the subscript ranges and years of the model file with the input tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sdcompile.errors import Fault
from sdcompile.read.model import Model

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS, first_age
from dudley_sd.inputs.elements import FILE, INTERVENTIONS_FILE, read_elements
from dudley_sd.inputs.model_data import END, START
from dudley_sd.inputs.model_text import element_faults, first_difference

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
    return [*faults, *_without_words(model, known), *_year_faults(model)]


def _without_words(model: Model, known: Mapping[str, Mapping[str, str]]) -> list[Fault]:
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
            remedy = f"Write {year}, or change START and END in dudley_sd/inputs/model_data.py"
            faults.append(Fault(str(model.path), f"line {variable.line}, {name}", problem, remedy))
    return faults

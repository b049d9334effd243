"""Whether the labels of the input tables are the subscript ranges of the model file, in order."""

from __future__ import annotations

from collections.abc import Sequence

from sdcompile.errors import Fault
from sdcompile.read.model import Model

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS, first_age
from dudley_sd.inputs.labels import INTERVENTIONS, SERVICES
from dudley_sd.inputs.model_data import END, GP_AGES, START

AGES = tuple(f"A{first_age(band)}" for band in AGE_BANDS)
"""The age bands as the model file writes them."""

RANGES: dict[str, tuple[Sequence[str], str]] = {
    "Age": (AGES, "AGE_BANDS in dudley_sd/inputs/ages.py"),
    "Need": (NEEDS, "NEEDS in dudley_sd/inputs/ages.py"),
    "Service": (SERVICES, "SERVICES in dudley_sd/inputs/labels.py"),
    "Intervention": (INTERVENTIONS, "INTERVENTIONS in dudley_sd/inputs/labels.py"),
    "GPAge": (GP_AGES, "GP_AGES in dudley_sd/inputs/model_data.py"),
}
"""Elements that the input tables have for each range of the model file, and where they are listed."""


def label_faults(model: Model) -> list[Fault]:
    """Ranges and years of the model file that are not those of the input tables.

    Engines match tables by position: a label in another place would put numbers on the wrong element.

    Parameters
    ----------
    model
        The model file.
    """
    faults = []
    for name, (labels, where) in RANGES.items():
        found = model.ranges.get(name)
        if found is None:
            problem = "the model file has no such range"
            faults.append(Fault(str(model.path), f"range {name}", problem, f"Declare it as {where}"))
        elif tuple(found) != tuple(labels):
            problem = f"{_first_difference(found, labels)}, in {where}"
            remedy = "Make both the same, in the same order: tables are matched by position"
            faults.append(Fault(str(model.path), f"range {name}", problem, remedy))
    return faults + _year_faults(model)


def _first_difference(found: Sequence[str], labels: Sequence[str]) -> str:
    for place, (ours, theirs) in enumerate(zip(found, labels, strict=False), start=1):
        if ours != theirs:
            return f"element {place} is {ours} but {theirs}"
    return f"it has {len(found)} elements but there are {len(labels)}"


def _year_faults(model: Model) -> list[Fault]:
    faults = []
    for name, year in (("INITIAL TIME", START), ("FINAL TIME", END)):
        variable = next((each for each in model.variables.values() if each.name == name), None)
        if variable is not None and variable.numbers is not None and variable.numbers != (float(year),):
            problem = f"{variable.numbers[0]:g} but the tables are prepared for {START} to {END}"
            remedy = f"Write {year}, or change START and END in dudley_sd/inputs/model_data.py"
            faults.append(Fault(str(model.path), f"line {variable.line}, {name}", problem, remedy))
    return faults

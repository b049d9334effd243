"""Everything that is wrong with a model file and that PySD would let pass."""

from __future__ import annotations

import re
from pathlib import Path

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.dimensions import unit_faults
from dudley_sd.model.equations import read_equations
from dudley_sd.model.lint_subscripts import mapping_faults, reference_faults
from dudley_sd.model.lint_text import macro_faults, text_faults
from dudley_sd.model.lint_traps import control_faults, trap_faults
from dudley_sd.model.variables import assemble


def model_faults(path: Path | str) -> list[Fault]:
    """Every fault of a model file, in order of its lines.

    Parameters
    ----------
    path
        An ``.mdl`` file.

    Returns
    -------
    list of Fault
        Empty if the file is sound: all entries are read, every variable has a unit, a sentence and a group,
        every slice is defined once and named where it is used, both sides of every equation agree in
        units, and no construct is used whose result PySD gets wrong.
    """
    try:
        equations = read_equations(path)
    except InputError as error:
        return list(error.faults)
    model, faults = assemble(equations)
    found = [
        *equations.faults,
        *macro_faults(equations),
        *faults,
        *text_faults(equations, model),
        *control_faults(equations, model),
        *mapping_faults(equations),
        *reference_faults(equations, model),
        *trap_faults(equations),
        *unit_faults(equations),
    ]
    return sorted(dict.fromkeys(found), key=_line)


def _line(fault: Fault) -> int:
    number = re.match(r"line (\d+)", fault.where)
    return int(number[1]) if number else 0

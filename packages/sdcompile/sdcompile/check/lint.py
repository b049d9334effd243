"""Everything that is wrong with a model file and that PySD would let pass."""

from __future__ import annotations

import re
from pathlib import Path

from sdcompile.check.dimensions import unit_faults
from sdcompile.check.lint_delays import fixed_delay_faults, sample_faults, short_delay_faults
from sdcompile.check.lint_files import file_faults
from sdcompile.check.lint_levers import lever_faults
from sdcompile.check.lint_numbers import division_faults, exactness_faults
from sdcompile.check.lint_ranges import family_faults, leading_zero_faults, repeated_element_faults
from sdcompile.check.lint_subscripts import mapping_faults, reference_faults
from sdcompile.check.lint_sums import sum_faults
from sdcompile.check.lint_tables import table_faults
from sdcompile.check.lint_text import macro_faults, text_faults
from sdcompile.check.lint_traps import control_faults, trap_faults
from sdcompile.errors import Fault, InputError
from sdcompile.read.definitions import Equations, read_equations
from sdcompile.read.model import Model, assemble


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
        units, and the fourteen rules for authors hold, as far as ``README.md`` beside this file says.
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
        *rule_faults(equations, model),
        *unit_faults(equations),
    ]
    return sorted(dict.fromkeys(found), key=_line)


def rule_faults(equations: Equations, model: Model) -> list[Fault]:
    """Faults against the rules for authors that no reader of the equations needs, in order of the rules."""
    return [
        *sample_faults(equations),
        *fixed_delay_faults(equations, model),
        *short_delay_faults(equations, model),
        *leading_zero_faults(equations),
        *repeated_element_faults(equations),
        *family_faults(equations),
        *sum_faults(equations),
        *division_faults(equations, model),
        *exactness_faults(equations, model),
        *table_faults(equations),
        *file_faults(equations),
        *lever_faults(equations, model),
    ]


def _line(fault: Fault) -> int:
    number = re.match(r"line (\d+)", fault.where)
    return int(number[1]) if number else 0

"""Lint of a model file: everything that is wrong with it and that PySD would let pass."""

from __future__ import annotations

import re
from pathlib import Path

from sdcompile.check.file_rules import file_faults
from sdcompile.check.number_rules import (
    division_faults,
    exactness_faults,
    fixed_delay_faults,
    sample_faults,
    short_delay_faults,
)
from sdcompile.check.range_rules import (
    family_faults,
    leading_zero_faults,
    mapping_faults,
    reference_faults,
    repeated_element_faults,
)
from sdcompile.check.text_rules import (
    control_faults,
    lever_faults,
    source_faults,
    sum_faults,
    table_faults,
    text_faults,
    trap_faults,
)
from sdcompile.check.unit_faults import unit_faults
from sdcompile.errors import Fault, InputError
from sdcompile.read.model import Model, assemble
from sdcompile.read.parse import ModelText, read_text


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
        text = read_text(path)
    except InputError as error:
        return list(error.faults)
    model, faults = assemble(text)
    found = [
        *text.faults,
        *source_faults(text),
        *faults,
        *text_faults(text, model),
        *control_faults(text, model),
        *mapping_faults(text),
        *reference_faults(text, model),
        *trap_faults(text),
        *rule_faults(text, model),
        *unit_faults(text),
    ]
    return sorted(dict.fromkeys(found), key=_line)


def rule_faults(text: ModelText, model: Model) -> list[Fault]:
    """Faults against the rules for authors that no reader of the equations needs, in order of the rules."""
    return [
        *sample_faults(text),
        *fixed_delay_faults(text, model),
        *short_delay_faults(text, model),
        *leading_zero_faults(text),
        *repeated_element_faults(text),
        *family_faults(text),
        *sum_faults(text),
        *division_faults(text, model),
        *exactness_faults(text, model),
        *table_faults(text),
        *file_faults(text),
        *lever_faults(text, model),
    ]


def _line(fault: Fault) -> int:
    number = re.match(r"line (\d+)", fault.where)
    return int(number[1]) if number else 0

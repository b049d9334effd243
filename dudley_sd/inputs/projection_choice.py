"""Projection chosen for a run, as one text: a base, the model's own, or a file and what is stated of it."""

from __future__ import annotations

import re
from pathlib import Path

from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ons.release import UNITS, FileFacts, file_facts

PUBLISHED = "2014"
"""The projection of the source documents. An area without it, and all that stand beside one, run on a common
other: `dudley_sd.inputs.common_projection.common_projection`."""

OWN = "own"
"""The people of mid-2018, as ONS estimated them, carried forward by the model's own rates."""

IMPORTED = Path("ons") / "imported"
"""Where `dudley-sd ons` writes, relative to the folder of inputs; a base alone is looked for there."""

TURNS_ON_THE_BASE = (
    "Two findings on Dudley turn on the base: from 2018 to 2032 people of 15 to 64 fall by 1.3% in the "
    "2014-based projection and rise in the 2018-based; people of 75 and over grow by 10,600 in the "
    "2014-based and by 7,000 in the 2018-based."
)
"""What a reader of any result should know; ``tests/published/test_projection_bases.py`` checks it."""

_STATED = re.compile(
    r"#(?:base=(?P<base>\d{4}))?&?(?:unit=(?P<unit>[a-z]+))?&?(?:variant=(?P<variant>[^&#]+))?$"
)


def projection_choice(
    projection: str, base: int | None = None, unit: str | None = None, variant: str | None = None
) -> str:
    """Return a projection with the facts stated of its file: ``people.csv#base=2018&unit=persons``.

    Requests, plan files and manifests hold it in this form, so that facts go wherever the file goes.

    Raises
    ------
    InputError
        If a fact is none; if facts are stated though no file is chosen.
    """
    file_facts(base, unit, variant)
    given = {"base": base, "unit": unit, "variant": variant}
    stated = [f"{name}={value}" for name, value in given.items() if value is not None]
    if not stated:
        return projection
    if not is_file(projection):
        options = ", ".join(f"--{name}" for name, value in given.items() if value is not None)
        problem = f"{options} describes a projection file, and none is given (--projection {projection})"
        raise InputError([Fault("--projection", projection, problem, "Give the file: --projection FILE")])
    return f"{projection}#{'&'.join(stated)}"


def split_choice(choice: str) -> tuple[str, FileFacts]:
    """Return the projection without facts, and the facts.

    Raises
    ------
    InputError
        If the text after the file states no facts.
    """
    found = _STATED.search(choice)
    if not found or not is_file(choice[: found.start()]):
        return choice, FileFacts()
    base = found["base"]
    return choice[: found.start()], file_facts(int(base) if base else None, found["unit"], found["variant"])


def choice_text(choice: str) -> list[str]:
    """Return the words of a command line that choose the same projection."""
    projection, facts = split_choice(choice)
    words = ["--projection", projection]
    if facts.base is not None:
        words += ["--base", str(facts.base)]
    if facts.unit is not None:
        words += ["--unit", next(typed for typed, unit in UNITS.items() if unit == facts.unit)]
    if facts.variant is not None:
        words += ["--variant", facts.variant]
    return words


def is_file(projection: str) -> bool:
    """Whether a projection is the path of a file, not a base or the model's own."""
    return not re.fullmatch(r"\d+|own", projection)

"""Lets PySD parse a model file; an equation that it cannot read is named."""

from __future__ import annotations

import pickle
import re
import warnings
from pathlib import Path
from typing import Any

from dudley_sd.errors import Fault, InputError

_LEFT = re.compile(r"[=(\[]")
_FAILURES = (AttributeError, IndexError, KeyError, NotImplementedError, TypeError, ValueError)
"""What PySD's parser raises, besides its grammar's own errors."""


_KEPT = 8
_PARSED: dict[tuple[str, bytes], bytes] = {}
"""What was found in texts that this process read, packed: areas share one, and parsing it takes a second."""


def parse(path: Path) -> list[Any]:
    """Parse a model file into the sections of PySD's abstract model, which the caller may change.

    Raises
    ------
    InputError
        If there is no such file, or PySD cannot read it.
    """
    if not path.is_file():
        raise InputError([Fault(str(path), "", "there is no such file", "Give the path of a model file")])
    text = (path.suffix.lower(), path.read_bytes())
    packed = _PARSED.get(text)
    if packed is None:
        packed = pickle.dumps(_parsed(path))
        if len(_PARSED) >= _KEPT:
            _PARSED.clear()
        _PARSED[text] = packed
    sections: list[Any] = pickle.loads(packed)
    return sections


def _parsed(path: Path) -> list[Any]:
    if path.suffix.lower() == ".mdl":
        from pysd.translators.vensim.vensim_file import VensimFile as Reader
    else:
        from pysd.translators.xmile.xmile_file import XmileFile as Reader
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = Reader(path)
            file.parse()
            sections: list[Any] = list(file.get_abstract_model().sections)
    except Exception as error:  # PySD's parser raises whatever its grammar meets
        faults = _unreadable(path) if path.suffix.lower() == ".mdl" else []
        if not faults:
            faults = [Fault(path.name, "", f"PySD cannot read it: {_line(error)}", "Correct the model file")]
        raise InputError(faults) from error
    return sections


def _unreadable(path: Path) -> list[Fault]:
    """Find the equations of a Vensim file that PySD cannot read; none if it is the file that is at fault."""
    from parsimonious.exceptions import ParsimoniousError
    from pysd.translators.vensim.vensim_file import VensimFile

    faults: list[Fault] = []
    try:
        file = VensimFile(path)
        file.parse(parse_all=False)
        for section in file.sections:
            section.parse(parse_all=False)
    except (ParsimoniousError, *_FAILURES):
        return faults
    for element in (element for section in file.sections for element in section.elements):
        try:
            component = element.parse()
            if hasattr(component, "parse"):
                component.parse()
        except (ParsimoniousError, *_FAILURES) as error:
            faults.append(_fault(path, " ".join(str(element.equation).split()), error))
    return faults


def _fault(path: Path, text: str, error: Exception) -> Fault:
    """Word what is wrong with one equation."""
    where = f"variable {_LEFT.split(text)[0].strip() or text}"
    if "=" not in text:
        remedy = "Write one; data come from GET DIRECT DATA(...)"
        return Fault(path.name, where, f"it has no equation ({text[:80]!r})", remedy)
    problem = f"PySD cannot read {text[:200]!r}: {_line(error)}"
    return Fault(path.name, where, problem, "Correct the equation")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:400].rstrip(".")

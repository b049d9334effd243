"""Lets PySD parse a model file whose own text was checked; an equation that it cannot read is named."""

from __future__ import annotations

import pickle
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdcompile.errors import Fault, InputError
from sdcompile.names import plain
from sdcompile.read.vensim_text import VensimText, read_vensim
from sdcompile.read.xmile_tree import Limited, XmileTree, read_xmile

VENSIM = ".mdl"
SUFFIXES = (VENSIM, ".xmile", ".xml", ".stmx")
_LEFT = re.compile(r"[=(\[]")

_KEPT = 8
_PARSED: dict[tuple[str, str, bytes], bytes] = {}
"""What was found in texts that this process read, packed: areas share one, and parsing it takes a second."""


@dataclass
class Parsed:
    """What a model file says.

    Attributes
    ----------
    sections
        The sections of PySD's abstract model, which the caller may change.
    lines
        By the plain name of each variable, the line of each of its equations.
    limited
        XMILE's stocks that may not fall below nothing.
    """

    sections: list[Any]
    lines: dict[str, list[int]]
    limited: list[Limited] = field(default_factory=list)


UNREAD = "Correct the equation; if it is right, write it with functions that FUNCTIONS.md lists"


def parse(path: Path) -> Parsed:
    """Parse a model file.

    Raises
    ------
    InputError
        If there is no such file, or naming what PySD cannot read or would drop.
    """
    if not path.is_file():
        raise InputError([Fault(str(path), "", "there is no such file", "Give the path of a model file")])
    if path.suffix.lower() not in SUFFIXES:
        problem = f"a model file does not end in {path.suffix!r}"
        raise InputError([Fault(path.name, "", problem, f"Give a file that ends in {', '.join(SUFFIXES)}")])
    text = (path.name, path.suffix.lower(), path.read_bytes())
    packed = _PARSED.get(text)
    if packed is None:
        packed = pickle.dumps(_vensim(path) if text[1] == VENSIM else _xmile(path))
        if len(_PARSED) >= _KEPT:
            _PARSED.clear()
        _PARSED[text] = packed
    parsed: Parsed = pickle.loads(packed)
    return parsed


def _vensim(path: Path) -> Parsed:
    checked = read_vensim(path)
    file = _vensim_file(path, checked)
    try:
        file.parse()
        sections = list(file.get_abstract_model().sections)
    except Exception as error:  # PySD's parser raises whatever its grammar meets
        faults = _unreadable_equations(path, checked)
        raise InputError(faults or [_unreadable(path, error)]) from error
    _refuse_lost(
        path, sections, checked.lines, "Take quotation marks out of its units and the text after its comment"
    )
    return Parsed(sections, checked.lines)


def _refuse_lost(path: Path, sections: list[Any], lines: dict[str, list[int]], remedy: str) -> None:
    """Refuse what the file defines and PySD's model does not: it drops what it cannot place, in silence."""
    main = next(section for section in sections if section.name == "__main__")
    found: dict[str, int] = {}
    for element in (*main.elements, *main.constraints, *main.test_inputs):
        key = plain(element.name)
        found[key] = found.get(key, 0) + len(getattr(element, "components", [element]))
    lost = {key: at for key, at in lines.items() if found.get(key, 0) < len(at)}
    if lost:
        problem = "PySD loses it, or an equation of it"
        raise InputError(
            [Fault(path.name, f"variable {key}, line {at[-1]}", problem, remedy) for key, at in lost.items()]
        )


def _vensim_file(path: Path, checked: VensimText) -> Any:
    from pysd.translators.vensim.vensim_file import VensimFile

    class Checked(VensimFile):  # type: ignore[misc]
        def _read(self, encoding: str | None) -> str:  # noqa: ARG002 - it is read already
            return checked.text

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Checked(path)


def _unreadable_equations(path: Path, checked: VensimText) -> list[Fault]:
    """Find the equations of a Vensim file that PySD cannot read; none if it is the file that is at fault."""
    faults: list[Fault] = []
    file = _vensim_file(path, checked)
    try:
        file.parse(parse_all=False)
        for section in file.sections:
            section.parse(parse_all=False)
    except Exception:  # noqa: BLE001 - the caller words it
        return faults
    for element in (element for section in file.sections for element in section.elements):
        try:
            component = element.parse()
            if hasattr(component, "parse"):
                component.parse()
        except Exception as error:  # noqa: BLE001 - each equation has its own fault
            faults.append(_fault(path, " ".join(str(element.equation).split()), error))
    return faults


def _fault(path: Path, text: str, error: Exception) -> Fault:
    """Word what is wrong with one equation."""
    where = f"variable {_LEFT.split(text)[0].strip() or text}"
    if "=" not in text:
        remedy = "Write one; data come from GET DIRECT DATA(...)"
        return Fault(path.name, where, f"it has no equation ({text[:80]!r})", remedy)
    problem = f"PySD cannot read {text[:200]!r}: {_line(error)}"
    return Fault(path.name, where, problem, UNREAD)


def _xmile(path: Path) -> Parsed:
    checked = read_xmile(path)
    file = _xmile_file(path, checked)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file.parse(parse_all=False)
            (section,) = file.sections
            section.parse(parse_all=False)
    except Exception as error:  # PySD's parser raises whatever it meets
        raise InputError([_unreadable(path, error)]) from error
    faults: list[Fault] = []
    for component in section.components:
        try:
            component.parse(section.behaviors)
        except Exception as error:  # noqa: BLE001 - each variable has its own fault
            problem = f"PySD cannot read its equation: {_line(error)}"
            faults.append(Fault(path.name, f"variable {component.name}", problem, UNREAD))
    if faults:
        raise InputError(faults)
    sections = list(file.get_abstract_model().sections)
    _refuse_lost(path, sections, checked.lines, "Give it another name")
    return Parsed(sections, checked.lines, checked.limited)


def _xmile_file(path: Path, checked: XmileTree) -> Any:
    from pysd.translators.xmile.xmile_file import XmileFile

    class Checked(XmileFile):  # type: ignore[misc]
        def _get_root(self) -> Any:
            return checked.root

    return Checked(path)


def _unreadable(path: Path, error: Exception) -> Fault:
    return Fault(path.name, "", f"PySD cannot read it: {_line(error)}", "Correct the model file")


def _line(error: Exception) -> str:
    """Write an error in one line; the grammar's own names for its rules help nobody."""
    words = " ".join(str(error).split()).split(" Parse tree:")[0]
    if re.match(r"(KeyError: \d+|TypeError: .*positional argument)", words):
        return "a function is given a number of arguments that PySD does not know"
    rule = re.search(r"begins with '(.*)' \(line", words)
    return (f"it stops at {rule[1]!r}" if rule else words or type(error).__name__)[:400].rstrip(".")

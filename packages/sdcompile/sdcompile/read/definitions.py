"""What PySD makes of each entry of the file, and which entries it refuses or loses."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from parsimonious.exceptions import ParseError, ParsimoniousError

from sdcompile.errors import Fault
from sdcompile.read.entries import Entry
from sdcompile.read.source import Source, read_source
from sdcompile.read.text_ranges import Ranges, expand

READ = (2, 3)
"""How many ~ an entry may have for PySD to read it; the third introduces :SUPPLEMENTARY."""


@dataclass(frozen=True)
class Piece:
    """One equation as written and as PySD understands it.

    Attributes
    ----------
    entry
        The text.
    kind
        Name of PySD's component class, such as ``"AbstractData"``.
    tree
        The right-hand side as PySD's abstract syntax.
    """

    entry: Entry
    kind: str
    tree: Any


@dataclass(frozen=True)
class Equations:
    """All that PySD reads of a file, and the faults of what it does not.

    Attributes
    ----------
    source
        The text, entry by entry.
    pieces
        Equations in file order.
    ranges
        Subscript ranges with their mappings.
    faults
        Entries that PySD refuses, or would drop without a word.
    """

    source: Source
    pieces: tuple[Piece, ...]
    ranges: Ranges
    faults: tuple[Fault, ...]


def read_equations(path: Path | str) -> Equations:
    """Equations of a model file, each next to its text; nothing is written.

    Parameters
    ----------
    path
        An ``.mdl`` file.

    Returns
    -------
    Equations
        With faults inside: a single bad entry does not hide the others.

    Raises
    ------
    InputError
        If the file cannot be opened or is not UTF-8.

    Notes
    -----
    The last few files are kept, by their content: several stages read the same model.
    """
    return _equations(read_source(path))


@lru_cache(maxsize=4)
def _equations(source: Source) -> Equations:
    faults = _lost(source)
    pieces: list[Piece] = []
    definitions: dict[str, Sequence[str] | str] = {}
    mappings: dict[str, tuple[str, ...]] = {}
    for entry in source.entries:
        parsed = _parsed(source, entry, faults) if entry.kind != "group" and entry.tildes in READ else None
        if parsed is None:
            continue
        if entry.kind == "equation":
            component = parsed.get_abstract_component()
            pieces.append(Piece(entry, type(component).__name__, component.ast))
        elif isinstance(parsed.definition, dict):
            problem = "its elements are read from a spreadsheet, which is not supported"
            faults.append(source.fault(entry, problem, "List the elements in the model file"))
        else:
            definitions[entry.name] = parsed.definition
            # PySD leaves a copy (<->) the mappings of whatever it parsed before.
            mapped = "->" in entry.equation.replace("<->", "")
            mappings[entry.name] = tuple(parsed.mapping) if mapped else ()
    return Equations(source, tuple(pieces), Ranges(expand(definitions), mappings), tuple(faults))


def _lost(source: Source) -> list[Fault]:
    """Find entries that are in the file but not in what PySD makes of it."""
    faults: list[Fault] = []
    for entry in source.entries:
        if entry.kind != "group" and entry.tildes not in READ:
            problem = f"it has {entry.tildes} ~ where PySD needs two, so PySD drops it without a word"
            problem += " and may drop all below it" if entry.tildes != 1 else ""
            faults.append(source.fault(entry, problem, "Write equation ~ unit ~ sentence |"))
        elif entry.limits_text and entry.limits is None:
            problem = f"its limits {entry.limits_text} cannot be read"
            faults.append(source.fault(entry, problem, "Write [min,max,step] in numbers"))
    if faults:
        return faults
    try:
        kept = _kept(source)
    except (ParsimoniousError, ValueError) as error:
        problem = f"PySD cannot split the file into equations ({_reason(error)})"
        return [Fault(str(source.path), "", problem, "Look for a missing ~ or |, and end the name in .mdl")]
    for entry in source.entries:
        equation = _plain(entry.equation)
        if entry.kind != "group" and equation in kept:
            kept.remove(equation)
        elif entry.kind != "group":
            remedy = "Compare it, and what stands above it, with an equation that is read"
            faults.append(source.fault(entry, "PySD drops it without a word", remedy))
    return faults


def _kept(source: Source) -> list[str]:
    """Equations that PySD finds in the file, without blanks."""
    # Imported on use: PySD takes a second, and a run answered from the engine's cache does not need it.
    from pysd.translators.vensim.vensim_file import VensimFile

    file = VensimFile(source.path, encoding="UTF-8")
    file.parse(parse_all=False)
    main = file.sections[0]
    main.parse(parse_all=False)
    return [_plain(element.equation) for element in main.elements]


def _plain(equation: str) -> str:
    return re.sub(r"[\s\\]+", "", equation)


def _parsed(source: Source, entry: Entry, faults: list[Fault]) -> Any:
    """PySD's component or range for one entry, None with a fault if it refuses."""
    try:
        return _element(entry.equation, entry.units, entry.sentence, entry.kind == "equation")
    except (ParsimoniousError, ValueError, TypeError, KeyError) as error:
        problem = f"the equation cannot be read ({_reason(error)}): {entry.equation}"
        faults.append(source.fault(entry, problem, "Correct its syntax, or the number of arguments"))
        return None


@lru_cache(maxsize=2048)
def _element(equation: str, units: str, sentence: str, whole: bool) -> Any:
    """PySD's component or range; those of a few files are kept, as most stay the same when one is changed."""
    from pysd.translators.vensim.vensim_element import Element

    with warnings.catch_warnings():
        # PySD warns that element lists in mappings are dropped; the lint says so itself.
        warnings.simplefilter("ignore")
        parsed = Element(equation, units, sentence).parse()
        if whole:
            parsed.parse()
    return parsed


def _reason(error: Exception) -> str:
    if isinstance(error, ParseError) and error.text:
        rest = error.text[error.pos : error.pos + 40]
        return f"from {rest!r} on" if rest else "at its end"
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

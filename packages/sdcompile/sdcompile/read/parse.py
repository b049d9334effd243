"""A model file read once: its text, and what PySD's parser makes of each equation, range and macro."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from parsimonious.exceptions import ParseError

from sdcompile.errors import Fault, InputError
from sdcompile.names import plain
from sdcompile.read.entries import Entry
from sdcompile.read.ranges import Range, Ranges, refuse_ranges
from sdcompile.read.source import READ, Source, content_of, read_source
from sdcompile.read.trees import render
from sdcompile.read.xmile_tree import Limited, XmileTree, read_xmile

VENSIM = ".mdl"
SUFFIXES = (VENSIM, ".xmile", ".xml", ".stmx")
UNREAD = "Correct the equation; if it is right, write it with functions that FUNCTIONS.md lists"


@dataclass(frozen=True, eq=False)
class Definition:
    """One equation as written and as PySD understands it.

    Attributes
    ----------
    entry
        The text.
    component
        PySD's component: subscripts, syntax and, for data, what lies between the points.
    """

    entry: Entry
    component: Any

    @property
    def kind(self) -> str:
        """Name of PySD's class, such as ``"AbstractData"``."""
        return type(self.component).__name__

    @property
    def tree(self) -> Any:
        """The right-hand side as PySD's abstract syntax."""
        return self.component.ast


def with_tree(definition: Definition, tree: Any) -> Definition:
    """Definition with another right-hand side."""
    return replace(definition, component=replace(definition.component, ast=tree))


@dataclass(frozen=True, eq=False)
class MacroText:
    """A macro: its name and parameters as calls write them, and its equations."""

    name: str
    parameters: tuple[str, ...]
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, eq=False)
class ModelText:
    """All that a model file says, before names and subscripts are resolved; not to be changed.

    Attributes
    ----------
    source
        The text, entry by entry.
    definitions
        Equations in file order, those of macros apart.
    written_ranges
        Subscript ranges as written.
    macros
        Macros in file order.
    limited
        XMILE's stocks that may not fall below nothing.
    faults
        Entries that cannot be read, or would be dropped without a word.
    """

    source: Source
    definitions: tuple[Definition, ...]
    written_ranges: tuple[Range, ...]
    macros: tuple[MacroText, ...] = ()
    limited: tuple[Limited, ...] = ()
    faults: tuple[Fault, ...] = ()

    @cached_property
    def ranges(self) -> Ranges:
        """Subscript ranges, resolved.

        Raises
        ------
        InputError
            If their elements cannot be read from a file.
        """
        return resolved_ranges(self)

    @property
    def is_xmile(self) -> bool:
        """Whether the words are XMILE's."""
        return self.source.path.suffix.lower() != VENSIM

    def by_name(self, rule: Callable[[str], str] = plain) -> dict[str, list[Definition]]:
        """Equations of each variable, by its name under a rule for names that mean the same."""
        found: dict[str, list[Definition]] = {}
        for definition in self.definitions:
            found.setdefault(rule(definition.entry.name), []).append(definition)
        return found


def resolved_ranges(text: ModelText, strict: bool = False) -> Ranges:
    """Resolve the ranges of a model file anew; see `ModelText.ranges` and `refuse_ranges`."""
    try:
        if strict:
            refuse_ranges(text.written_ranges)
        return Ranges(text.written_ranges, text.source.path.parent)
    except (ValueError, OSError, LookupError, TypeError) as error:
        problem = f"the ranges cannot be read: {' '.join(str(error).split())}"
        fault = Fault(str(text.source.path), "subscripts", problem, "Correct the ranges")
        raise InputError([fault]) from error


def read_text(path: Path | str) -> ModelText:
    """Read a model file; nothing is written.

    Parameters
    ----------
    path
        A Vensim ``.mdl`` or an XMILE ``.xmile``, ``.xml`` or ``.stmx`` file.

    Returns
    -------
    ModelText
        With faults inside: a single bad entry of a Vensim file does not hide the others.

    Raises
    ------
    InputError
        If the file cannot be opened or is not of this kind, or naming all that an XMILE file has wrong.

    Notes
    -----
    The last few files are kept, by their content: several stages read the same model.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        problem = f"a model file does not end in {path.suffix!r}"
        raise InputError([Fault(str(path), "", problem, f"Give a file that ends in {', '.join(SUFFIXES)}")])
    return _read(path, content_of(path))


@lru_cache(maxsize=8)
def _read(path: Path, content: bytes) -> ModelText:
    return _vensim(path, content) if path.suffix.lower() == VENSIM else _xmile(path)


def _vensim(path: Path, content: bytes) -> ModelText:
    source = read_source(path, content)
    faults = list(source.faults)
    ranges: list[Range] = []
    definitions = _definitions(source, source.entries, faults, ranges)
    macros = tuple(
        MacroText(macro.name, macro.parameters, _definitions(source, macro.entries, faults, ranges))
        for macro in source.macros.values()
    )
    return ModelText(source, definitions, tuple(ranges), macros, faults=tuple(faults))


def _definitions(
    source: Source, entries: list[Entry] | tuple[Entry, ...], faults: list[Fault], ranges: list[Range]
) -> tuple[Definition, ...]:
    """Let PySD parse entries one by one; one that it cannot read is a fault."""
    found: list[Definition] = []
    for entry in entries:
        if entry.kind not in ("equation", "range") or entry.tildes not in READ or not entry.is_readable:
            continue
        try:
            parsed = _parsed(entry.equation)
        except Exception as error:  # noqa: BLE001 - PySD's parser raises whatever its grammar meets
            faults.append(source.fault(entry, *_unread(entry, error)))
            continue
        if hasattr(parsed, "definition"):
            # PySD leaves a copy (<->) the mappings of whatever it parsed before.
            mapping = tuple(parsed.mapping) if "->" in entry.equation.replace("<->", "") else ()
            members = parsed.definition
            ranges.append(
                Range(entry.name, tuple(members) if isinstance(members, list) else members, mapping)
            )
        elif hasattr(component := parsed.get_abstract_component(), "ast"):
            found.append(Definition(entry, component))
    return tuple(found)


@lru_cache(maxsize=2048)
def _parsed(equation: str) -> Any:
    """PySD's component or range; those of a few files are kept, as most stay the same when one is changed."""
    # Imported on use: PySD takes a second, and a run answered from the cache does not need it.
    from pysd.translators.vensim.vensim_element import Element

    with warnings.catch_warnings():
        # PySD warns that element lists in mappings are dropped; the lint says so itself.
        warnings.simplefilter("ignore")
        parsed = Element(equation, "", "").parse()
        if hasattr(parsed, "parse"):
            parsed.parse()
    return parsed


def _unread(entry: Entry, error: Exception) -> tuple[str, str]:
    """Problem and remedy of an equation that PySD cannot read."""
    if entry.kind == "equation" and not entry.expression:
        return (
            f"it has no equation ({entry.equation[:80]!r})",
            "Write one; data come from GET DIRECT DATA(...)",
        )
    problem = f"the equation cannot be read ({_reason(error)}): {entry.equation[:200]}"
    return problem, "Correct its syntax, or the number of arguments"


def _xmile(path: Path) -> ModelText:
    checked = read_xmile(path)
    file = _xmile_file(path, checked)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file.parse(parse_all=False)
            (section,) = file.sections
            section.parse(parse_all=False)
    except Exception as error:  # PySD's parser raises whatever it meets
        problem = f"PySD cannot read it: {_reason(error)}"
        raise InputError([Fault(str(path), "", problem, "Correct the model file")]) from error
    faults: list[Fault] = []
    for component in section.components:
        try:
            component.parse(section.behaviors)
        except Exception as error:  # noqa: BLE001 - each variable has its own fault
            problem = f"PySD cannot read its equation: {_reason(error)}"
            written = checked.entries.get(plain(component.name))
            where = written.where if written else f"variable {component.name}"
            faults.append(Fault(str(path), where, problem, UNREAD))
    if faults:
        raise InputError(faults)
    (main,) = file.get_abstract_model().sections
    definitions = tuple(
        Definition(_xmile_entry(checked, element, component), component)
        for element in main.elements
        for component in element.components
    )
    lost = checked.entries.keys() - {plain(element.name) for element in main.elements}
    if lost:
        problem, remedy = "PySD loses it, or an equation of it", "Give it another name"
        found = [entry for key, entry in checked.entries.items() if key in lost]
        raise InputError([Fault(str(path), entry.where, problem, remedy) for entry in found])
    ranges = tuple(Range(each.name, tuple(each.subscripts), tuple(each.mapping)) for each in main.subscripts)
    source = Source(path, tuple(definition.entry for definition in definitions))
    return ModelText(source, definitions, ranges, limited=tuple(checked.limited))


def _xmile_entry(checked: XmileTree, element: Any, component: Any) -> Entry:
    written = checked.entries.get(plain(element.name))
    limits = element.limits if element.limits != (None, None) else None
    return Entry(
        kind="equation",
        line=written.line if written else 0,
        name=element.name,
        equation=written.equation if written else f"{element.name} = {render(component.ast)}",
        subscripts=tuple(component.subscripts[0]),
        units=element.units or "",
        limits=(*limits, None) if limits else None,
        sentence=" ".join((element.documentation or "").split()),
        tildes=READ[0],
    )


def _xmile_file(path: Path, checked: XmileTree) -> Any:
    from pysd.translators.xmile.xmile_file import XmileFile

    class Checked(XmileFile):  # type: ignore[misc]
        def _get_root(self) -> Any:
            return checked.root

    return Checked(path)


def _reason(error: Exception) -> str:
    """Write an error in one line; the grammar's own names for its rules help nobody."""
    if isinstance(error, ParseError) and error.text:
        rest = error.text[error.pos : error.pos + 40]
        return f"from {rest!r} on" if rest else "at its end"
    words = " ".join(str(error).split()).split(" Parse tree:")[0]
    if re.match(r"(KeyError: \d+|TypeError: .*positional argument)", words):
        return "a function is given a number of arguments that PySD does not know"
    return (words or type(error).__name__)[:400].rstrip(".")

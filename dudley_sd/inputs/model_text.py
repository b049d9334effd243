"""Model file with the elements and numbers of the input tables written into it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.entries import Entry
from sdcompile.read.source import read_source
from sdcompile.scratch import scratch_folder

from dudley_sd.inputs.elements import FILE, INTERVENTION, INTERVENTIONS_FILE, read_elements
from dudley_sd.inputs.parameters import read_parameters

MAKE_AGAIN = "Run `dudley-sd prepare` to write elements and numbers into the model file"

_NUMBERS = re.compile(r"[-+\d.eE,;\s]+")
_PIECE = r"(?<![A-Za-z]){}(?![A-Za-z])"


def written_model(path: Path, inputs: Path) -> str:
    """Text of a model file in which elements and constants are what the input tables say.

    Parameters
    ----------
    path
        The model file. Ranges that the tables have elements for, the pieces of a variable that has one for
        each element of a range, and the numbers of constants that have a row are written; all else, and what
        holds the same elements and numbers already, stays as it is, letter for letter.
    inputs
        Folder of inputs.

    Raises
    ------
    InputError
        If a table or the model file cannot be read; if a new element has no row for a constant, or no piece
        of a variable whose pieces differ.
    """
    ranges = {name: tuple(found) for name, found in read_elements(inputs).items()}
    parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    values = {same_name(str(name)): float(value) for name, value in parameters.of_model().items()}
    entries = read_source(path).entries
    old = {entry.name: _listed(entry) for entry in entries if entry.kind == "range"}
    known = old | ranges
    changed = [name for name in ranges if old.get(name, ranges[name]) != ranges[name]]
    lines = path.read_text(encoding="utf-8").split("\n")
    changes: list[tuple[int, int, str]] = []
    pieces: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.kind == "range" and old[entry.name] != known[entry.name]:
            changes.append(_field(lines, entry, f"{entry.name}: {', '.join(known[entry.name])}"))
        parted = [name for name in changed if set(entry.subscripts) & {*old[name], *ranges[name]}]
        for name in parted if entry.kind == "equation" else ():
            pieces.setdefault((entry.name, name), []).append(entry)
        if entry.kind == "equation" and not parted and _NUMBERS.fullmatch(entry.expression):
            numbers = _numbers(entry, known, values)
            if numbers is not None and numbers != _read(entry.expression):
                changes.append(_field(lines, entry, _equation(entry, known, numbers)))
    for (_, name), found in pieces.items():
        changes += _one_each(lines, found, ranges[name], old[name])
    for first, last, text in sorted(changes, reverse=True):
        lines[first:last] = text.split("\n") if text else []
    return "\n".join(lines)


def refuse_other_elements(path: Path, inputs: Path) -> None:
    """Refuse a model file whose ranges are not those of the input tables, see `element_faults`.

    Raises
    ------
    InputError
        With the remedy to run ``dudley-sd prepare``.
    """
    ranges = {entry.name: _listed(entry) for entry in read_source(path).entries if entry.kind == "range"}
    if faults := element_faults(path, ranges, inputs):
        raise InputError(faults)


def element_faults(path: Path, ranges: Mapping[str, Sequence[str]], inputs: Path) -> list[Fault]:
    """Ranges of a model file that do not have the elements of the input tables, in their order.

    Parameters
    ----------
    path
        The model file, for the messages.
    ranges
        Its ranges.
    inputs
        Folder of inputs.
    """
    faults = []
    for name, elements in read_elements(inputs).items():
        file = INTERVENTIONS_FILE if name == INTERVENTION else FILE
        if name not in ranges:
            problem, remedy = "the model file has no such range", f"Declare it as in {file}"
            faults.append(Fault(str(path), f"range {name}", problem, remedy))
        elif tuple(ranges[name]) != tuple(elements):
            problem = f"{first_difference(ranges[name], tuple(elements))}, in {file}"
            faults.append(Fault(str(path), f"range {name}", problem, MAKE_AGAIN))
    return faults


def first_difference(found: Sequence[str], labels: Sequence[str]) -> str:
    """Say where elements first differ from labels."""
    for place, (ours, theirs) in enumerate(zip(found, labels, strict=False), start=1):
        if ours != theirs:
            return f"element {place} is {ours} but {theirs}"
    return f"it has {len(found)} elements but there are {len(labels)}"


def write_model(path: Path, inputs: Path) -> bool:
    """Write elements and constants of the input tables into a model file; return whether it was other before.

    The file is put in place only when it is written as a whole, see `written_model`.
    """
    text = written_model(path, inputs)
    if text == path.read_text(encoding="utf-8"):
        return False
    with scratch_folder(path.parent) as scratch:
        (scratch / path.name).write_text(text, encoding="utf-8", newline="\n")
        (scratch / path.name).replace(path)
    return True


def _listed(entry: Entry) -> tuple[str, ...]:
    return tuple(name.strip() for name in entry.expression.partition("->")[0].split(","))


def _field(lines: Sequence[str], entry: Entry, text: str) -> tuple[int, int, str]:
    """Lines of the first field of an entry, which ends where its unit begins, and what to put there."""
    return entry.line - 1, _next(lines, entry, "~"), text


def _numbers(
    entry: Entry, ranges: Mapping[str, tuple[str, ...]], values: Mapping[str, float]
) -> list[float] | None:
    """Numbers of a constant by the table, last subscript fastest; None where not every element has a row."""
    places = itertools.product(*(ranges.get(name, (name,)) for name in entry.subscripts))
    names = [f"{entry.name}[{','.join(place)}]" if place else entry.name for place in places]
    found = [values.get(same_name(name)) for name in names]
    missing = [name for name, value in zip(names, found, strict=True) if value is None]
    if missing and len(missing) < len(names):
        problem, remedy = f"there is no row for {missing[0]}", "Add it, or one that names the range"
        raise InputError([Fault("parameters.csv", entry.name, problem, remedy)])
    return None if missing else [value for value in found if value is not None]


def _read(expression: str) -> list[float] | None:
    """Numbers of a list as it is written; None where it is none, as ``1 - 2``."""
    try:
        return [float(part) for part in re.split(r"[,;]", expression.strip().rstrip(";"))]
    except ValueError:
        return None


def _equation(entry: Entry, ranges: Mapping[str, tuple[str, ...]], numbers: Sequence[float]) -> str:
    """Constant with its numbers: a line for each element of the first of two subscripts."""
    left = entry.equation.partition("=")[0].strip()
    texts = [repr(number).removesuffix(".0") for number in numbers]
    sizes = [len(ranges[name]) for name in entry.subscripts if name in ranges]
    if len(sizes) < 2:
        return f"{left}=\n\t{', '.join(texts)}"
    rows = [", ".join(texts[start : start + sizes[-1]]) for start in range(0, len(texts), sizes[-1])]
    return f"{left}=\n" + "\n".join(f"\t{row};" for row in rows)


def _one_each(
    lines: Sequence[str], found: Sequence[Entry], wanted: Sequence[str], old: Sequence[str]
) -> list[tuple[int, int, str]]:
    """Write the pieces of a variable that has one for each element of a range, new ones like those there."""
    ends = [_next(lines, entry, "|") + 1 for entry in found]
    texts = {
        name: "\n".join(lines[entry.line - 1 : end])
        for entry, end in zip(found, ends, strict=True)
        for name in entry.subscripts
        if name in (*old, *wanted)
    }
    if list(texts) == list(wanted) or not set(old) <= set(texts):
        return []
    like = [re.sub(_PIECE.format(old[0]), name, texts[old[0]]) for name in old]
    if missing := [name for name in wanted if name not in texts]:
        if like != [texts[name] for name in old]:
            where, remedy = f"{found[0].name}[{missing[0]}]", "Write it, modelled on one of them"
            raise InputError(
                [Fault("the model file", where, "it has no equation; the others differ", remedy)]
            )
        texts |= {name: re.sub(_PIECE.format(old[0]), name, texts[old[0]]) for name in missing}
    first, *others = zip((entry.line - 1 for entry in found), ends, strict=True)
    return [(*first, "\n".join(texts[name] for name in wanted)), *((*each, "") for each in others)]


def _next(lines: Sequence[str], entry: Entry, mark: str) -> int:
    """Place of the first line below an entry's first that begins with a mark."""
    for place in range(entry.line, len(lines)):
        if lines[place].lstrip().startswith(mark):
            return place
    remedy = "Write unit, sentence and the closing | on lines of their own, as Vensim does"
    raise InputError([Fault("the model file", entry.where, f"no line of it begins with {mark}", remedy)])

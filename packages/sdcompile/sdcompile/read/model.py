"""Model file as names, units and dependencies; what was read before is kept in the user's cache."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from sdcompile.cache import discard, find, key_of, remember
from sdcompile.digests import file_digest
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name, snake_case
from sdcompile.read.entries import Limits
from sdcompile.read.trees import is_number, kind_of, references

if TYPE_CHECKING:  # a model file that was read before is not parsed again
    from sdcompile.read.parse import Definition, ModelText
    from sdcompile.read.shapes import Shape


Kind = TypeVar("Kind")
SHELF, FILE = "read", "content.json"


def stored(content: bytes, kind: type[Kind]) -> Kind | None:
    """Return what was kept of a text; None if nothing is there or it cannot be read.

    Parameters
    ----------
    content
        The text that was read.
    kind
        The dataclass to return.
    """
    key = _key(content, kind)
    folder = find(SHELF, key)
    if folder is None:
        return None
    try:
        return TypeAdapter(kind).validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError, ValueError):
        discard(SHELF, key)
        return None


def keep(content: bytes, found: object) -> None:
    """Keep what was read of a text, whole or not at all; where that is not possible it is read again."""
    written = TypeAdapter(type(found)).dump_json(found)

    def write(folder: Path) -> None:
        (folder / FILE).write_bytes(written)

    with suppress(OSError):
        remember(SHELF, _key(content, type(found)), write)


def _key(content: bytes, kind: type[object]) -> str:
    return key_of(_readers(), kind.__qualname__, content)


@cache
def _readers() -> bytes:
    """Everything that decides how a text is read: this package's own files and the version of PySD."""
    digest = hashlib.sha256(version("pysd").encode("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode("utf-8") + path.read_bytes())
    return digest.digest()


CONTROL = ("initial time", "final time", "time step", "saveper")


@dataclass(frozen=True)
class Variable:
    """One variable of the model, whatever number of pieces it is written in.

    Attributes
    ----------
    name, key
        As in the model file, and in snake case as Python and the outputs write it.
    group
        Sector heading above its first piece.
    units, sentence, limits
        From the first piece that has one; limits are ``(min, max, step)``.
    subscripts
        Range of each dimension, in order: for pieces, the range that holds exactly all of them.
    kind
        ``constant``, ``external``, ``data``, ``table``, ``auxiliary``, ``stock``, ``smooth``, ``delay``,
        ``initial``, ``sample``, ``trend`` or ``forecast``.
    equations
        Text of every piece, left and right.
    uses
        Keys of the variables it refers to, initial values included.
    line
        Where its first piece starts.
    control
        Whether it is one of INITIAL TIME, FINAL TIME, TIME STEP, SAVEPER.
    numbers
        Values of a constant, last subscript fastest; None for any other kind.
    """

    name: str
    key: str
    group: str
    units: str
    sentence: str
    limits: Limits | None
    subscripts: tuple[str, ...]
    kind: str
    equations: tuple[str, ...]
    uses: tuple[str, ...]
    line: int
    control: bool = False
    numbers: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """A model file as names, units and dependencies; two of them are the same only if they are one object.

    Attributes
    ----------
    path
        The file.
    variables
        By key (snake case), in file order.
    ranges
        Elements of every subscript range, by name.
    groups
        Sectors in file order.
    """

    path: Path
    variables: dict[str, Variable]
    ranges: dict[str, tuple[str, ...]]
    groups: tuple[str, ...]


def read_model(path: Path | str) -> Model:
    """Variables of a model file.

    Parameters
    ----------
    path
        An ``.mdl`` file in UTF-8.

    Returns
    -------
    Model
        Read without writing anything.

    Raises
    ------
    InputError
        If an equation cannot be read or would be dropped, if two names collide in snake case, or if the
        pieces of a variable do not cover its ranges exactly once. Units and sentences are
        :func:`sdcompile.check.lint.model_faults`' business.
    """
    path = Path(path)
    if not path.is_file():
        return _parsed(path)
    digest = file_digest(path)
    model = _READ.get((digest, path))
    if model is None:
        same = (known for (content, _), known in _READ.items() if content == digest)
        model = replace(next(same, None) or _from_cache(path), path=path)
        if len(_READ) >= MODELS_KEPT:
            _READ.clear()
        _READ[digest, path] = model
    return model


def _from_cache(path: Path) -> Model:
    content = path.read_bytes()
    model = stored(content, Model)
    if model is None:
        model = _parsed(path)
        keep(content, model)
    return model


def _parsed(path: Path) -> Model:
    from sdcompile.read.parse import read_text

    text = read_text(path)
    model, faults = assemble(text)
    faults = [*text.faults, *faults]
    if faults:
        raise InputError(faults)
    return model


MODELS_KEPT = 32
_READ: dict[tuple[str, Path], Model] = {}
"""Model files read by this process, by content and path: every run and every footprint reads the same one."""


def assemble(text: ModelText) -> tuple[Model, list[Fault]]:
    """Model from text, with the faults that would make it wrong."""
    from sdcompile.read.shapes import shape_of

    faults: list[Fault] = []
    pieces = text.by_name(same_name)
    keys = {plain: snake_case(found[0].entry.name) for plain, found in pieces.items()}
    variables: dict[str, Variable] = {}
    for plain, found in pieces.items():
        shape = shape_of(text, found)
        faults += shape.faults
        variable = _variable(plain, found, shape, keys)
        other = variables.get(variable.key)
        if other is not None:
            problem = f"its name and {other.name!r} (line {other.line}) are both {variable.key} in Python"
            faults.append(text.source.fault(found[0].entry, problem, "Rename one of them"))
        variables.setdefault(variable.key, variable)
    source = text.source
    return Model(source.path, variables, dict(text.ranges.elements), source.groups), faults


@cache
def _kinds() -> dict[str, str]:
    """Kind of a variable that is nothing but one function, by PySD's name of it."""
    from sdcompile.functions.registry import STRUCTURES

    kinds = {name: each.kind for name, each in STRUCTURES.items() if each.kind}
    return kinds | {"Data": "data", "Lookups": "table"}


def piece_kind(piece: Definition) -> str:
    """Kind of variable that a piece on its own would make."""
    if piece.kind == "AbstractLookup":
        return "table"
    if piece.kind == "AbstractData":
        return "data"
    if is_number(piece.tree) or isinstance(piece.tree, np.ndarray):
        return "constant"
    return _kinds().get(kind_of(piece.tree), "auxiliary")


def _variable(plain: str, pieces: list[Definition], shape: Shape, keys: dict[str, str]) -> Variable:
    entries = [piece.entry for piece in pieces]
    kind = _kind(pieces)
    used = [keys[found.name] for piece in pieces for found in references(piece.tree) if found.name in keys]
    return Variable(
        name=entries[0].name,
        key=keys[plain],
        group=entries[0].group,
        units=next((entry.units for entry in entries if entry.units), ""),
        sentence=next((entry.sentence for entry in entries if entry.sentence), ""),
        limits=next((entry.limits for entry in entries if entry.limits), None),
        subscripts=shape.subscripts,
        kind=kind,
        equations=tuple(entry.equation for entry in entries),
        uses=tuple(dict.fromkeys(used)),
        line=entries[0].line,
        control=plain in CONTROL,
        numbers=shape.numbers if kind == "constant" else None,
    )


def _kind(pieces: list[Definition]) -> str:
    """One kind for all pieces: a number beside equations is an equation too."""
    kinds = {piece_kind(piece) for piece in pieces}
    return kinds.pop() if len(kinds) == 1 else "auxiliary"

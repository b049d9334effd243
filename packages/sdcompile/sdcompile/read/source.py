"""What is written in the model file, entry by entry, before anyone interprets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.read.entries import Entry, read_entry

SKETCH = "\\\\\\---///"

_TOKEN = re.compile(r'"(?:\\"|[^"])*"|[^"]', re.DOTALL)
_MACRO = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """The model file before its sketch.

    Attributes
    ----------
    path
        The file.
    entries
        Equations, ranges and groups in file order.
    macros
        Lines on which a macro starts; macros are not read.
    """

    path: Path
    entries: tuple[Entry, ...]
    macros: tuple[int, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in file order, each once."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries if entry.kind == "group"))

    def fault(self, entry: Entry, problem: str, remedy: str) -> Fault:
        """Fault in one entry of this file."""
        return Fault(str(self.path), entry.where, problem, remedy)


def read_source(path: Path | str) -> Source:
    """Entries of a Vensim text model.

    Parameters
    ----------
    path
        An ``.mdl`` file in UTF-8.

    Returns
    -------
    Source
        All that precedes the sketch; nothing is dropped, however malformed.

    Raises
    ------
    InputError
        If the file cannot be opened or is not UTF-8.
    """
    path = Path(path)
    text = _read_text(path).split(SKETCH, 1)[0]
    macros = tuple(_line_of(text, found.start()) for found in _MACRO.finditer(text))
    text = _MACRO.sub(lambda found: _blank(found.group()), text)
    text = re.sub(r"\A\s*\{[^}]*\}", lambda found: _blank(found.group()), text)
    entries: list[Entry] = []
    group = ""
    for start, fields in _chunks(text):
        entry = read_entry(fields, _line_of(text, start), group)
        group = entry.name if entry.kind == "group" else group
        entries.append(entry)
    return Source(path, tuple(entries), macros)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        fault = Fault(str(path), "", f"the file cannot be opened ({error.strerror})", "Check the path")
        raise InputError([fault]) from error
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8: byte {error.start} cannot be read"
        raise InputError([Fault(str(path), "", problem, "Save the file as UTF-8")]) from error


def _blank(text: str) -> str:
    """Keep the line breaks, nothing else: line numbers below stay right."""
    return "\n" * text.count("\n")


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _chunks(text: str) -> list[tuple[int, list[str]]]:
    """Fields of every entry and where it starts; ``~`` and ``|`` inside a quoted name do not split.

    Vensim and PySD honour quotes in the first two fields only: the third is free text.
    """
    chunks: list[tuple[int, list[str]]] = []
    fields: list[str] = []
    begin = position = start = 0
    while position < len(text):
        token = _TOKEN.match(text, position) if len(fields) < 2 else None
        end = token.end() if token else position + 1
        mark = text[position:end]
        if mark in ("~", "|"):
            fields.append(text[begin:position])
            begin = end
        if mark == "|":
            chunks.append((start, fields))
            fields, start = [], end
        position = end
    chunks.append((start, [*fields, text[begin:]]))
    return [
        (start + len(fields[0]) - len(fields[0].lstrip()), fields)
        for start, fields in chunks
        if "".join(fields).strip() or len(fields) > 1
    ]

"""Text of a Vensim file, divided into entries; what would be dropped or misread is noted as a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import plain
from sdcompile.read.entries import Entry, read_entry, readable
from sdcompile.read.precedence import unclear

READ = (2, 3)
"""How many ~ an entry has; the third introduces :SUPPLEMENTARY."""

_SKETCH = "\\\\\\---///"
_SETTINGS = "///---\\\\\\"
_ENCODING = re.compile(rb"\s*\{([\w.-]+)\}")
_HEADER = re.compile(r"\s*\{[^}]*\}")
_TOKEN = re.compile(r'"(?:\\"|[^"])*"|[{~|]')
_COMMENT = re.compile(r'("(?:\\"|[^"])*")|\{[^}]*\}')
_MACRO = re.compile(r":MACRO:\s*([^(]+)\(([^)]*)\)", re.IGNORECASE)
_END_OF_MACRO = ":END OF MACRO:"
_ALIAS = re.compile(r"^\d+:(\?[^=]*)=(.*)$")
_ALIAS_USED = re.compile(r"'(\?[^']*)'")
_METHODS = {"1": "Runge-Kutta 4", "3": "Runge-Kutta 2", "4": "Runge-Kutta 2", "5": "Runge-Kutta 4"}
_EULER = ("0", "2")
_LETTER = re.compile(r"\S")
_UNREADABLE = re.compile("[\udc80-\udcff]")
MOST_SHOWN = 60


@dataclass
class Macro:
    """A macro of the file: its name as calls write it, parameters, and the line on which it starts."""

    name: str
    parameters: tuple[str, ...]
    line: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """The text of a model file.

    Attributes
    ----------
    path
        The file.
    entries
        Equations, ranges and groups in file order; those of macros apart.
    macros
        By name.
    faults
        What cannot be read, or would be dropped without a word.
    undecoded
        Place of the first byte that is not UTF-8, -1 if all of them are.
    """

    path: Path
    entries: tuple[Entry, ...]
    macros: dict[str, Macro] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    undecoded: int = -1

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in file order, each once."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries if entry.kind == "group"))

    def fault(self, entry: Entry, problem: str, remedy: str) -> Fault:
        """Fault in one entry of this file."""
        return Fault(str(self.path), entry.where, problem, remedy)


def read_source(path: Path | str, data: bytes | None = None) -> Source:
    """Entries of a Vensim text model.

    Parameters
    ----------
    path
        An ``.mdl`` file, in UTF-8 unless its first line names another encoding.
    data
        Its content, where that is read already.

    Returns
    -------
    Source
        All that precedes the sketch, with the faults of what is malformed or integrated by another method
        than Euler's.

    Raises
    ------
    InputError
        If the file cannot be opened, or its encoding is not known.
    """
    path = Path(path)
    data = (content_of(path) if data is None else data).removeprefix(b"\xef\xbb\xbf")
    whole = _decoded(path, data)
    model, settings, first_line = _split(whole)
    reading = _Reading(str(path))
    reading.settings(settings, first_line)
    for line, fields in _chunks(reading, model):
        reading.entry(line, fields)
    reading.repeated_in_macros()
    undecoded = _first_wrong_byte(data) if _UNREADABLE.search(whole) or _ENCODING.match(data) else -1
    return Source(path, tuple(reading.entries), reading.macros, tuple(reading.faults), undecoded)


@dataclass
class _Reading:
    """What is found while a file is gone through."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    macros: dict[str, Macro] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, int] = field(default_factory=dict)
    group: str = ""
    macro: Macro | None = None

    def refuse(self, line: int, name: str, problem: str, remedy: str) -> None:
        where = f"line {line}, {readable(name)[:MOST_SHOWN]}" if name else f"line {line}"
        self.faults.append(Fault(self.file, where, problem, remedy))

    def settings(self, settings: str, first_line: int) -> None:
        """Refuse another method than Euler's; find the files that aliases stand for."""
        for number, row in enumerate(settings.splitlines(), start=first_line):
            alias = _ALIAS.match(row.strip())
            if alias:
                self.aliases[alias[1].strip()] = alias[2].strip()
            elif row.startswith("15:"):
                self._method(number, row)
            elif "=" in row and "~" in row and not row[:1].isdigit():
                name = read_entry([row.split("~")[0]], number, "").name
                problem = "it stands below the settings, where it is ignored"
                self.refuse(number, name, problem, "Move it above them")

    def _method(self, number: int, row: str) -> None:
        fields = row[3:].split(",")
        code = fields[3].strip() if len(fields) > 3 else ""
        if code not in _EULER:
            method = _METHODS.get(code, f"one that is not known ({row.strip()!r})")
            problem = f"the settings ask for the integration method {method}; only Euler's is supported"
            remedy = "Set the integration type to Euler in Model > Settings, with a short enough TIME STEP"
            self.refuse(number, "", problem, remedy)

    def entry(self, line: int, fields: list[str]) -> None:
        """Read one entry and note what is wrong with its text."""
        text = _COMMENT.sub(lambda found: found[1] or " " + "\n" * found[0].count("\n"), fields[0])
        equation = self._past_macro(line, text)
        if not equation.strip():
            if len(fields) > 2:
                remedy = "Write an equation or delete the entry"
                self.refuse(line + text.count("\n"), "", "there is nothing before the ~", remedy)
            return
        line += text[: len(text) - len(equation.lstrip())].count("\n")
        entry = read_entry([equation, *fields[1:]], line, self.group)
        self.group = entry.name if entry.kind == "group" else self.group
        if entry.kind in ("equation", "range"):
            self._check(entry, fields)
            used = _ALIAS_USED.sub(lambda found: self._file_of(entry, found[1]), entry.equation)
            entry = replace(entry, equation=used)
        (self.entries if self.macro is None else self.macro.entries).append(entry)

    def _past_macro(self, line: int, text: str) -> str:
        """Step over the borders of macros before an equation."""
        closed = text.upper().rfind(_END_OF_MACRO)
        start = 0 if closed < 0 else closed + len(_END_OF_MACRO)
        if start:
            self.macro = None
        opened = _MACRO.search(text, start)
        if opened is None:
            return text[start:]
        line += text[: opened.start()].count("\n")
        parameters = opened[2].split(":")[0].split(",")
        self.macro = Macro(plain(opened[1]), tuple(map(plain, parameters)), line)
        first = self.macros.setdefault(self.macro.name, self.macro)
        self._once(first.line, line, f"macro {opened[1].strip()}")
        return text[opened.end() :]

    def _check(self, entry: Entry, fields: list[str]) -> None:
        problems: list[tuple[str, str]] = []
        if entry.tildes not in READ:
            problem = f"it has {entry.tildes} ~ where PySD needs two, so PySD drops it without a word"
            problem += " and may drop all below it" if entry.tildes != 1 else ""
            problems.append((problem, "Write equation ~ unit ~ sentence |"))
        elif entry.limits_text and entry.limits is None:
            problems.append(
                (f"its limits {entry.limits_text} cannot be read", "Write [min,max,step] in numbers")
            )
        elif '"' in fields[1]:
            problem = "PySD loses it, or an equation of it, for a quotation mark in its units"
            problems.append((problem, "Take it out"))
        if not entry.is_readable:
            problems.append(("a letter of it cannot be read as text", "Save the model as UTF-8"))
        found = unclear(entry.equation)
        for problem, remedy in [*problems, *([found] if found else [])]:
            self.refuse(entry.line, entry.name, problem, remedy)
        if entry.kind == "range" and self.macro is None:
            first = self.ranges.setdefault(plain(entry.name), entry.line)
            self._once(first, entry.line, f"range {entry.name}")

    def _once(self, first: int, line: int, name: str) -> None:
        if first != line:
            problem = f"{name} is defined twice, on lines {first} and {line}"
            self.refuse(line, "", problem, "Keep one definition")

    def _file_of(self, entry: Entry, alias: str) -> str:
        if alias not in self.aliases:
            problem = f"the settings do not say which file {alias!r} stands for"
            remedy = f"Add a line 30:{alias}=FILE to the settings, or write the file's name in its place"
            self.refuse(entry.line, entry.name, problem, remedy)
        return f"'{self.aliases.get(alias, alias)}'"

    def repeated_in_macros(self) -> None:
        """Refuse a variable that a macro defines twice."""
        for macro in self.macros.values():
            first: dict[str, int] = {}
            for entry in macro.entries:
                line = first.setdefault(plain(entry.name), entry.line)
                if line != entry.line:
                    problem = f"it is defined twice in macro {macro.name}, on lines {line} and {entry.line}"
                    self.refuse(entry.line, entry.name, problem, "Keep one definition")


def content_of(path: Path) -> bytes:
    """Read a file; one that cannot be opened is a fault."""
    try:
        return path.read_bytes()
    except OSError as error:
        fault = Fault(str(path), "", f"the file cannot be opened ({error.strerror})", "Check the path")
        raise InputError([fault]) from error


def _decoded(path: Path, data: bytes) -> str:
    """Decode the file; bytes that are no letters become marks that an equation may not hold."""
    named = _ENCODING.match(data)
    encoding = named[1].decode("ascii") if named else "UTF-8"
    try:
        return data.decode(encoding, errors="surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    except (LookupError, UnicodeDecodeError) as error:
        fault = Fault(str(path), "line 1", f"its text is not {encoding}: {error}", "Save the model as UTF-8")
        raise InputError([fault]) from error


def _first_wrong_byte(data: bytes) -> int:
    try:
        data.decode("UTF-8")
    except UnicodeDecodeError as error:
        return error.start
    return -1


def _split(whole: str) -> tuple[str, str, int]:
    """Divide a file into its equations and its settings; the sketch between them is left out."""
    sketch, settings = whole.find(_SKETCH), whole.find(_SETTINGS)
    ends = [place for place in (sketch, settings) if place >= 0]
    model = whole[: min(ends)] if ends else whole
    after = whole[settings:] if settings >= 0 else ""
    return model, after, whole.count("\n", 0, max(settings, 0)) + 1


def _chunks(reading: _Reading, model: str) -> Iterator[tuple[int, list[str]]]:
    """Line and fields of every entry; before the first ``~`` quotes and comments hide marks."""
    header = _HEADER.match(model)
    start = begin = place = header.end() if header else 0
    fields: list[str] = []
    while match := _TOKEN.search(model, place):
        token, place = match[0], match.end()
        if token in "~|":
            fields.append(model[begin : match.start()])
            begin = place
            if token == "|":
                yield _at(model, start), fields
                start, fields = place, []
        elif fields:
            place = match.start() + 1
        elif token == "{":
            place = model.find("}", place) + 1
            if not place:
                reading.refuse(_at(model, match.start()), "", "a comment { is not closed", "Close it with }")
                return
    rest = _COMMENT.sub(lambda found: found[1] or " ", model[start:]).strip()
    if rest and not rest.upper().endswith(_END_OF_MACRO):
        entry = read_entry([rest.split("~")[0]], _line(model, start), "")
        problem, remedy = "it is not closed by a bar (|)", "Write ~ units ~ comment | after it"
        reading.refuse(entry.line, entry.name, problem, remedy)


def _line(text: str, start: int) -> int:
    """Line of the first letter from a place on."""
    found = _LETTER.search(text, start)
    return _at(text, found.start() if found else start)


def _at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1

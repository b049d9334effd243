"""The text of a Vensim file: what PySD would drop in silence is refused; what it cannot read is written."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import plain
from sdcompile.read.precedence import unclear

_SKETCH = "\\\\\\---///"
_SETTINGS = "///---\\\\\\"
_ENCODING = re.compile(rb"\s*\{([\w.-]+)\}")
_TOKEN = re.compile(r'"(?:\\"|[^"])*"|[{}~|]')
_GROUP = re.compile(r"^\*[*\s]")
_MACRO = re.compile(r":MACRO:\s*([^(]+)\([^)]*\)", re.I)
_END_OF_MACRO = ":END OF MACRO:"
_LEFT = re.compile(r'^\s*("(?:\\"|[^"])*"|[^\[=(:<]+)')
_RANGE = re.compile(r'^\s*("(?:\\"|[^"])*"|[^\[=(:<]+?)\s*(:(?![\w ]+:)(?!=)|<->)')
_STRING = re.compile(r":IS:", re.I)
_ALIAS = re.compile(r"^\d+:(\?[^=]*)=(.*)$")
_ALIAS_USED = re.compile(r"'(\?[^']*)'")
_LIMITS = re.compile(r"^[^\[]*\[\s*(?:\?|[-+.\deE]+)(?:\s*,\s*(?:\?|[-+.\deE]+))*\s*\]$")
_METHODS = {"1": "Runge-Kutta 4", "3": "Runge-Kutta 2", "4": "Runge-Kutta 2", "5": "Runge-Kutta 4"}
_EULER = ("0", "2")
_UNREADABLE = re.compile("[\udc80-\udcff]")
MOST_SHOWN = 60


@dataclass(frozen=True)
class Entry:
    """One equation, range or heading of the file: where its left part lies and its line."""

    start: int
    end: int
    line: int
    text: str
    parts: int


@dataclass
class VensimText:
    """A Vensim file as PySD is to read it.

    Attributes
    ----------
    text
        The equations: comments left out, names of files in the place of aliases.
    lines
        By the plain name of each variable, the line of each of its equations, in order.
    """

    text: str
    lines: dict[str, list[int]]


@dataclass
class _Reading:
    """What is found while a file is gone through."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    ranges: dict[str, int] = field(default_factory=dict)
    macros: dict[str, int] = field(default_factory=dict)
    section: str = ""

    def refuse(self, line: int, name: str, problem: str, remedy: str) -> None:
        where = f"variable {name}, line {line}" if name else f"line {line}"
        self.faults.append(Fault(self.file, where, problem, remedy))


def read_vensim(path: Path) -> VensimText:
    """Read a Vensim file and check what PySD does not look at.

    Raises
    ------
    InputError
        Naming each line that would be dropped, misread or integrated by another method than Euler's.
    """
    whole = _decoded(path)
    reading = _Reading(path.name)
    model, settings, first_line = _split(whole)
    aliases = _read_settings(reading, settings, first_line)
    changes: list[tuple[int, int, str]] = []
    for entry in _entries(reading, model):
        changes += _read_entry(reading, entry, model, aliases)
    for (section, name), found in reading.lines.items():
        if section and len(found) > 1:
            problem = f"it is defined twice in macro {section}, on lines {found[0]} and {found[1]}"
            reading.refuse(found[1], name, problem, "Keep one definition")
    if reading.faults:
        raise InputError(reading.faults)
    for start, end, text in reversed(changes):
        model = model[:start] + text + model[end:]
    lines = {name: found for (section, name), found in reading.lines.items() if not section}
    return VensimText(model, lines)


def _decoded(path: Path) -> str:
    """Decode the file; bytes that are no letters become marks that an equation may not hold."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    named = _ENCODING.match(data)
    encoding = named[1].decode("ascii") if named else "UTF-8"
    try:
        return data.decode(encoding, errors="surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    except (LookupError, UnicodeDecodeError) as error:
        fault = Fault(path.name, "line 1", f"its text is not {encoding}: {error}", "Save the model as UTF-8")
        raise InputError([fault]) from error


def _split(whole: str) -> tuple[str, str, int]:
    """Divide a file into its equations and its settings; the sketch between them is left out."""
    sketch, settings = whole.find(_SKETCH), whole.find(_SETTINGS)
    ends = [place for place in (sketch, settings) if place >= 0]
    model = whole[: min(ends)] if ends else whole
    after = whole[settings:] if settings >= 0 else ""
    return model, after, whole.count("\n", 0, max(settings, 0)) + 1


def _read_settings(reading: _Reading, settings: str, first_line: int) -> dict[str, str]:
    """Refuse another method than Euler's; find the files that aliases stand for."""
    aliases: dict[str, str] = {}
    for number, row in enumerate(settings.splitlines(), start=first_line):
        alias = _ALIAS.match(row.strip())
        if alias:
            aliases[alias[1].strip()] = alias[2].strip()
        elif row.startswith("15:"):
            _read_method(reading, number, row)
        elif "=" in row and "~" in row and not row[:1].isdigit():
            reading.refuse(
                number,
                _name_of(row),
                "it stands below the settings, where it is ignored",
                "Move it above them",
            )
    return aliases


def _read_method(reading: _Reading, number: int, row: str) -> None:
    fields = row[3:].split(",")
    code = fields[3].strip() if len(fields) > 3 else ""
    if code not in _EULER:
        method = _METHODS.get(code, f"one that is not known ({row.strip()!r})")
        reading.refuse(
            number,
            "",
            f"the settings ask for the integration method {method}; only Euler's is supported",
            "Set the integration type to Euler in Model > Settings, with a TIME STEP short enough for it",
        )


def _entries(reading: _Reading, model: str) -> list[Entry]:
    """Divide the equations at their bars; in the left part quotes and comments hide a bar."""
    header = _ENCODING.match(model.encode("utf-8", errors="surrogateescape"))
    start = place = header.end() if header else 0
    entries: list[Entry] = []
    parts, end = 1, -1
    while match := _TOKEN.search(model, place):
        token, place = match[0], match.end()
        if parts == 1 and token.startswith('"'):
            continue
        if token.startswith('"'):
            place = match.start() + 1
        elif parts == 1 and token == "{":
            close = model.find("}", place)
            if close < 0:
                reading.refuse(
                    _line(model, match.start()), "", "a comment { is not closed", "Close it with }"
                )
                return entries
            place = close + 1
        elif token == "~":
            parts += 1
            end = match.start() if parts == 2 else end
        elif token == "|":
            end = match.start() if parts == 1 else end
            entries.append(_entry(model, start, end, parts))
            start, parts = place, 1
    rest = _without_comments(model[start:]).strip()
    if rest and not rest.upper().endswith(_END_OF_MACRO):
        line = _line(model, start + len(model[start:]) - len(model[start:].lstrip()))
        reading.refuse(
            line, _name_of(rest), "it is not closed by a bar (|)", "Write ~ units ~ comment | after it"
        )
    return entries


def _entry(model: str, start: int, end: int, parts: int) -> Entry:
    text = model[start:end]
    line = _line(model, start + len(text) - len(text.lstrip()))
    return Entry(start, end, line, text, parts)


def _read_entry(
    reading: _Reading, entry: Entry, model: str, aliases: dict[str, str]
) -> list[tuple[int, int, str]]:
    """Check one entry and say what to write in its place."""
    text = _without_comments(entry.text)
    equation = _past_macro(reading, entry, text)
    if not equation.strip() or _GROUP.match(equation.strip()):
        if entry.parts > 2 and not equation.strip():
            reading.refuse(
                entry.line, "", "there is nothing before the ~", "Write an equation or delete the entry"
            )
        return [] if text == entry.text else [(entry.start, entry.end, text)]
    line = _line_at(entry, text, len(text) - len(equation.lstrip()))
    name = _name_of(equation)
    if entry.parts not in (3, 4):
        problem = f"it is followed by {entry.parts - 1} ~ before the bar (|)"
        reading.refuse(line, name, problem, "Write equation ~ units ~ comment |")
        return []
    if _STRING.search(equation) and "=" not in equation.split(":", 1)[0]:
        end = model.find("|", entry.end) + 1
        return [(entry.start, end, text[: len(text) - len(equation)])]
    _check_equation(reading, line, name, equation)
    _check_units(reading, line, name, re.split(r"[~|]", model[entry.end + 1 :], maxsplit=1)[0].strip())
    text = _ALIAS_USED.sub(lambda used: _file_of(reading, line, name, used[1], aliases), text)
    _note(reading, line, name, equation)
    return [] if text == entry.text else [(entry.start, entry.end, text)]


def _past_macro(reading: _Reading, entry: Entry, text: str) -> str:
    """Step over the borders of macros before an equation."""
    closed = text.upper().rfind(_END_OF_MACRO)
    start = 0 if closed < 0 else closed + len(_END_OF_MACRO)
    if start:
        reading.section = ""
    opened = _MACRO.search(text, start)
    if opened is None:
        return text[start:]
    reading.section = plain(opened[1])
    line = _line_at(entry, text, opened.start())
    _once(reading, reading.macros, reading.section, line, f"macro {opened[1].strip()}")
    return text[opened.end() :]


def _line_at(entry: Entry, text: str, place: int) -> int:
    """Find the line of a place in the left part of an entry, whose own line is that of its first letter."""
    return entry.line + text[:place].lstrip().count("\n")


def _check_equation(reading: _Reading, line: int, name: str, equation: str) -> None:
    if _UNREADABLE.search(equation):
        reading.refuse(line, name, "a letter of it cannot be read as text", "Save the model as UTF-8")
    found = unclear(equation)
    if found:
        reading.refuse(line, name, *found)


def _check_units(reading: _Reading, line: int, name: str, units: str) -> None:
    """Check the limits behind the units: PySD cannot read a file in which they are no numbers."""
    if units.endswith("]") and not _LIMITS.search(units):
        problem = f"the limits in its units, {units!r}, are not numbers"
        reading.refuse(line, name, problem, "Write units [least, most] or units [least, most, step]")


def _note(reading: _Reading, line: int, name: str, equation: str) -> None:
    """Remember where a variable is defined; a range has one definition."""
    if not reading.section and _RANGE.match(equation) and "=" not in equation:
        _once(reading, reading.ranges, plain(name), line, f"range {name}")
    else:
        reading.lines[reading.section, plain(name)].append(line)


def _once(reading: _Reading, known: dict[str, int], key: str, line: int, name: str) -> None:
    first = known.setdefault(key, line)
    if first != line:
        problem = f"{name} is defined twice, on lines {first} and {line}"
        reading.refuse(line, "", problem, "Keep one definition")


def _file_of(reading: _Reading, line: int, name: str, alias: str, aliases: dict[str, str]) -> str:
    if alias not in aliases:
        reading.refuse(
            line,
            name,
            f"the settings do not say which file {alias!r} stands for",
            f"Add a line 30:{alias}=FILE to the settings, or write the file's name in its place",
        )
    return f"'{aliases.get(alias, alias)}'"


def _name_of(equation: str) -> str:
    found = _LEFT.match(equation)
    return " ".join((found[1] if found else equation).split())[:MOST_SHOWN]


def _without_comments(text: str) -> str:
    """Leave out {comments}, but not what stands between quotes."""
    return re.sub(r'("(?:\\"|[^"])*")|\{[^}]*\}', lambda found: found[1] or " ", text)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1

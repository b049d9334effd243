"""TOML files read and checked: every fault with its key and remedy, in one error."""

from __future__ import annotations

import copy
import difflib
import re
import reprlib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sdcompile.digests import file_digest
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean

from dudley_sd.inputs.bounded_files import Bounds, read_bytes, refuse_no_file

LARGEST = 1_000_000
"""Bytes of a TOML file; the longest that is shipped has fewer than 100,000."""

LONGEST_LINE = 8000
MOST_PARTS = 20
DIGITS = 40
SHOWN = 200
"""Letters of what stands in a file that a message shows."""

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_LONG_NUMBER = re.compile(rf"(?<![\w.])[+-]?[\d_]{{{DIGITS + 1},}}")

Content = TypeVar("Content", bound=BaseModel)


def named_file(kind: str, name: str, inputs: Path, files: Mapping[str, Path] | None = None) -> Path:
    """Path of ``<kind>/<name>.toml`` under the folder of inputs, or of another of the files that are given.

    Raises
    ------
    InputError
        If there is no such file. A name that is one but for capitals, blanks or because it is the full name
        for readers is said in the remedy; else all are listed, what looks like it first, then by alphabet.
    """
    files = files or {path.stem: path for path in (inputs / kind).glob("*.toml")}
    if name not in files:
        raise InputError([Fault(kind, repr(name), "there is none of that name", _remedy(name, files))])
    return files[name]


def _remedy(name: str, files: Mapping[str, Path]) -> str:
    known = {key: _titled(files[key]) for key in sorted(files)}
    spelled = {key: (plain_words(key), plain_words(title)) for key, title in known.items()}
    wanted = plain_words(name)
    same = [key for key, words in spelled.items() if wanted and wanted in words]
    bare = wanted.replace(" ", "")
    same = same or [key for key in known if bare and bare == plain_words(key).replace(" ", "")]
    if same:
        return f"Write it so: {' or '.join(same)}"
    several = [plain_words(part) for part in name.split(",")]
    keys = {plain_words(key): key for key in known}
    if len(several) > 1 and all(part in keys for part in several):
        return f"Give each by itself: {', '.join(keys[part] for part in several)}"
    holding = [key for key, words in spelled.items() if wanted and f" {wanted} " in f" {' '.join(words)} "]
    close = difflib.get_close_matches(wanted.replace(" ", "_"), known, n=2, cutoff=0.8)
    near = holding or difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    choices = f"Choose one of: {', '.join(dict.fromkeys([*near, *known]))}"
    return f"{did_you_mean(close, '')} {choices}".strip()


def _titled(path: Path) -> str:
    """Name for readers in a file; none where the file cannot be read, which is told where it is needed."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(content.get("name") or content.get("title") or "")


def plain_words(text: str) -> str:
    """Words of a name, however they are written."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("&", " and ")))


def read_named(kind: str, name: str, content: type[Content], inputs: Path) -> Content:
    """Read ``<kind>/<name>.toml`` under the folder of inputs.

    Parameters
    ----------
    kind, name
        Folder and file without its ending.
    content
        What the file must hold.
    inputs
        Folder of inputs.

    Raises
    ------
    InputError
        If there is no such file (the nearest are suggested), it is not TOML, or a key is unknown, missing or
        wrong; all at once.
    """
    path = named_file(kind, name, inputs)
    try:
        return content.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it is not there, is no file, is too large, not UTF-8 or not TOML; the line is named.
    """
    refuse_no_file(path)
    try:
        digest = file_digest(path)
    except OSError:
        digest = ""  # the reader says why
    return copy.deepcopy(_parsed(path, digest))


@lru_cache(maxsize=128)
def _parsed(path: Path, digest: str) -> dict[str, Any]:  # noqa: ARG001
    """Content of a TOML file; its digest is there so that a changed file is read anew."""
    content = read_bytes(path, Bounds(file=LARGEST), "Take out what does not belong there")
    return parse_toml(content, str(path))


def parse_toml(content: bytes, name: str, remedy: str = "Correct the syntax") -> dict[str, Any]:
    """Read TOML that may come from anybody.

    Parameters
    ----------
    content
        The bytes of a file, of bounded size.
    name, remedy
        What to call it in messages, and what to do about a fault.

    Raises
    ------
    InputError
        If it is not UTF-8 or not TOML, is nested too deeply, or holds a number or a key that would take the
        reader of TOML minutes.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        _refuse_chains(text)
        return tomllib.loads(text)
    except RecursionError:
        problem = "is not TOML that can be read: lists or tables are nested too deeply"
    except ValueError as error:
        problem = f"is not TOML: {short_text(str(error), SHOWN)}"
    raise InputError([Fault(name, "", problem, remedy)])


def _refuse_chains(text: str) -> None:
    """Refuse keys of many parts, long lines and long numbers, which take the reader of TOML minutes."""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = _QUOTED.sub("", line) if len(line) <= LONGEST_LINE else line  # which takes its time
        key = bare.partition("=")[0]
        if ("=" in bare or bare.lstrip().startswith("[")) and key.count(".") > MOST_PARTS:
            raise ValueError(f"line {number} has a key of too many parts, more than {MOST_PARTS}")
        if len(line) > LONGEST_LINE:
            raise ValueError(f"line {number} has {len(line):,} letters; at most {LONGEST_LINE:,} are read")
        if _LONG_NUMBER.search(bare):
            raise ValueError(f"line {number} has a number of more than {DIGITS} digits")


def short_text(text: str, longest: int = 60) -> str:
    """Shorten a text from outside so that it can stand in a message."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text[: longest + 1])
    return printable if len(printable) <= longest else f"{printable[: longest - 3]}..."


def validation_faults(path: Path, error: ValidationError) -> list[Fault]:
    """Every fault that pydantic found in a file, in our words."""
    faults = []
    for found in error.errors():
        place = ".".join(short_text(str(part)) for part in found["loc"]) or "top level"
        problem = f"{found['msg']}, found {short_text(reprlib.repr(found['input']), SHOWN)}"
        if found["type"] == "missing":
            problem = "is missing"
        remedy = how_to_write(found["type"]) or "Correct the key or its value"
        faults.append(
            Fault(str(path), place, problem, f"{remedy}; compare with the other files of this folder")
        )
    return faults


def how_to_write(kind: str) -> str:
    """Say how a value is written in TOML, by the kind of fault that pydantic found; else empty."""
    return next((remedy for start, remedy in WRITTEN.items() if kind.startswith(start)), "")


WRITTEN = {
    "missing": "Add it",
    "too_short": "Name one more",
    "list_": 'Write a list: ["one", "other"]',
    "tuple_": 'Write a list: ["one", "other"]',
    "string_type": 'Write it in quotes: "2018"',
    "float_": "Write a number without quotes, with a point for decimals: 0.8",
    "int_": "Write a whole number without quotes: 1",
    "date_": "Write year, month and day: 2026-01-31",
    "bool_": "Write true or false, without quotes",
}

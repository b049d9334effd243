"""Footprints of any CCG, written for a user from the table of all CCGs."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdcompile.errors import Fault, InputError, refuse
from sdcompile.names import did_you_mean
from sdcompile.scratch import atomic_file

from dudley_sd.inputs.area_people import CCG_TABLE, ccg_names
from dudley_sd.inputs.footprints import (
    MODEL_AREA,
    Footprint,
    Total,
    footprint_files,
    footprint_names,
    read_area_file,
)
from dudley_sd.inputs.toml_files import parse_toml, plain_words
from dudley_sd.text import joined

NEAREST = 5
REASON = (
    "No local figures were gathered: use of services at each age is Dudley's, and staff, beds and money are "
    "scaled as scaling.toml says."
)


@dataclass(frozen=True)
class NewArea:
    """What was written.

    Attributes
    ----------
    key, name
        Of the footprint that was asked for.
    written
        Its file, and those of parts that had none.
    parts
        Names of the areas that it is the sum of; of one area none.
    """

    key: str
    name: str
    written: tuple[Path, ...]
    parts: tuple[str, ...] = ()


def find_ccgs(words: Sequence[str], inputs: Path) -> dict[str, str]:
    """Find CCGs by code or name.

    Parameters
    ----------
    words
        Codes (``E38000220``) or names, whole or in part, with or without *NHS* and *CCG*.
    inputs
        Folder of inputs.

    Returns
    -------
    dict
        Name by code, in the order asked for.

    Raises
    ------
    InputError
        Words that are no CCG or may be several, each with the nearest; one that is named twice; all at once.
    """
    names, faults = ccg_names(inputs), []
    found: dict[str, str] = {}
    for word in words:
        codes = _matching(word, names)
        if len(codes) != 1:
            faults.append(_unclear(word, codes, names))
        elif codes[0] in found:
            faults.append(Fault("area", repr(word), f"{codes[0]} is named twice", "Name each area once"))
        else:
            found[codes[0]] = names[codes[0]]
    refuse(faults)
    return found


def ccg_area(word: str, inputs: Path) -> Footprint | None:
    """Footprint of the CCG of a code or a whole name: the one that is there, or what `write_area` writes.

    Of several files of that code the one whose key is that of the CCG's name counts.

    Returns
    -------
    Footprint or None
        None where the words are not the code or the whole name of one CCG.

    Raises
    ------
    InputError
        If several files have the code and none has the key of the name, or if the file of that key cannot be
        read or is of something else and no other has the code.
    """
    names = _names(inputs)
    codes = _matching(word, names, whole=True)
    if len(codes) != 1:
        return None
    code = codes[0]
    name = short_name(names[code])
    key = key_of(name)
    path = footprint_files(inputs).get(key)
    if path is not None:
        area = read_area_file(path, inputs)
        if isinstance(area, Footprint) and area.area_code == code:
            return area
    there = _by_code(inputs).get(code, {})
    if len(there) == 1:
        return next(iter(there.values()))
    if there:
        problem = f"{name} ({code}) may be any of {len(there)} areas"
        raise InputError([Fault("footprints", repr(word), problem, f"Choose one of: {', '.join(there)}")])
    if path is not None:
        what = "a sum of areas" if isinstance(area, Total) else f"the area of {area.area_code}"
        problem = f"{key!r} is {what}, so that {name} ({code}) has no key of its own"
        remedy = (
            f"Run that as {key}, rename the file and its id, or give the CCG another name: "
            f'dudley-sd area new {code} --name "..."'
        )
        raise InputError([Fault(str(path), "", problem, remedy)])
    return Footprint.model_validate(parse_toml(_one_area(key, name, code, inputs).encode("utf-8"), key))


def near_ccgs(word: str, inputs: Path) -> list[str]:
    """Codes and names of the CCGs that a word may mean, see `dudley_sd.inputs.areas.read_area`."""
    names = _names(inputs)
    return _nearest(word, _matching(word, names), names)


def _names(inputs: Path) -> dict[str, str]:
    """Names of all CCGs by code; none where a folder of inputs is without their table."""
    return ccg_names(inputs) if (inputs / CCG_TABLE).is_file() else {}


def listed_ccgs(word: str, inputs: Path) -> dict[str, str]:
    """Name by code of all CCGs whose code or name holds some words; of all where they are empty."""
    wanted = plain_words(word)
    names = ccg_names(inputs).items()
    return {code: name for code, name in names if wanted in f"{plain_words(name)} {code.lower()}"}


def write_area(
    words: Sequence[str], name: str, inputs: Path, folder: Path, *, replace: bool = False
) -> NewArea:
    """Write the footprint of a CCG, or of a total of several with those of its parts.

    Parameters
    ----------
    words
        As `find_ccgs` takes them.
    name
        What to call it; after the CCGs where it is empty.
    inputs
        Folder of inputs.
    folder
        Where to; made if it is not there.
    replace
        Write over a file of the same name in that folder.

    Raises
    ------
    InputError
        As `find_ccgs`; a name that is taken, or that has no letter. Nothing is written.
    """
    ccgs = find_ccgs(words, inputs)
    if not ccgs:
        raise InputError([Fault("area", "", "no CCG is named", "Name codes or names: dudley-sd area list")])
    there = _by_code(inputs)
    if len(ccgs) == 1:
        ((code, official),) = ccgs.items()
        if code in there and not name and not replace:
            problem = f"{official} ({code}) is there already as {' and '.join(there[code])}"
            remedy = f"Run it with --footprint {min(there[code])}, or give another --name"
            raise InputError([Fault("area", code, problem, remedy)])
        title = name or short_name(official)
        key, path, text = _planned(code, title, inputs, folder, replace)
        return NewArea(key, title, (_write(path, text),))
    named = [_part(code, official, there) for code, official in ccgs.items()]
    new = [
        _planned(code, short_name(official), inputs, folder, replace=False)
        for code, official in ccgs.items()
        if code not in there
    ]
    shorts = [short_name(official) for official in ccgs.values()]
    title = name or joined(shorts)
    keys = iter(new)
    parts = [key or next(keys)[0] for key in named]
    path = _free(key_of(title), inputs, folder, replace)
    text = f"# The sum of its areas, each run for itself.\nid = {_text(path.stem)}\nname = {_text(title)}\n"
    text += f"parts = [{', '.join(_text(part) for part in parts)}]\n"
    written = tuple(_write(each, content) for _, each, content in [*new, (path.stem, path, text)])
    return NewArea(path.stem, title, written, tuple(shorts))


def short_name(official: str) -> str:
    """Name of a CCG without *NHS* and *CCG*: ``Birmingham and Solihull``."""
    return re.sub(r"\s+CCG?$", "", official.removeprefix("NHS ")).strip()


def is_cut(official: str) -> bool:
    """Whether ONS prints a name that ends before its end."""
    return not official.endswith(" CCG")


def key_of(name: str) -> str:
    """Key of a footprint by its name: ``birmingham_and_solihull``.

    Raises
    ------
    InputError
        If the name has no letter.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain.replace("&", " and ")).strip("_")
    key = re.sub(r"^[0-9_]+", "", key)
    if not key:
        raise InputError([Fault("--name", repr(name), "has no letter for a name of a file", "Use letters")])
    return key


def _part(code: str, official: str, there: dict[str, dict[str, Footprint]]) -> str:
    """Key of the footprint of a CCG, as `ccg_area` chooses it; empty where there is none."""
    keys, key = there.get(code, {}), key_of(short_name(official))
    if key in keys or len(keys) < 2:
        return key if key in keys else "".join(keys)
    problem = f"{official} ({code}) may be any of {len(keys)} areas: {', '.join(keys)}"
    raise InputError([Fault("area", code, problem, "Leave one file of that code, the others elsewhere")])


def _planned(code: str, name: str, inputs: Path, folder: Path, replace: bool) -> tuple[str, Path, str]:
    """Key, path and text of the file of one area."""
    path = _free(key_of(name), inputs, folder, replace)
    return path.stem, path, _one_area(path.stem, name, code, inputs)


def _one_area(key: str, name: str, code: str, inputs: Path) -> str:
    """Text of the file of one area: people of the table of all CCGs, all else like Dudley."""
    lines = [
        f"# {ccg_names(inputs)[code]} as it was in mid-2018; written by dudley-sd area new.",
        f"id = {_text(key)}",
        f"name = {_text(name)}",
        f"area_code = {_text(code)}",
        f"sized_like = {_text(MODEL_AREA)}",
        f"reason = {_text(REASON)}",
    ]
    return "\n".join(lines) + "\n"


def _free(key: str, inputs: Path, folder: Path, replace: bool) -> Path:
    """Path of a new file; refused where its name is taken."""
    path = folder / f"{key}.toml"
    mine = path.is_file()
    if key in footprint_names(inputs) and not (mine and replace):
        again = ", or write over it with --replace" if mine else ""
        problem = f"an area of this name is there already{f': {path}' if mine else ''}"
        raise InputError([Fault("area", key, problem, f"Give another --name{again}")])
    return path


def _write(path: Path, text: str) -> Path:
    with atomic_file(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
    return path


def _by_code(inputs: Path) -> dict[str, dict[str, Footprint]]:
    """Footprints by key that are one area, by code; ``check`` tells those that cannot be read."""
    found: dict[str, dict[str, Footprint]] = {}
    for name, path in sorted(footprint_files(inputs).items()):
        try:
            area = read_area_file(path, inputs)
        except InputError:
            continue
        if isinstance(area, Footprint):
            found.setdefault(area.area_code, {})[name] = area
    return found


def _matching(word: str, names: dict[str, str], *, whole: bool = False) -> list[str]:
    """Codes that a word may mean: a code, a whole name or, unless it must be whole, a part of a name."""
    if word.strip().upper() in names:
        return [word.strip().upper()]
    wanted = plain_words(short_name(word.strip()))
    plain = {code: plain_words(short_name(name)) for code, name in names.items()}
    same = [code for code, name in plain.items() if name == wanted]
    if same or whole or not wanted:
        return same
    return [code for code, name in plain.items() if wanted in name]


def _unclear(word: str, codes: Sequence[str], names: dict[str, str]) -> Fault:
    near = _nearest(word, codes, names)
    if codes:
        problem = f"may be any of {len(codes)} CCGs"
        return Fault("area", repr(word), problem, f"Give the code: {', '.join(near)}")
    problem = "is no CCG of mid-2018 in the ONS 2018-based table"
    remedy = f"{did_you_mean(near, '')} dudley-sd area list WORD finds codes".strip()
    return Fault("area", repr(word), problem, remedy)


def _nearest(word: str, codes: Sequence[str], names: dict[str, str]) -> list[str]:
    """Codes and names of the CCGs that a word may mean, or else of those that look like it."""
    if codes:
        return _lines(codes[:NEAREST], names)
    plain = {plain_words(short_name(name)): code for code, name in names.items()}
    near = [plain[each] for each in difflib.get_close_matches(plain_words(word), plain, n=3, cutoff=0.5)]
    near += difflib.get_close_matches(word.strip().upper(), names, n=2, cutoff=0.75)
    return _lines(dict.fromkeys(near), names)


def _lines(codes: Iterable[str], names: dict[str, str]) -> list[str]:
    return [f"{code} {short_name(names[code])}" for code in codes]


def _text(text: str) -> str:
    """Write a TOML basic string; JSON escapes the same letters, but for the one that deletes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

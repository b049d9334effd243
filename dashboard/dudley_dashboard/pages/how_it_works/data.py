"""Model, loops and parameters of the page, and what an address asks for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import pandas as pd
from sdcompile.describe.catalogue import Catalogue, read_catalogue
from sdcompile.describe.links import shortest
from sdcompile.describe.loops import Loop, find_loops
from sdcompile.names import nearest, snake_case
from sdcompile.read.levers import lever_address

from dudley_dashboard.address import clean_name
from dudley_dashboard.page import Key, Query
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.elements import STATUSES, element_text
from dudley_sd.inputs.parameters import SOURCES, read_parameters
from dudley_sd.inputs.tables import read_table
from dudley_sd.model_pages import LOOPS, Loops, read_loops, signs_in_runs
from dudley_sd.request import Request


@dataclass(frozen=True)
class ModelTables:
    """Model, numbers and publications.

    Attributes
    ----------
    catalogue
        Variables with what acts on them and where they are used.
    parameters
        Every row of ``parameters.csv``.
    sources
        Rows of ``sources.csv``, index = id.
    sentences
        What each sector asks or holds, as the model file says, by name.
    """

    catalogue: Catalogue
    parameters: pd.DataFrame
    sources: pd.DataFrame
    sentences: dict[str, str]


@cache
def model_tables() -> ModelTables:
    """Read model file, parameters and sources.

    Raises
    ------
    InputError
        Any fault of these files.
    """
    inputs = inputs_folder()
    numbers, publications = inputs / "parameters.csv", inputs / "sources.csv"
    parameters = read_parameters(numbers, publications).table.reset_index(drop=True)
    catalogue = read_catalogue(models_folder() / MODEL_FILE, parameters)
    entries = catalogue.text.source.entries
    return ModelTables(
        catalogue,
        parameters,
        read_table(publications, SOURCES).set_index("id"),
        {entry.name: entry.sentence for entry in entries if entry.kind == "group"},
    )


@dataclass(frozen=True)
class Link:
    """One variable acts on the next.

    Attributes
    ----------
    source, target
        As the path names them, ``Population[Complex]``.
    source_key, target_key
        The variables.
    sign
        Empty where it has not been worked out yet.
    """

    source: str
    target: str
    source_key: str
    target_key: str
    sign: str = ""


Ways = tuple[tuple[Link, ...], ...]


@cache
def loops_file() -> Loops:
    """Read what loops the model claims to have."""
    return read_loops(models_folder() / LOOPS)


def loops_in_order() -> list[Loop]:
    """Loops as a reader looks for them: R1 to R9, B1 to B5, others, and chains last."""
    return sorted(loops_file().loop, key=_rank)


def find_loop(name: str) -> Loop | None:
    """Return the loop of a name, however it is written in capitals."""
    return next((loop for loop in loops_file().loop if loop.name.lower() == name.lower()), None)


def ways_round(loop: Loop, signs: dict[str, Any] | None = None) -> Ways:
    """Return every way round a loop, link by link, with the signs that were worked out."""
    if signs is not None:
        known = signs.get(loop.name, {"ways": []})
        return tuple(tuple(Link(**link) for link in way) for way in known["ways"])
    return tuple(_way(model_tables().catalogue, loop, path) for path in loop.paths)


def loop_signs() -> dict[str, Any]:
    """Work out the sign of every link, by running the model: takes seconds.

    Returns
    -------
    dict
        By name of the loop: ``ways``, each a list of links as `Link` takes them; ``signs``, of each way as
        a whole; ``pinned``, whether its switch cuts it.

    Raises
    ------
    InputError
        Any fault of the input files.
    """
    catalogue, loops = model_tables().catalogue, loops_file()
    runs = signs_in_runs(catalogue.model, loops, inputs_folder())
    findings, _ = find_loops(catalogue, runs, loops.loop, models_folder() / LOOPS)
    return {
        finding.loop.name: {
            "ways": [
                [
                    {
                        "source": step.source.name,
                        "target": step.target.name,
                        "source_key": step.source.key,
                        "target_key": step.target.key,
                        "sign": step.sign.value,
                    }
                    for step in way.steps
                ]
                for way in finding.paths
            ],
            "signs": [way.sign.value for way in finding.paths],
            "pinned": finding.pinned,
        }
        for finding in findings
    }


@cache
def loops_through() -> dict[str, tuple[str, ...]]:
    """For each variable that is on a loop or chain, the names of those."""
    found: dict[str, dict[str, None]] = {}
    for loop in loops_in_order():
        for way in ways_round(loop):
            for link in way:
                for key in (link.source_key, link.target_key):
                    found.setdefault(key, {})[loop.name] = None
    return {key: tuple(names) for key, names in found.items()}


def _way(catalogue: Catalogue, loop: Loop, path: tuple[str, ...]) -> tuple[Link, ...]:
    """Walk a path, filling in the variables that the file leaves out."""
    ends = path if loop.kind == "chain" else (*path, path[0])
    named = {_key(name) for name in path}
    links: list[Link] = []
    for one, other in itertools.pairwise(ends):
        avoid = named - {_key(one), _key(other)}
        way = shortest(catalogue.onward, _key(one), _key(other), avoid) or [_key(one), _key(other)]
        names = [one, *(catalogue.model.variables[key].name for key in way[1:-1]), other]
        links += [
            Link(first, second, here, there)
            for (first, second), (here, there) in zip(
                itertools.pairwise(names), itertools.pairwise(way), strict=True
            )
        ]
    return tuple(links)


def _key(name: str) -> str:
    return snake_case(lever_address(name)[0])


def _rank(loop: Loop) -> tuple[int, str]:
    """R and B with a number first, then other loops, then chains."""
    numbered = len(loop.name) == 2 and loop.name[1].isdigit()
    group = {"R": 0, "B": 1}.get(loop.name[0], 2) if numbered else 2
    return (3 if loop.kind == "chain" else group, loop.name)


LONGEST_SEARCH = 80


@dataclass(frozen=True)
class VariableKey(Key):
    """Key of a variable, by its name or its key; a note offers names that are close."""

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read a name; what is none gives a note."""
        found, notes = super().read(texts)
        if notes and texts:
            names = [variable.name for variable in model_tables().catalogue.model.variables.values()]
            close = nearest(texts[-1].strip()[:LONGEST_SEARCH], names)
            notes = [f"{notes[0]} Did you mean {' or '.join(close)}?"] if close else notes
        return found, notes


class SearchKey(Key):
    """Key of words to look for, which are taken as they are: no word among them is an old name of a value."""

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read words, without what cannot be printed."""
        text = texts[-1].strip() if texts else self.default
        return "".join(filter(str.isprintable, text))[:LONGEST_SEARCH], []


@dataclass(frozen=True)
class ModelQuery(Query):
    """What an address asks to be shown of the model.

    Attributes
    ----------
    loop, sector, variable
        Names, and the key of a variable; empty for none.
    element
        An element of each subscript of the variable, ``A75,Complex``; empty for the first.
    find, status
        Which numbers to list: words that they must hold, and how they are known.
    """

    loop: str = ""
    sector: str = ""
    variable: str = ""
    element: str = ""
    find: str = ""
    status: str = ""

    @classmethod
    def keys(cls, _request: Request) -> tuple[Key, ...]:
        """Return the keys of the page."""
        return _keys()

    @classmethod
    def read(cls, request: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """Read text from the outside; an element that the variable does not have gives a note."""
        query, notes = super().read(request, rest)
        if query.variable and query.element and not query.elements:
            notes.append(f"It has no element “{clean_name(query.element)}”; the first is shown.")
        return query, notes

    @property
    def elements(self) -> tuple[str, ...]:
        """Element of each subscript of the variable, where chosen."""
        return _elements(self.variable, self.element) if self.variable and self.element else ()

    def href(self, **changes: str) -> str:
        """Return the address of the page with some keys changed; another variable has other elements."""
        return super().href(**({"element": ""} if "variable" in changes else {}), **changes)


@cache
def _keys() -> tuple[Key, ...]:
    model, tables = model_tables().catalogue.model, model_tables().catalogue
    groups = [group for group in model.groups if tables.in_group(group)]
    loops, known = [loop.name for loop in loops_file().loop], ("", *model.variables)
    lost = "There is no {what} “{value}”"
    return (
        Key("loop", "loop", ("", *loops), "", f"{lost}; choose one from the list.", str.lower),
        Key("sector", "sector", ("", *groups), "", f"{lost}; all are shown.", str.lower),
        VariableKey("variable", "variable", known, "", f"{lost}.", snake_case),
        Key("element", "element", None, ""),
        SearchKey("find", "search", None, ""),
        Key("status", "status", ("", *STATUSES), "", "No number has the status “{value}”; all are listed."),
    )


def _elements(key: str, text: str) -> tuple[str, ...]:
    """Elements that a text such as ``A75,Complex`` names, if they are those of the variable, in order."""
    model = model_tables().catalogue.model
    ranges = [model.ranges[name] for name in model.variables[key].subscripts]
    parts = tuple(part.strip() for part in text.split(","))
    fits = len(parts) == len(ranges) and all(
        part in members for part, members in zip(parts, ranges, strict=True)
    )
    return parts if fits else ()


def name_text(name: str) -> str:
    """Write a name with elements for a reader: ``staff in post (community staff)``."""
    base, _, inside = name.partition("[")
    if not inside:
        return name
    parts = [element_text(part.strip()) for part in inside.rstrip("]").split(",")]
    return f"{base.strip()} ({', '.join(parts)})"

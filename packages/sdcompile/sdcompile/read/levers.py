"""Levers: the constants that a user may set, their limits, and whether given settings are allowed."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from sdcompile.application import APPLICATION
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.model import Model, Variable

SETTINGS = "levers"
_ADDRESS = re.compile(r'\s*("(?:\\"|[^"])*"|[^\[\]]+?)\s*(?:\[\s*([^\[\]]+?)\s*\])?\s*')


@dataclass(frozen=True, eq=False)
class Lever:
    """A constant that has ``[min, max, step]`` in the model file.

    Attributes
    ----------
    name, key
        As in the model file, and in snake case.
    units, sentence
        As in the model file.
    low, high, step
        Limits of every element; ``step`` is for sliders, None if the file gives none.
    default
        The model's own value: a number, or an array with one axis per subscript.
    subscripts
        Ranges of its dimensions, empty for a single number.
    elements
        As a user addresses them, ``("MDT", "Hub")`` or ``("MDT,Frail", ...)``, last subscript fastest.
    """

    name: str
    key: str
    units: str
    sentence: str
    low: float
    high: float
    step: float | None
    default: float | np.ndarray
    subscripts: tuple[str, ...]
    elements: tuple[str, ...]


@lru_cache(maxsize=64)
def levers(model: Model) -> Mapping[str, Lever]:
    """Levers of a model, by name as in the model file, in file order.

    Parameters
    ----------
    model
        From :func:`sdcompile.read.model.read_model`.

    Returns
    -------
    Mapping
        Every plain constant with a lower and an upper limit; control variables are not levers. Worked out
        once for a model and not to be changed.
    """
    found = [_lever(model, variable) for variable in model.variables.values()]
    return MappingProxyType({lever.name: lever for lever in found if lever is not None})


def _lever(model: Model, variable: Variable) -> Lever | None:
    if variable.control or variable.numbers is None or variable.limits is None:
        return None
    low, high, step = variable.limits
    if low is None or high is None:
        return None
    ranges = [model.ranges[name] for name in variable.subscripts]
    shape = tuple(len(members) for members in ranges)
    values = np.array(variable.numbers, dtype=float).reshape(shape)
    places = [",".join(place) for place in itertools.product(*ranges)] if ranges else []
    return Lever(
        name=variable.name,
        key=variable.key,
        units=variable.units,
        sentence=variable.sentence,
        low=low,
        high=high,
        step=step,
        default=values if ranges else float(values),
        subscripts=variable.subscripts,
        elements=tuple(places),
    )


@lru_cache(maxsize=4096)
def lever_address(text: str) -> tuple[str, str | None]:
    """Name and element of a lever as a user writes them.

    Parameters
    ----------
    text
        ``"coverage"`` or ``"coverage[MDT]"``; several subscripts are separated by commas.

    Returns
    -------
    tuple
        ``("coverage", None)`` or ``("coverage", "MDT")``.

    Raises
    ------
    InputError
        If the brackets do not close.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        problem = f"{text!r} is not a lever's address"
        raise InputError([Fault(SETTINGS, "", problem, "Write name or name[element]")])
    element = found[2]
    return found[1], ",".join(part.strip() for part in element.split(",")) if element else None


def lever_values(model: Model, settings: Mapping[str, float]) -> dict[str, float | np.ndarray]:
    """Values of the levers that settings touch, ready for an engine.

    Parameters
    ----------
    model
        From :func:`sdcompile.read.model.read_model`.
    settings
        Lever or lever[element], named as in the model, to a number in the lever's unit.

    Returns
    -------
    dict
        By model name: a number, or a full array in element order whose other elements keep their default.

    Raises
    ------
    InputError
        With every fault: unknown name or element, not a finite number, out of limits, set twice.
    """
    known = levers(model)
    by_plain = {same_name(name): lever for name, lever in known.items()}
    values: dict[str, float | np.ndarray] = {}
    seen: dict[tuple[str, str | None], str] = {}
    faults: list[Fault] = []
    for text, value in settings.items():
        try:
            name, element = lever_address(text)
        except InputError as error:
            faults += error.faults
            continue
        lever = by_plain.get(same_name(name))
        if lever is None:
            faults.append(_unknown(model, known, text, name))
            continue
        new = [*_element_faults(lever, text, element), *_twice(lever, text, element, seen)]
        new += _value_faults(lever, text, value)
        seen[lever.name, element] = text
        faults += new
        if not new:
            values[lever.name] = _set(lever, values.get(lever.name, lever.default), element, float(value))
    if faults:
        raise InputError(faults)
    return values


def _set(lever: Lever, current: float | np.ndarray, element: str | None, value: float) -> float | np.ndarray:
    if not isinstance(current, np.ndarray):
        return value
    changed = current.copy()
    if element is None:
        changed[...] = value
    else:
        changed.flat[lever.elements.index(element)] = value
    return changed


def _unknown(model: Model, known: Mapping[str, Lever], text: str, name: str) -> Fault:
    namesakes = (each for each in model.variables.values() if same_name(each.name) == same_name(name))
    variable = next(namesakes, None)
    if variable is not None:
        problem = f"{variable.name} ({variable.kind}) is in the model but is not a lever"
        remedy = "Only constants with limits [min,max,step] can be set"
        return Fault(SETTINGS, text, problem, remedy)
    remedy = did_you_mean(nearest(name, known), where_to_look(name, known))
    return Fault(SETTINGS, text, f"the model has no lever named {name!r}", remedy)


def where_to_look(name: str, known: Iterable[str]) -> str:
    """Say which command lists the levers that a name may mean."""
    command, names = APPLICATION.levers_command, [each.lower() for each in known]
    if not command:
        return f"The model has {len(names)} levers: constants with limits [min,max,step]"
    words = [word for word in re.findall(r"\w+", name.lower()) if len(word) > 1]
    stems = [stem for word in words for stem in (word, word.removesuffix("s"))]
    holding = [stem for stem in stems if any(stem in each for each in names)]
    if holding:
        return f"See which there are: {command} {holding[0]}"
    return f"There are {len(names)}: list those with a word by '{command} WORD'"


def per_cent_advice(lever: Lever, value: float) -> str:
    """Return what to write where a share was given as a per cent; empty where no share is meant."""
    is_share = lever.units.lower() in ("dmnl", "1", "") and lever.low >= 0 and lever.high <= 1
    if not is_share or value <= 1:
        return ""
    limits = f"{lever.low:g} to {lever.high:g}"
    if lever.low <= value / 100 <= lever.high:
        return f"Is {value:g} per cent meant? Write {value / 100:g}; the range is {limits}"
    return f"Give a share, not a per cent, in the range {limits}"


def _element_faults(lever: Lever, text: str, element: str | None) -> list[Fault]:
    if element is None or element in lever.elements:
        return []
    if not lever.elements:
        return [Fault(SETTINGS, text, f"{lever.name} has no subscripts", f"Write {lever.name}")]
    close = nearest(element, lever.elements) or list(lever.elements[:3])
    problem = f"{lever.name}[{','.join(lever.subscripts)}] has no element {element!r}"
    return [Fault(SETTINGS, text, problem, did_you_mean(close, ""))]


def _twice(
    lever: Lever, text: str, element: str | None, seen: dict[tuple[str, str | None], str]
) -> list[Fault]:
    clashes = [
        other
        for (name, place), other in seen.items()
        if name == lever.name and (element is None or place is None or place == element)
    ]
    if not clashes:
        return []
    problem = f"{lever.name} is set twice, by {clashes[0]!r} and by {text!r}"
    return [Fault(SETTINGS, text, problem, "Keep one: the whole lever or its elements")]


def _value_faults(lever: Lever, text: str, value: float) -> list[Fault]:
    unit = "" if lever.units.lower() in ("dmnl", "1", "") else f" {lever.units}"
    limits = f"{lever.low:g} to {lever.high:g}{unit}"
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not math.isfinite(value):
        return [Fault(SETTINGS, text, f"{value!r} is not a finite number", f"Give a number, range {limits}")]
    if lever.low <= value <= lever.high:
        return []
    problem = f"{value:g}{unit} is outside the range {limits}"
    remedy = per_cent_advice(lever, float(value)) or f"Give a value in the range {limits}"
    return [Fault(SETTINGS, text, problem, remedy)]

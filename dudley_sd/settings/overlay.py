"""Overlay of what a scenario, a portfolio, a contract and a user set."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address, lever_values
from sdcompile.read.levers import levers as levers_of
from sdcompile.read.model import Model

LeverKey = tuple[str, str | None]
"""Lever, as names are compared, and element; None for the whole lever."""

REMEDY = (
    "Let the scenario describe the outside world, the portfolio what is put in place and the contract how "
    "money moves"
)


def overlay(
    model: Model,
    scenario: Mapping[str, float],
    portfolio: Mapping[str, float],
    contract: Mapping[str, float],
    levers: Mapping[str, float],
) -> dict[str, float | np.ndarray]:
    """Return the settings of one run, checked against the levers of the model file.

    Parameters
    ----------
    model
        The model file.
    scenario, portfolio, contract
        What the named future, portfolio and contract set; no two of them may set the same constant.
    levers
        What the user sets; it wins over all three, since a slider starts where they put it. A whole lever
        replaces what they set of its elements; an element leaves the others as they set them.

    Returns
    -------
    dict
        Value by name in the model file: a number, or an array in the order of the model's elements.

    Raises
    ------
    InputError
        All faults at once: a constant set by two of scenario, portfolio and contract; an unknown lever (the
        nearest are suggested); a value outside the lever's limits.
    """
    layers = {"scenario": scenario, "portfolio": portfolio, "contract": contract}
    settings: dict[str, float] = {}
    faults = []
    for (name, below), (other, above) in combinations(layers.items(), 2):
        clashes = [text for text in above if any(_meet(text, each) for each in below)]
        faults += [
            Fault(f"{name} and {other}", text, "both set this constant", REMEDY) for text in sorted(clashes)
        ]
    for layer in layers.values():
        settings |= {
            text: value for text, value in layer.items() if not any(_meet(text, each) for each in settings)
        }
    values: dict[str, float | np.ndarray] = {}
    try:
        values = lever_values(model, {**_kept(model, settings, levers), **levers})
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return values


def _kept(model: Model, settings: Mapping[str, float], levers: Mapping[str, float]) -> dict[str, float]:
    """Return what the user's levers leave of the settings beneath them."""
    replaced = {_lever_key(text) for text in levers}
    elements = {same_name(lever.name): lever.elements for lever in levers_of(model).values()}
    kept: dict[str, float] = {}
    for text, value in settings.items():
        name, element = _lever_key(text)
        taken = {each for lever, each in replaced if lever == name}
        if taken & {None, element}:
            continue
        if taken and element is None:
            kept |= {f"{name}[{each}]": value for each in elements.get(name, ()) if each not in taken}
        else:
            kept[text] = value
    return kept


def _meet(one: str, other: str) -> bool:
    """Whether two spellings set the same constant, or one of them a part of the other."""
    (name, element), (lever, each) = _lever_key(one), _lever_key(other)
    return name == lever and (element == each or None in (element, each))


def _lever_key(text: str) -> LeverKey:
    """Lever and element that a spelling means; one that means nothing is left to `lever_values` to report."""
    try:
        name, element = lever_address(text)
    except InputError:
        return text, None
    return same_name(name), element

"""What do a scenario, a portfolio and a user's own levers set between them?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.levers import lever_address, lever_values
from dudley_sd.model.levers import levers as levers_of
from dudley_sd.model.names import same_name
from dudley_sd.model.variables import Model

Place = tuple[str, str | None]
"""Lever, as names are compared, and element; None for the whole lever."""


def overlay(
    model: Model,
    scenario: Mapping[str, float],
    portfolio: Mapping[str, float],
    levers: Mapping[str, float],
) -> dict[str, float | np.ndarray]:
    """Return the settings of one run, checked against the levers of the model file.

    Parameters
    ----------
    model
        The model file.
    scenario, portfolio
        What the named future and the named portfolio set; they must not set the same constant.
    levers
        What the user sets; it wins over both, since a slider starts where the scenario puts it. A whole lever
        replaces what they set of its elements; an element leaves the others as they set them.

    Returns
    -------
    dict
        Value by name in the model file: a number, or an array in the order of the model's elements.

    Raises
    ------
    InputError
        All faults at once: a constant set by scenario and portfolio; an unknown lever (the nearest are
        suggested); a value outside the lever's limits.
    """
    clashes = [text for text in portfolio if any(_meet(text, other) for other in scenario)]
    remedy = "Let the scenario describe the outside world and the portfolio the decisions"
    faults = [
        Fault("scenario and portfolio", text, "both set this constant", remedy) for text in sorted(clashes)
    ]
    decided = {text: value for text, value in portfolio.items() if text not in clashes}
    values: dict[str, float | np.ndarray] = {}
    try:
        values = lever_values(model, {**_kept(model, {**scenario, **decided}, levers), **levers})
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return values


def _kept(model: Model, settings: Mapping[str, float], levers: Mapping[str, float]) -> dict[str, float]:
    """Return what the user's levers leave of the settings beneath them."""
    replaced = {_place(text) for text in levers}
    elements = {same_name(lever.name): lever.elements for lever in levers_of(model).values()}
    kept: dict[str, float] = {}
    for text, value in settings.items():
        name, element = _place(text)
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
    (name, element), (lever, each) = _place(one), _place(other)
    return name == lever and (element == each or None in (element, each))


def _place(text: str) -> Place:
    """Lever and element that a spelling means; one that means nothing is left to `lever_values` to report."""
    try:
        name, element = lever_address(text)
    except InputError:
        return text, None
    return same_name(name), element

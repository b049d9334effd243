"""What do a scenario, a portfolio and a user's own levers set between them?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.levers import lever_address, lever_values
from dudley_sd.model.names import same_name
from dudley_sd.model.variables import Model


def overlay(
    model: Model,
    scenario: Mapping[str, float],
    portfolio: Mapping[str, float],
    levers: Mapping[str, float],
) -> dict[str, float | np.ndarray]:
    """Settings of one run, checked against the levers of the model file.

    Parameters
    ----------
    model
        The model file.
    scenario, portfolio
        What the named future and the named portfolio set; they must not set the same constant.
    levers
        What the user sets; it wins over both, since a slider starts where the scenario puts it.

    Returns
    -------
    dict
        Value by name in the model file: a number, or an array in the order of the model's elements.

    Raises
    ------
    InputError
        All faults at once: a constant set by scenario and portfolio; an unknown lever (the nearest are suggested); a
        value outside the lever's limits.
    """
    clashes = sorted(set(scenario) & set(portfolio))
    if clashes:
        remedy = "Let the scenario describe the outside world and the portfolio the decisions"
        raise InputError(
            [Fault("scenario and portfolio", name, "both set this constant", remedy) for name in clashes]
        )
    replaced = {_place(text) for text in levers}
    kept = {
        text: value
        for text, value in {**scenario, **portfolio}.items()
        if _place(text) not in replaced and (_place(text)[0], None) not in replaced
    }
    return lever_values(model, {**kept, **levers})


def _place(text: str) -> tuple[str, str | None]:
    """Lever and element that a user's spelling means."""
    name, element = lever_address(text)
    return same_name(name), element

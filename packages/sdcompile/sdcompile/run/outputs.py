"""Outputs of a model file: which variables a run gives and what their dimensions are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest
from sdcompile.read.model import Model, Variable

Value = float | np.ndarray


def model_path(folder: Path) -> Path:
    """Return the only model file of a folder."""
    (path,) = sorted(folder.glob("*.mdl"))
    return path


def chosen_variables(model: Model, outputs: Sequence[str] | None) -> list[Variable]:
    """Variables that a run gives: those asked for, or all but control variables and lookup tables."""
    found = [v for v in model.variables.values() if not v.control and v.kind != "table"]
    if outputs is None:
        return found
    wanted = set(output_keys(model, outputs))
    return [variable for variable in found if variable.key in wanted]


def output_keys(model: Model, outputs: Sequence[str]) -> list[str]:
    """Snake-case keys of the variables asked for.

    Parameters
    ----------
    model
        The model file.
    outputs
        Variables by key or by name in the model.

    Raises
    ------
    InputError
        A name that the model does not have, with the nearest that it has.
    """
    keys = {name: v.key for v in model.variables.values() for name in (v.key, v.name) if not v.control}
    remedy = "Use a name of the model"
    faults = [
        Fault("outputs", name, "there is no such variable", did_you_mean(nearest(name, keys), remedy))
        for name in outputs
        if name not in keys
    ]
    if faults:
        raise InputError(faults)
    return list(dict.fromkeys(keys[name] for name in outputs))


def dimension_name(range_name: str) -> str:
    """Name of a dimension in results: ``GPAge`` becomes ``gp_age``, ``Need`` becomes ``need``."""
    return re.sub(r"(?<=[^A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", range_name).lower()


def years(times: np.ndarray) -> np.ndarray:
    """Return saved times, as whole numbers where all of them are."""
    whole = np.round(times).astype(int)
    return whole if np.array_equal(whole, times) else times

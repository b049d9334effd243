"""What every variable of the model is at each saved time of one run, hidden stages of delays included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.equations.graph import Equations, Kind, constants, saved_steps
from sdcompile.plan.selection import find_levers, find_outputs
from sdcompile.read.equations import read_equations
from sdcompile.run.numpy_engine import NumpyEngine
from sdcompile.write.layout import make_plan

Values = Mapping[str, Floats]
Setting = float | np.ndarray


@dataclass(frozen=True)
class States:
    """A run, time by time.

    Attributes
    ----------
    equations
        What was run.
    times
        Saved times.
    values
        For each of them, every variable by the engine's key, without a dimension for runs.
    """

    equations: Equations
    times: tuple[float, ...]
    values: tuple[dict[str, Floats], ...]


class Runs:
    """A model file that can be run with any settings.

    Parameters
    ----------
    model_file
        With its tables beside it.

    Raises
    ------
    InputError
        Naming what cannot be compiled.
    """

    def __init__(self, model_file: Path) -> None:
        self.equations = read_equations(model_file)
        # Every constant is a lever of the plan, so that one plan serves all settings.
        self._levers = find_levers(self.equations, constants(self.equations))
        self._plan = make_plan(self.equations, self._levers, find_outputs(self.equations, None))

    def states(self, settings: Mapping[str, Setting] = MappingProxyType({})) -> States:
        """Run once in NumPy and keep every value.

        Parameters
        ----------
        settings
            Constants by their name in the model file: a number, or an array in the order of the elements.

        Raises
        ------
        InputError
            If a setting is no constant.
        """
        equations, plan = self.equations, self._plan
        given = plan.lever_defaults.copy()
        for name, value in settings.items():
            chosen = [self._levers.index(lever) for lever in find_levers(equations, [name])]
            given[chosen] = np.ravel(np.asarray(value, dtype=float))
        levers = {
            key: variable.values.copy()
            for key, variable in equations.variables.items()
            if variable.kind is Kind.CONSTANT and variable.values is not None
        }
        for (key, element), value in zip(self._levers, given, strict=True):
            levers[key].flat[element] = value
        steps = saved_steps(equations)
        seen: dict[str, dict[int, Floats]] = {}

        def watch(key: str, values: Floats, step: int) -> None:
            seen.setdefault(key, {})[step] = values[..., 0].copy()

        NumpyEngine(plan).watched(given, watch)
        full = tuple(levers | _at(equations, seen, step) for step in steps)
        return States(equations, tuple(equations.times[step] for step in steps), full)


def _at(equations: Equations, seen: Mapping[str, Mapping[int, Floats]], step: int) -> dict[str, Floats]:
    """Value of everything at a step: what is worked out once stays, a pipe gives what went in long ago."""
    found = {}
    for key, history in seen.items():
        variable = equations.variables[key]
        # The engine shows what goes into a pipe, one step on; it comes out after the length of the pipe.
        there = max(step + 1 - variable.length, 0) if variable.kind is Kind.PIPE else step
        found[key] = history[there] if there in history else history[min(history)]
    return found

"""States of a run: every variable at each saved time, hidden stages of delays included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.graph import Equations, Kind, constants, saved_steps
from sdcompile.plan.data import Data, gather
from sdcompile.plan.program import Program, plan
from sdcompile.plan.selection import find_levers, find_outputs
from sdcompile.read.equations import read_equations
from sdcompile.run.numpy_engine import NumpyEngine
from sdcompile.write.layout import make_plan
from sdcompile.write.numpy_functions import loaded
from sdcompile.write.numpy_text import NumpyWriter

Values = Mapping[str, Floats]
Setting = float | np.ndarray


@dataclass
class Moments:
    """Equations at one moment, each written in NumPy where it is asked for.

    Attributes
    ----------
    program
        The model.
    data
        Its numbers.
    """

    program: Program
    data: Data
    _written: dict[str, Callable[..., Floats]] = field(default_factory=dict)

    def value(self, key: str, values: Values, time: float) -> Floats:
        """Work out a variable from values of those that it reads: a stock one step later."""
        equations = self.program.equations
        if key not in self._written:
            text = NumpyWriter(self.program, self.data).moment(equations.variables[key])
            self._written[key] = loaded(text, equations.source, self.data.values)
        with np.errstate(all="ignore"):
            return self._written[key](values, time, equations.time_step, 1)


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
    moments
        What works out a variable from such values.
    """

    equations: Equations
    times: tuple[float, ...]
    values: tuple[dict[str, Floats], ...]
    moments: Moments


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
        outputs = find_outputs(self.equations, None)
        self._plan = make_plan(self.equations, self._levers, outputs)
        program = plan(self.equations, self._levers, outputs)
        self._moments = Moments(program, gather(program))

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
        equations = self.equations
        given = self._plan.lever_defaults.copy()
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

        NumpyEngine(self._plan).watched(given, watch)
        full = tuple(levers | _at(equations, seen, step) for step in steps)
        return States(equations, tuple(equations.times[step] for step in steps), full, self._moments)


def _at(equations: Equations, seen: Mapping[str, Mapping[int, Floats]], step: int) -> dict[str, Floats]:
    """Value of everything at a step: what is worked out once stays, a pipe gives what went in long ago."""
    found = {}
    for key, history in seen.items():
        variable = equations.variables[key]
        # The engine shows what goes into a pipe, one step on; it comes out after the length of the pipe.
        there = max(step + 1 - variable.length, 0) if variable.kind is Kind.PIPE else step
        found[key] = history[there] if there in history else history[min(history)]
    return found

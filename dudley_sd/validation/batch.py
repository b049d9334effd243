"""Many runs of a compiled model in one call, each given by the levers that it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sdcompile import Compiled, compile
from sdcompile.names import same_name
from sdcompile.read.levers import levers as model_levers

from dudley_sd.folders import MODEL_FILE
from dudley_sd.validation.bench import Bench

Floats = npt.NDArray[np.float64]
PART = 250
"""Runs in one call, so that memory holds their results."""


class Batch:
    """A compiled model that answers many settings at once, each given by the levers that it moves.

    Parameters
    ----------
    bench
        Whose model and settings of futures.
    levers, outputs
        What may be set and what is kept.
    """

    def __init__(self, bench: Bench, levers: Sequence[str], outputs: Sequence[str]) -> None:
        self._bench = bench
        world = bench.settings("official_future", "none")
        self.model: Compiled = compile(
            bench.folder.path / MODEL_FILE,
            levers=[*dict.fromkeys([*world, *(name for name in levers if name not in world)])],
            outputs=list(outputs),
            side_by_side=True,
        )
        self._places = {_plain(label): place for place, label in enumerate(self.model.levers)}
        self._rows = {same_name(series.name): series.place for series in self.model.outputs}

    @cached_property
    def base(self) -> Floats:
        """Lever values of Official Future, do nothing."""
        return self.values(self._bench.settings("official_future", "none"))

    def values(self, settings: Mapping[str, float | Floats], start: Floats | None = None) -> Floats:
        """Lever values under settings, the model's own, or ``start``, where they leave it."""
        found = self.model.defaults if start is None else start.copy()
        known = model_levers(self._bench.model)
        for name, value in settings.items():
            names = [f"{name}[{each}]" for each in known[name].elements] if name in known else [name]
            for label, part in zip(names or [name], np.ravel(value), strict=True):
                found[..., self._places[_plain(label)]] = part
        return found

    def place(self, label: str) -> int:
        """Where a lever stands in the lever values."""
        return self._places[_plain(label)]

    def run(self, values: Floats) -> Floats:
        """Run many settings and return their outputs, [time, output, run]."""
        parts = [self.model.run_array(values[first : first + PART]) for first in range(0, len(values), PART)]
        return np.concatenate(parts, axis=2)

    def output(self, raw: Floats, name: str) -> Floats:
        """Series of a variable without subscripts, [time, run]."""
        series: Floats = raw[:, self._rows[same_name(name)]]
        return series

    def row(self, year: float) -> int:
        """Place of a saved time."""
        return int(np.argmin(abs(self.model.times - year)))


def _plain(label: str) -> str:
    """Spell a lever's address in one way, whatever its case and blanks."""
    return same_name(label.replace(", ", ","))

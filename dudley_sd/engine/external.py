"""Numbers that live outside the model file, read by PySD's own readers so that they are the same numbers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dudley_sd.engine.arrays import Floats
from dudley_sd.engine.refusal import RefusedError


def forget_files() -> None:
    """Make PySD read every file again: it remembers files by name, whatever is in them now."""
    from pysd.py_backend.external import Excels

    Excels.clean()


@dataclass(frozen=True)
class Reader:
    """Reads external constants, data and lookups for one equation.

    Attributes
    ----------
    folder
        The model's folder: paths in the model are relative to it.
    name
        The variable, for messages.
    coordinates
        PySD's coordinates of the equation's left-hand side.
    shape
        Elements along each axis of the equation, single elements left out.
    """

    folder: Path
    name: str
    coordinates: dict[str, list[str]]
    shape: tuple[int, ...]

    def constants(self, structure: Any) -> Floats:
        """Read GET ... CONSTANTS; a blank or a word is an error."""
        from pysd.py_backend.external import ExtConstant

        where = (structure.file, structure.tab, structure.cell)
        reader = ExtConstant(*where, self.coordinates, self.folder, self.coordinates, self.name)
        self._initialize(reader)
        values = np.asarray(getattr(reader.data, "values", reader.data), dtype=float)
        if np.isnan(values).any():
            problem = f"{np.isnan(values).sum()} of {values.size} cells from {where} are not numbers"
            raise RefusedError(problem, "Fill the cells")
        return values.reshape(self.shape)

    def lookups(self, structure: Any) -> tuple[Floats, Floats]:
        """Read GET ... LOOKUPS: x, and y with the equation's axes behind."""
        from pysd.py_backend.external import ExtLookup

        where = (structure.file, structure.tab, structure.x_row_or_col, structure.cell)
        reader = ExtLookup(*where, self.coordinates, self.folder, self.coordinates, self.name)
        return self._series(reader)

    def data(self, structure: Any, method: str | None) -> tuple[Floats, Floats]:
        """Read GET ... DATA: times, and values with the equation's axes behind."""
        from pysd.py_backend.external import ExtData

        where = (structure.file, structure.tab, structure.time_row_or_col, structure.cell)
        reader = ExtData(*where, method, self.coordinates, self.folder, self.coordinates, self.name)
        return self._series(reader)

    def _series(self, reader: Any) -> tuple[Floats, Floats]:
        self._initialize(reader)
        x = np.asarray(reader.data[reader.data.dims[0]].values, dtype=float)
        y = np.asarray(reader.data.values, dtype=float)
        return x, y.reshape((len(x), *self.shape))

    def _initialize(self, reader: Any) -> None:
        """Run PySD's reader; gaps in a series are filled by its method, as PySD and Vensim fill them."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reader.initialize()
        except (ValueError, OSError, KeyError, IndexError, AttributeError, TypeError) as error:
            raise RefusedError(" ".join(str(error).split()), "Correct the file or the reference") from error

"""Plan of a model: everything that a run needs, in a form that is read back without PySD."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdcompile.arrays import Floats
from sdcompile.plan.data import Places

GENERATOR = 29
"""Raise when generated text changes for the same model: nothing stored under another number is used."""


@dataclass(frozen=True)
class Series:
    """One output: its name in the model and in Python, its dimensions and elements, its first place.

    ``gaps`` says that some elements have no equation, and so are never numbers.
    """

    key: str
    name: str
    dims: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    units: str
    documentation: str
    place: int
    gaps: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along each dimension."""
        return tuple(len(elements) for elements in self.labels)

    @property
    def size(self) -> int:
        """Elements in all."""
        return int(np.prod(self.shape, dtype=int))


@dataclass
class Proof:
    """Proof of a library: answers of the NumPy engine that it has to give.

    Attributes
    ----------
    levers
        Settings, [lever, setting].
    rows
        Which saved times are kept.
    outputs
        Results at those times, [kept time, series, setting].
    tolerance
        How far from these a library may be, for each series.
    """

    levers: Floats
    rows: npt.NDArray[np.intp]
    outputs: Floats
    tolerance: Floats


@dataclass
class Plan:
    """A model laid out for given levers and outputs.

    Attributes
    ----------
    source
        The model file's name, for messages.
    levers
        Labels of the levers, such as ``coverage[MDT]``, in the order of lever values.
    outputs
        The outputs in the order of their places.
    series
        Number of series: elements of all outputs.
    texts
        Source text by language: ``c``, ``numpy``, ``javascript``.
    names, notes
        Name of each variable of the program and what to check when it is not a number, for messages.
    places
        Where the numbers of each constant and table stand in ``data``.
    sizes
        Places in the parts that all runs share: ``shared``, ``track``, ``queue``.
    files
        External files read, relative to the model's folder.
    data, own, lever_defaults, lever_places
        The numbers of the model (see ``data.py``).
    times, row_of
        The time of each step, and the row it is saved in or -1.
    test
        What the NumPy engine gives for a few lever settings, worked out when a library is built, which has to
        give the same; None until then.
    """

    source: str
    levers: list[str]
    outputs: list[Series]
    series: int
    texts: dict[str, str]
    names: dict[str, str]
    notes: dict[str, str]
    places: Places
    sizes: dict[str, int]
    files: list[str]
    time_step: float
    data: Floats
    own: Floats
    lever_defaults: Floats
    lever_places: npt.NDArray[np.int32]
    times: Floats
    row_of: npt.NDArray[np.int32]
    test: Proof | None = None

    @property
    def rows(self) -> int:
        """Number of saved times."""
        return int((self.row_of >= 0).sum())

    @property
    def saved_times(self) -> Floats:
        """The times that are saved."""
        saved: Floats = self.times[self.row_of >= 0]
        return saved


_ARRAYS = ("data", "own", "lever_defaults", "lever_places", "times", "row_of")
_TEST = ("levers", "rows", "outputs", "tolerance")


def save_plan(plan: Plan, path: Path) -> None:
    """Write a plan to a file; the caller makes it appear whole or not at all."""
    words = {key: value for key, value in vars(plan).items() if key not in (*_ARRAYS, "test")}
    words["outputs"] = [asdict(series) for series in plan.outputs]
    arrays = {key: getattr(plan, key) for key in _ARRAYS}
    if plan.test is not None:
        arrays |= {f"test_{key}": getattr(plan.test, key) for key in _TEST}
    with path.open("wb") as file:
        np.savez(file, words=np.frombuffer(json.dumps(words).encode(), dtype=np.uint8), **arrays)


def load_plan(path: Path) -> Plan:
    """Read a plan back.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, OSError
        If the file is not one.
    """
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is not a plan")
    try:
        return _loaded(path)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise ValueError(f"{path} is not a plan: {error}") from error


def _loaded(path: Path) -> Plan:
    with np.load(path, allow_pickle=False) as stored:
        words = json.loads(stored["words"].tobytes().decode())
        arrays = {key: stored[key] for key in _ARRAYS}
        proved = f"test_{_TEST[0]}" in stored
        test = Proof(**{key: stored[f"test_{key}"] for key in _TEST}) if proved else None
    words["outputs"] = [_series(entry) for entry in words["outputs"]]
    return Plan(**words, **arrays, test=test)


def _series(entry: dict[str, Any]) -> Series:
    labels = tuple(tuple(part) for part in entry["labels"])
    return Series(**{**entry, "labels": labels, "dims": tuple(entry["dims"])})

"""Functions of the model language on NumPy arrays, and reading tables; used by generated NumPy text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdcompile.arrays import Floats
from sdcompile.equations.expressions import MISSING

SMALL = 1e-6  # what Vensim and PySD take for zero


def xidz(a: Floats, b: Floats, x: Floats) -> Floats:
    """Divide, or give ``x`` where the divisor is nearly zero."""
    return np.where(np.abs(b) < SMALL, x, np.divide(a, b))


def quantum(a: Floats, b: Floats) -> Floats:
    """Return the largest whole number of ``b`` in ``a``, or ``a`` itself where ``b`` is not above zero."""
    return np.where(np.asarray(b) < SMALL, a, b * np.trunc(np.divide(a, b)))


def modulo(a: Floats, b: Floats) -> Floats:
    """Return what is left of ``a`` after whole numbers of ``b``; keeps the sign of ``a``."""
    return a - quantum(a, b)


@dataclass(frozen=True)
class Grid:
    """A table, ready to read.

    Attributes
    ----------
    points
        For each element, its x, values and slopes.
    shared
        The one x of all elements, with values and slopes of all in columns, if it is the same for all.
    method
        A number of ``data.METHODS``.
    """

    points: tuple[tuple[Floats, Floats, Floats], ...]
    method: int
    shared: tuple[Floats, Floats, Floats] | None = None

    def read(self, elements: npt.NDArray[np.intp], at: Floats) -> Floats:
        """Read each of ``elements`` at each of ``at``; the two are broadcast together."""
        at = np.asarray(at, dtype=float)
        shape = np.broadcast_shapes(elements.shape, at.shape)
        if elements.size == 1:
            return _read(*self.points[int(elements.flat[0])], self.method, at).reshape(shape)
        if self.shared is not None and at.size == 1:
            return _read_row(*self.shared, self.method, float(at.flat[0]))[elements].reshape(shape)
        wide_elements, wide_at = np.broadcast_to(elements, shape), np.broadcast_to(at, shape)
        out = np.empty(shape)
        for element in np.unique(elements):
            here = wide_elements == element
            out[here] = _read(*self.points[int(element)], self.method, wide_at[here])
        return out


def grid(data: Floats, places: list[tuple[int, int]], method: int) -> Grid:
    """Find a table in the row of data."""
    points = []
    for first, count in places:
        x, y = data[first : first + count], data[first + count : first + 2 * count]
        points.append((x, y, data[first + 2 * count : first + 3 * count - 1]))
    same = len(points) > 1 and method in (0, 2) and all(np.array_equal(x, points[0][0]) for x, _, _ in points)
    if not same:
        return Grid(tuple(points), method)
    values, slopes = (np.stack([part[k] for part in points], axis=-1) for k in (1, 2))
    return Grid(tuple(points), method, (points[0][0], values, slopes))


def _read_row(x: Floats, y: Floats, slope: Floats, method: int, at: float) -> Floats:
    """Read tables that share their x, one to a column, at one point."""
    if np.isnan(at):
        return np.full(y.shape[1], np.nan)
    if at < x[0] or len(x) == 1:
        return np.asarray(y[0])
    if at >= x[-1]:
        return np.asarray(y[-1])
    low = int(np.searchsorted(x, at, side="right")) - 1
    return np.asarray(y[low] if method == 2 else slope[low] * (at - x[low]) + y[low])


def _read(x: Floats, y: Floats, slope: Floats, method: int, at: Floats) -> Floats:
    low = np.clip(np.searchsorted(x, at, side="right") - 1, 0, max(len(x) - 2, 0))
    if method == 2:
        inside = y[low]
    elif method in (3, 4):
        exact = at == x[low]
        following = y[np.minimum(low + 1, len(x) - 1)]
        inside = np.where(exact, y[low], following if method == 3 else MISSING)
    else:
        inside = slope[low] * (at - x[low]) + y[low] if len(x) > 1 else np.broadcast_to(y[0], at.shape)
    result = np.where(at < x[0], _before(x, y, slope, method, at), inside)
    result = np.where(at >= x[-1], _after(x, y, slope, method, at), result)
    return np.where(np.isnan(at), at, result)


def _before(x: Floats, y: Floats, slope: Floats, method: int, at: Floats) -> Floats:
    if method == 4:
        return np.full_like(at, MISSING)
    if method == 1 and len(x) > 1:
        return np.asarray(y[0] + slope[0] * (at - x[0]))
    return np.full_like(at, y[0])


def _after(x: Floats, y: Floats, slope: Floats, method: int, at: Floats) -> Floats:
    if method == 4:
        return np.where(at > x[-1], MISSING, y[-1])
    if method == 1 and len(x) > 1:
        return np.asarray(np.where(at > x[-1], y[-1] + slope[-1] * (at - x[-1]), y[-1]))
    return np.full_like(at, y[-1])


NAMES: dict[str, Any] = {"np": np, "grid": grid, "modulo": modulo, "quantum": quantum, "xidz": xidz}
"""What a text in NumPy may call."""


def loaded(text: str, source: str, data: Floats) -> Callable[..., Any]:
    """Make the function ``run`` of a text in NumPy, for a program's row of data."""
    space = dict(NAMES)
    exec(compile(text, f"<{source} in NumPy>", "exec"), space)
    space.update(space["prepare"](data))
    runs: Callable[..., Any] = space["run"]
    return runs

"""Matrix of lever values, from any of the forms in which a user has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.errors import Fault, InputError
from sdcompile.names import plain


@dataclass(frozen=True)
class LeverMatrix:
    """Lever values, [lever, run]; ``single`` if the user gave one setting and no list of them."""

    matrix: Floats
    single: bool

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.matrix.shape[1])


def lever_matrix(values: Any, levers: Sequence[str], defaults: Floats) -> LeverMatrix:
    """Put lever values in order.

    Parameters
    ----------
    values
        None for the model's own; a mapping from lever to a number or one number a run; an
        ``xarray.DataArray`` with dimension ``lever`` and perhaps ``run``; a table with a column for
        each lever; or an array, [lever] or [run, lever].
    levers
        Labels of the levers.
    defaults
        The model's own values, used for levers that a mapping leaves out.

    Raises
    ------
    InputError
        For a wrong shape, labels that do not match, or a value that is not a finite number.
    """
    if values is None:
        return LeverMatrix(np.ascontiguousarray(defaults[:, None]), True)
    if isinstance(values, Mapping):
        table = _from_mapping(values, levers, defaults)
    elif hasattr(values, "dims") and hasattr(values, "coords"):
        table = _from_labelled(values, levers)
    elif hasattr(values, "columns"):
        table = values[_matched(list(map(str, values.columns)), levers)].to_numpy(dtype=float)
    else:
        table = _from_array(values, levers)
    single = table.ndim == 1
    matrix = np.ascontiguousarray(np.atleast_2d(table).T)
    _check_finite(matrix, levers)
    return LeverMatrix(matrix, single)


def _from_mapping(values: Mapping[Any, Any], levers: Sequence[str], defaults: Floats) -> Floats:
    known = {_plain(lever): place for place, lever in enumerate(levers)}
    unknown = [str(key) for key in values if _plain(str(key)) not in known]
    if unknown:
        raise _mismatch(unknown, [], levers)
    rows = {known[_plain(str(key))]: _numbers(value, str(key)) for key, value in values.items()}
    lengths = {len(row) for row in rows.values() if row.ndim}
    if any(row.ndim > 1 for row in rows.values()) or len(lengths) > 1:
        shown = ", ".join(f"{levers[place]}: {row.shape}" for place, row in rows.items())
        raise _fault(
            "values", f"their lengths differ: {shown}", "Give a number, or one number a run, to each"
        )
    table = np.repeat(defaults[None, :], lengths.pop(), axis=0) if lengths else defaults.copy()
    for place, row in rows.items():
        table[..., place] = row
    return table


def _from_labelled(values: Any, levers: Sequence[str]) -> Floats:
    dims = set(values.dims)
    if dims not in ({"lever"}, {"run", "lever"}) or "lever" not in values.coords:
        problem = f"its dimensions are {tuple(values.dims)}"
        raise _fault("values", problem, "Use dimensions (run, lever) with labels on lever")
    order = _matched([str(label) for label in values.coords["lever"].values], levers)
    chosen = values.sel(lever=order)
    return np.asarray(chosen.transpose(*[d for d in ("run", "lever") if d in dims]).values, dtype=float)


def _from_array(values: Any, levers: Sequence[str]) -> Floats:
    table = _numbers(values, "values")
    if table.ndim not in (1, 2) or table.shape[-1] != len(levers):
        problem = f"shape {table.shape} does not end in {len(levers)}, the number of levers"
        raise _fault("values", problem, "Give [lever] or [run, lever]")
    return table


def _matched(given: list[str], levers: Sequence[str]) -> list[str]:
    """Return the given labels in the order of the levers; they have to be the same labels."""
    by_name = {_plain(label): label for label in given}
    extra = [label for label in given if _plain(label) not in {_plain(lever) for lever in levers}]
    missing = [lever for lever in levers if _plain(lever) not in by_name]
    if extra or missing or len(given) != len(levers):
        raise _mismatch(extra, missing, levers)
    return [by_name[_plain(lever)] for lever in levers]


def _check_finite(matrix: Floats, levers: Sequence[str]) -> None:
    wrong = ~np.isfinite(matrix)
    if wrong.any():
        lever, run = (int(places[0]) for places in np.nonzero(wrong))
        where = f"lever {levers[lever]!r}, run {run}"
        more = f"; {int(wrong.sum())} values in all" if wrong.sum() > 1 else ""
        problem = f"the value is {matrix[lever, run]}{more}"
        raise InputError([Fault("values", where, problem, "Give a finite number")])


def _numbers(value: Any, name: str) -> Floats:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise _fault(name, f"it is not made of numbers: {error}", "Give numbers") from error


def _mismatch(extra: list[str], missing: list[str], levers: Sequence[str]) -> InputError:
    parts = [f"unknown here: {', '.join(extra)}"] if extra else []
    parts += [f"not given: {', '.join(missing)}"] if missing else []
    problem = f"the labels do not match ({'; '.join(parts) or 'some are repeated'})"
    return _fault("values", problem, f"The levers are {', '.join(levers) or 'none'}")


def _fault(where: str, problem: str, remedy: str) -> InputError:
    return InputError([Fault("lever values", where, problem, remedy)])


def _plain(label: str) -> str:
    name, bracket, rest = label.partition("[")
    elements = ",".join(plain(part) for part in rest.rstrip("] ").split(","))
    return plain(name) + (f"[{elements}]" if bracket else "")

"""Output that Vensim or a closed form gave for a model, stored beside it: an oracle beside PySD.

A file of the model's name that ends in ``.csv``, ``.tab``, ``.tsv`` or ``.dat``; or ``output.csv`` or
``output.tab`` where the folder has one model (the layout of SDXorg/test-models). Columns, or the lines above
the pairs of a ``.dat``, bear Vensim's names.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd

SUFFIXES = (".csv", ".tab", ".tsv", ".dat")
MODELS = (".mdl", ".xmile", ".stmx")


def stored_output(model: Path) -> pd.DataFrame | None:
    """Read what is stored beside a model, by time; None if nothing is."""
    beside = [model.with_suffix(suffix) for suffix in SUFFIXES]
    if sum(path.suffix in MODELS for path in model.parent.iterdir()) == 1:
        beside += [model.parent / "output.csv", model.parent / "output.tab"]
    path = next((path for path in beside if path.is_file()), None)
    if path is None:
        return None
    return _dat(path) if path.suffix == ".dat" else _table(path)


def _table(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig", newline="") as text:
        head, *rows = csv.reader(text, delimiter="," if path.suffix == ".csv" else "\t")
    numbers = [[_number(cell) for cell in row] for row in rows if row]
    frame = pd.DataFrame(numbers, columns=head, dtype=float).set_index(head[0])
    return frame.loc[:, ~frame.columns.duplicated()]


def _dat(path: Path) -> pd.DataFrame:
    series: dict[str, dict[float, float]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        cells = line.split("\t")
        if len(cells) == 1 and cells[0].strip():
            name = cells[0].strip()
        elif len(cells) == 2:
            series.setdefault(name, {})[float(cells[0])] = float(cells[1])
    return pd.DataFrame(series).sort_index()


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def vensim_name(column: str) -> str:
    """Write a column of Vensim or of the engine in one way."""
    return re.sub(r"\s*([\[\],])\s*", r"\1", re.sub(r"[\s_]+", " ", column.replace('"', "").lower())).strip()


def differences(given: pd.DataFrame, wanted: pd.DataFrame, tolerance: float) -> dict[str, str]:
    """Compare what is stored with an answer, each series on its own scale.

    Parameters
    ----------
    given, wanted
        By time; columns that only one of them has are left out, gaps and times of ``given`` alone too.
    tolerance
        Of the greatest size of each series.

    Returns
    -------
    dict
        By column of ``given``, what differs.
    """
    found: dict[str, str] = {}
    ours = {vensim_name(column): column for column in given}
    steps = [int(np.argmin(np.abs(given.index.to_numpy(float) - time))) for time in wanted.index]
    for column in wanted:
        mine = ours.get(vensim_name(str(column)))
        if mine is None:
            continue
        a, b = given[mine].to_numpy(float)[steps], wanted[column].to_numpy(float)
        there = ~np.isnan(b) & (
            np.abs(given.index.to_numpy(float)[steps] - wanted.index.to_numpy(float)) < 1e-6
        )
        gap = np.where(there, np.abs(a - b), 0.0)
        limit = tolerance * np.nanmax(np.abs(b), initial=0.0) + 1e-14
        if not (gap <= limit).all():
            step = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
            found[mine] = f"{mine}: {a[step]!r}, stored is {b[step]!r} at {wanted.index[step]:g}"
    return found

"""What many runs of a plan and of doing nothing say, and how it is kept in one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.scratch import atomic_file

TEXT = ("variable", "parameter")
"""Columns of the swings that are words."""

NUMBERS = ("place", "at_low", "at_central", "at_high", "swing", "against_at_low", "against_at_high")


@dataclass(frozen=True, eq=False)
class Answer:
    """Everything that the page shows of an ensemble.

    Attributes
    ----------
    plan, nothing
        Measures by key, dims (member, year), in the unit of the model; a member has the same draw in both.
        The second is of do nothing in the plan's own future;
        None where the plan itself does nothing, or where none was stored.
    swings
        Each number alone to its low and to its high value: columns ``variable, parameter, place, at_low,
        at_central, at_high, swing``, of the last year, see `dudley_sd.ensembles.explore`, and
        ``against_at_low, against_at_high`` of doing nothing, see `dudley_dashboard.pages.uncertainty.swings`.
    about
        What was drawn and what was not, in plain data: see `dudley_dashboard.pages.uncertainty.work.about`.
    """

    plan: xr.Dataset
    nothing: xr.Dataset | None
    swings: pd.DataFrame
    about: dict[str, Any]

    @property
    def members(self) -> int:
        """How many runs there are of the plan."""
        return int(self.plan.sizes["member"])

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.plan["year"][-1])

    @property
    def end(self) -> str:
        """The last year as `starred`."""
        return self.starred(self.last)

    def starred(self, year: int) -> str:
        """Year with an asterisk beyond the projection; answers kept by earlier versions do not know."""
        return f"{year}*" if year in self.about.get("beyond", ()) else str(year)


def save_answer(answer: Answer, path: Path) -> None:
    """Write an answer: in place whole or not at all."""
    arrays: dict[str, np.ndarray] = {"year": answer.plan["year"].to_numpy()}
    for name, runs in (("plan", answer.plan), ("nothing", answer.nothing)):
        if runs is not None:
            arrays |= {f"{name}.{key}": array.to_numpy() for key, array in runs.data_vars.items()}
    arrays |= {f"swings.{column}": answer.swings[column].to_numpy(dtype=float) for column in NUMBERS}
    words = {column: answer.swings[column].tolist() for column in TEXT}
    arrays["about"] = np.array(json.dumps({"about": answer.about, "swings": words}))
    with atomic_file(path) as scratch, scratch.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def load_answer(path: Path) -> Answer:
    """Read what `save_answer` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        read = {name: arrays[name] for name in arrays.files}
    words = json.loads(str(read["about"]))
    swings = pd.DataFrame(words["swings"] | {column: read[f"swings.{column}"] for column in NUMBERS})
    swings["place"] = swings["place"].astype(int)
    nothing = _runs(read, "nothing.")
    swings = swings[[*TEXT, *NUMBERS]]
    return Answer(_runs(read, "plan."), nothing if nothing.data_vars else None, swings, words["about"])


def _runs(read: dict[str, np.ndarray], name: str) -> xr.Dataset:
    found = {
        key.removeprefix(name): (("member", "year"), array)
        for key, array in read.items()
        if key.startswith(name)
    }
    return xr.Dataset(found, coords={"year": read["year"]})

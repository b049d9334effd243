"""Indicative areas of an ensemble: which they are, why, and how every table says so."""

from __future__ import annotations

import json

import pandas as pd
import xarray as xr

from dudley_sd.ensembles.plan import EnsemblePlan
from dudley_sd.inputs.footprints import Total

WORD = "indicative"


def reasons(plan: EnsemblePlan) -> dict[str, str]:
    """Why a footprint asked for is indicative, by key; those that are not are left out."""
    found = {}
    for name, area in plan.asked.items():
        parts = [plan.areas[part] for part in plan.parts(name)]
        why = dict.fromkeys(part.folder.area.indicative for part in parts if part.folder.area.indicative)
        if why and isinstance(area, Total):
            names = ", ".join(part.footprint.name for part in parts)
            unsure = ", ".join(part.footprint.name for part in parts if part.folder.area.indicative)
            found[name] = f"the sum of {names}; in {unsure} {'; '.join(why)}"
        elif why:
            found[name] = "; ".join(why)
    return found


def place_names(plan: EnsemblePlan) -> dict[str, str]:
    """Names of footprints asked for, as readers see them."""
    unsure = reasons(plan)
    return {
        name: f"{area.name} ({WORD})" if name in unsure else area.name for name, area in plan.asked.items()
    }


def indicative_attribute(plan: EnsemblePlan) -> dict[str, str]:
    """Attribute of the store, as results of runs have it: a sentence, or of several areas one for each."""
    said = {name: f"Indicative: {why}" for name, why in reasons(plan).items()}
    if not said:
        return {}
    text = json.dumps(said, ensure_ascii=False) if len(plan.asked) > 1 else next(iter(said.values()))
    return {WORD: text}


def unsure_areas(ensemble: xr.Dataset) -> dict[str, str]:
    """Why, by key of the footprints in a store that are indicative."""
    if WORD not in ensemble.attrs:
        return {}
    text = str(ensemble.attrs[WORD])
    found: dict[str, str] = (
        json.loads(text) if "footprint" in ensemble.dims else {str(ensemble.attrs["footprint"]): text}
    )
    return found


def with_note(table: pd.DataFrame, unsure: dict[str, str], several: bool) -> pd.DataFrame:
    """Add the column ``note`` to a table where anything is indicative, as tables of runs have it."""
    if not unsure:
        return table
    if "footprint" in table:
        return table.assign(note=[WORD if name in unsure else "" for name in table["footprint"]])
    return table.assign(note=f"{WORD} in {', '.join(unsure)}" if several else WORD)

"""Projection of people that a result stands on, in a reader's words."""

from __future__ import annotations

import json

import xarray as xr

from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE

LOOKED_AT = "dudley"
"""The area whose findings were compared between bases."""


def base_text(results: xr.Dataset) -> str:
    """Name of the projection: ``2014-based``."""
    return str(json.loads(results.attrs["manifest"])["projection"]["projection"])


def base_title(results: xr.Dataset) -> str:
    """Name of the projection as a title has it: ``ONS 2018-based projection``."""
    if is_official(results):
        return f"ONS {base_text(results)} projection"
    return base_text(results).removeprefix("indicative, ").replace("carried on", "people carried on")


def projection_text(results: xr.Dataset) -> str:
    """Whose projection it is, for which area, from which file, and when it ends."""
    manifest = json.loads(results.attrs["manifest"])
    entry = manifest["projection"]
    kind = str(entry["projection"])
    if "parts" in manifest:
        return f"The sum of {entry['area']} ({base_title(results)}), to {entry['table_ends']}"
    if kind.startswith("indicative"):
        name = f"{kind[:1].upper()}{kind[1:]}"
        return f"{name}: {entry['area']} from its mid-2018 estimate, to {entry['table_ends']}"
    whose = "ONS " if is_official(results) else ""
    table = f" ({entry['table']})" if "table" in entry else ""
    area, end = f"{entry['area']}{table}", entry["table_ends"]
    return f"{whose}{entry['projection']} projection for {area}, which ends in {end}"


def is_official(results: xr.Dataset) -> bool:
    """Whether the projection is one of ONS, which are called by their base."""
    return base_text(results)[:1].isdigit()


def turns_on_base(results: xr.Dataset) -> str:
    """Say which findings another base would turn; empty where that was not looked at for the area."""
    return TURNS_ON_THE_BASE if results.attrs["footprint"] == LOOKED_AT else ""

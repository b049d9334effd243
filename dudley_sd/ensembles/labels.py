"""Reader words of an ensemble's outputs, areas and numbers."""

from __future__ import annotations

import xarray as xr

from dudley_sd.ensembles.thresholds import read_thresholds
from dudley_sd.indicators import COMPARED, is_share
from dudley_sd.inputs.elements import element_text
from dudley_sd.results.units import unit_words

SIGNS = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below"}


def variable_text(key: str, model_name: str) -> str:
    """Return the title of a variable: that of a comparison, or its name in the model."""
    return COMPARED[key].title if key in COMPARED else model_name[:1].upper() + model_name[1:]


def title_of(many: xr.Dataset, key: str) -> str:
    """Return the title of an output of an ensemble."""
    return variable_text(key, str(many[key].attrs.get("model_name", key.replace("_", " "))))


def unit_of(key: str, unit: str) -> str:
    """Return the unit of an output as readers see it."""
    return unit_words(unit, share=is_share(key))


def threshold_text(many: xr.Dataset, text: str) -> str:
    """Say in words what ``occupancy>0.95`` asks: ``Occupancy above 95%``."""
    (each,) = read_thresholds(many, [text])
    unit = str(many[each.name].attrs["units"])
    if is_share(each.name):
        number = f"{100 * each.number:.4g}%"
    elif unit.startswith("Pound"):
        number = f"£{each.number:,.0f}".replace("£-", "−£")
    else:
        number = f"{each.number:,.10g}{'' if unit == 'Dmnl' else ' ' + unit_words(unit)}"
    return f"{title_of(many, each.name)} {SIGNS[each.sign]} {number}"


def parts_of_label(label: str) -> tuple[str, str]:
    """Variable and element of ``people_by_age[A75]``, the element in words."""
    key, _, inside = label.partition("[")
    words = ", ".join(element_text(each) for each in inside.rstrip("]").split(",") if each)
    return key, words


def area_names(many: xr.Dataset) -> dict[str, str]:
    """Names of the areas of an ensemble by key; what is indicative says so in its name."""
    if "footprint" not in many.dims:
        return {str(many.attrs["footprint"]): str(many.attrs["footprint_name"])}
    pairs = zip(many["footprint"].to_numpy(), many["footprint_name"].to_numpy(), strict=True)
    return {str(key): str(name) for key, name in pairs}


def scenario_names(many: xr.Dataset) -> dict[str, str]:
    """Titles of the scenarios of an ensemble by key."""
    pairs = zip(many["scenario"].to_numpy(), many["scenario_title"].to_numpy(), strict=True)
    return {str(key): str(title) for key, title in pairs}


def share_text(share: float) -> str:
    """Say of a share of the members which end of a band it is."""
    if share == 0.5:
        return "middle: half of the members below, half above"
    end, side, others = ("low end", "at or below", share) if share < 0.5 else ("high end", "above", 1 - share)
    return f"{end}: {100 * others:.3g}% of the members {side}"

"""What is known of each number, in the area that is shown? Sizes are its own, or scaled, and say how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sdcompile.text.levers import lever_address
from sdcompile.text.names import same_name

from dudley_dashboard.browser_model import BrowserModel
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.plan import FOOTPRINT
from dudley_sd.inputs.parameters import PARAMETERS, sources_of
from dudley_sd.inputs.scaling import Rule, read_rules
from dudley_sd.inputs.tables import read_table
from dudley_sd.places import inputs_folder
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.words import element_words
from dudley_sd.scenarios.sizes import is_size, size_factors

LEVELS = ("low", "central", "high")
FEW = 10.0
"""From here on a scaled number is told with one decimal."""

Number = dict[str, Any]


def numbers(models: Sequence[BrowserModel] = ()) -> dict[str, Number]:
    """Range, status, source, place in it and note of every constant, by its address in the model.

    Parameters
    ----------
    models
        Of the area that is shown, or of every part of a total, whose sizes are the sums of theirs; the
        numbers of the model file when not given.
    """
    table = read_table(inputs_folder() / "parameters.csv", PARAMETERS)
    rows, titles = table[table["acts_through"] == "model"], source_titles()
    found = {str(row["model_name"]): known(row, titles) for _, row in rows.iterrows()}
    areas = [_sized(model, found) for model in models]
    if len(areas) < 2:
        return found | {name: number for area in areas for name, number in area.items()}
    names = ", ".join(model.name for model in models)
    sized = dict.fromkeys(address for area in areas for address in area)
    return found | {
        address: _sum([area.get(address, found[address]) for area in areas], names, found[address])
        for address in sized
    }


def known(row: Any, titles: Mapping[str, str]) -> Number:
    """Range and origin of a number, from a row of a table."""
    source = "; ".join(titles.get(each, each) for each in sorted(sources_of(str(row["source"]))))
    return {
        **{key: float(row[key]) for key in LEVELS},
        "status": str(row["status"]),
        "source": source,
        "locator": str(row["locator"]),
        "note": str(row["note"]),
    }


def _sized(model: BrowserModel, found: Mapping[str, Number]) -> dict[str, Number]:
    """Sizes of an area that are not those of the model file: how large they are, and why."""
    if model.scaling is None:
        return {}
    rules, like = read_rules(inputs_folder()), model.scaling.like
    factors = size_factors(catalogue().model, model.scaling)
    local = {same_name(name) for name in model.scaling.values}
    sized = {}
    for address, number in found.items():
        name, element = lever_address(address)
        lever = model.levers.get(name)
        if lever is None or not is_size(lever.units):
            continue
        ratios = factors[name] if element is None else factors[name][[lever.elements.index(element)]]
        ratio = float(ratios[0])
        if np.ptp(ratios) > 0:
            continue  # a whole lever whose elements are scaled apart: each has a row of its own
        how = f"Scaled from {like}'s {number['central']:,g} by {ratio:.2f}, {_with(rules, address)}"
        if same_name(address) in local:
            how = f"A figure of {model.name} itself; the range is {like}'s, scaled with it"
        values = {level: number[level] * ratio for level in LEVELS}
        sized[address] = _derived(values, f"{how}. {like}'s: {_origin(number)}")
    return sized


def _sum(parts: Sequence[Number], names: str, like: Number) -> Number:
    """Size of a total: what its areas have together."""
    values = {level: sum(part[level] for part in parts) for level in LEVELS}
    of = catalogue().footprints[FOOTPRINT].name
    return _derived(values, f"The sum of {names}; all but {of} are scaled from it. {of}'s: {_origin(like)}")


def _derived(values: Mapping[str, float], note: str) -> Number:
    central = values["central"]
    told = round(central, 1) if abs(central) >= FEW else central  # a scaled number is not that exact
    return {**values, "central": told, "status": "derived", "source": "", "locator": "", "note": note}


def _origin(number: Number) -> str:
    told = [f"{number['status']}", number["source"], number["locator"], number["note"]]
    return "; ".join(each for each in told if each)


def _with(rules: Mapping[str, Rule], address: str) -> str:
    """Say what a size is scaled with: people, or how much they use of which services."""
    rule = rules.get(address) or rules[lever_address(address)[0]]
    if isinstance(rule.with_, str):
        return "in proportion to people"
    return f"in proportion to the use of {'; '.join(element_words(each) for each in rule.with_)}"

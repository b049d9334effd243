"""Settings, futures, portfolios and contracts, described for the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address

from dudley_dashboard.browser_model import BrowserModel
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.charts import charts_for_browser
from dudley_dashboard.sliders import sliders_for_browser
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.parameters import parameter_table, sources_of
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.scaling import Rule, read_rules
from dudley_sd.request import DECISIONS, FOOTPRINT
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.units import unit_words
from dudley_sd.settings.futures import read_uncertainties
from dudley_sd.settings.sizes import is_size, size_factors


def settings_for_browser(*models: BrowserModel) -> dict[str, Any]:
    """Return everything the page says, as the browser takes it.

    Parameters
    ----------
    models
        Of the area that is shown, or of every part of a total.
    """
    levers = models[0].levers
    return {
        **sliders_for_browser(),
        "charts": charts_for_browser(),
        "choices": choices(),
        "sentences": {lever.name: lever.sentence for lever in levers.values()},
        "units": {lever.units: unit_words(lever.units) for lever in levers.values()},
        "elements": {
            each: element_text(each)
            for lever in levers.values()
            for place in lever.elements
            for each in place.split(",")
        },
        "decisions": [name for name in levers if same_name(name) in DECISIONS],
        "sizes": [lever.name for lever in levers.values() if is_size(lever.units)],
        "numbers": numbers_of(models),
        "evidence": evidence(),
        "reasons": reasons(),
    }


def choices() -> dict[str, list[dict[str, Any]]]:
    """Return what each picker offers: key, title, story."""
    known = catalogue()
    uncertainties = read_uncertainties(inputs_folder())

    def entry(key: str, each: Any, **more: Any) -> dict[str, Any]:
        note, status = getattr(each, "note", ""), getattr(each, "status", "")
        return {
            "key": key,
            "title": each.title,
            "story": each.story.strip(),
            "note": note,
            "status": status,
            **more,
        }

    def titles(levels: Mapping[str, Any]) -> list[list[str]]:
        chosen = ((uncertainties[name], choice.level) for name, choice in levels.items())
        return [[uncertainty.title, uncertainty.levels[level].title] for uncertainty, level in chosen]

    return {
        "scenario": [entry(key, each, levels=titles(each.levels)) for key, each in known.scenarios.items()],
        "portfolio": [entry(key, each) for key, each in known.portfolios.items()],
        "contract": [entry(key, each) for key, each in known.contracts.items()],
        "footprint": [{"key": key, "title": each.name} for key, each in known.footprints.items()],
    }


def projections(footprint: str) -> list[dict[str, str]]:
    """Return the projections of people to choose from, the one that an area gets unasked first."""
    known = catalogue()
    rates = dict.fromkeys(known.footprints[part.rates_of].name for part in known.parts(footprint))
    names = {
        key: f"ONS, {key}-based" for key in known.choices("projection") if known.holds(footprint, key)
    } | {OWN: f"Mid-2018, carried on at the rates of {' and '.join(rates)}"}
    common = known.common_projection([footprint], PUBLISHED)
    if common != PUBLISHED:
        names[PUBLISHED] = f"As usual here: {names[common]}"
    return [{"key": key, "title": title} for key, title in names.items()]


def evidence() -> dict[str, list[dict[str, Any]]]:
    """Return what each intervention does to whom it reaches, service by service."""
    effects = pd.read_csv(inputs_folder() / "effects.csv", keep_default_na=False)
    titles = source_titles()
    found: dict[str, list[dict[str, Any]]] = {}
    for _, row in effects.iterrows():
        service = element_text(str(row["service"]))
        found.setdefault(str(row["intervention"]), []).append(
            {"service": service, **number_with_source(row, titles)}
        )
    return found


def reasons() -> dict[str, dict[str, dict[str, str]]]:
    """Why portfolio and contract put a lever where they do, by kind, key and lever or address."""
    known = catalogue()
    portfolios: dict[str, dict[str, str]] = {}
    for key, portfolio in known.portfolios.items():
        given = {name: decision.reason for name, decision in portfolio.decisions.items()}
        for name, intervention in portfolio.interventions.items():
            given |= {f"coverage[{name}]": intervention.reason, f"start date[{name}]": intervention.reason}
        portfolios[key] = given
    contracts = {
        key: {name: term.reason for name, term in contract.terms.items()}
        for key, contract in known.contracts.items()
    }
    return {"portfolio": portfolios, "contract": contracts}


LEVELS = ("low", "central", "high")
FEW = 10.0
"""From here on a scaled number is told with one decimal."""

Number = dict[str, Any]


def numbers_of(models: Sequence[BrowserModel] = ()) -> dict[str, Number]:
    """Range, status, source, place in it and note of every constant, by its address in the model.

    Parameters
    ----------
    models
        Of the area that is shown, or of every part of a total, whose sizes are the sums of theirs; the
        numbers of the model file when not given.
    """
    table = parameter_table(inputs_folder())
    rows, titles = table[table["acts_through"] == "model"], source_titles()
    found = {str(row["model_name"]): number_with_source(row, titles) for _, row in rows.iterrows()}
    areas = [_sized(model, found) for model in models]
    if len(areas) < 2:
        return found | {name: number for area in areas for name, number in area.items()}
    names = ", ".join(model.name for model in models)
    sized = dict.fromkeys(address for area in areas for address in area)
    return found | {
        address: _sum([area.get(address, found[address]) for area in areas], names, found[address])
        for address in sized
    }


def number_with_source(row: Any, titles: Mapping[str, str]) -> Number:
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
    rounded = round(central, 1) if abs(central) >= FEW else central  # a scaled number is not that exact
    return {**values, "central": rounded, "status": "derived", "source": "", "locator": "", "note": note}


def _origin(number: Number) -> str:
    return "; ".join(filter(None, (number[key] for key in ("status", "source", "locator", "note"))))


def _with(rules: Mapping[str, Rule], address: str) -> str:
    """Say what a size is scaled with: people, or how much they use of which services."""
    rule = rules.get(address) or rules[lever_address(address)[0]]
    if isinstance(rule.with_, str):
        return "in proportion to people"
    return f"in proportion to the use of {'; '.join(element_text(each) for each in rule.with_)}"

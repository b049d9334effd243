"""Settings, choices and numbers of an area, described for the browser; and the caveats of the area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address

from dudley_dashboard.browser_model import BrowserModel, charts_for_browser
from dudley_dashboard.catalogue import catalogue, sliders_for_browser
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import BASE_YEAR, ccg_people
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.parameters import count_assumptions, parameter_table, sources_of
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.projections import read_projection
from dudley_sd.inputs.scaling import Rule, read_rules
from dudley_sd.ratio import adds_up
from dudley_sd.request import DECISIONS, FOOTPRINT
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.table import unit_words
from dudley_sd.settings.futures import read_uncertainties
from dudley_sd.settings.sizes import size_factors
from dudley_sd.text import joined, signed_percent
from dudley_sd.validation.back_test import OUTTURN, YEARS, of_group


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
        "sizes": [lever.name for lever in levers.values() if adds_up(lever.units)],
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
        names[PUBLISHED] = f"{names[common]}, as usual here"
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
    found = _with_wholes(
        {str(row["model_name"]): number_with_source(row, titles) for _, row in rows.iterrows()}
    )
    areas = [_sized(model, found) for model in models]
    if len(areas) < 2:
        return found | {name: number for area in areas for name, number in area.items()}
    names = ", ".join(model.name for model in models)
    sized = dict.fromkeys(address for area in areas for address in area)
    return found | {
        address: _sum([area.get(address, found[address]) for area in areas], names, found[address])
        for address in sized
    }


def _with_wholes(found: Mapping[str, Number]) -> dict[str, Number]:
    """Add each constant whose elements all have the same number, as a slider may move them together."""
    elements: dict[str, list[Number]] = {}
    for address, number in found.items():
        name, element = lever_address(address)
        if element is not None:
            elements.setdefault(name, []).append(number)
    alike = {name: each[0] for name, each in elements.items() if all(other == each[0] for other in each)}
    return {**found, **alike}


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
        if lever is None or not adds_up(lever.units):
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


def caveats(footprint: str, projection: str = PUBLISHED) -> dict[str, Any]:
    """Return ``numbers``, how many the model has; ``assumptions`` among them; two sentences.

    ``borrowed`` says what the area takes from another, and is empty where it takes nothing. ``estimates`` is
    empty where estimates do not undercut the published projection, where the inputs hold none of the area,
    and where runs start from another projection.
    """
    common = catalogue().common_projection([footprint], projection)
    assumed, numbers = count_assumptions(inputs_folder())
    return {
        "numbers": numbers,
        "assumptions": assumed,
        "borrowed": borrowed([footprint], projection),
        "estimates": undercut(footprint) if common == PUBLISHED else "",
    }


def undercut(footprint: str) -> str:
    """Say by how much ONS has since estimated fewer people of 75 and over than its projection had."""
    area = catalogue().footprints[footprint]
    path = inputs_folder() / "ons" / OUTTURN
    text = path.read_text(encoding="utf-8")
    code = next((each for each in _codes(area) if f"\n{each}," in text), None)
    if code is None or not isinstance(area, Footprint):
        return ""
    last = YEARS[-1]
    both = (read_projection(PUBLISHED, area, inputs_folder()), read_population(path, code, alone=True))
    projected, estimated = (float(of_group(people, "75 and over").sel(year=last)) for people in both)
    if estimated >= projected:
        return ""
    return (
        f"For {last} the projection had {projected / estimated - 1:.1%} more people of 75+ than ONS has "
        "estimated since"
    )


def _codes(area: object) -> tuple[str, ...]:
    return area.codes if isinstance(area, Footprint) else ()


OLD = "75 and over"


def base_title(footprints: Iterable[str], projection: str) -> str:
    """Name the projection that footprints are run on beside each other: ``ONS 2018-based projection``."""
    common = catalogue().common_projection(footprints, projection)
    if common == OWN:
        return "people of mid-2018 carried on at this model's rates"
    return f"ONS {common}-based projection" if common.isdigit() else f"projection of {Path(common).stem}"


def borrowed(footprints: Iterable[str], projection: str) -> str:
    """Say what areas borrow, and how far borrowed growth is from ONS; empty where they borrow nothing."""
    known, names = catalogue(), list(footprints)
    parts = {part.id: part for name in names for part in known.parts(name)}
    common = known.common_projection(names, projection)
    sized = [part for part in parts.values() if part.sized_like]
    if not sized:
        return ""
    who = "Here" if len(sized) == len(parts) else f"In {joined(part.name for part in sized)}"
    whose = joined(dict.fromkeys(known.footprints[str(part.sized_like)].name for part in sized))
    found = (
        f"{who} use of services at each age is that of {whose}, and staff, beds and money are scaled from it"
    )
    apart = [each for part in sized for each in _apart(part)] if common == OWN else []
    if common == OWN:
        found += f". People are carried on at the rates of {whose}"
    if apart:
        found += f"; growth of people of {OLD} since {BASE_YEAR}: {'; '.join(apart)}"
    return found


def _apart(area: Footprint) -> list[str]:
    """Growth of people of 75 and over at borrowed rates and by ONS; none where ONS has none of the area."""
    official = ccg_people(area.codes, inputs_folder())
    if official is None:
        return []
    try:
        own = read_projection(OWN, area, inputs_folder())
    except InputError:
        return []
    last = min(int(own["year"][-1]), int(official["year"][-1]))
    return [f"{area.name} {_growth(own, last)} to {last}, by ONS {_growth(official, last)}"]


def _growth(people: xr.DataArray, last: int) -> str:
    old = of_group(people, OLD)
    return signed_percent(float(old.sel(year=last) / old.sel(year=BASE_YEAR)) - 1)

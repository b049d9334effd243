"""What does the page say of levers, scenarios, portfolios and contracts? Written for the browser."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sdcompile.text.names import same_name

from dudley_dashboard.browser_model import BrowserModel
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.charts import charts_for_browser
from dudley_dashboard.sliders import sliders_for_browser
from dudley_dashboard.told_numbers import known, numbers
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.places import inputs_folder
from dudley_sd.results.do_nothing import DECISIONS
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.words import element_words, unit_words
from dudley_sd.scenarios.sizes import is_size
from dudley_sd.scenarios.uncertainties import read_uncertainties


def told(*models: BrowserModel) -> dict[str, Any]:
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
            each: element_words(each)
            for lever in levers.values()
            for place in lever.elements
            for each in place.split(",")
        },
        "decisions": [name for name in levers if same_name(name) in DECISIONS],
        "sizes": [lever.name for lever in levers.values() if is_size(lever.units)],
        "numbers": numbers(models),
        "evidence": evidence(),
        "reasons": reasons(),
    }


def choices() -> dict[str, list[dict[str, Any]]]:
    """Return what each picker offers: key, title, story."""
    known = catalogue()
    uncertainties = read_uncertainties(inputs_folder())
    return {
        "scenario": [
            {
                "key": key,
                "title": each.title,
                "story": each.story.strip(),
                "note": each.note,
                "status": each.status,
                "levels": [
                    [uncertainties[name].title, uncertainties[name].levels[choice.level].title]
                    for name, choice in each.levels.items()
                ],
            }
            for key, each in known.scenarios.items()
        ],
        "portfolio": [
            {"key": key, "title": each.title, "story": each.story.strip(), "note": "", "status": ""}
            for key, each in known.portfolios.items()
        ],
        "contract": [
            {
                "key": key,
                "title": each.title,
                "story": each.story.strip(),
                "note": each.note,
                "status": each.status,
            }
            for key, each in known.contracts.items()
        ],
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
    folder = inputs_folder() / "evidence"
    effects = pd.read_csv(folder / "effects.csv", keep_default_na=False)
    titles = source_titles()
    found: dict[str, list[dict[str, Any]]] = {}
    for _, row in effects.iterrows():
        service = element_words(str(row["service"]))
        found.setdefault(str(row["intervention"]), []).append({"service": service, **known(row, titles)})
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

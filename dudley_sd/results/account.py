"""Account of a result for readers: what was run, in which scenarios, and what it cannot say."""

from __future__ import annotations

import json
from dataclasses import dataclass

import xarray as xr
from sdcompile.errors import InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.request import world_settings
from dudley_sd.results.band import ABOUT, SINGLE_RUN, members_of
from dudley_sd.results.do_nothing import (
    DO_NOTHING,
    decided,
    fitting,
    is_do_nothing,
)
from dudley_sd.results.manifest import base_text, input_checksums, projection_text, turns_on_base
from dudley_sd.settings.contracts import AS_NOW, read_contract
from dudley_sd.settings.futures import Uncertainty, read_scenario, read_uncertainties
from dudley_sd.settings.portfolios import read_portfolio

UNSURE = ("attributed", "reconstructed")
STATUS_WORDS = {
    "published": "Published",
    "attributed": "Attributed by content",
    "reconstructed": "Reconstructed",
    "reference": "Projection alone",
}


@dataclass(frozen=True)
class ScenarioAccount:
    """One scenario as a reader meets it: name, status, story and what to know of the source."""

    key: str
    title: str
    status: str
    story: str
    note: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Account:
    """Everything beside the numbers.

    Attributes
    ----------
    area
        Name of the footprint.
    portfolio_title, portfolio_story
        What is put in place.
    contract_title, contract_story
        How money moves; empty where it is as now.
    scenarios
        In the order of the result.
    command, made, version
        How to make the result again, with do nothing or without; when, and with which version, it was made.
    model
        SHA-256 of the model file.
    comparison
        What the result is compared with; empty where it is do nothing itself.
    levers
        Constants that the user set, as written.
    base
        Name of the projection of people: ``2014-based``.
    projection
        The population table in words.
    turns_on_base
        What changes with the base; empty where that was not looked at for the area.
    first_year, last_year, extrapolated
        Years of the result, and those beyond the table.
    caveats
        Sentences that belong under every table and picture of it.
    """

    area: str
    portfolio_title: str
    portfolio_story: str
    contract_title: str
    contract_story: str
    scenarios: tuple[ScenarioAccount, ...]
    command: str
    made: str
    version: str
    model: str
    comparison: str
    levers: dict[str, float]
    base: str
    projection: str
    turns_on_base: str
    first_year: int
    last_year: int
    extrapolated: tuple[int, ...]
    caveats: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Title of a page or a workbook."""
        return f"{self.area}, {self.first_year} to {self.last_year}, {self.base} projection"


def full_title(results: xr.Dataset, facts: Account) -> str:
    """Title of a file on its own: area, years, projection, portfolio and contract, or do nothing."""
    if is_do_nothing(results):
        return f"{facts.headline}, {DO_NOTHING}"
    contract = facts.contract_title or "as now"
    return f"{facts.headline}: portfolio {facts.portfolio_title.lower()}, contract {contract}"


def account(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> Account:
    """Gather what a reader must be told, from manifest and files of scenarios, portfolios, contracts.

    A story comes from the files of today; where one of these has gone since, only its title is
    left. ``do_nothing`` is what the result is compared with, if there is such a run,.
    """
    manifest = json.loads(results.attrs["manifest"])
    years = results["year"].to_numpy()
    beyond = tuple(int(year) for year in years[results["extrapolated"].to_numpy()])
    compared = fitting(results, do_nothing) is not None
    alone = "" if compared or is_do_nothing(results) else " --no-do-nothing"
    return Account(
        area=results.attrs["footprint_name"],
        portfolio_title=results.attrs["portfolio_title"],
        portfolio_story=_portfolio_story(results.attrs["portfolio"]),
        contract_title=_contract_title(results),
        contract_story=_contract_story(results),
        scenarios=tuple(
            _scenario_account(str(key), manifest["scenarios"][str(key)])
            for key in results["scenario"].to_numpy()
        ),
        command=manifest["command"] + alone,
        made=manifest["made"],
        version=manifest["versions"]["dudley-sd"],
        model=manifest["model_sha256"],
        comparison=_comparison(results, manifest["levers"], compared),
        levers=manifest["levers"],
        base=base_text(results),
        projection=projection_text(results),
        turns_on_base=turns_on_base(results),
        first_year=int(years[0]),
        last_year=int(years[-1]),
        extrapolated=beyond,
        caveats=_caveats(results, manifest, beyond),
    )


def _scenario_account(key: str, entry: dict[str, object]) -> ScenarioAccount:
    uncertainties = read_uncertainties(inputs_folder())
    try:
        story = _one_line(read_scenario(key, inputs_folder()).story)
    except InputError:
        story = ""
    chosen = entry["levels"]
    levels = chosen.items() if isinstance(chosen, dict) else ()
    return ScenarioAccount(
        key=key,
        title=str(entry["title"]),
        status=str(entry["status"]),
        story=story,
        note=str(entry["note"]),
        levels=tuple(_level(uncertainties, name, level) for name, level in levels),
    )


def _level(uncertainties: dict[str, Uncertainty], name: str, level: str) -> tuple[str, str]:
    known = uncertainties.get(name)
    if known is None or level not in known.levels:
        return name.replace("_", " ").capitalize(), level.replace("_", " ")
    return known.title, known.levels[level].title


def _portfolio_story(name: str) -> str:
    try:
        return _one_line(read_portfolio(name, inputs_folder()).story)
    except InputError:
        return ""


def _contract_title(results: xr.Dataset) -> str:
    """Title of the contract; empty where it is as now, as in results from before there were contracts."""
    if results.attrs.get("contract", AS_NOW) == AS_NOW:
        return ""
    return str(results.attrs["contract_title"])


def _contract_story(results: xr.Dataset) -> str:
    """Story and note of the contract, which belong together: terms are not all printed."""
    name = results.attrs.get("contract", AS_NOW)
    if name == AS_NOW:
        return ""
    try:
        contract = read_contract(name, inputs_folder())
    except InputError:
        return ""
    return _one_line(f"{contract.story} {contract.note}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _comparison(results: xr.Dataset, levers: dict[str, float], compared: bool) -> str:
    if is_do_nothing(results):
        return ""
    who = decided(results)
    change, do = ("change", "do") if " and " in who else ("changes", "does")
    if not compared:
        return (
            f"Do nothing was not run beside this result: it shows where each scenario leads with {who}, "
            f"not what {who} {change}."
        )
    shared = world_settings(levers)
    tail = (
        ""
        if shared == levers
        else "; levers on portfolio and contract are left out of it, other levers are in both"
    )
    return (
        f"Do nothing: a second run of each scenario in which no intervention is put in "
        f"place, the contract is as now and all else is the same{tail}. A difference from it is all that "
        f"{who} {do}: care moved to the community, what practices can take on, people's health."
    )


def _caveats(results: xr.Dataset, manifest: dict[str, object], beyond: tuple[int, ...]) -> tuple[str, ...]:
    """Sentences, the most important first."""
    indicative, fifths = results.attrs.get("indicative"), results.attrs.get("fifths_indicative")
    found = [
        f"{results.attrs['caution']}: it works out what follows from its assumptions in each scenario; "
        "it does not say which scenario will come, nor how likely any of them is.",
        *([f"{indicative}."] if indicative else []),
        f"Until mid-{PROJECTED} every scenario is the same history. {_spread_text(results)}",
        *([f"Figures by deprivation fifth are indicative: {fifths}."] if fifths else []),
    ]
    if beyond:
        years = ", ".join(str(year) for year in beyond)
        found.append(
            f"* {years}: beyond the ONS table, whose last year's rates carry on. Marked with an asterisk in "
            "tables and a hollow point in charts."
        )
    if manifest["inputs_sha256"] != input_checksums():
        found.append(
            "The input files have changed since this result was made: stories, notes and sources shown with "
            "it are those of today."
        )
    return tuple(found)


def _spread_text(results: xr.Dataset) -> str:
    """Say of what runs the numbers are."""
    members = members_of(results)
    if not members:
        return f"Each number is a {SINGLE_RUN}; the ranges of the inputs are not carried through."
    seed = json.loads(results.attrs[ABOUT])["seed"]
    return (
        f"Headlines are medians of {members} runs with numbers drawn from their ranges (seed {seed}), the "
        f"same draws with {DO_NOTHING}; 8 in 10 runs lie between the ends given. The {SINGLE_RUN} need not "
        "lie in the middle, as many ranges reach further to one side. Numbers without a band are that run's."
    )


def unsure_text(facts: Account) -> str:
    """Name the scenarios that the source does not give in full, empty if it gives all."""
    named = [
        (scenario.title, STATUS_WORDS[scenario.status].lower())
        for scenario in facts.scenarios
        if scenario.status in UNSURE
    ]
    if not named:
        return ""
    return "Sources in part: " + ", ".join(f"{title} ({status})" for title, status in named) + "."

"""Sentences of a comparison: its numbers, titles and caveats in words."""

from __future__ import annotations

from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import Indicator
from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.area_people import ccg_people
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.footprints import footprint_names
from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.band import SINGLE_RUN
from dudley_sd.results.comparison import OFFICIAL_FUTURE, Comparison
from dudley_sd.text import joined, signed_percent

OVER_75 = tuple(band for band in AGE_BANDS if first_age(band) >= 75)


def head(indicator: Indicator) -> str:
    """Title with the unit where the numbers do not carry it."""
    said = indicator.unit in ("%", "£m", "people") or indicator.unit in indicator.title.lower()
    return indicator.title if said else f"{indicator.title}, {indicator.unit}"


def year_head(comparison: Comparison, year: int) -> str:
    """Return the year, with an asterisk beyond the projection table."""
    return f"{year}*" if year in comparison.extrapolated else str(year)


def title(comparison: Comparison) -> str:
    """Name the areas, the years, the projection that all are on, and of what runs the numbers are."""
    what = f"medians of {comparison.members} runs" if comparison.members else "single runs at central values"
    return f"{_areas(comparison)}, {PROJECTED} to {REVIEW_POINTS[-1]}, {comparison.base}: {what}"


def _areas(comparison: Comparison) -> str:
    names = [name.removesuffix(" (indicative)") for name in comparison.titles["footprint"].values()]
    totals = [comparison.titles["footprint"][key].removesuffix(" (indicative)") for key in comparison.totals]
    others = set(comparison.titles["footprint"]) - {*comparison.totals, *sum(comparison.totals.values(), ())}
    if len(totals) == 1 and not others:
        return f"{totals[0]} and its areas"
    return joined(names) if len(names) < 5 else f"{len(names)} areas"


def of_runs(comparison: Comparison) -> str:
    """Say of what runs the numbers are."""
    if not comparison.members:
        return f"Each number is a {SINGLE_RUN}, not the median of runs over their ranges."
    return (
        f"Each number is the median of {comparison.members} runs with numbers drawn from their ranges, a "
        "difference the median of differences with the same draws; 8 in 10 runs lie between the ends given."
    )


def caveats(comparison: Comparison) -> list[str]:
    """Sentences that belong under every table of a comparison, the most important first."""
    found = [
        "A model, not a forecast: it works out what follows from its assumptions in each scenario; it does "
        f"not say which scenario will come. {of_runs(comparison)}",
    ]
    reasons: dict[str, list[str]] = {}
    for key, reason in comparison.indicative.items():
        if key not in comparison.totals:
            reasons.setdefault(reason.removeprefix("Indicative: "), []).append(_name(comparison, key))
    found += [f"Indicative: in {', '.join(names)} {reason}." for reason, names in reasons.items()]
    apart = _how_far(comparison)
    if apart:
        found.append(f"Borrowed rates of growth can be far off{apart}. --projection 2018 has ONS's own.")
    for key in comparison.totals:
        unsure = ", and indicative as they are" if key in comparison.indicative else ""
        found.append(
            f"{_name(comparison, key)} is the sum of its areas{unsure}. People, care, staff, beds and money "
            "are added up; shares are worked out again from the sums, never averaged. Each area is run for "
            "itself."
        )
    found += [f"People: {words}." for words in comparison.projections.values()]
    if len(comparison.projections) > 1:
        found.append(f"All areas are on one base ({comparison.base}), so that none is set beside another.")
    found += [
        f"{TURNS_ON_THE_BASE} --projection chooses the base.",
        "The share of the planned shift that landed is not told where nothing is planned.",
    ]
    if comparison.extrapolated:
        years = ", ".join(str(year) for year in comparison.extrapolated)
        found.append(f"* {years}: beyond the projection table, whose last year's rates carry on.")
    if OFFICIAL_FUTURE not in comparison.titles["scenario"]:
        found.append("Official Future was not run: there is no difference from it.")
    return found


def _how_far(comparison: Comparison) -> str:
    """Say how people of 75 and over grow here and by ONS, 2018-based, where they are carried on at rates."""
    told = []
    grown = comparison.table[comparison.table["indicator"] == "people_75_and_over"]
    last = grown[grown["year"] == REVIEW_POINTS[-1]].drop_duplicates("footprint")
    growth = dict(zip(last["footprint"], last["relative_change_since_2018"], strict=True))
    for key, words in comparison.projections.items():
        if not words.startswith("Indicative") or key not in footprint_names(inputs_folder()):
            continue
        people = ccg_people(read_footprint(key, inputs_folder()).codes, inputs_folder())
        if people is not None:
            old = people.sel(age=list(OVER_75)).sum("age")
            official = float(old.sel(year=REVIEW_POINTS[-1]) / old.sel(year=PROJECTED)) - 1
            here, there = signed_percent(growth[key]), signed_percent(official)
            told.append(f"{_name(comparison, key)} {here} and {there}")
    if not told:
        return ""
    years = f"{PROJECTED} to {REVIEW_POINTS[-1]}"
    return f": people of 75 and over from {years}, here and by ONS (2018-based): {'; '.join(told)}"


def _name(comparison: Comparison, key: str) -> str:
    return comparison.titles["footprint"][key].removesuffix(" (indicative)")

"""Excel workbook of an ensemble's summary: years across, in words, with what the shares mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from dudley_sd.ensembles.statistics import MILLIONS, read_thresholds
from dudley_sd.indicators import COMPARED, is_share
from dudley_sd.inputs.elements import element_text
from dudley_sd.results.excel import GENERAL, save_workbook, workbook
from dudley_sd.results.table import Content, Table, number_format, unit_words, year_text

STRONGEST = 20
"""Numbers that the workbook lists for each output; the CSV file lists all."""

CAUTION = "Indicative where the name of an area says so; the sheet Areas says why."
PER_CENT = "0.0%"
SHARES = (
    "A member is one run of the model with one draw of its numbers. A share of 0.1 is the low end: one "
    "member in ten lies at or below that value; 0.5 is the middle; 0.9 the high end: one in ten lies above "
    "it. The bands say how far the numbers drawn spread the result of this model, not how likely a future is."
)
SUMS = "Bands of parts do not add up to the band of their sum: each was found member by member."
KNOWN = ("variable", "footprint", "scenario", "year", "share", "value", "unit", "threshold", "parameter")


def write_summary_book(
    many: xr.Dataset, content: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], path: Path
) -> Path:
    """Write the workbook.

    Parameters
    ----------
    many, content
        The ensemble and its manifest.
    tables
        From `dudley_sd.ensembles.summary`, by name, without their column ``note``.
    path
        File to write, whole or not at all.
    """
    unsure = [CAUTION] if content["indicative"] else []
    title = str(many.attrs["title"])
    sheets = [
        sized_table(name, f"{name}: {title}", [*unsure, note], heads, rows, forms)
        for name, note, (heads, rows, forms) in _sheets(many, content, tables)
    ]
    about = [
        ("What this is", f"{title}. Seed {content['seed']}, {content['distribution']} draws."),
        ("What the shares mean", SHARES),
        ("Adding up", SUMS),
        *[(each.name, each.notes[-1]) for each in sheets],
        *[("People", f"{name}: {why}") for name, why in _people(many, content)],
        ("Years", "* beyond the projection table, whose last year's rates carry on."),
        ("For other programs", "The CSV files beside this workbook have every number, one row each."),
        ("Make it again", str(content["command"])),
    ]
    notes = [*unsure, "A model, not a forecast."]
    return save_workbook(workbook(f"Summary: {title}", about, sheets, notes), path)


def sized_table(
    name: str,
    title: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[Content]],
    forms: Sequence[str] = (),
) -> Table:
    """Return a table whose years stay at the right; without forms numbers are written as their size asks."""
    years = [at for at, head in enumerate(heads) if head.rstrip("*").isdigit()]
    sized: Sequence[str | Sequence[str]] = forms or [[_form(each) for each in row] for row in rows]
    return Table(name, title, notes, heads, rows, years[0] if years else 0, sized)


def _form(content: Content) -> str:
    return ("#,##0" if abs(content) >= 1000 else "0.000") if isinstance(content, float) else GENERAL


Rows = tuple[list[str], list[list[Content]], list[str]]


def _sheets(
    many: xr.Dataset, content: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> list[tuple[str, str, Rows]]:
    """Name, note and table of each sheet, those that were asked for."""
    found = [
        (
            "Bands",
            f"Value that a share of the {content['members']:,} members (seed {content['seed']}) lies at or "
            "below, by year.",
            _bands(many, tables["bands"]),
        )
    ]
    if "thresholds" in tables:
        note = "Share of the members beyond a threshold in each year, and in that year or one before."
        columns = {"share_in_year": "in that year", "share_by_year": "in that year or one before"}
        found.append(("Thresholds", note, _shares(many, tables["thresholds"], columns, "Beyond it")))
    if "gain" in tables:
        note = (
            "Balance added up since 2018 less that of doing nothing, member by member with the same draws: "
            "bands of the difference, not a difference of bands."
        )
        found.append(("Gain", note, _bands(many, tables["gain"])))
        note = "Share of the members that break even with doing nothing; in the first year: never behind."
        columns = {"share": "break even in that year", "share_by_year": "have broken even by then"}
        found.append(("Break even", note, _shares(many, tables["break even"], columns, "Members that")))
    note = (
        "Rank correlation of each number drawn with each output of the last year: near 1 or -1 matters most. "
        f"The {STRONGEST} strongest that are beyond chance; all in the CSV file."
    )
    found.append(("What matters", note, _what_matters(many, content, tables["what matters"])))
    heads = ["Area", "Key", "Made of", "People", "Why indicative, if it is"]
    areas = tables["areas"][["name", "footprint", "areas", "projection", "indicative"]]
    found.append(("Areas", "Whose people each area has.", _plain(heads, areas)))
    heads = ["Number", "Unit", "Low", "Central", "High", "Row of parameters.csv"]
    drawn = tables["drawn"][["name", "unit", "low", "central", "high", "id"]]
    drawn = drawn.assign(unit=drawn["unit"].map(unit_words))
    found.append(("Drawn", f"Each number is {content['distribution']} over its range.", _plain(heads, drawn)))
    heads = ["Number", "Why", "Row of parameters.csv"]
    left = tables["left out"].reindex(columns=["name", "reason", "id"])
    found.append(("Left out", "Numbers with a range that every member has alike.", _plain(heads, left)))
    return found


def _people(many: xr.Dataset, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = area_names(many)
    parts = {key: content["parts"].get(key, [key]) for key in names}
    told = {part: str(content["projections"][part]["projection"]) for each in parts.values() for part in each}
    return [(names[key], "; ".join(dict.fromkeys(told[part] for part in parts[key]))) for key in names]


def _bands(many: xr.Dataset, table: pd.DataFrame) -> Rows:
    """Rows of indicators, areas, scenarios and shares, columns of years."""
    heads, lead = _lead(many, table)
    heads = [*heads, "Unit", "Share of members", "Read as"]
    rows: list[list[Content]] = []
    forms = []
    for key, values in _wide(many, table, "value", ["variable", *lead, "unit", "share"]):
        name, unit, share = str(key["variable"]), str(key["unit"]), float(key["share"])
        words: list[Content] = [_title(many, name), *_labels(many, key, lead), unit_of(name, unit)]
        rows.append([*words, share, share_text(share), *values])
        forms.append(number_format(name, unit))
    return _with_years(many, heads), rows, forms


def _shares(many: xr.Dataset, table: pd.DataFrame, columns: Mapping[str, str], head: str) -> Rows:
    """Shares of the members in each year: a row for each column, by threshold where there are thresholds."""
    heads, lead = _lead(many, table)
    by = ["threshold"] if "threshold" in table else []
    rows: list[list[Content]] = []
    pairs = [_wide(many, table, column, [*by, *lead]) for column in columns]
    for together in zip(*pairs, strict=True):
        for (key, values), when in zip(together, columns.values(), strict=True):
            what = [threshold_text(many, str(key[name])) for name in by]
            rows.append([*what, *_labels(many, key, lead), "% of members", when, *values])
    heads = [*map(str.capitalize, by), *heads[1:], "Unit", head]
    return _with_years(many, heads), rows, [PER_CENT] * len(rows)


def _what_matters(many: xr.Dataset, content: Mapping[str, Any], table: pd.DataFrame) -> Rows:
    heads, lead = _lead(many, table)
    ranges = {each["name"]: each for each in content["parameters"]}
    ends = ("low", "central", "high")
    rows: list[list[Content]] = []
    if len(table):
        table = table[(table["place"] <= STRONGEST) & table["beyond_chance"]]
    for key in table.to_dict("records"):
        number = str(key["parameter"])
        words: list[Content] = [_title(many, str(key["variable"])), *_labels(many, key, lead)]
        rank: list[Content] = [int(key["place"]), number, float(key["rank_correlation"])]
        limits = [float(ranges[number][end]) for end in ends]
        rows.append([*words, int(key["year"]), *rank, *limits, unit_words(ranges[number]["unit"])])
    heads = [*heads, "Year", "Place", "Number drawn", "Rank correlation", "Low", "Central", "High"]
    return [*heads, "Unit of the number"], rows, []


def _plain(heads: list[str], table: pd.DataFrame) -> Rows:
    return heads, [list(row) for row in table.itertuples(index=False)], []


def _lead(many: xr.Dataset, table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Headings that tell rows apart, and the columns of the table that they stand for."""
    parts = [str(name) for name in table.columns if name in many.dims and name not in KNOWN]
    area = ["footprint"] if "footprint" in table else []
    words = ["Indicator", *["Area" for _ in area], "Scenario", *["Part" for _ in parts[:1]]]
    return words, [*area, "scenario", *parts]


def _labels(many: xr.Dataset, key: Mapping[Any, Any], lead: Sequence[str]) -> list[str]:
    """Area, scenario and, in one, the elements of a row in words."""
    found = [area_names(many)[str(key["footprint"])]] if "footprint" in lead else []
    found.append(scenario_names(many)[str(key["scenario"])])
    parts = [name for name in lead if name not in ("footprint", "scenario")]
    told = [element_text(str(key[name])) for name in parts if isinstance(key[name], str) and key[name]]
    return [*found, ", ".join(told)] if parts else found


def _wide(
    many: xr.Dataset, table: pd.DataFrame, column: str, lead: Sequence[str]
) -> list[tuple[dict[str, Any], list[float]]]:
    """Rows told apart by columns, in their order, with the numbers of all years."""
    table = table.fillna({name: "" for name in lead if table[name].dtype.kind not in "fi"})
    wide = table.pivot_table(index=list(lead), columns="year", values=column, sort=False)
    wide = wide.reindex(columns=many["year"].to_numpy())
    keys = [key if isinstance(key, tuple) else (key,) for key in wide.index]
    return [
        (dict(zip(lead, key, strict=True)), [float(value) for value in values])
        for key, values in zip(keys, wide.to_numpy(), strict=True)
    ]


def _with_years(many: xr.Dataset, heads: list[str]) -> list[str]:
    return [*heads, *year_text(many)]


def _title(many: xr.Dataset, name: str) -> str:
    return title_of(many, name) if name in many else "Gain on doing nothing, added up"


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
    elif unit.startswith(MILLIONS):
        number = f"£{each.number:,.10g}m".replace("£-", "−£")
    else:
        number = f"{each.number:,.10g}{'' if unit == 'Dmnl' else ' ' + unit_words(unit)}"
    return f"{title_of(many, each.name)} {SIGNS[each.sign]} {number}"


def parts_of_label(label: str) -> tuple[str, str]:
    """Variable and element of ``people_by_age[A75]``, the element in words."""
    key, _, inside = label.partition("[")
    words = ", ".join(element_text(each.strip()) for each in inside.rstrip("]").split(",") if each)
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

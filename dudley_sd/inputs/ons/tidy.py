"""Turning an official table into the rows that `read_population` and `read_recent_level` read."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES, BAND_WIDTH
from dudley_sd.inputs.ons.release import COMPONENTS, FEMALES, KEYS, MALES, PERSONS, Release, ages_of, is_stock
from dudley_sd.inputs.population import PERSONS_IN_UNIT

DIGITS = 6
"""Decimals kept: finer than any release, coarse enough that 0.1 + 0.2 is 0.3."""


def areas_of(release: Release) -> pd.DataFrame:
    """Every area once: columns ``area_code``, ``area_name``."""
    tables = [part.table[["area_code", "area_name"]] for part in release.parts]
    return pd.concat(tables).drop_duplicates("area_code").reset_index(drop=True)


def tidy_table(release: Release) -> pd.DataFrame:
    """Return the rows of a tidy file: persons, five-year bands where ages are single, one row a figure.

    Raises
    ------
    InputError
        If there are neither persons nor both sexes.
    """
    persons = _persons(release)
    source = source_words(release)
    if release.kind == COMPONENTS:
        return _component_rows(release, persons, source)
    persons = persons[
        persons["item"].isin([*ages_of(persons), ALL_AGES])
    ]  # not bands beside their single years
    banded = persons.assign(item=persons["item"].map(_band)).groupby(["area_code", "item"], sort=False)
    years = [column for column in persons.columns if column not in KEYS]
    table = banded[years].sum().reset_index()
    names = persons.drop_duplicates("area_code").set_index("area_code")["area_name"]
    long = table.melt(["area_code", "item"], years, "year", "value")
    order = {age: place for place, age in enumerate((*AGE_BANDS, ALL_AGES))}
    places = long["area_code"].map({code: place for place, code in enumerate(names.index)})
    long = long.iloc[np.lexsort((long["year"].astype(int), long["item"].map(order), places))]
    return pd.DataFrame(
        {
            "area_code": long["area_code"],
            "area_name": long["area_code"].map(names),
            "projection": release.projection,
            "age_group": long["item"],
            "year": long["year"].astype(int),
            "value": _plain(long["value"]),
            "unit": release.unit,
            "source": source,
        }
    ).reset_index(drop=True)


def source_words(release: Release) -> str:
    """Name the publication for the column ``source``: publisher, title, table, licence."""
    codes = set(areas_of(release)["area_code"])
    countries = {code[0] for code in codes}
    publisher = PUBLISHERS.get(countries.pop(), "ONS") if len(countries) == 1 else "ONS and others"
    title = "national" if all(COUNTRY.fullmatch(code) for code in codes) else "subnational"
    publisher = "ONS" if title == "national" else publisher
    return (
        f"{publisher} {release.projection} {title} population projections, {release.layout}, "
        "Open Government Licence v3"
    )


PUBLISHERS = {
    "E": "ONS",
    "K": "ONS",
    "W": "Welsh Government",
    "S": "National Records of Scotland",
    "N": "NISRA",
}
"""Publisher of projections of local areas, by the first letter of their codes."""

COUNTRY = re.compile(r"[EWSN]92\d{6}|K0\d{7}")
"""Codes of the countries of the United Kingdom and of their sums."""


def _persons(release: Release) -> pd.DataFrame:
    """Return the part of persons, or the sum of males and females where there is none."""
    parts = {part.sex: part.table for part in release.parts}
    if PERSONS in parts:
        return parts[PERSONS]
    if not {MALES, FEMALES} <= parts.keys():
        problem = f"only {' and '.join(parts)} are there, which do not make persons"
        remedy = "Give the file of persons too, or those of males and females together"
        raise InputError([Fault(release.file, "", problem, remedy)])
    both = parts[MALES].set_index(list(KEYS)) + parts[FEMALES].set_index(list(KEYS))
    return both.reset_index()


def _plain(values: pd.Series) -> pd.Series:
    """Round away what arithmetic left over; whole numbers are written as such."""
    rounded = values.astype(float).round(DIGITS)
    return rounded.astype("int64") if (rounded == rounded.round()).all() else rounded


def _band(age: str) -> str:
    """Band of a single year of age; what is no single year stays as it is."""
    return AGE_BANDS[int(age) // BAND_WIDTH] if age.isdigit() else age


def _component_rows(release: Release, persons: pd.DataFrame, source: str) -> pd.DataFrame:
    """Lay out births, deaths and migration as `read_recent_level` reads them.

    There, internal migration is all that stays within the United Kingdom, as in the mid-year estimates; in
    projections it is within England and *cross-border* with the other countries. The two are added; what was
    published as internal is kept as ``england_in`` and so on.
    """
    years = [column for column in persons.columns if column not in KEYS]
    by_item = {
        str(item): rows.set_index("area_code")[years] for item, rows in persons.groupby("item", sort=False)
    }
    for kind in ("internal", "international", "cross_border"):
        if f"{kind}_net" not in by_item and {f"{kind}_in", f"{kind}_out"} <= by_item.keys():
            by_item[f"{kind}_net"] = by_item[f"{kind}_in"] - by_item[f"{kind}_out"]
    for flow in ("in", "out", "net"):
        if {f"internal_{flow}", f"cross_border_{flow}"} <= by_item.keys():
            by_item[f"england_{flow}"] = by_item[f"internal_{flow}"]
            by_item[f"internal_{flow}"] = by_item[f"england_{flow}"] + by_item[f"cross_border_{flow}"]
    names = persons.drop_duplicates("area_code").set_index("area_code")["area_name"]
    wide = pd.concat(by_item, names=["component"]).reset_index()
    long = wide.melt(["component", "area_code"], years, "year", "value").dropna(subset="value")
    factor = PERSONS_IN_UNIT[release.unit]
    stocks = long["component"].map(is_stock)
    return pd.DataFrame(
        {
            "area_code": long["area_code"],
            "area_name": long["area_code"].map(names),
            "component": long["component"],
            "year": long["year"].astype(int),
            "value": _plain(long["value"] * factor),
            "unit": stocks.map({True: "Person", False: "Person/Year"}),
            "source": source,
        }
    )

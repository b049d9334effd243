"""Official table of a projection, whatever its layout, and its tidy form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES, BAND_WIDTH
from dudley_sd.inputs.population import PERSONS_IN_UNIT

POPULATION: Final = "population"
COMPONENTS: Final = "components"

PERSONS, MALES, FEMALES = "persons", "males", "females"
SEXES: Final = (PERSONS, MALES, FEMALES)

PRINCIPAL: Final = "principal"
"""Variant that is none: the projection that ONS expects."""

KEYS: Final = ("area_code", "area_name", "item")
"""Columns of a part that are not years."""

AREA_CODE: Final = re.compile(r"[A-Z]\d{8}")
OLDEST: Final = AGE_BANDS[-1]
SINGLE_AGES: Final = (*(str(age) for age in range(90)), OLDEST)


@dataclass(frozen=True)
class FileFacts:
    """Facts that a user states of a file, which may not say them; a file that says otherwise is refused.

    Attributes
    ----------
    base
        Year that the projection starts from.
    unit
        ``persons`` or ``thousand persons``.
    variant
        ``principal``, or the name of a variant: ``high migration``.
    """

    base: int | None = None
    unit: str | None = None
    variant: str | None = None


UNITS = {"persons": "persons", "thousands": "thousand persons"}
"""Units as a user types them, to units as tables state them."""


def file_facts(base: int | None = None, unit: str | None = None, variant: str | None = None) -> FileFacts:
    """Return what the user typed, the unit in our words.

    Raises
    ------
    InputError
        If the unit is neither persons nor thousands, or the variant is no name.
    """
    faults = []
    if unit is not None and unit not in UNITS:
        faults.append(
            Fault("--unit", repr(unit), "is not a unit of these tables", "Say persons or thousands")
        )
    name = None if variant is None else re.sub(r"\s+variant$", "", " ".join(variant.lower().split()))
    if name is not None and not re.fullmatch(r"[a-z0-9%][a-z0-9% -]{0,39}", name):
        remedy = "Say principal, or its name in letters as its title has it, such as 'low fertility'"
        faults.append(Fault("--variant", repr(variant), "is not the name of a variant", remedy))
    refuse(faults)
    return FileFacts(base, None if unit is None else UNITS[unit], name)


@dataclass(frozen=True)
class Part:
    """Figures of one sex, or of persons, as one sheet or one file of an archive gives them.

    Attributes
    ----------
    where
        Sheet or file, in words: ``sheet Males``.
    sex
        One of `SEXES`.
    table
        Columns `KEYS` and one for each mid-year (int), floats, NaN where there is no figure; the index is the
        row in the sheet. ``item`` is an age (``0-4``, ``17``, ``90+``, ``All ages``) or a component.
    """

    where: str
    sex: str
    table: pd.DataFrame

    @property
    def years(self) -> list[int]:
        """Mid-years that have a column."""
        return [int(column) for column in self.table.columns if column not in KEYS]


@dataclass(frozen=True)
class Release:
    """One official table.

    Attributes
    ----------
    file
        Where it was read from.
    layout
        Name of the layout for readers: ``Table 3``, ``Z1``, ``Nomis``, ``Table 5``.
    kind
        `POPULATION` or `COMPONENTS`.
    base
        Year that the projection starts from.
    variant
        ``high migration`` and so on; empty for the principal projection or where the file does not say.
    unit
        ``persons`` or ``thousand persons``.
    parts
        Persons, males and females as far as they are there.
    """

    file: str
    layout: str
    kind: str
    base: int
    variant: str
    unit: str
    parts: tuple[Part, ...]

    @property
    def projection(self) -> str:
        """What charts and tables call it: ``2018-based, high migration variant``."""
        return f"{self.base}-based" + (f", {self.variant} variant" if self.variant else "")


def ages_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the ages that a table must have: single years where it has any, else the 19 bands."""
    return SINGLE_AGES if table["item"].str.isdigit().any() else AGE_BANDS


def is_stock(item: str) -> bool:
    """Whether an item of a table of components is of people at mid-year, not a flow between two."""
    return "population" in item


def age_of(cell: Any) -> str | None:
    """Return an age as our tables write it, or None: ``0 - 4`` is ``0-4``, ``90 & over`` is ``90+``."""
    text = " ".join(str(cell).split()).lower()
    text = re.sub(r"^age[ds]?:?\s+", "", text)
    text = re.sub(r"\s*\b(years?|yrs?)( old| of age)?\b", "", text).strip()
    if text in ("all ages", "all", "total", "all age", "all persons"):
        return ALL_AGES
    if re.fullmatch(rf"90\s*{AND_OVER}", text):
        return OLDEST
    if re.fullmatch(r"(under|less than|<)\s*1", text):
        return "0"
    if re.fullmatch(r"\d{1,2}(\.0)?", text):
        age = str(int(float(text)))
        return age if age in SINGLE_AGES else None
    band = re.fullmatch(r"(\d{1,2})\s*(?:-|\u2013|to)\s*(\d{1,2})", text)
    label = f"{int(band[1])}-{int(band[2])}" if band else ""
    return label if label in AGE_BANDS else None


AND_OVER = r"(\+|plus|(and|&|or) (over|above|older|more))"
"""End of an age that is open: ``90 & over``."""


def sex_of(cell: Any) -> str | None:
    """Return one of `SEXES` for a cell such as ``Males``, ``female`` or ``Total``; None for other words."""
    return _SEX_WORDS.get(str(cell).strip().lower())


_SEX_WORDS = {
    **dict.fromkeys(
        ("person", "persons", "total", "all", "all persons", "both sexes", "people", "p"), PERSONS
    ),
    **dict.fromkeys(("male", "males", "men", "m"), MALES),
    **dict.fromkeys(("female", "females", "women", "f"), FEMALES),
}


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
    source = source_text(release)
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


def source_text(release: Release) -> str:
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

"""What does an official file hold, whatever its layout?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES

POPULATION: Final = "population"
COMPONENTS: Final = "components"

PERSONS, MALES, FEMALES = "persons", "males", "females"
SEXES: Final = (PERSONS, MALES, FEMALES)

KEYS: Final = ("area_code", "area_name", "item")
"""Columns of a part that are not years."""

AREA_CODE: Final = re.compile(r"[A-Z]\d{8}")
OLDEST: Final = AGE_BANDS[-1]
SINGLE_AGES: Final = (*(str(age) for age in range(90)), OLDEST)


@dataclass(frozen=True)
class Said:
    """What the user knows of a file that may not say so itself; a file that says otherwise is refused.

    Attributes
    ----------
    base
        Year that the projection starts from.
    unit
        ``persons`` or ``thousand persons``.
    """

    base: int | None = None
    unit: str | None = None


def said(base: int | None, unit: str | None) -> Said:
    """Return what the user typed, the unit in our words.

    Raises
    ------
    InputError
        If the unit is neither persons nor thousands.
    """
    units = {None: None, "persons": "persons", "thousands": "thousand persons"}
    if unit not in units:
        raise InputError(
            [Fault("--unit", repr(unit), "is not a unit of these tables", "Say persons or thousands")]
        )
    return Said(base, units[unit])


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


def age_of(cell: Any) -> str | None:
    """Return an age as our tables write it, or None: ``0 - 4`` is ``0-4``, ``90 and over`` is ``90+``."""
    text = " ".join(str(cell).split()).lower()
    text = re.sub(r"^aged?\s+", "", text)
    if text in ("all ages", "all", "total"):
        return ALL_AGES
    if re.fullmatch(r"90\s*(\+|and over|and above|or over)", text):
        return OLDEST
    if re.fullmatch(r"\d{1,2}(\.0)?", text):
        age = str(int(float(text)))
        return age if age in SINGLE_AGES else None
    band = re.fullmatch(r"(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})", text)
    label = f"{int(band[1])}-{int(band[2])}" if band else ""
    return label if label in AGE_BANDS else None


def sex_of(cell: Any) -> str | None:
    """Return one of `SEXES` for a cell such as ``Males``, ``female`` or ``Total``; None for other words."""
    text = str(cell).strip().lower()
    words = {"person": PERSONS, "total": PERSONS, "all": PERSONS, "male": MALES, "female": FEMALES}
    return words.get(text.removesuffix("s"))

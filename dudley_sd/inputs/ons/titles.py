"""Which base, which variant and which unit do the words above a table speak of?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from dudley_sd.errors import Fault
from dudley_sd.inputs.ons.release import Said

BASES = (2014, 2016, 2018, 2022)
"""Official projections that have been published in these layouts."""

PERSONS_UNIT, THOUSANDS_UNIT = "persons", "thousand persons"

VARIANTS = {
    "high migration": r"\bhigh (international |net )?migration\b",
    "low migration": r"\blow (international |net )?migration\b",
    "alternative internal migration": r"\balternative internal migration\b",
    "10-year migration": r"\b(10|ten)[ -]?year migration\b",
    "5-year migration": r"\b(5|five)[ -]?year migration\b",
    "migration category": r"\bmigration category\b",
    "zero migration": r"\bzero (net )?migration\b",
}
"""Variants by the words of their titles; *principal* is no variant."""

BASED = re.compile(r"\b((?:19|20)\d\d)[ -]?based\b|\b((?:19|20)\d\d) snpp\b|snpp[ _]((?:19|20)\d\d)b\b", re.I)


def base_of(file: str, texts: Iterable[str], said: Said) -> tuple[int, list[Fault]]:
    """Return the base that the first of the texts names; 0 and a fault where none does or it is unknown."""
    known = ", ".join(f"{base}-based" for base in BASES)
    found = next((int(match[1] or match[2] or match[3]) for match in map(BASED.search, texts) if match), None)
    base = found or said.base
    if base is None:
        problem = "nothing says which year the projection is based on"
        remedy = f"Say it with --base, one of {', '.join(map(str, BASES))}, from the page of the download"
        return 0, [Fault(file, "", problem, remedy)]
    if base not in BASES:
        remedy = f"Give one of {known}; another needs its layout looked at first"
        return 0, [Fault(file, "", f"the base {base}-based is not known", remedy)]
    if said.base not in (None, base):
        problem = f"the file says {base}-based, --base says {said.base}"
        return base, [Fault(file, "", problem, "Leave --base out, or give the other file")]
    return base, []


def variant_of(texts: Iterable[str]) -> str:
    """Return the variant that the texts name, in our words; empty for the principal projection.

    A line such as ``Projection: Five-year migration variant`` of a readme goes before all others.
    """
    ordered = sorted(texts, key=lambda text: not text.lower().startswith("projection"))
    for text in ordered:
        plain = re.sub(r"[_\s]+", " ", text.lower()).replace("–", "-")
        for name, pattern in VARIANTS.items():
            if re.search(pattern, plain):
                return name
        if re.search(r"\bprincipal projection\b", plain):
            return ""
    return ""


def unit_of(file: str, where: str, cells: Sequence[Any], said: Said) -> tuple[str, list[Fault]]:
    """Return the unit that a cell above the table states; empty, and a fault, where none does.

    ``Persons`` alone is read as the unit too: ONS writes it above tables of people in units, and a table of
    thousands says so. Whether the figures are of the size that the unit makes them is checked later.
    """
    texts = [" ".join(str(cell).lower().split()).strip("(): ") for cell in cells if str(cell).strip()]
    thousands = any(re.search(r"\bthousands?\b|\b000s\b", text) for text in texts)
    lone = {
        re.sub(r"^(units?|figures)\b( of measure)?( are)?( in)?[:\s]*", "", text).strip() for text in texts
    }
    persons = bool(lone & {"persons", "people", "units", "number", "numbers", "number of people", ""}) or any(
        re.search(r"\bunits?:? (persons|people)\b", text) for text in texts
    )
    found = THOUSANDS_UNIT if thousands else PERSONS_UNIT if persons else said.unit
    if found is None:
        remedy = "Say it with --unit persons or --unit thousands, from the page of the download"
        return "", [Fault(file, where, "no line above the table says persons or thousands", remedy)]
    if said.unit not in (None, found):
        problem = f"the table says {found}, --unit says {said.unit}"
        return found, [Fault(file, where, problem, "Leave --unit out, or give the other file")]
    return found, []

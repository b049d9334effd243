"""The page of sector pictures: an overview, then each sector's stocks, flows and key variables."""

from __future__ import annotations

from collections.abc import Collection

from dudley_sd.describe.catalogue import Catalogue
from dudley_sd.describe.markdown import MADE, table
from dudley_sd.describe.pictures import drawn, key_variables, overview_picture, sector_links, sector_picture

READERS = ("Indicators",)
"""Sectors that report: nearly every sector leads to them, so pictures leave those arrows out."""

LEGEND = (
    "Boxes are stocks, hexagons flows, ☁ the world beyond the model; thick arrows move people, staff or "
    "money, thin arrows carry influence. Violet are lagged values, dashed what other sectors give or take. "
    "Subscripts are drawn as one; constants, levers, tables and the projection's own series are left out. In "
    "sectors with many variables those that only pass something on are drawn through. Sectors that only "
    "report are not drawn. Every variable is in "
    "[DICTIONARY.md](DICTIONARY.md)."
)


def sectors_page(catalogue: Catalogue, named: Collection[str] = ()) -> str:
    """Write the page.

    Parameters
    ----------
    catalogue
        The model.
    named
        Keys of variables that pictures show in any case, such as those on a loop.
    """
    parts = [
        "# Sectors",
        f"{MADE} {LEGEND}",
        "## Overview",
        f"The number on an arrow counts the links: pairs of variables of which one acts on the other. "
        f"{' and '.join(READERS)} read from nearly all sectors and are left out here; the table has them.",
        overview_picture(catalogue, READERS),
        _matrix(catalogue),
    ]
    for group in catalogue.model.groups:
        kept = key_variables(catalogue, group, named)
        if kept and group not in READERS:
            hidden = _hidden(catalogue, group, kept)
            picture = sector_picture(catalogue, group, named, READERS)
            parts += [f"## {group}", _sentence(catalogue, group), picture]
            parts += [f"Drawn through: {hidden}."] if hidden else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _matrix(catalogue: Catalogue) -> str:
    counted = sector_links(catalogue)
    groups = [group for group in catalogue.model.groups if any(group in pair for pair in counted)]
    rows = [
        [f"**{source}**", *(str(counted[source, target] or "") for target in groups)] for source in groups
    ]
    return table(["from ↓ to →", *groups], rows)


def _sentence(catalogue: Catalogue, group: str) -> str:
    entries = catalogue.text.source.entries
    return next((e.sentence for e in entries if e.kind == "group" and e.name == group), "")


def _hidden(catalogue: Catalogue, group: str, kept: Collection[str]) -> str:
    shown = drawn(catalogue)
    return ", ".join(v.name for v in catalogue.in_group(group) if v.key in shown and v.key not in kept)

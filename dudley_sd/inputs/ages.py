"""Age bands and states of need of the model, in order."""

from __future__ import annotations

from typing import Final

BAND_WIDTH: Final = 5
"""Years of age in every band but the last, which is open."""

AGE_BANDS: Final = (*(f"{first}-{first + BAND_WIDTH - 1}" for first in range(0, 90, BAND_WIDTH)), "90+")
"""The 19 bands of the ONS tables, youngest first."""

ALL_AGES: Final = "All ages"
"""The label of the total over the bands in the ONS tables."""

NEEDS: Final = ("Well", "LongTerm", "Complex")
"""No long-term condition, one, two or more."""


def first_age(band: str) -> int:
    """Youngest age in completed years of a band, e.g. 85 for ``85-89`` and 90 for ``90+``."""
    return int(band.removesuffix("+").split("-")[0])

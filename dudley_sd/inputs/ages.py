"""Age bands, states of need and deprivation fifths of the model, in order."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

BAND_WIDTH: Final = 5
"""Years of age in every band but the last, which is open."""

AGE_BANDS: Final = (*(f"{first}-{first + BAND_WIDTH - 1}" for first in range(0, 90, BAND_WIDTH)), "90+")
"""The 19 bands of the ONS tables, youngest first."""

ALL_AGES: Final = "All ages"
"""The label of the total over the bands in the ONS tables."""

NEEDS: Final = ("Well", "LongTerm", "Complex")
"""No long-term condition, one, two or more."""

FIFTHS: Final = ("F1", "F2", "F3", "F4", "F5")
"""Fifths of England's neighbourhoods by deprivation, the most deprived first."""

DEPRIVATION: Final = (0.5, 0.25, 0.0, -0.25, -0.5)
"""Score of each fifth: evenly spaced, with a difference of 1 between the end fifths."""


def first_age(band: str) -> int:
    """Youngest age in completed years of a band, e.g. 85 for ``85-89`` and 90 for ``90+``."""
    return int(band.removesuffix("+").split("-")[0])


def mean_ages(mean_age_of_oldest: float) -> npt.NDArray[np.float64]:
    """Mean age of the people of each band, years: its midpoint, and in the open band what is given."""
    midpoints = [first_age(band) + BAND_WIDTH / 2 for band in AGE_BANDS[:-1]]
    return np.array([*midpoints, mean_age_of_oldest])

"""Units and years as readers call them."""

from __future__ import annotations

import xarray as xr

UNITS = {
    "Dmnl": "ratio",
    "Person": "people",
    "Person/Year": "people a year",
    "Activity": "contacts",
    "Activity/Year": "a year",
    "WTE": "WTE",
    "Pound": "pounds",
    "Pound/Year": "pounds a year",
    "Bed": "beds",
    "Bed/Year": "beds a year",
    "Activity/(Thousand*Year)": "per 1,000 a year",
    "WTE/Year": "WTE a year",
    "GP": "GPs, heads",
    "GP/Year": "GPs, heads a year",
    "Year": "years",
    "1/Year": "share a year",
    "WTE/TenThousand": "WTE per 10,000 patients",
}
"""Units of the model file in a reader's words; one not listed is shown as the model has it."""


def unit_words(unit: str, *, share: bool = False) -> str:
    """Return what readers call a unit; ``share`` tells a part of a whole from other ratios."""
    return "% of whole" if share and unit == "Dmnl" else UNITS.get(unit, unit)


def year_text(results: xr.Dataset) -> list[str]:
    """Return the years as table headings, with an asterisk where the projection does not reach."""
    beyond = results["extrapolated"].to_numpy()
    return [
        f"{year}*" if starred else str(year)
        for year, starred in zip(results["year"].to_numpy(), beyond, strict=True)
    ]

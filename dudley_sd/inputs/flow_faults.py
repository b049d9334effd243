"""Whether these flows can belong to people; if not, which band, which year, and what to look at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sdcompile.errors import Fault

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.closure import AgeFlows
from dudley_sd.inputs.need_flows import NeedFlows

Array = npt.NDArray[np.float64]

LOWEST_AGEING_FRACTION = 0.05
HIGHEST_AGEING_FRACTION = 0.45
"""1/Year. A five-year band spread evenly over its ages loses 0.2 a year; at these limits its oldest year of
age holds a quarter, or nine quarters, of its even share. The furthest of 195 CCGs in the 2018-based table are
20 to 24 in Nottingham (0.058) and Harrogate (0.402): further out, the flows cannot belong to the table."""


def flow_faults(flows: AgeFlows, needs: NeedFlows, first_year: int, name: str) -> list[Fault]:
    """Return one fault for each band and kind of impossible flow, naming the worst year.

    Parameters
    ----------
    flows, needs
        Flows by age and by need, same years.
    first_year
        Mid-year of the first row.
    name
        The file that the population came from.
    """
    fraction = flows.ageing_fraction[:, :-1]
    beyond = np.maximum(LOWEST_AGEING_FRACTION - fraction, fraction - HIGHEST_AGEING_FRACTION)
    limits = f"outside [{LOWEST_AGEING_FRACTION:.2f}, {HIGHEST_AGEING_FRACTION:.2f}]"
    look = (
        "Compare the people of this and of younger ages, in both mid-years, with the table of ONS. Where "
        "they agree, births and deaths do not suit them: the components that the footprint names, or else "
        "migration_weight in inputs/parameters.csv"
    )
    problem = f"{{:.3f}} of the band would have to move up a band in a year (ageing fraction), {limits}"
    found = _worst(beyond, fraction, problem, look)
    look = "See that need_shares rise with age; then look at relative_risk and newborns_well"
    for kind, flow in (("onset", needs.onset), ("progression", needs.progression)):
        found += _worst(-flow, flow, f"{kind} of {{:,.1f}} persons a year, below zero", look)
    net_migration = flows.migration.sum(axis=1)
    return [
        Fault(
            name,
            f"age {band}, {first_year + row} to {first_year + row + 1}",
            f"{problem}; net migration of that year {net_migration[row]:,.0f}",
            remedy,
        )
        for band, row, problem, remedy in found
    ]


def _worst(beyond: Array, value: Array, problem: str, remedy: str) -> list[tuple[str, int, str, str]]:
    """Band, row, problem and remedy of the worst year of each band where `beyond` is positive."""
    found = []
    for band, excess, values in zip(AGE_BANDS, beyond.T, value.T, strict=False):
        count = int((excess > 0).sum())
        if count:
            row = int(excess.argmax())
            more = f" (worst of {count} years)" if count > 1 else ""
            found.append((band, row, problem.format(values[row]) + more, remedy))
    return found

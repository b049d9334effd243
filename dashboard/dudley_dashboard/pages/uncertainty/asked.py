"""What does an address ask the page on uncertainty for? Read as untrusted text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dudley_dashboard.pages.asked import OLD_MEASURES
from dudley_dashboard.pages.uncertainty.measures import BY_KEY
from dudley_dashboard.pages.uncertainty.stored import stores
from dudley_dashboard.plan import Plan
from dudley_dashboard.view import View
from dudley_sd.ensembles.band import MEMBERS, SEED

SIZES = (MEMBERS, 500, 1000, 2000)
MEASURE = "gp_gap"
"""What is shown when the address says nothing."""

LARGEST_SEED = 999_999_999
LARGEST_THRESHOLD = 1e12
ABOVE, BELOW = "above", "below"
SIDES = (ABOVE, BELOW)
KEYS = ("measure", "members", "seed", "threshold", "side", "stored")
"""Keys of the address that belong to this page."""


@dataclass(frozen=True)
class Asked:
    """What to run and what to show of it.

    Attributes
    ----------
    plan
        The plan of the address.
    members, seed
        How many draws, and which.
    stored
        Name of a stored ensemble to show instead; empty for one that is run now.
    measure
        Key of what is shown.
    threshold, side
        What may be crossed, in the unit that readers see (None: not given), and to which side.
    notes
        What was not understood.
    """

    plan: Plan = field(default_factory=Plan)
    members: int = MEMBERS
    seed: int = SEED
    stored: str = ""
    measure: str = MEASURE
    threshold: float | None = None
    side: str = ABOVE
    notes: tuple[str, ...] = ()


def read_asked(view: View) -> Asked:
    """Read the page's own part of an address; what cannot be true is noted and the usual is shown."""
    return asked_of(view.plan, {key: values[-1] for key, values in view.rest.items() if values})


def asked_of(plan: Plan, text: Mapping[str, object]) -> Asked:
    """Check what an address, or a control in a browser, says.

    Parameters
    ----------
    plan
        What to run.
    text
        Values by key, as anybody may have written them; None for not given.
    """
    said = {key: str(text[key]).strip() for key in KEYS if text.get(key) is not None}
    if said.get("measure") in OLD_MEASURES:  # a line across the old measure means something else of the new
        said = {key: said[key] for key in said if key not in ("threshold", "side")}
        said["measure"] = OLD_MEASURES[str(text["measure"]).strip()]
    notes: list[str] = []
    return Asked(
        plan,
        int(_one(said, "members", tuple(str(size) for size in SIZES), str(MEMBERS), notes)),
        _seed(said, notes),
        _one(said, "stored", ("", *stores()), "", notes),
        _one(said, "measure", tuple(BY_KEY), MEASURE, notes),
        _threshold(said, notes),
        _one(said, "side", SIDES, ABOVE, notes),
        tuple(notes),
    )


_WORDS = {
    "members": "number of runs",
    "stored": "stored ensemble",
    "measure": "measure",
    "side": "side of a threshold",
}


def _one(said: Mapping[str, str], key: str, known: tuple[str, ...], usual: str, notes: list[str]) -> str:
    value = said.get(key, usual)
    if value in known:
        return value
    choices = f" Choose {', '.join(known[:-1])} or {known[-1]}." if key in ("members", "side") else ""
    notes.append(f"There is no {_WORDS[key]} “{_short(value)}” here; the usual is shown.{choices}")
    return usual


def _seed(said: Mapping[str, str], notes: list[str]) -> int:
    value = said.get("seed", str(SEED))
    if re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        return int(value)
    notes.append(
        f"“{_short(value)}” is no seed; {SEED} is used. Give a whole number from 0 to {LARGEST_SEED:,}."
    )
    return SEED


def _threshold(said: Mapping[str, str], notes: list[str]) -> float | None:
    value = said.get("threshold", "")
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and abs(number) <= LARGEST_THRESHOLD:
        return number
    notes.append(f"“{_short(value)}” is no threshold; give a number. The usual one is shown.")
    return None


def _short(text: str) -> str:
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable if len(printable) <= 40 else f"{printable[:37]}..."

"""Pinned plans: a name and a plan in one compact piece of text, which an address carries as ``pin=``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dudley_dashboard.plan import Plan
from dudley_dashboard.view import CHOICES, read_view

MOST = 6
"""Pinned plans that one address may carry."""

LONGEST_NAME = 40
KEYS = (*CHOICES, "set")
MARKUP = str.maketrans("", "", "~<>")
"""What a name may not hold: what parts a pin, and what a picture would take for markup."""


@dataclass(frozen=True)
class Pin:
    """A plan with the name that somebody gave it."""

    name: str
    plan: Plan


def pin_text(pin: Pin) -> str:
    """Write what `read_pins` reads: ``Closer to home~scenario:state_supreme~set:coverage[MDT]:0.8``."""
    usual = Plan()
    pairs = [
        (key, getattr(pin.plan, key)) for key in CHOICES if getattr(pin.plan, key) != getattr(usual, key)
    ]
    pairs += [("set", f"{name}:{value!r}") for name, value in sorted(pin.plan.levers.items())]
    return "~".join([clean_name(pin.name), *(f"{key}:{value}" for key, value in pairs)])


def read_pins(texts: Sequence[str]) -> tuple[list[Pin], list[str]]:
    """Read pinned plans from an address.

    Parameters
    ----------
    texts
        Text from the outside, one for each ``pin=``.

    Returns
    -------
    tuple
        The pins, at most `MOST` and no name twice, and what was not understood, in a reader's words. A pin
        with a fault stays, with the usual setting in the place of what was wrong.
    """
    pins: list[Pin] = []
    notes: list[str] = []
    if len(texts) > MOST:
        notes.append(f"Only the first {MOST} of {len(texts)} pinned plans are shown.")
    for text in texts[:MOST]:
        name, *parts = text.split("~")
        pairs = [(key, value) for key, _, value in (part.partition(":") for part in parts)]
        known = [(key, value) for key, value in pairs if key in KEYS]
        view = read_view("?" + urlencode(known))
        title = free_name(name, [pin.name for pin in pins])
        pins.append(Pin(title, view.plan))
        faults = list(view.notes)
        if len(known) < len(pairs):
            faults.append("A part of it is not known and was left out.")
        notes += [f"Pinned plan “{title}”: {fault}" for fault in faults]
    return pins, notes


def clean_name(text: str) -> str:
    """Return a name that can stand in an address, a table, a picture and a spreadsheet."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text).translate(MARKUP)
    return " ".join(printable.split()).lstrip("=+-@ ")[:LONGEST_NAME].strip()


def free_name(text: str, taken: Sequence[str]) -> str:
    """Return a clean name that no other pin has; ``Plan 2`` where nothing is left of it."""
    name = clean_name(text) or f"Plan {len(taken) + 1}"
    count = 2
    found = name
    while found in taken:
        ending = f" ({count})"
        found = name[: LONGEST_NAME - len(ending)] + ending
        count += 1
    return found

"""What does its user call a plan, and why is it as it is? Said in the address, beside the plan."""

from __future__ import annotations

from dudley_dashboard.plan import Plan
from dudley_dashboard.store.plans import NAME_LENGTH, REASON_LENGTH
from dudley_dashboard.view import LONGEST, View, search_of

TITLE, REASON = "title", "reason"
"""Keys of the address."""

LENGTHS = {TITLE: NAME_LENGTH, REASON: REASON_LENGTH}


def address_with(plan: Plan, name: str, reason: str) -> str:
    """Return what stands after the path when a saved plan is opened: as much of it as may be read again."""
    for given in ({TITLE: name, REASON: reason}, {TITLE: name}):
        address = search_of(plan, {key: (text,) for key, text in given.items() if text})
        if len(address) <= LONGEST:
            return address
    return search_of(plan)


def opened_note(view: View) -> tuple[str, ...]:
    """Say which saved plan an address opens, and why it was saved; nothing where it opens none."""
    name, reason = said_of(view, TITLE), said_of(view, REASON)
    if not name:
        return ()
    return (f"Opened: the plan “{name}”" + (f", saved because: {reason}" if reason else "") + ".",)


def said_of(view: View, key: str) -> str:
    """Return what an address says under a key, as one line that can be shown; anybody may have written it."""
    text = " ".join(view.rest.get(key, ("",))[-1].split())
    return "".join(letter for letter in text if letter.isprintable())[: LENGTHS[key]]

"""What does an address ask for? Read as untrusted text: what cannot be true gives a note and the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.elements import as_written, by_element
from dudley_dashboard.plan import FOOTPRINT, PROJECTION, Plan
from dudley_dashboard.refusals import without_refused

VERSION = 1
LONGEST = 8000
"""Characters of an address that are read; 500 levers fit."""

MOST_SETTINGS = 400
"""Settings of levers that are read of one address."""

MOST_NOTES = 10
"""Notes that are shown in full."""

CHOICES = ("scenario", "portfolio", "contract", "footprint", "projection")


@dataclass(frozen=True)
class View:
    """What an address asks for, checked.

    Attributes
    ----------
    plan
        What to run.
    rest
        What else the address says, by key, as text: each page reads its own keys and checks them.
    notes
        What was not understood, and what is shown instead, in a reader's words.
    """

    plan: Plan = field(default_factory=Plan)
    rest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_view(search: str) -> View:
    """Read the part of an address after ``?``.

    Parameters
    ----------
    search
        Text from the outside: ``?v=1&scenario=state_supreme&set=coverage[MDT]:0.8&areas=dudley``.

    Returns
    -------
    View
        Always one that can be shown: what is unknown, out of range or too long is left out and noted.
    """
    if len(search) > LONGEST:
        return View(notes=("The address is too long to be read; the usual settings are shown.",))
    pairs = parse_qsl(search.removeprefix("?"), keep_blank_values=True, max_num_fields=None)
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(value)
    notes = _version_notes(given.pop("v", []))
    chosen = {}
    for key in CHOICES:
        values = given.pop(key, [])
        if not values:
            continue
        if values[-1] in catalogue().choices(key):
            chosen[key] = values[-1]
        else:
            notes.append(f"There is no {key} “{_short(values[-1])}”; the usual one is shown.")
    if not catalogue().holds(chosen.get("footprint", FOOTPRINT), chosen.get("projection", PROJECTION)):
        name = catalogue().footprints[chosen.get("footprint", FOOTPRINT)].name
        notes.append(f"No {chosen.pop('projection')}-based table of {name} is here; the usual one is shown.")
    levers, found = _levers(given.pop("set", []), chosen.get("footprint", FOOTPRINT))
    plan, refused = without_refused(Plan(**chosen, levers=levers))
    found += [_left_out(fault.where, fault.problem) for fault in refused]
    rest = {key: tuple(values) for key, values in given.items()}
    return View(plan, rest, _few([*notes, *found]))


def search_of(plan: Plan, rest: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Write what `read_view` reads: only what differs from the usual."""
    usual = Plan()
    pairs = [("v", str(VERSION))]
    pairs += [(key, getattr(plan, key)) for key in CHOICES if getattr(plan, key) != getattr(usual, key)]
    levers = as_written(plan.levers, catalogue().levers)
    pairs += [("set", f"{name}:{value!r}") for name, value in sorted(levers.items())]
    pairs += [(key, value) for key, values in sorted((rest or {}).items()) for value in values]
    return "?" + urlencode(pairs, quote_via=quote, safe="[]:,") if len(pairs) > 1 else ""


def _version_notes(values: list[str]) -> list[str]:
    if not values or values[-1] == str(VERSION):
        return []
    return [f"This link was made by another version ({_short(values[-1])}); what is still known is shown."]


def _levers(settings: list[str], footprint: str) -> tuple[dict[str, float], list[str]]:
    """Levers that the model has, with values within their limits there, and notes on the others.

    A whole lever is read as its elements; of two settings of the same number the later wins.
    """
    levers: dict[str, float] = {}
    notes = []
    if len(settings) > MOST_SETTINGS:
        notes.append(f"The address sets more than {MOST_SETTINGS} levers; only the first were read.")
    for setting in settings[:MOST_SETTINGS]:
        name, _, text = setting.rpartition(":")
        try:
            value = float(text) + 0.0  # nothing has no sign
            address = catalogue().address(name, value, None if footprint == FOOTPRINT else footprint)
        except (ValueError, InputError) as error:
            why = error.faults[0].problem if isinstance(error, InputError) else "is not a number"
            notes.append(_left_out(setting, why))
            continue
        levers |= by_element({address: value}, catalogue().levers)
    return levers, notes


def _left_out(setting: str, why: str) -> str:
    return f"The setting “{_short(setting)}” was left out: {_short(why, 150)}."


def _few(notes: list[str]) -> tuple[str, ...]:
    """Keep as many notes as a reader can take in, and count the others."""
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    return (*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more settings were left out.")


def _short(text: str, longest: int = 60) -> str:
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable if len(printable) <= longest else f"{printable[: longest - 3]}..."

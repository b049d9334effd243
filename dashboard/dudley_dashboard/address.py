"""Address of a page, read as untrusted text: what cannot be true gives a note and the default.

Beside the request an address carries what each page reads for itself, up to six pinned plans as ``pin=``, and
the name and reason of the saved plan that it opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from sdcompile.errors import Fault, InputError, collect

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import areas_of
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.new_areas import ccg_area
from dudley_sd.request import (
    CHOICES,
    FOOTPRINT,
    NAME_LENGTH,
    PORTFOLIO,
    PROJECTION,
    REASON_LENGTH,
    VERSION,
    Request,
    by_element,
)
from dudley_sd.runs.areas import make_runs
from dudley_sd.settings.former_names import renewed, renewed_portfolio

LONGEST = 8000
"""Characters of an address that are read; 500 settings fit."""

MOST_SETTINGS = 400
"""Settings that are read of one address."""

MOST_NOTES = 10
"""Notes that are shown in full."""

MOST = 6
"""Pinned plans that one address may carry."""

LONGEST_NAME = 40
MARKUP = str.maketrans("", "", "~<>")
"""What the name of a pin may not hold: what parts a pin, and what a picture would take for markup."""

OLD_KEYS = {"measure": "indicator"}
"""Keys in links of earlier versions, and what they are called now."""

TITLE, REASON = "title", "reason"
"""Keys of an address that opens a saved plan."""

LENGTHS = {TITLE: NAME_LENGTH, REASON: REASON_LENGTH}


@dataclass(frozen=True)
class View:
    """What an address asks for, checked.

    Attributes
    ----------
    request
        What to run.
    rest
        What else the address says, by key, as text: each page reads its own keys and checks them.
    notes
        What was not understood, and what is shown instead, in a reader's words.
    """

    request: Request = field(default_factory=Request)
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
        given.setdefault(OLD_KEYS.get(key, key), []).append(value)
    notes = _version_notes(given.pop("v", []))
    if "portfolio" in given:
        portfolio, changed = renewed_portfolio(given["portfolio"][-1], PORTFOLIO)
        given["portfolio"] = [portfolio]
        notes += changed
    usual = Request()
    chosen = {key: str(getattr(usual, key)) for key in CHOICES}
    for key in CHOICES:
        values = given.pop(key, [])
        if values and values[-1] in catalogue().choices(key):
            chosen[key] = values[-1]
        elif values:
            made = _ccg(values[-1]) if key == "footprint" else ""
            notes.append(f"There is no {key} “{_short(values[-1])}”; the usual one is shown.{made}")
    if not catalogue().holds(chosen["footprint"], chosen["projection"]):
        name = catalogue().footprints[chosen["footprint"]].name
        notes.append(f"No {chosen['projection']}-based table of {name} is here; the usual one is shown.")
        chosen["projection"] = PROJECTION
    settings, found = _settings(given.pop("set", []), chosen["footprint"])
    request, refused = without_refused(Request.from_json({**chosen, "levers": settings}))
    found += [_left_out(fault.where, fault.problem) for fault in refused]
    rest = {key: tuple(values) for key, values in given.items()}
    return View(request, rest, _few([*notes, *found]))


def _ccg(value: str) -> str:
    """Say how to come to the area of a CCG; nothing where the text means none."""
    area = collect([], ccg_area, value, inputs_folder())
    if area is None:
        return ""
    known = area.id in catalogue().footprints
    how = f"here it is {area.id}" if known else f"dudley-sd area new {area.area_code} makes an area of it"
    return f" {area.name} is a CCG: {how}."


def _version_notes(values: list[str]) -> list[str]:
    if not values or values[-1] == str(VERSION):
        return []
    return [f"This link was made by another version ({_short(values[-1])}); what is still known is shown."]


def _settings(texts: list[str], footprint: str) -> tuple[dict[str, float], list[str]]:
    """Return settings that the model has, with values within their limits there, and notes on the others.

    A whole constant is read as its elements; of two settings of the same number the later wins.
    """
    settings: dict[str, float] = {}
    notes = []
    if len(texts) > MOST_SETTINGS:
        notes.append(f"The address sets more than {MOST_SETTINGS} levers; only the first were read.")
    for each in texts[:MOST_SETTINGS]:
        name, _, text = each.rpartition(":")
        try:
            value = float(text) + 0.0  # nothing has no sign
            today, changed = renewed({name: value})
            notes += changed
            if not today:
                continue
            ((name, value),) = today.items()
            address = catalogue().address(name, value, None if footprint == FOOTPRINT else footprint)
        except (ValueError, InputError) as error:
            why = error.faults[0].problem if isinstance(error, InputError) else "is not a number"
            notes.append(_left_out(each, why))
            continue
        settings |= by_element({address: value}, catalogue().levers)
    return settings, notes


def without_refused(request: Request) -> tuple[Request, tuple[Fault, ...]]:
    """Leave out settings that a run would refuse.

    Returns
    -------
    tuple
        The request, which can be run, and why settings were left out: one set both as a whole and by element,
        or outside the limits that a smaller or larger area has.
    """
    faults = _faults(request) if request.settings else ()
    if not faults:
        return request, ()
    named = {fault.where for fault in faults}
    clean = replace(request, settings=tuple(each for each in request.settings if each[0] not in named))
    if clean.settings and _faults(clean):
        clean = replace(request, settings=())
    return clean, faults


@lru_cache(maxsize=256)
def _faults(request: Request) -> tuple[Fault, ...]:
    try:
        areas = areas_of(request.footprints, request.projection)
        make_runs(areas, request)
    except InputError as error:
        return tuple(error.faults)
    return ()


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


@dataclass(frozen=True)
class Pin:
    """A request with the name that somebody gave it, kept on the page Compare."""

    name: str
    plan: Request


def pin_text(pin: Pin) -> str:
    """Write what `read_pins` reads: ``Closer to home~scenario:state_supreme~set:coverage[MDT]:0.8``."""
    return "~".join([clean_name(pin.name), *(f"{key}:{value}" for key, value in pin.plan.pairs())])


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
        known = [(key, value) for key, value in pairs if key in (*CHOICES, "set")]
        view = read_view("?" + urlencode(known))
        title = free_name(name, [pin.name for pin in pins])
        pins.append(Pin(title, view.request))
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


def address_with(request: Request, name: str, reason: str) -> str:
    """Return what stands after the path when a saved plan is opened: as much of it as may be read again."""
    for given in ({TITLE: name, REASON: reason}, {TITLE: name}):
        address = request.address({key: (text,) for key, text in given.items() if text})
        if len(address) <= LONGEST:
            return address
    return request.address()


def opened_note(view: View) -> tuple[str, ...]:
    """Name the saved plan that an address opens, and its reason; nothing where it opens none."""
    name, reason = remark_of(view, TITLE), remark_of(view, REASON)
    if not name:
        return ()
    return (f"Opened: the plan “{name}”" + (f", saved because: {reason}" if reason else "") + ".",)


def remark_of(view: View, key: str) -> str:
    """Return the name or reason in an address, as one line that can be shown; anybody may have written it."""
    text = " ".join(view.rest.get(key, ("",))[-1].split())
    return "".join(letter for letter in text if letter.isprintable())[: LENGTHS[key]]

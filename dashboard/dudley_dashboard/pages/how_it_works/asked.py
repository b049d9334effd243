"""What does an address ask this page for? Read as untrusted text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sdcompile.names import nearest, snake_case

from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_dashboard.pages.how_it_works.loops import find_loop
from dudley_dashboard.view import View, search_of
from dudley_sd.inputs.labels import STATUSES

KEYS = ("loop", "sector", "variable", "element", "find", "status")
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Asked:
    """What to show of the model.

    Attributes
    ----------
    loop, sector
        Names; empty for none.
    variable
        Key of a variable, empty for none.
    elements
        Element of each subscript of the variable, where chosen.
    find, status
        Which numbers to list: words that they must hold, and how they are known.
    notes
        What was not understood.
    """

    loop: str = ""
    sector: str = ""
    variable: str = ""
    elements: tuple[str, ...] = ()
    find: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()


def read_asked(rest: Mapping[str, tuple[str, ...]]) -> Asked:
    """Read the page's own part of an address; what is not there is left out and noted."""
    text = {key: values[-1].strip() for key, values in rest.items() if key in KEYS and values}
    asked, notes = Asked(find=_printable(text.get("find", ""))[:LONGEST_SEARCH]), []
    catalogue = knowledge().catalogue
    if name := text.get("loop", ""):
        loop = find_loop(name)
        asked = replace(asked, loop=loop.name if loop else "")
        notes += [] if loop else [f"There is no loop “{_short(name)}”; choose one from the list."]
    if name := text.get("sector", ""):
        known = {group.lower(): group for group in catalogue.model.groups if catalogue.in_group(group)}
        asked = replace(asked, sector=known.get(name.lower(), ""))
        notes += [] if asked.sector else [f"There is no sector “{_short(name)}”; all are shown."]
    if name := text.get("variable", ""):
        key = snake_case(name)
        if key in catalogue.model.variables:
            asked = replace(asked, variable=key, elements=_elements(key, text.get("element", "")))
            if text.get("element") and not asked.elements:
                notes.append(f"It has no element “{_short(text['element'])}”; the first is shown.")
        else:
            names = [variable.name for variable in catalogue.model.variables.values()]
            close = nearest(name[:LONGEST_SEARCH], names)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            notes.append(f"There is no variable “{_short(name)}”.{hint}")
    if status := text.get("status", ""):
        asked = replace(asked, status=status if status in STATUSES else "")
        notes += [] if asked.status else [f"No number has the status “{_short(status)}”; all are listed."]
    return replace(asked, notes=tuple(notes))


def href(view: View, **changes: str) -> str:
    """Return the address of the same page with some of its keys changed; an empty one is left out."""
    rest = {key: values for key, values in view.rest.items() if key in KEYS} | {
        key: (value,) for key, value in changes.items()
    }
    if "variable" in changes:
        rest.pop("element", None)
    kept = {key: values for key, values in rest.items() if values[-1]}
    return search_of(view.plan, kept) or "?"


def _elements(key: str, text: str) -> tuple[str, ...]:
    """Elements that a text such as ``A75,Complex`` names, if they are those of the variable, in order."""
    model = knowledge().catalogue.model
    ranges = [model.ranges[name] for name in model.variables[key].subscripts]
    parts = tuple(part.strip() for part in text.split(","))
    fits = len(parts) == len(ranges) and all(
        part in members for part, members in zip(parts, ranges, strict=True)
    )
    return parts if fits else ()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _short(text: str) -> str:
    printable = _printable(text)
    return printable if len(printable) <= 40 else f"{printable[:37]}..."

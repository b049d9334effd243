"""Base, variant and unit of a projection, found in the text above a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sdcompile.errors import Fault

from dudley_sd.inputs.ons.release import PRINCIPAL, FileFacts

BASES = (2014, 2016, 2018, 2022)
"""Official projections that have been published in these layouts."""

PERSONS_UNIT, THOUSANDS_UNIT = "persons", "thousand persons"

VARIANTS = {
    "high migration": r"\bhigh (international |net )?migration\b",
    "low migration": r"\blow (international |net )?migration\b",
    "alternative internal migration": r"\balternative internal migration\b",
    "10-year migration": r"\b(10|ten)[ -]?year migration\b",
    "5-year migration": r"\b(5|five)[ -]?year migration\b",
    "migration category": r"\bmigration category\b",
    "zero migration": r"\bzero (net )?migration\b",
}
"""Variants by the words of their titles."""

BASED = re.compile(
    r"\b((?:19|20)\d\d)[ -]?based\b|\b((?:19|20)\d\d) snpp\b|snpp[ _]((?:19|20)\d\d)b\b"
    r"|\bbase year:? ((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
UNKNOWN_VARIANTS = (
    r"\b(?:high|low|zero|no|constant|replacement|young|old|half|0%|50%|150%|moderately)(?: [a-z%-]+){0,4}?"
    r" (?:population|fertility|mortality|migration|life expectancy|age structure)\b(?: variant\b)?",
    r"\b[a-z%-]+(?: [a-z%-]+){0,2} variant\b",
    r"\bnpp (?!ppp)[a-z]{3}\b",
    r"\b(?:(?!in\b|of\b|for\b)[a-z%-]+ ){0,2}(?:scenario|sensitivity|what[- ]if)\b"
    r"(?: (?:test|[a-z]|\d+))?(?![a-z])",
    r"\b[a-z]+-led\b(?: [a-z]+){0,2}",
    r"\b(?:series|option|case|assumptions?) (?:[a-z]|\d{1,2})(?=$|[,;:.()])",
    r"\b(?:alternative|adjusted|bespoke|experimental|illustrative|modelled|optimistic|pessimistic"
    r"|policy[- ]on|revised|stretch|(?:lower|upper)(?! (?:and|or)\b|[ -](?:tier|layer|super)\b))"
    r"(?: [a-z-]+){0,3} (?:growth|projections?|series)\b",
    r"\b(?:high(?:er)?|low(?:er)?|slow(?:er)?|fast(?:er)?|rapid|strong(?:er)?|zero|no|constant|accelerated"
    r"|planned) growth\b(?! (?:area|board|deal|hub))",
)
"""Words of a title that speak of a variant, whether we know it or not; the most telling first."""

THE_PRINCIPAL = re.compile(r"\bprincipal( population)? projections?\b|\bprincipal variant\b")
"""Words of a title that name the projection that ONS expects."""

A_LINE_OF_ITS_OWN = re.compile(r"(?:projection|variant|scenario)s?\b[^:]{0,20}:")
"""Beginning of a line of a readme that says which projection the files are."""

LINE_OF_UNITS = re.compile(
    r"^(figures|units?|numbers?|values?|data|measure|all figures)\b|\bunits?\b *(:|are|of)"
)
"""Beginnings of a line that states the unit of a table."""

PERSONS_WORDS = re.compile(r"\b(persons?|people|units?|individuals|residents|numbers?|whole numbers?)\b")


def base_of(
    file: str,
    texts: Iterable[str],
    facts: FileFacts,
    first: int | None = None,
    titles: Iterable[str] = (),
) -> tuple[int, list[Fault]]:
    """Return the base that the first of the texts names.

    Parameters
    ----------
    file, texts
        What to call the file in messages, and its titles.
    facts
        What the user states.
    first
        First mid-year of the table. It is offered as the base where nothing says it, never taken for it:
        columns may have been deleted.
    titles
        Those of the texts that stand above a table: they must name one base.

    Returns
    -------
    int, list of Fault
        0 and a fault where nothing says the base, or where it is unknown.
    """
    known = ", ".join(f"{base}-based" for base in BASES)
    named = list(dict.fromkeys(_bases(titles)))
    if len(named) > 1 and facts.base not in named:
        problem = f"its titles name {' and '.join(f'{base}-based' for base in named)}"
        remedy = "Look which of them the figures are, and say it with --base"
        return 0, [Fault(file, "", problem, remedy)]
    found = facts.base if len(named) > 1 else next(_bases(texts), None)
    base = found or facts.base
    if base is None:
        problem = "nothing says which year the projection is based on"
        given = f"one of {', '.join(map(str, BASES))}"
        if first:
            problem += f"; its first mid-year is {first}, but earlier ones may have been left out"
        if first in BASES:
            given = f"{first} if that is the base, else {given}"
        return 0, [
            Fault(file, "", problem, f"Say it with --base, {given}: the page of the download names it")
        ]
    if base not in BASES:
        remedy = f"Give one of {known}; another needs its layout looked at first"
        return 0, [Fault(file, "", f"the base {base}-based is not known", remedy)]
    if facts.base not in (None, base):
        problem = f"the file says {base}-based, --base says {facts.base}"
        return base, [Fault(file, "", problem, "Leave --base out, or give the other file")]
    return base, []


def _bases(texts: Iterable[str]) -> Iterator[int]:
    """Yield the base that each of the texts names, if it names one."""
    for match in (BASED.search(_plain(text)) for text in texts):
        if match:
            yield int(next(filter(None, match.groups())))


def variant_of(
    file: str, texts: Iterable[str], facts: FileFacts, readme: Collection[str] = ()
) -> tuple[str, list[Fault]]:
    """Return the variant that the texts name, in our words; empty for the principal projection.

    A line such as ``Projection: Five-year migration variant`` of a readme goes before all others. A variant
    that is none of `VARIANTS` is a fault that names it, unless the user states it or it stands in another
    line of the readme: that is prose about all the projections.
    """
    prose = {_plain(line) for line in readme if not A_LINE_OF_ITS_OWN.match(_plain(line))}
    ordered = sorted((_plain(text) for text in texts), key=lambda text: not text.startswith("projection"))
    found, unknown = None, None
    for text in ordered:
        found = next((name for name, pattern in VARIANTS.items() if re.search(pattern, text)), None)
        if found is not None:
            break
        searched = (re.search(pattern, THE_PRINCIPAL.sub(" ", text)) for pattern in UNKNOWN_VARIANTS)
        odd = None if text in prose else next(filter(None, searched), None)
        unknown = unknown or odd
        if odd is None and THE_PRINCIPAL.search(text):
            found = PRINCIPAL
            break
    stated = facts.variant
    if found is None and unknown and stated is None:
        words = unknown[0].strip()
        problem = f"its title speaks of {words!r}, which is no variant known here"
        name = re.sub(r"\b(variant|(?:subnational )?(?:population )?projections?)\b", "", words)
        name = " ".join(name.split())[:40].strip() or words
        remedy = f"Say what it is: --variant principal, or --variant {name!r} to run it under that name"
        return "", [Fault(file, "", problem, remedy)]
    if stated is not None and found is not None and found != stated:
        problem = f"the file says {found}, --variant says {stated}"
        return found, [Fault(file, "", problem, "Leave --variant out, or give the other file")]
    variant = found or stated or PRINCIPAL
    return "" if variant == PRINCIPAL else variant, []


def unit_of(file: str, where: str, cells: Sequence[Any], facts: FileFacts) -> tuple[str, list[Fault]]:
    """Return the unit that a cell above the table states; empty, and a fault, where none does.

    A line of units starts with *Figures*, *Units* and the like and may say more, such as *Figures in units
    (to one decimal place)*; a cell with nothing but *Persons* or *Thousands* states the unit too: ONS writes
    *Persons* above tables of people in units, and a table of thousands says so. Whether the figures are of
    the size that the unit makes them is checked later.
    """
    texts = [_plain(str(cell)) for cell in cells if str(cell).strip()]
    thousands = any(re.search(r"(?<!nearest )\bthousands?\b|\b000'?s\b", text) for text in texts)
    persons = any(_states_persons(text) for text in texts)
    found = THOUSANDS_UNIT if thousands else PERSONS_UNIT if persons else facts.unit
    if found is None:
        remedy = "Say it with --unit persons or --unit thousands, from the page of the download"
        return "", [Fault(file, where, "no line above the table says persons or thousands", remedy)]
    if facts.unit not in (None, found):
        problem = f"the table says {found}, --unit says {facts.unit}"
        return found, [Fault(file, where, problem, "Leave --unit out, or give the other file")]
    return found, []


def _states_persons(text: str) -> bool:
    """Whether a cell states that figures are in persons: a line of units, or the word alone."""
    bare = re.sub(r"\([^)]*\)|[():,.]", " ", text).strip()
    alone = re.fullmatch(r"(the )?(number of )?(persons|people|units|numbers?)", bare)
    return bool(alone) or bool(LINE_OF_UNITS.search(text) and PERSONS_WORDS.search(text))


def _plain(text: str) -> str:
    """Lower case, one space between words, plain hyphens."""
    words = re.sub(r"[_\s]+", " ", str(text)).strip().lower()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", words)

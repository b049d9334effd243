"""How are variables and their elements called in front of a reader?"""

from __future__ import annotations

import re


def in_words(element: str) -> str:
    """Write an element as a reader says it: ``75 to 79`` for A75 and G75, ``Care home support``."""
    if found := re.fullmatch(r"([AG])(\d+)", element):
        first = int(found[2])
        last = first >= (90 if found[1] == "A" else 65)
        return f"{first} and over" if last else f"{first} to {first + 4}"
    if element == "AandE":
        return "A&E"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", element).split()
    return " ".join(words[:1] + [word if word.isupper() else word.lower() for word in words[1:]])


def spoken(name: str) -> str:
    """Write a name with elements for a reader: ``staff in post (community staff)``."""
    base, _, inside = name.partition("[")
    if not inside:
        return name
    parts = [in_words(part.strip()) for part in inside.rstrip("]").split(",")]
    small = [part if part.isupper() else part[0].lower() + part[1:] for part in parts]
    return f"{base.strip()} ({', '.join(small)})"

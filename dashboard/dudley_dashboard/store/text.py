"""What a user typed, as it is kept: one line, within its length, two names that look alike being one."""

from __future__ import annotations

import unicodedata

from dudley_dashboard.store.tables import NAME_LENGTH


class StoreError(Exception):
    """What could not be done, in words for the person who asked for it."""


def key_of(name: str) -> str:
    """Return what two names that look alike have in common."""
    return unicodedata.normalize("NFKC", name).casefold()[: 2 * NAME_LENGTH]


def clean(given: str, longest: int, what: str) -> str:
    """Return one line of what can be printed; databases refuse NUL, and hidden letters deceive readers."""
    line = "".join(letter for letter in " ".join(given.split()) if letter.isprintable())
    if len(line) > longest:
        raise StoreError(f"The {what} is too long: {len(line)} letters; {longest} are kept.")
    return line

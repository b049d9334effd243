"""Names of a model: how equations, Python and users write them, and which was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def plain(name: str) -> str:
    """Name the way equations refer to it: lower case, joined by underscores, quotes kept."""
    return re.sub(r"\s+", " ", name.strip()).lower().replace(" ", "_")


def snake_case(name: str) -> str:
    """Model name as Python and the outputs write it: lower case, underscores, no punctuation.

    Parameters
    ----------
    name
        A name as in the model file, with or without Vensim's double quotes.

    Returns
    -------
    str
        ``"GPs' hours (65+)"`` becomes ``"gps_hours_65"``.
    """
    words = re.sub(r"[^\w\s]", "", name.lower()).replace("_", " ").split()
    return "_".join(words)


def same_name(name: str) -> str:
    """Name reduced to what Vensim compares: quotes, case, and the kind of blank do not matter.

    Parameters
    ----------
    name
        A name as in the model file or in an equation.

    Returns
    -------
    str
        Two spellings of one variable give the same text.
    """
    return " ".join(name.strip().strip('"').lower().replace("_", " ").split())


def nearest(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Candidates that look most like a name, the best first.

    Parameters
    ----------
    name
        What was typed.
    candidates
        What would have been right.
    n
        At most so many.

    Returns
    -------
    list of str
        Empty when nothing is close.
    """
    by_plain = {same_name(candidate): candidate for candidate in candidates}
    close = difflib.get_close_matches(same_name(name), by_plain, n=n, cutoff=0.6)
    return [by_plain[plain] for plain in close]


def did_you_mean(near: Iterable[str], otherwise: str) -> str:
    """Remedy that asks for the names probably meant, see `nearest`; another where there are none."""
    meant = " or ".join(near)
    return f"Did you mean {meant}?" if meant else otherwise

"""Equations whose meaning depends on who reads them, for want of brackets: they are refused."""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"'[^']*'|\"(?:\\\"|[^\"])*\"")
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_BEFORE_SIGN = "(,;=<>+-*/^[:"
_WORDS = re.compile(r"\b(if|then|else|and|or|not|mod)$", re.I)
_NAME = re.compile(r"[\w$'.\s\\]+$")
_BRACKETS = {")": "(", "]": "["}

_NOT = re.compile(r":not:|(?<![\w:])not(?![\w:])", re.I)
_MOD = re.compile(r"\bmod\b", re.I)
_ENDS_A_TERM = re.compile(r"(?<=[\w)\].])\s*[-+]|[<>=,]|\b(?:and|or|then|else)\b", re.I)
_ENDS_A_TEST = re.compile(r",|\b(?:and|or|then|else)\b", re.I)

Unclear = tuple[str, str] | None
"""What is not clear, and the remedy."""


def unclear(equation: str, xmile: bool = False) -> Unclear:
    """Find what in an equation two programs may read in two ways; None if nothing is.

    Vensim's page on operators puts the minus sign and ``:NOT:`` before powers and comparisons, PySD after
    them; neither was tried in Vensim itself. ``MOD`` PySD reads from the right, XMILE from the left.
    """
    text = _HIDDEN.sub(lambda found: "q" * len(found[0]), equation)
    text = _NUMBER.sub(lambda found: "9" * len(found[0]), text)
    return (
        _power(text, equation)
        or _negation(text, equation, xmile)
        or (_modulo(text, equation) if xmile else None)
    )


def _negation(text: str, equation: str, xmile: bool) -> Unclear:
    """Find NOT before a comparison without brackets; in Vensim ``not`` is a word like others."""
    for found in _NOT.finditer(text):
        word = found[0].startswith(":")
        if word != xmile and re.search("[<>=]", _same_level(text[found.end() :], _ENDS_A_TEST)):
            shown = " ".join(equation[found.start() : found.end() + 12].split())
            return f"it is not clear how far {shown!r} goes", "Write the comparison in brackets"
    return None


def _modulo(text: str, equation: str) -> Unclear:
    for found in _MOD.finditer(text):
        if re.search(r"[*/]|\bmod\b", _same_level(text[found.end() :], _ENDS_A_TERM), re.I):
            shown = " ".join(equation[max(found.start() - 8, 0) : found.end() + 8].split())
            return f"it is not clear what belongs to MOD in {shown!r}", "Write (a MOD b)*c or a MOD (b*c)"
    return None


def _same_level(text: str, ends: re.Pattern[str]) -> str:
    """Cut text where what it starts with ends; what is in brackets is left out."""
    depth, kept = 0, ""
    for letter in text:
        if depth == 0 and letter in ")]":
            break
        depth += letter in "(["
        kept += letter if depth == 0 else "q"
        depth -= letter in ")]"
    return ends.split(kept, maxsplit=1)[0]


def _power(text: str, equation: str) -> Unclear:
    """Find ``-a^b`` and ``a^b^c``."""
    for place in (found.start() for found in re.finditer(r"\^", text)):
        start = _operand(text, place)
        left = text[:start].rstrip()
        shown = " ".join(equation[max(start - 1, 0) : place + 8].split())
        if left.endswith("^"):
            return f"it is not clear which power of {shown!r} comes first", "Write a^(b^c) or (a^b)^c"
        if left.endswith("-") and _is_sign(left[:-1]):
            problem = f"it is not clear whether the minus sign or the power of {shown!r} comes first"
            return problem, "Write -(a^b) or (-a)^b"
    return None


def _operand(text: str, end: int) -> int:
    """Find where the number, name, call or bracket that ends before ``end`` starts."""
    place = end - len(text[:end]) + len(text[:end].rstrip())
    while place and text[place - 1] in _BRACKETS:
        place = _opening(text, place)
        name = _NAME.search(text[:place])
        if name:
            words = _WORDS.search(text[:place].rstrip())
            return place if words else _name_start(text, place)
    return _name_start(text, place)


def _name_start(text: str, end: int) -> int:
    """Find where a name starts; words such as THEN are no part of it."""
    found = _NAME.search(text[:end])
    if found is None:
        return end
    start = found.start()
    for word in re.finditer(r"\b(if|then|else|and|or|not|mod)\b", text[start:end], re.I):
        start = max(start, found.start() + word.end())
    return start


def _opening(text: str, end: int) -> int:
    """Find the bracket that the one before ``end`` closes."""
    close = text[end - 1]
    depth = 0
    for place in range(end - 1, -1, -1):
        depth += (text[place] == close) - (text[place] == _BRACKETS[close])
        if depth == 0:
            return place
    return 0


def _is_sign(before: str) -> bool:
    """Say whether a minus that follows ``before`` is a sign and not a subtraction."""
    before = before.rstrip()
    return not before or before[-1] in _BEFORE_SIGN or _WORDS.search(before) is not None

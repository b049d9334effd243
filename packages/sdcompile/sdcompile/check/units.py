"""Units such as ``Activity/(Person*Year)``, as algebra over the names in the file.

Every name is its own base unit: ``Person`` and ``Persons`` have nothing in common. The algebra is pint's, on
bare containers, because pint's registry would read the plural as the singular and refuses names such as £.
"""

from __future__ import annotations

import re

from pint.util import UnitsContainer

Unit = UnitsContainer | None
"""A unit; None is what fits anything: the literal 0, or a part whose fault is already reported."""

DIMENSIONLESS = UnitsContainer({})
DIMENSIONLESS_NAMES = ("dmnl", "dimensionless", "1")

_TOKEN = re.compile(r"\s*(?:(?P<mark>[*/^()])|(?P<name>[^*/^()]*[^*/^()\s]))")


def parse_unit(text: str) -> UnitsContainer:
    """Read a unit from its text in a model file.

    Parameters
    ----------
    text
        Names joined by ``*``, ``/``, whole powers ``^`` and brackets; ``Dmnl`` or ``1`` for none.

    Returns
    -------
    UnitsContainer
        Base names with their powers.

    Raises
    ------
    ValueError
        If the text is not a unit.
    """
    tokens = [found[0].strip() for found in _TOKEN.finditer(text)]
    unit, rest = _product(tokens)
    if rest:
        raise ValueError(f"{' '.join(rest)!r} is left over")
    return unit


def _product(tokens: list[str]) -> tuple[UnitsContainer, list[str]]:
    unit, tokens = _power(tokens)
    while tokens and tokens[0] in ("*", "/"):
        factor, rest = _power(tokens[1:])
        unit = unit * factor if tokens[0] == "*" else unit / factor
        tokens = rest
    return unit, tokens


def _power(tokens: list[str]) -> tuple[UnitsContainer, list[str]]:
    unit, tokens = _atom(tokens)
    if tokens[:1] != ["^"]:
        return unit, tokens
    if not tokens[1:] or not re.fullmatch(r"-?\d+", tokens[1]):
        raise ValueError("a power must be a whole number")
    return unit ** int(tokens[1]), tokens[2:]


def _atom(tokens: list[str]) -> tuple[UnitsContainer, list[str]]:
    if not tokens:
        raise ValueError("it ends too early")
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        unit, rest = _product(rest)
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        return unit, rest[1:]
    if head in ("*", "/", "^", ")"):
        raise ValueError(f"a name is missing before {head!r}")
    if head.lower() in DIMENSIONLESS_NAMES:
        return DIMENSIONLESS, rest
    if not re.match(r"[^\W\d]|[£$€%]", head):
        raise ValueError(f"{head!r} is not the name of a unit")
    return UnitsContainer({head: 1}), rest


def raised(unit: Unit, power: float) -> Unit:
    """Raise a unit to a power."""
    return (
        None
        if unit is None
        else UnitsContainer({name: float(each.real) * power for name, each in unit.items()})
    )


def unit_text(unit: Unit) -> str:
    """Write a unit as a modeller would, ``Person/Year``; ``any unit`` where nothing is known."""
    if unit is None:
        return "any unit"
    powers = sorted((name, float(power.real)) for name, power in unit.items())
    above = [_factor(name, power) for name, power in powers if power > 0]
    below = [_factor(name, -power) for name, power in powers if power < 0]
    if not below:
        return "*".join(above) or "Dmnl"
    divisor = f"({'*'.join(below)})" if len(below) > 1 else below[0]
    return f"{'*'.join(above) or '1'}/{divisor}"


def _factor(name: str, power: float) -> str:
    return name if power == 1 else f"{name}^{power:g}"


def variants(names: list[str]) -> list[tuple[str, ...]]:
    """Names that differ only in capitals or a plural s, in groups of two or more."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(name.lower().removesuffix("s"), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]

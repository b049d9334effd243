"""Columns of numbers and of text for the schemas of our CSV files."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandera.pandas as pa


def number_column(
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    whole: bool = False,
    nullable: bool = False,
    remedy: str | None = None,
) -> pa.Column:
    """Return a schema column of finite numbers, whole or not, within inclusive limits."""
    checks = [pa.Check(np.isfinite, error="is not finite", ignore_na=True)]
    if minimum is not None:
        checks.append(pa.Check.ge(minimum, error="is negative" if minimum == 0 else f"is below {minimum:g}"))
    if maximum is not None:
        checks.append(pa.Check.le(maximum, error=f"is above {maximum:g}"))
    kind = ("Int64" if nullable else int) if whole else float
    return pa.Column(kind, checks, nullable=nullable, coerce=True, metadata=_remedy(remedy))


def text_column(
    choices: Iterable[str] | None = None, *, empty: bool = False, remedy: str | None = None
) -> pa.Column:
    """Return a schema column of text, one of `choices` if given; without text only if `empty`."""
    checks = [] if empty else [pa.Check.str_length(min_value=1, error="is empty")]
    if choices is not None:
        known = list(choices)
        checks = [pa.Check.isin(known, error=f"is not known; known are {', '.join(known)}")]
    return pa.Column(str, checks, metadata=_remedy(remedy))


def _remedy(remedy: str | None) -> dict[str, str] | None:
    return None if remedy is None else {"remedy": remedy}

"""Seeded sample of long tests, which every run of the tests looks at; ``--whole`` looks at all.

A ``conftest.py`` imports the three hooks. `sampled` is for lists of cases, `drawn` for what one test
looks at, `examples` for Hypothesis.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings

SEED = 2018
DRAWN_OF = 3
"""Hypothesis draws one example for so many that it draws with ``--whole``."""

_asked = {"whole": False}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the longer proofs be asked for."""
    with suppress(ValueError):  # the tests of sdcompile and of an application are run together
        parser.addoption("--whole", action="store_true", help="also the proofs that take minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Note whether all is asked for, before any test is read."""
    _asked["whole"] = bool(config.getoption("--whole"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked ``whole``, of which a sample is always run."""
    for item in items:
        if item.get_closest_marker("whole") and not _asked["whole"]:
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --whole"))


def sampled(cases: Iterable[Any], count: int, always: Collection[Any] = ()) -> list[Any]:
    """Cases for ``pytest.mark.parametrize``, ``whole`` but for a seeded sample and what is ``always`` run.

    A tuple is the values of several names.
    """
    every = list(cases)
    chosen = set(random.Random(SEED).sample(range(len(every)), min(count, len(every))))
    values = [case if isinstance(case, tuple) else (case,) for case in every]
    return [
        pytest.param(*value, marks=[] if place in chosen or case in always else pytest.mark.whole)
        for place, (case, value) in enumerate(zip(every, values, strict=True))
    ]


def drawn(items: Iterable[Any], count: int, key: str = "") -> list[Any]:
    """Seeded sample of what one test looks at, all with ``--whole``; mark the test ``drawn``."""
    every = list(items)
    return every if _asked["whole"] else random.Random(f"{SEED} {key}").sample(every, min(count, len(every)))


def examples(count: int, **options: Any) -> Callable[[Any], Any]:
    """Settings of Hypothesis: so many examples with ``--whole``, else a third of them, without a deadline."""
    many = count if _asked["whole"] else max(1, count // DRAWN_OF)
    chosen = settings(max_examples=many, deadline=None, **options)
    return lambda test: pytest.mark.drawn(chosen(test))

"""Tests of behaviour share one bench: each run is made once for all of them."""

from __future__ import annotations

import pytest

from dudley_sd.validation.bench import Bench


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Return the model of Dudley on the bench."""
    return Bench()

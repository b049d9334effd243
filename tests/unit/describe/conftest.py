"""A small model with one loop of each sign, whose links anybody can check by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dudley_sd.describe.catalogue import Catalogue, read_catalogue
from dudley_sd.describe.states import Runs, States

SMALL = Path(__file__).parent / "small.mdl"


@pytest.fixture(scope="session")
def small() -> Catalogue:
    """The small model, without rows for its constants."""
    return read_catalogue(SMALL)


@pytest.fixture(scope="session")
def small_run() -> States:
    """A run of the small model as it is."""
    return Runs(SMALL).states()

"""Tests of sdcompile by itself: its own names, a cache of a session, and the longer proofs on request."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from sampling import pytest_addoption, pytest_collection_modifyitems, pytest_configure  # noqa: F401
from sdcompile.application import APPLICATION, Application
from sdcompile.describe.catalogue import Catalogue, read_catalogue
from sdcompile.describe.states import Runs, States

os.environ.setdefault("SDCOMPILE_CACHE", tempfile.mkdtemp(prefix="sdcompile-tests-"))


@pytest.fixture(scope="session")
def small() -> Catalogue:
    """A small model with one loop of each sign, whose links anybody can check by hand."""
    return read_catalogue(Path(__file__).parent / "small.mdl")


@pytest.fixture(scope="session")
def small_run() -> States:
    """A run of the small model as it is."""
    return Runs(Path(__file__).parent / "small.mdl").states()


@pytest.fixture(autouse=True)
def own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the package its own names, also where an application has been imported for other tests."""
    for name, value in vars(Application()).items():
        monkeypatch.setattr(APPLICATION, name, value)

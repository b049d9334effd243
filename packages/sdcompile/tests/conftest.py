"""Tests of sdcompile by itself: its own names, a cache of a session, and the longer proofs on request."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from sdcompile.application import APPLICATION, Application
from sdcompile.describe.catalogue import Catalogue, read_catalogue
from sdcompile.describe.states import Runs, States

os.environ.setdefault("SDCOMPILE_CACHE", tempfile.mkdtemp(prefix="sdcompile-tests-"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the longer proofs be asked for."""
    with suppress(ValueError):  # tests run together with those of an application that has the option too
        parser.addoption("--whole", action="store_true", help="also the proofs that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked ``whole``, of which a sample is always run."""
    for item in items:
        if item.get_closest_marker("whole") and not config.getoption("--whole"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --whole"))


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

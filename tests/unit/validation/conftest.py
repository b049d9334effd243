"""The validation report, made once for the whole test session."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from filelock import FileLock

from dudley_sd.validation.report import Report, validate


@pytest.fixture(scope="session")
def report(shared_folder: Path) -> Report:
    """Every test of the model that is shipped."""
    path = shared_folder / "validation.pickle"
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            path.write_bytes(pickle.dumps(validate()))
    loaded = pickle.loads(path.read_bytes())
    assert isinstance(loaded, Report)
    return loaded

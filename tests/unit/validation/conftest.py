"""The validation report, made once for the whole test session."""

from __future__ import annotations

from pathlib import Path

import pytest

from dudley_sd.validation.report import Report, validate
from tests.shared import once


@pytest.fixture(scope="session")
def report(shared_folder: Path) -> Report:
    """Every test of the model that is shipped."""
    return once(shared_folder / "validation.pickle", validate)

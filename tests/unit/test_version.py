"""The command line says which version it is."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from dudley_sd.cli import app


@pytest.mark.parametrize("words", [["--version"], ["--version", "run"]])
def test_the_version_is_told_and_nothing_else_is_done(words: list[str]):
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (0, f"dudley-sd {version('dudley-sd')}\n")

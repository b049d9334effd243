"""The README's first command on a machine without a C compiler: slower, the same numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

COMMAND = ("run", "official_future", "--portfolio", "none", "--no-do-nothing", "--no-band", "--format", "csv")

NOISE = 1e-6
"""What is left of sums that cancel: millionths of a person or of a pound among hundreds of millions."""


def answer(folder: Path, path: str) -> tuple[pd.DataFrame, str]:
    """Run the command with this PATH; return the table and what was said."""
    environment = os.environ | {"PATH": path, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "dudley_sd", *COMMAND, "--out", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.csv")
    return pd.read_csv(file), done.stderr


def test_an_empty_path_changes_the_engine_and_not_the_numbers(tmp_path: Path) -> None:
    """Without `cc` and without the ziglang wheel NumPy answers and says how to get a compiler."""
    without, said = answer(tmp_path / "without", "")
    if "running in NumPy" in said:  # the ziglang wheel, if installed, is a compiler without a PATH
        assert "pip install 'dudley-sd[compiler]'" in said
    usual, _ = answer(tmp_path / "usual", os.environ["PATH"])
    apart = (without["value"] - usual["value"]).abs()
    size = usual["value"].abs().groupby(usual["variable"]).transform("max")
    pd.testing.assert_frame_equal(without.drop(columns="value"), usual.drop(columns="value"))
    assert (apart <= 1e-9 * size + NOISE).all()

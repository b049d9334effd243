"""The command that tries other people's models tells the truth about each.

``SDCOMPILE_THIRD_PARTY`` names folders of such models, as ``PATH`` names folders: each is then a test.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conformance.reference import MODELS
from conformance.third_party import FINE, SUFFIXES, verdict

FOLDERS = [Path(f) for f in os.environ.get("SDCOMPILE_THIRD_PARTY", "").split(os.pathsep) if f]
FILES = [f for folder in FOLDERS for f in sorted(folder.rglob("*")) if f.suffix in SUFFIXES]

if FILES:

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_it_equals_pysd_or_is_refused_by_name(path: Path) -> None:
        kind, said = verdict(path)
        assert kind in FINE, said


def test_a_model_that_equals_pysd(tmp_path: Path) -> None:
    path = shutil.copy(MODELS / "stock.mdl", tmp_path)
    assert verdict(Path(path)) == ("equal", "")


def test_a_model_with_stored_output(tmp_path: Path) -> None:
    """As SDXorg stores it, as SDEverywhere does, and with a number that is not right."""
    path = Path(shutil.copy(MODELS / "pulse_between_steps.mdl", tmp_path))
    table = (MODELS / "pulse_between_steps.csv").read_text(encoding="utf-8")
    (tmp_path / "output.tab").write_text(table.replace(",", "\t"), encoding="utf-8")
    kind, said = verdict(path)
    assert kind == "equals what is stored, PySD does not"
    assert "a: np.float64(0.0), stored is np.float64(1.0) at 0.5" in said
    pairs = "".join(f"{0.5 * k}\t{v}\n" for k, v in enumerate([0, 1, 1, 0, 1]))
    path.with_suffix(".dat").write_text(f"a\n{pairs}", encoding="utf-8")
    assert verdict(path)[0] == "different"
    assert "stored output: a" in verdict(path)[1]


@pytest.mark.parametrize(
    ("equation", "kind", "said"),
    [
        ("a = NPV(Time, 0.1, 0, 1)", "refused by name", "variable a: function NPV is not supported"),
        ("a[K1] = 1~~|\na[K2] = b[K1]~~|\nb[Kind] = a[Kind]", "runs, PySD does not", "RecursionError"),
        ("a = DELAY3(Time, 2)", "different", "not a number"),
    ],
)
def test_a_model_that_does_not(tmp_path: Path, equation: str, kind: str, said: str) -> None:
    path = tmp_path / "small.mdl"
    path.write_text(
        f"{{UTF-8}}\nKind: K1, K2~~|\n{equation}~~|\n"
        "FINAL TIME = 4~~|\nINITIAL TIME = 0~~|\nSAVEPER = 1~~|\nTIME STEP = 1~~|\n"
    )
    found, words = verdict(path)
    assert found == kind
    assert said in words

"""Is a model file read the same from the cache, and is what is damaged there read anew?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from sdcompile.read import model as variables
from sdcompile.read import parse
from sdcompile.read.model import read_model

MODEL = Path(__file__).parent / "sound.mdl"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SDCOMPILE_CACHE", str(tmp_path))
    monkeypatch.setattr(variables, "_READ", {})
    return tmp_path


def files(cache: Path) -> list[Path]:
    return sorted(cache.glob("read/*/content.json"))


def test_what_is_kept_is_what_was_read(cache, monkeypatch):
    """Every field of every variable, tuples and order included; the second reading does not parse."""
    first = read_model(MODEL)
    assert len(files(cache)) == 1
    monkeypatch.setattr(variables, "_READ", {})
    monkeypatch.setattr(parse, "read_text", None)
    again = read_model(MODEL)
    assert asdict(again) == asdict(first)
    assert list(again.variables) == list(first.variables)
    assert again.path == MODEL


@pytest.mark.parametrize("damage", [b"", b"{", b'{"path": "x", "variables": {}}'])
def test_what_is_damaged_is_read_anew_and_kept_again(cache, monkeypatch, damage):
    first = read_model(MODEL)
    (kept,) = files(cache)
    kept.write_bytes(damage)
    monkeypatch.setattr(variables, "_READ", {})
    assert asdict(read_model(MODEL)) == asdict(first)
    assert kept.read_bytes() != damage


def test_another_text_is_another_model(cache, tmp_path):
    read_model(MODEL)
    text = MODEL.read_text(encoding="utf-8").replace("0.8", "0.7")
    other = tmp_path / "other.mdl"
    other.write_text(text + "\n", encoding="utf-8")
    assert read_model(other).path == other
    assert len(files(cache)) == 2

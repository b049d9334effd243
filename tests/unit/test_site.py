"""The documentation site builds, every link and anchor in it leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as ``mkdocs build`` makes it; a broken link or anchor is an error (``strict``)."""
    folder = tmp_path_factory.mktemp("site")
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_reader_has_a_path(site: Path):
    text = (site / "docs" / "index.html").read_text(encoding="utf-8")
    for reader in ("You lead strategy", "You plan", "You model", "You develop"):
        assert reader in text


def test_pages_keep_their_place_in_the_repository(site: Path):
    """A link to a file that is no page, such as the table of parameters, leads to a copy of it."""
    for name in (
        "index.html",
        "models/DICTIONARY.html",
        "inputs/index.html",
        "packages/sdcompile/index.html",
    ):
        assert (site / name).is_file(), name
    for name in ("inputs/parameters.csv", "models/dudley.mdl"):
        assert (site / name).read_bytes() == (ROOT / name).read_bytes()


def test_no_page_needs_another_server_for_its_letters(site: Path):
    assert "fonts.googleapis.com" not in (site / "index.html").read_text(encoding="utf-8")

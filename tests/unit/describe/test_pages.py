"""The committed pages say what the model says now; `dudley-sd describe` writes them again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dudley_sd.describe.markdown import anchor
from dudley_sd.describe.pages import stale_page_faults

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy of the checkout whose pages may be spoilt."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("inputs", "models", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_committed_pages_are_up_to_date():
    faults = stale_page_faults(ROOT / "inputs", ROOT / "models")
    assert [str(fault) for fault in faults] == []


def test_stale_and_missing_pages_are_told_with_the_remedy(copy):
    path = copy / "models" / "DICTIONARY.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Residents of all ages.", "Everybody."), encoding="utf-8"
    )
    (copy / "models" / "LOOPS.md").unlink()
    faults = {Path(fault.file).name: fault for fault in stale_page_faults(copy / "inputs", copy / "models")}
    assert set(faults) == {"DICTIONARY.md", "LOOPS.md"}
    assert re.fullmatch(r"line \d+", faults["DICTIONARY.md"].where)
    assert faults["LOOPS.md"].problem == "the page does not exist"
    assert all("dudley-sd describe" in fault.remedy for fault in faults.values())


PAGES = ("README.md", "CONTRIBUTING.md", "models/README.md", "models/LOOPS.md", "models/SECTORS.md")
LOGS = ("docs/assumptions.md", "docs/decisions.md", "docs/stress-sd.md")


@pytest.mark.parametrize("page", [*PAGES, *LOGS])
def test_links_from_page_to_page_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)", text):
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), f"{page} links to {target}"
        if heading and path.suffix == ".md":
            lines = path.read_text(encoding="utf-8").splitlines()
            anchors = {anchor(line.lstrip("# ")) for line in lines if line.startswith("#")}
            assert heading[1:] in anchors, f"{page} links to {target}{heading}"

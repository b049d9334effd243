"""The committed pages say what the model says now; `dudley-sd describe` writes them again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sdcompile.describe.markdown import anchor

from dudley_sd.model_pages import differences, pages, stale_page_faults, write

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found() -> dict[Path, str]:
    """What every generated page of the checkout should say."""
    return pages(ROOT / "inputs", ROOT / "models")


def test_committed_pages_are_up_to_date(found):
    assert [str(fault) for fault in differences(found)] == []
    assert {path.name for path in found} >= {"DICTIONARY.md", "SECTORS.md", "LOOPS.md", "README.md"}
    assert ROOT / "docs" / "assumptions.md" in found


def test_stale_and_missing_pages_are_told_with_the_remedy(found, tmp_path):
    copies = {tmp_path / path.name: text for path, text in found.items()}
    write(copies)
    assert differences(copies) == []

    spoilt = tmp_path / "DICTIONARY.md"
    text = spoilt.read_text(encoding="utf-8").replace("Residents of all ages.", "Everybody.")
    spoilt.write_text(text, encoding="utf-8")
    (tmp_path / "LOOPS.md").unlink()
    faults = {Path(fault.file).name: fault for fault in differences(copies)}
    assert set(faults) == {"DICTIONARY.md", "LOOPS.md"}
    assert re.fullmatch(r"line \d+", faults["DICTIONARY.md"].where)
    assert faults["LOOPS.md"].problem == "the page does not exist"
    assert all("dudley-sd describe" in fault.remedy for fault in faults.values())


def test_what_is_wrong_with_the_loops_is_told_instead(tmp_path):
    (tmp_path / "loops.toml").write_text(
        'scenario = "official_future"\n[[loop]]\nname = "R1"\n', encoding="utf-8"
    )
    faults = stale_page_faults(ROOT / "inputs", tmp_path)
    assert {fault.where for fault in faults} == {
        "portfolio",
        "contract",
        "loop.0.title",
        "loop.0.kind",
        "loop.0.paths",
    }


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

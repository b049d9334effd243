"""The specification has every passage that a test or a table cites."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CITED = re.compile(r'(?:"""|^ +)Specification, ([^:;"]+?)(?:, \d+)?[:;]', re.MULTILINE)


def test_every_heading_that_is_cited_is_there():
    """A citation such as 'Specification, Closure: ...' names a heading of docs/specification.md."""
    text = (ROOT / "docs" / "specification.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    paths = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    cited = {name for path in paths for name in CITED.findall(path.read_text(encoding="utf-8"))}

    assert len(cited) >= 3
    assert cited - headings == set()

"""Longer proofs, of which the tests run a seeded sample: run whole, with a dated report.

``python benchmarks/proofs.py`` runs every test that is marked ``whole`` or ``drawn`` and writes ``proofs.md``
beside this file: what was run, on which commit, how long it took and what came of it. The exit code is that
of the tests.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = Path(__file__).with_suffix(".md")


def main() -> int:
    """Run the proofs and write the report."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "tests.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--whole",
            "-m",
            "whole or drawn",
            f"--junitxml={found}",
        ]
        code = subprocess.call(command, cwd=ROOT)
        cases = list(ET.parse(found).iter("testcase"))
    REPORT.write_text(report(cases, time.monotonic() - start), encoding="utf-8", newline="\n")
    return code


def report(cases: list[ET.Element], seconds: float) -> str:
    """Write the report: a line for each proof."""
    commit = ["git", "rev-parse", "--short", "HEAD"]
    at = subprocess.run(commit, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    head = (
        "# The longer proofs\n\n"
        f"`python benchmarks/proofs.py` on {datetime.now(tz=UTC):%Y-%m-%d}, commit {at}, Python "
        f"{platform.python_version()}, {platform.machine()}: {sum(map(passed, cases))} of {len(cases)} pass, "
        f"{seconds / 60:.0f} minutes.\n\n| proof | seconds | verdict |\n| --- | --- | --- |\n"
    )
    verdicts = {True: "passes", False: "fails"}
    rows = (
        f"| `{case.get('name')}` | {float(case.get('time', 0)):.0f} | {verdicts[passed(case)]} |"
        for case in cases
    )
    return head + "\n".join(rows) + "\n"


def passed(case: ET.Element) -> bool:
    """Whether a proof was run and holds."""
    return not any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))


if __name__ == "__main__":
    sys.exit(main())

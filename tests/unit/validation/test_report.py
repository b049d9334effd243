"""Is the report whole, true to its outcomes, and does its verdict reach the shell?"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dudley_sd.cli import app
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.expectations import read_targets
from dudley_sd.validation.outcome import DOCUMENTED, FAILS, KINDS, PASSES, Outcome
from dudley_sd.validation.page import headline, page, write_report
from dudley_sd.validation.report import Report

ROWS_OF_THE_SPECIFICATION = {
    "projection",
    "growth",
    "demography alone",
    "GPs, mid-2018",
    "leverage",
    "training delay",
    "mobilisation",
    "stranded cost",
    "do nothing",
    "scenario ends",
    "accounting",
    "numerics",
    "extremes",
}


def with_broken(report: Report) -> Report:
    """Return the report with its first outcome failing for no known reason."""
    broken = dataclasses.replace(report.outcomes[0], verdict=FAILS, found="1,234 people")
    return dataclasses.replace(report, outcomes=[broken, *report.outcomes[1:]])


def test_every_row_of_the_specification_passes_or_says_why(report: Report):
    """Specification, What it must reproduce: 13 rows; what fails is known and has a reason."""
    assert {outcome.row for outcome in report.outcomes} >= ROWS_OF_THE_SPECIFICATION
    failing = {outcome.id: outcome for outcome in report.outcomes if outcome.verdict in (FAILS, DOCUMENTED)}

    known = {"back_75_last", "back_cells", "back_bed_days", "lunch_random", "lunch_climbs", "halving"}
    assert set(failing) <= known
    assert all(outcome.verdict == DOCUMENTED and len(outcome.note) > 80 for outcome in failing.values())


def test_every_target_is_used_and_no_finding_comes_twice(report: Report):
    ids = [outcome.id for outcome in report.outcomes]
    targets = read_targets(inputs_folder() / "validation" / "targets.csv")["id"]

    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert {outcome.test for outcome in report.outcomes} == set(KINDS)


def test_sensitivity_is_what_single_runs_give(report: Report, model_run):
    """The base, and one number at its low end, beside runs of the ordinary kind."""
    found = report.sensitivity
    base = model_run(portfolio="as_evidenced").sel(year=2033)
    levers = {"time to embed": float(found.rows.loc["time to embed", "low"])}
    moved = model_run(portfolio="as_evidenced", levers=levers).sel(year=2033)

    assert found.base["GP gap"] == pytest.approx(float(base["gp_gap"]), rel=1e-9)
    assert found.base["Balance of the system since 2018"] == pytest.approx(float(base["system_balance"]))
    difference = float(moved["landed_share"] - base["landed_share"])
    assert found.moves.loc["time to embed", ("Planned shift landed", "low")] == pytest.approx(difference)


def test_the_page_says_what_the_findings_say(report: Report, tmp_path: Path):
    html, table = write_report(report, tmp_path)
    text = unescape(html.read_text(encoding="utf-8"))

    for outcome in report.outcomes:
        assert outcome.what in text or outcome.test == "Sensitivity", outcome.id
        assert outcome.found in text, outcome.id
    assert headline(report.outcomes) in text
    assert report.model_hash[:16] in text
    rows = pd.read_csv(table, keep_default_na=False)
    assert list(rows["id"]) == [outcome.id for outcome in report.outcomes]
    assert list(rows["verdict"]) == [outcome.verdict for outcome in report.outcomes]


def test_the_page_stands_on_its_own(report: Report):
    """No request to any network, and small enough to send."""
    text = page(report)

    assert "default-src 'none'" in text
    assert 'src="http' not in text
    assert "<link" not in text
    assert len(text.encode("utf-8")) < 6_000_000


def test_a_failure_without_a_reason_is_told_first(report: Report):
    text = page(with_broken(report))

    assert "1 fails without one" in headline(with_broken(report).outcomes)
    assert text.index("1,234 people") < text.index("Kinds of test")


@pytest.mark.parametrize("broken", [False, True])
def test_the_exit_code_tells_the_truth(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
):
    """0 where all that fails is documented, 1 where something else does; the report is written anyway."""
    made = with_broken(report) if broken else report
    monkeypatch.setattr("dudley_sd.validation.report.validate", lambda _: made)
    done = CliRunner().invoke(app, ["validate", "--out", str(tmp_path / "here")])

    assert done.exit_code == int(broken)
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"validation.html", "validation.csv"}
    assert "validation.html" in done.stdout


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_run(tmp_path: Path):
    (tmp_path / "results").write_text("mine", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "dudley_sd", "validate"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 2
    assert "cannot be written to" in done.stderr
    assert (tmp_path / "results").read_text(encoding="utf-8") == "mine"


def test_the_headline_counts():
    one = Outcome("a", "Boundary", "", "what", "found", "expected", "", PASSES)

    assert headline([one]) == "1 of 1 tests pass, 0 fail for known reasons, none without one."

"""The validation report as one web page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from sdcompile.scratch import atomic_file

from dudley_sd.results.base_page import base_page
from dudley_sd.results.page import Charts
from dudley_sd.validation.finding import DOCUMENTED, FAILS, PASSES, Finding, as_table, counts
from dudley_sd.validation.kinds import KINDS
from dudley_sd.validation.report import Report
from dudley_sd.validation.sections import kind_key, section
from dudley_sd.validation.sections_behaviour import (
    back_test_section,
    extremes_section,
    family_section,
    integration_section,
    loops_section,
    published_section,
)
from dudley_sd.validation.sections_structure import (
    boundary_section,
    dimension_section,
    others_section,
    parameters_section,
    sensitivity_section,
    surprises_section,
)
from dudley_sd.validation.tables import badge, failing_list, tally, wordy

NAME = "validation"


def write_report(report: Report, folder: Path | str) -> list[Path]:
    """Write the page and, beside it, the findings as a table.

    Parameters
    ----------
    report
        From `dudley_sd.validation.report.validate`.
    folder
        Made if it is not there; files of these names are replaced, each whole or not at all.

    Returns
    -------
    list of Path
        ``validation.html``, which asks the network for nothing, and ``validation.csv``.
    """
    folder = Path(folder)
    html, table = folder / f"{NAME}.html", folder / f"{NAME}.csv"
    text = page(report, table.name)
    with atomic_file(html) as scratch:
        scratch.write_text(text, encoding="utf-8", newline="\n")
    with atomic_file(table) as scratch:
        as_table(report.findings).to_csv(scratch, index=False, lineterminator="\n")
    return [html, table]


def page(report: Report, csv: str = f"{NAME}.csv") -> str:
    """Return the page as text; ``csv`` is the name of the table beside it."""
    charts = Charts()
    sections = [
        _summary(report),
        published_section(report),
        back_test_section(report, charts),
        boundary_section(report),
        dimension_section(report),
        parameters_section(report, charts),
        extremes_section(report),
        integration_section(report),
        loops_section(report),
        family_section(report),
        sensitivity_section(report, charts),
        surprises_section(report),
        others_section(report),
    ]
    words = {
        "headline": escape(headline(report.findings)),
        "sections": "\n".join(sections),
        "csv": escape(csv),
        "made": _made(report),
    }
    return base_page("dudley_sd.validation", "page", words, charts.as_json(), goal="verdicts")


def headline(findings: Sequence[Finding]) -> str:
    """Say in a sentence how the model stands."""
    found = counts(findings)
    judged = found[PASSES] + found[DOCUMENTED] + found[FAILS]
    known = f"{found[DOCUMENTED]} fail{'s' if found[DOCUMENTED] == 1 else ''} for known reasons"
    rest = (
        f"{found[FAILS]} fail{'s' if found[FAILS] == 1 else ''} without one"
        if found[FAILS]
        else "none without one"
    )
    return f"{found[PASSES]} of {judged} tests pass, {known}, {rest}."


def _summary(report: Report) -> str:
    rows = []
    for kind, question in KINDS.items():
        here = [finding for finding in report.findings if finding.test == kind]
        if not here:
            continue
        verdicts = " ".join(f"{count} {badge(verdict)}" for verdict, count in counts(here).items() if count)
        link = f'<a href="#{kind_key(kind)}"><b>{escape(kind)}</b></a>'
        rows.append((link, [escape(question), verdicts]))
    body = (
        f"{tally(report.findings)}<h3>What fails, and why</h3>{failing_list(report.findings)}<h3>Kinds of "
        f"test</h3>{wordy('Kinds of test and their verdicts', ['Test', 'Question', 'Verdicts'], rows)}"
    )
    return section("Verdict", "What the tests say", body, key="verdict")


def _made(report: Report) -> str:
    when = f"{report.made[:10]} {report.made[11:16]} UTC"
    return (
        f"dudley_sd {escape(report.version)}, {escape(when)}, {report.runs:,} runs of the model. "
        f"Model file and tables: {escape(report.model_hash[:16])}."
    )

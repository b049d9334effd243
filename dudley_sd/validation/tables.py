"""The tables of the validation page, which become cards on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dudley_sd.validation.finding import DOCUMENTED, FAILS, PASSES, REPORTED, Finding, counts

CLASSES = {PASSES: "passes", DOCUMENTED: "documented", FAILS: "fails", REPORTED: "reported"}


def badge(verdict: str) -> str:
    """Return a verdict as a word in a coloured box."""
    return f'<span class="badge {CLASSES[verdict]}">{escape(verdict.capitalize())}</span>'


def tally(findings: Sequence[Finding]) -> str:
    """How many findings have each verdict, as a row of figures."""
    items = "".join(
        f'<li class="{CLASSES[verdict]}"><b>{count}</b> <span>{escape(verdict)}</span></li>'
        for verdict, count in counts(findings).items()
    )
    return f'<ul class="tally">{items}</ul>'


def findings_table(caption: str, findings: Iterable[Finding]) -> str:
    """Return findings down; what, found, expected and verdict across, with the note under what."""
    rows = [
        (
            f"<b>{escape(each.what)}</b>" + small(each.note, each.source),
            [
                escape(each.found),
                escape(each.expected) + small(f"Tolerance: {each.tolerance}" if each.tolerance else ""),
                badge(each.verdict),
            ],
        )
        for each in findings
    ]
    return wordy(caption, ["What", "Found", "Expected", "Verdict"], rows)


def reported_table(caption: str, findings: Iterable[Finding]) -> str:
    """Return findings that have no pass mark: what, found, and what to know of it."""
    rows = [(f"<b>{escape(each.what)}</b>", [escape(each.found), escape(each.note)]) for each in findings]
    return wordy(caption, ["What", "Found", "What to know"], rows)


def failing_list(findings: Iterable[Finding]) -> str:
    """Return what fails and why, the undocumented first."""
    failing = [each for each in findings if each.verdict in (FAILS, DOCUMENTED)]
    if not failing:
        return "<p>Nothing fails.</p>"
    items = "".join(
        f'<li class="{CLASSES[each.verdict]}"><p><b>{escape(each.what)}</b>: {escape(each.found)}, where '
        f"{escape(each.expected)} is asked for. {badge(each.verdict)}</p>"
        f"<p>{escape((each.note or 'No reason is known yet').rstrip('.'))}.</p></li>"
        for each in sorted(failing, key=lambda each: each.verdict != FAILS)
    )
    return f'<ul class="failing">{items}</ul>'


def small(*parts: str) -> str:
    """Small print, a line for each part that says something."""
    return "".join(f"<small>{escape(part)}</small>" for part in parts if part)


def wordy(caption: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return a table whose cells hold words and may break; its cells are HTML."""
    head = "".join(f'<th scope="col" role="columnheader">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{left}</th>'
        + "".join(
            f'<td role="cell" data-label="{escape(name)}">{cell}</td>'
            for name, cell in zip(heads[1:], cells, strict=True)
        )
        + "</tr>"
        for left, cells in rows
    )
    return (
        f'<table class="wordy" role="table"><caption>{escape(caption)}</caption><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )

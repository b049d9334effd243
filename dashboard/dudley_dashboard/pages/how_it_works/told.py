"""What do the tests of the model say, in plain words?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria
from dudley_dashboard.pages.how_it_works.examine import State
from dudley_sd.validation.finding import DOCUMENTED, FAILS, PASSES, REPORTED, Finding, counts
from dudley_sd.validation.kinds import KINDS
from dudley_sd.validation.page import headline
from dudley_sd.validation.report import STAGES

WORDS = {
    PASSES: "Passes",
    DOCUMENTED: "Fails, and we say why",
    FAILS: "Fails",
    REPORTED: "Told, without a pass mark",
}
COUNTED = {
    PASSES: "pass",
    DOCUMENTED: "fail for a known reason",
    FAILS: "fail",
    REPORTED: "told without a pass mark",
}
ABOUT = (
    "The model is held against numbers that others printed, pushed to its limits, cut loop by loop, and run "
    "on what has happened since. The tests make some hundreds of runs, which takes about a minute."
)


def tests_told(state: State) -> list[Component]:
    """Tell what the tests found, or offer to run them."""
    if state.result is None:
        return _not_yet(state)
    result = state.result
    findings = [Finding(**each) for each in result["findings"]]
    failing = [each for each in findings if each.verdict in (FAILS, DOCUMENTED)]
    return [
        html.P(headline(findings), className="model-verdict"),
        html.P(made_words(result), className="model-small"),
        html.H3("What fails, and why"),
        html.Ul([_failing(each) for each in _worst_first(failing)], className="model-failing")
        if failing
        else html.P("Nothing fails."),
        html.H3("All tests, by kind"),
        *(_kind(kind, question, findings) for kind, question in KINDS.items()),
    ]


def made_words(result: dict[str, Any]) -> str:
    """Say when the tests were run, and on what."""
    when = datetime.fromisoformat(result["made"])
    return (
        f"Run here on {when.day} {when:%B %Y} at {when:%H:%M} UTC with dudley_sd {result['version']} on the "
        f"model file {result['model_hash'][:8]}: {result['runs']:,} runs of the model. Neither the model nor "
        "its inputs have changed since; when they do, the tests are to be run again."
    )


def _not_yet(state: State) -> list[Component]:
    if not state.running:
        button = html.Button(
            "Run the tests now", id="model-test", className="strong", type="button", n_clicks=0
        )
        not_yet = "Not yet run for this version."
        return [html.P(ABOUT), html.P(not_yet), button]
    done = len(state.done)
    now = STAGES[min(done, len(STAGES) - 1)]
    bar = html.Progress(value=str(done), max=str(len(STAGES)), **aria(label="Tests done"))
    return [html.P(ABOUT), html.P([bar, f" {done} of {len(STAGES)} parts done; now: {now}."])]


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda each: each.verdict != FAILS)


def _failing(finding: Finding) -> html.Li:
    return html.Li(
        [
            html.P(
                [
                    html.Strong(f"{finding.what}: {finding.found}"),
                    f", where {finding.expected} is asked for. ",
                ]
            ),
            html.P(f"{(finding.note or 'No reason is known yet').rstrip('.')}."),
            html.P(
                [_verdict(finding.verdict), f" {finding.source}" if finding.source else ""],
                className="model-small",
            ),
        ]
    )


def _kind(kind: str, question: str, findings: list[Finding]) -> html.Details:
    here = [each for each in findings if each.test == kind]
    tally = ", ".join(f"{count} {COUNTED[verdict]}" for verdict, count in counts(here).items() if count)
    rows = [
        html.Tr(
            [
                html.Th([each.what, html.Small(each.note)] if each.note else each.what, scope="row"),
                html.Td(each.found),
                html.Td(each.expected or "–"),
                html.Td(_verdict(each.verdict)),
            ]
        )
        for each in _worst_first(here)
    ]
    head = html.Tr([html.Th(text, scope="col") for text in ("What", "Found", "Expected", "Verdict")])
    table = html.Table([html.Caption(question), html.Thead(head), html.Tbody(rows)])
    region = html.Div(table, className="model-findings", tabIndex=0, role="region", **aria(label=kind))
    return html.Details([html.Summary(f"{kind}: {tally or 'none'}"), region], className="model-kind")


def _verdict(verdict: str) -> html.Span:
    marks: dict[str, Any] = {PASSES: "pass", DOCUMENTED: "documented", FAILS: "fail", REPORTED: "told"}
    return html.Span(WORDS[verdict], className=f"model-badge model-badge-{marks[verdict]}")

"""Tests of the model and signs of its loops: worked out in a process of their own, kept in the cache."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component
from sdcompile.cache import cache_folder
from sdcompile.scratch import atomic_file

from dudley_dashboard.pages.how_it_works.data import loop_signs
from dudley_dashboard.parts import Content, aria, small, table
from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.validation.outcome import DOCUMENTED, FAILS, KINDS, PASSES, REPORTED, Outcome, counts
from dudley_sd.validation.page import headline
from dudley_sd.validation.report import STAGES, validate

SIGNS, TESTS = "loop-signs", "tests"
GIVEN_UP = 600.0
"""Seconds after which an examination that has not ended is taken for dead."""

VERDICTS = {
    PASSES: ("Passes", "pass", "pass"),
    DOCUMENTED: ("Fails, and we say why", "fail for a known reason", "documented"),
    FAILS: ("Fails", "fail", "fail"),
    REPORTED: ("Told, without a pass mark", "told without a pass mark", "told"),
}
"""Words of a verdict, words after a count, and ending of its class."""

ABOUT = (
    "The model is held against numbers that others printed, pushed to its limits, cut loop by loop, and run "
    "on what has happened since. The tests make some hundreds of runs, which takes about a minute."
)


@dataclass(frozen=True)
class State:
    """How an examination stands.

    Attributes
    ----------
    result
        What was found, None until it is.
    running
        Whether it is under way.
    done
        Stages that are done, of a running one.
    """

    result: dict[str, Any] | None = None
    running: bool = False
    done: tuple[str, ...] = ()


def state_of(kind: str) -> State:
    """Look how an examination of the model as it is now stands."""
    result, running = _file(kind, "json"), _file(kind, "running")
    if result.is_file():
        try:
            return State(json.loads(result.read_text(encoding="utf-8")))
        except ValueError:  # a full disk, an editor: it is found out anew
            result.unlink()
    if not running.is_file() or abs(time.time() - running.stat().st_mtime) > GIVEN_UP:
        return State()
    return State(running=True, done=tuple(running.read_text(encoding="utf-8").splitlines()))


def start(kind: str) -> State:
    """Start an examination in the background unless it is done or under way."""
    state = state_of(kind)
    if state.result is not None or state.running:
        return state
    running = _file(kind, "running")
    running.unlink(missing_ok=True)
    try:
        running.touch(exist_ok=False)
    except FileExistsError:  # another worker was quicker
        return state_of(kind)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(  # what is run is this module and one of two words
        [sys.executable, "-m", __name__, kind],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    threading.Thread(target=process.wait, name=f"examination {kind}", daemon=True).start()  # leaves no zombie
    return State(running=True)


def result_of(kind: str, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Find out; see `loop_signs` and `dudley_sd.validation.report.validate`."""
    if kind == SIGNS:
        return {"loops": loop_signs()}
    report = validate(progress)
    return {
        "findings": [asdict(finding) for finding in report.outcomes],
        "made": report.made,
        "version": report.version,
        "model_hash": report.model_hash,
        "runs": report.runs,
    }


def run_and_save(kind: str) -> Path:
    """Examine and keep what is found; the file of the running examination tells its stages meanwhile."""
    result, running = _file(kind, "json"), _file(kind, "running")

    def progress(stage: str) -> None:
        with running.open("a", encoding="utf-8") as file:
            file.write(f"{stage}\n")

    try:
        found = result_of(kind, progress)
        with atomic_file(result) as scratch:
            scratch.write_text(json.dumps(found), encoding="utf-8")
    finally:
        running.unlink(missing_ok=True)
    return result


@cache
def model_key() -> str:
    """Hash of model file, loops, inputs and version: what an examination depends on."""
    digest = hashlib.sha256(version("dudley-sd").encode())
    for folder, endings in ((models_folder(), ("mdl", "toml")), (inputs_folder(), ("csv", "gz", "toml"))):
        for path in sorted(path for ending in endings for path in folder.rglob(f"*.{ending}")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _file(kind: str, ending: str) -> Path:
    folder = cache_folder() / "dashboard"
    folder.mkdir(exist_ok=True)
    return folder / f"{kind}-{model_key()[:24]}.{ending}"


def findings_section(state: State) -> list[Component]:
    """Tell what the tests found, or offer to run them."""
    if state.result is None:
        return _not_yet(state)
    result = state.result
    findings = [Outcome(**each) for each in result["findings"]]
    failing = [each for each in findings if each.verdict in (FAILS, DOCUMENTED)]
    return [
        html.P(headline(findings), className="model-verdict"),
        html.P(_made_sentence(result), className="model-small"),
        html.H3("What fails, and why"),
        html.Ul([_failing(each) for each in _worst_first(failing)], className="model-failing")
        if failing
        else html.P("Nothing fails."),
        html.H3("All tests, by kind"),
        *(_tests_of_kind(kind, question, findings) for kind, question in KINDS.items()),
    ]


def _made_sentence(result: dict[str, Any]) -> str:
    """Say when the tests were run, and on what."""
    when = datetime.fromisoformat(result["made"])
    return (
        f"Run here on {when.day} {when:%B %Y} at {when:%H:%M} UTC with dudley_sd {result['version']} on the "
        f"model file {result['model_hash'][:8]}: {result['runs']:,} runs of the model. Neither the model nor "
        "its inputs have changed since; when they do, the tests are to be run again."
    )


def _not_yet(state: State) -> list[Component]:
    if not state.running:
        words = "Run the tests now"
        button = html.Button(words, id="model-test", className="strong", type="button", n_clicks=0)
        return [html.P(ABOUT), html.P("Not yet run for this version."), button]
    done = len(state.done)
    now = STAGES[min(done, len(STAGES) - 1)]
    bar = html.Progress(value=str(done), max=str(len(STAGES)), **aria(label="Tests done"))
    return [html.P(ABOUT), html.P([bar, f" {done} of {len(STAGES)} parts done; now: {now}."])]


def _worst_first(findings: Iterable[Outcome]) -> list[Outcome]:
    return sorted(findings, key=lambda each: each.verdict != FAILS)


def _failing(finding: Outcome) -> html.Li:
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
                [_verdict(finding.verdict), finding.source and f" {finding.source}"], className="model-small"
            ),
        ]
    )


def _tests_of_kind(kind: str, question: str, findings: list[Outcome]) -> html.Details:
    here = [each for each in findings if each.test == kind]
    tally = ", ".join(f"{count} {VERDICTS[verdict][1]}" for verdict, count in counts(here).items() if count)
    rows: list[list[Content]] = [
        [small(each.what, each.note), each.found, each.expected or "–", _verdict(each.verdict)]
        for each in _worst_first(here)
    ]
    heads = ["What", "Found", "Expected", "Verdict"]
    region = table(question, heads, rows, region="model-findings", label=kind)
    return html.Details([html.Summary(f"{kind}: {tally or 'none'}"), region], className="model-kind")


def _verdict(verdict: str) -> html.Span:
    words, _, mark = VERDICTS[verdict]
    return html.Span(words, className=f"model-badge model-badge-{mark}")


if __name__ == "__main__":
    run_and_save(sys.argv[1])

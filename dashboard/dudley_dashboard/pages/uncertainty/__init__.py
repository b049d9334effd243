"""Uncertainty: how certain is a result, and what matters most?"""

from __future__ import annotations

import logging
import re
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from sdcompile.errors import InputError

from dudley_dashboard.aria import aria
from dudley_dashboard.number_files import add_number_files
from dudley_dashboard.page import Page, root
from dudley_dashboard.pages.uncertainty import shown
from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.asked import Asked, asked_of
from dudley_dashboard.pages.uncertainty.chances import usual_threshold
from dudley_dashboard.pages.uncertainty.export import needed, numbers_of
from dudley_dashboard.pages.uncertainty.jobs import UNEXPECTED, Progress, all_jobs, answer_of
from dudley_dashboard.pages.uncertainty.layout import QUESTION, layout, threshold_label
from dudley_dashboard.pages.uncertainty.measures import BY_KEY, unit_of
from dudley_dashboard.view import read_view

RUNS = ("members", "seed", "stored")
READY = [Input("uncertainty-ready", "data"), State("uncertainty-plan", "data")]
_log = logging.getLogger(__name__)
AGAIN = "This was worked out before and has been removed since. Load the page again."


def register(app: Dash) -> None:
    """Let runs be made and looked at; what is chosen goes into the address."""
    add_number_files(app, "uncertainty", numbers_of, needed)
    app.callback(
        Output("uncertainty-progress", "children"),
        Output("uncertainty-tick", "disabled"),
        Output("uncertainty-ready", "data"),
        Output("uncertainty-said", "children"),
        Input("uncertainty-tick", "n_intervals"),
        Input("uncertainty-members", "value", allow_optional=True),
        Input("uncertainty-seed", "value", allow_optional=True),
        State("uncertainty-stored", "value", allow_optional=True),
        State("uncertainty-plan", "data"),
        State("uncertainty-visitor", "data"),
    )(watch)
    app.callback(
        Output("uncertainty-range", "children"),
        Output("uncertainty-numbers", "children"),
        *READY,
        Input("uncertainty-measure", "value"),
        prevent_initial_call=True,
    )(draw_measure)
    app.callback(
        Output("uncertainty-money", "children"),
        Output("uncertainty-about", "children"),
        *READY,
        prevent_initial_call=True,
    )(draw_rest)
    app.callback(
        Output("uncertainty-threshold", "value"),
        Output("uncertainty-threshold", "label"),
        Output("uncertainty-level", "data"),
        *READY,
        Input("uncertainty-measure", "value"),
        State("uncertainty-threshold", "value"),
        prevent_initial_call=True,
    )(level)
    app.callback(
        Output("uncertainty-crossing", "children"),
        *READY,
        State("uncertainty-measure", "value"),
        Input("uncertainty-threshold", "value"),
        Input("uncertainty-side", "value"),
        prevent_initial_call=True,
    )(draw_crossing)
    app.clientside_callback(
        ClientsideFunction("uncertainty", "address"),
        Output("uncertainty-usual", "data"),
        Input("uncertainty-measure", "value"),
        Input("uncertainty-members", "value", allow_optional=True),
        Input("uncertainty-seed", "value", allow_optional=True),
        Input("uncertainty-side", "value"),
        Input("uncertainty-threshold", "value"),
        Input("uncertainty-level", "data"),
        State("uncertainty-usual", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("uncertainty", "visit"),
        Output("uncertainty-visited", "data"),
        Input("uncertainty-scenario", "value"),
        Input("uncertainty-portfolio", "value", allow_optional=True),
        Input("uncertainty-stored", "value", allow_optional=True),
        prevent_initial_call=True,
    )


def watch(
    _ticks: int | None, members: Any, seed: Any, stored: Any, plan: str, visitor: str
) -> tuple[Any, bool, Any, Any]:
    """Look how far the runs are: progress, whether to stop asking, what is ready, what is said aloud."""
    asked = _asked(plan, {"members": members, "seed": seed if seed != "" else None, "stored": stored})
    if not re.fullmatch(r"[0-9a-f]{32}", str(visitor)):
        return no_update, True, no_update, no_update
    try:
        progress = all_jobs().look(asked, str(visitor))
    except InputError as error:
        progress = Progress("failed", str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is: a page that goes on asking waits for good
        _log.exception("The progress of an ensemble could not be told")
        progress = Progress("failed", UNEXPECTED.format(type(error).__name__))
    if progress.kind == "done":
        ready = {"members": str(asked.members), "seed": str(asked.seed), "stored": asked.stored}
        return [], True, ready, "The runs are done; the charts show them."
    if progress.kind == "failed":
        return html.P(progress.words, className="failed", role="alert"), True, no_update, ""
    said = "Running the model many times." if ctx.triggered_id != "uncertainty-tick" else no_update
    return progress_bar(progress), False, no_update, said


def progress_bar(progress: Progress) -> list[Any]:
    """Show what is being done and how many runs are done."""
    count = f": {progress.done:,} of {progress.total:,} runs" if progress.total else " …"
    bar = html.Progress(**aria(label="Runs that are done"))
    if progress.total:
        bar = html.Progress(
            value=str(progress.done), max=str(progress.total), **aria(label="Runs that are done")
        )
    return [html.P(f"{progress.words}{count}"), bar]


def draw_measure(ready: dict[str, str], plan: str, measure: str) -> tuple[Any, Any]:
    """Show where the runs lie, and which numbers matter most."""
    asked, answer = _answer(ready, plan, {"measure": measure})
    if answer is None:
        return shown.told(AGAIN), []
    each = BY_KEY[asked.measure]
    here = root()
    return shown.range_part(answer, each), shown.numbers_part(answer, each, asked.plan, here)


def draw_rest(ready: dict[str, str], plan: str) -> tuple[Any, Any]:
    """Show when the plan pays for itself, and what is drawn."""
    _, answer = _answer(ready, plan, {})
    return ([], []) if answer is None else (shown.money_part(answer), shown.about_part(answer))


def level(ready: dict[str, str], plan: str, measure: str, typed: Any) -> tuple[Any, str, Any]:
    """Give the box of the threshold its unit and, where nothing was typed for this measure, a number."""
    asked, answer = _answer(ready, plan, {"measure": measure, "threshold": typed})
    each = BY_KEY[asked.measure]
    label = threshold_label(each.title, unit_of(each))
    if answer is None:
        return no_update, label, no_update
    usual = usual_threshold(answer, each)
    another = ctx.triggered_id == "uncertainty-measure" or asked.threshold is None
    return (usual if another else no_update), label, usual


def draw_crossing(ready: dict[str, str], plan: str, measure: str, typed: Any, side: str) -> Any:
    """Show how many runs cross the threshold, and in how many the plan is better."""
    asked, answer = _answer(ready, plan, {"measure": measure, "threshold": typed, "side": side})
    if answer is None:
        return no_update
    return shown.crossing_part(answer, BY_KEY[asked.measure], asked.threshold, asked.side)


def _asked(plan: str, text: dict[str, Any]) -> Asked:
    """Check what came from the browser: it is text from the outside like an address."""
    return asked_of(read_view(str(plan or "")).plan, text)


def _answer(ready: Any, plan: str, text: dict[str, Any]) -> tuple[Asked, Answer | None]:
    """Return what is asked for, and its answer; None where it is not there (any more)."""
    runs = {key: ready.get(key) for key in RUNS} if isinstance(ready, dict) else {}
    asked = _asked(plan, text | runs)
    try:
        return asked, answer_of(asked) if runs else None
    except (OSError, InputError):
        return asked, None


PAGE = Page("/uncertainty", "Uncertainty", QUESTION, layout, register)

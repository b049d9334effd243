"""Tests of loops: each cut with the plan in place, and what that does beside what it should do."""

from __future__ import annotations

from sdcompile.names import snake_case
from sdcompile.read.model import Model

from dudley_sd.folders import models_folder
from dudley_sd.model_pages import LOOPS as FILE
from dudley_sd.model_pages import SizedLoop, Sizes, read_loops
from dudley_sd.validation.bench import PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import LOOPS, Outcome, stated

PREFIX, SUFFIX = "loop_", "_switch"
"""Keys of the switches of loops start and end so."""

LEAST = Sizes(beds_needed=0.003, vacancy=0.005, waiting_list=0.05, deaths=60)
"""Sizes so small that their half is no mark: what a link does is then held to these."""


def sizes(run: Runner, switch: str) -> Sizes:
    """Work out what cutting a loop does by 2033 with the portfolio in place."""
    live, cut = run(portfolio=PORTFOLIO), run(portfolio=PORTFOLIO, levers={switch: 0.0})
    return Sizes(
        beds_needed=round(at(cut, "beds_needed") / at(live, "beds_needed") - 1, 4),
        vacancy=round(at(cut, "overall_vacancy_rate") - at(live, "overall_vacancy_rate"), 4),
        waiting_list=round(at(cut, "elective_waiting_list") / at(live, "elective_waiting_list") - 1, 3),
        deaths=round(at(cut, "deaths_since_2018") - at(live, "deaths_since_2018")),
    )


def loop_outcomes(run: Runner, model: Model) -> list[Outcome]:
    """Cut each loop of ``models/loops.toml``; no switch of the model file may be forgotten there."""
    loops = [loop for loop in read_loops(models_folder() / FILE).loop if loop.switch]
    switches = {key for key in model.variables if key.startswith(PREFIX) and key.endswith(SUFFIX)}
    forgotten = sorted(switches - {snake_case(loop.switch) for loop in loops})
    return [
        *(_cut(run, loop) for loop in loops),
        stated(
            LOOPS,
            "loops_known",
            "Switches of loops in the model file",
            "each is cut here",
            f"not cut: {', '.join(forgotten).replace('_', ' ')}" if forgotten else f"all {len(switches)} are",
            not forgotten,
        ),
    ]


def _cut(run: Runner, loop: SizedLoop) -> Outcome:
    found, expected = sizes(run, loop.switch), loop.expected
    if expected is None:
        raise ValueError(f"{loop.name} has no expected sizes in models/loops.toml")
    return stated(
        LOOPS,
        loop.switch.replace(" ", "_").lower(),
        f"{loop.name} {loop.title}: cut, with the plan in place, by 2033",
        expected.text(),
        found.text(),
        within(found, expected),
        loop.note,
    )


def within(found: Sizes, expected: Sizes) -> bool:
    """Whether every size is within half of what is expected, or within `LEAST` of it."""
    pairs = [
        (getattr(found, name), getattr(expected, name), getattr(LEAST, name)) for name in Sizes.model_fields
    ]
    return all(abs(value - wanted) <= max(abs(wanted) / 2, least) for value, wanted, least in pairs)

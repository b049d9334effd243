"""Specification, Loops that must be live, and matter: each cut, its size beside the expected one."""

from __future__ import annotations

import pytest
from sdcompile.read.model import read_model

from dudley_sd.folders import MODEL_FILE, models_folder
from dudley_sd.model_pages import LOOPS, SizedLoop, Sizes, read_loops
from dudley_sd.validation import behaviour_loops
from dudley_sd.validation.bench import PORTFOLIO, Bench
from tests.verdicts import assert_all_pass

NAMED = [loop for loop in read_loops(models_folder() / LOOPS).loop if loop.switch]


def test_fourteen_loops_have_their_expected_size(bench: Bench) -> None:
    """Within half of what join.md has for each; none of the model's switches is forgotten."""
    model = read_model(models_folder() / MODEL_FILE)

    assert_all_pass(behaviour_loops.loop_outcomes(bench.run, model), 15)


@pytest.mark.parametrize("loop", NAMED, ids=lambda loop: loop.name)
def test_sizes_on_the_page_are_todays(bench: Bench, loop: SizedLoop) -> None:
    """models/loops.toml says what cutting each loop does; run again to renew it."""
    assert loop.found is not None
    found = behaviour_loops.sizes(bench.run, loop.switch)

    assert found.cells() == loop.found.cells()


def test_every_loop_is_live_unless_cut(bench: Bench) -> None:
    """A switch is 1 by default, and each moves something with the plan in place."""
    live = bench.run(portfolio=PORTFOLIO)
    for loop in NAMED:
        assert float(live[loop.switch.replace(" ", "_").lower()].min()) == 1
        cut = bench.run(portfolio=PORTFOLIO, levers={loop.switch: 0.0})
        assert float(abs(cut["beds_needed"] / live["beds_needed"] - 1).max()) > 1e-6, loop.name


def test_a_size_beyond_half_is_seen() -> None:
    expected = Sizes(beds_needed=0.04, vacancy=0.2, waiting_list=0.8, deaths=1000)

    assert behaviour_loops.within(expected.model_copy(update={"deaths": 600}), expected)
    assert not behaviour_loops.within(expected.model_copy(update={"deaths": 400}), expected)

"""Specification, Behaviour that must hold: every row that needs no more than single runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.expectations import read_targets
from dudley_sd.validation import behaviour, behaviour_search
from dudley_sd.validation.bench import Bench, Runner
from dudley_sd.validation.outcome import BEHAVIOUR, Outcome, judge
from tests.verdicts import assert_all_pass


@pytest.mark.parametrize("row", behaviour.ROWS, ids=lambda row: row.__name__)
def test_row(bench: Bench, row: Callable[[Runner], behaviour.Figures]) -> None:
    """Each figure is within what stands for it in inputs/validation/targets.csv."""
    outcomes = [
        judge(BEHAVIOUR, name, *(found if isinstance(found, behaviour.Found) else (found,)))
        for name, found in row(bench.run).items()
    ]
    assert_all_pass(outcomes, len(outcomes))


def test_order_of_the_futures(bench: Bench) -> None:
    """State Supreme needs fewest beds and has fewest deaths, Community Resilience most."""
    assert_all_pass(behaviour.order_outcomes(bench.run), 1)


def test_every_row_of_behaviour_has_a_test() -> None:
    """What targets.csv asks for under behaviour is worked out here or in `test_search.py`."""
    targets = read_targets(inputs_folder() / "validation" / "targets.csv")
    asked = set(targets.loc[targets["row"].str.startswith("behaviour"), "id"])
    searched = {
        "lunch_random",
        "lunch_climbs",
        "no_evidence_activity_drawn",
        "no_evidence_cost_drawn",
        "draws_broken",
    }
    rows = {row.split()[1] for row in targets["row"] if row.startswith("behaviour")}

    assert rows == {str(number) for number in (*range(1, 11), 12, 13, 14, 15, 17, 18)}
    assert searched < asked
    assert callable(behaviour_search.search_outcomes)


def test_the_count_is_of_tests_of_behaviour_alone() -> None:
    one, other = (
        Outcome(test, test, "", "what", "found", "expected", "", verdict)
        for test, verdict in ((BEHAVIOUR, "passes"), ("Boundary", "fails"))
    )
    failing = Outcome("two", BEHAVIOUR, "", "what", "found", "expected", "", "fails")

    assert behaviour.counted([one, other, failing]) == "behaviour: 1 of 2"

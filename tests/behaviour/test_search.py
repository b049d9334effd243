"""Rows 10, 17 and 18 of behaviour: samples of the searches, whose whole is under benchmarks/."""

from __future__ import annotations

from dudley_sd.validation import behaviour_search, free_lunch
from dudley_sd.validation.bench import Bench
from tests.verdicts import assert_all_pass

SEED = 11


def test_no_free_lunch_in_a_sample(bench: Bench) -> None:
    """200 random decision settings and 5 climbs of 10 steps."""
    lunch = free_lunch.Search(bench, SEED).lunch(200, 5, 10)

    assert_all_pass(free_lunch.lunch_outcomes(lunch), 2)
    assert set(lunch.care) == set(free_lunch.CARE)
    assert set(lunch.without) == set(free_lunch.GROUPS)


def test_evidence_none_in_draws(bench: Bench) -> None:
    """100 draws of all uncertain numbers: activity stays within 3%, cost is at least that of do nothing."""
    assert_all_pass(behaviour_search.no_evidence_outcomes(bench, 100, SEED), 2)


def test_draws_of_all_settings_break_no_rule(bench: Bench) -> None:
    """160 draws within limits: finite, nothing negative, every invariant; each future and contract twice."""
    drawn = behaviour_search.draw_all(bench, 160, SEED)

    assert drawn.broken == ()
    assert drawn.count == 160

"""Does an outcome say what was found, and does a failure reach the exit code?"""

from __future__ import annotations

import pytest

from dudley_sd.validation.outcome import (
    DOCUMENTED,
    EXTREMES,
    FAILS,
    PASSES,
    PUBLISHED,
    REPORTED,
    Outcome,
    as_table,
    counts,
    exit_code,
    figure_text,
    judge,
    stated,
    verdict_of,
    worst,
)


def outcome(verdict: str, name: str = "one") -> Outcome:
    return Outcome(name, EXTREMES, "", "what", "found", "expected", "none", verdict)


def test_a_known_reason_excuses_a_failure_but_does_not_hide_a_pass():
    assert verdict_of(True, "a reason") == PASSES
    assert verdict_of(False, "a reason") == DOCUMENTED
    assert verdict_of(False) == FAILS


def test_only_what_fails_without_a_reason_fails_the_command():
    assert exit_code([outcome(PASSES), outcome(DOCUMENTED), outcome(REPORTED)]) == 0
    assert exit_code([outcome(PASSES), outcome(FAILS)]) == 1


def test_the_worst_verdict_is_that_of_the_whole():
    assert worst([outcome(PASSES), outcome(DOCUMENTED)]) == DOCUMENTED
    assert worst([outcome(DOCUMENTED), outcome(FAILS)]) == FAILS
    assert worst([outcome(REPORTED)]) == REPORTED


def test_counts_and_table_hold_every_finding():
    found = [outcome(PASSES), outcome(FAILS, "two"), outcome(PASSES, "three")]

    assert counts(found) == {PASSES: 2, DOCUMENTED: 0, FAILS: 1, REPORTED: 0}
    assert list(as_table(found)["id"]) == ["one", "two", "three"]


def test_a_figure_is_judged_by_its_row():
    """168 GPs pass, 170 fail; both say what the specification asks for and who printed it."""
    right, wrong = judge(PUBLISHED, "gps_wte", 168.0), judge(PUBLISHED, "gps_wte", 170.0)

    assert (right.verdict, wrong.verdict) == (PASSES, FAILS)
    assert (right.found, right.expected) == ("168.0 WTE", "168")
    assert "The Strategy Unit, 2018" in right.source
    assert judge(PUBLISHED, "gps_wte", float("nan")).verdict == FAILS


def test_the_reason_is_told_only_where_it_is_needed():
    """People over 75 in 2023: documented beyond 5%, silent within."""
    assert "Covid-19" in judge(PUBLISHED, "back_75_last", 0.07).note
    assert "Covid-19" not in judge(PUBLISHED, "back_75_last", 0.01).note


def test_a_claim_that_does_not_hold_fails():
    assert stated(EXTREMES, "a", "what", "expected", "found", True).verdict == PASSES
    assert stated(EXTREMES, "a", "what", "expected", "found", False).verdict == FAILS
    known = stated(EXTREMES, "a", "what", "expected", "found", False, "note", "reason")
    assert (known.verdict, known.note) == (DOCUMENTED, "reason")


@pytest.mark.parametrize(
    ("value", "unit", "digits", "words"),
    [
        (0.0412, "change", 1, "+4.1%"),
        (-0.01283, "change", 2, "−1.28%"),
        (-0.00004, "change", 1, "0.0%"),
        (0.209, "share", 1, "20.9%"),
        (14_400.2, "people", 0, "14,400 people"),
        (1e-11, "people", 6, "nothing but rounding"),
        (0.0, "ratio", 9, "nothing"),
        (168.0, "WTE", 1, "168.0 WTE"),
    ],
)
def test_figures_are_shown_as_a_reader_writes_them(value: float, unit: str, digits: int, words: str):
    assert figure_text(value, unit, digits) == words

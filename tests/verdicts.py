"""What tests ask of the outcomes of a validation report."""

from __future__ import annotations

from collections.abc import Sequence

from dudley_sd.validation.outcome import Outcome
from dudley_sd.validation.report import Report


def assert_all_pass(outcomes: Sequence[Outcome], count: int) -> None:
    """Assert that there are so many outcomes and that each passes; say what those found that do not."""
    failing = [f"{each.what}: {each.found}, expected {each.expected}" for each in outcomes if not each.passes]
    assert failing == []
    assert len(outcomes) == count


def assert_passed(report: Report, *ids: str) -> None:
    """Assert that these outcomes are in a report and pass."""
    assert_all_pass([each for each in report.outcomes if each.id in ids], len(ids))

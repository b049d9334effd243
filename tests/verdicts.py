"""What tests ask of the findings of a validation report."""

from __future__ import annotations

from collections.abc import Sequence

from dudley_sd.validation.finding import Finding


def assert_all_pass(findings: Sequence[Finding], count: int) -> None:
    """Assert that there are so many findings and that each passes; say what those found that do not."""
    failing = [f"{each.what}: {each.found}, expected {each.expected}" for each in findings if not each.passes]
    assert failing == []
    assert len(findings) == count

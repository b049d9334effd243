"""Is the model finite, ordered and sensible when pushed to its limits?"""

from __future__ import annotations

import pytest

from dudley_sd.results.invariants import BrokenInvariantError, check_invariants
from dudley_sd.validation import structure
from tests.verdicts import assert_all_pass


def test_every_extreme(report):
    """No GPs, no community staff, no funding, everything shifted, no effect, no births, staff in plenty."""
    assert_all_pass([each for each in report.outcomes if each.row == structure.ROW], 7)


def test_a_run_that_cannot_be_true_is_not_sensible(model_run):
    """An extreme passes only where every invariant holds; a share above 1 breaks one."""
    broken = model_run()
    broken["landed_share"] = broken["landed_share"] + 1

    with pytest.raises(BrokenInvariantError, match="landed_share"):
        check_invariants(broken)
    assert not structure.sound(broken)

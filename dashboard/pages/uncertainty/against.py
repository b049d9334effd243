"""What is a plan held against on this page, and how is it called?

Doing nothing is the plan's own future and outside world with nothing put in place. It is called the baseline
where that future is Official Future and nothing of the outside world was moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BASELINE, NOTHING = "baseline", "doing nothing"
LEGENDS = {
    BASELINE: "Baseline: Official Future, nothing put in place",
    NOTHING: "Doing nothing in this future",
}


def other(about: Mapping[str, Any]) -> str:
    """Short name of what the plan is held against, for tables and the ends of lines."""
    return str(about["against"])


def the_other(about: Mapping[str, Any]) -> str:
    """As it is called within a sentence: ``the baseline``, ``doing nothing``."""
    return "the baseline" if other(about) == BASELINE else NOTHING


def legend(about: Mapping[str, Any]) -> str:
    """As a legend calls it, in full."""
    return LEGENDS[other(about)]

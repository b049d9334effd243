"""What is a plan held against on this page, and how is it called?

Doing nothing is the plan's own future and outside world with nothing put in place. It is called the baseline
where that future is Official Future and nothing of the outside world was moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.pages.beside import BASELINE, BESIDE


def other(about: Mapping[str, Any]) -> str:
    """Short name of what the plan is held against, for tables and the ends of lines."""
    return str(about["against"])


def the_other(about: Mapping[str, Any]) -> str:
    """As it is called within a sentence: ``the baseline``, ``doing nothing``."""
    return f"the {BASELINE}" if other(about) == BASELINE else other(about)


def legend(about: Mapping[str, Any]) -> str:
    """As a legend calls it, in full."""
    return BESIDE[other(about)].name

"""What does one test of the model find, and what does that mean for the whole?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

PASSES = "passes"
DOCUMENTED = "fails, documented"
FAILS = "fails"
REPORTED = "reported"
VERDICTS = (PASSES, DOCUMENTED, FAILS, REPORTED)
"""``fails, documented``: the reason is known and told. ``reported``: there is no pass mark."""


@dataclass(frozen=True)
class Finding:
    """One figure of the model beside what it should be.

    Attributes
    ----------
    id
        Key, the same in every report.
    test
        Kind of test, one of `dudley_sd.validation.kinds.KINDS`.
    row
        Row of the specification's table of what the model must reproduce; empty where it has none.
    what
        What was looked at, in plain words.
    found, expected, tolerance
        As a reader sees them.
    verdict
        One of `VERDICTS`.
    note
        What to know of it; the reason where it fails and is documented.
    source
        Who printed the expected figure, and where.
    """

    id: str
    test: str
    row: str
    what: str
    found: str
    expected: str
    tolerance: str
    verdict: str
    note: str = ""
    source: str = ""

    @property
    def passes(self) -> bool:
        """Whether it is as expected; what has no pass mark is not."""
        return self.verdict == PASSES


def verdict_of(passes: bool, documented: str = "") -> str:
    """Return the verdict on a figure; a known reason excuses a failure but never hides a pass."""
    if passes:
        return PASSES
    return DOCUMENTED if documented else FAILS


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings have each verdict, in the order of `VERDICTS`."""
    found = Counter(finding.verdict for finding in findings)
    return {verdict: found[verdict] for verdict in VERDICTS}


def worst(findings: Sequence[Finding]) -> str:
    """Return the verdict of several findings together: that of the worst."""
    order = (FAILS, DOCUMENTED, PASSES, REPORTED)
    return next(verdict for verdict in order if any(finding.verdict == verdict for finding in findings))


def exit_code(findings: Iterable[Finding]) -> int:
    """0 where nothing fails but what is documented, else 1."""
    return int(any(finding.verdict == FAILS for finding in findings))


def as_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row for each finding, its attributes as columns."""
    return pd.DataFrame([asdict(finding) for finding in findings])

"""Outcomes of tests of the model: kinds of test, verdicts, and the targets that figures are judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.expectations import read_targets
from dudley_sd.inputs.parameters import SOURCES
from dudley_sd.inputs.tables import read_table

PUBLISHED = "Published numbers"
BEHAVIOUR = "Behaviour"
BACK_TEST = "Back-test"
BOUNDARY = "Boundary"
DIMENSIONS = "Dimensional consistency"
PARAMETERS = "Parameters"
EXTREMES = "Extreme conditions"
INTEGRATION = "Integration error"
LOOPS = "Behaviour anomaly"
FAMILY = "Family member"
SENSITIVITY = "Sensitivity"

KINDS = {
    PUBLISHED: "Does the model give the numbers that others printed and that its specification asks for?",
    BEHAVIOUR: "Does the system do what it must when it is pushed?",
    BACK_TEST: "How far was the projection under it from what ONS has estimated since?",
    BOUNDARY: "What does the model explain, what is it given, and what does it leave out?",
    DIMENSIONS: "Do units balance in every equation?",
    PARAMETERS: "How is each number known?",
    EXTREMES: "Does it stay finite, ordered and sensible when pushed to its limits?",
    INTEGRATION: "Does a shorter step change the answer?",
    LOOPS: "Does it go wrong as expected when a loop is cut?",
    FAMILY: "Does the same model make sense for other areas?",
    SENSITIVITY: "Which numbers decide the answers?",
}
"""Tests of the field (Forrester and Senge 1980; Barlas 1996; Sterman 2000, chapter 21), in reading order."""


PASSES = "passes"
DOCUMENTED = "fails, documented"
FAILS = "fails"
REPORTED = "reported"
VERDICTS = (PASSES, DOCUMENTED, FAILS, REPORTED)
"""``fails, documented``: the reason is known and told. ``reported``: there is no pass mark."""


@dataclass(frozen=True)
class Outcome:
    """One figure of the model beside what it should be.

    Attributes
    ----------
    id
        Key, the same in every report.
    test
        Kind of test, one of `dudley_sd.validation.outcome.KINDS`.
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


def reported(test: str, name: str, what: str, found: str, note: str) -> Outcome:
    """Return what a test found where there is no pass mark."""
    return Outcome(name, test, "", what, found, "", "", REPORTED, note)


def verdict_of(passes: bool, documented: str = "") -> str:
    """Return the verdict on a figure; a known reason excuses a failure but never hides a pass."""
    if passes:
        return PASSES
    return DOCUMENTED if documented else FAILS


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many outcomes have each verdict, in the order of `VERDICTS`."""
    found = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: found[verdict] for verdict in VERDICTS}


def worst(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict of several outcomes together: that of the worst."""
    order = (FAILS, DOCUMENTED, PASSES, REPORTED)
    return next(verdict for verdict in order if any(outcome.verdict == verdict for outcome in outcomes))


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 where nothing fails but what is documented, else 1."""
    return int(any(outcome.verdict == FAILS for outcome in outcomes))


def as_table(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """One row for each outcome, its attributes as columns."""
    return pd.DataFrame([asdict(outcome) for outcome in outcomes])


def stated(
    test: str,
    name: str,
    what: str,
    expected: str,
    found: str,
    holds: bool,
    note: str = "",
    documented: str = "",
) -> Outcome:
    """Return the outcome for a statement; ``documented`` is why it fails, if it is known to."""
    note = note if holds or not documented else documented
    return Outcome(name, test, "", what, found, expected, "", verdict_of(holds, documented), note)


ROUNDING_DIGITS = 6
"""A figure that is asked for to so many digits is there to show that it is nothing."""


def judge(test: str, name: str, value: float, note: str = "") -> Outcome:
    """Return the outcome for a figure that has a row in ``inputs/validation/targets.csv``.

    Parameters
    ----------
    test
        Kind of test.
    name
        Id of the row.
    value
        What the model gives; not a number fails.
    note
        What to add to the note of the row.
    """
    row = _targets(inputs_folder())[name]
    passes = bool(row["low"] <= value <= row["high"])
    documented = str(row["documented"])
    notes = [str(row["note"]), note, "" if passes else documented]
    return Outcome(
        id=name,
        test=test,
        row=str(row["row"]),
        what=str(row["what"]),
        found=figure_text(value, str(row["unit"]), int(row["digits"])),
        expected=str(row["expected"]),
        tolerance=str(row["tolerance"]),
        verdict=verdict_of(passes, documented),
        note=". ".join(part.rstrip(".") for part in notes if part),
        source=f"{source_title(str(row['source']))}: {row['locator']}",
    )


def figure_text(value: float, unit: str, digits: int) -> str:
    """Write a figure as a reader sees it: ``+4.1%``, ``14,400 people``, ``nothing but rounding``."""
    if unit == "millions":
        return f"£{value:+,.{digits}f}m".replace("£+", "+£").replace("£-", "−£")
    if unit in ("change", "share"):
        text = f"{100 * value:{'+' if unit == 'change' else ''},.{digits}f}%"
    elif digits >= ROUNDING_DIGITS and abs(value) < 10**-digits:
        return "nothing but rounding" if value else "nothing"
    else:
        text = f"{value:,.{digits}f}"
    words = {"people": " people", "WTE": " WTE", "years": " years"}.get(unit, "")
    return unsigned_nothing(text).replace("-", "−") + words


def unsigned_nothing(text: str) -> str:
    """Take the sign from a figure that rounds to nothing: ``0.0%`` for ``-0.0%``."""
    return text.lstrip("+-") if not text.strip("+-0.,%") else text


def source_title(name: str) -> str:
    """Title, publisher and year of a publication, by its id."""
    row = _sources(inputs_folder())[name]
    year = f", {row['year']}" if row["year"] != "-" else ""
    return f"{row['title']}. {row['publisher']}{year}"


@lru_cache(maxsize=4)
def _targets(inputs: Path) -> dict[str, pd.Series]:
    table = read_targets(inputs / "validation" / "targets.csv").set_index("id")
    return {str(name): row for name, row in table.iterrows()}


@lru_cache(maxsize=4)
def _sources(inputs: Path) -> dict[str, pd.Series]:
    table = read_table(inputs / "sources.csv", SOURCES).set_index("id")
    return {str(name): row for name, row in table.iterrows()}

"""How is a statement that is true or false, rather than a figure, made into a finding?"""

from __future__ import annotations

from dataclasses import dataclass

from dudley_sd.validation.finding import Finding, verdict_of


@dataclass(frozen=True)
class Claim:
    """A statement about the model.

    Attributes
    ----------
    id, what, expected
        Key, what was done to the model, and what should come of it.
    found
        What came of it, with its figures.
    holds
        Whether that is what should come of it.
    note
        What to know of it.
    documented
        Why it fails, where it is known to.
    """

    id: str
    what: str
    expected: str
    found: str
    holds: bool
    note: str = ""
    documented: str = ""


def settle(test: str, claim: Claim, row: str = "", source: str = "") -> Finding:
    """Return the finding for a claim."""
    note = claim.note if claim.holds or not claim.documented else claim.documented
    return Finding(
        id=claim.id,
        test=test,
        row=row,
        what=claim.what,
        found=claim.found,
        expected=claim.expected,
        tolerance="",
        verdict=verdict_of(claim.holds, claim.documented),
        note=note,
        source=source,
    )

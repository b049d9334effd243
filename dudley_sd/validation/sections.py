"""How is a section of the validation page put together?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from dudley_sd.validation.finding import Finding


def section(kicker: str, says: str, body: str, note: str = "", key: str = "") -> str:
    """Return a section: its kind, what it says as a heading, its body and what to know of it."""
    key = key or kind_key(kicker)
    tail = f'<p class="note">{escape(note)}</p>' if note else ""
    return (
        f'<section aria-labelledby="{key}"><p class="kicker">{escape(kicker)}</p>'
        f'<h2 id="{key}">{escape(says)}</h2>{body}{tail}</section>'
    )


def kind_key(kind: str) -> str:
    """Return the anchor of a kind of test."""
    return re.sub(r"\W+", "-", kind.lower()).strip("-")


def of_kind(findings: Sequence[Finding], kind: str) -> list[Finding]:
    """Return the findings of one kind of test."""
    return [finding for finding in findings if finding.test == kind]


def by_id(findings: Sequence[Finding], name: str) -> Finding:
    """Return the finding with an id."""
    return next(finding for finding in findings if finding.id == name)


def chart(element: str, caption: str) -> str:
    """Return a chart with its caption."""
    return f"<figure>{element}<figcaption>{escape(caption)}</figcaption></figure>"


def folded(summary: str, body: str) -> str:
    """Return what is there for those who ask."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def plain(text: str) -> str:
    """Return a paragraph."""
    return f'<p class="plain">{escape(text)}</p>'

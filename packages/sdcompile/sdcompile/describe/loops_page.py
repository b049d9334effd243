"""Page of loops: each drawn with its signs, and the feedback that no named loop accounts for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from sdcompile.describe.catalogue import MEMORY, Catalogue
from sdcompile.describe.links import shortest
from sdcompile.describe.loops import Finding, Step, Way
from sdcompile.describe.markdown import anchor, link, mermaid, number, table
from sdcompile.describe.pictures import STYLES
from sdcompile.describe.signs import Sign, Signs, Spot, product
from sdcompile.names import plain

WIDE = 7
"""Variables that fit side by side; a longer loop is drawn downwards, so that GitHub does not shrink it."""

KIND_FOUND = {Sign.RISES: "reinforcing", Sign.FALLS: "balancing"}


def loops_page(
    catalogue: Catalogue, intro: str, findings: Sequence[Finding], signs: Signs, rounds: Sequence[Round]
) -> str:
    """Write the page.

    Parameters
    ----------
    catalogue
        The model.
    intro
        What to say first: how the page was made, and in which run signs were looked at.
    findings
        What is claimed of each loop and what was found.
    signs
        Signs of single links in the same run.
    rounds
        Ways round beside the named loops, from `sdcompile.describe.loops_page.main_rounds`.
    """
    parts = [
        "# Loops and chains",
        intro,
        summary(findings),
    ]
    for finding in findings:
        loop = finding.loop
        set_on_top = ", ".join(f"`{name}` = {number(value)}" for name, value in loop.levers.items())
        asleep = f"Its signs are those of the run with {set_on_top}." if loop.levers else ""
        parts += [f"## {loop.name}: {loop.title}", loop.note, asleep, _cut(catalogue, finding)]
        parts += [_way(catalogue, way, loop.kind == "chain") for way in finding.paths]
    parts.append(_rest(catalogue, signs, rounds))
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(findings: Sequence[Finding], page: str = "") -> str:
    """Write one row for each loop."""
    rows = []
    for finding in findings:
        loop = finding.loop
        known = {True: "yes", False: "no", None: "not determined" if loop.switch else "–"}
        cut = known[finding.pinned]
        name = f"[{loop.name}]({page}#{anchor(f'{loop.name}: {loop.title}')})"
        signs = "; ".join(" ".join(step.sign.value for step in way.steps) for way in finding.paths)
        rows.append((name, loop.title, loop.kind, signs, _finding_text(finding), loop.switch or "–", cut))
    head = ("name", "title", "called", "signs of its links", "found", "switch", "switch cuts it")
    return table(head, rows)


def _finding_text(finding: Finding) -> str:
    if finding.loop.kind == "chain":
        words = [
            {Sign.RISES: "raises", Sign.FALLS: "lowers"}.get(way.sign, "not determined")
            for way in finding.paths
        ]
    else:
        words = [KIND_FOUND.get(way.sign, "not determined") for way in finding.paths]
    return ", ".join(dict.fromkeys(words)) or "not linked"


def _cut(catalogue: Catalogue, finding: Finding) -> str:
    loop = finding.loop
    if finding.pinned is None:
        return ""
    known = {variable.name for variable in catalogue.model.variables.values()}
    both = (loop.switch, loop.closing)
    links = [link(name, "DICTIONARY.md") if name in known else name for name in both]
    does = "it no longer follows" if finding.pinned else "it still follows"
    return f"{links[0]} acts on {links[1]}: at 0, {does} what comes before it."


def _way(catalogue: Catalogue, way: Way, is_chain: bool) -> str:
    steps = way.steps
    spots = [steps[0].source, *(step.target for step in steps)]
    named = {steps[0].source, *_named(steps)}
    numbers = {spot: f"n{number}" for number, spot in enumerate(dict.fromkeys(spots))}
    lines = ["flowchart LR" if len(numbers) <= WIDE else "flowchart TD"]
    lines += [f"  {numbers[spot]}{_shape(catalogue, spot, spot in named)}" for spot in numbers]
    lines += [f'  {numbers[s.source]} -->|"{s.sign.value}"| {numbers[s.target]}' for s in steps]
    falling = [str(number) for number, step in enumerate(steps) if step.sign is Sign.FALLS]
    lines += [f"  linkStyle {','.join(falling)} stroke:#b00020"] if falling else []
    lines += [f"  {style}" for style in STYLES if style.split()[1] in ("stock", "lag", "plain", "port")]
    return f"{mermaid(lines)}\n\n{_way_text(way, is_chain)}"


def _named(steps: Sequence[Step]) -> set[Spot]:
    return {s.source for s in steps if s.source_named} | {s.target for s in steps if s.target_named}


def _shape(catalogue: Catalogue, spot: Spot, named: bool) -> str:
    kind = catalogue.model.variables[spot.key].kind
    style = "stock" if kind == "stock" else "lag" if kind in MEMORY else "plain" if named else "port"
    name = spot.name.replace('"', "'")
    return f'["{name}"]:::{style}' if kind == "stock" else f'("{name}"):::{style}'


def _way_text(way: Way, is_chain: bool) -> str:
    falls = sum(step.sign is Sign.FALLS for step in way.steps)
    count = f"{len(way.steps)} links, {falls} of them −"
    if way.sign not in KIND_FOUND:
        unclear = [step for step in way.steps if step.sign not in KIND_FOUND]
        weak = [f"{s.source.name} → {s.target.name} ({s.sign.value})" for s in unclear]
        return f"{count}. The sign of the whole is not determined: {', '.join(weak)}."
    if is_chain:
        verb = "raises" if way.sign is Sign.RISES else "lowers"
        back = "which leads back to the start by no link without a switch"
        return f"{count}: a rise at the start {verb} the end, {back}."
    return f"{count}: {KIND_FOUND[way.sign]}."


def _rest(catalogue: Catalogue, signs: Signs, rounds: Sequence[Round]) -> str:
    if not rounds:
        return ""
    parts = [
        "## Beside the named loops",
        "Ways round by way of more than one sector that stay when every named loop is cut: no switch "
        "reaches them. The shortest is shown, with the variable on it that most other ways share; that one "
        "is cut too, and so on until nothing goes round. Signs are those of all elements together.",
        "\n".join(_round(catalogue, signs, each) for each in rounds),
    ]
    return "\n\n".join(parts)


def _round(catalogue: Catalogue, signs: Signs, found: Round) -> str:
    variables = [catalogue.model.variables[key] for key in found.way]
    spots = [Spot(variable.name, plain(variable.name)) for variable in variables]
    answers = [signs.link(one, other) for one, other in zip(spots, [*spots[1:], spots[0]], strict=True)]
    words = [
        f"{link(v.name, 'DICTIONARY.md')} {sign.value}→" for v, sign in zip(variables, answers, strict=True)
    ]
    whole = KIND_FOUND.get(product(answers), "not determined")
    others = found.shared - 1
    through = catalogue.model.variables[found.through].name
    shared = f" ({others} more by way of {through})" if others else ""
    return f"- {whole}: {' '.join(words)} {variables[0].name}{shared}"


class Round(NamedTuple):
    """A way round, and the variable on it that most other ways pass through.

    Attributes
    ----------
    way
        Keys, without the start repeated.
    through
        Key of the variable.
    shared
        How many of the ways that were left pass through it, this one included.
    """

    way: list[str]
    through: str
    shared: int


def main_rounds(catalogue: Catalogue, closings: Collection[str]) -> list[Round]:
    """Few ways round that stand for all that `rounds_left` finds.

    The shortest is taken, the variable on it that most others share is cut, and so on until nothing is left.
    """
    found: list[Round] = []
    cut = set(closings)
    while rounds := rounds_left(catalogue, cut):
        passed = Counter(key for way in rounds for key in way)
        choice = [key for key in rounds[0] if catalogue.model.variables[key].kind != "stock"]
        through = max(choice or rounds[0], key=lambda key: passed[key])
        found.append(Round(rounds[0], through, passed[through]))
        cut.add(through)
    return found


def rounds_left(catalogue: Catalogue, closings: Collection[str]) -> list[list[str]]:
    """Ways round that pass through no closing link of a named loop.

    Parameters
    ----------
    catalogue
        The model.
    closings
        Keys of the variables that the named loops pass through.

    Returns
    -------
    list of list of str
        For each variable that feeds back on itself by way of more than one sector, the shortest way round, by
        key, without the start repeated; each way once. Subscripts are taken together, so a way may go
        round for no single element.
    """
    found: dict[frozenset[str], list[str]] = {}
    variables = catalogue.model.variables
    for group in _feeding_back(catalogue, closings):
        inside = {key: tuple(t for t in catalogue.onward.get(key, ()) if t in group) for key in group}
        for key in group:
            way = (shortest(inside, key, key) or [])[:-1]
            if len({variables[passed].group for passed in way}) > 1:
                found.setdefault(frozenset(way), way)
    return sorted(found.values(), key=len)


def _feeding_back(catalogue: Catalogue, closings: Collection[str]) -> list[list[str]]:
    """Find groups of variables each of which acts on every other of its group, directly or not."""
    keys = [key for key in catalogue.model.variables if key not in closings]
    place = {key: number for number, key in enumerate(keys)}
    pairs = [
        (place[source], place[target])
        for target in keys
        for source in catalogue.links[target]
        if source in place and source != target
    ]
    if not pairs:
        return []
    sources, targets = np.array(pairs).T
    matrix = csr_matrix((np.ones(len(pairs)), (sources, targets)), shape=(len(keys), len(keys)))
    count, label = connected_components(matrix, directed=True, connection="strong")
    groups = [[keys[number] for number in np.flatnonzero(label == one)] for one in range(count)]
    return [group for group in groups if len(group) > 1]

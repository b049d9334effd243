"""The page of loops: each drawn with the signs that were worked out, and what was found of it."""

from __future__ import annotations

from collections.abc import Sequence

from sdcompile.names import plain

from dudley_sd.describe.catalogue import MEMORY, Catalogue
from dudley_sd.describe.loops import Finding, Step, Way
from dudley_sd.describe.loops_file import Loops
from dudley_sd.describe.markdown import MADE, anchor, link, mermaid, number, table
from dudley_sd.describe.pictures import STYLES
from dudley_sd.describe.rest import Round
from dudley_sd.describe.signs import Sign, Signs, Spot, product

WIDE = 7
"""Variables that fit side by side; a longer loop is drawn downwards, so that GitHub does not shrink it."""

HOW = (
    "Each link was looked at in the run {scenario} with portfolio {portfolio} and contract {contract}, at "
    "every mid-year: the first variable was raised and lowered by a thousandth, everything else held, and "
    "the equation of the second worked out again. **+** moves the same way, **−** the other way, **±** some "
    "elements or years one way and some the other, **0** no answer in this run. A loop whose signs multiply "
    "to + is reinforcing, to − balancing. Dashed are variables that the path in [`loops.toml`](loops.toml) "
    "leaves out and the model supplies; boxes are stocks, violet are lagged values."
)
KIND_FOUND = {Sign.RISES: "reinforcing", Sign.FALLS: "balancing"}


def loops_page(
    catalogue: Catalogue, loops: Loops, findings: Sequence[Finding], signs: Signs, rounds: Sequence[Round]
) -> str:
    """Write the page.

    Parameters
    ----------
    catalogue
        The model.
    loops, findings
        What is claimed and what was found, in the same order.
    signs
        Signs of single links in the same run.
    rounds
        Ways round beside the named loops, from `dudley_sd.describe.rest.main_rounds`.
    """
    how = HOW.format(scenario=loops.scenario, portfolio=loops.portfolio, contract=loops.contract)
    parts = [
        "# Loops and chains",
        f"{MADE} {how}",
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
        rows.append((name, loop.title, loop.kind, signs, _found(finding), loop.switch or "–", cut))
    head = ("name", "title", "called", "signs of its links", "found", "switch", "switch cuts it")
    return table(head, rows)


def _found(finding: Finding) -> str:
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
    return f"{mermaid(lines)}\n\n{_words(way, is_chain)}"


def _named(steps: Sequence[Step]) -> set[Spot]:
    return {s.source for s in steps if s.source_named} | {s.target for s in steps if s.target_named}


def _shape(catalogue: Catalogue, spot: Spot, named: bool) -> str:
    kind = catalogue.model.variables[spot.key].kind
    style = "stock" if kind == "stock" else "lag" if kind in MEMORY else "plain" if named else "port"
    name = spot.name.replace('"', "'")
    return f'["{name}"]:::{style}' if kind == "stock" else f'("{name}"):::{style}'


def _words(way: Way, is_chain: bool) -> str:
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

"""Stock-and-flow pictures in Mermaid: of each sector, of the links between sectors, and the page of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sdcompile.describe.catalogue import MEMORY, Catalogue
from sdcompile.describe.markdown import mermaid, table

UNDRAWN = ("constant", "external", "data", "table", "initial")
"""Kinds that no picture shows: numbers do not move, and series of the projection would crowd it."""

SMALL = 20
"""A sector with no more variables than this is drawn whole."""

LARGE = 40
"""In a sector with more than this only what connects it is drawn, and one port for each other sector."""

CLOUD = '(("☁"))'
"""Where things come from or go to beyond the model's boundary."""

STYLES = (
    "classDef stock fill:#dbe9f6,stroke:#1f4e79,stroke-width:2px,color:#000",
    "classDef flow fill:#fff4d6,stroke:#8a6d00,color:#000",
    "classDef lag fill:#e8e3f3,stroke:#5b4a8a,color:#000",
    "classDef plain fill:#ffffff,stroke:#888888,color:#000",
    "classDef port fill:#f3f3f3,stroke:#888888,stroke-dasharray:4 3,color:#444",
)


def drawn(catalogue: Catalogue) -> set[str]:
    """Keys of variables that a picture may show: those that change during a run and are computed."""
    variables = catalogue.model.variables
    return {key for key in catalogue.moving if key in variables and variables[key].kind not in UNDRAWN}


def key_variables(catalogue: Catalogue, group: str, named: Collection[str] = ()) -> set[str]:
    """Variables of a sector worth a place of their own; the others are drawn through.

    Parameters
    ----------
    catalogue
        The model.
    group
        The sector.
    named
        Keys to keep in any case, such as those that a loop names.

    Returns
    -------
    set of str
        All of a small sector; of others, stocks, flows, lags, what another sector uses, what nothing uses,
        and variables in which several links meet and part; of a large one, the last two only if named.
    """
    shown = drawn(catalogue)
    own = {variable.key for variable in catalogue.in_group(group)} & shown
    if len(own) <= SMALL:
        return own
    kept = {key for key in own if key in named or catalogue.is_flow(key)}
    kept |= {key for key in own if catalogue.model.variables[key].kind in MEMORY}
    large = len(own) > LARGE
    for key in own - kept:
        onward = [target for target in catalogue.onward.get(key, ()) if target in shown]
        before = [source for source in catalogue.links[key] if source in shown]
        leaves = any(target not in own for target in onward)
        if leaves or (not large and (not onward or (len(onward) > 1 and len(before) > 1))):
            kept.add(key)
    return kept


def sector_picture(
    catalogue: Catalogue, group: str, named: Collection[str] = (), unported: Collection[str] = ()
) -> str:
    """Draw a sector: stocks as boxes, flows as thick arrows, what comes from or goes to others as ports.

    Sectors in ``unported`` read much and change nothing here: no port leads to them.
    """
    kept = key_variables(catalogue, group, named)
    own = {variable.key for variable in catalogue.in_group(group)}
    lines = ["flowchart LR", *_nodes(catalogue, kept)]
    thick = _flow_arrows(catalogue, kept)
    thin, outside = _arrows(catalogue, kept, own)
    lines += [f"  {_port(catalogue, stock)}" for stock in _stocks_elsewhere(thick, catalogue, own)]
    lines += [f"  {one} ==> {other}" for one, other in thick]
    lines += [f"  {one} --> {other}" for one, other in thin if (one, other) not in thick]
    outside = {
        port: names for port, names in outside.items() if port[:2] not in {(g, "to") for g in unported}
    }
    lines += _ports(catalogue, outside, len(own & drawn(catalogue)) > LARGE)
    return mermaid([*lines, *(f"  {style}" for style in STYLES)])


def sector_arrows(catalogue: Catalogue, group: str, kept: Collection[str]) -> dict[tuple[str, str], bool]:
    """Arrows between variables of a sector: whether people, staff or money move along each.

    Parameters
    ----------
    catalogue
        The model.
    group
        The sector.
    kept
        Keys of its variables that are drawn, from `key_variables`; others are drawn through.
    """
    own = {variable.key for variable in catalogue.in_group(group)}
    thick = [pair for pair in _flow_arrows(catalogue, kept) if set(pair) <= set(kept)]
    thin, _ = _arrows(catalogue, set(kept), own)
    return dict.fromkeys(thin, False) | dict.fromkeys(thick, True)


def _nodes(catalogue: Catalogue, kept: Iterable[str]) -> list[str]:
    return [f"  {_node(catalogue, key)}" for key in catalogue.model.variables if key in set(kept)]


def _node(catalogue: Catalogue, key: str) -> str:
    variable = catalogue.model.variables[key]
    name = variable.name.replace('"', "'")
    if variable.kind == "stock":
        return f'{key}["{name}"]:::stock'
    if catalogue.is_flow(key):
        return f'{key}{{{{"{name}"}}}}:::flow'
    return f'{key}("{name}"):::{"lag" if variable.kind in MEMORY else "plain"}'


def _flow_arrows(catalogue: Catalogue, kept: Collection[str]) -> list[tuple[str, str]]:
    """Arrows along which things move: from cloud, stock or flow through a flow to stock, flow or cloud."""
    arrows = []
    for key in (key for key in catalogue.model.variables if key in kept and catalogue.is_flow(key)):
        fills, drains = catalogue.fills(key), catalogue.drains(key)
        onward = [flow for flow in catalogue.passed_on.get(key, ()) if flow in kept]
        arrows += [(key, stock) for stock in fills]
        arrows += [(stock, key) for stock in drains if stock not in fills]
        arrows += [(key, flow) for flow in onward]
        if not drains:
            arrows.append((f"from_{key}{CLOUD}", key))
        if not fills and not onward:
            arrows.append((key, f"to_{key}{CLOUD}"))
    return arrows


def _arrows(
    catalogue: Catalogue, kept: set[str], own: set[str]
) -> tuple[list[tuple[str, str]], dict[tuple[str, str, str], set[str]]]:
    """Find links between key variables, and ports: (sector, direction, own end) with what they carry."""
    visible = drawn(catalogue)
    stocks = {key for key in kept if catalogue.model.variables[key].kind == "stock"}
    thin: dict[tuple[str, str], None] = {}
    ports: dict[tuple[str, str, str], set[str]] = {}
    for target in (key for key in catalogue.model.variables if key in kept):
        if target in stocks:
            continue
        for source in _sources(catalogue, target, kept, own, visible):
            if source in own:
                thin[source, target] = None
            else:
                other = catalogue.model.variables[source].group
                ports.setdefault((other, "from", target), set()).add(source)
        for used in catalogue.onward.get(target, ()):
            if used in visible and used not in own:
                ports.setdefault((catalogue.model.variables[used].group, "to", target), set()).add(used)
    return list(thin), ports


def _sources(
    catalogue: Catalogue, target: str, kept: set[str], own: set[str], visible: set[str]
) -> list[str]:
    """Key variables and variables of other sectors that act on a variable, through what is not drawn."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [key for key in catalogue.links[target] if key in visible]
    while waiting:
        here = waiting.pop(0)
        if here in seen or here == target:
            continue
        seen.add(here)
        if here in kept or here not in own:
            found[here] = None
        else:
            waiting += [key for key in catalogue.links[here] if key in visible]
    return list(found)


def _ports(catalogue: Catalogue, ports: dict[tuple[str, str, str], set[str]], together: bool) -> list[str]:
    """Draw a port for each variable from another sector, or all together; one for each sector served."""
    lines, declared = [], set()
    for (group, direction, own), others in ports.items():
        if direction == "to" or together:
            port = f"{direction}_{_id(group)}"
            if port not in declared:
                lines.append(f'  {port}(["{direction} {group}"]):::port')
                declared.add(port)
            lines.append(f"  {own} -.-> {port}" if direction == "to" else f"  {port} -.-> {own}")
            continue
        for other in sorted(others):
            if other not in declared:
                lines.append(f"  {_port(catalogue, other)}")
                declared.add(other)
            lines.append(f"  {other} -.-> {own}")
    return lines


def _stocks_elsewhere(
    thick: Iterable[tuple[str, str]], catalogue: Catalogue, own: Collection[str]
) -> list[str]:
    """Stocks of other sectors that this sector's flows fill or drain."""
    ends = dict.fromkeys(end for pair in thick for end in pair)
    return [key for key in ends if key in catalogue.model.variables and key not in own]


def _port(catalogue: Catalogue, key: str) -> str:
    variable = catalogue.model.variables[key]
    name = variable.name.replace('"', "'")
    way = "in" if variable.kind == "stock" else "from"
    return f'{key}(["{name}<br>{way} {variable.group}"]):::port'


def sector_links(catalogue: Catalogue) -> Counter[tuple[str, str]]:
    """Count links from one sector to another: pairs of variables of which one acts on the other."""
    shown = drawn(catalogue)
    group = {key: catalogue.model.variables[key].group for key in shown}
    return Counter(
        (group[source], group[target])
        for target in catalogue.model.variables
        for source in catalogue.links.get(target, ())
        if target in shown and source in shown and group[source] != group[target]
    )


def overview_picture(catalogue: Catalogue, apart: Collection[str] = ()) -> str:
    """Draw the sectors with the number of links between them; sectors in ``apart`` are left out."""
    counted = sector_links(catalogue)
    groups = [g for g in catalogue.model.groups if g not in apart and any(g in pair for pair in counted)]
    lines = ["flowchart LR"]
    for group in groups:
        stocks = [v.name for v in catalogue.in_group(group) if v.kind == "stock"]
        inside = f"{group}<br><small>{', '.join(stocks)}</small>" if stocks else group
        lines.append(f'  {_id(group)}["{inside}"]:::{"stock" if stocks else "plain"}')
    lines += [
        f"  {_id(one)} -->|{count}| {_id(other)}"
        for (one, other), count in counted.items()
        if one in groups and other in groups
    ]
    return mermaid([*lines, *(f"  {style}" for style in STYLES)])


def _id(group: str) -> str:
    return "sector_" + "".join(c if c.isalnum() else "_" for c in group.lower())


LEGEND = (
    "Boxes are stocks, hexagons flows, ☁ the world beyond the model; thick arrows move people, staff or "
    "money, thin arrows carry influence. Violet are lagged values, dashed what other sectors give or take. "
    "Subscripts are drawn as one; constants, levers, tables and the projection's own series are left out. In "
    "sectors with many variables those that only pass something on are drawn through. Sectors that only "
    "report are not drawn. Every variable is in "
    "[DICTIONARY.md](DICTIONARY.md)."
)


def sectors_page(
    catalogue: Catalogue, named: Collection[str] = (), readers: Collection[str] = (), made: str = ""
) -> str:
    """Write the page.

    Parameters
    ----------
    catalogue
        The model.
    named
        Keys of variables that pictures show in any case, such as those on a loop.
    readers
        Sectors that report: nearly every sector leads to them, so pictures leave those arrows out.
    made
        What the page says of how it was made.
    """
    names = " and ".join(readers)
    left_out = (
        f" {names} read from nearly all sectors and are left out here; the table has them." if names else ""
    )
    parts = [
        "# Sectors",
        f"{made} {LEGEND}".strip(),
        "## Overview",
        "The number on an arrow counts the links: pairs of variables of which one acts on the other."
        + left_out,
        overview_picture(catalogue, readers),
        _matrix(catalogue),
    ]
    for group in catalogue.model.groups:
        kept = key_variables(catalogue, group, named)
        if kept and group not in readers:
            hidden = _hidden(catalogue, group, kept)
            picture = sector_picture(catalogue, group, named, readers)
            parts += [f"## {group}", _sentence(catalogue, group), picture]
            parts += [f"Drawn through: {hidden}."] if hidden else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _matrix(catalogue: Catalogue) -> str:
    counted = sector_links(catalogue)
    groups = [group for group in catalogue.model.groups if any(group in pair for pair in counted)]
    rows = [
        [f"**{source}**", *(str(counted[source, target] or "") for target in groups)] for source in groups
    ]
    return table(["from ↓ to →", *groups], rows)


def _sentence(catalogue: Catalogue, group: str) -> str:
    entries = catalogue.text.source.entries
    return next((e.sentence for e in entries if e.kind == "group" and e.name == group), "")


def _hidden(catalogue: Catalogue, group: str, kept: Collection[str]) -> str:
    shown = drawn(catalogue)
    return ", ".join(v.name for v in catalogue.in_group(group) if v.key in shown and v.key not in kept)

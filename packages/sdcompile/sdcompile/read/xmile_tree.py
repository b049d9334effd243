"""Tree of an XMILE file: only words that are understood pass; what PySD cannot read is written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdcompile.errors import Fault, InputError
from sdcompile.names import plain as plain_name
from sdcompile.read.entries import Entry
from sdcompile.read.precedence import unclear
from sdcompile.read.xmile_terms import (
    ATTRIBUTES,
    CHILDREN,
    LOOKS,
    NAMED,
    OF_THE_VENDOR,
    REMEDIES,
    SHOWN,
    TYPES,
)

_COMMENT = re.compile(r'("(?:\\"|[^"])*")|\{[^}]*\}')
_CONTROLS = {"initial_time": "start", "final_time": "stop", "time_step": "dt"}
_SUBSCRIPTED = re.compile(r'("(?:\\"|[^"])*"|\w[\w\'$]*)\s*\[([^\]]*)\]')
_MOD = re.compile(r'("(?:\\"|[^"])*")|\bmod\b', re.I)


@dataclass(frozen=True)
class Limited:
    """A stock that may not fall below nothing, by the plain names of it and of its flows, in order."""

    stock: str
    outflows: tuple[str, ...]
    inflows: tuple[str, ...]


@dataclass
class XmileTree:
    """An XMILE file as PySD is to read it.

    Attributes
    ----------
    root
        The tree, its equations in the words that PySD knows.
    limited
        The stocks whose outflows are limited.
    entries
        By the plain name of each variable, its name, line and equations.
    """

    root: Any
    limited: list[Limited]
    entries: dict[str, Entry]


@dataclass
class _Check:
    """What is found while a tree is gone through."""

    file: str
    namespace: str
    faults: list[Fault] = field(default_factory=list)
    dims: dict[str, list[str]] = field(default_factory=dict)
    sized: set[str] = field(default_factory=set)

    def refuse(self, node: Any, problem: str, remedy: str) -> None:
        owner = _owner(node)
        where = f"line {node.sourceline}, {owner}" if owner else f"line {node.sourceline}"
        self.faults.append(Fault(self.file, where, problem, remedy))

    def find(self, node: Any, path: str) -> list[Any]:
        found: list[Any] = node.findall("/".join(f"{{{self.namespace}}}{part}" for part in path.split("/")))
        return found


def read_xmile(path: Path) -> XmileTree:
    """Read an XMILE file and check every tag, attribute, graph and equation.

    Raises
    ------
    InputError
        Naming each that is not supported, with its variable and line.
    """
    root = _parsed(path)
    namespace = root.nsmap.get(None)
    if _word(root) != "xmile" or namespace is None:
        remedy = 'Start it with <xmile xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">'
        raise InputError([Fault(str(path), "line 1", "it is not an XMILE file with a namespace", remedy)])
    check = _Check(str(path), namespace)
    _walk(check, root)
    _check_run(check, root)
    _read_dimensions(check, root)
    variables = check.find(root, "model/variables")
    nodes = [node for group in variables for node in group if _is_ours(check, node) and _word(node) in NAMED]
    entries = _entries(check, nodes)
    for node in nodes:
        _check_variable(check, node)
        _check_control(check, root, node)
    for node in root.iter(f"{{{namespace}}}eqn", f"{{{namespace}}}inflow", f"{{{namespace}}}outflow"):
        _rewrite(check, node)
    if check.faults:
        raise InputError(check.faults)
    return XmileTree(root, _limited(check, root, nodes), entries)


def _parsed(path: Path) -> Any:
    """Read the tree; a file that is cut short is an error, not a shorter model."""
    from lxml import etree

    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    try:
        tree = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError) as error:
        line = getattr(error, "lineno", None) or 1
        fault = Fault(str(path), f"line {line}", f"it is not whole XML: {error}", "Save the model again")
        raise InputError([fault]) from error
    if tree.docinfo.internalDTD is not None:
        fault = Fault(str(path), "line 1", "it has a DOCTYPE", "Delete the DOCTYPE")
        raise InputError([fault])
    return tree.getroot()


def _walk(check: _Check, node: Any) -> None:
    """Refuse every tag and attribute that is not on the list."""
    word = _word(node)
    for attribute in node.attrib:
        _check_attribute(check, node, word, attribute)
    for child in node:
        name = _word(child)
        if name in LOOKS or (name in SHOWN and name in CHILDREN.get(word, ())):
            continue
        if not _is_ours(check, child) or name not in CHILDREN.get(word, ()):
            check.refuse(
                child, f"<{name}> in <{word}> is not supported", REMEDIES.get(name, f"Do without <{name}>")
            )
        else:
            _walk(check, child)


def _check_attribute(check: _Check, node: Any, word: str, attribute: str) -> None:
    name = attribute.rsplit("}", 1)[-1]
    value = node.attrib[attribute]
    foreign = attribute.startswith("{")
    if foreign and name == "save_interval":
        return  # looked at with the times of the run
    if foreign and name == "instantaneous_flows" and value.lower() == "false":
        return
    if name not in (OF_THE_VENDOR if foreign else ATTRIBUTES.get(word, ())):
        check.refuse(node, f'{name}="{value}" of <{word}> is not supported', f"Do without {name}")


def _check_run(check: _Check, root: Any) -> None:
    """Check what says how long the model runs, in which steps and by which method."""
    found = check.find(root, "sim_specs")
    if len(found) != 1:
        check.refuse(root, f"it has {len(found)} <sim_specs>", "Write one")
        return
    (specs,) = found
    method = specs.attrib.get("method", "Euler")
    if method.strip().lower() != "euler":
        problem = f"the integration method {method!r} is asked for; only Euler's is supported"
        check.refuse(specs, problem, 'Write method="Euler", with a dt short enough for it')
    for name in ("start", "stop", "dt"):
        nodes = check.find(specs, name)
        if len(nodes) != 1 or _number(nodes[0].text) is None:
            check.refuse(specs, f"<{name}> is not one number", f"Write <{name}>1</{name}> with your number")
    for attribute, value in specs.attrib.items():
        if attribute.endswith("}save_interval"):
            _check_interval(check, specs, value)
    if len(check.find(root, "model")) != 1:
        check.refuse(root, "it has several models or none", "Write one <model>; modules are not supported")


def _check_control(check: _Check, root: Any, node: Any) -> None:
    """Refuse a variable that says of the run other than <sim_specs> does: PySD leaves it out."""
    key = plain(node.attrib.get("name", ""))
    word = {**_CONTROLS, "saveper": "dt"}.get(key)
    specs = check.find(root, f"sim_specs/{word}") if word else []
    equations = [plain((equation.text or "").strip('" ')) for equation in check.find(node, "eqn")]
    if key == "saveper" and equations == ["time_step"]:
        return
    wanted = _number(specs[0].text) if specs else None
    if wanted and word == "dt" and specs[0].attrib.get("reciprocal", "false").lower() == "true":
        wanted = 1 / wanted
    if specs and [_number(equation) for equation in equations] != [wanted]:
        check.refuse(node, f"it is not the <{word}> of <sim_specs>", "Delete it, or write the same number")


def _check_interval(check: _Check, specs: Any, value: str) -> None:
    step = check.find(specs, "dt")
    length = _number(step[0].text) if step else None
    if length and step[0].attrib.get("reciprocal", "false").lower() == "true":
        length = 1 / length
    if _number(value) != length:
        check.refuse(specs, f'save_interval="{value}" is not the dt', "Delete it, and ask for save_every")


def _read_dimensions(check: _Check, root: Any) -> None:
    """Give dimensions that have only a size their elements: ``of size 1``, ``of size 2`` and so on."""
    seen: dict[str, int] = {}
    for dim in check.find(root, "dimensions/dim"):
        name = dim.attrib.get("name", "")
        if plain(name) in seen:
            problem = f"dimension {name} is defined twice, on lines {seen[plain(name)]} and {dim.sourceline}"
            check.refuse(dim, problem, "Keep one definition")
        seen[plain(name)] = dim.sourceline
        elements = check.find(dim, "elem")
        names = [plain(element.attrib.get("name", "")) for element in elements]
        size = dim.attrib.get("size", "")
        if len(set(names)) != len(names):
            check.refuse(dim, f"dimension {name} names one element twice", "Give each element its own name")
        elif not names and size.isdigit() and int(size) > 0:
            check.sized.add(plain(name))
            for place in range(1, int(size) + 1):
                elem = dim.makeelement(f"{{{check.namespace}}}elem", {"name": f"{name} {place}"})
                dim.append(elem)
        elif not names or (size and int(size or 0) != len(names) if size.isdigit() else bool(size)):
            problem = f"dimension {name} has {len(names)} elements and size {size!r}"
            check.refuse(dim, problem, "Name its elements, or give a size above zero")


def _entries(check: _Check, nodes: list[Any]) -> dict[str, Entry]:
    """Name, line and equations of each variable; two of one name are an error."""
    found: dict[str, Entry] = {}
    for node in nodes:
        name = node.attrib.get("name", "")
        key = plain(name)
        if not key:
            check.refuse(node, f"<{_word(node)}> has no name", "Give it a name")
        elif key in found:
            problem = f"it is defined twice, on lines {found[key].line} and {node.sourceline}"
            check.refuse(node, problem, "Keep one definition")
        else:
            texts = [(each.text or "").strip() for each in node.iter(f"{{{check.namespace}}}eqn")]
            name = name.replace("\\n", " ")
            found[key] = Entry("equation", node.sourceline, name, f"{name} = {'; '.join(texts)}")
        check.dims[key] = [dim.attrib.get("name", "") for dim in check.find(node, "dimensions/dim")]
    return found


def _check_variable(check: _Check, node: Any) -> None:
    """Check what a variable consists of: its equations, graph and switches."""
    word, equations = _word(node), check.find(node, "eqn")
    elements, dims = check.find(node, "element"), check.find(node, "dimensions/dim")
    graphs = [node] if word == "gf" else check.find(node, "gf")
    for graph in graphs:
        _check_graph(check, graph)
    for switch in check.find(node, "non_negative"):
        if (switch.text or "").strip().lower() not in ("", "true", "false"):
            check.refuse(switch, f"<non_negative> is {switch.text!r}", "Write true or false")
    if word == "gf":
        return
    flows = [(flow.text or "").strip() for kind in ("inflow", "outflow") for flow in check.find(node, kind)]
    if len(set(flows)) != len(flows):
        check.refuse(node, "it names one flow twice", "Name each flow once")
    if elements and equations:
        check.refuse(node, "it has <eqn> beside <element>", "Keep one of them")
    for holder in elements or [node]:
        inside = check.find(holder, "eqn")
        if not inside or not all((equation.text or "").strip() for equation in inside):
            check.refuse(holder, "it has no equation", "Write one in <eqn>")
    _check_number(check, node, graphs, equations, dims)


def _check_number(check: _Check, node: Any, graphs: list[Any], equations: list[Any], dims: list[Any]) -> None:
    """Check how many graphs and equations a variable has."""
    if len(graphs) > 1:
        check.refuse(node, "it has several graphs", "Keep one <gf>")
    if len(equations) > 1 and len(dims) != 1:
        check.refuse(node, f"it has {len(equations)} equations", "Keep one, or write each in an <element>")
    elif len(equations) > 1 and len(equations) != _size(check, dims[0]):
        problem = f"it has {len(equations)} equations for {_size(check, dims[0])} elements"
        check.refuse(node, problem, "Write one for each")


def _size(check: _Check, dim: Any) -> int:
    wanted = plain(dim.attrib.get("name", ""))
    for found in check.find(dim.getroottree().getroot(), "dimensions/dim"):
        if plain(found.attrib.get("name", "")) == wanted:
            return len(check.find(found, "elem"))
    return 0


def _check_graph(check: _Check, graph: Any) -> None:
    """Check the points of a graph: PySD stops reading at the first that is no number."""
    kind = graph.attrib.get("type", "continuous")
    if kind not in TYPES:
        check.refuse(graph, f"its graph is of type {kind!r}", f"Write {', '.join(sorted(TYPES))}")
    ys, xs, scale = (check.find(graph, name) for name in ("ypts", "xpts", "xscale"))
    heights = _points(check, ys[0]) if len(ys) == 1 else []
    if not heights:
        check.refuse(graph, "its graph has no heights", "Write <ypts>0,1</ypts> with your numbers")
    elif len(xs) == 1 and not scale and len(_points(check, xs[0])) != len(heights):
        check.refuse(graph, "its graph has not as many x as y", "Write one <xpts> for each of <ypts>")
    elif len(xs) == 1 and not scale and len(set(_points(check, xs[0]))) != len(heights):
        check.refuse(graph, "two points of its graph have the same x", "Give each point its own x")
    elif len(scale) == 1 and not xs:
        ends = [_number(scale[0].attrib.get(end)) for end in ("min", "max")]
        if None in ends or ends[0] >= ends[1]:  # type: ignore[operator]
            check.refuse(graph, "the x of its graph do not rise", 'Write <xscale min="0" max="1"/>')
    elif len(xs) + len(scale) != 1:
        check.refuse(graph, "its graph has no x, or two kinds", "Write <xscale> or <xpts>")


def _points(check: _Check, node: Any) -> list[float]:
    words = (node.text or "").strip().strip(node.attrib.get("sep", ",")).split(node.attrib.get("sep", ","))
    numbers = [_number(word) for word in words]
    for word, number in zip(words, numbers, strict=True):
        if number is None:
            check.refuse(node, f"a point of its graph is {word.strip()!r}, not a number", "Write a number")
    return [number for number in numbers if number is not None]


def _rewrite(check: _Check, node: Any) -> None:
    """Write an equation in the words that PySD knows: MOD, subscripts by number, ``*`` for all elements."""
    text = _COMMENT.sub(lambda found: found[1] or " ", node.text or "")
    text = " ".join(text.split())
    found = unclear(text, xmile=True)
    if found:
        check.refuse(node, *found)
    text = _MOD.sub(lambda found: found[1] or "mod", text)
    node.text = _SUBSCRIPTED.sub(lambda found: f"{found[1]}[{_subscripts(check, found[1], found[2])}]", text)


def _subscripts(check: _Check, name: str, inside: str) -> str:
    dims = check.dims.get(plain(name.strip('"')), [])
    parts = [part.strip() for part in inside.split(",")]
    if len(parts) != len(dims):
        return inside
    named = [dim.replace(" ", "_") for dim in dims]
    return ", ".join(
        f"{dim}!"
        if part == "*"
        else f"{dim}_{part}"
        if part.isdigit() and plain(dim) in check.sized
        else part
        for part, dim in zip(parts, named, strict=True)
    )


def _limited(check: _Check, root: Any, nodes: list[Any]) -> list[Limited]:
    """List the stocks that may not fall below nothing."""
    whole = check.find(root, "behavior/non_negative") + check.find(root, "behavior/stock/non_negative")
    always = any(_is_on(switch) for switch in whole)
    found: list[Limited] = []
    for stock in (node for node in nodes if _word(node) == "stock"):
        own = check.find(stock, "non_negative")
        if _is_on(own[0]) if own else always:
            flows = {
                kind: tuple(plain((flow.text or "").strip().strip('"')) for flow in check.find(stock, kind))
                for kind in ("outflow", "inflow")
            }
            found.append(Limited(plain(stock.attrib["name"]), flows["outflow"], flows["inflow"]))
    return found


def _is_on(switch: Any) -> bool:
    return (switch.text or "").strip().lower() != "false"


def plain(name: str) -> str:
    """Write a name the way equations refer to it."""
    return plain_name(name.replace("\\n", " ").replace("_", " "))


def _owner(node: Any) -> str:
    """Name the variable that a node belongs to."""
    for holder in _upwards(node):
        if _word(holder) in NAMED and "name" in holder.attrib:
            return str(holder.attrib["name"]).replace("\\n", " ")
    return ""


def _upwards(node: Any) -> Iterator[Any]:
    yield node
    yield from node.iterancestors()


def _is_ours(check: _Check, node: Any) -> bool:
    return isinstance(node.tag, str) and node.tag.startswith(f"{{{check.namespace}}}")


def _word(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if value - value == 0 else None

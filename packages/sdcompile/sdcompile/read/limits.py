"""XMILE's non-negative stocks: their outflows give no more than the stock holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdcompile.equations.refusal import RefusedError
from sdcompile.names import plain
from sdcompile.read.xmile_tree import Limited


@dataclass(frozen=True)
class Flows:
    """The flows of a non-negative stock, as PySD's references."""

    outflows: tuple[Any, ...]
    inflows: tuple[Any, ...]


def limit_outflows(elements: list[Any], limit: Limited) -> None:
    """Write the limits of one stock into the equations of its flows, in the order in which it names them.

    An outflow of a stock without inflows is the least of what its equation asks for and of what the outflows
    before it leave. A stock with inflows keeps its outflows (see ``stateful.py``).
    """
    named = {plain(element.name): element for element in elements}
    missing = [name for name in (*limit.outflows, *limit.inflows) if name not in named]
    if missing:
        raise RefusedError(f"there is no flow {missing[0]!r}", "Define it or correct its spelling")
    flows = Flows(
        tuple(_reference(name) for name in limit.outflows), tuple(_reference(name) for name in limit.inflows)
    )
    for component in named[limit.stock].components:
        component.ast.non_negative = flows
    if not limit.inflows:
        _limit(named, limit)


def _limit(named: dict[str, Any], limit: Limited) -> None:
    """Write the limit of each outflow: the stock over the step, less what goes before."""
    from pysd.translators.structures.abstract_expressions import ArithmeticStructure

    left: Any = ArithmeticStructure(["/"], (_reference(limit.stock), _reference("time_step")))
    for name in limit.outflows:
        for component in named[name].components:
            component.ast = _call("min", component.ast, _call("max", left, 0))
        left = ArithmeticStructure(["-"], (left, _call("max", _reference(name), 0)))


def _reference(name: str) -> Any:
    from pysd.translators.structures.abstract_expressions import ReferenceStructure

    return ReferenceStructure(name)


def _call(name: str, *arguments: Any) -> Any:
    from pysd.translators.structures.abstract_expressions import CallStructure

    return CallStructure(_reference(name), tuple(arguments))

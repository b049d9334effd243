"""XMILE's non-negative stocks: their outflows give no more than the stock holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sdcompile.equations.refusal import RefusedError
from sdcompile.functions.stateful import Flows
from sdcompile.read.parse import Definition, with_tree
from sdcompile.read.xmile_tree import Limited


def limit_outflows(elements: dict[str, list[Definition]], limit: Limited) -> None:
    """Write the limits of one stock into the equations of its flows, in the order in which it names them.

    An outflow of a stock without inflows is the least of what its equation asks for and of what the outflows
    before it leave. A stock with inflows keeps its outflows (see ``stateful.py``).
    """
    missing = [name for name in (*limit.outflows, *limit.inflows) if name not in elements]
    if missing:
        raise RefusedError(f"there is no flow {missing[0]!r}", "Define it or correct its spelling")
    flows = Flows(tuple(map(_reference, limit.outflows)), tuple(map(_reference, limit.inflows)))
    elements[limit.stock] = [
        with_tree(stock, replace(stock.tree, non_negative=flows)) for stock in elements[limit.stock]
    ]
    if limit.inflows:
        return
    from pysd.translators.structures.abstract_expressions import ArithmeticStructure

    left: Any = ArithmeticStructure(["/"], (_reference(limit.stock), _reference("time_step")))
    for name in limit.outflows:
        elements[name] = [
            with_tree(flow, _call("min", flow.tree, _call("max", left, 0))) for flow in elements[name]
        ]
        left = ArithmeticStructure(["-"], (left, _call("max", _reference(name), 0)))


def _reference(name: str) -> Any:
    from pysd.translators.structures.abstract_expressions import ReferenceStructure

    return ReferenceStructure(name)


def _call(name: str, *arguments: Any) -> Any:
    from pysd.translators.structures.abstract_expressions import CallStructure

    return CallStructure(_reference(name), tuple(arguments))

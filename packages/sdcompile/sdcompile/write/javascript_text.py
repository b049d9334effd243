"""Loop program as an ES module for the browser: ``run(levers)`` gives every saved series."""

from __future__ import annotations

import json

import numpy as np

from sdcompile.equations.graph import saved_steps
from sdcompile.functions.registry import OPERATIONS
from sdcompile.plan.data import Data, lever_places, own_defaults
from sdcompile.plan.program import Phase, Program
from sdcompile.write.javascript_driver import driver, outputs_text, row_text, watch_text
from sdcompile.write.loops import COMPARE, INFIX, Code, LoopWriter

PRELUDE = """
const small = 1e-6;
const missing = -(2 ** 109);
const square = a => a * a;
// Math.pow takes three times as long; its own are whole exponents, which are exact, and what is not ordinary.
const power = (a, b) => a > 1e-9 && a < 1e9 && b > -8 && b < 8 && b !== Math.trunc(b)
  ? Math.exp(b * Math.log(a)) : Math.pow(a, b);
const quantum = (a, b) => b < small ? a : b * Math.trunc(a / b);
const modulo = (a, b) => a - quantum(a, b);
const xidz = (a, b, x) => Math.abs(b) < small ? x : a / b;
const remainder = (a, b) => { const r = a % b; return r !== 0 && (r < 0) !== (b < 0) ? r + b : r; };
function lookup(first, n, method, at) {
  if (at !== at) return at;
  const y = first + n, slope = y + n, last = n - 1;
  if (at < data[first]) {
    if (method === 4) return missing;
    return method === 1 && n > 1 ? data[y] + data[slope] * (at - data[first]) : data[y];
  }
  if (at >= data[first + last]) {
    const beyond = at - data[first + last];
    if (method === 4 && beyond > 0) return missing;
    const line = method === 1 && n > 1 && beyond > 0;
    return line ? data[y + last] + data[slope + last - 1] * beyond : data[y + last];
  }
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (data[first + middle] <= at) low = middle; else high = middle;
  }
  if (method === 2) return data[y + low];
  const exact = at === data[first + low];
  if (method === 3) return exact ? data[y + low] : data[y + low + 1];
  if (method === 4) return exact ? data[y + low] : missing;
  return data[slope + low] * (at - data[first + low]) + data[y + low];
}
"""

_MATH = {each.name: each.javascript for each in OPERATIONS.values()} | {"square": "square"}
_JOIN = {"and": "&&", "or": "||"}


CHUNK = 20
"""Equations to a function: what is longer than some 60 kB of bytecode V8 never compiles."""


class JavascriptWriter(LoopWriter):
    """Loops in JavaScript: one run, one number at a time."""

    nan, infinity = "NaN", "Infinity"

    def _loop(self, name: str, size: int) -> str:
        return f"for (let {name} = 0; {name} < {size}; {name}++) {{"

    def _declare(self, name: str, value: str, varying: bool) -> str:  # noqa: ARG002 - one run has no lanes
        return f"let {name} = {value};"

    def _keep(self, name: str, code: Code) -> str:
        return f"const {name} = {code.text};"

    def _row(self, name: str, totals: list[Code]) -> str:
        return " ".join(f"{name}[{place}] = {total.text};" for place, total in enumerate(totals))

    def _spread(self, text: str) -> str:
        return text

    def _number_of(self, code: Code) -> str:
        return f"(({code.text}) ? 1.0 : 0.0)"

    def _operation(self, name: str, arguments: list[Code]) -> str:
        texts = [argument.text for argument in arguments]
        if name == "negative":
            return f"(-{texts[0]})"
        if name == "select":
            return f"({texts[0]} ? {texts[1]} : {texts[2]})"
        if name in INFIX:
            return f"({texts[0]} {INFIX[name]} {texts[1]})"
        return f"{_MATH[name]}({', '.join(texts)})"

    def _condition(self, name: str, arguments: list[Code]) -> str:
        texts = [argument.text for argument in arguments]
        if name == "not":
            return f"(!{texts[0]})"
        if name in COMPARE:
            return f"({texts[0]} {COMPARE[name]} {texts[1]})"
        return f"({texts[0]} {_JOIN[name]} {texts[1]})"

    def _lookup(self, places: str, method: int, argument: Code) -> str:
        return f"lookup({places}, {method}, {argument.text})"


def javascript_text(program: Program, data: Data) -> str:
    """Write the whole module."""
    writer = JavascriptWriter(program, data)
    functions = [_phase(writer, phase, varying) for varying in (False, True) for phase in Phase]
    row_of = [-1] * len(program.equations.times)
    for row, step in enumerate(saved_steps(program.equations)):
        row_of[step] = row
    tables = [
        f"const {name} = new Int32Array([{', '.join(map(str, v))}]);"
        for v, name in writer.names.lists.items()
    ]
    rows = [f"const {name} = new Float64Array({size});" for name, size in writer.names.rows.items()]
    head = [
        "// Written by sdcompile from " + program.equations.source + "; do not edit.",
        f"const data = {row_text(data.values)};",
        f"const times = {row_text(np.array(program.equations.times))};",
        f"const rowOf = new Int32Array({json.dumps(row_of)});",
        f"const time_step = {program.equations.time_step!r};",
        f"const ownDefaults = {row_text(own_defaults(program))};",
        f"const leverPlaces = new Int32Array({json.dumps(lever_places(program))});",
        *tables,
        *rows,
        outputs_text(program),
        watch_text(program),
    ]
    return "\n".join([*head, PRELUDE, *functions, driver(program)])


def _phase(writer: JavascriptWriter, phase: Phase, varying: bool) -> str:
    """Write one phase as functions of at most ``CHUNK`` equations and one that calls them."""
    tasks = writer.program.tasks[phase, varying]
    prefix = f"{'own' if varying else 'shared'}_{phase.value}"
    arguments = "(track, after, stock, next, queue, time, step)"
    lines: list[str] = []
    calls: list[str] = []
    for first in range(0, len(tasks), CHUNK):
        name = f"{prefix}_{first // CHUNK}"
        lines.append(f"function {name}{arguments} {{")
        for task in tasks[first : first + CHUNK]:
            lines += writer.task(task, phase)
        lines.append("}")
        calls.append(f"  {name}{arguments};")
    return "\n".join([*lines, f"function {prefix}{arguments} {{", *calls, "}"])

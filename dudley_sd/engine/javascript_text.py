"""The loop program as an ES module for the browser: ``run(levers)`` gives every saved series."""

from __future__ import annotations

import json

import numpy as np

from dudley_sd.engine.arrays import Floats
from dudley_sd.engine.data import Data, lever_defaults, lever_places, own_defaults
from dudley_sd.engine.equations import saved_steps
from dudley_sd.engine.functions import ELEMENTARY
from dudley_sd.engine.loops import COMPARE, INFIX, Code, LoopWriter
from dudley_sd.engine.program import Phase, Program, Region

PRELUDE = """
const small = 1e-6;
const square = a => a * a;
const quantum = (a, b) => b < small ? a : b * Math.trunc(a / b);
const modulo = (a, b) => a - quantum(a, b);
const xidz = (a, b, x) => Math.abs(b) < small ? x : a / b;
const remainder = (a, b) => { const r = a % b; return r !== 0 && (r < 0) !== (b < 0) ? r + b : r; };
function lookup(first, n, method, at) {
  if (at !== at) return at;
  const y = first + n, slope = y + n, last = n - 1;
  if (at < data[first]) {
    if (method === 4) return NaN;
    return method === 1 && n > 1 ? data[y] + data[slope] * (at - data[first]) : data[y];
  }
  if (at >= data[first + last]) {
    const beyond = at - data[first + last];
    if (method === 4 && beyond > 0) return NaN;
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
  if (method === 4) return exact ? data[y + low] : NaN;
  return data[slope + low] * (at - data[first + low]) + data[y + low];
}
"""

_MATH = {
    **{name: f"Math.{name}" for name in ELEMENTARY},
    "ln": "Math.log",
    "integer": "Math.trunc",
    "arcsin": "Math.asin",
    "arccos": "Math.acos",
    "arctan": "Math.atan",
    "min": "Math.min",
    "max": "Math.max",
    "power": "Math.pow",
    **{name: name for name in ("quantum", "modulo", "remainder", "xidz", "square")},
}
_JOIN = {"and": "&&", "or": "||"}


class JavascriptWriter(LoopWriter):
    """Says things in JavaScript: one run, one number at a time."""

    def loop(self, name: str, size: int) -> str:
        """Open a loop."""
        return f"for (let {name} = 0; {name} < {size}; {name}++) {{"

    def declare(self, name: str, value: str, varying: bool) -> str:  # noqa: ARG002 - one run has no lanes
        """Declare a number."""
        return f"let {name} = {value};"

    def keep(self, name: str, code: Code) -> str:
        """Name a value that does not change."""
        return f"const {name} = {code.text};"

    def literal(self, value: float) -> str:
        """Write a number so that it reads back the same."""
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "(-Infinity)"
        return f"({value!r})" if value < 0 else repr(value)

    def spread(self, text: str) -> str:
        """Turn a shared number into one for each run."""
        return text

    def number_of(self, code: Code) -> str:
        """Turn a condition into 1 or 0."""
        return f"(({code.text}) ? 1.0 : 0.0)"

    def operation(self, name: str, arguments: list[Code]) -> str:
        """Write an operation on numbers."""
        texts = [argument.text for argument in arguments]
        if name == "negative":
            return f"(-{texts[0]})"
        if name == "select":
            return f"({texts[0]} ? {texts[1]} : {texts[2]})"
        if name in INFIX:
            return f"({texts[0]} {INFIX[name]} {texts[1]})"
        return f"{_MATH[name]}({', '.join(texts)})"

    def condition(self, name: str, arguments: list[Code]) -> str:
        """Write a comparison or a joining of conditions."""
        texts = [argument.text for argument in arguments]
        if name == "not":
            return f"(!{texts[0]})"
        if name in COMPARE:
            return f"({texts[0]} {COMPARE[name]} {texts[1]})"
        return f"({texts[0]} {_JOIN[name]} {texts[1]})"

    def lookup(self, places: str, method: int, argument: Code) -> str:
        """Write the reading of a table."""
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
    head = [
        "// Written by dudley_sd.engine from " + program.equations.source + "; do not edit.",
        f"const data = {_row(data.values)};",
        f"const times = {_row(np.array(program.equations.times))};",
        f"const rowOf = new Int32Array({json.dumps(row_of)});",
        f"const time_step = {program.equations.time_step!r};",
        f"const ownDefaults = {_row(own_defaults(program))};",
        f"const leverPlaces = new Int32Array({json.dumps(lever_places(program))});",
        *tables,
        _outputs(program),
    ]
    return "\n".join([*head, PRELUDE, *functions, _driver(program)])


def _row(values: Floats) -> str:
    items = ("NaN" if v != v else repr(float(v)) if abs(v) != float("inf") else "Infinity" for v in values)
    return f"new Float64Array([{', '.join(items)}])"


def _outputs(program: Program) -> str:
    """Describe the levers and outputs, and list where each stored number comes from."""
    described, regions, places, place = [], [], [], 0
    order = list(Region)
    for key in program.outputs:
        variable, slot = program.equations.variables[key], program.slots[key]
        described.append(
            {"name": variable.name, "dims": variable.dims, "labels": variable.labels, "place": place}
        )
        regions += [order.index(slot.region)] * variable.size
        places += [slot.offset + element for element in range(variable.size)]
        place += variable.size
    return "\n".join(
        [
            f"export const outputs = {json.dumps(described)};",
            f"export const leverDefaults = {_row(lever_defaults(program))};",
            f"const region = new Int8Array({json.dumps(regions)});",
            f"const place = new Int32Array({json.dumps(places)});",
        ]
    )


def _phase(writer: JavascriptWriter, phase: Phase, varying: bool) -> str:
    name = f"{'own' if varying else 'shared'}_{phase.value}"
    lines = [f"function {name}(track, after, stock, next, queue, time, step) {{"]
    for task in writer.program.tasks[phase, varying]:
        lines += writer.task(task, phase)
    return "\n".join([*lines, "}"])


def _driver(program: Program) -> str:
    """Write the arrays, the part that no lever changes (worked out once, on import) and ``run``."""
    sizes = {region: max(1, program.sizes[region]) for region in Region}
    steps = len(program.equations.times) - 1
    return f"""
const steps = {steps}, series = place.length, rows = {len(saved_steps(program.equations))};
const shared = new Float64Array({sizes[Region.SHARED]});
const own = new Float64Array({sizes[Region.OWN]}), work = new Float64Array({sizes[Region.WORK]});
const stocks = [new Float64Array({sizes[Region.STOCK]}), new Float64Array({sizes[Region.STOCK]})];
const ownQueue = new Float64Array({max(1, program.pipes_own)});
const trackRows = Array.from({{ length: steps + 2 }}, () => new Float64Array({sizes[Region.TRACK]}));
export const savedTimes = times.filter((_, step) => rowOf[step] >= 0);

(function share() {{
  const queue = new Float64Array({max(1, program.pipes_shared)}), start = trackRows[steps + 1];
  shared_constant(start, start, null, null, queue, times[0], 0);
  shared_start(start, start, null, null, queue, times[0], 0);
  trackRows[0].set(start);
  for (let step = 0; step <= steps; step++) {{
    const row = trackRows[step], after = trackRows[step + 1];
    shared_step(row, after, null, null, queue, times[step], step);
    if (rowOf[step] >= 0) shared_report(row, after, null, null, queue, times[step], step);
    if (step < steps) shared_update(row, after, null, null, queue, times[step], step);
  }}
}})();

// levers: one number a lever, in the order of leverDefaults.
// Result: [row * series + place], where row counts the saved times.
export function run(levers, out = new Float64Array(rows * series)) {{
  if (levers.length !== leverPlaces.length) {{
    throw new RangeError(`${{leverPlaces.length}} levers, not ${{levers.length}}`);
  }}
  own.set(ownDefaults);
  for (let k = 0; k < leverPlaces.length; k++) {{
    if (!Number.isFinite(levers[k])) throw new RangeError(`lever ${{k}} is ${{levers[k]}}`);
    own[leverPlaces[k]] = levers[k];
  }}
  let stock = stocks[0], next = stocks[1];
  own_constant(trackRows[steps + 1], null, stock, next, ownQueue, times[0], 0);
  own_start(trackRows[steps + 1], null, stock, next, ownQueue, times[0], 0);
  for (let step = 0; step <= steps; step++) {{
    const track = trackRows[step], time = times[step];
    own_step(track, null, stock, next, ownQueue, time, step);
    if (rowOf[step] >= 0) {{
      own_report(track, null, stock, next, ownQueue, time, step);
      const from = [data, shared, track, own, stock, work];
      let to = rowOf[step] * series;
      for (let k = 0; k < series; k++) out[to++] = from[region[k]][place[k]];
    }}
    if (step === steps) break;
    own_update(track, null, stock, next, ownQueue, time, step);
    const swap = stock; stock = next; next = swap;
  }}
  return out;
}}
"""

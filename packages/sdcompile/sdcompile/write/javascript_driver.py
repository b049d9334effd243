"""Surroundings of the loops in JavaScript: outputs, arrays, the shared part, ``run``, and the watch on it."""

from __future__ import annotations

import json

from sdcompile.arrays import Floats
from sdcompile.equations.graph import saved_steps
from sdcompile.plan.data import lever_defaults
from sdcompile.plan.order import Task
from sdcompile.plan.program import Phase, Program, Region
from sdcompile.plan.shared import PART


def row_text(values: Floats) -> str:
    """Write numbers so that they read back the same."""
    items = ("NaN" if v != v else repr(float(v)) if abs(v) != float("inf") else "Infinity" for v in values)
    return f"new Float64Array([{', '.join(items)}])"


def outputs_text(program: Program) -> str:
    """Describe the levers and outputs, and list the stretches of memory that the stored numbers come from.

    A stretch is four numbers: region, first place, size, and 1 where its numbers may be missing.
    """
    described, stretches, place = [], [[0, 0, 0, 0]], 0
    order = list(Region)
    for key in program.outputs:
        variable, slot = program.equations.variables[key], program.slots[key]
        described.append(
            {"name": variable.name, "dims": variable.dims, "labels": variable.labels, "place": place}
        )
        region, gaps = order.index(slot.region), int(variable.gaps)
        last = stretches[-1]
        if (last[0], last[1] + last[2], last[3]) == (region, slot.offset, gaps):
            last[2] += variable.size
        else:
            stretches.append([region, slot.offset, variable.size, gaps])
        place += variable.size
    return "\n".join(
        [
            f"export const outputs = {json.dumps(described)};",
            f"export const leverDefaults = {row_text(lever_defaults(program))};",
            f"const series = {place};",
            f"const stretches = new Int32Array({json.dumps([n for each in stretches for n in each])});",
        ]
    )


def driver(program: Program) -> str:
    """Write the arrays, the part that no lever changes (worked out once, on import) and ``run``."""
    sizes = {region: max(1, program.sizes[region]) for region in Region}
    steps = len(program.equations.times) - 1
    return f"""
const steps = {steps}, rows = {len(saved_steps(program.equations))};
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
// Result: [row * series + place], where row counts the saved times. A result that is not a finite number is
// an error that names the first variable and time, unless nonfinite is "keep".
export function run(levers, out = new Float64Array(rows * series), nonfinite = "raise") {{
  if (levers.length !== leverPlaces.length) {{
    throw new RangeError(`${{leverPlaces.length}} levers, not ${{levers.length}}`);
  }}
  for (let k = 0; k < levers.length; k++) {{
    if (!Number.isFinite(levers[k])) throw new RangeError(`lever ${{k}} is ${{levers[k]}}`);
  }}
  if (nonfinite !== "raise" && nonfinite !== "keep") {{
    throw new RangeError(`nonfinite is ${{nonfinite}}; write "raise" or "keep"`);
  }}
  const wrong = advance(levers, out, null);
  if (wrong !== 0 && nonfinite === "raise") {{
    advance(levers, out, look);
    throw new Error(`${{source}}: a result is not a finite number`);
  }}
  return out;
}}

// Returns 0 while every result is finite; see is called with what each phase has worked out.
function advance(levers, out, see) {{
  own.set(ownDefaults);
  for (let k = 0; k < leverPlaces.length; k++) own[leverPlaces[k]] = levers[k];
  let stock = stocks[0], next = stocks[1], wrong = 0;
  const seen = (phase, track, after, time) => {{
    if (see !== null) see(phase, {{ data, shared, track, own, stock, work, next, after }}, time);
  }};
  const start = trackRows[steps + 1];
  own_constant(start, null, stock, next, ownQueue, times[0], 0);
  seen("constant", start, null, times[0]);
  own_start(start, null, stock, next, ownQueue, times[0], 0);
  seen("start", start, null, times[0]);
  for (let step = 0; step <= steps; step++) {{
    const track = trackRows[step], time = times[step];
    own_step(track, null, stock, next, ownQueue, time, step);
    seen("step", track, null, time);
    if (rowOf[step] >= 0) {{
      own_report(track, null, stock, next, ownQueue, time, step);
      seen("report", track, null, time);
      const from = [data, shared, track, own, stock, work];
      let to = rowOf[step] * series;
      for (let s = 0; s < stretches.length; s += 4) {{
        const values = from[stretches[s]], first = stretches[s + 1], end = first + stretches[s + 2];
        const missing = stretches[s + 3] === 1;
        for (let k = first; k < end; k++) {{
          const value = values[k];
          out[to++] = value;
          if (!missing) wrong += value - value;
        }}
      }}
    }}
    if (step === steps) break;
    own_update(track, null, stock, next, ownQueue, time, step);
    seen("update", track, trackRows[step + 1], times[step + 1]);
    const swap = stock; stock = next; next = swap;
  }}
  for (let k = 0; k < {program.sizes[Region.STOCK]}; k++) wrong += stock[k] - stock[k];
  return wrong;
}}
"""


REMEDY = "Guard the equation with ZIDZ or XIDZ, or change the levers"

LOOK = """
// Throws for the first value that is not finite after a phase; a variable that is written out inside
// another's equation goes by the name of the other.
function look(phase, arrays, time) {
  for (const [name, remedy, region, first, size] of watched[phase]) {
    for (let k = first; k < first + size; k++) {
      if (Number.isFinite(arrays[region][k])) continue;
      const where = `${source}: variable ${name}, time ${time}`;
      throw new RangeError(`${where}: it is not a finite number. ${remedy}.`);
    }
  }
}
"""


def watch_text(program: Program) -> str:
    """Write the list of what each phase works out, in order, and the function that looks at it."""
    watched = {phase.value: _entries(program, phase) for phase in Phase}
    return "\n".join(
        [
            f"const source = {json.dumps(program.equations.source)};",
            f"const watched = {json.dumps(watched)};",
            LOOK,
        ]
    )


def _entries(program: Program, phase: Phase) -> list[list[object]]:
    """List variables in the order in which their last equation of the phase is worked out."""
    tasks = program.tasks[phase, False] + program.tasks[phase, True]
    last: dict[str, Task] = {}
    for task in tasks:
        if task.variable.key.startswith(PART):
            continue  # whatever is wrong with it shows in the equation that it is part of, if it matters
        last.pop(task.variable.key, None)
        last[task.variable.key] = task
    return [_entry(program, task, phase) for task in last.values() if not task.variable.gaps]


def _entry(program: Program, task: Task, phase: Phase) -> list[object]:
    variable, slot = task.variable, program.slots[task.variable.key]
    region = slot.region.value
    if phase is Phase.UPDATE:
        region = {Region.STOCK: "next", Region.TRACK: "after"}[slot.region]
    return [variable.name, variable.note or REMEDY, region, slot.offset, variable.size]

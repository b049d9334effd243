"""A JavaScript run that stops being finite is run again, watching what it keeps, to name the first."""

from __future__ import annotations

import json

from sdcompile.plan.order import Task
from sdcompile.plan.program import Phase, Program, Region
from sdcompile.plan.shared import PART

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
    gaps = [
        int(v.gaps)
        for v in (program.equations.variables[key] for key in program.outputs)
        for _ in range(v.size)
    ]
    return "\n".join(
        [
            f"const source = {json.dumps(program.equations.source)};",
            f"const mayBeMissing = new Int8Array({json.dumps(gaps)});",
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

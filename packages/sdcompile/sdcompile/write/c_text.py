"""Loop program in C: one text for a single run and for lanes of runs."""

from __future__ import annotations

from sdcompile.plan.data import Data
from sdcompile.plan.program import Phase, Program, Region
from sdcompile.write.c_prelude import PRELUDE
from sdcompile.write.loops import COMPARE, INFIX, Code, LoopWriter

CHUNK = 40
"""Equations to a function: compilers slow down on very long functions."""

_SHARED_ARGUMENTS = (
    "const double *restrict data, double *restrict shared, double *restrict track, "
    "double *restrict after, double *restrict queue, double time, double time_step, integer step"
)
_OWN_ARGUMENTS = (
    "const double *restrict data, const double *restrict shared, const double *restrict track, "
    "V *restrict own, V *restrict stock, V *restrict next, V *restrict work, V *restrict queue, "
    "double time, double time_step, integer step"
)
_JOIN = {"and": "&&", "or": "||"}
_OVER = {"divide": "over_v", "xidz": "xidz_over_v"}
"""Operations that are quicker when all runs share the divisor."""
_JOIN_LANES = {"and": "&", "or": "|"}


class CWriter(LoopWriter):
    """Loops in C: ``_s`` functions take one number, ``_v`` functions a lane of runs."""

    nan, infinity = "NAN", "INFINITY"

    def _loop(self, name: str, size: int) -> str:
        return f"for (integer {name} = 0; {name} < {size}; {name}++) {{"

    def _declare(self, name: str, value: str, varying: bool) -> str:
        return f"V {name} = spread({value});" if varying else f"double {name} = {value};"

    def _keep(self, name: str, code: Code) -> str:
        return f"const {'V' if code.varying else 'double'} {name} = {code.text};"

    def _row(self, name: str, totals: list[Code]) -> str:
        kind = "V" if totals[0].varying else "double"
        return f"const {kind} {name}[] = {{{', '.join(total.text for total in totals)}}};"

    def _spread(self, text: str) -> str:
        return f"spread({text})"

    def _number_of(self, code: Code) -> str:
        if code.varying:
            return f"select_v({code.text}, spread(1.0), spread(0.0))"
        return f"(({code.text}) ? 1.0 : 0.0)"

    def _operation(self, name: str, arguments: list[Code]) -> str:
        varying = any(argument.varying for argument in arguments)
        if name == "negative":
            return f"(-{arguments[0].text})"
        texts = [self._as(argument, varying) for argument in arguments]
        if varying and name in _OVER and not arguments[1].varying:
            return f"{_OVER[name]}({', '.join([texts[0], arguments[1].text, *texts[2:]])})"
        if name in INFIX:
            return f"({texts[0]} {INFIX[name]} {texts[1]})"
        return f"{name}_{'v' if varying else 's'}({', '.join(texts)})"

    def _condition(self, name: str, arguments: list[Code]) -> str:
        varying = any(argument.varying for argument in arguments)
        texts = [self._as(argument, varying) for argument in arguments]
        if name == "not":
            return f"(~{texts[0]} & truth(1))" if varying else f"(!{texts[0]})"
        if name in COMPARE:
            return f"({texts[0]} {COMPARE[name]} {texts[1]})"
        return f"({texts[0]} {(_JOIN_LANES if varying else _JOIN)[name]} {texts[1]})"

    def _lookup(self, places: str, method: int, argument: Code) -> str:
        return f"lookup_{'v' if argument.varying else 's'}(data, {places}, {method}, {argument.text})"

    def _as(self, code: Code, varying: bool) -> str:
        if code.varying or not varying:
            return code.text
        return f"truth({code.text})" if code.condition else f"spread({code.text})"


def c_text(program: Program, data: Data) -> str:
    """Write the whole C program."""
    writer = CWriter(program, data)
    functions = [_phase(writer, phase, varying) for varying in (False, True) for phase in Phase]
    driver = _driver(writer)
    tables = [
        f"static const int32_t {name}[] = {{{', '.join(map(str, values))}}};"
        for values, name in writer.names.lists.items()
    ]
    return "\n".join([PRELUDE, *tables, *functions, driver])


def _phase(writer: CWriter, phase: Phase, varying: bool) -> str:
    """Write one phase as functions of at most ``CHUNK`` equations and one that calls them."""
    tasks = writer.program.tasks[phase, varying]
    prefix = f"{'own' if varying else 'shared'}_{phase.value}"
    arguments = _OWN_ARGUMENTS if varying else _SHARED_ARGUMENTS
    names = [part.split("*restrict ")[-1].split()[-1] for part in arguments.split(", ")]
    text: list[str] = []
    calls: list[str] = []
    for first in range(0, len(tasks), CHUNK):
        name = f"{prefix}_{first // CHUNK}"
        text.append(f"static __attribute__((noinline)) void {name}({arguments}) {{")
        for task in tasks[first : first + CHUNK]:
            text += writer.task(task, phase)
        text.append("}")
        calls.append(f"    {name}({', '.join(names)});")
    return "\n".join([*text, f"static void {prefix}({arguments}) {{", *calls, "}"])


def _driver(writer: CWriter) -> str:
    """Write the two entry points: the part shared by all runs, and a range of runs."""
    program = writer.program
    sizes = {region.value: max(1, program.sizes[region]) for region in Region}
    own_queue = max(1, program.pipes_own)
    return f"""
#define TRACK {sizes["track"]}
#define OWN {sizes["own"]}
#define STOCK {sizes["stock"]}
#define WORK {sizes["work"]}
#define QUEUE {own_queue}
#define SERIES {series_count(program)}

integer engine_lanes(void) {{ return W; }}

/* Lanes of memory that run_block needs for one thread. */
integer engine_memory(void) {{ return OWN + 2 * STOCK + WORK + QUEUE; }}

/* track holds steps + 2 rows: one a step, the last for the start; shared tasks never write after it. */
void engine_share(const double *data, double *shared, double *track, double *queue, const double *times,
                  const int32_t *row_of, integer steps, double time_step) {{
    double *start = track + (steps + 1) * TRACK;
    shared_constant(data, shared, start, start + TRACK, queue, times[0], time_step, 0);
    shared_start(data, shared, start, start + TRACK, queue, times[0], time_step, 0);
    memcpy(track, start, TRACK * sizeof(double));
    for (integer step = 0; step <= steps; step++) {{
        double *row = track + step * TRACK, *after = row + TRACK;
        shared_step(data, shared, row, after, queue, times[step], time_step, step);
        if (row_of[step] >= 0) shared_report(data, shared, row, after, queue, times[step], time_step, step);
        if (step < steps) shared_update(data, shared, row, after, queue, times[step], time_step, step);
    }}
}}

/* out[(row * SERIES + series) * runs + run]; levers[lever * runs + run];
   bad[run] stays 0 while everything is finite. */
void engine_run(const double *data, const double *shared, const double *track, const double *own_default,
                const int32_t *lever_place, integer lever_count, const double *levers,
                const double *times, const int32_t *row_of, integer steps, double time_step,
                integer runs, integer first, integer last, double *memory, double *out, double *bad) {{
    V *own = (V *)memory, *stock = own + OWN, *next = stock + STOCK;
    V *work = next + STOCK, *queue = work + WORK;
    const double *start = track + (steps + 1) * TRACK;
    for (integer run = first; run < last; run += W) {{
        integer lanes = last - run < W ? last - run : W;
        for (integer k = 0; k < OWN; k++) own[k] = spread(own_default[k]);
        for (integer k = 0; k < lever_count; k++)
            for (integer l = 0; l < W; l++)
                lane(own[lever_place[k]], l) = levers[k * runs + run + (l < lanes ? l : 0)];
        own_constant(data, shared, start, own, stock, next, work, queue, times[0], time_step, 0);
        own_start(data, shared, start, own, stock, next, work, queue, times[0], time_step, 0);
        V wrong = spread(0.0);
        for (integer step = 0; step <= steps; step++) {{
            const double *row = track + step * TRACK;
            double time = times[step];
            own_step(data, shared, row, own, stock, next, work, queue, time, time_step, step);
            if (row_of[step] >= 0) {{
                own_report(data, shared, row, own, stock, next, work, queue, time, time_step, step);
                double *to = out + (integer)row_of[step] * SERIES * runs + run;
{_stores(writer)}
            }}
            if (step == steps) break;
            own_update(data, shared, row, own, stock, next, work, queue, time, time_step, step);
            V *swap = stock; stock = next; next = swap;
        }}
        for (integer k = 0; k < {program.sizes[Region.STOCK]}; k++) wrong = wrong + (stock[k] - stock[k]);
        for (integer l = 0; l < lanes; l++) bad[run + l] = lane(wrong, l);
    }}
}}
"""


def _stores(writer: CWriter) -> str:
    """Write the storing of every output, adding up what is not finite."""
    program = writer.program
    lines: list[str] = []
    place = 0
    for key in program.outputs:
        variable, slot = program.equations.variables[key], program.slots[key]
        source = {"track": "row"}.get(slot.region.value, slot.region.value)
        value = f"{source}[{slot.offset} + k]"
        varying = key in program.varying
        lines.append(f"for (integer k = 0; k < {variable.size}; k++) {{")
        lines.append(f"    V value = {value if varying else f'spread({value})'};")
        if not variable.gaps:
            lines.append("    wrong = wrong + (value - value);")
        target = f"to[({place} + k) * runs + l]"
        lines.append(f"    for (integer l = 0; l < lanes; l++) {target} = lane(value, l);")
        lines.append("}")
        place += variable.size
    return "\n".join(" " * 16 + line for line in lines)


def series_count(program: Program) -> int:
    """Count the series stored: each element of each output."""
    return sum(program.equations.variables[key].size for key in program.outputs)

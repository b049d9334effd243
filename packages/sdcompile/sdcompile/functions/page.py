"""Page of supported and refused functions, written from the registry.

``python -m sdcompile.functions.page`` writes ``FUNCTIONS.md`` beside the README of this package.
"""

from __future__ import annotations

from pathlib import Path

from sdcompile.functions.registry import FUNCTIONS, REFUSED

PAGE = Path(__file__).parents[2] / "FUNCTIONS.md"

TABLES = ("lookup variables", "WITH LOOKUP", "XMILE graphs: continuous, discrete, extrapolated")
SUBSCRIPTS = (
    "ranges, subranges, ranges of ranges, numeric ranges, copies (`<->`), mappings by position",
    "equations for single elements or subranges of one variable, `:EXCEPT:`, stocks among other equations",
    "a range used as a number; lists and tables of constants",
    "single elements ordered one by one where whole equations would wait for each other",
)
ALSO_REFUSED = (
    "an integration method other than Euler's, in the settings of a Vensim file (`15:`) or in `method` of an "
    "XMILE file, and a SAVEPER that is not a multiple of TIME STEP.",
    "every XMILE tag and attribute that is not on a list (`xmile_tree.py`): conveyors, queues, ovens, "
    "modules, macros, graphs of single elements. What only changes how a model is shown passes.",
    "a variable, element, range or macro that is defined twice; an equation without its two `~` or its bar.",
    "`-a^b`, `a^b^c`, `:NOT: a > b`, `a MOD b*c`: two programs may read them in two ways (Vensim's page on "
    "operators puts the minus sign before the power, mathematics after it). Write brackets.",
    "a word in a series of a GET function, and a number that is not below 1e308.",
    "a data variable without an equation (`:INTERPOLATE:` alone): the model file does not say where its data "
    "are. Write GET DIRECT DATA(...).",
    "a macro whose own variables have subscripts: PySD cannot run it either. Write it without a macro; "
    "a macro without subscripts takes those of the equation that calls it.",
    "a mapping of one element to several (`B1 -> (A: SubA)`): PySD keeps only the name of the target. Give "
    "both ranges the same number of elements, or sum with a table of 0 and 1.",
)
DIFFERENT = (
    "PULSE, PULSE TRAIN: as Vensim's pages fn_pulse and fn_pulse_train write them, with the middle of the "
    "step compared with the ends: on from the step nearest to the start, no width means one TIME STEP (a "
    "train: at least one), and a train has a pulse at its end. PULSE with a width of its own that starts "
    "half-way between two steps is a step short, as its page's formula has it. PySD starts at the step "
    "after, a width of 0 is never on, and the end is out.",
    "XMILE's PULSE: in the step nearest to its time; between two steps PySD never gives it.",
    "`:NA:`: the number -2^109, as Vensim's page on it says, so that `x = :NA:` can be true; PySD has not a "
    "number, which equals nothing. A `:RAW:` series is `:NA:` where it has no value.",
    "`:AND:` comes before `:OR:`; PySD reads `a :AND: b :OR: c` from the right.",
    "Blank lines of a CSV file count, as rows of a workbook do; PySD leaves them out and reads other cells.",
    "Constants listed over a range and the points of a lookup keep all their digits; PySD 3.14.3 keeps eight "
    "(`findings/pysd_array_constants.sh`).",
    "XMILE's non-negative stock: its outflows give no more than it holds, in the order in which they are "
    "named; PySD stops the stock at 0 and lets the flow go on. With inflows, a stock that runs short stops "
    "the run.",
    "XMILE's discrete graph: also inside a variable. MOD has the sign of its divisor, and a divisor that is "
    "not above 0 gives not a number.",
    "SMOOTHI, SMOOTH3I with a whole number as initial value: PySD cuts its input to whole numbers; "
    "write 1.0.",
    "SAMPLE IF TRUE, DELAY FIXED: PySD's answer depends on SAVEPER and on the outputs asked for, and on a "
    "delay written inside them; the engine gives what PySD gives with every step and every variable saved, "
    "and the inner delay in a variable of its own.",
    "DELAY with a time below order x TIME STEP: PySD lowers the order with a warning; the engine refuses "
    "the run.",
    "SUM of something that is not a number: PySD leaves it out; in the engine the sum is not a number.",
    "VECTOR SORT ORDER, VECTOR RANK: equal values keep the order of their elements, backwards when sorting "
    "down; PySD leaves the order of equals to NumPy's sort.",
    "VECTOR SELECT, INVERT MATRIX: where PySD stops the run (no or many elements selected, no inverse), the "
    "result here is not a number, which stops the run unless it is kept.",
    "An equation that alone defines its variable, for one element or with :EXCEPT:: PySD gives its value to "
    "the rest of the range too; in the engine the rest is not a number.",
    "ALLOCATE BY PRIORITY: PySD stops the run at a negative request or supply; here the result is not a "
    "number.",
    "GET TIME VALUE: only the simulation's own time; PySD can also read the clock on the wall.",
    "VECTOR SELECT: the numerical action is a number that does not change during the run.",
    "Definitions of single elements that wait for each other (a[K1], b, a[K2]): PySD calls them a loop.",
    "A variable over a range of one element keeps its dimension; PySD drops it.",
)


def page() -> str:
    """Write the page."""
    refused = [f"- {u.name}: {u.reason}. {u.remedy}." for u in REFUSED.values()]
    refused += [f"- {line}" for line in ALSO_REFUSED]
    parts = [
        "# What the engine compiles",
        "Written by `python -m sdcompile.functions.page`. Everything else is an error that names the "
        "variable and the function before anything runs.",
        "## Functions",
        *(f"**{group}**: {', '.join(names)}." for group, names in listed().items()),
        f"**Tables**: {', '.join(TABLES)}.",
        "**XMILE**: MOD, SIGN, LOG10, INIT, SAFEDIV, DT, STARTTIME, STOPTIME, `SUM(a[*])`, MIN and MAX of "
        "an array; dimensions by size.",
        "Macros are written out where they are called; a name with `$` in one is the model's own. Comments "
        "in {braces}, string variables (`:IS:`) and files by alias (`?name`, from the settings) are "
        "understood.",
        "## Subscripts\n" + "\n".join(f"- {line}" for line in SUBSCRIPTS),
        "## Refused by name\n" + "\n".join(refused),
        "## Where the engine and PySD differ, on purpose\n" + "\n".join(f"- {line}" for line in DIFFERENT),
    ]
    return "\n\n".join(parts) + "\n"


def listed() -> dict[str, list[str]]:
    """Names of the supported functions under their headings."""
    found: dict[str, list[str]] = {}
    for function in FUNCTIONS:
        if function.group:
            found.setdefault(function.group, []).extend(function.names)
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

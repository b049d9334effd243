"""Which functions the engine knows, and what it says about those it does not."""

from __future__ import annotations

from dataclasses import dataclass

CONDITIONS = frozenset({"eq", "ne", "lt", "gt", "le", "ge", "and", "or", "not"})
"""Operations whose result is true or false; every other operation gives a number."""

REDUCTIONS = {"sum": "SUM", "prod": "PROD", "vmin": "VMIN", "vmax": "VMAX"}

ELEMENTARY = {
    "abs": "ABS",
    "exp": "EXP",
    "ln": "LN",
    "sqrt": "SQRT",
    "sin": "SIN",
    "cos": "COS",
    "tan": "TAN",
    "arcsin": "ARCSIN",
    "arccos": "ARCCOS",
    "arctan": "ARCTAN",
    "sinh": "SINH",
    "cosh": "COSH",
    "tanh": "TANH",
    "integer": "INTEGER",
}
"""Functions of one number: the operation has the name that PySD gives the function."""

OPERATIONS: dict[str, int] = {
    **dict.fromkeys(ELEMENTARY, 1),
    **dict.fromkeys(("add", "subtract", "multiply", "divide", "power", "min", "max"), 2),
    **dict.fromkeys(("quantum", "modulo", "remainder"), 2),
    **dict.fromkeys(("eq", "ne", "lt", "gt", "le", "ge", "and", "or"), 2),
    "negative": 1,
    "not": 1,
    "select": 3,
    "xidz": 3,
}
"""Every operation a back end must write, with its number of arguments."""

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
COMPARISON = {"=": "eq", "<>": "ne", "<": "lt", ">": "gt", "<=": "le", ">=": "ge"}

STATEFUL = (
    *("INTEG", "DELAY1", "DELAY1I", "DELAY3", "DELAY3I", "DELAY N", "DELAY FIXED"),
    *("SMOOTH", "SMOOTHI", "SMOOTH3", "SMOOTH3I", "SMOOTH N"),
    *("TREND", "FORECAST", "INITIAL", "ACTIVE INITIAL", "SAMPLE IF TRUE"),
)

VECTORS = (
    *("VECTOR SELECT", "VECTOR SORT ORDER", "VECTOR RANK", "VECTOR REORDER"),
    *("INVERT MATRIX", "ALLOCATE BY PRIORITY"),
)

TIMED = ("STEP", "RAMP", "PULSE", "PULSE TRAIN", "GET TIME VALUE")

EXTERNAL = (
    "GET DIRECT CONSTANTS",
    "GET DIRECT DATA",
    "GET DIRECT LOOKUPS",
    "GET DIRECT SUBSCRIPT",
    "GET XLS CONSTANTS",
    "GET XLS DATA",
    "GET XLS LOOKUPS",
    "GET XLS SUBSCRIPT",
)


@dataclass(frozen=True)
class Unknown:
    """A function that is refused: its name as the modeller writes it, why, and what to write instead."""

    name: str
    reason: str
    remedy: str


_CHANCE = "chance belongs outside the model, where a seed governs it"
_LEVER = "Make it a constant and set it as a lever, one value a run"

REFUSED = {
    "random_0_1": Unknown("RANDOM 0 1", _CHANCE, _LEVER),
    "random_uniform": Unknown("RANDOM UNIFORM", _CHANCE, _LEVER),
    "random_normal": Unknown("RANDOM NORMAL", _CHANCE, _LEVER),
    "random_exponential": Unknown("RANDOM EXPONENTIAL", _CHANCE, _LEVER),
    "allocate_available": Unknown(
        "ALLOCATE AVAILABLE",
        "PySD searches for its answer and with triangular curves can stop with most of the supply not given "
        "out, so there is nothing to be equal to",
        "Use ALLOCATE BY PRIORITY or write shares",
    ),
}

"""Registry of functions: one record each, from which translation, writers, checks and FUNCTIONS.md are made.

To add a function of numbers, add one record to `FUNCTIONS` and one small model that calls it to the tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sdcompile.equations.expressions import Expression, Number, call
from sdcompile.functions import stateful, timed
from sdcompile.functions.allocation import allocate_by_priority
from sdcompile.functions.reductions import element_count, reduction
from sdcompile.functions.vectors import VECTORS
from sdcompile.names import plain

UnitRule = Literal[
    "", "dimensionless", "first", "same", "root", "power", "branches", "step", "ramp", "times", "quotient",
    "count", "stock", "delayed", "initial", "sample", "game",
]  # fmt: skip
"""How the unit of a call follows from its arguments; without a rule no call passes the unit check."""


@dataclass(frozen=True)
class Operation:
    """An operation on numbers, in every language.

    Attributes
    ----------
    name
        Its name in expressions.
    arguments
        How many.
    infix
        Sign between two arguments, the same in all languages.
    c
        C function of one number that C's own library has; others are in ``write/c_prelude.py``.
    javascript, numpy
        Function in JavaScript and in NumPy; the latter also where there is a sign.
    jumps
        Places of arguments for which the value may jump when one moves by a last digit.
    number
        The same on Python's numbers, for what is worked out before a run.
    condition
        Whether the result is true or false.
    """

    name: str
    arguments: int
    infix: str = ""
    c: str = ""
    javascript: str = ""
    numpy: str = ""
    jumps: tuple[int, ...] = ()
    number: Callable[..., float] | None = None
    condition: bool = False


@dataclass(frozen=True)
class Function:
    """A function of model files.

    Attributes
    ----------
    names
        As modellers write it; several where they differ in what is given only.
    group
        Heading under which FUNCTIONS.md lists it; none for what has another name in a file.
    arguments
        Least and most.
    unit
        Rule of the unit check.
    build
        What writes a call as an expression: from the arguments, or from scope and syntax where it takes
        ``syntax``; none where the value is read from a file.
    syntax
        Whether it is built from scope and syntax.
    operation
        The operation of the same name, where it is one.
    structure
        PySD's name of its syntax, where that is not a call.
    kind
        Kind of a variable that is nothing but this function.
    running
        Parts of the structure that act on it during the run; its initial value does not.
    key
        PySD's name, where it does not follow from the first of the names.
    xmile
        Whether it is XMILE's, and in its place another in Vensim.
    """

    names: tuple[str, ...]
    group: str
    arguments: tuple[int, int] = (1, 1)
    unit: UnitRule = ""
    build: Callable[..., Expression] | None = None
    syntax: bool = False
    operation: Operation | None = None
    structure: str = ""
    kind: str = ""
    running: tuple[str, ...] | None = None
    key: str = ""
    xmile: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """PySD's names."""
        return (self.key,) if self.key else tuple(map(plain, self.names))


SIGNS = (
    Operation("add", 2, "+", numpy="np.add", number=lambda a, b: a + b),
    Operation("subtract", 2, "-", numpy="np.subtract", number=lambda a, b: a - b),
    Operation("multiply", 2, "*", numpy="np.multiply", number=lambda a, b: a * b),
    Operation("divide", 2, "/", numpy="np.divide", number=lambda a, b: a / b),
    Operation("negative", 1, numpy="np.negative", number=lambda a: -a),
    Operation("remainder", 2, javascript="remainder", numpy="np.mod", jumps=(0, 1)),
    Operation("eq", 2, "==", "", "", "np.equal", (0, 1), lambda a, b: a == b, True),
    Operation("ne", 2, "!=", "", "", "np.not_equal", (0, 1), lambda a, b: a != b, True),
    Operation("lt", 2, "<", "", "", "np.less", (0, 1), lambda a, b: a < b, True),
    Operation("gt", 2, ">", "", "", "np.greater", (0, 1), lambda a, b: a > b, True),
    Operation("le", 2, "<=", "", "", "np.less_equal", (0, 1), lambda a, b: a <= b, True),
    Operation("ge", 2, ">=", "", "", "np.greater_equal", (0, 1), lambda a, b: a >= b, True),
    Operation("and", 2, numpy="np.logical_and", jumps=(0, 1), number=lambda a, b: a and b, condition=True),
    Operation("or", 2, numpy="np.logical_or", jumps=(0, 1), number=lambda a, b: a or b, condition=True),
    Operation("not", 1, numpy="np.logical_not", jumps=(0,), condition=True),
    Operation("select", 3, numpy="np.where", jumps=(0,), number=lambda test, yes, no: yes if test else no),
    Operation("xidz", 3, javascript="xidz", numpy="xidz", jumps=(1,)),
)
"""Operations that model files write with signs, or within functions only."""

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
COMPARISON = {"=": "eq", "<>": "ne", "<": "lt", ">": "gt", "<=": "le", ">=": "ge"}


def _of_numbers(
    name: str,
    unit: UnitRule,
    arguments: int = 1,
    *,
    group: str = "Elementary",
    c: str = "",
    javascript: str = "",
    numpy: str = "",
    jumps: tuple[int, ...] = (),
    number: Callable[..., float] | None = None,
) -> Function:
    """Record of a function that is an operation: its name in C, JavaScript and NumPy where it is another."""
    key = plain(name)
    operation = Operation(
        name=key,
        arguments=arguments,
        c=c,
        javascript=javascript or f"Math.{key}",
        numpy=numpy or f"np.{key}",
        jumps=jumps,
        number=number,
    )

    def build(*values: Expression) -> Expression:
        return call(key, *values)

    return Function((name,), group, (arguments, arguments), unit, build, operation=operation)


def _modulo(a: Expression, b: Expression) -> Expression:
    """MOD, with the sign of the divisor; of a divisor that is not above nothing it is not a number."""
    return call("select", call("gt", b, 0.0), call("remainder", a, b), call("divide", 0.0, 0.0))


def _sign(x: Expression) -> Expression:
    return call("select", call("gt", x, 0.0), 1.0, call("select", call("lt", x, 0.0), -1.0, 0.0))


def _logarithm(x: Expression, base: Expression | float = 10.0) -> Expression:
    return call("divide", call("ln", x), call("ln", base))


MEMORY, TIME, ELEMENTS = "With memory", "Of time", "Over elements"
VECTOR, SIMPLE, OTHERS = "Of whole vectors and matrices", "Elementary", "Others"
FILES = "From files (CSV, XLSX)"

_DELAYS = ("DELAY1", "DELAY1I", "DELAY3", "DELAY3I")
_SMOOTHS = ("SMOOTH", "SMOOTHI", "SMOOTH3", "SMOOTH3I")
_SMOOTHED, _DELAYED = ("input", "smooth_time"), ("input", "delay_time")


def _memory(
    names: tuple[str, ...],
    structure: str,
    build: Callable[..., Expression],
    kind: str,
    unit: UnitRule = "",
    running: tuple[str, ...] | None = None,
) -> Function:
    """Record of a function that remembers, which PySD gives a structure of its own."""
    return Function(
        names, MEMORY, unit=unit, build=build, syntax=True, structure=structure, kind=kind, running=running
    )


FUNCTIONS = (
    _memory(("INTEG",), "Integ", stateful.integ, "stock", "stock", ("flow",)),
    _memory(_DELAYS, "Delay", stateful.delay, "delay", "delayed", _DELAYED),
    _memory(("DELAY N",), "DelayN", stateful.delay_n, "delay", "delayed", _DELAYED),
    _memory(("DELAY FIXED",), "DelayFixed", stateful.delay_fixed, "delay", "delayed", ("input",)),
    _memory(_SMOOTHS, "Smooth", stateful.smooth, "smooth", "delayed", _SMOOTHED),
    _memory(("SMOOTH N",), "SmoothN", stateful.smooth, "smooth", "delayed", _SMOOTHED),
    _memory(("TREND",), "Trend", stateful.trend, "trend"),
    _memory(("FORECAST",), "Forecast", stateful.forecast, "forecast"),
    _memory(("INITIAL",), "Initial", stateful.initial, "initial", "initial", ()),
    Function(("ACTIVE INITIAL",), MEMORY, (2, 2), "same", stateful.active_initial, syntax=True),
    _memory(
        ("SAMPLE IF TRUE",),
        "SampleIfTrue",
        stateful.sample_if_true,
        "sample",
        "sample",
        ("condition", "input"),
    ),
    Function(("STEP",), TIME, (2, 2), "step", timed.step),
    Function(("RAMP",), TIME, (3, 3), "ramp", timed.ramp),
    Function(("PULSE",), TIME, (2, 2), "times", timed.pulse),
    Function(("PULSE TRAIN",), TIME, (4, 4), "times", timed.pulse_train),
    Function(("GET TIME VALUE",), TIME, (3, 3), "", timed.time_value),
    Function(("RAMP",), "", (2, 2), "", timed.ramp, key="Xramp"),
    Function(("PULSE",), "", (2, 2), "", timed.pulse_of, key="Xpulse"),
    Function(("PULSE",), "", (3, 3), "", timed.pulse_train_of, key="Xpulse_train"),
    Function(("SUM",), ELEMENTS, unit="first", build=reduction, syntax=True),
    Function(("PROD",), ELEMENTS, unit="dimensionless", build=reduction, syntax=True),
    Function(("VMIN",), ELEMENTS, unit="first", build=reduction, syntax=True),
    Function(("VMAX",), ELEMENTS, unit="first", build=reduction, syntax=True),
    Function(("MIN",), "", build=reduction, syntax=True, key="vmin_xmile"),
    Function(("MAX",), "", build=reduction, syntax=True, key="vmax_xmile"),
    *(Function((name,), VECTOR, build=build, syntax=True) for name, build in VECTORS.items()),
    Function(
        ("ALLOCATE BY PRIORITY",),
        VECTOR,
        build=allocate_by_priority,
        syntax=True,
        structure="AllocateByPriority",
    ),
    _of_numbers("ABS", "first", c="fabs", number=abs),
    _of_numbers("EXP", "dimensionless", number=math.exp),
    _of_numbers("LN", "dimensionless", javascript="Math.log", numpy="np.log", jumps=(0,), number=math.log),
    _of_numbers("SQRT", "root", c="sqrt", jumps=(0,), number=math.sqrt),
    _of_numbers("SIN", "dimensionless", c="sin"),
    _of_numbers("COS", "dimensionless", c="cos"),
    _of_numbers("TAN", "dimensionless", c="tan"),
    _of_numbers("ARCSIN", "dimensionless", c="asin", javascript="Math.asin", jumps=(0,)),
    _of_numbers("ARCCOS", "dimensionless", c="acos", javascript="Math.acos", jumps=(0,)),
    _of_numbers("ARCTAN", "dimensionless", c="atan", javascript="Math.atan"),
    _of_numbers("SINH", "dimensionless", c="sinh"),
    _of_numbers("COSH", "dimensionless", c="cosh"),
    _of_numbers("TANH", "dimensionless", c="tanh"),
    _of_numbers(
        "INTEGER",
        "first",
        c="trunc",
        javascript="Math.trunc",
        numpy="np.trunc",
        jumps=(0,),
        number=math.trunc,
    ),
    _of_numbers("MIN", "same", 2, group=OTHERS, numpy="np.minimum", number=min),
    _of_numbers("MAX", "same", 2, group=OTHERS, numpy="np.maximum", number=max),
    _of_numbers(
        "POWER",
        "power",
        2,
        group=OTHERS,
        javascript="power",
        numpy="np.float_power",
        jumps=(1,),
        number=math.pow,
    ),
    Function(("LOG",), OTHERS, (2, 2), "dimensionless", _logarithm),
    _of_numbers("MODULO", "same", 2, group=OTHERS, javascript="modulo", numpy="modulo", jumps=(0, 1)),
    _of_numbers("QUANTUM", "same", 2, group=OTHERS, javascript="quantum", numpy="quantum", jumps=(0, 1)),
    Function(("ZIDZ",), OTHERS, (2, 2), "quotient", lambda a, b: call("xidz", a, b, 0.0)),
    Function(("XIDZ",), OTHERS, (3, 3), "quotient", lambda a, b, x: call("xidz", a, b, x)),
    Function(
        ("IF THEN ELSE",), OTHERS, (3, 3), "branches", lambda test, yes, no: call("select", test, yes, no)
    ),
    Function(("ELMCOUNT",), OTHERS, (1, 1), "count", element_count, syntax=True),
    Function(("GAME",), OTHERS, unit="game", build=stateful.game, syntax=True, structure="Game"),
    Function(("PI",), "", (0, 0), "", lambda: Number(3.141592653589793)),
    Function(("MOD",), "", (2, 2), "", _modulo, key="modulo", xmile=True),
    Function(("SIGN",), "", (1, 1), "", _sign, xmile=True),
    Function(("LOG10",), "", (1, 1), "", _logarithm, xmile=True),
    *(
        Function((f"GET {how} {what}",), FILES, structure=structure, kind=kind)
        for how in ("DIRECT", "XLS")
        for what, structure, kind in (
            ("CONSTANTS", "GetConstants", "external"),
            ("DATA", "GetData", "data"),
            ("LOOKUPS", "GetLookups", "table"),
            ("SUBSCRIPT", "", ""),
        )
    ),
)

OPERATIONS = {each.name: each for each in (*SIGNS, *(f.operation for f in FUNCTIONS if f.operation))}
"""Every operation that a writer must know."""

CONDITIONS = frozenset(each.name for each in OPERATIONS.values() if each.condition)

_CALLED = [each for each in FUNCTIONS if each.build is not None and not each.structure]
VENSIM_CALLS = {key: each for each in _CALLED if not each.xmile for key in each.keys}
"""Functions by the name that PySD gives a call."""

XMILE_CALLS = VENSIM_CALLS | {key: each for each in _CALLED if each.xmile for key in each.keys}

STRUCTURES = {each.structure: each for each in FUNCTIONS if each.structure}
"""Functions by PySD's name of their syntax."""


@dataclass(frozen=True)
class Unknown:
    """A function that is refused: its name as the modeller writes it, why, and what to write instead."""

    name: str
    reason: str
    remedy: str


_CHANCE = "chance belongs outside the model, where a seed governs it"
_LEVER = "Make it a constant and set it as a lever, one value a run"

REFUSED = {
    plain(name): Unknown(name, _CHANCE, _LEVER)
    for name in ("RANDOM 0 1", "RANDOM UNIFORM", "RANDOM NORMAL", "RANDOM EXPONENTIAL")
} | {
    "allocate_available": Unknown(
        "ALLOCATE AVAILABLE",
        "PySD searches for its answer and with triangular curves can stop with most of the supply not given "
        "out, so there is nothing to be equal to",
        "Use ALLOCATE BY PRIORITY or write shares",
    ),
}

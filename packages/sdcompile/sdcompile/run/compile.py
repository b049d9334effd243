"""Compilation of a model file: from the cache if it was compiled before, else by way of PySD."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from sdcompile import cache
from sdcompile.errors import Fault, InputError, warn
from sdcompile.plan.plan import GENERATOR, Plan, load_plan, save_plan
from sdcompile.run.c_engine import CEngine
from sdcompile.run.compiled import Compiled
from sdcompile.run.compiler import BuildError, advice, find_compiler
from sdcompile.run.numpy_engine import NumpyEngine

ENGINES = ("auto", "c", "numpy")
FILES, PLAN = "files.json", "plan.npz"
REMEDY = "Choose the engine numpy, or auto, which takes NumPy by itself (on the command line --engine)"
SLOWER = "running in NumPy, about 100 times slower than C"


def compile(
    model: str | Path,
    *,
    levers: Sequence[str] = (),
    outputs: Sequence[str] | None = None,
    save_every: float | None = None,
    time_step: float | None = None,
    engine: str = "auto",
    side_by_side: bool = False,
) -> Compiled:
    """Make a model file ready to run many times.

    Parameters
    ----------
    model
        A Vensim ``.mdl`` or XMILE file; its data files lie where the model says.
    levers
        Constants to set for each run: ``"growth"``, ``"coverage[MDT]"``; ``"coverage"`` means every
        element of it. Names are matched whatever their case, spaces as underscores.
    outputs
        Variables to store; all of them if None. What no output needs is not worked out.
    save_every, time_step
        Replace the model's SAVEPER and TIME STEP.
    engine
        ``c``, ``numpy``, or ``auto``: C where there is a compiler that works, else NumPy, with a warning.
    side_by_side
        Whether it will be asked for many runs at a time: then the library for one run alone, which gives the
        same bits, is not built too.

    Returns
    -------
    Compiled
        Ready to run.

    Raises
    ------
    InputError
        Naming every variable that cannot be compiled, an unknown lever or output, or what the compiler said
        where C was asked for.
    """
    if engine not in ENGINES:
        raise InputError([Fault("engine", "", f"it is {engine!r}", f"Write one of {', '.join(ENGINES)}")])
    wanted = None if outputs is None else list(outputs)
    plan = _plan(Path(model), _Request(list(levers), wanted, save_every, time_step))
    return Compiled(plan, _engine(plan, engine, side_by_side))


def _engine(plan: Plan, wanted: str, side_by_side: bool) -> CEngine | NumpyEngine:
    if wanted == "numpy":
        return NumpyEngine(plan)
    compiler = find_compiler()
    if compiler is not None:
        engine = CEngine(plan, compiler)
        try:
            _ = engine.many if side_by_side else engine.single
        except BuildError as error:
            if wanted == "c":
                raise InputError([Fault(plan.source, "C compiler", str(error), REMEDY)]) from error
            warn(f"{SLOWER}, because {error.summary}")
            return NumpyEngine(plan)
        return engine
    if wanted == "c":
        raise InputError([Fault(plan.source, "C compiler", "there is none", advice().capitalize())])
    warn(f"{SLOWER}; {advice()}")
    return NumpyEngine(plan)


@dataclass(frozen=True)
class _Request:
    """Request of a model, as the user wrote it."""

    levers: list[str]
    outputs: list[str] | None
    save_every: float | None
    time_step: float | None


def _plan(model: Path, request: _Request) -> Plan:
    """Find the plan of this model text, these data files, levers and outputs; make it if there is none."""
    if not model.is_file():
        raise InputError([Fault(str(model), "", "there is no such file", "Give the path of a model file")])
    asked = json.dumps([model.name, asdict(request)])
    versions = f"{GENERATOR} {metadata.version('pysd')} {metadata.version('numpy')}"
    index = cache.key_of("index", versions, model.read_bytes(), asked)
    found = _stored(index, model)
    if found is not None:
        return found
    with cache.alone("plan", index):
        return _stored(index, model) or _fresh(index, model, request)


def _stored(index: str, model: Path) -> Plan | None:
    """Read a plan from the cache; one that cannot be read is removed."""
    listed = cache.find("index", index)
    if listed is None:
        return None
    key = ""
    try:
        files = json.loads((listed / FILES).read_text(encoding="utf-8"))
        key = _plan_key(index, model, files)
        folder = cache.find("plans", key)
        return None if folder is None else load_plan(folder / PLAN)
    except (ValueError, KeyError, OSError, TypeError, AttributeError):
        cache.discard("index", index)
        if key:
            cache.discard("plans", key)
        return None


def _fresh(index: str, model: Path, request: _Request) -> Plan:
    from sdcompile.plan.selection import find_levers, find_outputs
    from sdcompile.read.equations import read_equations
    from sdcompile.write.layout import make_plan

    equations = read_equations(model, request.save_every, request.time_step)
    plan = make_plan(
        equations, find_levers(equations, request.levers), find_outputs(equations, request.outputs)
    )
    files = plan.files
    cache.remember("index", index, lambda to: _write(to / FILES, json.dumps(files)))
    cache.remember("plans", _plan_key(index, model, files), lambda to: save_plan(plan, to / PLAN))
    return plan


def _plan_key(index: str, model: Path, files: list[str]) -> str:
    return cache.key_of("plan", index, *cache.file_sums(model.parent, files))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

"""Options that commands share: their words, the request they make, a writable folder, progress."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address

from dudley_sd.folders import inputs_folder
from dudley_sd.request import CONTRACT, FOOTPRINT, PORTFOLIO, PROJECTION, Request
from dudley_sd.settings.former_names import renewed, renewed_portfolio
from dudley_sd.settings.futures import scenario_names
from dudley_sd.text import plural

console = Console(stderr=True)
SHOWN = 200
"""Letters of a name that are shown."""

Projection = Annotated[
    str,
    typer.Option(
        help="Whose people: 2014 (of ONS for Dudley; where an area has none, all are on 2018), 2018 (of ONS "
        "for any CCG), another base once imported with 'dudley-sd ons', own (the estimate of mid-2018 at the "
        "model's own rates), or a file of ONS of any base."
    ),
]
"""Option of every command that runs the model."""

Base = Annotated[int | None, typer.Option(help="Base of a projection file, where it does not say it: 2018.")]
Unit = Annotated[
    str | None, typer.Option(help="persons or thousands, where a projection file does not say it.")
]
Variant = Annotated[
    str | None,
    typer.Option(help="principal, or the name of the variant, where a projection file's is not known."),
]
"""Facts of a projection file that `dudley_sd.inputs.ons.release.file_facts` takes."""


def portfolio_of_today(key: str) -> str:
    """Take the usual portfolio for one that is gone, and say so."""
    key, notes = renewed_portfolio(key, PORTFOLIO)
    _print(notes)
    return key


def _print(notes: Iterable[str]) -> None:
    for note in notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)


Portfolio = Annotated[
    str,
    typer.Option(
        callback=portfolio_of_today, help="What is put in place: as_evidenced; or none: do nothing."
    ),
]
Contract = Annotated[
    str,
    typer.Option(help="How money moves: dudley_mcp, uniting_care and others, or as_now to do nothing."),
]
Footprints = Annotated[
    list[str] | None,
    typer.Option(
        help="Area, dudley if not given; may be given many times. Also the name or code of any CCG."
    ),
]
Levers = Annotated[
    list[str] | None,
    typer.Option(help="A constant of the model to set: 'coverage[MDT]=0.8'. May be given many times."),
]
Engine = Annotated[
    str, typer.Option(help="auto (C, or NumPy without a compiler), c, numpy, or pysd: slow and trusted.")
]
Band = Annotated[
    bool | None,
    typer.Option(
        "--band/--no-band",
        help="Also make 200 runs with numbers drawn from their ranges, whose median and 8 in 10 runs are the "
        "headline; not with PySD or NumPy, which are slow.",
    ),
]
Out = Annotated[Path, typer.Option(help="Folder for the files.")]


def _refuse_scenario(value: str | None) -> None:
    """Refuse what many try: futures are arguments."""
    if value is not None:
        remedy = f"Name futures behind the command: dudley-sd run {value}"
        raise InputError([Fault("--scenario", value, "is no option", remedy)])


NotAnOption = Annotated[
    str | None, typer.Option("--scenario", "--future", hidden=True, callback=_refuse_scenario)
]
"""Hidden option of every command that takes futures as arguments."""


def only_one(paths: Sequence[Path], option: str) -> Path | None:
    """Return the path given with an option; of several none would win without a word."""
    if len(paths) > 1:
        names = ", ".join(map(str, paths))
        raise InputError([Fault(option, names, "is given more than once", "Give one file")])
    return paths[0] if paths else None


def ask_levers(words: list[str]) -> tuple[dict[str, float], list[Fault]]:
    """Levers as typed, ``name=value``; one fault for each that cannot be read."""
    settings: dict[str, float] = {}
    faults = []
    for text in words:
        name, equals, value = text.rpartition("=")
        try:
            number = float(value)
            lever_address(name)
        except ValueError:
            equals = ""
        if not equals or not name.strip():
            remedy = "Write name=number, for instance --lever 'coverage[MDT]=0.8'"
            faults.append(Fault("--lever", repr(text), "is not a name and a number", remedy))
        elif name.strip() in settings:
            faults.append(Fault("--lever", repr(text), "is set twice", "Keep one"))
        else:
            settings[name.strip()] = number
    settings, notes = renewed(settings)
    _print(notes)
    return settings, faults


def settings(words: list[str]) -> dict[str, float]:
    """Levers as typed; every fault at once."""
    found, faults = ask_levers(words)
    if faults:
        raise InputError(faults)
    return found


@dataclass(frozen=True)
class Options:
    """Options of a command on what is to be run; None for each that is not given.

    Attributes
    ----------
    scenarios, footprints
        Keys.
    portfolio, contract, projection
        Keys, or a file of a projection.
    settings
        Constants of the model to set.
    lines
        What a file says, for the user to see that it was understood.
    """

    scenarios: Sequence[str] | None
    portfolio: str | None
    contract: str | None
    projection: str | None
    footprints: Sequence[str] | None
    settings: dict[str, float]
    lines: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What is to be run, all futures in Dudley where nothing is said."""
        return Request(
            scenario_names(inputs_folder()) if self.scenarios is None else self.scenarios,
            self.portfolio or PORTFOLIO,
            self.contract or CONTRACT,
            FOOTPRINT if self.footprints is None else self.footprints,
            self.projection or PROJECTION,
            self.settings,
        )


def options_of(typed: Options, words: list[str], from_file: Path | None) -> Options:
    """Put together what was typed and what a file says.

    Parameters
    ----------
    typed
        Options that were typed, without levers; None for each that was not.
    words
        Levers as typed.
    from_file
        Workbook of ``dudley-sd template``, whose changed values are levers, or a plan file.

    Raises
    ------
    InputError
        Every fault of both at once; a word that says otherwise than the file is one, and names both.
    """
    from dudley_sd.saved_plan import ENDING

    levers, faults = ask_levers(words)
    typed = replace(typed, settings=levers)
    if from_file is None:
        found = typed
    elif from_file.suffix.lower() == ENDING:
        found, more = _with_plan(typed, from_file)
        faults += more
    else:
        found, more = _with_workbook(typed, from_file)
        faults += more
    if faults:
        raise InputError(faults)
    return found


def _with_workbook(typed: Options, path: Path) -> tuple[Options, list[Fault]]:
    from dudley_sd.results.lever_workbook_reader import read_levers

    try:
        filled = read_levers(path)
    except InputError as error:
        return typed, list(error.faults)
    listed = filled.levers
    both = {_lever_key(name) for name in typed.settings} & {_lever_key(name) for name in listed}
    faults = [
        Fault("--lever", name, "is set in the workbook too", "Keep one")
        for name in typed.settings
        if _lever_key(name) in both
    ]
    what = "nothing is set" if not listed else f"{plural(len(listed), 'lever')} set"
    if filled.defaults:
        cells = "cell holds its default" if filled.defaults == 1 else "cells hold their default"
        what += f"; {filled.defaults} {cells}, which is no change"
    notes = (f"  {note}" for note in filled.notes)
    read = (f"Read from {path.name}: {what}", *_lines(listed), *notes)
    return replace(typed, settings={**listed, **typed.settings}, lines=read), faults


def _with_plan(typed: Options, path: Path) -> tuple[Options, list[Fault]]:
    from dudley_sd.saved_plan import read_plan_file

    try:
        plan = read_plan_file(path)
    except InputError as error:
        return typed, list(error.faults)
    pairs = (
        ("scenarios", typed.scenarios, plan.scenarios),
        ("--portfolio", typed.portfolio, plan.portfolio),
        ("--contract", typed.contract, plan.contract),
        ("--projection", typed.projection, plan.projection),
        ("--footprint", typed.footprints, plan.footprints),
    )
    faults = [
        _at_odds(word, _option_text(value), path, _option_text(written))
        for word, value, written in pairs
        if value is not None and value != written
    ]
    values = plan.request.values
    written = {_lever_key(name): value for name, value in values.items()}
    faults += [
        _at_odds("--lever", f"{name}={value!r}", path, f"{written[_lever_key(name)]!r}")
        for name, value in typed.settings.items()
        if written.get(_lever_key(name), value) != value
    ]
    more = {name: value for name, value in typed.settings.items() if _lever_key(name) not in written}
    levers = {**values, **more}
    read = (
        f"Read from {path.name}: {plan.title}",
        f"  futures {_option_text(plan.scenarios)}; portfolio {plan.portfolio}; contract {plan.contract}; "
        f"areas {_option_text(plan.footprints)}; people {plan.projection}",
        f"  {plural(len(values), 'lever') if values else 'no levers'}",
        *_lines(values),
        *(f"  {note}" for note in plan.notes),
    )
    found = Options(
        plan.scenarios, plan.portfolio, plan.contract, plan.projection, plan.footprints, levers, read
    )
    return found, faults


def _lines(levers: dict[str, float]) -> list[str]:
    return [f"  {name} = {value:.10g}" for name, value in levers.items()]


def _lever_key(address: str) -> tuple[str, str | None]:
    """Lever and element of an address, as spellings are compared."""
    name, element = lever_address(address)
    return same_name(name), element


def _at_odds(word: str, value: str, path: Path, written: str) -> Fault:
    remedy = "Leave the word out, or change the file"
    return Fault(word, value, f"says otherwise than {path.name}, which has {written}", remedy)


def _option_text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def refuse_unwritable(out: Path, option: str = "--out") -> None:
    """Refuse a folder that cannot be written, before anything is run; leaves nothing behind."""
    made: list[Path] = []
    try:
        made = [path for path in (out, *out.absolute().parents) if not path.exists()]
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except (OSError, ValueError) as error:
        problem = f"cannot be written to ({getattr(error, 'strerror', None) or error})"
        remedy = "Name a folder, existing or new, that you may write to"
        raise InputError([Fault(option, str(out)[:SHOWN], problem, remedy)]) from None
    finally:
        for path in made:
            with suppress(OSError, ValueError):
                path.rmdir()


def progress_bar() -> Progress:
    """Show runs done and the time they took."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def band_wanted(band: bool | None, engine: str) -> bool:
    """Whether to make the runs of a band; where they would take minutes only if they are asked for.

    Raises
    ------
    InputError
        If a band is asked for of PySD.
    """
    from sdcompile.run.compiler import find_compiler

    from dudley_sd.api import NO_BAND_BY_PYSD

    if band and engine == "pysd":
        raise InputError([NO_BAND_BY_PYSD])
    if band is not None:
        return band
    slow = engine in ("pysd", "numpy") or find_compiler() is None
    if slow:
        why = "takes too long with PySD" if engine == "pysd" else "takes minutes without C; ask with --band"
        console.print(f"No band of 8 in 10 runs: it {why}. Results are a single run at central values.")
    return not slow

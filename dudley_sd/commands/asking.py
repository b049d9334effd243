"""What commands share: levers as typed, a folder that must be writable, progress on the screen."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
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
from sdcompile.read.levers import lever_address

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
    return settings, faults


def settings(words: list[str]) -> dict[str, float]:
    """Levers as typed; every fault at once."""
    found, faults = ask_levers(words)
    if faults:
        raise InputError(faults)
    return found


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

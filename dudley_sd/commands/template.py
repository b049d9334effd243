"""``dudley-sd template``: a workbook of all levers, to change and to run from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from sdcompile.errors import Fault, InputError

from dudley_sd.commands.options import console, refuse_unwritable


def template(
    to: Annotated[Path, typer.Option(help="Workbook to write, ending in .xlsx.")] = Path("levers.xlsx"),
    replace: Annotated[bool, typer.Option("--replace", help="Replace a workbook that is there.")] = False,
) -> None:
    """Write a workbook of all levers with unit, range and source; 'dudley-sd run --from' reads it back."""
    from sdcompile.read.levers import levers
    from sdcompile.read.model import read_model

    from dudley_sd.folders import MODEL_FILE, models_folder
    from dudley_sd.results.lever_workbook import write_levers

    refuse_unwritable(to.parent, "--to")
    if to.suffix.lower() != ".xlsx" or to.is_dir():
        problem = "is a folder" if to.is_dir() else "does not end in .xlsx"
        raise InputError([Fault("--to", str(to), problem, "Name a workbook: levers.xlsx")])
    if to.exists() and not replace:
        problem = "is there already, with whatever was filled in"
        raise InputError([Fault("--to", str(to), problem, "Choose another name, or give --replace")])
    model = read_model(models_folder() / MODEL_FILE)
    write_levers(model, to)
    count = len(levers(model))
    command = shlex.join(["dudley-sd", "run", "--from", str(to)])
    console.print(f"Wrote {count} levers. Fill in column C, then: {command}", soft_wrap=True)
    typer.echo(to)

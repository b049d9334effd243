"""``dudley-sd area``: footprints of any CCG in England."""

from __future__ import annotations

from typing import Annotated

import typer

from dudley_sd.commands.options import console

area = typer.Typer(no_args_is_help=True, help="Areas of your own: any CCG of England, or a sum of several.")


@area.command("new")
def new(
    codes: Annotated[
        list[str], typer.Argument(help="Code or name of a CCG of mid-2018; several make a total.")
    ],
    name: Annotated[str, typer.Option(help="What to call it; after the CCGs if not given.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
) -> None:
    """Write the footprint of a CCG: its people by ONS, use and sizes by Dudley's rates, so indicative."""
    from dudley_sd.folders import areas_folder, inputs_folder
    from dudley_sd.inputs.new_areas import find_ccgs, is_cut, write_area

    inputs = inputs_folder()
    made = write_area(codes, name, inputs, areas_folder(), replace=replace)
    parts = f", the sum of {', '.join(made.parts)}" if made.parts else ""
    _say(f"{made.name}{parts}: people by ONS, 2018-based; all else indicative, at Dudley's rates. Wrote:")
    for path in made.written:
        typer.echo(path)
    cut = [official for official in find_ccgs(codes, inputs).values() if is_cut(official)]
    if cut and not name:
        _say(f"ONS cuts {' and '.join(cut)} short: --name gives it in full.")
    _say(f"Run it: dudley-sd run --footprint {made.key}")


@area.command("list")
def listed(
    word: Annotated[str, typer.Argument(help="Show only CCGs whose name or code holds this.")] = "",
) -> None:
    """List the CCGs that an area can be made of: code and name."""
    from dudley_sd.folders import inputs_folder
    from dudley_sd.inputs.new_areas import find_ccgs, listed_ccgs

    inputs = inputs_folder()
    for code, name in (listed_ccgs(word, inputs) or find_ccgs([word], inputs)).items():
        typer.echo(f"{code}  {name}")


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)

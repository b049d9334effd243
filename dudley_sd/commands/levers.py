"""``dudley-sd levers``: what ``--lever`` can set."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer
from sdcompile.errors import Fault, InputError
from sdcompile.read.levers import Lever


def levers(
    words: Annotated[
        str, typer.Argument(help="Show only levers whose name, or one of whose elements, holds these words.")
    ] = "",
) -> None:
    """List what --lever can set: name, default, limits, unit and meaning."""
    from sdcompile.names import did_you_mean, nearest
    from sdcompile.read.levers import levers as model_levers
    from sdcompile.read.model import read_model

    from dudley_sd.folders import MODEL_FILE, models_folder
    from dudley_sd.inputs.elements import element_text

    def holds(*names: str) -> bool:
        return any(words.lower() in name.lower() for name in names)

    known = {lever.name: lever for lever in model_levers(read_model(models_folder() / MODEL_FILE)).values()}
    elements = {each for lever in known.values() for each in lever.elements}
    matching = {each for each in elements if holds(each, *map(element_text, each.split(",")))}
    found = [lever for name, lever in known.items() if holds(name) or matching & {*lever.elements}]
    if not found:
        problem = "no lever's name holds these words, nor an element's"
        near = nearest(words, known) or nearest(words, {word for name in known for word in name.split()})
        remedy = did_you_mean(near, "Try fewer letters, or none for all")
        raise InputError([Fault("levers", repr(words), problem, remedy)])
    for lever in found:
        unit = "" if lever.units == "Dmnl" else f" {lever.units}"
        typer.echo(f"{lever.name}  ({lever.low:g} to {lever.high:g}{unit}): {lever.sentence}")
        for name, value in sorted(_defaults(lever), key=lambda each: _element(each[0]) not in matching):
            typer.echo(f"    --lever '{name}={value:g}'")


def _element(address: str) -> str:
    """Element of an address; its subscripts all together where it has several."""
    return address.partition("[")[2].rstrip("]")


def _defaults(lever: Lever) -> list[tuple[str, float]]:
    """Every address of a lever with the value it has in the model file."""
    if not lever.elements:
        return [(lever.name, float(lever.default))]
    values = np.ravel(lever.default)
    return [
        (f"{lever.name}[{element}]", float(value))
        for element, value in zip(lever.elements, values, strict=True)
    ]

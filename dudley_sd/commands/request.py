"""Options of ``dudley-sd run`` on what is to be run: words and a file, never at odds with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address

from dudley_sd.commands.asking import ask_levers
from dudley_sd.folders import inputs_folder
from dudley_sd.request import CONTRACT, FOOTPRINT, PORTFOLIO, PROJECTION, Request
from dudley_sd.scenarios.futures import scenario_names
from dudley_sd.text import plural


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
    both = {_place(name) for name in typed.settings} & {_place(name) for name in listed}
    faults = [
        Fault("--lever", name, "is set in the workbook too", "Keep one")
        for name in typed.settings
        if _place(name) in both
    ]
    what = "nothing is set" if not listed else f"{plural(len(listed), 'lever')} set"
    if filled.defaults:
        cells = "cell holds its default" if filled.defaults == 1 else "cells hold their default"
        what += f"; {filled.defaults} {cells}, which is no change"
    read = (f"Read from {path.name}: {what}", *_lines(listed))
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
        _at_odds(word, _told(said), path, _told(written))
        for word, said, written in pairs
        if said is not None and said != written
    ]
    values = plan.request.values
    written = {_place(name): value for name, value in values.items()}
    faults += [
        _at_odds("--lever", f"{name}={value!r}", path, f"{written[_place(name)]!r}")
        for name, value in typed.settings.items()
        if written.get(_place(name), value) != value
    ]
    more = {name: value for name, value in typed.settings.items() if _place(name) not in written}
    levers = {**values, **more}
    read = (
        f"Read from {path.name}: {plan.title}",
        f"  futures {_told(plan.scenarios)}; portfolio {plan.portfolio}; contract {plan.contract}; "
        f"areas {_told(plan.footprints)}; people {plan.projection}",
        f"  {plural(len(values), 'lever') if values else 'no levers'}",
        *_lines(values),
    )
    found = Options(
        plan.scenarios, plan.portfolio, plan.contract, plan.projection, plan.footprints, levers, read
    )
    return found, faults


def _lines(levers: dict[str, float]) -> list[str]:
    return [f"  {name} = {value:.10g}" for name, value in levers.items()]


def _place(address: str) -> tuple[str, str | None]:
    """Lever and element of an address, as spellings are compared."""
    name, element = lever_address(address)
    return same_name(name), element


def _at_odds(word: str, said: str, path: Path, written: str) -> Fault:
    remedy = "Leave the word out, or change the file"
    return Fault(word, said, f"says otherwise than {path.name}, which has {written}", remedy)


def _told(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)

"""``dudley-sd solve``: the supply of staff of each future, solved again so that it ends at its vacancy."""

from __future__ import annotations

import math
import re
from pathlib import Path

import typer
from sdcompile.errors import Fault, InputError

from dudley_sd.commands.options import console, progress_bar

SUPPLY = "external supply of staff in 2033"
"""Constant that is solved."""

VACANCY = "overall_vacancy_rate"
"""Indicator that a level of the uncertainties says it is solved for."""

LEAST, MOST = 0.05, 6.0
"""Supply is looked for between these."""

DIGITS = 4


def solve() -> None:
    """Solve the supply of staff of each future again and write it into its file.

    To be run after every change of equations or numbers: doing nothing then ends 2033 at the vacancy of the
    future. What the Official Future has is written into parameters.csv and the model file too.
    """
    from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
    from dudley_sd.inputs.model_text import write_model
    from dudley_sd.settings.futures import scenario_names

    inputs = inputs_folder()
    names = scenario_names(inputs, readings=True)
    with progress_bar() as progress:
        task = progress.add_task("Supply of staff", total=len(names))
        found = {}
        for name in names:
            found[name] = solved_supply(name, wanted_vacancy(name, inputs))
            progress.advance(task)
    for name, supply in found.items():
        write_scenario(inputs / "scenarios" / f"{name}.toml", supply)
        console.print(f"{name}: {supply}")
    _write_parameter(inputs / "parameters.csv", found[names[0]])
    write_model(models_folder() / MODEL_FILE, inputs)
    for name in names:
        typer.echo(inputs / "scenarios" / f"{name}.toml")


def wanted_vacancy(name: str, inputs: Path) -> float:
    """Vacancy in mid-2033 that the levels of a future say it is solved for.

    Raises
    ------
    InputError
        If none of its levels says one.
    """
    from dudley_sd.settings.futures import read_scenario, read_uncertainties

    uncertainties = read_uncertainties(inputs)
    for key, choice in read_scenario(name, inputs).levels.items():
        solves = uncertainties[key].levels[choice.level].solves
        if VACANCY in solves:
            return solves[VACANCY]
    problem, remedy = f"no level of {name} solves {VACANCY}", "Give a level of the workforce what it solves"
    raise InputError([Fault(str(inputs / "uncertainties.toml"), "", problem, remedy)])


def solved_supply(name: str, vacancy: float) -> float:
    """External supply of staff with which doing nothing in a future ends 2033 at a vacancy.

    Parameters
    ----------
    name
        Key of the future.
    vacancy
        Share of posts to be vacant in mid-2033.

    Raises
    ------
    InputError
        If no supply in reach gives it.
    """
    low, high = math.log(LEAST), math.log(MOST)
    if not _vacancy(name, MOST) < vacancy < _vacancy(name, LEAST):
        problem = f"no supply from {LEAST:g} to {MOST:g} ends 2033 at {vacancy:.0%} vacancy"
        raise InputError([Fault("scenarios", name, problem, "Look at what else the future sets")])
    while math.exp(high) - math.exp(low) > 0.1**DIGITS / 4:
        middle = (low + high) / 2
        if _vacancy(name, math.exp(middle)) > vacancy:
            low = middle
        else:
            high = middle
    return round(math.exp((low + high) / 2), DIGITS)


def _vacancy(name: str, supply: float) -> float:
    from dudley_sd import simulation
    from dudley_sd.request import Request
    from dudley_sd.settings.portfolios import NO_PORTFOLIO

    request = Request(scenarios=name, portfolio=NO_PORTFOLIO, settings={SUPPLY: supply})
    (results,) = simulation.run(request, [VACANCY]).values()
    return float(results[VACANCY].isel(year=-1).squeeze())


def write_scenario(path: Path, supply: float) -> None:
    """Write a solved supply into the file of a future, which must have one."""
    _replace(path, rf'(\[own\."{SUPPLY}"\]\nvalue = )[-\d.e]+', supply)


def _write_parameter(path: Path, supply: float) -> None:
    _replace(path, rf"((?m:^)[^,\n]*,{SUPPLY},model,Dmnl,[^,\n]*,)[^,\n]*", supply)


def _replace(path: Path, pattern: str, supply: float) -> None:
    text, count = re.subn(pattern, rf"\g<1>{supply}", path.read_text(encoding="utf-8"))
    if count != 1:
        problem, remedy = f"{SUPPLY} is there {count} times", "Give it once, under own, value first"
        raise InputError([Fault(str(path), SUPPLY, problem, remedy)])
    path.write_text(text, encoding="utf-8", newline="\n")

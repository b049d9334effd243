"""Generated pages of a checkout: what they should say now, writing them, and which are stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from sdcompile.describe.catalogue import read_catalogue
from sdcompile.describe.dictionary import dictionary_page
from sdcompile.describe.loops import find_loops
from sdcompile.describe.loops_page import loops_page, main_rounds, summary
from sdcompile.describe.markdown import with_part
from sdcompile.describe.pictures import overview_picture, sectors_page
from sdcompile.describe.signs import Signs
from sdcompile.describe.states import Runs
from sdcompile.errors import Fault, InputError
from sdcompile.names import snake_case
from sdcompile.read.levers import lever_address
from sdcompile.read.model import Model
from sdcompile.scratch import atomic_files

from dudley_sd.describe.assumptions import assumptions_part, parameter_rows
from dudley_sd.describe.loops_file import Loops, read_loops
from dudley_sd.folders import MODEL_FILE
from dudley_sd.inputs.parameters import OTHER_TABLES, count_assumptions, read_parameters
from dudley_sd.settings.contracts import contract_settings, read_contract
from dudley_sd.settings.futures import read_scenario, scenario_settings
from dudley_sd.settings.overlay import overlay
from dudley_sd.settings.portfolios import portfolio_settings, read_portfolio

LOOPS = "loops.toml"
READERS = ("Indicators",)
"""Sectors that report: nearly every sector leads to them, so pictures leave those arrows out."""

MADE = "Written from the model file by `dudley-sd describe`; do not edit."
INTRO = (
    f"{MADE} {{count}} variables of [`{{file}}`]({{file}}) in file order. "
    "Ranges and sources are those of [`inputs/parameters.csv`](../inputs/parameters.csv); a source's id "
    "is explained in [`inputs/sources.csv`](../inputs/sources.csv)."
)
HOW = (
    "Each link was looked at in the run {scenario} with portfolio {portfolio} and contract {contract}, at "
    "every mid-year: the first variable was raised and lowered by a thousandth, everything else held, and "
    "the equation of the second worked out again. **+** moves the same way, **−** the other way, **±** some "
    "elements or years one way and some the other, **0** no answer in this run. A loop whose signs multiply "
    "to + is reinforcing, to − balancing. Dashed are variables that the path in [`loops.toml`](loops.toml) "
    "leaves out and the model supplies; boxes are stocks, violet are lagged values."
)
MAKE_AGAIN = "Run `dudley-sd describe` to write the pages again"


def pages(inputs: Path, models: Path) -> dict[Path, str]:
    """Return what every generated page should say.

    Parameters
    ----------
    inputs
        Folder of inputs.
    models
        Folder with the model file, its tables and ``loops.toml``.

    Returns
    -------
    dict
        Path to text: the dictionary, sectors and loops beside the model file; its README and, in a checkout,
        the log of assumptions with their generated parts renewed.

    Raises
    ------
    InputError
        If a file cannot be read, or a loop is not in the model as claimed.
    """
    loops = read_loops(models / LOOPS)
    parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv").table
    catalogue = read_catalogue(models / MODEL_FILE, parameters[parameters["acts_through"] == "model"])
    runs = signs_in_runs(catalogue.model, loops, inputs)
    findings, faults = find_loops(catalogue, runs, loops.loop, models / LOOPS)
    if faults:
        raise InputError(faults)
    rounds = main_rounds(catalogue, {snake_case(loop.closing) for loop in loops.loop if loop.closing})
    named = {
        snake_case(lever_address(name)[0]) for loop in loops.loop for path in loop.paths for name in path
    }
    how = HOW.format(scenario=loops.scenario, portfolio=loops.portfolio, contract=loops.contract)
    readme = models / "README.md"
    text = _read(readme)
    text = with_part(text, "overview", overview_picture(catalogue, READERS), str(readme))
    text = with_part(text, "loops", summary(findings, "LOOPS.md"), str(readme))
    found = {
        models / "DICTIONARY.md": dictionary_page(catalogue, INTRO, parameter_rows),
        models / "SECTORS.md": sectors_page(catalogue, named, READERS, MADE),
        models / "LOOPS.md": loops_page(catalogue, f"{MADE} {how}", findings, runs({}), rounds),
        readme: text,
    }
    log = inputs.parent / "docs" / "assumptions.md"
    if log.is_file():
        evidence = {file: _table(inputs / file) for file in OTHER_TABLES}
        part = assumptions_part(catalogue, parameters, evidence, count_assumptions(inputs))
        found[log] = with_part(_read(log), "assumptions", part, str(log))
    return found


def write_pages(inputs: Path, models: Path) -> list[Path]:
    """Write every generated page and return the paths; see `pages`."""
    found = pages(inputs, models)
    write(found)
    return list(found)


def write(found: Mapping[Path, str]) -> None:
    """Write pages, as `pages` returns them; none is put in place before all are written."""
    with atomic_files(list(found)) as ready:
        for scratch, text in zip(ready, found.values(), strict=True):
            scratch.write_text(text, encoding="utf-8")


def stale_page_faults(inputs: Path, models: Path) -> list[Fault]:
    """Find generated pages that are missing or say otherwise than the model does now.

    Returns
    -------
    list of Fault
        One for each page, with its first line that differs; or what is wrong with a loop.
    """
    try:
        return differences(pages(inputs, models))
    except InputError as error:
        return list(error.faults)


def differences(found: Mapping[Path, str]) -> list[Fault]:
    """Compare pages on disk with what they should say, as `pages` returns it."""
    faults = []
    for path, text in found.items():
        if not path.is_file():
            faults.append(Fault(str(path), "", "the page does not exist", MAKE_AGAIN))
        elif (there := _read(path)) != text:
            line = _first_difference(there, text)
            faults.append(Fault(str(path), f"line {line}", "it is not what the model says now", MAKE_AGAIN))
    return faults


def signs_in_runs(model: Model, loops: Loops, inputs: Path) -> Callable[[Mapping[str, float]], Signs]:
    """Signs in the run that the file of loops asks for, with levers on top; each run is made once."""
    scenario = scenario_settings(read_scenario(loops.scenario, inputs), inputs)
    portfolio = portfolio_settings(read_portfolio(loops.portfolio, inputs))
    contract = contract_settings(read_contract(loops.contract, inputs))
    runs, made = Runs(model.path), dict[tuple[tuple[str, float], ...], Signs]()

    def signs_in(levers: Mapping[str, float]) -> Signs:
        key = tuple(levers.items())
        if key not in made:
            settings = overlay(model, scenario, portfolio, contract, levers)
            made[key] = Signs(runs.states(settings))
        return made[key]

    return signs_in


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _read(path: Path) -> str:
    if not path.is_file():
        raise InputError([Fault(str(path), "", "the file does not exist", "Put it back from the repository")])
    return path.read_text(encoding="utf-8")


def _first_difference(there: str, wanted: str) -> int:
    pairs = zip(there.splitlines(), wanted.splitlines(), strict=False)
    same = next((number for number, (one, other) in enumerate(pairs, start=1) if one != other), None)
    return same if same is not None else min(there.count("\n"), wanted.count("\n")) + 1

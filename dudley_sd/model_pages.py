"""Generated pages of a checkout: what they should say now, writing them, and which are stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError
from sdcompile.describe.catalogue import Catalogue, read_catalogue
from sdcompile.describe.dictionary import dictionary_page
from sdcompile.describe.loops import Loop, find_loops
from sdcompile.describe.loops_page import loops_page, main_rounds, summary
from sdcompile.describe.markdown import link, number, table, with_part
from sdcompile.describe.pictures import overview_picture, sectors_page
from sdcompile.describe.signs import Signs
from sdcompile.describe.states import Runs
from sdcompile.errors import Fault, InputError
from sdcompile.names import snake_case
from sdcompile.read.levers import lever_address
from sdcompile.read.model import Model
from sdcompile.scratch import atomic_files

from dudley_sd.folders import MODEL_FILE
from dudley_sd.inputs.parameters import NOT_COUNTED, OTHER_TABLES, count_assumptions, read_parameters
from dudley_sd.inputs.toml_files import read_toml, validation_faults
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
SIZES = (
    "What cutting each loop does by 2033 with the plan in place; in brackets what the joined prototype gave. "
    "R3, R6 and B3 are small."
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
        models / "LOOPS.md": loops_page(
            catalogue, f"{MADE} {how}\n\n{sizes_part(loops)}", findings, runs({}), rounds
        ),
        readme: text,
    }
    log = inputs.parent / "docs" / "assumptions.md"
    if log.is_file():
        evidence = {file: _table(inputs / file) for file in OTHER_TABLES}
        part = assumptions_part(catalogue, parameters, evidence, count_assumptions(inputs))
        found[log] = with_part(_read(log), "assumptions", part, str(log))
    return found


def sizes_part(loops: Loops) -> str:
    """Return the table of what cutting each loop does, expected and found, in Markdown."""
    heads = ["loop", "beds needed", "vacancies, points", "waiting list", "deaths 2018–33"]
    rows = [
        [f"{loop.name} {loop.title}", *(f"{found} ({wanted})" for wanted, found in zip(*cells, strict=True))]
        for loop in loops.loop
        if loop.expected and loop.found
        for cells in [(loop.expected.cells(), loop.found.cells())]
    ]
    return f"{SIZES}\n\n{table(heads, rows)}"


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


class Sizes(BaseModel):
    """What cutting a loop does by 2033 with the portfolio of the file in place.

    Attributes
    ----------
    beds_needed, waiting_list
        Change as a share.
    vacancy
        Change of the share of all posts that are vacant.
    deaths
        More deaths from 2018 to 2033, persons.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    beds_needed: float
    vacancy: float
    waiting_list: float
    deaths: float

    def cells(self) -> list[str]:
        """Return the sizes as a reader sees them: ``−0.7%``, ``−0.1``, ``−2%``, ``−128``."""
        texts = [
            f"{100 * self.beds_needed:+.1f}%",
            f"{100 * self.vacancy:+.1f}",
            f"{100 * self.waiting_list:+.0f}%",
            f"{self.deaths:+,.0f}",
        ]
        return [(text if text.strip("+-0.%") else text[1:]).replace("-", "−") for text in texts]

    def text(self) -> str:
        """Return the sizes in one line."""
        return "beds needed {}, vacancies {} points, waiting list {}, deaths {}".format(*self.cells())


class SizedLoop(Loop):
    """A loop with what cutting it should do, and does."""

    expected: Sizes | None = None
    found: Sizes | None = None


class Loops(BaseModel):
    """All loops and chains, and the run in which their signs are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    portfolio: str
    contract: str
    loop: tuple[SizedLoop, ...]


def read_loops(path: Path) -> Loops:
    """Read the file of loops.

    Raises
    ------
    InputError
        If it is not there or not TOML, or a key is unknown, missing or wrong; all at once.
    """
    try:
        return Loops.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(validation_faults(path, error)) from None


UNPUBLISHED = ("assumption", "judgement")
DICTIONARY = "../models/DICTIONARY.md"
HEAD = ("number", "unit", "low", "central", "high", "reliability", "acts on", "why", "source")
ROW_HEAD = ("element", "low", "central", "high", "status", "source", "why this value")
NAMED = 4
"""Variables that a number acts on which are named; the dictionary has the rest."""


def assumptions_part(
    catalogue: Catalogue,
    parameters: pd.DataFrame,
    evidence: Mapping[str, pd.DataFrame],
    count: tuple[int, int],
) -> str:
    """Write the generated part of the log.

    Parameters
    ----------
    catalogue
        The model, with its rows.
    parameters
        All rows of ``parameters.csv``.
    evidence
        Other tables of numbers that have a status, by file under ``inputs/``.
    count
        From `dudley_sd.inputs.parameters.count_assumptions`.
    """
    parts = [
        "Written from the inputs by `dudley-sd describe`. *Assumption*: nobody has published the number. "
        "*Judgement*: read from a source that gives words or a neighbouring number. Elements that say the "
        "same share a row; switches are left out. What a number acts on is where its effect enters.",
        f"{count[0]:,} of the model's {count[1]:,} numbers are assumptions. {NOT_COUNTED}. All rows:",
        _counts(parameters, evidence),
    ]
    for group in catalogue.model.groups:
        rows = [row for v in catalogue.in_group(group) for row in _rows(catalogue, v.key)]
        if rows:
            parts += [f"### {group}", table(HEAD, rows)]
    rest = parameters[(parameters["acts_through"] != "model") & parameters["status"].isin(UNPUBLISHED)]
    if len(rest):
        parts += [
            "### In the preparation of tables and reference flows",
            table(HEAD, map(_prepared, _records(rest))),
        ]
    for file, numbers in evidence.items():
        unpublished = numbers[numbers["status"].isin(UNPUBLISHED)]
        parts += [f"### `inputs/{file}`", _evidence(unpublished)] if len(unpublished) else []
    return "\n\n".join(parts)


def _counts(parameters: pd.DataFrame, evidence: Mapping[str, pd.DataFrame]) -> str:
    tables = {"parameters.csv": parameters, **evidence}
    statuses = sorted({status for rows in tables.values() for status in rows["status"]})
    lines = [
        [
            f"`inputs/{file}`",
            *(str(int((rows["status"] == status).sum())) for status in statuses),
            str(len(rows)),
        ]
        for file, rows in tables.items()
    ]
    return table(("rows of", *statuses, "all"), lines)


def _rows(catalogue: Catalogue, key: str) -> list[tuple[str, ...]]:
    """Rows of one constant; elements that say the same are together."""
    found = catalogue.rows.get(key)
    if found is None or catalogue.role(catalogue.model.variables[key]) == "switch":
        return []
    together: dict[tuple[str, ...], list[str]] = {}
    for row in _records(found[found["status"].isin(UNPUBLISHED)]):
        element = row["model_name"].partition("[")[2].rstrip("]")
        together.setdefault(_facts(row), []).append(element)
    variable = catalogue.model.variables[key]
    acts = _acts_on(catalogue, key)
    rows = []
    for facts, elements in together.items():
        named = [element for element in elements if element]
        whole = len(together) == 1 and len(named) == len(found)
        which = f": {', '.join(named)}" if named and not whole else ""
        rows.append((link(variable.name, DICTIONARY) + which, *facts[:5], acts, *facts[5:]))
    return rows


def _acts_on(catalogue: Catalogue, key: str) -> str:
    used_by = [used for used in catalogue.used_by.get(key, ()) if used != key]
    names = [link(catalogue.model.variables[used].name, DICTIONARY) for used in used_by]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more or "–"


def _prepared(row: Mapping[str, str]) -> tuple[str, ...]:
    facts = _facts(row)
    return (row["id"].replace("_", " "), *facts[:5], row["acts_through"], *facts[5:])


def _facts(row: Mapping[str, str]) -> tuple[str, ...]:
    numbers = [number(float(row[column])) for column in ("low", "central", "high")]
    source = "; ".join(part for part in (row["source"], row["locator"]) if part)
    return (row["unit"], *numbers, row["status"], row["note"] or "–", source or "–")


def _evidence(rows: pd.DataFrame) -> str:
    """Rows of another table: a row is known by whatever it has beside the numbers and their provenance."""
    known = ("low", "central", "high", "unit", "status", "source", "locator", "note")
    lines = []
    for row in _records(rows):
        which = ", ".join(str(value) for column, value in row.items() if column not in known and str(value))
        facts = _facts(row)
        lines.append((which, *facts[:5], *facts[5:]))
    return table([column for column in HEAD if column != "acts on"], lines)


def _records(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in rows.to_dict("records")]


def parameter_rows(rows: pd.DataFrame) -> str:
    """Range, status and source of a constant; elements whose rows say the same share a line."""
    together: dict[tuple[str, ...], list[str]] = {}
    for _, row in rows.iterrows():
        element = str(row["model_name"]).partition("[")[2].rstrip("]") or "–"
        source = "; ".join(part for part in (str(row["source"]), str(row["locator"])) if part)
        numbers = (number(row["low"]), number(row["central"]), number(row["high"]))
        said = (*numbers, str(row["status"]), source or "–", str(row["note"]) or "–")
        together.setdefault(said, []).append(element)
    return table(ROW_HEAD, ((", ".join(elements), *said) for said, elements in together.items()))

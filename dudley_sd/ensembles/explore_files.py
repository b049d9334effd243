"""Files of an exploration: a table for other programs, a workbook for readers, a picture."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from dudley_sd.ensembles.explore_picture import BARS, NOTES, number_text, write_explore_png
from dudley_sd.ensembles.labels import parts_of_label, unit_of, variable_text
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, key_outputs
from dudley_sd.ensembles.summary_book import sized_table
from dudley_sd.inputs.projection_choice import PUBLISHED, split_choice
from dudley_sd.results.excel import save_workbook, workbook
from dudley_sd.results.table import Content, write_frame
from dudley_sd.results.units import unit_words
from dudley_sd.settings.contracts import AS_NOW

STRONGEST = 20
"""Numbers that the first sheet lists for each output."""

HEADS = {
    "swing": "Swing",
    "at_low": "With it low",
    "at_central": "All central",
    "at_high": "With it high",
    "mu_star": "Mean effect, without sign",
    "mu": "Mean effect",
    "sigma": "Spread of the effects",
    "mu_star_conf": "How sure, ±",
    "total_order": "Share of variance, with others",
    "total_order_conf": "How sure, ±",
    "first_order": "Share of variance, alone",
    "first_order_conf": "How sure, ± (alone)",
}


def write_explored(
    table: pd.DataFrame, plan: EnsemblePlan, method: str, size: int | None, folder: Path
) -> list[Path]:
    """Write table, workbook and picture.

    Parameters
    ----------
    table, plan
        From `dudley_sd.ensembles.explore`.
    method, size
        As asked for.
    folder
        For the files; those of the same request are replaced, of others they are not named alike.

    Returns
    -------
    list of Path
        CSV, XLSX and, if anything moves, PNG.
    """
    request = plan.request
    command = explore_command(request, method, size)
    stem = _stem(request, method, size, command)
    titles, units = {}, {}
    for key in plan.outputs:
        variable = plan.first.model.variables[key]
        titles[key] = variable_text(key, variable.name)
        units[key] = unit_of(key, variable.units)
    place = next(iter(plan.asked.values())).name
    future = next(iter(plan.first.scenarios.values())).title
    contract = plan.first.contract.title.lower() if request.contract == AS_NOW else plan.first.contract.title
    decided = f"portfolio {plan.first.portfolio.title.lower()}, contract {contract}"
    title = f"What matters most in {table['year'].iloc[0]}: {place}, {future}, {decided} ({method})"
    source = (
        f"Source: dudley_sd {version('dudley-sd')}, {date.today()}. People: projection {request.projection}."
    )
    paths = [write_frame(table, folder / f"{stem}.csv")]
    paths.append(_book(table, plan, method, title, command, titles, units, folder / f"{stem}.xlsx"))
    if len(table):
        paths.append(write_explore_png(table, method, title, titles, units, source, folder / f"{stem}.png"))
    return paths


def explore_command(request: EnsembleRequest, method: str, size: int | None) -> str:
    """Return the command that explores the same again."""
    words = ["--method", method, *([] if size is None else ["--size", str(size)])]
    return request.command("explore", *words, "--seed", str(request.seed), *request.output_text)


def _stem(request: EnsembleRequest, method: str, size: int | None, command: str) -> str:
    """Name of area, portfolio, future and method, and a mark of the command where it asks for more."""
    people = (
        "" if request.projection == PUBLISHED else f"_on_{Path(split_choice(request.projection)[0]).stem}"
    )
    words = [*request.footprints, f"{request.portfolio}{people}", *request.scenarios, method]
    as_usual = (
        request.contract == AS_NOW
        and not request.settings
        and request.outputs == key_outputs()
        and request.seed == 0
        and size is None
        and "." not in Path(request.projection).name
    )
    mark = hashlib.sha256(command.encode("utf-8")).hexdigest()[:6]
    return "_".join(words if as_usual else [*words, mark])


def _book(
    table: pd.DataFrame,
    plan: EnsemblePlan,
    method: str,
    title: str,
    command: str,
    titles: dict[str, str],
    units: dict[str, str],
    path: Path,
) -> Path:
    ranges = {each.name: each for each in plan.ranges.drawn}
    columns = [column for column in table.columns if column in HEADS]
    heads = ["Measure", "Part", "Unit", "Place", "Number", *(HEADS[column] for column in columns)]
    heads += ["Low", "Central", "High", "Unit of the number"]
    rows: list[list[Content]] = []
    for each in table.to_dict("records"):
        key, element = parts_of_label(str(each["variable"]))
        number = ranges[str(each["parameter"])]
        rows.append(
            [
                *(titles[key], element, units[key], int(each["place"]), number_text(number.name)),
                *(float(each[column]) for column in columns),
                *(number.low, number.central, number.high, unit_words(number.unit)),
            ]
        )
    unsure = [str(table["note"].iloc[0]).capitalize() + "."] if "note" in table and len(table) else []
    strongest = [row for row in rows if isinstance(row[3], int) and row[3] <= STRONGEST]
    notes = [*unsure, NOTES[method]]
    note = f"The {STRONGEST} that matter most for each measure."
    sheets = [
        sized_table("Strongest", title, [*notes, note], heads, strongest),
        sized_table("All", title, notes, heads, rows),
    ]
    about = [
        ("What this is", f"{title}. How far each number with a range moves the results of the last year."),
        ("How it was found", NOTES[method]),
        ("Strongest", f"{note} The picture beside this workbook shows {BARS} for up to six measures."),
        ("All", "Every number that was moved, for every measure that moves."),
        ("Low, central, high", "The range of the number, from inputs/parameters.csv with its source there."),
        ("Make it again", command),
    ]
    return save_workbook(workbook(title, about, sheets, [*unsure, "A model, not a forecast."]), path)

"""The command line: ``dudley-sd`` ``run``, ``compare``, ``template``, ``check``, ``validate`` and others."""

from __future__ import annotations

import gc
import os
import sys
import time
from enum import StrEnum
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated

import typer
from sdcompile.errors import InputError

from dudley_sd.commands import ensemble as ensemble_commands
from dudley_sd.commands.area import area
from dudley_sd.commands.compare import compare
from dudley_sd.commands.explore import explore
from dudley_sd.commands.faults import BAD_INPUT, FAILED, system_fault
from dudley_sd.commands.levers import levers
from dudley_sd.commands.options import (
    Band,
    Base,
    Contract,
    Engine,
    Footprints,
    Levers,
    NotAnOption,
    Options,
    Out,
    Portfolio,
    Projection,
    Unit,
    Variant,
    band_wanted,
    console,
    only_one,
    options_of,
    progress_bar,
    refuse_unwritable,
)
from dudley_sd.commands.solve import solve
from dudley_sd.commands.template import template
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice
from dudley_sd.request import CONTRACT, PORTFOLIO
from dudley_sd.results.invariants import BrokenInvariantError
from dudley_sd.text import plural

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="A system-dynamics model of Dudley's health and care system, 2018-2033. A model, not a forecast.",
)

COLLECT_AFTER = 200_000
"""Objects made before Python looks for circles among them: with its 700, a tenth of a run goes into that."""


def _version(flag: bool) -> None:
    if flag:
        typer.echo(f"dudley-sd {version('dudley-sd')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take what stands before a command."""


ensemble_commands.register(app)
app.add_typer(area, name="area")
app.command()(explore)
app.command()(compare)
app.command()(template)
app.command()(solve)
app.command()(levers)
for found in entry_points(group="dudley_sd.commands"):
    app.command(found.name)(found.load())


class Format(StrEnum):
    """Files that a run can leave."""

    NC = "nc"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    PNG = "png"


@app.command()
def run(
    context: typer.Context,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Futures to run, or 'reference' for the projection alone; all four if none is named."
        ),
    ] = None,
    portfolio: Portfolio = PORTFOLIO,
    contract: Contract = CONTRACT,
    projection: Projection = PUBLISHED,
    base: Base = None,
    unit: Unit = None,
    variant: Variant = None,
    footprint: Footprints = None,
    lever: Levers = None,
    from_file: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="Plan file of the dashboard (.toml), or workbook of 'dudley-sd template' whose changed "
            "values are levers.",
        ),
    ] = None,
    _: NotAnOption = None,
    out: Out = Path("results"),
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Files to write; all kinds if not given.")
    ] = None,
    do_nothing: Annotated[
        bool,
        typer.Option(
            help="Also run each scenario with no portfolio and the contract as now, for html, xlsx and png "
            "to compare with; not when that is what is run."
        ),
    ] = True,
    band: Band = None,
    engine: Engine = "auto",
    workers: Annotated[int, typer.Option(min=1, help="PySD runs side by side.")] = min(
        4, os.cpu_count() or 1
    ),
) -> None:
    """Project people, demand, GPs and the left shift, and write files and a picture."""
    from sdcompile.run.model_run import check_engine

    from dudley_sd import simulation
    from dudley_sd.results.assemble import together
    from dudley_sd.results.band import with_band
    from dudley_sd.results.export import COMPARING, areas_name, write_all
    from dudley_sd.runs.areas import find_all

    choice = projection_choice(projection, base, unit, variant)
    given = Options(
        scenarios or None,
        portfolio if _was_typed(context, "portfolio") else None,
        contract if _was_typed(context, "contract") else None,
        choice if _was_typed(context, "projection") else None,
        footprint,
        settings={},
    )
    options = options_of(given, lever or [], only_one(from_file or [], "--from"))
    request = options.request
    for line in options.lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    refuse_unwritable(out)
    check_engine(engine)
    drawn = band_wanted(band, engine)
    endings = tuple(kind.value for kind in formats or list(Format))
    areas, (runs,) = find_all([request])
    last = list(runs.values())[-1]
    for each in runs.values():
        simulation.refuse_disagreement(each)
    if areas.note:
        console.print(areas.note, markup=False, highlight=False, soft_wrap=True)
    compared = do_nothing and request.do_nothing() != request
    both = [request, request.do_nothing()] if compared and set(endings) & set(COMPARING) else [request]
    count = len(runs) * len(request.scenarios) * len(both)
    started = time.monotonic()
    with progress_bar() as progress:
        places = ", ".join(area.name for area in areas.footprints.values())
        what = f"{places}, {last.title}{' and do nothing' if len(both) > 1 else ''}"
        task = progress.add_task(what, total=count)
        done = [
            simulation.run(each, None, engine, workers, lambda _: progress.advance(task), areas)
            for each in both
        ]
        if drawn:
            bands = simulation.bands(request, engine, areas, compared)
            done = [
                {name: with_band(results, made[name]) for name, results in each.items()}
                for each, made in zip(done, (bands.run, bands.do_nothing), strict=False)
            ]
    results = [each[next(iter(each))] if len(each) == 1 else together(each) for each in done]
    name = last.name.replace(last.footprint.id, areas_name(list(areas.footprints)), 1)
    paths = write_all(results[0], out, endings, name=name, do_nothing=results[1] if len(both) > 1 else None)
    words = _runs_text(len(request.scenarios), len(runs), count if len(both) > 1 else 0)
    console.print(f"Ran {words} in {time.monotonic() - started:.0f} s. Wrote:")
    for path in paths:
        typer.echo(path)


def _was_typed(context: typer.Context, option: str) -> bool:
    """Whether an option stands on the command line; else its value is the usual one."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def _runs_text(scenarios: int, areas: int, with_do_nothing: int) -> str:
    """Count scenarios and areas that were run, and all runs where do nothing was run beside them."""
    what = "1 scenario" if scenarios == 1 else f"{scenarios} scenarios"
    if areas > 1:
        what += f" for {areas} areas"
    if with_do_nothing:
        what += f" and do nothing: {with_do_nothing} runs"
    return what


@app.command()
def check() -> None:
    """Check inputs, parameters, scenarios, contracts and the model file: every fault in one report."""
    from dudley_sd.checks.report import all_faults
    from dudley_sd.folders import inputs_folder, models_folder
    from dudley_sd.inputs.parameters import MOST_NUMBERS, count_numbers

    faults = all_faults(inputs_folder(), models_folder())
    if faults:
        raise InputError(faults)
    console.print("Inputs, parameters, scenarios, contracts and model file are sound.")
    console.print(f"{count_numbers(inputs_folder())} numbers of the world, of at most {MOST_NUMBERS}.")


@app.command()
def validate(
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("results"),
) -> None:
    """Test the model and write a report: exit code 1 if a test fails without a known reason."""
    from dudley_sd.validation.behaviour import counted
    from dudley_sd.validation.outcome import exit_code
    from dudley_sd.validation.page import headline, write_report
    from dudley_sd.validation.report import STAGES
    from dudley_sd.validation.report import validate as run_tests

    refuse_unwritable(out)
    started = time.monotonic()
    with progress_bar() as progress:
        task = progress.add_task("Validation", total=len(STAGES))
        report = run_tests(lambda _: progress.advance(task))
    paths = write_report(report, out)
    console.print(counted(report.outcomes))
    console.print(f"{headline(report.outcomes)} Took {time.monotonic() - started:.0f} s. Wrote:")
    for path in paths:
        typer.echo(path)
    raise typer.Exit(exit_code(report.outcomes))


@app.command()
def prepare(
    footprint: Annotated[str, typer.Option(help="Area.")] = "dudley",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the tables alone. If not given: models/data of this installation, and the "
            "elements and numbers of the tables are written into the model file."
        ),
    ] = None,
) -> None:
    """Write elements, numbers and tables of the model file, from the input files."""
    from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
    from dudley_sd.inputs.areas import read_footprint
    from dudley_sd.inputs.model_data import prepare as prepare_data
    from dudley_sd.inputs.model_data import write_model_data
    from dudley_sd.inputs.model_text import write_model

    folder = out or models_folder() / "data"
    refuse_unwritable(folder)
    data = prepare_data(read_footprint(footprint, inputs_folder()), inputs_folder())
    if out is None and write_model(models_folder() / MODEL_FILE, inputs_folder()):
        console.print(f"Wrote elements and numbers into {models_folder() / MODEL_FILE}.")
    written = write_model_data(data, folder, rounded=True)
    made = [] if out else folder.glob("reach_*.csv")
    stale = [path for path in made if path.name not in data.tables]
    for path in stale:
        path.unlink()
    same = len(data.tables) - len(written)
    console.print(f"Wrote {plural(len(written), 'table')} to {folder}; {same} were right as they are.")
    if stale:
        names = ", ".join(path.name for path in stale)
        console.print(f"Deleted {names}: there is no such intervention any more.")


@app.command()
def ons(
    files: Annotated[list[Path], typer.Argument(help="Projection files as ONS or Nomis publish them.")],
    show: Annotated[
        bool, typer.Option("--list", help="Say what the files are and list their areas.")
    ] = False,
    area: Annotated[
        list[str] | None, typer.Option(help="Code or name of an area to import; all if not given.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            help="Folder, or a file ending in .csv; inputs/ons/imported of this installation if not given."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace files that are there, with all areas in them.")
    ] = False,
    base: Base = None,
    unit: Unit = None,
    variant: Variant = None,
) -> None:
    """Import official population projections, or list what they hold."""
    from dudley_sd.folders import inputs_folder
    from dudley_sd.inputs.ons.layouts import read_releases
    from dudley_sd.inputs.ons.release import areas_of, file_facts
    from dudley_sd.inputs.ons.write import describe, write_releases
    from dudley_sd.inputs.projection_choice import IMPORTED

    releases = read_releases(files, file_facts(base, unit, variant))
    for release in releases:
        console.print(describe(release), markup=False, highlight=False, soft_wrap=True)
        if show:
            for code, name in areas_of(release).itertuples(index=False):
                typer.echo(f"{code}  {name}")
    if show:
        return
    paths = write_releases(releases, to or inputs_folder() / IMPORTED, area or (), again=replace)
    console.print("Wrote:")
    for path, done in paths.items():
        typer.echo(path)
        if done:
            console.print(f"  {done}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def describe() -> None:
    """Write the pages about the model: dictionary, sector pictures, loops, assumptions."""
    from dudley_sd.folders import inputs_folder, models_folder
    from dudley_sd.model_pages import write_pages

    for path in write_pages(inputs_folder(), models_folder()):
        typer.echo(path)


def main() -> None:
    """Run the command line: exit code 2 for bad input and bad usage, 1 for anything else that fails."""
    gc.set_threshold(COLLECT_AFTER)
    try:
        app()
    except InputError as error:
        message, code = str(error), BAD_INPUT
    except BrokenInvariantError as error:
        message, code = f"{error}\nNothing was written.", FAILED
    except (OSError, MemoryError) as error:
        message, code = system_fault(error)
    console.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)

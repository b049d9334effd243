"""``dudley-sd compare``: areas, futures, portfolios and contracts side by side."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dudley_sd.commands.options import (
    Band,
    Base,
    Engine,
    Out,
    Projection,
    Unit,
    Variant,
    band_wanted,
    console,
    portfolio_of_today,
    progress_bar,
    refuse_unwritable,
    settings,
)
from dudley_sd.inputs.projection_choice import PUBLISHED


class Table(StrEnum):
    """Files that a comparison can leave."""

    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


def compare(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Futures to compare; all four if none is named.")
    ] = None,
    portfolio: Annotated[
        list[str] | None,
        typer.Option(
            callback=lambda keys: keys and [portfolio_of_today(key) for key in keys],
            help="Portfolio; may be given many times. All of them, none first, if not given.",
        ),
    ] = None,
    contract: Annotated[
        list[str] | None, typer.Option(help="Contract; may be given many times. As now if not given.")
    ] = None,
    footprint: Annotated[
        list[str] | None,
        typer.Option(
            help="Area, or the name or code of any CCG; dudley if not given; may be given many times."
        ),
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            help="A constant of the model to set, in do nothing only if it is no decision: 'name=0.8'."
        ),
    ] = None,
    projection: Projection = PUBLISHED,
    base: Base = None,
    unit: Unit = None,
    variant: Variant = None,
    out: Out = Path("results"),
    formats: Annotated[
        list[Table] | None, typer.Option("--format", help="Files to write; all kinds if not given.")
    ] = None,
    band: Band = None,
    engine: Engine = "auto",
) -> None:
    """Compare areas, futures, portfolios and contracts, and find the portfolio that holds up best."""
    from dudley_sd import api
    from dudley_sd.results.comparison_text import of_runs
    from dudley_sd.results.export import write_comparison

    levers = settings(lever or [])
    drawn = band_wanted(band, engine)
    refuse_unwritable(out)
    endings = [kind.value for kind in formats or list(Table)]
    started = time.monotonic()
    with progress_bar() as progress:
        task = progress.add_task("Comparing", total=None)
        comparison = api.compare(
            scenarios or None,
            portfolios=portfolio,
            contracts=contract,
            footprints=footprint,
            levers=levers,
            engine=engine,
            projection=projection,
            base=base,
            unit=unit,
            variant=variant,
            band=drawn,
            report=lambda _: progress.advance(task),
        )
        runs = int(progress.tasks[task].completed)
        progress.update(task, total=runs)
    paths = write_comparison(comparison, out, endings)
    took = f"{time.monotonic() - started:.0f} s"
    console.print(f"Compared {runs} runs on the {comparison.base} in {took}. {of_runs(comparison)} Wrote:")
    for path in paths:
        typer.echo(path)

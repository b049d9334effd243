"""``dudley-sd ensemble``, ``dudley-sd summarise`` and ``dudley-sd explore``: many runs, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from dudley_sd.commands.options import (
    Base,
    Contract,
    Footprints,
    Levers,
    Portfolio,
    Projection,
    Unit,
    Variant,
    console,
    refuse_unwritable,
    settings,
)
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice
from dudley_sd.text import plural

FAILED = 1
STOPPED = 130

Scenarios = Annotated[list[str] | None, typer.Argument(help="Futures to run; all four if none is named.")]
Outputs = Annotated[
    list[str] | None, typer.Option(help="A variable to store. Repeatable; the key numbers if not given.")
]
Seed = Annotated[int, typer.Option(help="Whole number from 0 up: the same seed, the same draws.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(ensemble)
    app.command()(summarise)


def ensemble(
    scenarios: Scenarios = None,
    members: Annotated[int, typer.Option(help="Draws for each scenario.")] = 1000,
    seed: Seed = 0,
    portfolio: Portfolio = "as_evidenced",
    contract: Contract = "as_now",
    footprint: Footprints = None,
    projection: Projection = PUBLISHED,
    base: Base = None,
    unit: Unit = None,
    variant: Variant = None,
    lever: Levers = None,
    output: Outputs = None,
    sampler: Annotated[str, typer.Option(help="lhs (Latin hypercube) or sobol.")] = "lhs",
    distribution: Annotated[
        str, typer.Option(help="triangular (median at the central value) or uniform.")
    ] = "triangular",
    also: Annotated[
        list[str] | None,
        typer.Option(help="A constant to draw beside those drawn by themselves; everything. Repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Zarr store to write; results/<name>.zarr if not given.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on with a store that was stopped.")] = False,
    workers: Annotated[int | None, typer.Option(help="Threads; as many as processors if not given.")] = None,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler: tcp://host:8786.")] = None,
    engine: Annotated[str, typer.Option(help="auto (C, or NumPy without a compiler), c or numpy.")] = "auto",
    summary: Annotated[bool, typer.Option(help="Write the summaries too, as 'summarise' does.")] = False,
) -> None:
    """Run every scenario many times with numbers drawn from their ranges, into a Zarr store."""
    from dudley_sd.ensembles.ensemble import StoppedError, UnfinishedError, run_ensemble
    from dudley_sd.ensembles.plan import EnsembleRequest

    request = EnsembleRequest(
        scenarios=tuple(scenarios) if scenarios else None,
        portfolio=portfolio,
        contract=contract,
        footprints=tuple(footprint or ("dudley",)),
        projection=projection_choice(projection, base, unit, variant),
        settings=settings(lever or []),
        outputs=output or None,
        members=members,
        seed=seed,
        sampler=sampler,
        distribution=distribution,
        also=tuple(also or ()),
        engine=engine,
    )
    with _progress() as progress:
        task = progress.add_task(f"{members:,} members", total=members, start=False)

        def begin(_: int, there: int) -> None:
            progress.update(task, completed=there)
            progress.start_task(task)

        try:
            store = run_ensemble(
                request, out, resume, workers, dask, begin, lambda done: progress.advance(task, done)
            )
        except UnfinishedError as error:
            _say(str(error))
            raise typer.Exit(FAILED) from None
        except StoppedError as error:
            _say(str(error))
            raise typer.Exit(STOPPED) from None
        except KeyboardInterrupt:
            kept = "the store is as it was" if resume else "no store was made"
            _say(f"Stopped before anything was run: {kept}. Give the same command again.")
            raise typer.Exit(STOPPED) from None
    _tell_draws(store)
    typer.echo(store)
    if summary:
        summarise(store)


def summarise(
    store: Annotated[Path, typer.Argument(help="Store of an ensemble.")],
    do_nothing: Annotated[
        Path | None,
        typer.Option(help="Store with portfolio none, contract as_now and the same draws: break-even years."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            help="What members cross, in which year: 'occupancy>95%', 'gp_gap>0', 'system_balance<-50m'. "
            "Repeatable."
        ),
    ] = None,
    share: Annotated[
        list[float] | None,
        typer.Option(help="Shares of members for the bands; 0.1, 0.5 and 0.9 if not given."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; beside the store if not given.")] = None,
) -> None:
    """Write bands, thresholds crossed, break-even years and what matters most, as CSV and XLSX."""
    from dudley_sd.ensembles.summary import listed, write_summary

    if not store.name:  # such as "." for the folder where one stands
        store = store.absolute()
    folder = out or store.with_name(f"{store.stem}_summary")
    if store.exists():  # else there is nothing to stand beside, which is said first
        refuse_unwritable(folder)
    before = listed(folder)
    paths = write_summary(store, folder, do_nothing, threshold, share)
    gone = [name for name in before if not (folder / name).exists()]
    if gone:
        console.print(f"Removed, of the earlier summary: {', '.join(gone)}", soft_wrap=True)
    for path in paths:
        typer.echo(path)


def _tell_draws(store: Path) -> None:
    """Say what was drawn and, by reason, how much was not; what is left out or indicative."""
    from dudley_sd.ensembles.store import read_manifest

    content = read_manifest(store)
    reasons: dict[str, int] = {}
    for each in content["left_out"]:
        reasons[each["reason"]] = reasons.get(each["reason"], 0) + 1
    console.print(
        f"Drew {len(content['parameters'])} numbers ({content['distribution']}), and one of "
        f"{plural(max(1, content['references']['count']), 'reference')} of the people; left out, by reason:"
    )
    for reason, count in reasons.items():
        console.print(f"  {count:4} {reason}", highlight=False, soft_wrap=True)
    if content["not_told"]:
        names = ", ".join(content["not_told"])
        console.print(f"Not stored, as a sum of areas does not tell it: {names}", soft_wrap=True)
    if content["indicative"]:
        console.print(
            f"Indicative: {', '.join(content['indicative'])}; the manifest says why", soft_wrap=True
        )


def _say(message: str) -> None:
    console.print(message, style="red", markup=False, highlight=False, soft_wrap=True)


class _RateColumn(ProgressColumn):
    """Members a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} a second", style="progress.data.speed")


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    )

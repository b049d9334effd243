"""``dudley-sd explore``: which numbers matter most, by runs made for the purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dudley_sd.commands.ensemble import Outputs, Seed
from dudley_sd.commands.options import (
    Base,
    Contract,
    Levers,
    Out,
    Portfolio,
    Projection,
    Unit,
    Variant,
    console,
    refuse_unwritable,
    settings,
)
from dudley_sd.inputs.projection_choice import PUBLISHED, projection_choice


def explore(
    scenario: Annotated[str, typer.Argument(help="Future to explore.")] = "official_future",
    method: Annotated[
        str, typer.Option(help="tornado (one at a time, low and high), morris or sobol (need SALib).")
    ] = "tornado",
    output: Outputs = None,
    size: Annotated[
        int | None, typer.Option(help="morris: trajectories, 20 if not given; sobol: base sample, 256.")
    ] = None,
    seed: Seed = 0,
    portfolio: Portfolio = "as_evidenced",
    contract: Contract = "as_now",
    footprint: Annotated[str, typer.Option(help="Area, or a sum.")] = "dudley",
    projection: Projection = PUBLISHED,
    base: Base = None,
    unit: Unit = None,
    variant: Variant = None,
    lever: Levers = None,
    out: Out = Path("results"),
) -> None:
    """Find which numbers matter most for the last year: a table, a workbook and a picture."""
    from dudley_sd.ensembles.explore import explored, plan_explore
    from dudley_sd.ensembles.explore_files import write_explored
    from dudley_sd.ensembles.plan import EnsembleRequest

    request = EnsembleRequest(
        (scenario,),
        portfolio,
        contract,
        (footprint,),
        projection_choice(projection, base, unit, variant),
        settings=settings(lever or []),
        outputs=output or None,
        members=1,
        seed=seed,
    )
    refuse_unwritable(out)
    plan = plan_explore(request, method, size)
    console.print(f"Exploring {len(plan.ranges.drawn)} numbers by {method} ...")
    for path in write_explored(explored(plan, method, size), plan, method, size, out):
        typer.echo(path)

"""Validation report: every test of the model run once, with all that the page shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import pandas as pd

from dudley_sd.validation import (
    back_test,
    behaviour,
    behaviour_loops,
    behaviour_search,
    bench,
    comparisons,
    published,
    sensitivity,
    structure,
)
from dudley_sd.validation.outcome import KINDS, Outcome

Progress = Callable[[str], None]
STAGES = (
    "published numbers",
    "accounting",
    "behaviour",
    "extremes and loops",
    "integration error",
    "back-test",
    "family members",
    "sensitivity",
    "structure and parameters",
)


@dataclass(frozen=True)
class Report:
    """All outcomes and what lies behind them.

    Attributes
    ----------
    outcomes
        Every outcome, in the order of the page.
    made, version, model_hash, runs
        When and by which version; which model file and tables; how many runs it took.
    back, use, growth
        The back-test: people, use by age, and growth of demand with each.
    steps, family, sensitivity, others, sectors, boundary, numbers
        Tables of the sections of those names.
    """

    outcomes: list[Outcome]
    made: str
    version: str
    model_hash: str
    runs: int
    back: back_test.BackTest
    bed_days: pd.Series
    growth: pd.DataFrame
    steps: pd.DataFrame
    family: pd.DataFrame
    sensitivity: sensitivity.Sensitivity
    others: pd.DataFrame
    sectors: pd.DataFrame
    boundary: dict[str, str]
    numbers: pd.DataFrame


def validate(progress: Progress = lambda _: None) -> Report:
    """Run every test of the model.

    Parameters
    ----------
    progress
        Called with the name of each stage of `STAGES` when it is done.

    Returns
    -------
    Report
        Made from the shipped model file and inputs; the compiled engine, or NumPy, answers.
    """
    on_bench = bench.Bench()
    run, model = on_bench.run, on_bench.model
    step = published.step_of(model)
    outcomes: list[Outcome] = []

    def done(stage: str, *found: list[Outcome]) -> None:
        outcomes.extend(one for part in found for one in part)
        progress(stage)

    done(
        STAGES[0],
        published.people_outcomes(run),
        published.demography_outcomes(run),
        published.gp_outcomes(run),
        published.leverage_outcomes(run),
        published.delay_outcomes(run),
        published.scenario_outcomes(run),
    )
    done(
        STAGES[1],
        published.money_outcomes(run, step),
        published.accounting_outcomes(run, model),
    )
    done(STAGES[2], behaviour.behaviour_outcomes(run), behaviour_search.search_outcomes(on_bench))
    done(STAGES[3], structure.extreme_outcomes(run), behaviour_loops.loop_outcomes(run, model))
    done(STAGES[4], bench.step_outcomes(run, step))
    back = back_test.back_test(run)
    use = back_test.use_by_age(run)
    done(STAGES[5], back_test.people_outcomes(back), back_test.demand_outcomes(back, use))
    areas = comparisons.members()
    table, growth = comparisons.family_table(areas, run("reference")), back_test.growth_table(back, use)
    done(STAGES[6], comparisons.family_outcomes(run, areas))
    sensitive = sensitivity.sensitivity(on_bench)
    done(STAGES[7], sensitivity.sensitivity_outcomes(sensitive))
    done(
        STAGES[8],
        structure.boundary_outcomes(model),
        structure.dimension_outcomes(model),
        structure.parameter_outcomes(),
    )
    return Report(
        outcomes=sorted(outcomes, key=lambda each: list(KINDS).index(each.test)),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("dudley-sd"),
        model_hash=on_bench.folder.key,
        runs=on_bench.runs + sensitive.runs + len(areas) + 1,
        back=back,
        bed_days=back_test.bed_days_by_group(back, use),
        growth=growth,
        steps=bench.movements(run, step, step / 2),
        family=table,
        sensitivity=sensitive,
        others=comparisons.comparison(run),
        sectors=structure.sector_table(model),
        boundary=structure.boundary_table(),
        numbers=structure.status_table(structure.all_numbers()),
    )

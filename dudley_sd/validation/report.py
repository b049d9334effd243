"""Every test of the model, run once, with all that the page needs to tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import pandas as pd

from dudley_sd.validation import (
    accounting,
    back_test,
    back_test_demand,
    chains,
    extremes,
    family,
    loops,
    money,
    parameters,
    people,
    step,
    structure,
    surprises,
    workforce,
)
from dudley_sd.validation.bench import Bench
from dudley_sd.validation.compare import comparison
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import KINDS
from dudley_sd.validation.sensitivity import Sensitivity, sensitivity
from dudley_sd.validation.sensitivity_findings import sensitivity_findings

Progress = Callable[[str], None]
STAGES = (
    "published numbers",
    "accounting and balance",
    "extremes, loops and chains",
    "integration error",
    "back-test",
    "family members",
    "sensitivity",
    "structure and parameters",
)


@dataclass(frozen=True)
class Report:
    """All findings and what lies behind them.

    Attributes
    ----------
    findings
        Every finding, in the order of the page.
    made, version, model_hash, runs
        When and by which version; which model file and tables; how many runs it took.
    back, use, growth
        The back-test: people, use by age, and growth of demand with each.
    steps, family, sensitivity, others, sectors, boundary, numbers
        Tables of the sections of those names.
    """

    findings: list[Finding]
    made: str
    version: str
    model_hash: str
    runs: int
    back: back_test.BackTest
    bed_days: pd.Series
    growth: pd.DataFrame
    steps: pd.DataFrame
    family: pd.DataFrame
    sensitivity: Sensitivity
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
    bench = Bench()
    run, model = bench.run, bench.model
    time_step = accounting.step_of(model)
    findings: list[Finding] = []

    def done(stage: str, *found: list[Finding]) -> None:
        findings.extend(one for part in found for one in part)
        progress(stage)

    done(
        STAGES[0],
        people.people_findings(run),
        people.demography_findings(run),
        workforce.gp_findings(run),
        workforce.leverage_findings(run),
        workforce.delay_findings(run),
        workforce.scenario_findings(run),
    )
    done(
        STAGES[1],
        money.money_findings(run, time_step),
        accounting.balance_findings(model),
        accounting.accounting_findings(run, model),
    )
    done(
        STAGES[2],
        extremes.extreme_findings(run),
        loops.loop_findings(run, model),
        chains.chain_findings(run),
    )
    done(STAGES[3], step.step_findings(run, time_step))
    back = back_test.back_test(run)
    use = back_test_demand.use_by_age(run)
    done(STAGES[4], back_test.people_findings(back), back_test_demand.demand_findings(back, use))
    areas = family.members()
    table, growth = family.family_table(areas, run("reference")), back_test_demand.growth_table(back, use)
    done(STAGES[5], family.family_findings(run, areas))
    sensitive = sensitivity(bench)
    done(STAGES[6], sensitivity_findings(sensitive), surprises.surprise_findings(run, growth, table))
    done(
        STAGES[7],
        structure.boundary_findings(model),
        structure.dimension_findings(model),
        parameters.parameter_findings(),
    )
    return Report(
        findings=sorted(findings, key=lambda each: list(KINDS).index(each.test)),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("dudley-sd"),
        model_hash=bench.folder.key,
        runs=bench.runs + sensitive.runs + len(areas) + 1,
        back=back,
        bed_days=back_test_demand.bed_days_by_group(back, use),
        growth=growth,
        steps=step.movements(run, time_step, time_step / 2),
        family=table,
        sensitivity=sensitive,
        others=comparison(run),
        sectors=structure.sector_table(model),
        boundary=structure.boundary_table(),
        numbers=parameters.status_table(parameters.all_numbers()),
    )

"""Making the runs of a plan, one after another or side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from sdcompile.run.model_run import EngineRun, run_once
from sdcompile.run.outputs import Value

from dudley_sd.runs.plan import Plan

Report = Callable[[str], None]


def execute(
    plan: Plan,
    workers: int = 1,
    report: Report | None = None,
    time_step: float | None = None,
    engine: str = "auto",
) -> dict[str, EngineRun]:
    """Run every scenario of a plan.

    Parameters
    ----------
    plan
        What to run.
    workers
        Processes to run side by side; 1 runs in this process. The answer does not depend on it.
    report
        Called with the key of each scenario when its run is done.
    time_step
        Step in years; that of the model file when not given.
    engine
        One of `sdcompile.run.model_run.ENGINES`; only PySD needs more than one process.

    Returns
    -------
    dict
        Scenario key to what the engine returned, in the order of the plan.
    """
    path = plan.folder.path
    done: dict[str, EngineRun] = {}
    if engine != "pysd" or workers <= 1 or len(plan.scenarios) == 1:
        for name in plan.scenarios:
            done[name] = _run_one(path, plan.settings[name], time_step, engine)
            if report:
                report(name)
        return done
    with ProcessPoolExecutor(min(workers, len(plan.scenarios)), mp_context=get_context("spawn")) as pool:
        futures = {
            pool.submit(_run_one, path, plan.settings[name], time_step, engine): name
            for name in plan.scenarios
        }
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            if report:
                report(futures[future])
    return {name: done[name] for name in plan.scenarios}


def _run_one(
    path: Path,
    settings: Mapping[str, Value],
    time_step: float | None,
    engine: str,
) -> EngineRun:
    return run_once(path, settings, time_step=time_step, engine=engine)

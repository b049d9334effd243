"""Runs of the real model that many tests share: each is made once for the whole test session."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
import pytest
import sampling
import xarray as xr
from sampling import pytest_addoption, pytest_configure  # noqa: F401
from sdcompile.run.model_run import run_model

import dudley_sd
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.request import Request
from dudley_sd.runs.run import make_run
from dudley_sd.validation.report import Report, validate
from tests.shared import once

pytest.register_assert_rewrite("tests.verdicts")
gc.set_threshold(200_000, 50, 100)  # a sixth of the time of tests would go into looking for circles
if "PYTEST_XDIST_WORKER" in os.environ:  # the cache is the session's, the folder of areas each worker's own
    os.environ["DUDLEY_SD_AREAS"] += os.environ["PYTEST_XDIST_WORKER"]
else:
    _OWN = tempfile.TemporaryDirectory(prefix="dudley-sd-tests-", ignore_cleanup_errors=True)
    os.environ["DUDLEY_SD_AREAS"] = str(Path(_OWN.name, "areas"))  # none of the developer's own
    os.environ.setdefault("DUDLEY_SD_CACHE", str(Path(_OWN.name, "cache")))  # compiled models

Runner = Callable[..., xr.Dataset]


SLOW = (
    *("test_compare.py", "test_bands.py", "test_explore.py", "test_explore_words.py", "test_models.py"),
    *("test_uncertainty.py", "test_plans_page.py", "test_keyboard.py", "test_people.py", "test_shell.py"),
    *(
        "test_how_it_works.py",
        "test_footprints.py",
        "test_report.py",
        "test_explore_areas.py",
        "test_serve.py",
    ),
    *("test_number_files.py", "test_one_number.py", "test_explore_numbers.py", "test_random_models.py"),
    *("test_all_faults.py", "test_engines_agree.py", "test_engine_order_of_products.py", "test_jobs.py"),
    *(
        "test_sliders.py",
        "test_band.py",
        "test_cli.py",
        "test_wheel.py",
        "test_do_nothing_and_reference_case.py",
    ),
)
"""Files that take longest, the longest first: a worker that begins one last is waited for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take a sample of the longer proofs unless all are asked for, and begin with the slow files."""
    sampling.pytest_collection_modifyitems(items)
    ranks = {name: rank for rank, name in enumerate(SLOW)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch_session: pytest.MonkeyPatch) -> Path:
    """Folder that all workers of this test session see, with a cache of its own for model folders."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent / "shared" if base.name.startswith("popen-") else base / "shared"
    folder.mkdir(exist_ok=True)
    monkeypatch_session.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())
    return folder


@pytest.fixture(scope="session")
def monkeypatch_session() -> Iterator[pytest.MonkeyPatch]:
    """Monkeypatch that lasts for the session."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="session")
def model_run(shared_folder: Path) -> Runner:
    """One PySD run of the real model, packed on disk so that no worker makes it twice."""

    def run(
        scenario: str = "official_future",
        portfolio: str = "none",
        levers: dict[str, float] | None = None,
        time_step: float | None = None,
        save_every: float | None = None,
        contract: str = "as_now",
    ) -> xr.Dataset:
        request = json.dumps([scenario, portfolio, levers, time_step, save_every, contract], sort_keys=True)

        def make() -> xr.Dataset:
            plan = make_run(Request([scenario], portfolio, contract=contract, settings=levers or {}))
            return run_model(plan.folder.path, plan.settings[scenario], None, time_step, save_every).load()

        return once(shared_folder / f"{hashlib.sha256(request.encode()).hexdigest()[:16]}.pickle", make)

    return run


@pytest.fixture(scope="session")
def do_nothing(model_run: Runner) -> xr.Dataset:
    """Official Future without a portfolio: what every comparison starts from."""
    return model_run()


@pytest.fixture(scope="session")
def reference(model_run: Runner) -> xr.Dataset:
    """The projection alone: 2018 conditions, no growth beyond ageing, feedback into people cut."""
    return model_run("reference")


@pytest.fixture(scope="session")
def four_futures(shared_folder: Path) -> xr.Dataset:
    """What ``dudley-sd run`` makes: four futures with the portfolio as evidenced."""
    return once(shared_folder / "four_futures.pickle", lambda: dudley_sd.run().load())


@pytest.fixture(scope="session")
def report(shared_folder: Path) -> Report:
    """The validation report: every test of the model that is shipped."""
    return once(shared_folder / "validation.pickle", validate)


@pytest.fixture(scope="session")
def full_portfolio() -> dict[str, float]:
    """Every intervention but prevention, started in mid-2018 for eight in ten."""
    active = [name for name in elements(inputs_folder(), INTERVENTION) if name != "Prevention"]
    return {f"coverage[{name}]": 0.8 for name in active} | {f"start date[{name}]": 2018 for name in active}

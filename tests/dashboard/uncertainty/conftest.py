"""A small ensemble of the real model, run by the page and by the package itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dudley_dashboard.jobs import Jobs
from dudley_dashboard.pages.uncertainty import data
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import Ensemble

from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.plan import EnsembleRequest
from tests.shared import once

ASKED = EnsembleQuery(members=200, seed=7)
"""The usual plan, as evidenced in Official Future."""

REQUEST = EnsembleRequest(
    ("official_future",),
    outputs=("gp_gap", "occupancy", "system_balance", "landed_share", "contacts_moved"),
    members=200,
    seed=7,
)


@pytest.fixture(scope="session")
def small(shared_folder: Path) -> Ensemble:
    """What the page works out: 200 runs of the plan and of do nothing."""
    return once(shared_folder / "page_ensemble.pickle", lambda: run_ensembles(ASKED, lambda *_: None))


@pytest.fixture(scope="session")
def stores(shared_folder: Path) -> Path:
    """A folder with the same ensemble as ``dudley-sd ensemble`` stores it, and with do nothing."""

    def make() -> Path:
        folder = shared_folder / "stores"
        run_ensemble(REQUEST, folder / "plan.zarr")
        run_ensemble(replace(REQUEST, portfolio="none"), folder / "base.zarr")
        return folder

    return once(shared_folder / "stores.pickle", make)


@pytest.fixture
def offered(stores: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, offered to readers of the page."""
    monkeypatch.setenv("DUDLEY_SD_ENSEMBLES", str(stores))
    return stores


@pytest.fixture
def jobs(tmp_path, small, monkeypatch):
    """Jobs in a folder of their own; the model is ready, since a small ensemble was run."""
    assert small.members
    own = Jobs(tmp_path)
    monkeypatch.setattr(data, "jobs", lambda: own)
    return own

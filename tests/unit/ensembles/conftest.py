"""One small ensemble that the tests share, and what to compare stores by."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.plan import EnsembleRequest

OUTPUTS = ("gp_gap", "system_balance", "people_by_age")
MEMBERS = 2500
REQUEST = EnsembleRequest(
    scenarios=("official_future", "state_supreme"), outputs=OUTPUTS, members=MEMBERS, seed=0, portfolio="none"
)


def chunks(store: Path) -> dict[str, bytes]:
    """Every chunk of a store, by name: its data, without what says when it was made."""
    return {
        path.relative_to(store).as_posix(): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file() and not path.name.startswith(".z")
    }


@pytest.fixture(scope="session")
def small(shared_folder: Path) -> Path:
    """Store of 2,500 members in two scenarios, made on one thread."""
    store = shared_folder / "small.zarr"
    with FileLock(store.with_suffix(".lock")):
        if not store.exists():
            run_ensemble(REQUEST, store, workers=1)
    return store

"""Is it said, and is the store whole, when a cluster dies under an ensemble?"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.ensembles import members
from dudley_sd.ensembles.description import versions
from dudley_sd.ensembles.ensemble import UnfinishedError, run_ensemble
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.plan import plan_ensemble
from dudley_sd.ensembles.store_blocks import blocks_done
from tests.unit.ensembles.conftest import REQUEST, chunks


class Cluster:
    """A scheduler and a worker that nobody starts again."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        place = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
        self.scheduler = _start("dask_scheduler", *place)
        self.worker = _start("dask_worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
        limit = time.monotonic() + 120
        while True:
            try:
                members.connect(self.address).close()
            except InputError:
                if time.monotonic() > limit:
                    raise
            else:
                break

    def stop(self) -> None:
        """End both."""
        for process in (self.worker, self.scheduler):
            process.kill()
            process.wait()


def _start(what: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{what}", *words], stderr=subprocess.DEVNULL
    )


@pytest.fixture
def alone() -> Iterator[Cluster]:
    """A cluster of its own to kill."""
    pytest.importorskip("distributed")
    made = Cluster()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("victim", "words"),
    [
        ("worker", "has had no worker for 2 s: start workers there"),
        ("scheduler", "the cluster lost its work"),
    ],
)
def test_a_dead_cluster_ends_the_ensemble_and_leaves_a_store_to_go_on_from(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Cluster, victim: str, words: str
):
    monkeypatch.setattr(members, "ALONE", 2)
    store = tmp_path / "dead.zarr"
    started = []

    def kill(_members: int) -> None:
        if not started:
            started.append(time.monotonic())
            getattr(alone, victim).kill()

    with pytest.raises(UnfinishedError, match=words) as caught:
        run_ensemble(REQUEST, store, dask=alone.address, report=kill)

    assert time.monotonic() - started[0] < 60
    assert "--resume" in str(caught.value)
    assert "nothing was run" not in str(caught.value)
    there = blocks_done(store)
    assert there.any()
    assert not there.all()
    run_ensemble(REQUEST, store, resume=True)
    assert chunks(store) == chunks(small)


@pytest.mark.usefixtures("shared_folder")
def test_a_worker_with_other_versions_is_refused():
    packed = zlib.compress(pickle.dumps(make_job(plan_ensemble(REQUEST))))
    other = versions() | {"numpy": "1.0", "generator": "0"}

    with pytest.raises(InputError, match=r"2 faults(.|\n)*numpy: has (.|\n)*made with 1\.0(.|\n)*generator"):
        members._work(other, packed, "/no/such/store", "", 0)
    assert set(versions()) == {"dudley-sd", "numpy", "scipy", "generator"}

"""Do two processes keep off each other's store?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.store import store_lock
from tests.unit.ensembles.conftest import REQUEST, chunks


def holder_of(store: Path) -> Path:
    """Where the name of the process that holds a store is."""
    return store.with_name(f".{store.name}.holder")


def test_a_second_process_is_refused_and_harms_nothing(small, tmp_path):
    store = tmp_path / "held.zarr"
    refused = []

    def go_on_too(_members: int) -> None:
        if refused:
            return
        partial = store / "gp_gap" / "0.9.0.partial"
        partial.touch()
        with pytest.raises(InputError, match=f"process {os.getpid()} on .* is at work on it") as caught:
            run_ensemble(REQUEST, store, resume=True)
        refused.append(str(caught.value))
        assert partial.exists()
        partial.unlink()

    run_ensemble(REQUEST, store, workers=1, report=go_on_too)
    assert "Wait for it, or stop it" in refused[0]
    assert not holder_of(store).exists()
    assert chunks(store) == chunks(small)


def test_the_lock_of_a_process_that_was_killed_is_taken_over(tmp_path):
    store = tmp_path / "some.zarr"
    words = (
        "import os, signal, sys; from pathlib import Path; from dudley_sd.ensembles.store import store_lock\n"
        "with store_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    process = subprocess.Popen([sys.executable, "-c", words, str(store)])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # a process that nobody has buried yet

    assert holder_of(store).read_text().startswith(f"process {process.pid} on ")
    with store_lock(store):
        assert holder_of(store).read_text().startswith(f"process {os.getpid()} on ")
    process.wait()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="limits are those of POSIX")
def test_a_disk_without_room_for_the_lock_leaves_none(tmp_path):
    words = (
        "import resource, sys; from pathlib import Path; from dudley_sd.ensembles.store import store_lock\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with store_lock(Path(sys.argv[1])): pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", words, str(tmp_path / "some.zarr")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cannot be held for this process alone (File too large)" in done.stderr
    assert list(tmp_path.iterdir()) == []

"""Is a hole in a store seen before it becomes a wrong share, and mended by going on?"""

from __future__ import annotations

import pickle
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.ensembles import store as store_module
from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.statistics import crossing
from dudley_sd.ensembles.store import read_ensemble
from dudley_sd.ensembles.store_blocks import blocks_done
from dudley_sd.ensembles.summary import rank_correlations, write_summary
from tests.unit.ensembles.conftest import MEMBERS, REQUEST, chunks


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    """A store of its own to break."""
    return Path(shutil.copytree(small, tmp_path / "copied.zarr"))


def lose(path: Path) -> None:
    """A chunk that is gone."""
    path.unlink()


def empty(path: Path) -> None:
    """A chunk as a loss of power leaves it."""
    path.write_bytes(b"")


def cut(path: Path) -> None:
    """A chunk that was not copied to its end."""
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("chunk", ["gp_gap/0.1.0", "draws/1.0", "done/1"])
@pytest.mark.parametrize("damage", [lose, empty, cut])
def test_a_hole_is_refused_and_filled_by_going_on(small, copied, chunk, damage):
    damage(copied / chunk)

    with pytest.raises(InputError, match=r"of 2,500 members are there(.|\n)*--resume"):
        read_ensemble(copied)
    assert np.flatnonzero(~blocks_done(copied)).tolist() == [1]
    seen = []
    run_ensemble(REQUEST, copied, resume=True, start=lambda *counts: seen.extend(counts))
    assert 0 < seen[0] < MEMBERS
    assert chunks(copied) == chunks(small)


def test_a_chunk_that_cannot_be_unpacked_is_a_fault_and_mended_by_going_on(small, copied, tmp_path):
    """Its length is right, so that only unpacking shows it: not at the door, but in words and by --resume."""
    path = copied / "gp_gap" / "0.1.0"
    content = path.read_bytes()
    path.write_bytes(content[:16] + b"\xff" * 64 + content[80:])

    with pytest.raises(InputError, match=r"copied.zarr, variable gp_gap: cannot be read(.|\n)*--resume"):
        crossing(read_ensemble(copied), ["gp_gap>0"])
    with pytest.raises(InputError, match=r"about 2,432 of 2,500 members are there(.|\n)*--resume"):
        write_summary(copied, tmp_path / "summary", thresholds=["gp_gap>0"])
    assert not (tmp_path / "summary").exists()
    run_ensemble(REQUEST, copied, resume=True)
    assert chunks(copied) == chunks(small)


def test_a_member_without_a_number_is_never_counted(small, copied):
    many = xr.open_zarr(copied, chunks=None).load()
    many["gp_gap"][0, 7, 3] = np.nan
    for action in (
        lambda: crossing(many, ["gp_gap>0"]),
        lambda: rank_correlations(many.isel(year=slice(0, 4)), ["gp_gap"]),
    ):
        with pytest.raises(InputError, match="1 of 2,500 members have no number, the first is member 7"):
            action()

    import zarr

    zarr.open_group(copied, mode="r+", zarr_format=2, use_consolidated=False)["gp_gap"][0, 7, 3] = np.nan
    assert blocks_done(copied).all()
    assert not blocks_done(copied, thorough=True)[0]
    run_ensemble(REQUEST, copied, resume=True)
    assert chunks(copied) == chunks(small)


def test_a_block_is_on_the_disk_before_it_is_marked(monkeypatch, tmp_path):
    """Power may go at any time: what is marked must not be younger than its mark."""
    import dataclasses
    import os

    synced: list[str] = []
    original = os.fsync

    def watch(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        original(handle)

    marked: list[set[str]] = []
    mark = store_module.mark_done
    monkeypatch.setattr(os, "fsync", watch)
    monkeypatch.setattr(
        "dudley_sd.ensembles.members.mark_done",
        lambda path, number: (marked.append(set(synced)), mark(path, number)),
    )
    store = run_ensemble(dataclasses.replace(REQUEST, members=8), tmp_path / "synced.zarr", workers=1)
    chunk_files = {name for name in chunks(store) if name.startswith(("draws/", *REQUEST.outputs))}
    assert {str(store / name) for name in chunk_files} <= marked[0]


def test_a_store_that_is_no_longer_one_is_said(copied):
    (copied / ".zmetadata").write_text("{")
    with pytest.raises(InputError, match="cannot be opened"):
        read_ensemble(copied)


def test_faults_survive_another_process():
    error = InputError([Fault("a.csv", "row 1", "is wrong", "Mend it"), Fault("b.csv", "", "too", "Mend it")])
    again = pickle.loads(pickle.dumps(error))

    assert again.faults == error.faults
    assert str(again) == str(error)


def test_no_block_that_came_to_its_end_is_lost_when_it_is_stopped(tmp_path):
    """Several blocks end while the first is reported, and the next report is Ctrl-C: all of them count."""
    store = tmp_path / "stopped.zarr"
    reports = []

    def report(members: int) -> None:
        reports.append(members)
        if len(reports) == 1:
            time.sleep(3)  # the blocks that were handed out come to their end
        else:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ensemble(REQUEST, store, workers=2, report=report)
    written = {int(path.name.split(".")[1]) for path in (store / "gp_gap").glob("[0-9]*")}
    assert len(written) > len(reports)
    assert set(np.flatnonzero(blocks_done(store)).tolist()) == written

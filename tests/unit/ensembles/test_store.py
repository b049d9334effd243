"""Is the same seed the same bytes, whoever works, whatever dies on the way?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.ensembles.description import command, versions
from dudley_sd.ensembles.ensemble import UnfinishedError, ensemble, run_ensemble
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.members import _work
from dudley_sd.ensembles.plan import plan_ensemble
from dudley_sd.ensembles.store import read_ensemble, read_manifest
from dudley_sd.ensembles.store_blocks import blocks_done
from dudley_sd.ratio import adds_up
from tests.unit.ensembles.conftest import MEMBERS, OUTPUTS, REQUEST, chunks


def test_xarray_opens_the_store(small):
    many = xr.open_zarr(small, chunks=None)

    assert many["gp_gap"].dims == ("scenario", "member", "year")
    assert many["people_by_age"].dims == ("scenario", "member", "year", "age")
    assert many["gp_gap"].attrs["units"] == "WTE"
    assert many["draws"].dims == ("member", "parameter")
    assert many.sizes["member"] == MEMBERS
    assert all(bool(np.isfinite(many[name]).all()) for name in (*OUTPUTS, "draws"))
    manifest = read_manifest(small)
    assert manifest["seed"] == 0
    assert len(manifest["parameters"]) == many.sizes["parameter"]
    assert manifest["left_out"][0]["reason"]


def test_draws_stay_in_their_ranges_and_move_the_results(small):
    many = read_ensemble(small)

    assert bool((many["draws"] >= many["parameter_low"]).all())
    assert bool((many["draws"] <= many["parameter_high"]).all())
    spread = many["gp_gap"].sel(year=2033).std("member")
    assert float(spread.min()) > 1


def test_a_member_is_a_run_with_its_draws_as_levers(small):
    many = read_ensemble(small).isel(member=17).load()
    drawn = dict(zip(many["parameter"].to_numpy(), many["draws"].to_numpy(), strict=True))
    one = dudley_sd.run(["state_supreme"], portfolio="none", levers=drawn, outputs=list(OUTPUTS))

    for name in OUTPUTS:
        expected = one[name].sel(scenario="state_supreme").to_numpy()
        found = many[name].sel(scenario="state_supreme").to_numpy()
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max())


def test_another_area_has_the_same_draws_on_its_own_scale():
    """Of a size: Dudley's draw times how many beds Walsall has for each one in Dudley."""
    also = ("delayed people in 2014", "growth of referrals")
    job = make_job(plan_ensemble(replace(REQUEST, footprints=("dudley", "walsall"), also=also)))
    names, places = [each.name for each in job.drawn.ranges], list(job.drawn.places)
    dudley, walsall = (dict(zip(names, area.factors[places], strict=True)) for area in job.areas)
    sizes = {each.name for each in job.drawn.ranges if adds_up(each.unit)}
    assert also[0] in sizes
    assert set(dudley.values()) == {1.0}
    assert all(0.5 < walsall[name] < 1.5 and walsall[name] != 1 for name in sizes)
    assert {walsall[name] for name in set(walsall) - sizes} == {1.0}


def test_two_threads_give_the_same_bytes(small, tmp_path):
    store = run_ensemble(REQUEST, tmp_path / "two.zarr", workers=2)

    assert chunks(store) == chunks(small)


def test_dask_gives_the_same_bytes_though_a_worker_is_killed(small, tmp_path):
    distributed = pytest.importorskip("distributed")
    killed = []

    def kill_one(_members: int) -> None:
        if not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        address = cluster.scheduler_address
        store = run_ensemble(REQUEST, tmp_path / "dask.zarr", dask=address, report=kill_one)

    assert killed
    assert chunks(store) == chunks(small)


def test_a_worker_that_does_not_see_the_store_hands_its_block_over(small):
    import pickle
    import zlib

    job = make_job(plan_ensemble(REQUEST))
    number, block = _work(versions(), zlib.compress(pickle.dumps(job)), "/no/such/store", "", 2)

    assert number == 2
    assert block is not None
    assert np.array_equal(block.outputs["gp_gap"], read_ensemble(small)["gp_gap"][:, job.span(2)])


def test_kill_and_resume_give_the_same_bytes(small, tmp_path):
    store = tmp_path / "killed.zarr"
    (tmp_path / f".{store.name}-{'0' * 32}").mkdir()  # laid out by one that was killed before
    (tmp_path / f".{store.name}-other.zarr-{'0' * 32}").mkdir()  # by one at work on another store
    words = [*command(REQUEST).split()[1:], "--out", str(store), "--workers", "1"]
    process = subprocess.Popen([sys.executable, "-m", "dudley_sd", *words], stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 120
    while not (store / "done" / "0").exists() and time.monotonic() < limit:
        time.sleep(0.002)
    process.kill()
    process.wait()

    assert not blocks_done(store).all()
    with pytest.raises(InputError, match="--resume"):
        read_ensemble(store)
    assert xr.open_zarr(store, chunks=None)["gp_gap"].isel(member=0).notnull().all()
    seen = []
    run_ensemble(REQUEST, store, resume=True, start=lambda new, there: seen.extend([new, there]))
    assert seen[0] + seen[1] == MEMBERS
    assert seen[1] >= read_manifest(store)["members_in_block"]
    assert chunks(store) == chunks(small)
    assert {path.name for path in tmp_path.iterdir()} == {store.name, f".{store.name}-other.zarr-{'0' * 32}"}


def test_a_full_disk_is_said_and_resumed_from(small, tmp_path):
    """A limit on the size of files stands for the disk: the write of the draws fails in the system."""
    resource = pytest.importorskip("resource")
    store = tmp_path / "full.zarr"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    run_ensemble(replace(REQUEST, members=8), tmp_path / "warm.zarr")  # what is compiled is stored by now
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**17, before[1]))
    try:
        with pytest.raises(UnfinishedError, match=r"stopped: File too large.*0% of 2,500 members.*--resume"):
            run_ensemble(REQUEST, store, workers=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    run_ensemble(REQUEST, store, resume=True)
    assert chunks(store) == chunks(small)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 3}, ["seed: the store has 0, asked for is 3"]),
        ({"members": 2501, "portfolio": "as_evidenced"}, ["members", "portfolio: the store has none"]),
        ({"seed": 4, "outputs": ("gp_gup",)}, ["seed", "gp_gup"]),
    ],
)
def test_resume_with_other_settings_is_refused_and_leaves_the_store(small, change, words):
    before = chunks(small)
    with pytest.raises(InputError) as caught:
        run_ensemble(replace(REQUEST, **change), small, resume=True)

    assert all(word in str(caught.value) for word in words)
    assert chunks(small) == before


def test_a_store_of_another_model_version_is_refused(small, tmp_path):
    import json
    import shutil

    store = tmp_path / "old.zarr"
    shutil.copytree(small, store)
    attributes = json.loads((store / ".zattrs").read_text())
    manifest = json.loads(attributes["manifest"])
    manifest["model_sha256"] = "0" * 64
    manifest["inputs_sha256"]["parameters.csv"] = "0" * 64
    manifest["versions"]["dudley-sd"] = "0.0.9"
    (store / ".zattrs").write_text(json.dumps(attributes | {"manifest": json.dumps(manifest)}))

    with pytest.raises(InputError) as caught:
        run_ensemble(REQUEST, store, resume=True)
    for word in ("another model file", "input parameters.csv", "made by 0.0.9", "3 faults"):
        assert word in str(caught.value)


def test_what_is_there_is_never_written_over_and_all_faults_come_at_once(small, tmp_path):
    distributed = pytest.importorskip("distributed")
    assert distributed
    before = chunks(small)
    with pytest.raises(InputError) as caught:
        ensemble("oficial_future", members=-1, out=small, workers=0, dask="tcp://127.0.0.1:1")
    for word in ("oficial_future", "members", "is there already", "workers", "no Dask scheduler answers"):
        assert word in str(caught.value)
    assert chunks(small) == before
    for path, problem in ((tmp_path / "none.zarr", "there is no such store"), (tmp_path, "is not the store")):
        with pytest.raises(InputError, match=problem):
            run_ensemble(REQUEST, path, resume=True)


@pytest.mark.usefixtures("shared_folder")
def test_too_little_room_is_said_before_anything_runs(tmp_path):
    with pytest.raises(InputError, match=r"needs up to [\d.]+ GB and [\d.]+ GB are free"):
        run_ensemble(replace(REQUEST, members=10**10), tmp_path / "huge.zarr")
    assert list(tmp_path.iterdir()) == []

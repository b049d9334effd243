"""Do the commands do what they say, and say what is missing?"""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from dudley_sd.cli import app
from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.store import read_manifest
from dudley_sd.ensembles.whole import blocks_done
from dudley_sd.errors import InputError
from tests.unit.ensembles.conftest import MEMBERS, OUTPUTS, REQUEST, chunks

pytestmark = pytest.mark.xdist_group("ensembles")


@pytest.mark.usefixtures("shared_folder")
def test_one_command_leaves_store_and_summary_and_says_what_was_drawn(tmp_path):
    store = tmp_path / "some.zarr"
    words = ["ensemble", "official_future", "--members", "64", "--sampler", "sobol", "--seed", "3"]
    words += [word for name in OUTPUTS for word in ("--output", name)]
    words += ["--portfolio", "none", "--out", str(store), "--summary"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)

    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == str(store)
    assert (tmp_path / "some_summary" / "some.xlsx").is_file()
    assert "left out, by reason" in done.stderr
    manifest = read_manifest(store)
    assert (manifest["seed"], manifest["members"], manifest["sampler"]) == (3, 64, "sobol")
    assert "--seed 3" in manifest["command"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["ensemble", "--members", "0", "--output", "gp_gup"], r"2 faults(.|\n)*gp_gup"),
        (["ensemble", "--lever", "coverage"], "name=number"),
        (["summarise", "nowhere.zarr"], "there is no such store"),
        (["explore", "--method", "guess"], "tornado, morris, sobol"),
    ],
)
@pytest.mark.usefixtures("shared_folder")
def test_bad_input_is_refused(words, problem):
    with pytest.raises(InputError, match=problem):
        CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.usefixtures("shared_folder")
def test_without_the_extra_packages_it_is_said_what_to_install(monkeypatch, tmp_path):
    for package in ("zarr", "distributed"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError) as caught:
        run_ensemble(replace(REQUEST, seed=-1), tmp_path / "no.zarr", dask="tcp://127.0.0.1:1")
    for word in ("zarr: is not installed", "distributed: is not installed", "dudley-sd[scale]", "seed"):
        assert word in str(caught.value)
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(InputError, match=r"dudley-sd\[explore\]"):
        CliRunner().invoke(app, ["explore", "--method", "morris"], catch_exceptions=False)


def test_ctrl_c_leaves_whole_blocks_to_go_on_from(small, tmp_path):
    store = tmp_path / "stopped.zarr"

    def stop(_members: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ensemble(REQUEST, store, workers=1, report=stop)
    assert blocks_done(store).any()
    there = []
    run_ensemble(REQUEST, store, resume=True, start=lambda _, done: there.append(done))
    assert 0 < there[0] <= MEMBERS
    assert chunks(store) == chunks(small)

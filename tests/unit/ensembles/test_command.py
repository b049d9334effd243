"""Do the commands do what they say, and say what is missing?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sdcompile.errors import Fault, InputError
from typer.testing import CliRunner

from dudley_sd.cli import app
from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.store import read_manifest
from dudley_sd.ensembles.store_blocks import blocks_done
from tests.unit.ensembles.conftest import MEMBERS, OUTPUTS, REQUEST, chunks


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


@pytest.mark.parametrize("words", [["ensemble", "--members", "8"], ["explore"], ["summarise"]])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_run(small, monkeypatch, words):
    run = []
    monkeypatch.setattr("dudley_sd.ensembles.job.compiled", lambda *_: run.append(1))
    monkeypatch.setattr("dudley_sd.ensembles.explore.make_job", lambda *_: run.append(1))
    words = [*words, str(small)] if words == ["summarise"] else words
    if words[0] == "ensemble":
        monkeypatch.undo()  # the numbers of a store are known only when the model is compiled
    with pytest.raises(InputError, match=r"cannot be (written to|made|held)|/dev/null/x"):
        CliRunner().invoke(app, [*words, "--out", "/dev/null/x"], catch_exceptions=False)
    assert not run


def test_exit_codes_tell_bad_input_from_a_run_that_stopped(small, tmp_path):
    """2: a store with a damaged chunk cannot be used. 1: an ensemble stopped on its way, as written below."""
    broken = shutil.copytree(small, tmp_path / "broken.zarr")
    chunk = broken / "gp_gap" / "0.0.0"
    content = chunk.read_bytes()
    chunk.write_bytes(content[:16] + b"\xff" * 64 + content[80:])
    done = subprocess.run(
        [sys.executable, "-m", "dudley_sd", "summarise", str(broken)], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "members are there and can be read" in done.stderr
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("shared_folder")
def test_an_ensemble_that_stops_does_not_say_that_nothing_was_run(monkeypatch, tmp_path):
    fault = Fault("gp_gap", "year 2020, run 3", "is not finite", "Look at the levers")

    def stop(*_: object) -> None:
        raise InputError([fault])

    monkeypatch.setattr("dudley_sd.ensembles.members.run_block", stop)
    store = tmp_path / "some.zarr"
    words = ["ensemble", "official_future", "--members", "8", "--output", "gp_gap", "--out", str(store)]
    done = CliRunner().invoke(app, words)

    assert done.exit_code == 1
    told = " ".join(done.stderr.split())
    assert "stopped: gp_gap, year 2020, run 3: is not finite. Look at the levers. " in told
    assert "0% of 8 members" in told
    assert "nothing was run" not in told


@pytest.mark.usefixtures("shared_folder")
def test_explore_takes_a_projection_and_names_its_file_by_it(tmp_path):
    words = ["explore", "--output", "total_population", "--projection", "own", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, words, catch_exceptions=False)

    assert done.exit_code == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [Path(name).suffix for name in names] == [".csv", ".png", ".xlsx"]
    assert {Path(name).stem[:-7] for name in names} == {"dudley_as_evidenced_on_own_official_future_tornado"}


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

    with pytest.raises(KeyboardInterrupt) as caught:
        run_ensemble(REQUEST, store, workers=1, report=stop)
    assert blocks_done(store).any()
    told = f"Stopped. {store} keeps {blocks_done(store).mean():.0%} of 2,500 members, all of them whole. "
    assert str(caught.value).startswith(f"{told}Go on from there with: dudley-sd ensemble official_future")
    assert str(caught.value).endswith(f"--out {store} --resume --workers 1")
    there = []
    run_ensemble(REQUEST, store, resume=True, start=lambda _, done: there.append(done))
    assert 0 < there[0] <= MEMBERS
    assert chunks(store) == chunks(small)

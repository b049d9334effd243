"""Runs are made once, for those who still wait, one ensemble at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from dudley_dashboard import jobs as module
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.jobs import BUSY, Jobs
from dudley_dashboard.pages.uncertainty import data
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, ensemble_of, key_of, look, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import load_ensemble

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.new_areas import write_area
from dudley_sd.request import Request

ONE, TWO = "a" * 32, "b" * 32
SMALL = EnsembleQuery(members=16, seed=1)
LONG = EnsembleQuery(members=4096, seed=2)


def until_done(choices, visitor=ONE, seconds=60.0):
    """Look as a browser does, until it is no longer being worked out; returns all progress."""
    seen = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen.append(look(choices, visitor))
        if seen[-1].kind != "working":
            return seen
        time.sleep(0.05)
    raise AssertionError(f"still working: {seen[-1]}")


def test_an_answer_is_worked_out_with_progress_and_kept(jobs):
    asked = replace(SMALL, members=512)
    told = until_done(asked)
    assert told[-1].kind == "done"
    assert any(0 < each.done <= each.total == 1024 for each in told)
    kept = load_ensemble(jobs.file(key_of(asked)))
    again = run_ensembles(asked, lambda *_: None)
    for mine, other in ((kept.plan, again.plan), (kept.nothing, again.nothing)):
        for key in other.data_vars:
            np.testing.assert_array_equal(mine[key], other[key])
    assert kept.swings.equals(again.swings)
    assert kept.about == again.about


@pytest.mark.usefixtures("jobs")
def test_what_is_kept_is_shown_at_once_by_any_process(tmp_path, monkeypatch):
    until_done(SMALL)
    monkeypatch.setattr(data, "jobs", lambda: Jobs(tmp_path))
    assert look(SMALL, TWO).kind == "done"


def test_who_asks_for_another_stops_the_one_before(jobs):
    look(LONG, ONE)
    assert until_done(SMALL)[-1].kind == "done"
    assert not jobs.file(key_of(LONG)).exists()


@pytest.mark.usefixtures("jobs")
def test_an_answer_that_another_still_wants_goes_on():
    asked = replace(SMALL, members=256)
    look(asked, ONE)
    look(asked, TWO)
    look(SMALL, ONE)
    assert until_done(asked, TWO)[-1].kind == "done"


def test_who_has_left_is_not_waited_for(jobs, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    look(LONG, ONE)
    end = time.monotonic() + 60
    while jobs._here and time.monotonic() < end:
        time.sleep(0.1)
    assert not jobs.is_wanted(key_of(LONG))
    assert jobs._here == {}
    assert not jobs.file(key_of(LONG)).exists()


def test_who_came_before_the_clock_was_set_back_is_not_waited_for(tmp_path):
    """A file from the future is as little a visitor as one from long ago, and is removed."""
    waiting, file = Jobs(tmp_path), tmp_path / "visitors" / ONE
    for hours in (-1, 1):
        assert waiting.wait_for(ONE, "key")
        assert waiting.is_wanted("key")
        then = time.time() + 3600 * hours
        os.utime(file, (then, then))
        assert not waiting.is_wanted("key")
        assert not file.exists()


@pytest.mark.usefixtures("jobs")
def test_one_ensemble_at_a_time_on_a_machine_whatever_the_process(tmp_path):
    tmp_path.mkdir(exist_ok=True)
    hold = (
        "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
        "print('held', flush=True); time.sleep(600)"
    )
    lock = tmp_path / "one_at_a_time.lock"
    other = subprocess.Popen([sys.executable, "-c", hold, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline().strip() == "held"
        end = time.monotonic() + 2
        while time.monotonic() < end:
            assert look(SMALL, ONE).kind == "working"
            time.sleep(0.1)
    finally:
        other.kill()
        other.wait()
    assert until_done(SMALL)[-1].kind == "done"


def test_more_than_can_wait_are_told_so(jobs, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 1)
    look(LONG, ONE)
    assert look(SMALL, TWO).words == BUSY
    jobs.leave(ONE)
    assert until_done(SMALL, TWO)[-1].kind == "done"


def test_a_plan_that_cannot_be_run_says_why_to_all_who_wait_until_it_is_tried_again(jobs, monkeypatch):
    broken = replace(SMALL, request=Request(settings={"coverage[MDT]": 7.0}))
    last = until_done(broken)[-1]
    assert last.kind == "failed"
    assert "coverage" in last.words
    assert look(broken, TWO) == last
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    look(SMALL, TWO)
    assert jobs._failed == {}
    assert look(broken, ONE).kind == "working"


def test_a_result_that_was_damaged_on_disk_is_removed_and_worked_out_again(jobs):
    until_done(SMALL)
    path = jobs.file(key_of(SMALL))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FileNotFoundError):
        ensemble_of(SMALL)
    assert not path.exists()
    until_done(SMALL)
    assert ensemble_of(SMALL).members == 16


def test_an_area_of_the_users_own_that_has_changed_has_another_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path))
    asked, keys = EnsembleQuery(Request(footprints="mine")), []
    for code in ("E38000102", "E38000010"):
        write_area([code], "Mine", inputs_folder(), tmp_path, replace=True)
        catalogue.cache_clear()
        keys.append(key_of(asked))
    catalogue.cache_clear()
    assert keys[0] != keys[1]


def test_only_the_latest_answers_are_kept(jobs, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    for seed in (1, 2, 3):
        until_done(replace(SMALL, seed=seed))
    assert not jobs.file(key_of(SMALL)).exists()
    assert jobs.file(key_of(replace(SMALL, seed=3))).exists()


def test_the_key_depends_on_all_that_decides_the_numbers_and_on_nothing_else():
    keys = {
        key_of(each)
        for each in (
            SMALL,
            replace(SMALL, seed=2),
            replace(SMALL, members=500),
            replace(SMALL, request=Request(scenarios="state_supreme")),
            replace(SMALL, request=Request(settings={"coverage[MDT]": 0.5})),
        )
    }
    assert len(keys) == 5
    assert key_of(replace(SMALL, indicator="occupancy", threshold=3.0, side="below")) == key_of(SMALL)

"""Runs are made once, for those who still wait, one ensemble at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.uncertainty import jobs as module
from dudley_dashboard.pages.uncertainty import visitors
from dudley_dashboard.pages.uncertainty.answer import load_answer
from dudley_dashboard.pages.uncertainty.asked import Asked
from dudley_dashboard.pages.uncertainty.jobs import BUSY, Jobs, answer_of, key_of
from dudley_dashboard.pages.uncertainty.work import work_out
from dudley_dashboard.plan import Plan

from dudley_sd.inputs.new_areas import write_area
from dudley_sd.places import inputs_folder

ONE, TWO = "a" * 32, "b" * 32
SMALL = Asked(members=16, seed=1)
LONG = Asked(members=4096, seed=2)


@pytest.fixture
def jobs(tmp_path, small):
    """Jobs in a folder of their own; the model is ready, since a small ensemble was run."""
    assert small.members
    return Jobs(tmp_path)


def until_done(jobs, asked, visitor=ONE, seconds=60.0):
    """Look as a browser does, until it is no longer being worked out; returns all that was told."""
    told = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told.append(jobs.look(asked, visitor))
        if told[-1].kind != "working":
            return told
        time.sleep(0.05)
    raise AssertionError(f"still working: {told[-1]}")


def test_an_answer_is_worked_out_with_progress_and_kept(jobs):
    asked = replace(SMALL, members=512)
    told = until_done(jobs, asked)
    assert told[-1].kind == "done"
    assert any(0 < each.done <= each.total == 1024 for each in told)
    kept = load_answer(jobs.answer_file(key_of(asked)))
    again = work_out(asked, lambda *_: None)
    for mine, other in ((kept.plan, again.plan), (kept.nothing, again.nothing)):
        for key in other.data_vars:
            np.testing.assert_array_equal(mine[key], other[key])
    assert kept.swings.equals(again.swings)
    assert kept.about == again.about


def test_what_is_kept_is_shown_at_once_by_any_process(jobs, tmp_path):
    until_done(jobs, SMALL)
    assert Jobs(tmp_path).look(SMALL, TWO).kind == "done"


def test_who_asks_for_another_stops_the_one_before(jobs):
    jobs.look(LONG, ONE)
    assert until_done(jobs, SMALL)[-1].kind == "done"
    assert not jobs.answer_file(key_of(LONG)).exists()


def test_an_answer_that_another_still_wants_goes_on(jobs):
    asked = replace(SMALL, members=256)
    jobs.look(asked, ONE)
    jobs.look(asked, TWO)
    jobs.look(SMALL, ONE)
    assert until_done(jobs, asked, TWO)[-1].kind == "done"


def test_who_has_left_is_not_waited_for(jobs, monkeypatch):
    monkeypatch.setattr(visitors, "PATIENCE", 0.2)
    jobs.look(LONG, ONE)
    end = time.monotonic() + 60
    while jobs._here and time.monotonic() < end:
        time.sleep(0.1)
    assert not jobs.visitors.wanted(key_of(LONG))
    assert jobs._here == {}
    assert not jobs.answer_file(key_of(LONG)).exists()


def test_who_came_before_the_clock_was_set_back_is_not_waited_for(tmp_path):
    """A file from the future is as little a visitor as one from long ago, and is removed."""
    waiting = visitors.Visitors(tmp_path)
    for hours in (-1, 1):
        assert waiting.note(ONE, "key")
        assert waiting.wanted("key")
        then = time.time() + 3600 * hours
        os.utime(tmp_path / ONE, (then, then))
        assert not waiting.wanted("key")
        assert not (tmp_path / ONE).exists()


def test_one_ensemble_at_a_time_on_a_machine_whatever_the_process(jobs, tmp_path):
    tmp_path.mkdir(exist_ok=True)
    hold = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); time.sleep(600)"
    )
    lock = tmp_path / "one_at_a_time.lock"
    other = subprocess.Popen([sys.executable, "-c", hold, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline().strip() == "held"
        end = time.monotonic() + 2
        while time.monotonic() < end:
            assert jobs.look(SMALL, ONE).kind == "working"
            time.sleep(0.1)
    finally:
        other.kill()
        other.wait()
    assert until_done(jobs, SMALL)[-1].kind == "done"


def test_more_than_can_wait_are_told_so(jobs, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 1)
    jobs.look(LONG, ONE)
    assert jobs.look(SMALL, TWO).words == BUSY
    jobs.visitors.leave(ONE)
    assert until_done(jobs, SMALL, TWO)[-1].kind == "done"


def test_a_plan_that_cannot_be_run_says_why_to_all_who_wait_until_it_is_tried_again(jobs, monkeypatch):
    broken = replace(SMALL, plan=Plan(levers={"coverage[MDT]": 7.0}))
    last = until_done(jobs, broken)[-1]
    assert last.kind == "failed"
    assert "coverage" in last.words
    assert jobs.look(broken, TWO) == last
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    jobs.look(SMALL, TWO)
    assert jobs._failed == {}
    assert jobs.look(broken, ONE).kind == "working"


def test_an_answer_that_was_damaged_on_disk_is_removed_and_worked_out_again(small, tmp_path, monkeypatch):
    assert small.members
    kept = Jobs(tmp_path)
    monkeypatch.setattr(module, "all_jobs", lambda: kept)
    until_done(kept, SMALL)
    path = kept.answer_file(key_of(SMALL))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FileNotFoundError):
        answer_of(SMALL)
    assert not path.exists()
    until_done(kept, SMALL)
    assert answer_of(SMALL).members == 16


def test_an_area_of_the_users_own_that_has_changed_has_another_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path))
    asked, keys = Asked(Plan(footprint="mine")), []
    for code in ("E38000102", "E38000010"):
        write_area([code], "Mine", inputs_folder(), tmp_path, replace=True)
        catalogue.cache_clear()
        keys.append(key_of(asked))
    catalogue.cache_clear()
    assert keys[0] != keys[1]


def test_only_the_latest_answers_are_kept(jobs, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    for seed in (1, 2, 3):
        until_done(jobs, replace(SMALL, seed=seed))
    assert not jobs.answer_file(key_of(SMALL)).exists()
    assert jobs.answer_file(key_of(replace(SMALL, seed=3))).exists()


def test_the_key_depends_on_all_that_decides_the_numbers_and_on_nothing_else():
    keys = {
        key_of(each)
        for each in (
            SMALL,
            replace(SMALL, seed=2),
            replace(SMALL, members=500),
            replace(SMALL, plan=Plan(scenario="state_supreme")),
            replace(SMALL, plan=Plan(levers={"coverage[MDT]": 0.5})),
        )
    }
    assert len(keys) == 5
    assert key_of(replace(SMALL, measure="occupancy", threshold=3.0, side="below")) == key_of(SMALL)

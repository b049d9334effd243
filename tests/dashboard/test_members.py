"""Members of plans are drawn in the background: nobody's request waits for a compiler or for many runs."""

from __future__ import annotations

import threading
import time

import pytest
from dudley_dashboard import members, runs
from dudley_dashboard.members import members_of, soon
from dudley_dashboard.pages.compare.page import COMPILING, what_is_missing
from dudley_dashboard.runs import Store
from sdcompile.errors import InputError

from dudley_sd.request import Request
from dudley_sd.simulation import Cache

PATIENCE = 240
"""Seconds in which an area is compiled on a machine that others share."""


def until_drawn(plans: list[Request]) -> None:
    end = time.monotonic() + PATIENCE
    while not soon(plans):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_of_an_area_that_is_not_compiled_nothing_is_waited_for(monkeypatch):
    may_compile = threading.Event()
    store = Store(lambda place: may_compile.wait(PATIENCE) and runs._compile(place))
    for module in (members, runs):
        monkeypatch.setattr(module, "COMPILED", store)
    plan = Request("corporate_rules", settings={"coverage[MDT]": 0.41})
    indicators = [Request(), plan]
    what_is_missing(indicators)  # the area itself is prepared before its members are compiled
    end = time.monotonic() + PATIENCE
    while (missing := what_is_missing(indicators)) != COMPILING and time.monotonic() < end:
        assert missing
        time.sleep(0.05)
    started = time.monotonic()
    assert not soon([plan], patience=60)
    assert time.monotonic() - started < 5
    may_compile.set()
    until_drawn([plan])
    assert what_is_missing(indicators) == ""
    assert members_of([plan])[0].sizes["member"] == 201


def test_a_plan_that_cannot_be_run_is_not_waited_for_and_says_why():
    faulty, sound = Request(settings={"number of beds": -1.0}), Request(settings={"coverage[MDT]": 0.42})
    until_drawn([faulty, sound])
    with pytest.raises(InputError, match="number of beds"):
        members_of([faulty])
    assert members_of([sound])[0].sizes["member"] == 201


def test_a_failure_that_may_pass_is_not_remembered(monkeypatch):
    plan = Request(settings={"coverage[MDT]": 0.43})
    drawn, failures = members.default_members, [MemoryError("no memory for now")]

    def sometimes(*given):
        if failures:
            raise failures.pop()
        return drawn(*given)

    monkeypatch.setattr(members, "default_members", sometimes)
    until_drawn([plan])
    assert not failures
    assert members_of([plan])[0].sizes["member"] == 201


def test_the_plan_that_was_asked_for_longest_ago_is_forgotten(monkeypatch):
    first, second, third = (Request(settings={"coverage[MDT]": share}) for share in (0.44, 0.45, 0.46))
    monkeypatch.setattr(members, "RESULTS", Cache(2 * members_of([first])[0].nbytes))
    kept = members_of([first])[0]
    members_of([second])
    assert members_of([first])[0] is kept
    members_of([third])
    assert members.in_cache([first, third])
    assert not members.in_cache([second])

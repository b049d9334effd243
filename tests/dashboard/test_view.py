"""Whatever an address says, there is a plan that runs, and words on what was not understood."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
from dudley_dashboard.address import LONGEST, View, read_view
from dudley_dashboard.browser_model import browser_model

from dudley_sd.request import Request

BROKEN = [
    "?set=coverage",
    "?set=:1",
    "?set=coverage[MDT]:nan",
    "?set=coverage[MDT]:inf",
    "?set=coverage[MDT]:1e999",
    "?set=coverage[Nobody]:0.5",
    "?set=coverage[MDT:0.5",
    "?set=no such lever:1",
    "?set=total deaths:1",
    "?scenario=../../etc/passwd",
    "?scenario=<script>alert(1)</script>",
    "?portfolio=",
    "?footprint=%00",
    "?contract=as_now%0d%0aSet-Cookie:x",
    "?projection=/etc/passwd",
    "?v=99",
    "?v=",
    "?" + "x" * (LONGEST + 1),
    "?set=" + quote("𝔠overage[MDT]:0.5"),
]


def fuzzed(count: int = 40, seed: int = 40) -> list[str]:
    """Draw addresses of letters that addresses are made of, and of those that they are not."""
    draw = random.Random(seed)
    keys = ["v", "scenario", "portfolio", "contract", "footprint", "projection", "set", "charts", "x"]
    letters = "abcxyz019[]:;,.&=%?#/\\'\"<>{}$ \x00\u202e\U0001f600é"
    found = []
    for _ in range(count):
        pairs = []
        for _ in range(draw.randint(1, 6)):
            text = "".join(draw.choice(letters) for _ in range(draw.randint(0, 30)))
            pairs.append(draw.choice(keys) + "=" + (quote(text) if draw.random() < 0.5 else text))
        found.append("?" + "&".join(pairs))
    return found


@pytest.mark.parametrize("search", [*BROKEN, *fuzzed()])
def test_any_address_gives_a_plan_that_runs(search):
    view = read_view(search)
    browser_model(view.request.footprint).row(view.request)
    assert all(note.isprintable() and len(note) < 400 for note in view.notes)


@pytest.mark.parametrize("search", BROKEN)
def test_what_was_not_understood_is_said(search):
    assert read_view(search).notes


def test_what_is_written_is_read_back():
    plan = Request("state_supreme", "none", "dudley_mcp", "walsall", settings={"coverage[MDT]": 0.25})
    assert read_view(plan.address()).request == plan


@pytest.mark.parametrize(
    ("search", "of_teams"),
    [
        ("?set=coverage:0.5&set=coverage[MDT]:0.8", 0.8),
        ("?set=coverage[MDT]:0.8&set=coverage:0.5", 0.5),
        ("?set=Coverage:0.1&set=coverage[MDT]:0.8&set=COVERAGE:0.5", 0.5),
    ],
)
def test_a_whole_lever_is_all_its_elements_and_the_later_setting_wins(search, of_teams):
    view = read_view(search)
    elements = {f"coverage[{each}]" for each in browser_model("dudley").levers["coverage"].elements}
    assert view.notes == ()
    assert set(view.request.values) == elements
    assert view.request.values["coverage[MDT]"] == of_teams
    assert {value for name, value in view.request.values.items() if name != "coverage[MDT]"} == {0.5}


def test_elements_that_agree_are_written_as_one():
    address = read_view("?set=coverage:0.5").request.address()
    assert address == "?v=1&set=coverage:0.5"
    parted = read_view(address + "&set=coverage[MDT]:0.25").request.address()
    assert "set=coverage:" not in parted
    assert "set=coverage[MDT]:0.25" in parted


def test_the_model_s_own_projection_can_be_chosen_and_one_that_is_not_there_cannot():
    assert read_view("?projection=own") == View(Request(projection="own"))
    assert read_view("?projection=2018") == View(Request(projection="2018"))
    view = read_view("?projection=2016&scenario=state_supreme")
    assert view.request == Request("state_supreme")
    assert "no projection “2016”" in view.notes[0]


def test_limits_are_those_of_the_area():
    """Walsall's hospital is smaller than what Dudley's lever allows at most."""
    high = browser_model("walsall").levers["beds in 2014"].high
    assert high < browser_model("dudley").levers["beds in 2014"].high
    assert read_view(f"?set=beds in 2014:{high + 1}").request.values
    assert not read_view(f"?footprint=walsall&set=beds in 2014:{high + 1}").request.values

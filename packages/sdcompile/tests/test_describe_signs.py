"""Signs of links that can be worked out by hand, and equations worked out as the engine does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sdcompile.describe.reach import way_round
from sdcompile.describe.signs import Sign, Signs, Spot, of_changes, product
from sdcompile.describe.states import Runs
from sdcompile.equations.graph import Kind

SMALL = Path(__file__).parent / "small.mdl"


def spot(text: str) -> Spot:
    name, _, element = text.partition("[")
    return Spot(text, name.replace(" ", "_"), (element.rstrip("]"),) if element else ())


@pytest.mark.parametrize(
    ("source", "target", "sign"),
    [
        ("arrivals", "people", "+"),
        ("departures", "people", "−"),
        ("people", "departures", "+"),
        ("stay", "departures", "−"),
        ("all people", "crowding", "+"),
        ("rooms", "crowding", "−"),
        ("crowding", "effect of rooms", "−"),
        ("all people", "report", "+"),
        ("people[Young]", "balance of kinds", "+"),
        ("people[Old]", "balance of kinds", "−"),
        ("stay", "arrivals", "0"),
        ("people at start", "people", "0"),
    ],
)
def test_sign_of_a_link(small_run, source, target, sign):
    assert Signs(small_run).link(spot(source), spot(target)).value == sign


def test_a_switch_at_0_stills_its_link(small_run):
    cut = Signs(small_run, {"crowding_switch": np.zeros(())})
    assert cut.link(spot("crowding"), spot("effect of rooms")) is Sign.STILL


def test_a_link_that_is_at_its_floor_all_the_time_is_not_determined():
    crowded = Signs(Runs(SMALL).states({"rooms": 1.0, "time to notice": 1.0, "crowding switch": 1.0}))
    assert crowded.link(spot("attraction"), spot("arrivals")) is Sign.RISES  # the first years
    still = [values["effect_of_rooms"] for values in crowded.run.values[3:]]
    assert max(float(value) for value in still) == 0


def test_signs_of_changes():
    assert of_changes(np.array([1.0, 0.0, np.nan]), 1.0) is Sign.RISES
    assert of_changes(np.array([-1.0, 1e-12]), 1.0) is Sign.FALLS
    assert of_changes(np.array([-1.0, 1.0]), 1.0) is Sign.MIXED
    assert of_changes(np.array([1e-12]), 1.0) is Sign.STILL


def test_two_falling_links_rise_together_and_what_is_not_known_stays_so():
    assert product([Sign.FALLS, Sign.FALLS]) is Sign.RISES
    assert product([Sign.FALLS, Sign.RISES]) is Sign.FALLS
    assert product([Sign.FALLS, Sign.MIXED]) is Sign.MIXED
    assert product([Sign.MIXED, Sign.STILL]) is Sign.STILL


def test_equations_come_to_what_the_engine_found(small_run):
    for time, values in zip(small_run.times, small_run.values, strict=True):
        for key, variable in small_run.equations.variables.items():
            if variable.kind is Kind.AUXILIARY:
                found = small_run.moments.value(key, values, time)
                np.testing.assert_allclose(found, values[key], rtol=1e-12)


def test_a_way_round_is_found_element_by_element(small_run):
    equations = small_run.equations
    assert way_round(equations, spot("people[Young]"), spot("people[Old]")) == [
        "people",
        "all people",
        "arrivals",
        "people",
    ]
    assert way_round(equations, spot("departures[Young]"), spot("departures[Old]"), {"arrivals"}) is None
    assert way_round(equations, spot("crowding"), spot("crowding")) is not None
    assert way_round(equations, spot("report"), spot("people")) is None

"""Are the right numbers drawn, and is it said of all others why not?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.ensembles.plan import EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.ranges import DECISION, FLOWS, SCENARIO, SHARE, SWITCH, TABLES, TEST, USER
from dudley_sd.ensembles.sampling import chances, values
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import parameter_table

pytestmark = pytest.mark.usefixtures("shared_folder")

REQUEST = EnsembleRequest(("official_future",), outputs=("gp_gap",), members=20)


@pytest.fixture(scope="module")
def ranges(shared_folder):  # noqa: ARG001
    return plan_ensemble(REQUEST).ranges


def test_every_row_with_a_range_is_drawn_or_left_out(ranges):
    table = parameter_table(inputs_folder())
    with_range = set(table[table["low"] < table["high"]]["id"])
    drawn, left_out = {each.id for each in ranges.drawn}, {each.id for each in ranges.left_out}

    assert drawn | left_out == with_range
    assert not drawn & left_out


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("coverage[MDT]", DECISION),
        ("start date[MDT]", DECISION),
        ("contract length", DECISION),
        ("claimed effect[AandE]", DECISION),
        ("pay relative to elsewhere", DECISION),
        ("loop R1 switch", SWITCH),
        ("society switch", SWITCH),
        ("feedback into population", SWITCH),
        ("GDP growth", SCENARIO),
        ("expectations in 2033", SCENARIO),
        ("share of GPs in 2018[G25]", SHARE),
        ("staff present at start[AcuteStaff]", TEST),
        ("", FLOWS),
        ("", TABLES),
    ],
)
def test_what_is_not_drawn_says_why(ranges, name, reason):
    assert (name, reason) in {(each.name, each.reason) for each in ranges.left_out}


def test_what_is_noted_as_a_policy_or_set_by_contracts_is_never_drawn(ranges):
    table = parameter_table(inputs_folder())
    words = "A policy|A switch|A decision|As now; set by|For tests of extremes"
    never = set(table[table["note"].str.contains(words)]["id"])

    assert never
    assert not never & {each.id for each in ranges.drawn}


def test_fixing_one_number_leaves_the_draws_of_the_others(ranges):
    held = plan_ensemble(replace(REQUEST, settings={"time to recruit": 2.0})).ranges
    chance = chances(0, 0, 20, len(ranges.candidates), "lhs")
    free, others = (
        values(chance[:, list(each.columns)], each.drawn, "triangular") for each in (ranges, held)
    )
    place = [each.name for each in ranges.drawn].index("time to recruit")

    assert len(held.candidates) == len(ranges.candidates)
    assert np.array_equal(np.delete(free, place, axis=1), others)


def test_scenario_constants_are_drawn_when_asked_and_user_levers_never():
    asked = replace(
        REQUEST, also=("GDP growth",), settings={"turnover[AcuteStaff]": 0.1, "time to recruit": 2.0}
    )
    found = plan_ensemble(asked).ranges
    left_out = {each.name: each.reason for each in found.left_out}

    assert "GDP growth" in {each.name for each in found.drawn}
    assert left_out["turnover[AcuteStaff]"] == left_out["time to recruit"] == USER
    assert "turnover[PracticeStaff]" not in left_out


def test_all_faults_of_a_request_are_in_one_message():
    wrong = EnsembleRequest(
        scenarios=("oficial_future",),
        portfolio="nun",
        footprints=("dudly",),
        settings={"time to recruit": 1},
        outputs=("gp_gup",),
        members=0,
        seed=-1,
        sampler="dice",
        distribution="normal",
        also=("growth switch",),
        engine="pysd",
    )
    with pytest.raises(InputError) as caught:
        plan_ensemble(wrong)
    message = str(caught.value)
    words = (
        "oficial",
        "nun",
        "dudly",
        "gp_gup",
        "members",
        "seed",
        "dice",
        "normal",
        "growth switch",
        "pysd",
    )
    assert [word for word in words if word not in message] == []

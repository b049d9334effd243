"""Are the right numbers drawn, and is it said of all others why not?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

from dudley_sd.ensembles.plan import EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.ranges import (
    CARRYING,
    DECISION,
    EVIDENCE,
    FLOWS,
    FROZEN,
    SCENARIO,
    SHARE,
    SOLVED,
    SWITCH,
    TABLES,
    TEST,
    USER,
    find_ranges,
)
from dudley_sd.ensembles.sampling import chances, values
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
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
        ("training places factor", DECISION),
        ("pay relative to elsewhere[AcuteStaff]", DECISION),
        ("loop R1 switch", SWITCH),
        ("unmet care switch", SWITCH),
        ("feedback into population", SWITCH),
        ("GDP growth", SCENARIO),
        ("expectations in 2033", SCENARIO),
        ("external supply of staff in 2033", SOLVED),
        ("share of GPs in 2014[YoungGP]", SHARE),
        ("working age link", TEST),
        ("growth of referrals", FROZEN),
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


def test_what_carries_the_results_is_drawn_and_the_evidence(ranges):
    """26 numbers, give way being one for each of five payees, and 12 of evidence, which are normal."""
    names = [each.name.partition("[")[0] for each in ranges.drawn]
    counts = {name: names.count(name) for name in (*CARRYING, *EVIDENCE)}

    assert len(ranges.drawn) == sum(counts.values())
    assert {name: count for name, count in counts.items() if count != 1} == {
        "elasticity of quits to pay": 2,
        "give way": 5,
        "evidence draw": 11,
    }
    assert sum(counts[name] for name in CARRYING) - (counts["give way"] - 1) == 26
    assert {each.name.partition("[")[0] for each in ranges.drawn if each.shape == "normal"} == set(EVIDENCE)


def test_fixing_one_number_leaves_the_draws_of_the_others(ranges):
    held = plan_ensemble(replace(REQUEST, settings={"change capacity": 2.0})).ranges
    chance = chances(0, 0, 20, len(ranges.candidates), "lhs")
    free, others = (
        values(chance[:, list(each.columns)], each.drawn, "triangular") for each in (ranges, held)
    )
    place = [each.name for each in ranges.drawn].index("change capacity")

    assert len(held.candidates) == len(ranges.candidates)
    assert np.array_equal(np.delete(free, place, axis=1), others)


def test_what_a_portfolio_decides_is_not_drawn_with_it(ranges):
    ring_fence = "ring fence"
    table, model, world = parameter_table(inputs_folder()), read_model(models_folder() / MODEL_FILE), {}
    found = find_ranges(table, model, world, decided=[ring_fence])

    assert ring_fence in {each.name for each in ranges.drawn}
    assert (ring_fence, DECISION) in {(each.name, each.reason) for each in found.left_out}


def test_other_numbers_are_drawn_when_asked_and_user_levers_never():
    settings = {"usual quit rate[AcuteStaff]": 0.1, "change capacity": 2.0}
    asked = replace(REQUEST, also=("GDP growth", "everything"), settings=settings)
    found = plan_ensemble(asked).ranges
    left_out = {each.name: each.reason for each in found.left_out}

    assert {"GDP growth", "growth of referrals"} <= {each.name for each in found.drawn}
    assert left_out["usual quit rate[AcuteStaff]"] == left_out["change capacity"] == USER
    assert "usual quit rate[PracticeStaff]" not in left_out
    assert left_out["expectations in 2033"] == SCENARIO
    assert FROZEN not in left_out.values()

    one = plan_ensemble(replace(REQUEST, also=("usual quit rate",))).ranges
    assert len(one.drawn) == len(plan_ensemble(REQUEST).ranges.drawn) + 6


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

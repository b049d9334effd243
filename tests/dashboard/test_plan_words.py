"""What is said of a plan in a list, and of a name that anybody may have written."""

from __future__ import annotations

import pytest
from dudley_dashboard.address import LONGEST, address_with, opened_note, read_view
from dudley_dashboard.catalogue import origin
from dudley_dashboard.names import MOST_LEVERS, levers_text, plan_text
from dudley_dashboard.store import NAME_LENGTH, since

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.request import Request


def test_levers_are_named_as_on_explore_with_their_values():
    levers = {"coverage[MDT]": 0.9, "usual quit rate[PracticeStaff]": 0.05}
    assert levers_text(Request(settings=levers)).startswith("Moved: Multidisciplinary teams 90%; ")
    assert levers_text(Request()) == "No lever is moved."
    assert plan_text(Request(portfolio="none")).startswith(
        "Future: Official Future · no portfolio · contract: As now · Dudley."
    )


def test_of_many_levers_the_first_are_named_and_the_others_counted():
    interventions = elements(inputs_folder(), INTERVENTION)
    told = levers_text(Request(settings={f"coverage[{each}]": 0.5 for each in interventions}))
    assert told.count(";") == MOST_LEVERS
    assert told.endswith("; and 3 more.")
    assert "[" not in told


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("", "is not known"),
        ("damaged", "is not known"),
        ("a b", "are the same as then"),
        ("a c", "the input files have changed"),
        ("c b", "the model file has changed"),
        ("c d", "the model file and input files have changed"),
    ],
)
def test_what_has_changed_since_is_named(then: str, told: str):
    assert told in since(then, "a b")


def test_the_files_that_are_here_are_the_same_as_themselves():
    assert since(origin(), origin()) == "Model file and input files are the same as then."


def test_an_opened_plan_is_named_on_one_line_of_limited_length():
    view = read_view("?v=1&title=" + "a%0Ab%00" * 100 + "&reason=%3Cb%3E")
    (note,) = opened_note(view)
    assert note.isprintable()
    assert len(note) < NAME_LENGTH + 60
    assert note.endswith("saved because: <b>.")
    assert opened_note(read_view("?v=1&reason=x")) == ()


def test_an_address_with_a_long_reason_can_still_be_read():
    plan = Request(
        settings={f"coverage[{each}]": 0.123456789 for each in elements(inputs_folder(), INTERVENTION)[:10]}
    )
    address = address_with(plan, "Name", "ﷺ" * 1000)
    assert len(address) <= LONGEST
    found = read_view(address)
    assert found.request == plan
    assert opened_note(found) == ("Opened: the plan “Name”.",)

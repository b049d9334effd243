"""Loops that are in the small model as claimed, and claims that are false."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile.describe.loops import Loop, find_loops
from sdcompile.describe.loops_page import loops_page, main_rounds, rounds_left, summary
from sdcompile.describe.signs import Sign, Signs

FILE = Path("loops.toml")
CROWDING = {
    "name": "B1",
    "title": "crowding",
    "kind": "balancing",
    "switch": "crowding switch",
    "closing": "effect of rooms",
    "paths": [["people", "crowding", "effect of rooms", "arrivals"]],
}
GROWTH = {
    "name": "R1",
    "title": "company",
    "kind": "reinforcing",
    "closing": "arrivals",
    "paths": [["all people", "arrivals", "people"]],
}
REPORT = {"name": "C", "title": "report", "kind": "chain", "paths": [["attraction", "arrivals", "report"]]}


def found(small, small_run, *claims):
    return find_loops(
        small, lambda _: Signs(small_run), [Loop.model_validate(claim) for claim in claims], FILE
    )


def test_true_claims_have_no_fault(small, small_run):
    findings, faults = found(small, small_run, CROWDING, GROWTH, REPORT)
    assert faults == []
    assert [finding.paths[0].sign for finding in findings] == [Sign.FALLS, Sign.RISES, Sign.RISES]
    assert [finding.pinned for finding in findings] == [True, None, None]


def test_what_the_path_leaves_out_is_found_and_marked(small, small_run):
    findings, _ = found(small, small_run, CROWDING)
    steps = findings[0].paths[0].steps
    assert [step.target.name for step in steps if not step.target_named] == ["all people"]
    assert [step.sign.value for step in steps] == ["+", "+", "−", "+", "+"]


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (CROWDING | {"kind": "reinforcing"}, "it is called reinforcing but its signs are + + − + +"),
        (GROWTH | {"kind": "balancing"}, "it is called balancing but its signs are + + +"),
        (CROWDING | {"switch": "stay"}, "stay does not act on effect of rooms"),
        (CROWDING | {"switch": "no such"}, "there is no variable 'no such'"),
        (
            CROWDING | {"paths": [["people", "crowdin"]]},
            "there is no variable 'crowdin'. Did you mean crowding",
        ),
        (
            CROWDING | {"paths": [["people[Tall]", "crowding"]]},
            "people[Tall] names Tall, which is no element",
        ),
        (CROWDING | {"paths": [["report", "people"]]}, "report does not act on people"),
        (
            REPORT | {"paths": [["all people", "arrivals", "people"]]},
            "its end leads back to its start: people → all people",
        ),
        (GROWTH | {"switch": "attraction"}, ""),
        (
            GROWTH | {"switch": "invitations"},
            "with invitations at 0, arrivals still follows what is before it",
        ),
    ],
)
def test_a_false_claim_is_a_fault(small, small_run, claim, says):
    _, faults = found(small, small_run, claim)
    if not says:  # attraction at 0 stills arrivals: it cuts the loop as well as a switch would
        assert faults == []
        return
    assert any(says in f"{fault.problem}. {fault.remedy}" for fault in faults), [str(f) for f in faults]


def test_what_goes_round_beside_the_named_loops(small):
    assert rounds_left(small, set()) != []
    assert rounds_left(small, {"effect_of_rooms"}) == []
    (only,) = main_rounds(small, set())
    assert set(only.way) == {"crowding", "effect_of_rooms", "arrivals", "people", "all_people"}
    assert only.shared == len(rounds_left(small, set()))


def test_page_draws_each_loop_with_its_signs(small, small_run):
    claim = Loop.model_validate(GROWTH)
    findings, _ = find_loops(small, lambda _: Signs(small_run), [claim], FILE)
    page = loops_page(small, "Made by hand.", findings, Signs(small_run), main_rounds(small, set()))
    assert "# Loops and chains\n\nMade by hand.\n" in page
    assert "## R1: company" in page
    assert page.count('-->|"+"|') == 3
    assert "3 links, 0 of them −: reinforcing." in page
    assert "- balancing: " in page.partition("## Beside the named loops")[2]
    assert "[R1](LOOPS.md#r1-company)" in summary(findings, "LOOPS.md")

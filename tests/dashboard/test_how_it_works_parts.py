"""What the page on how the model works draws and says, against the model itself."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from dudley_dashboard.names import DO_NOTHING_WORDS, REFERENCE_CASE_WORDS, YOUR_PLAN
from dudley_dashboard.pages.how_it_works import maps
from dudley_dashboard.pages.how_it_works.data import (
    ModelQuery,
    find_loop,
    loops_in_order,
    model_tables,
    name_text,
    ways_round,
)
from dudley_dashboard.pages.how_it_works.layers import layered, spaced
from dudley_dashboard.pages.how_it_works.maps import in_rows, round_a_rectangle
from dudley_dashboard.pages.how_it_works.model_tests import (
    SIGNS,
    TESTS,
    State,
    findings_section,
    model_key,
    start,
    state_of,
)
from dudley_dashboard.pages.how_it_works.numbers import count_sentence, counts, found_rows, rows_of
from dudley_dashboard.pages.how_it_works.text import loop_text
from dudley_dashboard.pages.how_it_works.variable import (
    courses_of,
    draw_courses,
    four_figures,
    panel,
    runs_of,
)
from dudley_dashboard.runs import run
from sampling import drawn
from sdcompile.cache import cache_folder
from sdcompile.describe.pictures import sector_links

from dudley_sd.request import Request
from dudley_sd.validation.outcome import DOCUMENTED, FAILS, PASSES, Outcome
from tests.dashboard.reading import words_of


def link(**changes: str) -> str:
    return ModelQuery(Request()).href(**changes)


def test_signs_of_every_named_loop_multiply_to_its_kind(signs):
    for loop in loops_in_order():
        if loop.kind == "chain":
            continue
        for way in ways_round(loop, signs):
            falls = sum(step.sign == "−" for step in way)
            assert falls % 2 == (loop.kind == "balancing"), loop.name
            assert {step.sign for step in way} == {"+", "−"}, loop.name


def test_ways_without_signs_take_the_same_links(signs):
    for loop in loops_in_order():
        plain = [[(step.source, step.target) for step in way] for way in ways_round(loop)]
        signed = [[(step.source, step.target) for step in way] for way in ways_round(loop, signs)]
        assert plain == signed


def test_every_link_of_a_loop_is_in_the_equations():
    for loop in loops_in_order():
        for way in ways_round(loop):
            for step in way:
                assert step.source_key in model_tables().catalogue.links[step.target_key], loop.name


def test_the_overview_has_every_link_between_sectors_but_those_to_the_indicators():
    picture = maps.overview(link)
    expected = {
        pair: n for pair, n in sector_links(model_tables().catalogue).items() if pair[1] != "Indicators"
    }
    assert {(arrow.source, arrow.target): arrow.weight for arrow in picture.arrows} == expected


@pytest.mark.parametrize("size", [maps.WIDE, maps.NARROW])
def test_no_box_of_any_picture_lies_on_another_or_off_the_sheet(size):
    pictures = [maps.overview(link, (), size)]
    catalogue = model_tables().catalogue
    pictures += [maps.sector(link, group) for group in catalogue.model.groups if catalogue.in_group(group)]
    for loop in loops_in_order():
        for way in ways_round(loop):
            pictures.append(maps.ring(link, way, loop.name, loop.kind != "chain", size))
    for picture in pictures:
        boxes = picture.boxes
        for number, one in enumerate(boxes):
            assert one.width / 2 <= one.x <= picture.width - one.width / 2, (picture.name, one.key)
            assert one.height / 2 <= one.y <= picture.height - one.height / 2, (picture.name, one.key)
            for other in boxes[number + 1 :]:
                beside = abs(one.x - other.x) >= (one.width + other.width) / 2
                below = abs(one.y - other.y) >= (one.height + other.height) / 2
                assert beside or below, (picture.name, one.key, other.key)


def test_links_of_the_chosen_loop_are_marked_in_the_sector():
    ways = ways_round(find_loop("R4"))
    arrows = maps.sector(link, "Labour pool", ways).arrows
    marked = {frozenset((arrow.source, arrow.target)) for arrow in arrows if arrow.marked}
    assert marked == {frozenset((step.source_key, step.target_key)) for way in ways for step in way}


def test_places_of_a_ring_are_next_to_each_other():
    for count in range(3, 40):
        for columns in (2, 4):
            places = round_a_rectangle(count, columns)
            assert len(set(places)) == count
    assert in_rows(4, 2)[2][0] == in_rows(4, 2)[1][0]


def test_rows_lead_down_though_arrows_go_round():
    layers = layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert [[node for node in row if isinstance(node, str)] for row in layers.rows] == [["a"], ["b"], ["c"]]
    assert len(layers.between["c", "a"]) == 1


def test_places_are_kept_apart_and_as_near_as_can_be():
    assert spaced([0.0, 10.0], [4.0]) == [0.0, 10.0]
    assert spaced([5.0, 5.0], [4.0]) == [3.0, 7.0]


@pytest.mark.parametrize("text", ["198", "198 heads", "Where do the 198 GPs come from?"])
def test_the_198_gps_are_found_first_with_source_and_locator(text):
    first = found_rows(text).iloc[0]
    assert (first["id"], first["central"], first["status"]) == ("gp_heads_in_2014", 198, "derived")
    assert (first["source"], first["locator"]) == ("gp_workforce_2024", "Dudley practices, 9/2015: 198 heads")


def test_every_number_is_listed_and_counted_by_status():
    rows = model_tables().parameters
    assert len(found_rows()) == len(rows) == sum(counts().values())
    assert all(len(found_rows(status=status)) == count for status, count in counts().items())


def test_a_search_is_text_and_not_a_pattern():
    assert len(found_rows("(((")) == len(found_rows())  # no word in it
    assert len(found_rows("[a-z]+zz")) == 0
    assert 0 < len(found_rows("A&E")) < 100
    assert count_sentence(found_rows("zzz"), 15, "zzz", "").startswith("No number with “zzz”")


GPS = ModelQuery(Request(), variable="gps", element="LateGP")


def test_the_course_of_a_variable_is_that_of_the_run():
    """In Official Future do nothing is the reference case: two lines stand there and not three."""
    courses = courses_of(GPS)
    assert list(courses) == [YOUR_PLAN, DO_NOTHING_WORDS]
    for name, plan in ((YOUR_PLAN, Request()), (DO_NOTHING_WORDS, Request().reference_case())):
        expected = run(plan)["gps"].isel(scenario=0).sel(gp_stage="LateGP").to_numpy()
        assert courses[name].to_numpy() == pytest.approx(expected)
    figure = draw_courses(courses)
    assert [trace.name for trace in figure.data] == [YOUR_PLAN, DO_NOTHING_WORDS]
    assert list(figure.data[0].y) == pytest.approx(courses[YOUR_PLAN].to_numpy().tolist())


@pytest.mark.parametrize(
    "plan",
    [Request("state_supreme"), Request(settings={"GDP growth": 0.01})],
    ids=["another future", "a lever on the world"],
)
def test_in_another_world_do_nothing_there_is_a_line_of_its_own(plan):
    courses = courses_of(ModelQuery(plan, variable="gp_wte"))
    assert list(courses) == [YOUR_PLAN, DO_NOTHING_WORDS, REFERENCE_CASE_WORDS]
    assert runs_of(plan)[REFERENCE_CASE_WORDS].scenario == "official_future"
    assert runs_of(plan)[REFERENCE_CASE_WORDS].values == {}
    assert runs_of(plan)[DO_NOTHING_WORDS].scenario == plan.scenario
    assert runs_of(plan)[DO_NOTHING_WORDS].values == plan.values
    nothing = run(plan.do_nothing())["gp_wte"].isel(scenario=0).to_numpy()
    assert courses[DO_NOTHING_WORDS].to_numpy() == pytest.approx(nothing)


@pytest.mark.drawn
def test_every_variable_has_a_panel():
    """Of each sector and kind one, and some more; ``--whole`` looks at all."""
    variables = model_tables().catalogue.model.variables
    of_each = {(each.group, each.kind): key for key, each in variables.items()}
    for key in dict.fromkeys([*of_each.values(), *drawn(variables, 30, "panel")]):
        parts = panel(ModelQuery(Request(), variable=key))
        assert parts[0].children == variables[key].name
    assert len(rows_of("gp_heads_in_2014")) == 1


@pytest.mark.parametrize(
    ("rest", "notes"),
    [
        ({"loop": ("r1",)}, 0),
        ({"loop": ("R99",)}, 1),
        ({"variable": ("GP WTE",)}, 0),
        ({"variable": ("???",)}, 1),
        ({"variable": ("gp_wtee",), "sector": ("x" * 5000,)}, 2),
        ({"variable": ("gps",), "element": ("YoungestGP",)}, 1),
        ({"status": ("'; drop table",), "find": ("\x00" * 500,)}, 1),
    ],
)
def test_what_an_address_cannot_mean_is_noted(rest, notes):
    assert len(ModelQuery.read(Request(), rest)[1]) == notes


def test_words_that_are_old_names_of_values_are_searched_for_as_they_are():
    query, notes = ModelQuery.read(Request(), {"find": (" baseline ",)})
    assert (query.find, notes) == ("baseline", [])


def test_a_loop_is_told_without_signs_until_they_are_known(signs):
    before = " ".join(str(part.children) for part in loop_text("R1", None))
    after = " ".join(str(part.children) for part in loop_text("R1", signs))
    assert "being worked out" in before
    assert "being worked out" not in after
    assert "loop R1 switch" in after


def test_failures_without_a_reason_come_before_documented_ones():
    common = {"test": "Back-test", "row": "", "found": "1", "expected": "0", "tolerance": ""}
    findings = [
        Outcome(id="a", what="fine", verdict=PASSES, **common),
        Outcome(id="b", what="known", verdict=DOCUMENTED, note="Because", **common),
        Outcome(id="c", what="bad", verdict=FAILS, **common),
    ]
    result = {
        "findings": [vars(each) for each in findings],
        "made": "2026-01-01T00:00:00",
        "version": "1",
        "runs": 3,
        "model_hash": "abcdef0123",
    }
    text = str(findings_section(State(result)))
    assert "Run here on 1 January 2026 at 00:00 UTC with dudley_sd 1 on the model file abcdef01" in text
    assert "1 of 3 tests pass, 1 fails for known reasons, 1 fails without one." in text
    assert text.index("bad: 1") < text.index("known: 1")


def test_tests_that_were_not_run_here_are_not_findings_section():
    text = words_of(findings_section(State()))
    assert "Not yet run for this version." in text
    assert " pass" not in text.replace("pass mark", "")


def zombies() -> list[str]:
    """Processes of ours that have ended and that nobody has asked about, where Linux tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has gone meanwhile
            state, parent, *_ = path.read_text().rpartition(")")[2].split()
            if (state, int(parent)) == ("Z", os.getpid()):
                found.append(path.parent.name)
    return found


def test_a_mark_of_a_running_examination_from_the_future_is_not_believed(tmp_path, monkeypatch):
    """The clock was set back after the process that made it had ended."""
    monkeypatch.setenv("DUDLEY_SD_CACHE", str(tmp_path))
    assert state_of(TESTS) == State()
    running = tmp_path / "dashboard" / f"{TESTS}-{model_key()[:24]}.running"
    running.touch()
    assert state_of(TESTS).running
    for hours in (-1, 1):
        then = time.time() + 3600 * hours
        os.utime(running, (then, then))
        assert state_of(TESTS) == State()


def test_an_examination_is_made_once_in_a_process_of_its_own(tmp_path, monkeypatch, signs):
    for kept in cache_folder().iterdir():
        if kept.name != "dashboard":
            (tmp_path / kept.name).symlink_to(kept)  # the model, read and compiled
    monkeypatch.setenv("DUDLEY_SD_CACHE", str(tmp_path))
    assert state_of(SIGNS) == State()
    assert start(SIGNS).running
    assert start(SIGNS).running  # the same one: no second process
    until = time.monotonic() + 120
    while (state := state_of(SIGNS)).result is None and time.monotonic() < until:
        time.sleep(0.5)
    assert state.result == {"loops": signs}
    assert not state.running
    for thread in threading.enumerate():
        if thread.name == f"examination {SIGNS}":
            thread.join(20)
    assert zombies() == []
    kept = [path.name for path in (tmp_path / "dashboard").iterdir()]
    assert kept == [f"{SIGNS}-{model_key()[:24]}.json"]


def test_what_is_kept_but_cannot_be_read_is_found_out_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDLEY_SD_CACHE", str(tmp_path))
    assert state_of(TESTS).result is None
    (tmp_path / "dashboard" / f"{TESTS}-{model_key()[:24]}.json").write_text("{")
    assert state_of(TESTS) == State()


def test_elements_in_words():
    assert name_text("staff in post[CommunityStaff]") == "staff in post (community staff)"
    old = "population (aged 75-79, two or more long-term conditions, most deprived fifth)"
    assert name_text("population[A75, Complex,F1]") == old


def test_numbers_of_any_size_are_written_with_four_figures():
    assert [four_figures(value) for value in (0.0, 1234567.8, 0.12345, 12.5)] == [
        "0",
        "1,234,568",
        "0.1235",
        "12.5",
    ]

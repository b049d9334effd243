"""Pinned plans in an address: what is written is read, and what cannot be true is noted."""

from __future__ import annotations

from dudley_dashboard.address import MOST, Pin, clean_name, free_name, pin_text, read_pins

from dudley_sd.request import Request

PLAN = Request(
    "state_supreme", "none", "nuka", "walsall", settings={"coverage[MDT]": 0.8, "GDP growth": 0.03}
)


def test_a_pin_is_read_as_it_was_written():
    text = pin_text(Pin("Closer to home", PLAN))
    assert text.startswith("Closer to home~scenario:state_supreme~portfolio:none~contract:nuka")
    assert read_pins([text]) == ([Pin("Closer to home", PLAN)], [])


def test_only_what_differs_from_the_usual_is_written():
    assert pin_text(Pin("As it is", Request())) == "As it is"


def test_what_is_wrong_in_a_pin_is_noted_and_the_usual_is_taken():
    pins, notes = read_pins(["Mine~scenario:nowhere~set:coverage[MDT]:7~colour:red~portfolio:none"])
    assert pins == [Pin("Mine", Request(portfolio="none"))]
    assert len(notes) == 3
    assert all(note.startswith("Pinned plan “Mine”: ") for note in notes)
    assert "no scenario “nowhere”" in notes[0]


def test_names_are_harmless_in_tables_pictures_and_spreadsheets():
    assert clean_name('=HYPERLINK("x")') == 'HYPERLINK("x")'
    assert clean_name("<b>bold</b>\n~more") == "bbold/b more"
    assert len(clean_name("a" * 500)) == 40


def test_no_two_pins_share_a_name_and_none_is_without():
    pins, _ = read_pins(["A", "A", "A", "", "~"])
    assert [pin.name for pin in pins] == ["A", "A (2)", "A (3)", "Plan 4", "Plan 5"]
    assert free_name("a" * 40, ["a" * 40]) == "a" * 36 + " (2)"


def test_more_pins_than_fit_are_left_out_and_it_is_said():
    pins, notes = read_pins([f"Plan {place}" for place in range(9)])
    assert len(pins) == MOST
    assert notes == [f"Only the first {MOST} of 9 pinned plans are shown."]

"""The page on people: its figures are those of the run and of ONS; a reader moves through the years."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from dudley_dashboard.pages.people import charts, text
from dudley_dashboard.pages.people.data import (
    OVER_75,
    WORKING_AGE,
    People,
    PeopleQuery,
    at,
    errors_of,
    people_of,
)

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.population import read_population
from dudley_sd.request import Request
from dudley_sd.text import signed_percent
from dudley_sd.validation.back_test import PARTS
from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.waiting import until, until_so

YEAR = '#people-year [role="slider"]'
CHART = "#people-profile .barlayer path"
SAID = "document.querySelector('#people-said').textContent !== ''"
"""The page has taken up its year: from now on a year moves the chart."""


@pytest.fixture(scope="module")
def dudley() -> People:
    """Dudley as evidenced, beside the 2018-based projection."""
    return people_of(Request(), "2018")


def test_the_projection_is_the_table_of_ons(dudley):
    table = read_population(inputs_folder() / "ons" / "population_2014_based.csv")
    held = dudley.projection.sel(year=table["year"])
    assert float(abs(held - table).max()) < 1e-6


def test_people_of_75_and_over_grow_by_a_third_as_the_strategy_unit_prints(dudley):
    """Strategy Unit (2018), section 4.2.4: '34% increase in over 75s' by 2032, to the last digit."""
    growth = at(dudley.projection, OVER_75, 2032) / at(dudley.projection, OVER_75, 2018) - 1
    assert round(growth, 2) == 0.34


def test_what_turns_on_the_base_is_so(dudley):
    """`TURNS_ON_THE_BASE`: 15 to 64 fall in the 2014-based and rise in the 2018-based projection."""
    assert at(dudley.projection, WORKING_AGE, 2032) < at(dudley.projection, WORKING_AGE, 2018)
    assert at(dudley.other, WORKING_AGE, 2032) > at(dudley.other, WORKING_AGE, 2018)
    said = " ".join(text.base_sentences(dudley, True))
    assert "turn on the base" in said
    assert "75 and over +10,600 here, +7,041 in the 2018-based" in said


def test_the_headline_stands_beside_what_undercuts_it(dudley):
    """ONS: 198,202 people of 15 to 64 in 2018 and 201,684 in 2023; of 75 and over 30,854 and 33,830."""
    old, working = (
        {end: at(dudley.run, ages, end) / at(dudley.run, ages, 2018) - 1 for end in (2023, 2033)}
        for ages in (OVER_75, WORKING_AGE)
    )
    said = text.finding(dudley)
    assert f"75 and over grow by {old[2033]:.1%}" in said
    assert f"15 to 64 fall by {-working[2033]:.1%}" in said
    heading, sentences = text.doubt(dudley)
    assert "does not bear this out" in heading
    assert f"people of 15 to 64 grow by 1.8% (in this run they fall by {-working[2023]:.1%})" in sentences[0]
    assert f"people of 75 and over grow by 9.6% (in this run they grow by {old[2023]:.1%})" in sentences[0]
    assert f"people of 15 to 64 grow by 4.3% (in this run they fall by {-working[2033]:.1%})" in sentences[1]
    assert sentences[2].startswith("What holds in each of them")
    assert "as estimated 15.6 in 2018 and 16.8 in 2023" in sentences[2]


def test_a_headline_that_is_borne_out_is_called_so(dudley):
    itself = replace(dudley, estimated=None, later=dudley.run)
    assert "bears this out" in text.doubt(itself)[0]
    assert text.doubt(replace(itself, later=None))[0] == text.NO_COMPARISON


def test_a_trend_shows_the_later_projection_unasked():
    names = [line.name for line in charts.trend(people_of(Request()), WORKING_AGE).data]
    assert names == ["your plan", "ONS 2014-based projection", "ONS 2018-based projection", charts.ESTIMATES]
    assert "Mid-year population estimates" in text.source_line(people_of(Request()), trends=True)


def test_bars_are_the_run_and_the_outline_is_the_projection(dudley):
    bars, outline, start = charts.profile(dudley, 2028).data
    assert list(bars.x) == pytest.approx((dudley.run.sel(year=2028) / 1000).to_numpy())
    assert list(outline.x) == pytest.approx((dudley.projection.sel(year=2028) / 1000).to_numpy())
    assert list(start.x) == pytest.approx((dudley.run.sel(year=2018) / 1000).to_numpy())


def test_the_frames_of_the_animation_are_the_run(dudley):
    frames = charts.frames(dudley)
    place = frames["years"].index(2026)
    assert frames["run"][place] == pytest.approx((dudley.run.sel(year=2026) / 1000).to_numpy(), abs=1e-4)
    assert len(json.dumps(frames)) < 20_000


def test_errors_against_the_estimates_are_those_of_the_validation_report(dudley):
    """The report prints +7.0% for 75 and over in mid-2023 (row back_75_last of targets.csv: within 5%)."""
    assert signed_percent(errors_of(dudley)["75 and over"][2023], 1) == "+7.0%"
    shown = charts.outturn(dudley).data[0]
    assert list(shown.y) == list(PARTS)[::-1]
    assert shown.text[list(shown.y).index("85 and over")] == signed_percent(
        errors_of(dudley)["85 and over"][2023], 1
    )


def test_an_area_without_estimates_or_projection_says_so():
    rushcliffe = people_of(Request(footprints="rushcliffe"), "2016")
    assert rushcliffe.estimated is None
    assert rushcliffe.later is None  # it runs on the later projection itself
    assert float(rushcliffe.projection.sel(year=2033).sum()) == pytest.approx(134_338.7, abs=1)
    assert text.outturn_sentences(rushcliffe) == [text.NO_ESTIMATES]
    assert rushcliffe.other is None
    assert "dudley-sd ons FILE" in rushcliffe.how
    assert rushcliffe.indicative.startswith("Indicative")


@pytest.mark.parametrize(
    ("rest", "year", "notes"),
    [
        ({}, 2033, 0),
        ({"year": ("2021",)}, 2021, 0),
        ({"year": ("1999",)}, 2033, 1),
        ({"year": ("20²1",)}, 2033, 1),
        ({"year": ("<b>",)}, 2033, 1),
    ],
)
def test_a_year_that_cannot_be_gives_a_note_and_the_last(rest, year, notes):
    query, said = PeopleQuery.read(Request(), rest)
    assert (query.year, len(said)) == (year, notes)


def test_a_projection_that_is_not_known_gives_a_note():
    query, said = PeopleQuery.read(Request(), {"against": ("2018",)})
    assert (query.against, said) == ("2018", [])
    query, said = PeopleQuery.read(Request(), {"against": ("/etc/passwd",)})
    assert query.against == ""
    assert "no projection" in said[0]


def test_the_year_moves_with_keys_buttons_and_the_address(page_at):
    page = page_at("/people?year=2020")
    assert page.inner_text("#people-sentence").startswith("Mid-2020:")
    page.wait_for_selector(CHART)
    until(page, SAID)
    page.focus(YEAR)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#people-sentence:text('Mid-2021:')")
    page.click("#people-on")
    page.wait_for_selector("#people-sentence:text('Mid-2022:')")
    drawn = "document.querySelector('#people-profile .js-plotly-plot').data[0].x[18]"
    expected = float(people_of(Request()).run.sel(year=2022, age="90+")) / 1000
    until(page, f"wanted => Math.abs({drawn} - wanted) <= 1e-4", arg=expected)
    assert "year=2022" in page.url
    page.reload()
    page.wait_for_selector("#people-sentence:text('Mid-2022:')")
    page.seen.nothing_wrong()


WATCHED = """() => {
  const words = (id) => document.getElementById(id).textContent;
  const note = () => window.told.push(words("people-play") + " " + words("people-sentence"));
  window.told = [];
  new MutationObserver(note).observe(document.getElementById("page"),
    { childList: true, subtree: true, characterData: true });
}"""


def test_it_plays_pauses_and_stops_at_the_end(page_at):
    page = page_at("/people?year=2031")
    page.wait_for_selector(CHART)
    until(page, SAID)
    assert page.inner_text("#people-play") == "Play"
    page.evaluate(WATCHED)
    page.click("#people-play")
    until(page, "window.told.some((each) => each.startsWith('Pause'))")
    page.wait_for_selector("#people-sentence:text('Mid-2033:')")
    page.wait_for_selector("#people-play:text('Play')")
    page.click("#people-play")
    until(page, "window.told.some((each) => each.startsWith('Pause Mid-2018:'))")
    page.click("#people-play")
    page.wait_for_selector("#people-play:text('Play')")


def test_pressed_before_the_chart_is_there_it_plays_once_it_is(page_at):
    held = []
    page = page_at(
        "/people?year=2032",
        before=lambda page: page.route("**/plotly.min.js*", lambda route: held.append(route)),
        alone=True,
    )
    until_so(page, lambda: held)
    page.wait_for_selector("#people-sentence:text('Mid-2032:')")
    page.click("#people-play")
    page.wait_for_selector("#people-play:text('Pause')")
    page.wait_for_timeout(1800)  # two of its steps
    assert page.inner_text("#people-play") == "Pause"
    held[0].continue_()
    page.wait_for_selector("#people-sentence:text('Mid-2033:')")
    page.wait_for_selector("#people-play:text('Play')")


def test_with_reduced_motion_a_year_is_drawn_at_once(page_at):
    page = page_at("/people?year=2020", before=lambda page: page.emulate_media(reduced_motion="reduce"))
    page.wait_for_selector(CHART)
    until(page, SAID)
    page.evaluate(
        """() => { window.drawn = 0; const old = Plotly.restyle;
        Plotly.restyle = (...given) => { window.drawn += 1; return old(...given); }; }"""
    )
    page.click("#people-on")
    page.wait_for_selector("#people-sentence:text('Mid-2021:')")
    page.wait_for_timeout(700)
    assert page.evaluate("window.drawn") == 1


def test_doubt_stands_above_the_picture_whose_headline_it_undercuts(page_at):
    page = page_at("/people", 390, 844)
    page.wait_for_selector("#people-profile .barlayer path")
    above, doubt, chart = (
        page.locator(each).first.bounding_box()["y"]
        for each in ("#page h2:text('In this run')", ".people-doubt", "#people-profile")
    )
    assert above < doubt < chart


def test_another_area_is_marked_indicative_and_says_which_file_to_get(page_at):
    page = page_at("/people?footprint=rushcliffe&against=2016")
    assert page.inner_text(".people-indicative").startswith("Indicative.")
    assert "clinicalcommissioninggroupsinenglandtable3" in page.inner_text("#page")
    page.seen.nothing_wrong()


def test_an_area_is_chosen_and_back_returns(page_at):
    page = page_at("/people?year=2025")
    page.click("#people-footprint")
    page.click("[role=option]:has-text('Walsall')")
    page.wait_for_selector(".people-indicative")
    assert re.search(r"footprint=walsall", page.url)
    assert "year=2025" in page.url
    page.go_back()
    page.wait_for_selector(".people-indicative", state="detached")


def test_nonsense_in_the_address_is_noted(page_at):
    page = page_at("/people?year=abc&against=zzz")
    assert page.locator(".people-notes p").count() == 2


@pytest.mark.drawn
def test_axe_finds_nothing(page_at):
    page = page_at("/people?against=2018")
    page.wait_for_selector("#people-outturn .barlayer path")
    for summary in page.locator("#page details > summary").all():
        summary.click()
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()

"""The page on how the model works, in a browser: follow a loop, a link, a number and the tests."""

from __future__ import annotations

import pytest
from dudley_dashboard.pages.how_it_works.data import find_loop, model_tables, ways_round
from dudley_dashboard.pages.how_it_works.model_tests import SIGNS, run_and_save, state_of

from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.waiting import until

pytestmark = pytest.mark.usefixtures("signs")

PICTURE = "#model-picture-0 svg"

STAYS = """async (key) => {
  const box = document.querySelector(`#model-picture-0 a[data-key="${key}"]`);
  box.focus();
  for (let k = 0; k < 5; k++) await new Promise((drawn) => requestAnimationFrame(drawn));
  return document.activeElement === box;
}"""
"""Focuses a box of the picture; false where the picture was drawn anew under it."""


@pytest.fixture(scope="module", autouse=True)
def signs_known(shared_folder):
    """Signs of the links of all loops, worked out by the model and kept in the cache of this session."""
    assert shared_folder.exists()
    if state_of(SIGNS).result is None:
        run_and_save(SIGNS)


def test_where_the_198_gps_come_from_is_found_by_typing_it(page_at):
    page = page_at("/model")
    page.fill("#model-find", "where do the 198 GPs come from?")
    page.wait_for_selector("#model-table tbody tr:first-child th:has-text('GP heads in 2014')")
    row = page.inner_text("#model-table tbody tr:first-child")
    assert "198" in row
    assert "derived" in row
    assert "Dudley practices, 9/2015" in row
    page.click("#model-table tbody tr:first-child a")
    page.wait_for_selector("#model-variable-title:text('GP heads in 2014')")
    panel = page.inner_text("#model-panel")
    assert "GP heads in 2014= 198" in panel
    assert "Dudley practices, 9/2015" in panel
    page.seen.nothing_wrong()


def test_a_search_and_a_status_stand_in_the_address(page_at):
    page = page_at("/model?find=GP&status=published")
    assert "status published with “GP”" in page.inner_text("#model-found")
    assert page.input_value("#model-find") == "GP"
    statuses = set(page.locator("#model-table .model-status").all_inner_texts())
    assert statuses == {"published"}


def test_more_numbers_are_shown_on_request(page_at):
    page = page_at("/model")
    assert page.locator("#model-table tbody tr").count() == 15
    page.click("#model-more")
    until(page, "document.querySelectorAll('#model-table tbody tr').length === 30")


def test_sector_variable_and_back_by_keyboard(page_at):
    page = page_at("/model")
    page.wait_for_selector(PICTURE)
    until(page, STAYS, arg="Practices")
    page.keyboard.press("Enter")
    page.wait_for_selector("#model-map-title:text('Practices')")
    until(page, "document.activeElement.id === 'model-map-title'")
    until(page, STAYS, arg="gps")
    page.keyboard.press("Enter")
    page.wait_for_selector("#model-variable-title:text('GPs')")
    until(page, "document.activeElement.id === 'model-variable-title'")
    assert "sector=Practices" in page.url
    assert "variable=gps" in page.url
    page.go_back()
    page.wait_for_selector("#model-variable-title", state="detached")
    page.seen.nothing_wrong()


def test_a_loop_is_drawn_with_signs_and_its_story(page_at):
    page = page_at("/model?loop=R1")
    page.wait_for_selector("#model-picture-1 svg")
    signs = page.locator("#model-picture-1 .model-sign-text").all_text_contents()
    assert len(signs) == 8
    assert signs.count("−") == 2
    words = page.inner_text("#model-map-words")
    assert "Fewer GPs see the same patients" in words
    assert "Reinforcing" in words
    marked = page.locator("#model-picture-0 .model-box-marked")
    assert [each.get_attribute("data-key") for each in marked.all()] == ["Practices"]
    assert page.locator(".model-steps").first.locator("li").count() == 8


def test_links_of_a_loop_between_sectors_are_marked_in_the_whole_system(page_at):
    page = page_at("/model?loop=B3")
    page.wait_for_selector("#model-picture-1 svg")
    variables = model_tables().catalogue.model.variables
    sectors = [variables[link.source_key].group for link in ways_round(find_loop("B3"))[0]]
    taken = {
        (one, other) for one, other in zip(sectors, sectors[1:] + sectors[:1], strict=True) if one != other
    }
    arrows = page.locator("#model-picture-0 .model-arrow-marked")
    marked = {(each.get_attribute("data-from"), each.get_attribute("data-to")) for each in arrows.all()}
    assert marked == taken != set()


def test_a_variable_is_found_by_name_and_its_elements_chosen(page_at):
    page = page_at("/model")
    page.fill("#model-search", "GP heads")
    page.click("[role=option]:has-text('GP heads')")
    page.wait_for_selector("#model-variable-title:text('GP heads')")
    page.click(".model-neighbours a:text-is('GPs')")
    page.wait_for_selector("#model-variable-title:text-is('GPs')")
    page.click(".model-picks input")
    page.click("[role=option]:has-text('GPs 55-64')")
    page.wait_for_selector("#model-panel h3:has-text('GPs (GPs 55-64)')")
    assert "element=LateGP" in page.url
    page.reload()
    page.wait_for_selector("#model-panel h3:has-text('GPs (GPs 55-64)')")
    page.seen.nothing_wrong()


def test_nonsense_in_the_address_is_noted_and_the_whole_is_shown(page_at):
    page = page_at("/model?loop=R19&sector=%3Cb%3E&variable=GP%20WTEs&status=sure&element=x")
    notes = page.locator(".model-notes p")
    assert notes.count() == 4
    assert "Did you mean" in page.inner_text(".model-notes")
    assert page.inner_text("#model-map-title") == "The whole system"


@pytest.mark.drawn
def test_axe_finds_nothing(page_at):
    page = page_at("/model?loop=R3&sector=Money&variable=gps&find=GP")
    page.wait_for_selector("#model-picture-1 svg")
    page.wait_for_selector("#model-course .js-plotly-plot .scatterlayer")
    page.wait_for_timeout(500)
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()

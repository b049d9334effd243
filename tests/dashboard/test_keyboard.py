"""Every page by keyboard alone: Tab reaches each control, keys work each kind of it; reload and Back."""

from __future__ import annotations

import pytest
from dudley_dashboard.pages import PAGES
from sampling import sampled

from tests.dashboard.waiting import until

MOST = 400
"""Presses of Tab in which the end of any page is reached."""

READY = {
    "/": "#explore[data-drawn]",
    "/compare": "#page:has(#compare-table table):has(#compare-lines .main-svg):has(#compare-regret table)",
    "/footprints": ".areas-card .main-svg",
    "/people": "#people-outturn .barlayer",
    "/uncertainty?members=500": "#page:has(#uncertainty-tornado .main-svg):has(#uncertainty-about h2)"
    ":has(#uncertainty-crossing-chart .main-svg)",
    "/model": "#model-picture-0 svg",
    "/plans": "#plans-name",
}
"""What is there when a page can be used."""

HEADINGS = {"Saved plans": "Keep this plan, or open another", "Explore": "What happens if we do this?"}
"""Of pages that do not carry their name as their heading."""

LONG = 240_000
LIST_OPEN = "document.querySelector('[role=option][data-combobox-selected]')?.checkVisibility()"
"""The list under a field is there, and keys move in it."""
FOCUSED = """() => {
  const at = document.activeElement;  // Mantine hides the input of a segment: its label is what is seen
  const box = (at.type === "radio" && at.labels[0] || at).getBoundingClientRect();
  const words = at.outerHTML.slice(0, 150), page = Boolean(at.closest("#page"));
  const place = at.dataset.testPlace, end = at === document.body;
  return { words, page, size: box.width * box.height, place, end };
}"""

NUMBERED = """() => {
  const kinds = "a[href], button, select, input, textarea, summary, [tabindex='0']";
  const reachable = (e) => e.tabIndex >= 0 && !e.disabled && !e.closest("[inert]")
    && e.checkVisibility({ visibilityProperty: true }) && (e.type !== "radio" || e.checked);
  const found = [...document.querySelectorAll("#page :is(" + kinds + ")")].filter(reachable);
  found.forEach((element, place) => { element.dataset.testPlace = place; });
  return found.length;
}"""
"""Numbers everything that Tab must reach; of a group of radios the one that is chosen."""

WORDS = (
    "place => { const e = document.querySelector(`[data-test-place='${place}']`); return e && e.outerHTML; }"
)


def arrive(page, path: str) -> None:
    page.wait_for_selector(READY[path], timeout=LONG)
    page.wait_for_timeout(500)


def tab_to(page, selector: str) -> None:
    """Press Tab until an element that fits has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.parametrize("path", sampled(READY, 2))
def test_tab_reaches_every_control_and_leaves_the_page(page_at, path):
    """None is left out, none is a trap, and each has a size where it takes the focus.

    A sample of pages; ``--whole`` looks at all.
    """
    page = page_at(path)
    arrive(page, path)
    count = page.evaluate(NUMBERED)
    assert count > 3
    reached: set[str] = set()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["end"] and reached:
            break
        assert at["size"] > 0 or not at["page"], at["words"]
        if at.get("place"):
            reached.add(at["place"])
    else:
        raise AssertionError("Tab does not leave the page")
    missed = [page.evaluate(WORDS, str(place)) for place in range(count) if str(place) not in reached]
    assert [words[:200] for words in missed if words] == []
    page.seen.nothing_wrong()


def test_every_page_is_visited_reloaded_and_left_by_back(page_at, served):
    page = page_at("/plans", ready=READY["/plans"])
    page.wait_for_selector("header nav a[aria-current='page']:text('Saved plans')")
    before = ("Saved plans", "/plans")
    for each in PAGES[::-1][1:]:
        address = served + each.path
        tab_to(page, f"header nav a[href$='/dudley{each.path}']")
        page.keyboard.press("Enter")
        there = f"header nav a[aria-current='page']:text('{each.title}')"
        page.wait_for_selector(there)
        until(page, "document.activeElement.id === 'page'")
        heading = first_heading(page, before[0])
        page.reload()
        page.wait_for_selector(f"#page h1:text-is('{heading}')")
        assert page.url.split("?")[0] == address
        page.go_back()
        page.wait_for_selector(f"header nav a[aria-current='page']:text('{before[0]}')")
        assert page.url.split("?")[0] == served + before[1]
        page.go_forward()
        page.wait_for_selector(f"#page h1:text-is('{heading}')")
        before = (each.title, each.path)
    page.seen.nothing_wrong()


def first_heading(page, before: str) -> str:
    """Heading of the page, once it is not that of the page before."""
    script = "title => { const h = document.querySelector('#page h1'); return h && h.textContent !== title; }"
    until(page, script, arg=HEADINGS.get(before, before))
    return page.text_content("#page h1")


def test_colours_and_the_skip_link(page_at):
    page = page_at("/plans", ready=READY["/plans"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'page'")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "colours"
    page.keyboard.press("Space")
    until(page, "document.documentElement.dataset.mantineColorScheme === 'dark'")


def test_explore_a_slider_a_number_and_a_choice(page_at):
    page = page_at("/")
    arrive(page, "/")
    tab_to(page, ".explore-picker select")
    page.keyboard.press("ArrowDown")
    until(page, "location.search.includes('scenario=')")
    tab_to(page, ".explore-group > summary")
    if not page.evaluate("document.activeElement.parentElement.open"):
        page.keyboard.press("Enter")
    tab_to(page, "#explore input[type='range']")
    before = page.evaluate("document.activeElement.value")
    page.keyboard.press("ArrowRight")
    until(page, "before => document.activeElement.value !== before", arg=before)
    until(page, "location.search.includes('set=')")
    asked = page.url
    page.reload()
    arrive(page, "/")
    assert page.url == asked
    page.seen.nothing_wrong()


def test_compare_a_tick_a_segment_a_list_and_a_fold(page_at):
    page = page_at("/compare")
    arrive(page, "/compare")
    tab_to(page, "input[type='checkbox'][value='state_supreme']")
    page.keyboard.press("Space")
    until(page, "location.search.includes('futures=')")
    tab_to(page, "#compare-show input")
    page.keyboard.press("ArrowRight")
    until(page, "location.search.includes('show=per_1000')")
    tab_to(page, "#compare-indicator")
    question = page.inner_text("#compare-chart h3")
    page.keyboard.press("ArrowDown")
    until(page, LIST_OPEN)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(page, "location.search.includes('indicator=')")
    now = "document.querySelector('#compare-chart h3')"
    until(page, f"before => {now} && {now}.innerText !== before", arg=question)
    tab_to(page, "#page summary")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.parentElement.open")
    tab_to(page, "#compare-table .numbers, .numbers")
    page.seen.nothing_wrong()


def test_people_and_footprints_a_year_and_an_area(page_at):
    page = page_at("/people")
    arrive(page, "/people")
    tab_to(page, "#people-year [role='slider']")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#people-sentence:text('Mid-2032:')")
    page.goto(page.url.replace("/people?year=2032", "/footprints?areas=dudley"))
    arrive(page, "/footprints")
    tab_to(page, "#areas-year")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#areas-year').value !== ''")
    tab_to(page, "input[type='checkbox'][value='walsall']")
    page.keyboard.press("Space")
    until(page, "location.search.includes('areas=walsall')")
    page.seen.nothing_wrong()


def test_how_it_works_a_box_of_the_picture_and_a_search(page_at):
    page = page_at("/model")
    arrive(page, "/model")
    tab_to(page, "#model-picture-0 a[data-key='Money']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#model-map-title:text('Money')")
    until(page, "document.activeElement.id === 'model-map-title'")
    tab_to(page, "#model-find")
    page.keyboard.type("168")
    until(page, "location.search.includes('find=168')")
    page.go_back()
    page.wait_for_selector("#model-map-title:text('The whole system')")
    page.seen.nothing_wrong()

"""What the page says of levers and charts is true of the model."""

from __future__ import annotations

import json

import pytest
from dudley_dashboard.browser_model import (
    as_text,
    browser_model,
    browser_outputs,
    charts_for_browser,
    opening_charts,
)
from dudley_dashboard.catalogue import catalogue, sliders
from dudley_dashboard.settings_for_browser import numbers_of, settings_for_browser
from sampling import sampled

from tests.dashboard.explore_page import READY, open_group
from tests.dashboard.waiting import until

LEVERS = sliders().levers

THERE_AND_BACK = """() => {
  const wrong = [], levers = [...document.querySelectorAll("#explore .explore-lever")];
  for (const lever of levers) {
    const range = lever.querySelector(".explore-range"), box = lever.querySelector(".explore-box");
    const start = box.value;
    const moved = (way) => {
      range[way]();
      for (const kind of ["input", "change"]) range.dispatchEvent(new Event(kind, { bubbles: true }));
      return box.value !== start;
    };
    const ways = [["stepUp", "stepDown"], ["stepDown", "stepUp"]];
    const left = ways.filter(([there, back]) => moved(there) && (moved(back) || true));
    const home = box.value === start && !lever.classList.contains("changed");
    if (!home || !left.length) wrong.push([lever.dataset.lever, start, box.value, left.length]);
  }
  return [levers.length, wrong];
}"""
"""Every slider a step to one side and back, then to the other: those that do not come home."""

GP_SUPPLY = '[data-lever="external supply of GPs in 2033"]'


def test_there_are_about_thirty_each_once_and_in_a_group():
    addresses = [slider.address for slider in LEVERS]
    assert 25 <= len(addresses) == len(set(addresses)) <= 40
    assert {slider.group for slider in LEVERS} == set(sliders().groups)


@pytest.mark.parametrize("slider", LEVERS, ids=lambda slider: slider.address)
def test_ends_and_levels_lie_within_the_limits_of_the_model(slider):
    model = browser_model("dudley")
    assert slider.address in {*model.places, *model.levers}
    lever = model.levers[slider.address.partition("[")[0]]
    given = [each for each in (slider.low, slider.high) if each is not None]
    given += [level.value for level in slider.levels]
    assert all(lever.low <= value <= lever.high for value in given)
    assert [level.value for level in slider.levels] == sorted(level.value for level in slider.levels) or (
        slider.levels[0].value > slider.levels[-1].value
    )


@pytest.mark.parametrize("slider", LEVERS, ids=lambda slider: slider.address)
def test_every_slider_has_a_source_or_says_why_it_has_none(slider):
    known = numbers_of()[slider.address]
    assert known["source"] or known["note"]


def test_charts_show_what_the_browser_has_and_rest_on_numbers_with_a_row():
    labels = {series.name: series.labels for series in browser_model("dudley").compiled.outputs}
    model = browser_model("dudley").model
    for chart in charts_for_browser():
        assert chart["title"].endswith("?")
        assert set(chart["rests_on"]) <= set(numbers_of())
        for line in chart["lines"]:
            assert line["output"] in browser_outputs()
            if line["element"]:
                assert line["element"] in labels[model.variables[line["output"]].name][0]
    assert set(opening_charts()) <= {chart["key"] for chart in charts_for_browser()}


def test_what_is_sent_has_no_number_that_json_does_not_know():
    model = browser_model("dudley")
    sent = json.loads(as_text(model.described() | settings_for_browser(model)))
    assert set(model.described()) & set(settings_for_browser(model)) == set()
    assert sent["decisions"]
    assert len(sent["choices"]["scenario"]) >= 4


def test_sliders_rest_on_numbers_with_a_row():
    rests = [name for slider in LEVERS for name in slider.rests_on]
    assert "GP heads in 2014" in rests
    assert set(rests) <= set(numbers_of())


@pytest.mark.parametrize("scenario", sampled(sorted(catalogue().choices("scenario")), 2))
def test_every_slider_that_goes_to_a_side_comes_back_to_where_it_started(page_at, scenario):
    """Futures start sliders at numbers of their own, some of them half way between two steps.

    A sample of the futures; ``--whole`` looks at all.
    """
    page = page_at(f"/?scenario={scenario}", ready=READY)
    count, wrong = page.evaluate(THERE_AND_BACK)
    assert count >= len(LEVERS)
    assert wrong == []
    until(page, "!document.querySelector('#explore').dataset.drawn.includes('set=')")
    page.seen.nothing_wrong()


def test_keys_take_a_slider_home_to_a_number_between_two_steps(page_at):
    page = page_at("/", ready=READY)
    open_group(page, "Workforce")
    page.focus(f"{GP_SUPPLY} .explore-range")
    seen = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        seen.append(page.input_value(f"{GP_SUPPLY} .explore-box"))
    assert seen == ["0.93", "0.915", "0.91", "0.9", "0.91", "0.915"]
    assert page.locator(f"{GP_SUPPLY}.changed").count() == 0

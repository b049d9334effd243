"""What the page says of levers and charts is true of the model."""

from __future__ import annotations

import json

import pytest

from dashboard.browser_model import as_text, browser_model
from dashboard.charts import CHARTS, SHOWN
from dashboard.outputs import OUTPUTS
from dashboard.sliders import sliders
from dashboard.told import told
from dashboard.told_numbers import numbers

LEVERS = sliders().levers


def test_there_are_about_thirty_each_once_and_in_a_group():
    addresses = [slider.address for slider in LEVERS]
    assert 25 <= len(addresses) == len(set(addresses)) <= 40
    assert {slider.group for slider in LEVERS} == set(sliders().groups)


@pytest.mark.parametrize("slider", LEVERS, ids=lambda slider: slider.address)
def test_ends_and_levels_lie_within_the_limits_of_the_model(slider):
    model = browser_model("dudley")
    assert slider.address in model.places
    lever = model.levers[slider.address.partition("[")[0]]
    given = [each for each in (slider.low, slider.high) if each is not None]
    given += [level.value for level in slider.levels]
    assert all(lever.low <= value <= lever.high for value in given)
    assert [level.value for level in slider.levels] == sorted(level.value for level in slider.levels) or (
        slider.levels[0].value > slider.levels[-1].value
    )


@pytest.mark.parametrize("slider", LEVERS, ids=lambda slider: slider.address)
def test_every_slider_has_a_source_or_says_why_it_has_none(slider):
    known = numbers()[slider.address]
    assert known["source"] or known["note"]


def test_charts_show_what_the_browser_has_and_rest_on_numbers_with_a_row():
    labels = {series.name: series.labels for series in browser_model("dudley").compiled.outputs}
    model = browser_model("dudley").model
    for chart in CHARTS:
        assert chart.title.endswith("?")
        assert set(chart.rests_on) <= set(numbers())
        for line in chart.lines:
            assert line.output in OUTPUTS
            if line.element:
                assert line.element in labels[model.variables[line.output].name][0]
    assert set(SHOWN) <= {chart.key for chart in CHARTS}


def test_what_is_sent_has_no_number_that_json_does_not_know():
    model = browser_model("dudley")
    sent = json.loads(as_text(model.described() | told(model)))
    assert set(model.described()) & set(told(model)) == set()
    assert sent["decisions"]
    assert len(sent["choices"]["scenario"]) >= 4


def test_sliders_rest_on_numbers_with_a_row():
    rests = [name for slider in LEVERS for name in slider.rests_on]
    assert "GP WTE in 2018" in rests
    assert set(rests) <= set(numbers())

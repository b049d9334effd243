"""Sizes and limits of levers in an area that is sized like another."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sdcompile.errors import InputError
from sdcompile.read.levers import levers
from sdcompile.read.model import read_model

from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.model_data import prepare
from dudley_sd.ratio import adds_up
from dudley_sd.settings.sizes import size_settings, sized_model

MODEL = read_model(models_folder() / "dudley.mdl")


@pytest.fixture(scope="module")
def scaling():
    return prepare(read_footprint("west_hampshire", inputs_folder()), inputs_folder()).scaling


def test_every_size_is_multiplied_and_nothing_else(scaling):
    sized, own = levers(sized_model(MODEL, scaling)), levers(MODEL)
    for name, lever in own.items():
        if adds_up(lever.units):
            assert sized[name].high > lever.high, name  # West Hampshire is larger
        else:
            np.testing.assert_array_equal(sized[name].default, lever.default)
    ratio = scaling.ratios["GP heads in 2014"]
    assert sized["GP heads in 2014"].default == pytest.approx(198 * ratio)
    assert set(size_settings(sized_model(MODEL, scaling), scaling)) == {
        name for name, lever in own.items() if adds_up(lever.units)
    }


def test_the_area_of_the_model_file_is_as_it_is():
    assert sized_model(MODEL, None) is MODEL
    assert size_settings(MODEL, None) == {}


def test_a_local_figure_replaces_a_scaled_one(scaling):
    local = dataclasses.replace(scaling, values={"beds in 2014": 900.0})
    assert levers(sized_model(MODEL, local))["beds in 2014"].default == 900


@pytest.mark.parametrize(
    ("ratios", "values", "message"),
    [
        ({"GDP growth": 2.0}, {}, "is no size of the model"),
        ({}, {"GDP growth": 0.1}, "is no size of the model"),
        ({}, {"beds in 2014": 1e6}, "outside the range"),
    ],
)
def test_what_is_no_size_is_refused(scaling, ratios, values, message):
    wrong = dataclasses.replace(scaling, ratios=scaling.ratios | ratios, values=values)
    with pytest.raises(InputError, match=message):
        sized_model(MODEL, wrong)


def test_a_size_that_nothing_scales_is_refused(scaling):
    ratios = {key: value for key, value in scaling.ratios.items() if "[AcuteStaff]" not in key}
    with pytest.raises(InputError, match="staff in post in 2014: is a size and is not scaled in full"):
        sized_model(MODEL, dataclasses.replace(scaling, ratios=ratios))


@pytest.mark.parametrize(
    "unit", ["Person", "Activity/Year", "WTE", "Bed/Year", "MillionPound", "GP/Year", "Person*Day"]
)
def test_what_adds_up(unit):
    assert adds_up(unit)


@pytest.mark.parametrize("unit", ["Dmnl", "Year", "1/Year", "Pound/Activity", "WTE/TenThousand", "WTE/GP"])
def test_what_does_not_add_up(unit):
    assert not adds_up(unit)

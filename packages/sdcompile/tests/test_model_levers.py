"""Which constants may be set, and which settings are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError
from sdcompile.read.levers import lever_address, lever_values, levers
from sdcompile.read.model import read_model


@pytest.fixture(scope="module")
def model():
    return read_model(Path(__file__).parent / "sound.mdl")


def test_levers_are_the_constants_with_limits(model):
    found = levers(model)
    assert list(found) == ["coverage", "start year", "mobilisation time", "growth rate"]
    coverage = found["coverage"]
    assert (coverage.key, coverage.units) == ("coverage", "Dmnl")
    assert (coverage.low, coverage.high, coverage.step) == (0, 1, 0.05)
    assert coverage.subscripts == ("Intervention",)
    assert coverage.elements == ("MDT", "Hub", "Telemedicine")
    np.testing.assert_array_equal(coverage.default, [0.1, 0.5, 0])
    np.testing.assert_array_equal(found["start year"].default, [2019] * 3)
    assert found["mobilisation time"].default == 1.5


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("coverage", ("coverage", None)),
        (" coverage [ MDT ] ", ("coverage", "MDT")),
        ("x[a, b]", ("x", "a,b")),
        ('"a [b]"[c]', ('"a [b]"', "c")),
    ],
)
def test_address_is_name_and_element(text, address):
    assert lever_address(text) == address


def test_element_keeps_the_other_defaults(model):
    values = lever_values(model, {"coverage[Hub]": 0.8, "coverage[MDT]": 0, "mobilisation time": 2})
    np.testing.assert_array_equal(values["coverage"], [0, 0.8, 0])
    assert values["mobilisation time"] == 2.0
    assert list(values) == ["coverage", "mobilisation time"]


def test_whole_lever_fills_every_element_and_leaves_the_model_alone(model):
    np.testing.assert_array_equal(lever_values(model, {"Coverage": 1})["coverage"], [1, 1, 1])
    np.testing.assert_array_equal(levers(model)["coverage"].default, [0.1, 0.5, 0])


def test_nothing_set_is_nothing_changed(model):
    assert lever_values(model, {}) == {}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"coverge": 0.5}, ["no lever named 'coverge'", "Did you mean coverage"]),
        ({"visits": 0.5}, ["visits (auxiliary) is in the model but is not a lever"]),
        ({"coverage[Hubb]": 0.5}, ["has no element 'Hubb'", "Did you mean Hub"]),
        ({"mobilisation time[MDT]": 1}, ["has no subscripts", "Write mobilisation time"]),
        ({"coverage": float("nan")}, ["nan is not a finite number"]),
        ({"coverage": "0.5"}, ["'0.5' is not a finite number"]),
        ({"coverage": True}, ["True is not a finite number"]),
        ({"coverage[MDT]": 120}, ["120 is outside the range 0 to 1", "Give a share, not a per cent"]),
        ({"coverage[MDT]": 80}, ["Is 80 per cent meant? Write 0.8; the range is 0 to 1"]),
        ({"start year": 2040}, ["2040 Year is outside the range 2018 to 2033 Year"]),
        ({"coverage": 0.5, "coverage[MDT]": 0.6}, ["coverage is set twice", "'coverage[MDT]'", "Keep one"]),
        ({"coverage[MDT]": 0.5, "COVERAGE[MDT]": 0.6}, ["coverage is set twice"]),
        ({"coverage[MDT": 0.5}, ["'coverage[MDT' is not a lever's address"]),
    ],
)
def test_wrong_setting_says_what_to_do(model, settings, words):
    with pytest.raises(InputError) as caught:
        lever_values(model, settings)
    for word in words:
        assert word in str(caught.value)


def test_all_wrong_settings_come_in_one_error(model):
    with pytest.raises(InputError, match="3 faults found"):
        lever_values(model, {"coverge": 1, "coverage": 2, "mobilisation time": 9})

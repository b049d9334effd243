"""Whose value a run takes where scenario, portfolio, contract and user speak of the same constant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError
from sdcompile.read.model import Model, read_model

from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.settings.overlay import overlay

CHECKOUT = Path(__file__).parents[3]
INTERVENTIONS = elements(CHECKOUT / "inputs", INTERVENTION)
MDT, WARD = INTERVENTIONS.index("MDT"), INTERVENTIONS.index("VirtualWard")


@pytest.fixture(scope="module")
def model() -> Model:
    """Read the model file of the repository."""
    return read_model(CHECKOUT / "models" / "dudley.mdl")


def faults(model, scenario, portfolio, contract, levers):
    with pytest.raises(InputError) as raised:
        overlay(model, scenario, portfolio, contract, levers)
    return [str(fault) for fault in raised.value.faults]


def test_what_nobody_sets_is_left_alone(model):
    assert overlay(model, {}, {}, {}, {}) == {}


def test_scenario_and_portfolio_are_put_together(model):
    settings = overlay(model, {"GDP growth": 0.04}, {"coverage[MDT]": 0.8}, {}, {})
    assert set(settings) == {"GDP growth", "coverage"}
    assert settings["GDP growth"] == 0.04
    assert settings["coverage"][MDT] == 0.8
    assert settings["coverage"].sum() == 0.8


@pytest.mark.parametrize("spelling", ["GDP growth", "gdp_growth", "  GDP   Growth "])
def test_the_user_wins_over_the_scenario_however_it_is_spelt(model, spelling):
    assert overlay(model, {"GDP growth": 0.04}, {}, {}, {spelling: 0.01}) == {"GDP growth": 0.01}


def test_the_user_wins_over_the_portfolio_element_by_element(model):
    portfolio = {"coverage[MDT]": 0.8, "coverage[VirtualWard]": 0.6}
    coverage = overlay(model, {}, portfolio, {}, {"coverage[MDT]": 0.1})["coverage"]
    assert (coverage[MDT], coverage[WARD]) == (0.1, 0.6)


def test_a_whole_lever_replaces_the_elements(model):
    portfolio = {"coverage[MDT]": 0.8, "coverage[VirtualWard]": 0.6}
    coverage = overlay(model, {}, portfolio, {}, {"coverage": 0.3})["coverage"]
    assert np.array_equal(coverage, np.full(len(INTERVENTIONS), 0.3))


def test_an_element_of_the_user_leaves_the_rest_of_a_whole_lever(model):
    coverage = overlay(model, {"coverage": 0.5}, {}, {}, {"Coverage[ MDT ]": 0.1})["coverage"]
    wanted = np.full(len(INTERVENTIONS), 0.5)
    wanted[MDT] = 0.1
    assert np.array_equal(coverage, wanted)


@pytest.mark.parametrize("other", ["coverage[MDT]", "Coverage[MDT]", "coverage"])
def test_scenario_and_portfolio_must_not_meet(model, other):
    found = faults(model, {other: 0.5}, {"coverage[MDT]": 0.5}, {}, {})
    assert len(found) == 1
    assert "scenario and portfolio, coverage[MDT]: both set this constant" in found[0]
    assert "the scenario describe the outside world" in found[0]


@pytest.mark.parametrize("place", ["scenario", "portfolio"])
def test_a_contract_must_not_meet_either(model, place):
    layers = {"scenario": {}, "portfolio": {}} | {place: {"coverage": 0.5}}
    found = faults(model, *layers.values(), {"coverage[MDT]": 0.5}, {})
    assert len(found) == 1
    assert f"{place} and contract, coverage[MDT]: both set this constant" in found[0]
    assert "the contract how money moves" in found[0]


def test_the_user_wins_over_the_contract(model):
    contract = {"coverage[MDT]": 0.8, "GDP growth": 0.04}
    settings = overlay(model, {}, {}, contract, {"coverage[MDT]": 0.1})
    assert settings["coverage"][MDT] == 0.1
    assert settings["GDP growth"] == 0.04


def test_all_faults_come_at_once(model):
    scenario, portfolio = {"coverage[MDT]": 0.5, "GDP growth": 3.0}, {"coverage[MDT]": 0.5}
    found = faults(
        model, scenario, portfolio, {}, {"GNP growth": 0.02, "coverage[MDT": 1, "local fit in 2033": 2}
    )
    assert len(found) == 5
    for words in (
        "both set this constant",
        "3 1/Year is outside the range -0.02 to 0.06 1/Year",
        "no lever named 'GNP growth'. Did you mean GDP growth",
        "'coverage[MDT' is not a lever's address",
        "local fit in 2033: 2 is outside the range 0 to 1",
    ):
        assert any(words in fault for fault in found), words


def test_the_defaults_of_the_model_are_not_changed(model):
    overlay(model, {"coverage": 0.5}, {}, {}, {"coverage[MDT]": 0.1})
    assert set(model.variables["coverage"].numbers) == {0.0}

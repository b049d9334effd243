"""Is a request turned into the runs it means?"""

from __future__ import annotations

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.request import Request
from dudley_sd.runs.run import make_run


@pytest.mark.usefixtures("shared_folder")
def test_the_reference_has_no_portfolio():
    """Alone it says so; beside futures it is accepted only where they have none either."""
    assert make_run(Request(["reference"], "as_evidenced")).request.portfolio == "none"
    assert list(make_run(Request(["official_future", "reference"], "none")).scenarios) == [
        "official_future",
        "reference",
    ]
    with pytest.raises(InputError, match="beside futures with portfolio as_evidenced"):
        make_run(Request(["official_future", "reference"], "as_evidenced"))


@pytest.mark.usefixtures("shared_folder")
def test_levers_win_over_scenario_and_portfolio():
    """A slider starts where scenario and portfolio put it and goes where the user puts it."""
    plan = make_run(
        Request(["state_supreme"], "as_evidenced", settings={"coverage[MDT]": 0.1, "GDP growth": 0.03})
    )
    coverage = plan.settings["state_supreme"]["coverage"]

    assert isinstance(coverage, np.ndarray)
    assert coverage[0] == 0.1
    assert coverage[1] == 0.8
    assert plan.settings["state_supreme"]["GDP growth"] == 0.03


def test_faults_of_scenarios_portfolio_contract_footprint_come_together():
    """Four unknown names, four faults."""
    with pytest.raises(InputError) as caught:
        make_run(
            Request(
                ["no_such_future"],
                "no_such_portfolio",
                contract="no_such_contract",
                footprints="no_such_area",
            )
        )

    assert len(caught.value.faults) == 4


@pytest.mark.usefixtures("shared_folder")
def test_a_contract_stands_on_any_future_and_portfolio():
    """Its terms reach every run; what they do not name stays as the model has it."""
    plan = make_run(Request(["official_future", "state_supreme"], "as_evidenced", contract="uniting_care"))

    for settings in plan.settings.values():
        covered = settings["covered by contract"]
        assert isinstance(covered, np.ndarray)
        assert covered.tolist() == [0] * 13 + [1] * 6
        assert settings["contract length"] == 5
        assert settings["coverage"][0] == 0.8
        assert "loss share" not in settings
    assert plan.title == "As evidenced, contract UnitingCare"
    assert plan.name == "dudley_as_evidenced_uniting_care_official_future_state_supreme"
    assert "--contract uniting_care" in plan.request.command()


@pytest.mark.usefixtures("shared_folder")
def test_the_contract_as_now_sets_nothing_and_is_not_in_names():
    """It is what is run where no contract is asked for."""
    plan = make_run(Request(["official_future"], "none"))

    assert plan.request.contract == "as_now"
    assert plan.name == "dudley_none_official_future"
    assert plan.title == "None"
    assert not {name for name in plan.settings["official_future"] if "contract" in name}


@pytest.mark.usefixtures("shared_folder")
def test_levers_win_over_the_contract():
    """Element by element, as over a portfolio."""
    levers = {"covered by contract[A0]": 1, "outcome share": 0}
    plan = make_run(Request(["official_future"], "none", contract="uniting_care", settings=levers))

    settings = plan.settings["official_future"]
    assert list(settings["covered by contract"][:2]) == [1, 0]
    assert settings["outcome share"] == 0


@pytest.mark.usefixtures("shared_folder")
def test_the_reference_has_no_contract():
    """Alone it says so; beside futures it is refused, as with a portfolio, and both are told."""
    plan = make_run(Request(["reference"], "as_evidenced", contract="nuka"))
    assert (plan.request.portfolio, plan.request.contract) == ("none", "as_now")
    with pytest.raises(InputError, match="with contract nuka") as caught:
        make_run(Request(["official_future", "reference"], "as_evidenced", contract="nuka"))
    assert len(caught.value.faults) == 2

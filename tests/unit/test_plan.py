"""Is a request turned into the runs it means?"""

from __future__ import annotations

import numpy as np
import pytest

from dudley_sd.errors import InputError
from dudley_sd.runs.plan import make_plan


@pytest.mark.usefixtures("shared_folder")
def test_the_reference_has_no_portfolio():
    """Alone it says so; beside futures it is accepted only where they have none either."""
    assert make_plan(["reference"], "as_evidenced").portfolio_name == "none"
    assert list(make_plan(["official_future", "reference"], "none").scenarios) == [
        "official_future",
        "reference",
    ]
    with pytest.raises(InputError, match="beside futures with portfolio as_evidenced"):
        make_plan(["official_future", "reference"], "as_evidenced")


@pytest.mark.usefixtures("shared_folder")
def test_levers_win_over_scenario_and_portfolio():
    """A slider starts where scenario and portfolio put it and goes where the user puts it."""
    plan = make_plan(["state_supreme"], "as_evidenced", levers={"coverage[MDT]": 0.1, "GDP growth": 0.03})
    coverage = plan.settings["state_supreme"]["coverage"]

    assert isinstance(coverage, np.ndarray)
    assert coverage[0] == 0.1
    assert coverage[1] == 0.8
    assert plan.settings["state_supreme"]["GDP growth"] == 0.03


def test_faults_of_scenarios_portfolio_footprint_come_together():
    """Three unknown names, three faults."""
    with pytest.raises(InputError) as caught:
        make_plan(["no_such_future"], "no_such_portfolio", "no_such_area")

    assert len(caught.value.faults) == 3

"""Do GPs, access and the shift open and move as published?

Figures, tolerances and sources: ``inputs/validation/targets.csv``.
"""

from __future__ import annotations

from dudley_sd.validation.published import (
    delay_outcomes,
    gp_outcomes,
    leverage_outcomes,
    scenario_outcomes,
)
from tests.verdicts import assert_all_pass


def test_gps_in_mid_2018(model_run):
    """Strategy Unit (2018), section 4.2.4: 168 WTE, 5.22 per 10,000, 20.9% over 55, 3.7% over 65."""
    assert_all_pass(gp_outcomes(model_run), 4)


def test_two_points_more_unmet_add_a_fifth_to_emergency_contacts(model_run):
    """Strategy Unit (2018), section 3.3.3, interviewee: 20,000 on 100,000."""
    assert_all_pass(leverage_outcomes(model_run), 1)


def test_students_and_programmes_take_years(model_run):
    """Specification: students change GPs by under 1% before mid-2028; half the shift by 2023."""
    assert_all_pass(delay_outcomes(model_run), 4)


def test_scenarios_end_where_they_are_meant_to(model_run):
    """Strategy Unit (2018), Figure 12: vacancy 15/10/5%, state share 25/35/45%, growth 0/2/4%."""
    assert_all_pass(scenario_outcomes(model_run), 12)

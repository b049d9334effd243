"""Variables of the model that the browser needs."""

from __future__ import annotations

OUTPUTS: tuple[str, ...] = (
    "total_population",
    "people_75_and_over",
    "people_of_working_age",
    "gp_wte",
    "gp_wte_needed",
    "gp_gap",
    "landed_share",
    "unlanded_shift",
    "landed_shift",
    "potential_shift",
    "occupancy",
    "bed_shortfall",
    "a_and_e_attendances",
    "activity_after_shift",
    "overall_vacancy_rate",
    "margin",
    "balance",
    "system_balance",
    "unmet_same_day_share",
    "practice_wait",
    "elective_waiting_list",
    "elective_wait",
    "community_contacts_needed",
    "community_contacts_given_to_shift",
    "people_delayed",
    "share_of_activity_outside_hospital",
    "unmet_same_day",
    "same_day_demand",
    "beds_occupied",
    "beds",
    "electives_treated",
    "staff_in_post",
    "all_posts",
    "value_in_hospital",
    "value_delivered",
)
"""Keys, in the order in which charts look them up. More outputs make the module larger.

No chart shows the last nine: a total works its shares out from them.
"""

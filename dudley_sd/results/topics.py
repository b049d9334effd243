"""Which variables belong on which sheet of the workbook?"""

from __future__ import annotations

from dudley_sd.results.invariants import SHARES

TOPICS: dict[str, tuple[str, ...]] = {
    "People": (
        "total_population",
        "people_of_working_age",
        "people_65_and_over",
        "people_75_and_over",
        "people_by_age",
        "people_by_need",
        "births",
        "total_deaths",
        "net_migration",
        "onset_multiplier",
        "progression_multiplier",
    ),
    "Demand": (
        "activity_before_shift",
        "activity_after_shift",
        "activity_delivered",
        "activity_index_before_shift",
        "a_and_e_attendances",
        "diverted_to_a_and_e",
    ),
    "Left shift": (
        "potential_shift",
        "landed_shift",
        "unlanded_shift",
        "landed_share",
        "unlanded_share",
        "shift_as_share_of_demand",
        "maturity",
        "delivered_coverage",
        "community_contacts_needed",
        "community_contacts_given_to_shift",
    ),
    "Practice access": (
        "practice_contacts_wanted",
        "practice_capacity",
        "contacts_by_gps",
        "contacts_by_practice_staff",
        "practice_load",
        "practice_productivity",
        "unmet_same_day",
        "unmet_same_day_share",
        "practice_backlog",
        "practice_wait",
        "giving_up",
        "continuity",
    ),
    "GPs": (
        "gp_wte",
        "gp_wte_needed",
        "gp_gap",
        "gp_gap_share",
        "gps_per_10000",
        "gp_heads",
        "gps",
        "share_of_gps_55_and_over",
        "share_of_gps_65_and_over",
        "gp_joiners",
        "gp_leavers",
        "newly_trained_gps",
        "workload_acted_on",
    ),
    "Practice and community staff": (
        "establishment",
        "staff_in_post",
        "vacancy_rate",
        "added_posts",
        "staff_joining",
        "staff_leaving",
        "community_capacity",
        "capacity_for_base_care",
        "spare_community_capacity",
        "unmet_community_contacts",
        "affordable_share_of_new_posts",
    ),
    "Outside world": (
        "gdp_index",
        "state_share_of_gdp",
        "funding_index",
        "spending_pressure_index",
        "technology_take_up",
        "expectations",
        "local_fit",
        "external_supply_of_staff",
        "external_supply_of_gps",
    ),
}
"""Variables by sheet, in the order shown; what a result lacks is passed over, and so is an empty sheet."""

DEPARTURE = (
    "reference_total_population",
    "total_population",
    "departure_from_projection",
    "departure_by_births",
    "departure_by_deaths",
    "departure_by_migration",
)
"""People in the projection, people in the model, and what explains the difference."""

OTHER_SHARES = ("gp_gap_share", "affordable_share_of_new_posts", "external_supply_of_staff", "local_fit")


def is_share(name: str) -> bool:
    """Whether a variable is a part of a whole, to be written as a percentage."""
    return name in SHARES or name in OTHER_SHARES


def number_format(name: str, unit: str) -> str:
    """How Excel writes a variable: as precisely as its size deserves."""
    if name.startswith("departure_"):
        return "+#,##0.0;-#,##0.0;0"
    if is_share(name):
        return "0.0%"
    if unit in ("Person", "Person/Year", "Activity", "Activity/Year", "Pound", "Pound/Year"):
        return "#,##0"
    if unit.startswith(("WTE", "GP")):
        return "#,##0.0"
    return "0.000"

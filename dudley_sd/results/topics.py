"""Which variables belong on which sheet of the workbook?"""

from __future__ import annotations

from dudley_sd.results.invariants import SHARES
from dudley_sd.results.looks import EXCEL_BETTER, EXCEL_WORSE

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
    "Hospital": (
        "beds",
        "beds_occupied",
        "occupancy",
        "beds_needed",
        "bed_shortfall",
        "people_delayed",
        "time_to_arrange_care",
        "elective_waiting_list",
        "elective_wait",
        "electives_treated",
        "electives_cancelled",
        "hospital_capacity_index",
    ),
    "Staff": (
        "establishment",
        "staff_in_post",
        "overall_vacancy_rate",
        "vacancy_rate",
        "agency_staff",
        "staff_in_training",
        "effect_of_vacancy_on_turnover",
        "recruitment_pull",
        "added_posts",
        "posts_not_funded",
        "staff_joining",
        "staff_leaving",
        "community_capacity",
        "capacity_for_base_care",
        "spare_community_capacity",
        "unmet_community_contacts",
        "affordable_share_of_new_posts",
        "funded_share_of_base_posts",
    ),
    "Money": (
        "commissioner_funding",
        "council_funding",
        "acute_spending",
        "hospital_cost",
        "hospital_support",
        "stranded_cost",
        "practice_cost",
        "community_side_cost",
        "mental_health_cost",
        "social_care_cost",
        "other_care_cost",
        "contract_sum",
        "contract_surplus",
        "outcome_score",
        "margin",
        "balance",
        "system_funding",
        "system_cost",
        "system_balance",
        "commissioner_cover",
        "council_cover",
        "share_of_spending_outside_hospital",
        "share_of_activity_outside_hospital",
    ),
    "Society": (
        "activation",
        "isolation_index",
        "isolated_older_people",
        "carers_index",
        "voluntary_support",
        "time_at_home",
        "emergency_admissions_per_1000_older_people",
    ),
    "Outside world": (
        "gdp_index",
        "state_share_of_gdp",
        "funding_index",
        "cost_index",
        "tariff_index",
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

OTHER_SHARES = (
    "gp_gap_share",
    "occupancy",
    "external_supply_of_staff",
    "local_fit",
)

GP_GAP = f'{EXCEL_WORSE}#,##0.0" short";{EXCEL_BETTER}#,##0.0" more than needed";0.0'
BALANCE = f'{EXCEL_BETTER}"£"#,##0" surplus";{EXCEL_WORSE}"£"#,##0" deficit";"£"0'
SIGN_IN_WORDS = {"gp_gap": GP_GAP} | dict.fromkeys(("margin", "balance", "system_balance"), BALANCE)
"""How Excel writes variables whose sign has a word: worse is red, better is green."""


def is_share(name: str) -> bool:
    """Whether a variable is a part of a whole, to be written as a percentage."""
    return name in SHARES or name in OTHER_SHARES


def number_format(name: str, unit: str) -> str:
    """How Excel writes a variable: as precisely as its size deserves."""
    if name in SIGN_IN_WORDS:
        return SIGN_IN_WORDS[name]
    if name.startswith("departure_"):
        return "+#,##0.0;-#,##0.0;0"
    if is_share(name):
        return "0.0%"
    if unit in ("Person", "Person/Year", "Activity", "Activity/Year"):
        return "#,##0"
    if unit in ("Pound", "Pound/Year", "Bed"):
        return "#,##0"
    if unit.startswith(("WTE", "GP")):
        return "#,##0.0"
    return "0.000"

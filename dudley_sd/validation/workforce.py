"""Do GPs, access, the shift and the scenarios open, move and end as published?"""

from __future__ import annotations

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.validation.bench import FUTURES, Runner, at
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import PUBLISHED
from dudley_sd.validation.targets import judge

LIST_RATIO = "practice_list_ratio"
TWO_POINTS = 0.02
GPS_FOR_TWO_POINTS = 0.965
"""Share of 2018's GPs at which two points more of same-day demand go unmet; found by trial."""

FULL_COVERAGE = 0.8
NHS_STAFF = ["PracticeStaff", "CommunityStaff", "MentalHealthStaff", "AcuteStaff"]
VACANCY = {
    "official_future": 0.10,
    "state_supreme": 0.05,
    "community_resilience": 0.15,
    "corporate_rules": 0.15,
}
"""Strategy Unit (2018), Figure 12: what each future's staff groups are compared with."""


def gp_findings(run: Runner) -> list[Finding]:
    """GPs and practice contacts as the model opens."""
    start = run().sel(year=2018)
    activity = start["activity_before_shift"]
    same_day = float(activity.sel(service="PracticeSameDay"))
    patients = float(start["total_population"] * start[LIST_RATIO])
    figures = {
        "gps_wte": float(start["gp_wte"]),
        "gps_per_10000": float(start["gps_per_10000"]),
        "gps_55": float(start["share_of_gps_55_and_over"]),
        "gps_65": float(start["share_of_gps_65_and_over"]),
        "gps_heads": float(start["gp_heads"]),
        "gps_leaving": float(start["gp_leavers"].sum() / start["gp_heads"]),
        "contacts_per_patient": (same_day + float(activity.sel(service="PracticeRoutine"))) / patients,
        "contacts_same_day": same_day,
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def leverage_findings(run: Runner) -> list[Finding]:
    """Measure what two points more same-day unmet add to emergency contacts, if all go there."""
    start = run(levers={"GPs present at start": GPS_FOR_TWO_POINTS, "diversion fraction": 1.0}).sel(year=2018)
    usual = float(start["unmet_same_day_share_in_2018"])
    points = float(start["unmet_same_day_share"]) - usual
    attendances = float(start["activity_after_shift"].sel(service="AandE"))
    added = float(start["diverted_to_a_and_e"]) / attendances * TWO_POINTS / points
    return [judge(PUBLISHED, "leverage", added, f"Measured at {100 * points:.2f} points")]


def delay_findings(run: Runner) -> list[Finding]:
    """How long medical students take to become GPs, and interventions to take effect."""
    doubled = run(levers={"medical school intake multiplier": 2.0})
    change = doubled["gp_wte"] / run()["gp_wte"] - 1
    needed = run(levers=full_portfolio())["community_contacts_needed"]
    share = needed / needed.sel(year=2033)
    figures = {
        "training_delay": float(abs(change.sel(year=slice(2018, 2028))).max()),
        "training_arrives": float(change.sel(year=2030)),
        "mobilisation_2020": float(share.sel(year=2020)),
        "mobilisation_2023": float(share.sel(year=2023)),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def full_portfolio() -> dict[str, float]:
    """Every intervention but prevention, started in mid-2018 for eight in ten."""
    active = [name for name in elements(inputs_folder(), INTERVENTION) if name != "Prevention"]
    coverage = {f"coverage[{name}]": FULL_COVERAGE for name in active}
    return coverage | {f"start date[{name}]": 2018 for name in active}


def scenario_findings(run: Runner) -> list[Finding]:
    """Where each future ends without a portfolio, and growth of use that ageing does not explain."""
    findings = []
    for scenario in FUTURES:
        end = run(scenario)
        groups = end["vacancy_rate"].sel(year=2033, staff=NHS_STAFF)
        furthest = float(abs(groups - VACANCY[scenario]).max())
        findings.append(judge(PUBLISHED, f"vacancy_{scenario}", at(end, "overall_vacancy_rate")))
        findings.append(judge(PUBLISHED, f"vacancy_{scenario}_groups", furthest))
        growth = at(end, "gdp_index") ** (1 / 15) - 1
        findings.append(judge(PUBLISHED, f"state_{scenario}", at(end, "state_share_of_gdp")))
        findings.append(judge(PUBLISHED, f"growth_{scenario}", growth))
    whole = run(levers={"growth counted once": 0})
    for name, service in (("a_and_e", "AandE"), ("outpatients", "OutpatientFirst")):
        factor = at(whole, "growth_factor", service=service)
        findings.append(judge(PUBLISHED, f"growth_beyond_{name}", factor - 1))
    return findings

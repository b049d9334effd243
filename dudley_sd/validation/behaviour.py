"""Tests of behaviour: what the system does when it is pushed, row by row of the specification's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import BEHAVIOUR, Outcome, judge, stated

STAFF = (
    "PracticeStaff",
    "CommunityStaff",
    "MentalHealthStaff",
    "AcuteStaff",
    "SocialCareStaff",
    "VoluntaryStaff",
)
COMMUNITY, ACUTE = "CommunityStaff", "AcuteStaff"
NO_GP_JOINERS = {"GP joining multiplier": 0.0}
ACCESS_CUT = dict.fromkeys(
    (
        "loop R1 switch",
        "loop R2 switch",
        "loop R5 switch",
        "loop R8 switch",
        "harm switch",
        "A and E wait harm switch",
    ),
    0.0,
)
"""Loops by which poor access makes more need, and harm; they oppose those of the hospital."""

HOSPITAL_CUT = {"loop B4 switch": 0.0}
ALL_CUT = {
    **dict.fromkeys(
        (
            "loop R2 switch",
            "loop R5 switch",
            "loop R8 switch",
            "loop B3 switch",
            "loop B4 switch",
            "harm switch",
            "unmet care switch",
            "feedback into population",
        ),
        0.0,
    ),
    "activation to use[EmergencyOvernight]": 0.0,
    "isolation to use[EmergencyOvernight]": 0.0,
}
"""Everything that answers to a change of overnight admissions or stay, so that the change is seen alone."""

MONEY_NO_OBJECT = {"loop B5 switch": 0.0}
TREBLE = {"demand multiplier[CommunityContact]": 3.0}
PRIORITIES = (0.0, 0.3, 1.0)
DEEP = {"pilots": 1.0, "spread every": 1.0}
WIDE = {"pilots": 5.0, "spread every": 0.0}
NO_BEDS_OPENED = {"share of bed shortfall opened": 0.0, "time for beds to change": 5.0}
CLOSED_TO = 1.06
"""Pressure on beds until which they are closed, ten years on."""

PUBLISHED_EFFECTS = {"expert opinion that holds": 0.8, "evidence factor": 0.5976143}
"""Effects as published or expected by experts: the share that holds is .8 + .4 × √.7 × .598 = 1."""

STAYING = ("as_now", "dudley_mcp_virtual", "nuka")
OVER = "2018 to 2033"


class Found(NamedTuple):
    """One figure of a test of behaviour and what to know of it."""

    value: float
    note: str = ""


Figures = Mapping[str, Found | float]


def behaviour_outcomes(run: Runner) -> list[Outcome]:
    """Work out every figure of the table of behaviour that needs no more than single runs."""
    outcomes = []
    for row in ROWS:
        for name, found in row(run).items():
            value, note = found if isinstance(found, Found) else (found, "")
            outcomes.append(judge(BEHAVIOUR, name, value, note))
    return [*outcomes, *order_outcomes(run)]


def counted(outcomes: list[Outcome]) -> str:
    """Return how many tests of behaviour pass: ``behaviour: 41 of 42``."""
    here = [each for each in outcomes if each.test == BEHAVIOUR]
    return f"behaviour: {sum(each.passes for each in here)} of {len(here)}"


def no_gp_joiners(run: Runner) -> Figures:
    """Row 1: no GP joins and none is trained from 2018 on."""
    usual, none = run(), run(levers=NO_GP_JOINERS)
    cost = {year: _more(none, usual, "public_cost", year) for year in range(2019, 2034)}
    return {
        "no_joiners_a_and_e": change(none, usual, "a_and_e_attendances"),
        "no_joiners_admissions": change(none, usual, "emergency_admissions"),
        "no_joiners_bed_days": change(none, usual, "emergency_and_elective_bed_days"),
        "no_joiners_deaths": deaths(none, usual),
        "no_joiners_cost_first": max(abs(cost[year]) for year in (2019, 2020, 2021)),
        "no_joiners_cost_2023": cost[2023],
        "no_joiners_cost_2033": cost[2033],
    }


def overnight_need(run: Runner) -> Figures:
    """Row 2: a tenth less overnight need, with loops and harm cut."""
    usual = run(levers=ALL_CUT)
    less = run(levers={**ALL_CUT, "demand multiplier[EmergencyOvernight]": 0.9})
    return {
        "overnight_admissions": change(less, usual, "overnight_admissions"),
        "overnight_bed_days": change(less, usual, "clinical_emergency_bed_days"),
    }


def stay_halved(run: Runner) -> Figures:
    """Row 3: stay halved, with loops and harm cut."""
    usual, half = run(levers=ALL_CUT), run(levers={**ALL_CUT, "stay multiplier": 0.5})
    return {"stay_bed_days": change(half, usual, "clinical_emergency_bed_days")}


def groups_of_loops(run: Runner) -> Figures:
    """Row 4: access loops and hospital loops, cut in turn: they oppose each other."""
    usual = run()
    return {
        "access_cut": change(run(levers=ACCESS_CUT), usual, "beds_needed"),
        "hospital_cut": change(run(levers=HOSPITAL_CUT), usual, "beds_needed"),
    }


def resilience(run: Runner) -> Figures:
    """Row 5: Community Resilience beside Official Future."""
    usual, poor = run(), run("community_resilience")
    return {
        "resilience_deaths": deaths(poor, usual),
        "resilience_delayed": at(poor, "people_delayed"),
        "official_delayed": at(usual, "people_delayed"),
        "resilience_list": change(poor, usual, "elective_waiting_list") + 1,
    }


def community_trebled(run: Runner) -> Figures:
    """Row 6: three times the community demand, money no object."""
    usual, more = run(levers=MONEY_NO_OBJECT), run(levers={**MONEY_NO_OBJECT, **TREBLE})
    posts = at(more, "posts", 2020, staff=COMMUNITY) / at(usual, "posts", 2018, staff=COMMUNITY)
    staff = at(more, "staff_in_post", 2020, staff=COMMUNITY) / at(
        usual, "staff_in_post", 2018, staff=COMMUNITY
    )
    return {
        "treble_posts": posts,
        "treble_staff": staff,
        "treble_vacancy": at(more, "vacancy_rate", 2020, staff=COMMUNITY),
        "treble_acute_vacancy": _more(more, usual, "vacancy_rate", 2023, staff=ACUTE),
        "treble_acute_staff": _more(more, usual, "staff_in_post", 2023, staff=ACUTE),
    }


def pay(run: Runner, relative: float) -> xr.Dataset:
    """Run with pay of every staff group set relative to elsewhere from 2018 on."""
    return run(levers={f"pay relative to elsewhere[{staff}]": relative for staff in STAFF})


def pay_cut(run: Runner) -> Figures:
    """Row 7: pay of 0.8."""
    usual, less = run(), pay(run, 0.8)
    first, fifth = (_more(less, usual, "public_cost", year) for year in (2019, 2023))
    early, late = (_more(less, usual, "cost_of_the_same_care", year) for year in (2019, 2023))
    return {
        "pay_cut_first": first,
        "pay_cut_kept": fifth / first,
        "pay_cut_same_care_first": early,
        "pay_cut_same_care": late,
        "pay_cut_vacancy": _more(less, usual, "overall_vacancy_rate", 2023),
        "pay_cut_deaths": deaths(less, usual, 2023),
        "pay_cut_list": _more(less, usual, "elective_waiting_list", 2023),
    }


def pay_rise(run: Runner) -> Figures:
    """Row 8: pay of 1.2."""
    usual, more = run(), pay(run, 1.2)
    return {
        "pay_rise_cost": min(_more(more, usual, "public_cost", year) for year in range(2019, 2034)),
        "pay_rise_vacancy": at(more, "overall_vacancy_rate", 2023),
        "pay_rise_deaths": deaths(more, usual, 2023),
    }


def one_alone(run: Runner) -> Figures:
    """Row 9: share landed of one intervention alone, over that of the whole plan."""
    plan = run(portfolio=PORTFOLIO)
    coverage = {
        name: at(plan, "coverage", intervention=name) for name in elements(inputs_folder(), INTERVENTION)
    }
    landing = [
        name
        for name in coverage
        if at(plan, "needs_landing", intervention=name)
        and at(plan, "contacts_at_full_coverage", intervention=name)
    ]
    least, most = np.inf, -np.inf
    for priority in PRIORITIES:
        levers = {"priority of usual care": priority}
        whole = at(run(portfolio=PORTFOLIO, levers=levers), "landed_share")
        for name in landing:
            others = {f"coverage[{other}]": 0.0 for other in coverage if other != name}
            alone = at(run(portfolio=PORTFOLIO, levers={**levers, **others}), "landed_share")
            least, most = min(least, alone / whole), max(most, alone / whole)
    return {"alone_least": least, "alone_most": most}


ACTIVITY = (
    "a_and_e_attendances",
    "emergency_admissions",
    "overnight_admissions",
    "emergency_and_elective_bed_days",
    "practice_contacts_wanted",
    "elective_starts",
)


def evidence_none(run: Runner) -> Figures:
    """Row 10, at the centre: the plan where no effect holds."""
    usual, plan = run(), run(portfolio=PORTFOLIO, levers={"evidence switch": 0.0})
    return {
        "no_evidence_activity": max(float(abs(plan[key] / usual[key] - 1).max()) for key in ACTIVITY),
        "no_evidence_list": float(
            abs(plan["elective_waiting_list"] / usual["elective_waiting_list"] - 1).max()
        ),
        "no_evidence_cost": float((plan["public_cost"] - usual["public_cost"]).min()),
    }


def spread(run: Runner) -> Figures:
    """Row 12: one locality first and the others one a year, beside all five at once."""
    delivered = [plan_years(run(portfolio=PORTFOLIO, levers=way)) for way in (DEEP, WIDE)]
    no_hub, ample = ({"fixed effort of a hub": 0.0}, {"change capacity": 5.0})
    cross = [
        plan_years(run(portfolio=PORTFOLIO, levers={**DEEP, **levers}))
        / plan_years(run(portfolio=PORTFOLIO, levers={**WIDE, **levers}))
        - 1
        for levers in (no_hub, ample)
    ]
    note = "without the fixed effort of a hub {:+.0%}, with change capacity for five {:+.0%}"
    return {"deep_first": Found(delivered[0] / delivered[1] - 1, note.format(*cross).replace("-", "−"))}


def plan_years(plan: xr.Dataset) -> float:
    """Years of the whole plan delivered from 2018 to 2028, each intervention alike."""
    share = (plan["delivered_coverage"] / plan["coverage"]).sel(year=slice(2018, 2028))
    return float(share.mean("intervention").sum())


def beds_closed(run: Runner) -> Figures:
    """Row 13: beds closed until pressure is 1.06 in 2028, as now."""
    tried = [
        run(levers={**NO_BEDS_OPENED, "beds multiplier": float(share)}) for share in np.linspace(0.8, 1.05, 6)
    ]
    pressure = [at(each, "pressure_on_beds", 2028) for each in tried]
    margin = [at(each, "hospital_margin_share", 2028) for each in tried]
    closed = float(np.interp(CLOSED_TO, pressure[::-1], margin[::-1]))
    return {
        "beds_closed_margin": closed,
        "beds_closed_against_open": closed - at(run(), "hospital_margin_share", 2028),
    }


def holders(run: Runner) -> Figures:
    """Row 14: when the holder of UnitingCare leaves; three others stay."""
    uniting = run(portfolio=PORTFOLIO, contract="uniting_care", save_every=0.0625)
    start = float(uniting["contract_start_date"].max())
    staying = [
        run(portfolio=PORTFOLIO, contract=contract)["holder_still_there"].min() for contract in STAYING
    ]
    return {"uniting_care_leaves": leaves(uniting) - start, "others_stay": float(min(staying))}


def leaves(live: xr.Dataset) -> float:
    """Time at which the holder is more gone than there; infinite where it stays."""
    gone = live["holder_still_there"].to_numpy() < 0.5
    return float(live["year"][int(np.argmax(gone))]) if gone.any() else np.inf


def gain_share(run: Runner) -> Figures:
    """Row 15: what Bedfordshire's holder gives back, beside half of its surplus beyond 5% of the sum."""
    apart = []
    for price in (1.0, 1.15, 1.25):
        live = run(contract="bedfordshire_msk", levers={"contract price": price})
        whole, paid, returned = (
            at(live, name, 2019) for name in ("contract_sum", "contract_surplus", "surplus_returned")
        )
        paid -= at(live, "gain_and_loss_payment", 2019) + at(live, "management_allowance", 2019) * whole
        due = 0.5 * max(0.0, paid + returned - 0.05 * whole)
        apart.append(abs(returned - due))
    return {"bedfordshire_returned": max(apart)}


ROWS: tuple[Callable[[Runner], Figures], ...] = (
    no_gp_joiners,
    overnight_need,
    stay_halved,
    groups_of_loops,
    resilience,
    community_trebled,
    pay_cut,
    pay_rise,
    one_alone,
    evidence_none,
    spread,
    beds_closed,
    holders,
    gain_share,
)


def order_outcomes(run: Runner) -> list[Outcome]:
    """Signs and orders that no size replaces: which future is worse, and which way the fifths lean."""
    ends = {scenario: run(scenario) for scenario in FUTURES}
    need = sorted(FUTURES, key=lambda name: at(ends[name], "beds_needed"))
    harm = sorted(FUTURES, key=lambda name: at(ends[name], "deaths_since_2018"))
    expected = ["state_supreme", "official_future", "corporate_rules", "community_resilience"]
    words = " < ".join(name.replace("_", " ") for name in expected)
    return [
        stated(
            BEHAVIOUR,
            "order_of_futures",
            "Order of the futures by beds needed in 2033 and by deaths since 2018, if nothing is done",
            words,
            "; ".join(" < ".join(name.replace("_", " ") for name in order) for order in (need, harm)),
            need == expected == harm,
        )
    ]


def change(one: xr.Dataset, base: xr.Dataset, key: str, year: float = 2033) -> float:
    """Change of a number from one run to another, as a share."""
    return at(one, key, year) / at(base, key, year) - 1


def deaths(one: xr.Dataset, base: xr.Dataset, year: float = 2033) -> float:
    """More deaths since mid-2018 in one run than in another."""
    return _more(one, base, "deaths_since_2018", year)


def _more(one: xr.Dataset, base: xr.Dataset, key: str, year: float, **place: str) -> float:
    return at(one, key, year, **place) - at(base, key, year, **place)

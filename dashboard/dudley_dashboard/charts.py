"""Which charts can be shown, and which question does each answer?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Line:
    """One line, drawn for the plan and for the reference case.

    Attributes
    ----------
    label
        Written beside the line where a chart has two; empty where it has one.
    output, element
        Variable of the model and element of its subscript.
    """

    label: str
    output: str
    element: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes
    ----------
    key, title, unit
        Key in the address; question; what the axis counts.
    lines
        One or two.
    says
        What the chart shows and what to look for.
    scale, decimals
        What numbers are multiplied with, and how many decimals they are shown with.
    better
        Which way is better, where that can be said.
    rests_on
        Constants of the model that the chart starts from; their source is shown.
    gain
        Shows the plan less doing nothing in the same future, not the variable itself.
    needs_shift
        Says nothing where no shift is planned.
    from_zero
        Whether the axis starts at nothing.
    """

    key: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    says: str
    scale: float = 1.0
    decimals: int = 0
    better: Literal["low", "high", ""] = ""
    rests_on: tuple[str, ...] = ()
    gain: bool = False
    needs_shift: bool = False
    from_zero: bool = False


CHARTS: tuple[Chart, ...] = (
    Chart(
        "gps",
        "Are there enough GPs?",
        "GPs, whole-time equivalents (WTE)",
        (Line("Needed", "gp_wte_needed"), Line("In post", "gp_wte")),
        "GPs needed to keep the access of 2018, and GPs in post. What lies between the two is the gap.",
        rests_on=("GP WTE in 2018", "WTE per GP"),
    ),
    Chart(
        "gp_gap",
        "How large is the GP gap?",
        "GP gap: GPs needed less GPs in post, WTE",
        (Line("", "gp_gap"),),
        "GPs needed to keep the access of 2018 less GPs in post. Above 0: short; below 0: more than needed.",
        better="low",
        rests_on=("GP WTE in 2018",),
    ),
    Chart(
        "landed",
        "How much of the planned shift landed?",
        "% of the planned shift that needs community staff",
        (Line("", "landed_share"),),
        "Care that moved to the community. What does not land stays in hospital: too few community staff.",
        100,
        better="high",
        needs_shift=True,
        from_zero=True,
        rests_on=("staff in post in 2018[CommunityStaff]", "contacts per WTE[CommunityStaff]"),
    ),
    Chart(
        "occupancy",
        "How full is the hospital?",
        "beds needed for each 100 there are",
        (Line("", "occupancy"),),
        "Above 100 there are more patients than beds: they lie on escalation beds and in corridors.",
        100,
        better="low",
        rests_on=("beds in 2018", "occupancy in 2018"),
    ),
    Chart(
        "a_and_e",
        "How many come to A&E?",
        "thousand attendances a year",
        (Line("", "a_and_e_attendances"),),
        "Attendances of residents, those whom a full practice turns away among them.",
        0.001,
        1,
        "low",
    ),
    Chart(
        "admissions",
        "How many are admitted in an emergency?",
        "thousand admissions a year",
        (Line("", "activity_after_shift", "EmergencyAdmission"),),
        "Emergency admissions of residents, once the shift has landed.",
        0.001,
        1,
        "low",
    ),
    Chart(
        "people_75",
        "How many people are 75 or over?",
        "thousand people",
        (Line("", "people_75_and_over"),),
        "The official projection, and what better or worse health adds to it.",
        0.001,
        1,
    ),
    Chart(
        "working_age",
        "How many people are of working age?",
        "thousand people of 15 to 64",
        (Line("", "people_of_working_age"),),
        "Those who pay for care and from whom staff are recruited.",
        0.001,
        1,
    ),
    Chart(
        "vacancies",
        "How many posts stand empty?",
        "% of posts, GPs apart",
        (Line("", "overall_vacancy_rate"),),
        "All staff groups but GPs. Empty posts load those who stay, and some of them leave.",
        100,
        1,
        "low",
        from_zero=True,
        rests_on=("external supply of staff in 2018", "external supply of staff in 2033"),
    ),
    Chart(
        "commissioner",
        "Does the commissioner's money last?",
        "£ million a year, real terms",
        (Line("", "margin", "Commissioner"),),
        "What the commissioner gets less what it pays. Below nothing it spends more than it has.",
        1e-6,
        better="high",
    ),
    Chart(
        "gain",
        "Does the plan pay for itself?",
        "£ million since 2018, against doing nothing in the same future",
        (Line("", "system_balance"),),
        "Money of the whole system, added up since 2018, less what it would be if nothing is done "
        "and the contract as now. Above nothing the plan has paid for itself.",
        1e-6,
        better="high",
        gain=True,
    ),
    Chart(
        "waiting",
        "How many wait for planned care?",
        "thousand people on the list",
        (Line("", "elective_waiting_list"),),
        "Planned admissions and day cases waited for. A full hospital cancels them.",
        0.001,
        1,
        "low",
        rests_on=("normal elective wait",),
    ),
    Chart(
        "same_day",
        "How many same-day requests go unmet?",
        "% of same-day requests to practices",
        (Line("", "unmet_same_day_share"),),
        "A part of those whom the practice turns away goes to A&E; the rest waits or gives up.",
        100,
        1,
        "low",
        from_zero=True,
        rests_on=("unmet same day share in 2018", "diversion fraction"),
    ),
    Chart(
        "community",
        "Can community staff carry the shift?",
        "thousand community contacts a year",
        (
            Line("Needed", "community_contacts_needed"),
            Line("Given", "community_contacts_given_to_shift"),
        ),
        "Contacts that the moved care needs, and those that community staff have time for after usual care.",
        0.001,
        from_zero=True,
        rests_on=("contacts per WTE[CommunityStaff]",),
    ),
    Chart(
        "beds",
        "How many beds are missing?",
        "beds missing at the occupancy of 2018",
        (Line("", "bed_shortfall"),),
        "Beds needed to be as full as in 2018, less the beds there are.",
        better="low",
        rests_on=("beds in 2018",),
    ),
    Chart(
        "outside",
        "Does care move out of hospital?",
        "% of all activity, by value",
        (Line("", "share_of_activity_outside_hospital"),),
        "Share of care, each kind at its price, that is given outside hospital.",
        100,
        1,
    ),
)
"""In the order in which they are offered."""

SHOWN = ("gps", "landed", "occupancy", "gain")
"""Those that the page opens with."""


def charts_for_browser() -> list[dict[str, Any]]:
    """Return the charts as the browser takes them."""
    return [asdict(chart) for chart in CHARTS]

"""Extreme condition tests: the model stays finite, ordered and sensible at its limits."""

from __future__ import annotations

import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.invariants import check_invariants
from dudley_sd.validation.bench import PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import EXTREMES, Outcome, Statement, outcome_of

ROW = "extremes"
COMMUNITY = "CommunityStaff"


def extreme_outcomes(run: Runner) -> list[Outcome]:
    """Push the model to its limits, one at a time."""
    statements = (
        no_gps(run),
        no_community_staff(run),
        no_funding(run),
        everything_shifted(run),
        no_effect(run),
        no_births(run),
        more_staff(run),
    )
    return [outcome_of(EXTREMES, statement, ROW) for statement in statements]


def no_gps(run: Runner) -> Statement:
    """No GP in mid-2018: most same-day demand goes unmet and A&E overflows, until joiners rebuild."""
    usual, empty = run(), run(levers={"GPs present at start": 0})
    unmet = at(empty, "unmet_same_day_share", 2018)
    more = at(empty, "a_and_e_attendances", 2018) / at(usual, "a_and_e_attendances", 2018)
    rebuilt = [at(empty, "gp_wte", year) for year in (2018, 2020, 2028)]
    ordered = rebuilt[0] == 0 and rebuilt[1] < rebuilt[2] < at(usual, "gp_wte", 2028)
    return Statement(
        "no_gps",
        "No GPs at the start",
        "finite; over half of same-day demand unmet; A&E more than doubles; GPs rebuild, never past usual",
        f"{unmet:.0%} unmet; A&E {more:.1f} times usual; {rebuilt[2]:.0f} WTE by 2028",
        sound(empty) and unmet > 0.5 and more > 2 and ordered,
    )


def no_community_staff(run: Runner) -> Statement:
    """No community staff in mid-2018: nothing lands for years; practices are not touched directly."""
    live = run(portfolio=PORTFOLIO)
    empty = run(portfolio=PORTFOLIO, levers={f"staff present at start[{COMMUNITY}]": 0})
    landed = [at(empty, "landed_share", year) for year in (2020, 2023)]
    untouched = at(empty, "practice_load", 2018) == at(live, "practice_load", 2018)
    return Statement(
        "no_community_staff",
        "No community staff at the start",
        "finite; nothing lands by 2020 and less than usual by 2023; practices not touched at once",
        f"{landed[0]:.0%} landed in 2020, {landed[1]:.0%} in 2023 (usual "
        f"{at(live, 'landed_share', 2023):.0%})",
        sound(empty) and landed[0] == 0 and landed[1] < at(live, "landed_share", 2023) and untouched,
    )


def no_funding(run: Runner) -> Statement:
    """No public money by 2033: hardly a new post is affordable, so less lands; budgets lag by a year."""
    live = run(portfolio=PORTFOLIO)
    poor = run(portfolio=PORTFOLIO, levers={"state share of GDP in 2033": 0.0})
    affordable, cover = (at(poor, name) for name in ("affordable_share_of_new_posts", "commissioner_cover"))
    landed = at(poor, "landed_share")
    return Statement(
        "no_funding",
        "No public money by 2033",
        "finite; under 5% of new posts and of bills can be paid, as budgets lag by a year; less lands",
        f"{affordable:.0%} of new posts, {cover:.0%} of bills; {landed:.0%} landed "
        f"(usual {at(live, 'landed_share'):.0%})",
        sound(poor) and max(affordable, cover) < 0.05 and landed < at(live, "landed_share"),
    )


def everything_shifted(run: Runner) -> Statement:
    """Full coverage, the high reading of the evidence, everything lands: large, never more than all."""
    full = {f"coverage[{name}]": 1.0 for name in elements(inputs_folder(), INTERVENTION)}
    moved = run(levers=full | {"evidence case": 1.0, "loop R3 switch": 0})
    share = moved["shift_as_share_of_demand"].sel(year=2033)
    a_and_e = float(share.sel(service="AandE"))
    return Statement(
        "everything_shifted",
        "Everything shifted: full coverage, best evidence, all of it lands",
        "finite; large but never more than all of a service; care home places untouched",
        f"A&E down {a_and_e:.0%}; most of any service {float(share.max()):.0%}",
        sound(moved)
        and float(share.max()) < 1
        and 0.1 < a_and_e < 0.5
        and float(share.sel(service="CareHomePlace")) == 0,
    )


def no_effect(run: Runner) -> Statement:
    """Low reading of the evidence: nothing moves, since its low end is 'no effect found'."""
    low = run(portfolio=PORTFOLIO, levers={"evidence case": -1.0})
    most = float(low["potential_shift"].max())
    return Statement(
        "no_effect",
        "Low reading of the evidence",
        "nothing moves: the low end of every effect is 'no effect found'",
        f"{most:,.0f} activity moved",
        sound(low) and most == 0,
    )


def no_births(run: Runner) -> Statement:
    """No births: the youngest band empties, nobody else is missed before they would have come."""
    usual, none = run(), run(levers={"fertility multiplier": 0})
    youngest = at(none, "people_by_age", age="A0") / at(usual, "people_by_age", age="A0")
    old = at(none, "people_65_and_over") / at(usual, "people_65_and_over") - 1
    return Statement(
        "no_births",
        "No births",
        "finite; children under five nearly gone by 2033; people over 65 within 1%",
        f"children under five {youngest:.0%} of usual; over 65 {old:+.1%}",
        sound(none) and at(none, "births") == 0 and youngest < 0.1 and abs(old) < 0.01,
    )


def more_staff(run: Runner) -> Statement:
    """More external staff: fewer vacancies, and more of the shift lands."""
    live = run(portfolio=PORTFOLIO)
    more = run(portfolio=PORTFOLIO, levers={"external supply of staff in 2033": 1.0})
    vacant = [at(each, "vacancy_rate", staff=COMMUNITY) for each in (live, more)]
    landed = [at(each, "landed_share") for each in (live, more)]
    return Statement(
        "more_staff",
        "As many staff to be had as there are posts",
        "fewer vacancies, and more of the shift lands",
        f"vacancies {vacant[0]:.0%} to {vacant[1]:.0%}; landed {landed[0]:.0%} to {landed[1]:.0%}",
        sound(more) and vacant[1] < vacant[0] and landed[1] > landed[0],
    )


def sound(results: xr.Dataset) -> bool:
    """Whether a run keeps every invariant: finite, nothing negative, shares in range, people conserved."""
    try:
        check_invariants(results)
    except BrokenInvariantError:
        return False
    return True

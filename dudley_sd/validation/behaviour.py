"""Tests of behaviour: loops cut, chains followed, and what the makers had not expected."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import xarray as xr
from sdcompile.names import snake_case
from sdcompile.read.model import Model

from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import (
    LOOPS,
    SURPRISES,
    Outcome,
    reported,
    stated,
)
from dudley_sd.validation.published import CLOSED, HELD_OPEN, MILLION

PREFIX, SUFFIX = "loop_", "_switch"
"""Keys of the switches of loops start and end so."""


@dataclass(frozen=True)
class Sign:
    """What cutting a loop should do to one number in 2033.

    Attributes
    ----------
    variable, place
        In the results; ``place`` picks an element.
    words
        The number in plain words.
    way
        1: it should rise when the loop is cut; -1: fall.
    """

    variable: str
    words: str
    way: int
    place: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Loop:
    """A loop, the switch that cuts it and what that should do.

    Attributes
    ----------
    switch, title
        Constant of the model, and what the loop is called.
    story
        What happens while it is live.
    portfolio
        In which run it matters.
    signs
        What should move, and which way.
    pinned
        Variable that the switch pins, and its value then; None where it pins a link at what it would be.
    levers
        Decisions without which the loop waits.
    """

    switch: str
    title: str
    story: str
    portfolio: str
    signs: tuple[Sign, ...]
    pinned: tuple[str, float] | None = None
    levers: tuple[tuple[str, float], ...] = ()


LOOP_TABLE = (
    Loop(
        "loop R1 switch",
        "R1 primary care collapse",
        "overload drives GPs to leave earlier and work fewer sessions",
        "none",
        (Sign("gp_wte", "GPs, WTE", 1), Sign("practice_load", "practice load", -1)),
        ("workload_acted_on", 1),
    ),
    Loop(
        "loop R2 switch",
        "R2 spill to A&E",
        "people whom practices turn away go to A&E",
        "none",
        (
            Sign("a_and_e_attendances", "A&E attendances", -1),
            Sign("practice_load", "practice load", -1),
        ),
        ("diverted_to_a_and_e", 0),
    ),
    Loop(
        "loop R3 switch",
        "R3 shift that stays in hospital",
        "shift that finds no community staff stays in hospital",
        PORTFOLIO,
        (
            Sign("unlanded_share", "shift that stays in hospital, share", -1),
            Sign(
                "activity_after_shift",
                "emergency bed days",
                -1,
                (("service", "EmergencyBedDay"),),
            ),
        ),
        ("unlanded_share", 0),
    ),
    Loop(
        "loop R4 switch",
        "R4 vacancy spiral",
        "empty posts wear out those who stay, and more leave",
        "none",
        (Sign("overall_vacancy_rate", "vacancies", -1),),
        ("effect_of_vacancy_on_turnover", 1),
    ),
    Loop(
        "loop R5 switch",
        "R5 lost continuity",
        "load costs patients their usual doctor, and more become complex",
        "none",
        (
            Sign("people_by_need", "people with several conditions", -1, (("need", "Complex"),)),
            Sign("practice_load", "practice load", -1),
        ),
        ("continuity", 1),
    ),
    Loop(
        "loop R6 switch",
        "R6 reinvestment",
        "hospital cost that closing capacity releases pays for community posts, and more lands",
        PORTFOLIO,
        (
            Sign("landed_share", "shift landed, share", -1),
            Sign("commissioner_cover", "share of bills that the commissioner can pay", -1),
        ),
        None,
        (
            ("share of released beds closed", 1.0),
            ("share of hospital deficit met", 1.0),
            ("efficiency required of prices", 0.02),
        ),
    ),
    Loop(
        "loop B1 switch",
        "B1 recruitment pull",
        "empty posts spur recruitment",
        "none",
        (Sign("overall_vacancy_rate", "vacancies", 1),),
        ("recruitment_pull", 1),
    ),
    Loop(
        "loop B2 switch",
        "B2 waiting rations demand",
        "long waits put people off",
        "none",
        (
            Sign("practice_wait", "wait for a routine contact, years", 1),
            Sign("practice_load", "practice load", 1),
        ),
        ("effect_of_waiting_on_demand", 1),
    ),
    Loop(
        "loop B3 switch",
        "B3 occupancy throttles electives",
        "a full hospital cancels planned admissions",
        "none",
        (
            Sign("electives_treated", "planned admissions", 1),
            Sign("occupancy", "occupancy", 1),
        ),
        ("effect_of_occupancy_on_electives", 1),
    ),
)
"""Each switch of the model file; `loop_outcomes` says if one is missing here."""


def loop_outcomes(run: Runner, model: Model) -> list[Outcome]:
    """Cut each loop, see what moves and whether the pinned link stays put; none may be forgotten."""
    known = {snake_case(loop.switch) for loop in LOOP_TABLE}
    switches = {key for key in model.variables if key.startswith(PREFIX) and key.endswith(SUFFIX)}
    forgotten = ", ".join(sorted(switches - known)).replace("_", " ")
    known_here = stated(
        LOOPS,
        "loops_known",
        "Switches of loops in the model file",
        "each is cut here",
        f"not cut: {forgotten}" if forgotten else f"all {len(switches)} are",
        not forgotten,
    )
    here = [loop for loop in LOOP_TABLE if snake_case(loop.switch) in switches]
    return [*(_cut(run, loop) for loop in here), known_here]


def _cut(run: Runner, loop: Loop) -> Outcome:
    levers = dict(loop.levers)
    live = run(portfolio=loop.portfolio, levers=levers or None)
    cut = run(portfolio=loop.portfolio, levers={**levers, loop.switch: 0})
    moved = [(sign, _value(live, sign), _value(cut, sign)) for sign in loop.signs]
    pinned = loop.pinned is None or bool(abs(cut[loop.pinned[0]] - loop.pinned[1]).max() == 0)
    right = all((after - before) * sign.way > 0 for sign, before, after in moved)
    expected = " and ".join(f"{sign.words} {'up' if sign.way > 0 else 'down'}" for sign in loop.signs)
    return stated(
        LOOPS,
        loop.switch.replace(" ", "_").lower(),
        f"{loop.title}: {loop.story}",
        f"cut: {expected} in 2033",
        "; ".join(f"{sign.words} {_moved(before, after)}" for sign, before, after in moved),
        right and pinned,
        _note(loop, pinned),
    )


def _note(loop: Loop, pinned: bool) -> str:
    decided = ", ".join(f"{name} = {value:g}" for name, value in loop.levers)
    notes = [f"With {decided}" if decided else "", "" if pinned else "The switch does not pin its link"]
    return ". ".join(note for note in notes if note)


def _value(results: xr.Dataset, sign: Sign) -> float:
    return float(results[sign.variable].sel({"year": 2033, **dict(sign.place)}))


def _moved(before: float, after: float) -> str:
    if abs(before) < 2:
        return f"{before:.4f} to {after:.4f}"
    return f"{before:,.4g} to {after:,.4g}" if abs(before) < 100 else f"{before:,.0f} to {after:,.0f}"


BED_DAYS = "EmergencyBedDay"


def chain_outcomes(run: Runner) -> list[Outcome]:
    """Follow each chain from end to end."""
    return [relief(run), prevention(run), survival(run)]


def relief(run: Runner) -> Outcome:
    """Shift relieves hospital: in every future, and most where most lands."""
    fewer, landed = {}, {}
    for scenario in FUTURES:
        without, live = run(scenario), run(scenario, PORTFOLIO)
        days = [at(each, "activity_after_shift", service=BED_DAYS) for each in (without, live)]
        fewer[scenario] = 1 - days[1] / days[0]
        landed[scenario] = at(live, "landed_share")
    order = sorted(FUTURES, key=lambda name: landed[name])
    best, least = order[-1], order[0]
    return stated(
        LOOPS,
        "chain_relief",
        "Chain: shift relieves hospital",
        "fewer bed days in every future, most where most lands and least where least does",
        f"{fewer[least]:.1%} fewer where {landed[least]:.0%} lands, {fewer[best]:.1%} where "
        f"{landed[best]:.0%}",
        min(fewer.values()) > 0
        and fewer[best] == max(fewer.values())
        and fewer[least] == min(fewer.values()),
    )


def prevention(run: Runner) -> Outcome:
    """Prevention lowers onset, late: childhood and lifestyle work after about ten years."""
    usual = run()
    live = run(levers={"coverage[Prevention]": 0.8, "start date[Prevention]": 2018})
    fall = 1 - live["onset"].sum("age") / usual["onset"].sum("age")
    early, late = (float(fall.sel(year=year)) for year in (2020, 2033))
    grows = bool((fall.sel(year=[2023, 2028, 2033]).diff("year") > 0).all())
    return stated(
        LOOPS,
        "chain_prevention",
        "Chain: prevention lowers onset, late",
        "under a quarter of its 2033 effect by 2020, growing all the way",
        f"onset down {early:.1%} in 2020 and {late:.1%} in 2033",
        early < 0.25 * late and grows,
    )


def survival(run: Runner) -> Outcome:
    """Survival brings old age and demand: fewer deaths, more people over 75, more bed days."""
    usual, live = run(), run(levers={"mortality multiplier": 0.9})
    older = at(live, "people_75_and_over") - at(usual, "people_75_and_over")
    days = [at(each, "activity_before_shift", service=BED_DAYS) for each in (usual, live)]
    more = days[1] / days[0] - 1
    return stated(
        LOOPS,
        "chain_survival",
        "Chain: survival brings old age and demand",
        "a tenth fewer deaths: more people over 75 and more bed days in 2033",
        f"{older:,.0f} more people over 75; bed days up {more:.1%}",
        older > 0 and more > 0,
    )


def surprise_outcomes(run: Runner, growth: pd.DataFrame, family: pd.DataFrame) -> list[Outcome]:
    """Tell the surprises, with today's figures.

    Parameters
    ----------
    run
        Runs of the model.
    growth
        Growth of demand by ageing, projected and as estimated, index = service in words.
    family
        The areas of the family, index = area.
    """
    return [
        _nothing_lands(run),
        _access_decides(run),
        _continuity(run),
        _full_hospital(run),
        _later_projection(growth, family),
    ]


def _nothing_lands(run: Runner) -> Outcome:
    live = run("community_resilience", PORTFOLIO)
    landed = [at(live, "landed_share", year) for year in (2023, 2033)]
    return reported(
        SURPRISES,
        "surprise_nothing_lands",
        "How much of the shift still lands in Community Resilience",
        f"{landed[0]:.0%} landed in 2023, {landed[1]:.0%} in 2033",
        "Usual community care comes first. Where staff run short for that, nothing is left for care that "
        "has moved. The edge is sharp by design; real teams would ration both",
    )


def _access_decides(run: Runner) -> Outcome:
    do_nothing, cut = run(), run(levers={"loop R2 switch": 0})
    total, without = (at(each, "a_and_e_attendances") for each in (do_nothing, cut))
    start = at(do_nothing, "a_and_e_attendances", 2018)
    return reported(
        SURPRISES,
        "surprise_access",
        "How much of the growth of A&E if nothing is done comes from practices that turn people away",
        f"{(total - without) / (total - start):.0%} of {total - start:,.0f} more attendances by 2033",
        "A small share of a million same-day contacts is a large share of A&E (the leverage above), so the "
        "share of those turned away who are assumed to go there matters much",
    )


def _continuity(run: Runner) -> Outcome:
    do_nothing, cut = run(), run(levers={"loop R5 switch": 0})
    people = [at(each, "people_by_need", need="Complex") for each in (do_nothing, cut)]
    return reported(
        SURPRISES,
        "surprise_continuity",
        "How many people have several conditions because continuity is lost (R5)",
        f"{people[0] - people[1]:,.0f} of {people[0]:,.0f} people with several conditions in 2033",
        "The loop hardly turns: it acts through progression of illness, which is slow. Its strength is an "
        "assumption",
    )


def _full_hospital(run: Runner) -> Outcome:
    live, closed = (run(portfolio=PORTFOLIO, levers=levers) for levers in (HELD_OPEN, CLOSED))
    occupied = [at(each, "occupancy") for each in (live, closed)]
    gain = (at(closed, "system_balance") - at(live, "system_balance")) / MILLION
    return reported(
        SURPRISES,
        "surprise_full_hospital",
        "What closing the capacity that the shift releases does to a hospital that is full",
        f"£{gain:,.0f}m better for the system by 2033; occupancy {occupied[1]:.0%} instead of "
        f"{occupied[0]:.0%}",
        "Demand before the shift outgrows the beds, so closing pays on paper while more people lie on "
        "escalation beds and planned care waits longer",
    )


def _later_projection(growth: pd.DataFrame, family: pd.DataFrame) -> Outcome:
    days = family["growth of bed days to 2032"]
    row = growth.loc["emergency bed days"]
    return reported(
        SURPRISES,
        "surprise_projection",
        "How much growth of bed days by ageing alone depends on which projection is believed",
        f"{days['Dudley, 2014-based']:+.0%} by 2032 on the 2014-based, {days['Dudley, 2018-based']:+.0%} on "
        "the 2018-based projection",
        f"To 2023 the first had {row['projected']:+.1%} and the people whom ONS has counted since make "
        f"{row['estimated']:+.1%}. The plans of 2018 rest on the first",
    )

"""Surprise behaviour: what the model does that its makers had not expected, and why."""

from __future__ import annotations

import pandas as pd

from dudley_sd.validation.bench import PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import SURPRISES, Outcome, reported
from dudley_sd.validation.published import CLOSED, HELD_OPEN, MILLION


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

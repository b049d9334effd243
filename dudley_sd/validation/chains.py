"""Do the chains of the model, which do not close into loops, work in the direction that they should?"""

from __future__ import annotations

from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at
from dudley_sd.validation.claims import Claim, settle
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import LOOPS

BED_DAYS = "EmergencyBedDay"


def chain_findings(run: Runner) -> list[Finding]:
    """Follow each chain from end to end."""
    return [settle(LOOPS, chain(run)) for chain in (relief, prevention, survival)]


def relief(run: Runner) -> Claim:
    """Shift relieves hospital: in every future, and most where most lands."""
    fewer, landed = {}, {}
    for scenario in FUTURES:
        without, live = run(scenario), run(scenario, PORTFOLIO)
        days = [at(each, "activity_after_shift", service=BED_DAYS) for each in (without, live)]
        fewer[scenario] = 1 - days[1] / days[0]
        landed[scenario] = at(live, "landed_share")
    order = sorted(FUTURES, key=lambda name: landed[name])
    best, least = order[-1], order[0]
    return Claim(
        "chain_relief",
        "Chain: shift relieves hospital",
        "fewer bed days in every future, most where most lands and least where least does",
        f"{fewer[least]:.1%} fewer where {landed[least]:.0%} lands, {fewer[best]:.1%} where "
        f"{landed[best]:.0%}",
        min(fewer.values()) > 0
        and fewer[best] == max(fewer.values())
        and fewer[least] == min(fewer.values()),
    )


def prevention(run: Runner) -> Claim:
    """Prevention lowers onset, late: childhood and lifestyle work after about ten years."""
    usual = run()
    live = run(levers={"coverage[Prevention]": 0.8, "start date[Prevention]": 2018})
    fall = 1 - live["onset"].sum("age") / usual["onset"].sum("age")
    early, late = (float(fall.sel(year=year)) for year in (2020, 2033))
    grows = bool((fall.sel(year=[2023, 2028, 2033]).diff("year") > 0).all())
    return Claim(
        "chain_prevention",
        "Chain: prevention lowers onset, late",
        "under a quarter of its 2033 effect by 2020, growing all the way",
        f"onset down {early:.1%} in 2020 and {late:.1%} in 2033",
        early < 0.25 * late and grows,
    )


def survival(run: Runner) -> Claim:
    """Survival brings old age and demand: fewer deaths, more people over 75, more bed days."""
    usual, live = run(), run(levers={"mortality multiplier": 0.9})
    older = at(live, "people_75_and_over") - at(usual, "people_75_and_over")
    days = [at(each, "activity_before_shift", service=BED_DAYS) for each in (usual, live)]
    more = days[1] / days[0] - 1
    return Claim(
        "chain_survival",
        "Chain: survival brings old age and demand",
        "a tenth fewer deaths: more people over 75 and more bed days in 2033",
        f"{older:,.0f} more people over 75; bed days up {more:.1%}",
        older > 0 and more > 0,
    )

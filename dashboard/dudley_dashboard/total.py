"""Rules by which the browser adds up the parts of a total, year by year.

It is what `dudley_sd.results.totals` does with labelled results: sums first, then shares from the sums; a
number that is the same everywhere is kept, and of any other nothing is told.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from dudley_sd.scenarios.sizes import adds_up


class Share(TypedDict):
    """A ratio of sums.

    ``part`` over ``whole``, each added up over its elements; of no whole it is ``otherwise``. With ``rest``
    it is what is left of one, and with ``least`` no less than that.
    """

    part: str
    whole: str
    otherwise: float
    rest: bool
    least: float | None


Rule = Literal["sum", "same"] | Share


def _share(
    part: str, whole: str, otherwise: float = 0.0, rest: bool = False, least: float | None = None
) -> Share:
    return {"part": part, "whole": whole, "otherwise": otherwise, "rest": rest, "least": least}


SHARES: dict[str, Share] = {
    "unmet_same_day_share": _share("unmet_same_day", "same_day_demand"),
    "landed_share": _share("community_contacts_given_to_shift", "community_contacts_needed", otherwise=1.0),
    "overall_vacancy_rate": _share("staff_in_post", "all_posts", otherwise=1.0, rest=True, least=0.0),
    "occupancy": _share("beds_occupied", "beds"),
    "elective_wait": _share("elective_waiting_list", "electives_treated"),
    "share_of_activity_outside_hospital": _share("value_in_hospital", "value_delivered", rest=True),
}
"""Those of `dudley_sd.results.totals.RATIOS` that charts show; a test holds the two against each other."""


def rule_of(key: str, units: str) -> Rule:
    """Return how the total of an output follows from the parts."""
    if adds_up(units):
        return "sum"
    return SHARES.get(key, "same")

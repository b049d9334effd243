"""Names of runs that stand side by side: each says what sets it apart; what all share is said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.caveats import base_title
from dudley_dashboard.pages.beside import decides_nothing, levers_moved, portfolio_words
from dudley_sd.request import CONTRACT, Request
from dudley_sd.results.do_nothing import DO_NOTHING

DECIDED = ("portfolio", "contract")


def apart(plans: Sequence[Request]) -> list[tuple[list[str], str]]:
    """Say of each of several plans what sets it apart from the others.

    Returns
    -------
    list of tuple
        Area, future, portfolio, contract and projection, those that differ; and how many levers are moved,
        where that or the levers differ.
    """
    shared = _shared(plans)
    found = []
    for plan in plans:
        words = _words(plan)
        nothing = decides_nothing(plan)
        names = [name for name in words if name not in shared and not (nothing and name in DECIDED)]
        said = [words[name] for name in names if words[name]]
        if nothing and not all(map(decides_nothing, plans)):
            said.append(DO_NOTHING)
        levers = "" if "levers" in shared or not plan.values else levers_moved(plan)
        found.append((said, levers))
    return found


def common(plans: Sequence[Request]) -> str:
    """Say what plans share, of portfolio and contract all but do nothing: one or two sentences."""
    shared, words = _shared(plans), _words(plans[0])
    deciding = [plan for plan in plans if not decides_nothing(plan)]
    everywhere = [words[name] for name in ("future", "area", "projection") if name in shared]
    if "levers" in shared and plans[0].values:
        everywhere.append(levers_moved(plans[0]))
    decided = [_words(deciding[0])[name] for name in DECIDED if name in shared] if deciding else [DO_NOTHING]
    if len(deciding) in (0, len(plans)):
        everywhere, decided = everywhere + decided, []
    sentences = [f"All runs: {', '.join(everywhere)}."] if everywhere else []
    if decided:
        sentences.append(f"All but do nothing: {', '.join(decided)}.")
    return " ".join(sentences)


def contract_words(key: str) -> str:
    """Name of a contract behind that of a future or portfolio."""
    return "contract as now" if key == CONTRACT else catalogue().contracts[key].title


def _words(plan: Request) -> dict[str, str]:
    known = catalogue()
    return {
        "area": known.footprints[plan.footprint].name,
        "future": known.scenarios[plan.scenario].title,
        "portfolio": portfolio_words(plan.portfolio),
        "contract": contract_words(plan.contract),
        "projection": base_title([plan.footprint], plan.projection),
    }


def _shared(plans: Sequence[Request]) -> set[str]:
    """Names of what is alike in all plans, of portfolio and contract in all that decide something."""
    deciding = [plan for plan in plans if not decides_nothing(plan)] or plans
    alike = {
        name
        for name in _words(plans[0])
        if _one(_words(plan)[name] for plan in (deciding if name in DECIDED else plans))
    }
    return alike | ({"levers"} if _one(tuple(sorted(plan.values.items())) for plan in plans) else set())


def _one(values: Iterable[object]) -> bool:
    return len(set(values)) == 1

"""Runs of the page: which are compared, what each is called, and the regret of every option."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from sdcompile.errors import InputError

from dudley_dashboard.address import Pin
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.members import Run, members_of, run_all, why
from dudley_dashboard.names import (
    YOUR_PLAN,
    contract_text,
    decides_nothing,
    described,
    in_world_of,
    levers_moved,
    portfolio_text,
)
from dudley_dashboard.page import Key, PinKey, Query
from dudley_dashboard.series import ABSOLUTE, WAYS
from dudley_dashboard.settings_for_browser import base_title
from dudley_sd.indicators import COMPARED, JUDGED
from dudley_sd.inputs.years import REVIEW_POINTS
from dudley_sd.request import CONTRACT, PORTFOLIO, PROJECTION, Request
from dudley_sd.results.band import MEDIAN, statistics_of
from dudley_sd.results.do_nothing import DO_NOTHING as NOTHING_WORDS
from dudley_sd.results.invariants import BrokenInvariantError
from dudley_sd.results.regret import regret_table, worst_regret
from dudley_sd.settings.portfolios import NO_PORTFOLIO

MOST = 12
"""Runs that a table and a picture can show and a reader can tell apart."""

LETTERS = "ABCDEFGHIJKL"
DO_NOTHING, THIS_PLAN, REFERENCE_CASE = "do_nothing", "plan", "reference_case"
NOTHING_TITLE = NOTHING_WORDS.capitalize()
ALL_YEARS = "all"
REVIEWS = (*(str(year) for year in REVIEW_POINTS), ALL_YEARS)
DECIDED = ("portfolio", "contract")
COLUMNS = ["footprint", "portfolio", "contract", "scenario", "year", "indicator", "unit"]


@dataclass(frozen=True)
class CompareQuery(Query):
    """What an address asks of the page.

    Attributes
    ----------
    pin
        Pinned plans.
    futures, portfolios, contracts
        Ticked keys: every combination of them is compared.
    show, against
        One of `WAYS`, and the key of the run that differences are taken from.
    indicator, review, judge
        Indicator of the line chart; review point of the table, or `ALL_YEARS`; indicator of the regret table.
    """

    pin: tuple[Pin, ...]
    futures: tuple[str, ...]
    portfolios: tuple[str, ...]
    contracts: tuple[str, ...]
    show: str
    against: str
    indicator: str
    review: str
    judge: str

    @classmethod
    def keys(cls, request: Request) -> tuple[Key, ...]:
        """Return the keys of the page: by default all futures with portfolio and contract of the plan."""
        known = catalogue()
        portfolio = PORTFOLIO if request.portfolio == NO_PORTFOLIO else request.portfolio
        return (
            PinKey("pin", "pinned plan", None, ()),
            Key("futures", "future", known.scenarios, tuple(known.futures)),
            Key("portfolios", "portfolio", known.portfolios, (portfolio,)),
            Key("contracts", "contract", known.contracts, (request.contract,)),
            Key("show", "way to show numbers", WAYS, ABSOLUTE),
            Key("against", "run", None, DO_NOTHING),
            Key("indicator", "indicator", COMPARED, "gp_gap"),
            Key("review", "review point", REVIEWS, REVIEWS[2]),
            Key("judge", "indicator to judge by", JUDGED, "system_balance"),
        )

    @property
    def years(self) -> tuple[int, ...]:
        """Review points that are shown."""
        return REVIEW_POINTS if self.review == ALL_YEARS else (int(self.review),)


@dataclass(frozen=True)
class Label:
    """A request to compare, and what it is called.

    Attributes
    ----------
    key
        What the address calls it: ``do_nothing``, ``plan``, ``reference_case``, ``pin:Closer to home`` or
        ``state_supreme.as_evidenced.as_now``.
    title, detail
        What readers call it where it stands beside the others, and what more sets it apart from them.
    whole
        What it is called and made of where it stands by itself.
    """

    key: str
    title: str
    detail: str
    request: Request
    whole: str = ""

    @property
    def name(self) -> str:
        """Title and detail in one line."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


@dataclass(frozen=True, eq=False)
class LabelledRun(Run):
    """A run with its letter and what it is called."""

    letter: str
    label: Label


def labels_of(query: CompareQuery) -> tuple[list[Label], list[str]]:
    """Return do nothing, the plan of the address, the reference case, pinned plans, and all that was ticked.

    What was ticked has the plan's levers on the outside world, as do nothing has: it differs from the plan
    in future and decisions alone.

    Returns
    -------
    tuple
        At most `MOST` requests, none twice, and notes on what was left out.
    """
    plan = query.request
    first, nothing = plan.reference_case(), plan.do_nothing()
    title = f"Do nothing ({YOUR_PLAN.lower()})" if plan == nothing else "Do nothing"
    found = [
        Label(DO_NOTHING, title, "the reference case" if nothing == first else "", nothing),
        Label(THIS_PLAN, YOUR_PLAN, "", plan),
        Label(REFERENCE_CASE, "Reference case", "", first),
        *(Label(f"pin:{pin.name}", pin.name, "", pin.plan) for pin in query.pin),
    ]
    for keys in product(query.futures, query.portfolios, query.contracts):
        future, portfolio, contract = keys
        ticked = replace(nothing, scenarios=(future,), portfolio=portfolio, contract=contract)
        found.append(Label(".".join(keys), "", "", ticked))
    found, notes = _on_one_base(found)
    unlike: list[Label] = []
    for label in found:
        if label.key.startswith("pin:") or all(label.request != other.request for other in unlike):
            unlike.append(label)
    if len(unlike) > MOST:
        notes.append(f"{len(unlike)} were chosen; the first {MOST} are shown. Take some ticks away.")
    return _named(unlike[:MOST]), notes


def _on_one_base(labels: Sequence[Label]) -> tuple[list[Label], list[str]]:
    """Put requests of several areas that chose no projection on the one that all have, and say so."""
    areas = dict.fromkeys(each.request.footprint for each in labels if each.request.projection == PROJECTION)
    common = catalogue().common_projection(areas, PROJECTION)
    if len(areas) < 2 or common == PROJECTION:
        return list(labels), []
    moved = [
        replace(each, request=replace(each.request, projection=common))
        if each.request.projection == PROJECTION
        else each
        for each in labels
    ]
    return moved, [f"All areas are on one base: {base_title(areas, PROJECTION)}."]


def _named(labels: Sequence[Label]) -> list[Label]:
    """Call each what sets it apart from the others; a plan by its title too."""
    requests = [each.request for each in labels]
    shared, no_one_decides = _shared(requests), all(map(decides_nothing, requests))
    found = []
    for label in labels:
        request, parts = label.request, _parts(label.request)
        nothing = decides_nothing(request)
        words = [parts[key] for key in parts if key not in shared and not (nothing and key in DECIDED)]
        if nothing and not no_one_decides:
            words.append(NOTHING_WORDS)
        levers = "" if "levers" in shared or not request.settings else levers_moved(request)
        whole = described(request, requests[0])
        if label.title:
            own = [each for each in words if each not in label.title.lower()]
            detail = _sentence(", ".join(each for each in (*own, levers, label.detail) if each))
            found.append(replace(label, detail=detail, whole=f"{label.title}: {whole}"))
        else:
            title = _sentence(", ".join(words or [portfolio_text(request.portfolio)]))
            found.append(replace(label, title=title, detail=levers, whole=whole))
    return found


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def shared_text(requests: Sequence[Request]) -> str:
    """Say what requests share, of portfolio and contract all but do nothing: one or two sentences."""
    shared, parts = _shared(requests), _parts(requests[0])
    deciding = [request for request in requests if not decides_nothing(request)]
    everywhere = [parts[key] for key in ("future", "area", "projection") if key in shared]
    if "levers" in shared and requests[0].settings:
        everywhere.append(levers_moved(requests[0]))
    decided = [_parts(deciding[0])[key] for key in DECIDED if key in shared] if deciding else [NOTHING_WORDS]
    if len(deciding) in (0, len(requests)):
        everywhere, decided = everywhere + decided, []
    sentences = [f"All runs: {', '.join(everywhere)}."] if everywhere else []
    return " ".join([*sentences, *([f"All but do nothing: {', '.join(decided)}."] if decided else [])])


def _parts(request: Request) -> dict[str, str]:
    known = catalogue()
    return {
        "area": known.footprints[request.footprint].name,
        "future": known.scenarios[request.scenario].title,
        "portfolio": portfolio_text(request.portfolio),
        "contract": contract_text(request.contract),
        "projection": base_title([request.footprint], request.projection),
    }


def _shared(requests: Sequence[Request]) -> set[str]:
    """Names of what is alike in all requests, of portfolio and contract in all that decide something."""
    deciding = [request for request in requests if not decides_nothing(request)] or requests
    found: dict[str, set[object]] = defaultdict(set)
    for request in requests:
        for key, value in {**_parts(request), "levers": request.settings}.items():
            if key not in DECIDED or request in deciding:
                found[key].add(value)
    return {key for key, values in found.items() if len(values) == 1}


def run_labels(labels: Sequence[Label], *, medians: bool = True) -> tuple[list[LabelledRun], list[str]]:
    """Run what is compared; one that cannot be run is left out and noted."""
    found: list[LabelledRun] = []
    notes = []
    for label, run in zip(labels, run_all([each.request for each in labels], medians=medians), strict=True):
        if isinstance(run, str):
            notes.append(f"“{label.title}” cannot be run and was left out: {run}.")
        else:
            found.append(LabelledRun(run.request, run.single, run.runs, LETTERS[len(found)], label))
    return found, notes


def reference_of(runs: Sequence[LabelledRun], key: str) -> LabelledRun:
    """Return the run that differences are taken from: that of a key, or the first."""
    return next((run for run in runs if run.label.key == key), runs[0])


@dataclass(frozen=True, eq=False)
class Regrets:
    """Regret of every option in every future, by every indicator that portfolios are judged by.

    Attributes
    ----------
    year
        Review point at which options are judged.
    ends
        What ends there are, one row for each option, future and indicator: `COLUMNS`; the column
        ``portfolio`` holds the option's title, ``contract`` nothing.
    runs
        Where the members of the default ensemble end, [row of `ends`, member]; the single run first.
    yours
        Title of the option that decides what the plan of the address decides.
    notes
        What was left out, and why.
    regret, worst
        From `dudley_sd.results.regret`.
    """

    year: int
    ends: pd.DataFrame
    runs: np.ndarray
    yours: str
    notes: tuple[str, ...]
    regret: pd.DataFrame
    worst: pd.DataFrame

    @property
    def options(self) -> list[str]:
        """Titles, in the order shown."""
        return list(dict.fromkeys(self.ends["portfolio"]))

    def lost(self, option: str, scenario: str, judge: str) -> float:
        """How far an option ends behind doing nothing, above 0 where it is worse: the median over members."""
        here = (self.ends["scenario"] == scenario) & (self.ends["indicator"] == judge)
        mine, nothing = (
            self.runs[(here & (self.ends["portfolio"] == name)).to_numpy()]
            for name in (option, NOTHING_TITLE)
        )
        if not len(mine) or not len(nothing):
            return math.nan
        sign = 1 if JUDGED[judge].better == "high" else -1
        return float(statistics_of((nothing - mine).T * sign)[MEDIAN].item())

    def by(self, judge: str) -> pd.DataFrame:
        """Return options that can be judged by an indicator, the one of the smallest largest regret first."""
        worst = self.worst
        return worst[worst["indicator"] == judge].sort_values("regret", kind="stable")


def regrets(query: CompareQuery) -> Regrets:
    """Run every option in every future and see how far each is from the best at the review point."""
    options, notes = options_of(query)
    year, futures = query.years[-1], tuple(catalogue().futures)
    rows, ends = [], []
    for title, plan in options.items():
        try:
            runs = members_of(replace(plan, scenarios=(scenario,)) for scenario in futures)
        except (InputError, BrokenInvariantError) as error:
            notes.append(f"“{title}” cannot be run in every future and is not judged: {why(error)}.")
            continue
        for indicator, (scenario, members) in product(JUDGED, zip(futures, runs, strict=True)):
            values = members[indicator].sel(year=year)
            unit = values.attrs.get("units", "")
            rows.append((plan.footprint, title, "", scenario, year, indicator, unit))
            ends.append(values.to_numpy())
    yours = next(title for title, plan in options.items() if _decided(plan) == _decided(query.request))
    table, drawn = pd.DataFrame(rows, columns=COLUMNS), np.array(ends)
    regret = regret_table(table, drawn)
    return Regrets(year, table, drawn, yours, tuple(notes), regret, worst_regret(regret))


def options_of(query: CompareQuery) -> tuple[dict[str, Request], list[str]]:
    """Return what is judged, by title: doing nothing, portfolios under each ticked contract, plan and pins.

    All have the plan's levers on the outside world, so that only decisions differ.
    """
    plan, nothing = query.request, query.request.do_nothing()
    found, notes = {NOTHING_TITLE: nothing}, []

    def add(title: str, option: Request) -> None:
        """Add an option unless one with the same decisions is there."""
        if all(_decided(option) != _decided(other) for other in found.values()):
            found[title if title not in found else f"{title} (pinned)"] = option

    for portfolio, contract in product(catalogue().portfolios, query.contracts or (CONTRACT,)):
        named = len(query.contracts) > 1 or contract != CONTRACT
        title = portfolio_text(portfolio) + (f", {contract_text(contract)}" if named else "")
        add(title, replace(nothing, portfolio=portfolio, contract=contract))
    add(YOUR_PLAN, plan)
    for pin in query.pin:
        if (pin.plan.footprint, pin.plan.projection) != (plan.footprint, plan.projection):
            notes.append(f"“{pin.name}” is of another area and is not judged here.")
            continue
        if pin.plan.do_nothing().settings != nothing.settings:
            notes.append(f"“{pin.name}” is judged in the outside world of your plan, not in its own.")
        add(pin.name, in_world_of(plan, pin.plan))
    return found, notes


def _decided(plan: Request) -> tuple[str, str, tuple[tuple[str, float], ...]]:
    return plan.portfolio, plan.contract, plan.settings

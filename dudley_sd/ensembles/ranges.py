"""Ranges of the numbers that an ensemble draws, and why others are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.levers import lever_address
from sdcompile.read.levers import levers as levers_of
from sdcompile.read.model import Model

from dudley_sd.settings.contracts import CONTRACT_LEVERS
from dudley_sd.settings.futures import Uncertainty
from dudley_sd.settings.portfolios import DECISION_LEVERS, INTERVENTION_LEVERS

POLICIES = (
    "medical school intake multiplier",
    "intake change date",
    "GP training places multiplier",
    "places change date",
    "extra GP recruits",
    "campaign start date",
    "pay relative to elsewhere",
)
"""Constants that somebody decides on though no portfolio or contract does."""

SWITCHES = ("scenario change", "feedback into population", "growth counted once")
"""Switches that are not called so."""

TESTS = ("staff present at start",)
"""Constants that are there for tests of extremes."""

FLOWS = "acts through the solved reference flows, which an ensemble does not solve again"
TABLES = "acts through the tables that the model reads, which an ensemble does not prepare again"
SWITCH = "a switch, not a measurement"
DECISION = "decided on by portfolio, contract or policy, not drawn"
TEST = "there for tests of extremes"
SHARE = "no lever of the model: one of shares that add up to one, or a constant without limits"
SCENARIO = "set by the scenarios; name it with 'also' to draw it"
USER = "set by the user"


@dataclass(frozen=True)
class Range:
    """A number that is drawn: id of its row, name in the model, range and unit."""

    id: str
    name: str
    low: float
    central: float
    high: float
    unit: str


@dataclass(frozen=True)
class LeftOut:
    """A number with a range that is not drawn, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True)
class Ranges:
    """What is drawn and what is not.

    Attributes
    ----------
    candidates
        All numbers that an ensemble could draw. Each has a column of chances whether it is drawn or not, so
        that fixing one leaves the draws of the others as they are.
    columns
        Place among the candidates of each number that is drawn.
    left_out
        Numbers with a range that keep their value.
    """

    candidates: tuple[Range, ...]
    columns: tuple[int, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def drawn(self) -> tuple[Range, ...]:
        """The numbers that are drawn, in the order of the table."""
        return tuple(self.candidates[column] for column in self.columns)


def find_ranges(
    table: pd.DataFrame,
    model: Model,
    uncertainties: Mapping[str, Uncertainty],
    levers: Iterable[str] = (),
    also: Sequence[str] = (),
) -> Ranges:
    """Sort the rows of the parameter table into drawn and left out.

    Parameters
    ----------
    table
        Rows as `dudley_sd.inputs.parameters.read_parameters` checks them.
    model
        The model file.
    uncertainties
        What the levels of the six uncertainties set.
    levers
        What the user sets: fixed for all members.
    also
        Constants of the scenarios to draw all the same.

    Raises
    ------
    InputError
        If a name in ``also`` is not one that scenarios set; all at once.
    """
    world = {
        same_name(name)
        for each in uncertainties.values()
        for level in each.levels.values()
        for name in level.sets
    }
    wanted = {same_name(name) for name in also}
    fixed = {same_name(text) for text in levers}
    wholes = {same_name(_lever(text)) for text in levers if "[" not in text}
    candidates: list[Range] = []
    columns: list[int] = []
    left_out: list[LeftOut] = []
    settable = {same_name(name) for name in levers_of(model)}
    for row in table[table["low"] < table["high"]].to_dict("records"):
        identity, name = str(row["id"]), str(row["model_name"])
        plain, lever = same_name(name), same_name(_lever(name))
        reason = _never(str(row["acts_through"]), lever, settable)
        if not reason:
            low, central, high = (float(row[key]) for key in ("low", "central", "high"))
            candidates.append(Range(identity, name, low, central, high, str(row["unit"])))
            if plain in fixed or lever in wholes:
                reason = USER
            elif lever in world and plain not in wanted:
                reason = SCENARIO
        if reason:
            left_out.append(LeftOut(identity, name, reason))
        else:
            columns.append(len(candidates) - 1)
    _refuse_other(also, [each.name for each in candidates if same_name(each.name) in world])
    return Ranges(tuple(candidates), tuple(columns), tuple(left_out))


def _never(acts_through: str, lever: str, settable: set[str]) -> str:
    """Why a number is never drawn; nothing if it may be."""
    if acts_through != "model":
        return FLOWS if acts_through == "reference flows" else TABLES
    if lever.endswith("switch") or lever in {same_name(name) for name in SWITCHES}:
        return SWITCH
    if lever in _DECIDED:
        return DECISION
    if lever in TESTS:
        return TEST
    return "" if lever in settable else SHARE


def _refuse_other(also: Sequence[str], allowed: list[str]) -> None:
    known = {same_name(name) for name in allowed}
    faults = []
    for name in also:
        if same_name(name) not in known:
            remedy = did_you_mean(nearest(name, allowed), f"Choose among: {', '.join(allowed)}")
            faults.append(Fault("also", repr(name), "is not a constant that scenarios set", remedy))
    if faults:
        raise InputError(faults)


def _lever(name: str) -> str:
    """Lever that an address means; one that means nothing is left to the check of levers."""
    try:
        return lever_address(name)[0]
    except InputError:
        return name


_DECIDED = frozenset(
    same_name(name) for name in (*INTERVENTION_LEVERS, *DECISION_LEVERS, *CONTRACT_LEVERS, *POLICIES)
)

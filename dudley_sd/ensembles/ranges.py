"""Ranges of the numbers that an ensemble draws, and why others are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.levers import lever_address
from sdcompile.read.levers import levers as levers_of
from sdcompile.read.model import Model

from dudley_sd.settings.contracts import CONTRACT_LEVERS
from dudley_sd.settings.futures import Uncertainty
from dudley_sd.settings.portfolios import DECISION_LEVERS, INTERVENTION_LEVERS

CARRYING = (
    "same day ceiling",
    "growth of A and E demand",
    "share of growth that lasts",
    "time for growth to fade",
    "growth of overnight need",
    "opening fall of stay",
    "share of bed shortfall opened",
    "boarded per extra death",
    "priority of usual care",
    "ring fence",
    "elasticity of quits to load",
    "elasticity of quits to pay",
    "elasticity of work to pay",
    "give way",
    "strength of cost control",
    "growth passed to pay",
    "fixed effort of a hub",
    "change capacity",
    "usual effort",
    "effort without money",
    "most gaming",
    "most under provision",
    "formal share of care",
    "elasticity of taking up care to strain",
    "elasticity of giving up care to strain",
)
"""Constants that carry the results, 26 with quits to pay of both professions: they are drawn. The rest of the
table stays at its central value unless asked for."""

EVIDENCE = ("evidence factor", "evidence draw")
"""How far the effect of all interventions, and of each, lies from what is expected, in standard deviations:
drawn as well, and normal."""

RECIPROCAL = ("boarded per extra death",)
"""Constants of which the reciprocal is drawn: deaths for each who waits, not who wait for each death."""

SUPPLY = "external supply of staff in 2033"
"""Constant that is solved for each future, so that doing nothing leaves as many posts empty as it says."""

EVERYTHING = "everything"
"""In the place of a name in ``also``: every number with a range, those apart that scenarios set."""

POLICIES = (
    "medical school intake multiplier",
    "intake change date",
    "GP training places multiplier",
    "places change date",
    "GP joining multiplier",
    "joining change date",
    "training places factor",
    "pay relative to elsewhere",
    "pay change date",
    "block share",
    "date of the rule for beds",
)
"""Constants that somebody decides on though no portfolio or contract does."""

SWITCHES = ("scenario change", "feedback into population", "holder chooses")
"""Switches that are not called so."""

TESTS = (
    "demand multiplier",
    "beds multiplier",
    "date on which beds change",
    "time for beds to change",
    "stay multiplier",
    "delay multiplier",
    "fertility multiplier",
    "working age link",
    "effort chosen",
    "under provision chosen",
    "gaming chosen",
    "selection chosen",
)
"""Constants that are there for tests: of extremes, of behaviour, of a holder that chooses."""

REFERENCE = (
    "prevalence_level",
    "fertility_level",
    "mortality_level",
    "age_shift",
    "death_gradient",
    "relative_risk_of_death_LongTerm",
    "relative_risk_of_death_Complex",
)
"""Rows of the table that act through the reference and are drawn with it: each member has one of the
references that were solved with other values of these, see `dudley_sd.ensembles.references`."""

FLOWS = "acts through the solved reference flows, and has its central value in all that are solved"
TABLES = "acts through the tables that the model reads, which an ensemble does not prepare again"
SWITCH = "a switch, not a measurement"
DECISION = "decided on by portfolio, contract or policy, not drawn"
TEST = "there for tests"
SHARE = "no lever of the model: one of shares that add up to one, or a constant without limits"
SCENARIO = "set by the scenarios; name it with 'also' to draw it"
SOLVED = "solved for each member, so that doing nothing ends with as many posts empty as in the central run"
USER = "set by the user"
FROZEN = (
    "kept at its central value: not among the numbers that carry the results; name it with 'also' to draw it"
)


@dataclass(frozen=True)
class Range:
    """A number that is drawn: id of its row, name in the model, range and unit, and how chances are spread.

    Attributes
    ----------
    shape
        ``normal``: with mean 0 and standard deviation 1, whatever the range; ``reciprocal``: the reciprocal
        is spread over the range as other numbers are; empty: see `dudley_sd.ensembles.sampling.values`.
    """

    id: str
    name: str
    low: float
    central: float
    high: float
    unit: str
    shape: Literal["", "normal", "reciprocal"] = ""


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
    undecided
        The same, if the user set nothing and no portfolio or contract decided on anything.
    left_out
        Numbers with a range that keep their value.
    """

    candidates: tuple[Range, ...]
    columns: tuple[int, ...]
    undecided: tuple[int, ...]
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
    decided: Iterable[str] = (),
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
        Constants to draw that are not drawn by themselves: of the scenarios, and those kept at their central
        value, by name or element; `EVERYTHING` for all of these.
    decided
        What portfolio and contract set.

    Raises
    ------
    InputError
        If a name in ``also`` is none of them; all at once.
    """
    world = {
        same_name(name)
        for each in uncertainties.values()
        for level in each.levels.values()
        for name in level.sets
    } | {same_name(SUPPLY)}
    wanted = {same_name(name) for name in also}
    fixed = {same_name(text) for text in levers}
    wholes = {same_name(_lever(text)) for text in levers if "[" not in text}
    chosen = {same_name(_lever(text)) for text in decided}
    candidates: list[Range] = []
    columns: list[int] = []
    undecided: list[int] = []
    left_out: list[LeftOut] = []
    settable = {same_name(name) for name in levers_of(model)}
    for row in table[table["low"] < table["high"]].to_dict("records"):
        identity, name = str(row["id"]), str(row["model_name"])
        if identity in REFERENCE:
            continue
        plain, lever = same_name(name), same_name(_lever(name))
        reason = _never(str(row["acts_through"]), lever, settable)
        if not reason:
            low, central, high = (float(row[key]) for key in ("low", "central", "high"))
            candidates.append(Range(identity, name, low, central, high, str(row["unit"]), _shape(lever)))
            asked = plain in wanted or lever in wanted
            if lever in world and not asked:
                reason = SOLVED if lever == same_name(SUPPLY) else SCENARIO
            elif lever not in _DRAWN and lever not in world and not asked and EVERYTHING not in wanted:
                reason = FROZEN
            if not reason:
                undecided.append(len(candidates) - 1)
            if plain in fixed or lever in wholes:
                reason = USER
            elif lever in chosen:
                reason = DECISION
        if reason:
            left_out.append(LeftOut(identity, name, reason))
        else:
            columns.append(len(candidates) - 1)
    _refuse_other(also, [each.name for each in candidates])
    return Ranges(tuple(candidates), tuple(columns), tuple(undecided), tuple(left_out))


def _shape(lever: str) -> Literal["", "normal", "reciprocal"]:
    if lever in {same_name(name) for name in EVIDENCE}:
        return "normal"
    return "reciprocal" if lever in {same_name(name) for name in RECIPROCAL} else ""


def _never(acts_through: str, lever: str, settable: set[str]) -> str:
    """Why a number is never drawn; nothing if it may be."""
    if acts_through != "model":
        return FLOWS if acts_through == "reference flows" else TABLES
    if lever.endswith("switch") or lever in {same_name(name) for name in SWITCHES}:
        return SWITCH
    if lever in _DECIDED - _DRAWN:
        return DECISION
    if lever in {same_name(name) for name in TESTS}:
        return TEST
    return "" if lever in settable else SHARE


def _refuse_other(also: Sequence[str], allowed: Sequence[str]) -> None:
    known = {same_name(text) for name in allowed for text in (name, _lever(name))} | {EVERYTHING}
    faults = []
    for name in also:
        if same_name(name) not in known:
            remedy = did_you_mean(nearest(name, allowed), f"Name a number with a range, or {EVERYTHING}")
            faults.append(Fault("also", repr(name), "is no number that an ensemble can draw", remedy))
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

_DRAWN = frozenset(same_name(name) for name in (*CARRYING, *EVIDENCE))

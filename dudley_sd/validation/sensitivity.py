"""Sensitivity test: every number set to its low and its high end, one at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sdcompile import compile
from sdcompile.names import same_name
from sdcompile.read.levers import levers as model_levers
from sdcompile.run.compiled import Compiled

from dudley_sd.folders import MODEL_FILE, inputs_folder
from dudley_sd.indicators import Indicator, Selection
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.parameters import DECISION_NOTES, SWITCH_NOTES, parameter_table
from dudley_sd.settings.futures import read_uncertainties
from dudley_sd.validation.bench import PORTFOLIO, Bench
from dudley_sd.validation.outcome import SENSITIVITY, Outcome, figure_text, reported

SCENARIO = "official_future"
SHARES_OF_A_WHOLE = (
    "share of GPs in 2014",
    "stage share",
    "stage of joiners",
    "registered share",
    "weight of a domain",
    "share of locality",
)
DECISIONS = ("coverage", "start date", "transformation money")
"""Left out: what the portfolio decides, and shares that add up to one and cannot move alone."""

BED_DAYS = "beds_needed"
ENDS = ("low", "high")


INDICATORS = Selection("sensitivity")
"""Headline numbers of 2033, all in Official Future with the portfolio."""


def unit_of(row: Indicator) -> str:
    """Return the unit of an indicator as outcomes write it: ``share`` as per cent, ``millions`` as pounds."""
    return {"%": "share", "£m": "millions", "WTE": "WTE"}.get(row.unit, "")


@dataclass(frozen=True)
class Sensitivity:
    """What each number does to each indicator.

    Attributes
    ----------
    base
        The indicators with every number at its central value, index = title.
    moves
        Index = number as in the model; columns (title, end): the indicator at the low and the high end less
        the base; rows in the order of `reach`.
    reach
        Largest share that a number has of the widest move of any indicator, largest first.
    rows
        Low, central, high, status and unit of each number, and whether it belongs to the outside ``world``.
    relief
        For each run, how many beds fewer are needed with the portfolio than without.
    runs
        How many runs were made.
    """

    base: pd.Series
    moves: pd.DataFrame
    reach: pd.Series
    rows: pd.DataFrame
    relief: pd.DataFrame
    runs: int


def sensitivity(bench: Bench) -> Sensitivity:
    """Run the model at the low and high end of every number that acts through it."""
    rows = candidates()
    settings = bench.settings(SCENARIO, PORTFOLIO)
    names = [*settings, *(name for name in rows.index if name.partition("[")[0] not in settings)]
    outputs = list(dict.fromkeys(bench.model.variables[row.variable].name for row in INDICATORS.values()))
    model = compile(bench.folder.path / MODEL_FILE, levers=names, outputs=outputs, side_by_side=True)
    live, without = (
        _indicators(model, ends_array(model, base_values(model, bench, each), rows[["low", "high"]]))
        for each in (settings, bench.settings(SCENARIO, "none"))
    )
    base = pd.Series(live[:, 0], index=[each.title for each in INDICATORS.values()])
    ends = live[:, 1:].reshape(len(INDICATORS), len(rows), 2) - live[:, :1, None]
    columns = pd.MultiIndex.from_product([base.index, ENDS])
    moves = pd.DataFrame(ends.transpose(1, 0, 2).reshape(len(rows), -1), index=rows.index, columns=columns)
    fewer = (without - live)[list(INDICATORS).index(BED_DAYS), 1:]
    relief = pd.DataFrame(fewer.reshape(len(rows), 2), index=rows.index, columns=list(ENDS))
    reach = reach_of(moves)
    order = reach.index
    runs = live.shape[1] + without.shape[1]
    return Sensitivity(base, moves.loc[order], reach, rows.loc[order], relief.loc[order], runs)


def candidates() -> pd.DataFrame:
    """Numbers that act through the model and have a range, switches and decisions left out; index = name."""
    table = parameter_table(inputs_folder())
    rows = table[(table["acts_through"] == "model") & (table["low"] < table["high"])]
    plain = rows["model_name"].str.partition("[")[0]
    keep = ~rows["note"].str.startswith((*SWITCH_NOTES, *DECISION_NOTES))
    keep &= ~plain.isin([*SHARES_OF_A_WHOLE, *DECISIONS])
    rows = rows[keep].set_index("model_name")
    world = {_plain(name) for each in read_uncertainties(inputs_folder()).values()
             for level in each.levels.values() for name in level.sets}  # fmt: skip
    rows["world"] = [_plain(str(name)) in world for name in rows.index]
    return rows[["low", "central", "high", "unit", "status", "source", "world"]]


def base_values(model: Compiled, bench: Bench, settings: dict[str, float | np.ndarray]) -> np.ndarray:
    """Value of each compiled lever under the settings; the model's own where they leave it."""
    known = model_levers(bench.model)
    values = dict(zip(map(_plain, model.levers), model.defaults, strict=True))
    for name, value in settings.items():
        elements = known[name].elements
        if elements:
            for element, part in zip(elements, np.ravel(value), strict=True):
                values[_plain(f"{name}[{element}]")] = float(part)
        else:
            values[_plain(name)] = float(value)
    return np.array([values[_plain(label)] for label in model.levers])


def ends_array(model: Compiled, base: np.ndarray, ends: pd.DataFrame) -> np.ndarray:
    """Lever values [run, lever]: the base, then the low and the high end of each number in turn."""
    places = {_plain(label): place for place, label in enumerate(model.levers)}
    runs = np.repeat(base[None, :], 1 + 2 * len(ends), axis=0)
    for row, (name, low, high) in enumerate(ends.itertuples()):
        runs[1 + 2 * row, places[_plain(str(name))]] = low
        runs[2 + 2 * row, places[_plain(str(name))]] = high
    return runs


def reach_of(moves: pd.DataFrame) -> pd.Series:
    """Largest share that each row has of the widest move of any column group, largest first."""
    widest = moves.abs().T.groupby(level=0).max().T
    scale = widest.max().where(widest.max() > 0, 1.0)
    return (widest / scale).max(axis=1).sort_values(ascending=False, kind="stable")


def _indicators(model: Compiled, runs: np.ndarray) -> np.ndarray:
    """Return the indicators in the last year, [indicator, run]."""
    raw = model.run_array(runs)[-1]
    places = {same_name(series.name): series for series in model.outputs}
    values = []
    for each in INDICATORS.values():
        series = places[same_name(each.variable)]
        element = series.labels[0].index(each.element) if each.element else 0
        values.append(raw[series.place + element])
    return np.array(values)


def _plain(name: str) -> str:
    """Spell a lever's address in one way, whatever its case and blanks."""
    return same_name(name.replace(", ", ","))


TOP = 15


def sensitivity_outcomes(found: Sensitivity) -> list[Outcome]:
    """Name the number that moves each indicator most, and what the top numbers and policy rest on."""
    outcomes = [_most(found, indicator) for indicator in INDICATORS.values()]
    top = found.rows.loc[found.reach.index[:TOP], "status"]
    assumed = int((top == "assumption").sum())
    outcomes.append(
        reported(
            SENSITIVITY,
            "sensitivity_rests_on",
            f"The {TOP} numbers that matter most, by how they are known",
            f"{assumed} of {TOP} are assumptions",
            "; ".join(f"{count} {status}" for status, count in top.value_counts().items()),
        )
    )
    still = found.relief > 0
    against = still.index[~still.all(axis=1)]
    outcomes.append(
        reported(
            SENSITIVITY,
            "sensitivity_policy",
            "Numbers at whose low or high end the portfolio would no longer lower the need for beds by 2033",
            f"{len(against)} of {len(still)}",
            "; ".join(number_text(str(name)) for name in against)
            or f"The smallest fall is {found.relief.min().min():,.1f} beds, at "
            f"an end of {number_text(str(found.relief.min(axis=1).idxmin()))}",
        )
    )
    return outcomes


def ends_text(indicator: Indicator, base: float, low: float, high: float) -> str:
    """Return an indicator at the low and the high end of a number: ``2 to 22 WTE``."""
    lower, upper = (value_text(indicator, value) for value in sorted((base + low, base + high)))
    unit = f" {unit_of(indicator)}"
    return f"{lower.removesuffix(unit)} to {upper}"


def value_text(indicator: Indicator, value: float) -> str:
    """Return a value of an indicator as a reader sees it."""
    if unit_of(indicator) in ("share", "millions"):
        return figure_text(value, unit_of(indicator), 1 if unit_of(indicator) == "share" else 0)
    return f"{figure_text(value, 'number', 0)} {unit_of(indicator)}".strip()


def _most(found: Sensitivity, indicator: Indicator) -> Outcome:
    moves = found.moves[indicator.title]
    name = str(moves.abs().T.max().idxmax())
    row, base = found.rows.loc[name], float(found.base[indicator.title])
    ends = ends_text(indicator, base, float(moves.loc[name, "low"]), float(moves.loc[name, "high"]))
    return reported(
        SENSITIVITY,
        f"sensitivity_{indicator.variable}_{indicator.element}".rstrip("_").lower(),
        f"What moves {indicator.title.lower().replace('gps', 'GPs').replace('a&e', 'A&E')} in 2033 most",
        f"{number_text(name)}: {ends} (central {value_text(indicator, base)})",
        f"{row['status']}, {_number(row['low'])} to {_number(row['high'])}"
        + (", the outside world" if row["world"] else ""),
    )


def _number(value: object) -> str:
    return f"{float(str(value)):g}".replace("-", "−")


def number_text(name: str) -> str:
    """Return ``use rate: A&E attendances`` for ``use rate[AandE]``."""
    plain, _, elements = name.removesuffix("]").partition("[")
    words = [element_text(part) for part in re.split(r"\s*,\s*", elements) if part]
    return ": ".join(part for part in (plain, ", ".join(words)) if part)


def top_table(found: Sensitivity) -> pd.DataFrame:
    """Return the numbers that matter most: status, range and indicators at both ends; index = number."""
    rows = {}
    for name in found.reach.index[:TOP]:
        row = found.rows.loc[name]
        cells = {"status": str(row["status"]), "range": f"{_number(row['low'])} to {_number(row['high'])}"}
        for indicator in INDICATORS.values():
            low, high = (float(found.moves.loc[name, (indicator.title, end)]) for end in ("low", "high"))
            base = float(found.base[indicator.title])
            same = value_text(indicator, base + low) == value_text(indicator, base + high)
            cells[indicator.title] = "–" if same else ends_text(indicator, base, low, high)
        rows[str(name)] = cells
    return pd.DataFrame.from_dict(rows, orient="index")

"""Table of indicators: every number that a tile, chart, table or file shows, read from ``indicators.toml``.

A row is an indicator, under the sheet of the workbook that it belongs to. Every list of indicators, here and
in the browser, is a filter of this table: `Selection` of a place.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import xarray as xr
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.toml_files import read_toml, validation_faults
from dudley_sd.ratio import Ratio
from dudley_sd.text import Numbered, in_words, number

FILE = "indicators.toml"
ELSEWHERE = "other"
"""Heading of indicators that have no sheet of their own in the workbook."""

ITSELF = "itself"
ECHOES = ("constant", "external", "data", "table")
"""Kinds of variables that only repeat what went in: numbers of the model file and tables that it reads."""

PEOPLE = "total_population"
PLANNED = "contacts_moved"
"""Nothing of it: no shift is planned that needs community staff, and the share that landed says nothing."""

Display = Literal[
    "compare", "uncertainty", "ensemble", "explore", "tile", "headline", "against", "departure", "service",
    "elements", "band", "since_2018", "sensitivity", "headline_of_do_nothing", "tornado",
]  # fmt: skip
"""Where an indicator can be shown: when areas and plans are compared; on the page of uncertainty beside
these; stored by an ensemble, and first in its picture; on a tile; among the headlines of a file, also of do
nothing; on its sheets against do nothing and of the departure from the projection; as a hospital service,
with what it would be if no care moved; as a table of its elements; with a band in every result, and so its
change since mid-2018; in the sensitivity analysis of the validation, with a picture."""

SUMMED: tuple[Display, ...] = ("compare", "uncertainty", "band")
"""Places that show sums of areas, and fail where a sum has not what they show."""

RUNS = {"scenario", "member", "year"}
Judged = Literal["low", "high", ""]
_FORBID = ConfigDict(extra="forbid", frozen=True)


class Chart(BaseModel):
    """A chart of the page Explore: the question it answers and what it shows.

    Attributes
    ----------
    order, first
        Place among the charts on offer; and among those that the page opens with, if it is one.
    key
        In the address; that of the indicator if empty.
    title, unit, says
        Question; what the axis counts; what the chart shows and what to look for.
    scale, decimals, better
        As of `Indicator`, where the chart has them otherwise; a chart with a scale of its own has its own
        decimals too.
    companion, labels
        Indicator of a second line, and the names of both.
    rests_on
        Constants of the model that the chart starts from; their source is shown.
    gain
        Whether it shows the plan less doing nothing in the same future.
    from_zero, zero
        Whether the axis starts at nothing; whether it holds nothing, so that a sign is seen.
    """

    model_config = _FORBID

    order: float
    first: float | None = None
    key: str = ""
    title: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    says: str = Field(min_length=1)
    scale: float = 1.0
    decimals: int = 0
    better: Judged = ""
    companion: str = ""
    labels: tuple[str, ...] = ("",)
    rests_on: tuple[str, ...] = ()
    gain: bool = False
    from_zero: bool = False
    zero: bool = False


class Indicator(Numbered):
    """One row of the table.

    Attributes
    ----------
    key, topic
        Name in files; sheet of the workbook.
    title
        Name for readers; that of the model if empty.
    address
        Variable of the model with the element of its subscript, if any: ``margin[Commissioner]``.
    better
        Which way is better, where a portfolio can be judged by it; empty where it is not a judgement.
    needs_shift
        Whether it says nothing where no shift is planned.
    need
        Element of the need for service that a hospital service grows with.
    total
        How areas add up where they do not by the unit of the variable; as in another row of the variable
        that says so, if this one does not.
    within
        What it never leaves: ``share`` is 0 to 1, ``positive`` not below nothing.
    required
        Whether pages, pictures and headlines are made of it, and refuse a result without it.
    step_scale
        On which variable's scale it may hardly move when the time step is halved: ``itself``, another, or
        a ratio of two, ``a / b``. Empty: that is not tested.
    display
        Where it is shown, with its place in the order there.
    chart
        Its chart, if it has one.
    recipe
        Whether `dudley_sd.results.derived` works it out; it is no variable of the model.
    headline, headline_unit, headline_aside
        Title among the headlines of a file, with ``{body}`` and ``{end}`` where they belong, and
        unit, where these are others; an indicator that explains it and may stand in brackets after it.
    below_in_full, says_above, says_below, below_zero
        Words of a sign in full: ``more than needed``, ``{} GPs short``, ``{} more GPs than needed``,
        ``there are more GPs than needed``.
    """

    model_config = _FORBID

    key: str = ""
    topic: str = ""
    title: str = ""
    address: str = Field("", alias="of")
    better: Judged = ""
    needs_shift: bool = False
    need: str = ""
    total: Ratio | None = None
    within: Literal["", "share", "positive"] = ""
    required: bool = False
    step_scale: str = ""
    display: dict[Display, float] = Field(default_factory=dict)
    chart: Chart | None = None
    recipe: bool = False
    headline: str = ""
    headline_unit: str = ""
    headline_aside: str = ""
    below_in_full: str = ""
    says_above: str = ""
    says_below: str = ""
    below_zero: str = ""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        chart = row.get("chart")
        if isinstance(chart, dict) and "scale" not in chart:
            own = {key: row[key] for key in ("scale", "decimals") if key in row}
            if isinstance(own.get("decimals"), int):
                own["decimals"] = max(0, own["decimals"])
            row = {**row, "chart": {**own, **chart}}
        return {"of": row.get("key", ""), **row}

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def variable(self) -> str:
        """Variable of the model that it is read from."""
        return self.address.partition("[")[0]

    @property
    def element(self) -> str:
        """Element of the variable's subscript; empty if it is all of it."""
        return self.address.partition("[")[2].rstrip("]")

    @property
    def size(self) -> bool:
        """Whether a larger area has more of it, so that a number per 1,000 people says something."""
        return self.total is None

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, to be written as a percentage."""
        return self.within == "share" or self.unit == "%"

    @property
    def axis_unit(self) -> str:
        """Unit for an axis or a box: ``per cent``, ``£ million``, ``WTE``."""
        return {"£m": "£ million", "%": "per cent"}.get(self.unit, self.unit)

    def in_full(self, value: float) -> str:
        """Write a value with the meaning of its sign: ``18 more GPs than needed``, ``£44m deficit``."""
        words = self.says_below if value < 0 else self.says_above
        return words.format(number(abs(value), self)) if words else in_words(number(value, self), self)

    @property
    def needed(self) -> tuple[str, ...]:
        """Variables that `of` takes."""
        return (self.variable, PLANNED) if self.needs_shift else (self.variable,)

    def of(self, results: xr.Dataset) -> xr.DataArray:
        """Return the indicator of a result, dims (scenario, (member,) year, ...), in the unit of the model.

        One that says nothing where no shift is planned is not a number (NaN) there.

        Raises
        ------
        InputError
            If the result lacks its variable.
        """
        if self.variable not in results:
            remedy = "Compare results with all their outputs"
            raise InputError([Fault("results", self.variable, "is not in the result", remedy)])
        array = results[self.variable]
        if self.element:
            dim = next(dim for dim in array.dims if self.element in array[dim].to_numpy())
            array = array.sel({dim: self.element}, drop=True)
        if self.needs_shift:
            array = array.where(results[PLANNED] > 0)
        return array.transpose("scenario", ..., "year") if set(array.dims) <= RUNS else array


class Selection(Mapping[str, Indicator]):
    """Indicators that one place shows, by key and in its order; read when first needed."""

    def __init__(self, *places: Display, judged: bool = False) -> None:
        self._places, self._judged = places, judged

    @functools.cached_property
    def _found(self) -> dict[str, Indicator]:
        return {
            row.key: row
            for place in self._places
            for row in _ordered(place)
            if row.better or not self._judged
        }

    def __getitem__(self, key: str) -> Indicator:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables of the model that they are read from."""
        return tuple(dict.fromkeys(name for row in self.values() for name in row.needed))


def _ordered(place: Display) -> list[Indicator]:
    rows = [row for row in indicators().values() if place in row.display]
    return sorted(rows, key=lambda row: row.display[place])


COMPARED = Selection("compare")
"""What areas, futures and plans are compared by."""

JUDGED = Selection("compare", judged=True)
"""Those of them that portfolios and contracts are judged by."""

ANSWERED = Selection("compare", "uncertainty")
"""What the page of uncertainty answers for."""


@functools.cache
def indicators() -> dict[str, Indicator]:
    """Read the table of this installation, by key."""
    return read_indicators(inputs_folder() / FILE)


def read_indicators(path: Path) -> dict[str, Indicator]:
    """Read the table, by key, in the order of the file.

    Raises
    ------
    InputError
        All faults at once: a key that is unknown, missing or wrong, an indicator twice, a second line of a
        chart that is no indicator.
    """
    found: dict[str, Indicator] = {}
    seen: set[str] = set()
    faults: list[Fault] = []
    for topic, rows in read_toml(path).items():
        if not isinstance(rows, dict):
            remedy = "Write it under the heading of a sheet: [GPs]"
            faults.append(Fault(str(path), topic, "stands under no heading", remedy))
            continue
        for key, row in rows.items():
            if key in seen:
                faults.append(Fault(str(path), f"{topic}.{key}", "is there twice", "Take one of them out"))
            seen.add(key)
            content = {**row, "key": key, "topic": topic} if isinstance(row, dict) else row
            try:
                found[key] = Indicator.model_validate(content)
            except ValidationError as error:
                faults += [
                    Fault(fault.file, f"{topic}.{key}.{fault.where}", fault.problem, fault.remedy)
                    for fault in validation_faults(path, error)
                ]
    faults += [
        unknown_name(path, f"{row.key}.chart.companion", row.chart.companion, found)
        for row in found.values()
        if row.chart and row.chart.companion and row.chart.companion not in found
    ]
    if faults:
        raise InputError(faults)
    totals = _totals(path, found.values())
    return {key: row.model_copy(update={"total": totals.get(row.variable)}) for key, row in found.items()}


def _totals(path: Path, rows: Iterable[Indicator]) -> dict[str, Ratio]:
    """Ratios by variable; each row of a variable has the same.

    Raises
    ------
    InputError
        Rows of one variable with different ratios.
    """
    totals: dict[str, Ratio] = {}
    faults = []
    for row in rows:
        if row.total is not None:
            ratio = row.total.of_all_elements(row.element)
            if totals.setdefault(row.variable, ratio) != ratio:
                problem = f"another row gives {row.variable} another total"
                remedy = "Take one of them out: all rows of a variable have one"
                faults.append(Fault(str(path), f"{row.key}.total", problem, remedy))
    if faults:
        raise InputError(faults)
    return totals


def unknown_name(path: Path, place: str, name: str, known: Iterable[str]) -> Fault:
    """Fault of a name that is not known, with a near one."""
    near = nearest(name, list(known))
    remedy = did_you_mean(near, "Take a name of the model file in snake case")
    return Fault(str(path), place, f"{name!r} is not known", remedy)


def topics() -> dict[str, list[str]]:
    """Keys of the indicators on each sheet of the workbook, in the order of the file."""
    found: dict[str, list[str]] = {}
    for row in indicators().values():
        if row.topic != ELSEWHERE:
            found.setdefault(row.topic, []).append(row.key)
    return found


def is_share(name: str) -> bool:
    """Whether a variable is a part of a whole, to be written as a percentage."""
    row = indicators().get(name)
    return row is not None and row.is_share


def ingredients(keys: Iterable[str]) -> tuple[str, ...]:
    """Variables that the ratios among keys are made of, but for keys themselves."""
    keys = tuple(keys)
    found = [name for key in keys if key in ratios() for name in ratios()[key].variables]
    return tuple(name for name in dict.fromkeys(found) if name not in keys)


@functools.cache
def ratios() -> dict[str, Ratio]:
    """Ratios of the model that a total of areas works out again from the sums, by variable."""
    return {row.variable: row.total for row in indicators().values() if row.total is not None}


def required() -> tuple[str, ...]:
    """Variables that pages, pictures and headlines are made of."""
    return tuple(row.key for row in indicators().values() if row.required)


def within(limits: str) -> tuple[str, ...]:
    """Variables that never leave the limits named."""
    return tuple(row.key for row in indicators().values() if row.within == limits)


def charts() -> list[Indicator]:
    """Return the indicators with a chart, in the order in which charts are offered."""
    rows = [(row.chart.order, row) for row in indicators().values() if row.chart]
    return [row for _, row in sorted(rows, key=lambda each: each[0])]

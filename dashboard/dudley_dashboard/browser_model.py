"""The model as the browser runs it: one module for an area, and what its levers and outputs are.

The browser forms the values of all levers as `dudley_sd.settings.overlay` does: the area's own values, then
what scenario, portfolio and contract set, then what the user set. Each layer is given to it as places and
values, worked out here by the same code that a run uses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, levers
from sdcompile.read.model import Model, read_model
from sdcompile.run.compile import compile
from sdcompile.run.compiled import Compiled
from sdcompile.run.outputs import model_path, output_keys

from dudley_dashboard.catalogue import catalogue
from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import PLANNED, Indicator, Selection, charts, indicators, ratios
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.scaling import Scaling
from dudley_sd.ratio import adds_up
from dudley_sd.request import PROJECTION, Request
from dudley_sd.runs.model_folder import ModelFolder, prepared_area
from dudley_sd.runs.run import make_run
from dudley_sd.settings.contracts import contract_settings
from dudley_sd.settings.futures import scenario_settings
from dudley_sd.settings.portfolios import portfolio_settings
from dudley_sd.settings.sizes import sized_model

KEPT = 32
"""Areas kept in memory, each with a projection of its people; there are a dozen areas."""


@dataclass(frozen=True)
class BrowserModel:
    """One area's model, compiled with every lever and with the outputs that the charts show.

    Attributes
    ----------
    footprint, name
        Of the area.
    compiled
        What `module` is written from: levers and outputs, in the order of the browser.
    model
        The model file with the sizes of the area: its defaults and limits are what a reader sees.
    folder
        Model folder of the area.
    """

    footprint: str
    name: str
    compiled: Compiled
    model: Model
    folder: ModelFolder

    @property
    def extrapolated(self) -> int | None:
        """First year beyond the projection, or None."""
        return min(self.folder.area.extrapolated, default=None)

    @property
    def scaling(self) -> Scaling | None:
        """How the sizes of the area follow from those of the model file; None: they are its own."""
        return self.folder.area.scaling

    @cached_property
    def module(self) -> str:
        """Return the ES module: ``run(levers) -> Float64Array``."""
        return self.compiled.javascript()

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of every lever, by address as the model writes it, in what ``run`` takes."""
        return {name.replace(", ", ","): place for place, name in enumerate(self.compiled.levers)}

    @cached_property
    def levers(self) -> Mapping[str, Lever]:
        """Levers by name, with the limits and defaults of the area."""
        return levers(self.model)

    @cached_property
    def defaults(self) -> list[float]:
        """Value of every lever where nobody sets any."""
        return self._row({name: lever.default for name, lever in self.levers.items()})

    @cached_property
    def layers(self) -> dict[str, dict[str, list[tuple[int, float]]]]:
        """Places and values that each scenario, portfolio and contract sets, by kind and key."""
        known, inputs = catalogue(), inputs_folder()
        settings = {
            "scenario": {key: scenario_settings(each, inputs) for key, each in known.scenarios.items()},
            "portfolio": {key: portfolio_settings(each) for key, each in known.portfolios.items()},
            "contract": {key: contract_settings(each) for key, each in known.contracts.items()},
        }
        return {
            kind: {key: self._layer(each) for key, each in layer.items()} for kind, layer in settings.items()
        }

    def row(self, request: Request) -> list[float]:
        """Value of every lever for a request, as every run of it has them.

        Raises
        ------
        InputError
            Levers that are not there, out of limits or set twice.
        """
        run = make_run(replace(request, footprints=(self.footprint,)), self.folder)
        settings = run.settings[request.scenario]
        return self._row({name: settings.get(name, lever.default) for name, lever in self.levers.items()})

    def described(self) -> dict[str, Any]:
        """Return what the browser must know of levers, layers and outputs."""
        return {
            "years": [round(float(time)) for time in self.compiled.times],
            "extrapolated": self.extrapolated,
            "series": sum(series.size for series in self.compiled.outputs),
            "outputs": {
                key: {
                    "place": series.place,
                    "labels": list(series.labels[0]) if series.labels else [],
                    "rule": rule_of(key, self.model.variables[key].units),
                }
                for key, series in zip(browser_outputs(), self._ordered_outputs(), strict=True)
            },
            "levers": list(self.places),
            "defaults": self.defaults,
            "limits": {
                lever.name: [lever.low, lever.high, lever.step, lever.units] for lever in self.levers.values()
            },
            "layers": self.layers,
        }

    def _ordered_outputs(self) -> list[Any]:
        """Return the outputs of the compiled model in the order of `browser_outputs`."""
        named = {series.name: series for series in self.compiled.outputs}
        return [
            named[self.model.variables[key].name] for key in output_keys(self.model, list(browser_outputs()))
        ]

    def _row(self, values: Mapping[str, float | np.ndarray]) -> list[float]:
        row = [np.nan] * len(self.places)
        for name, value in values.items():
            for address, number in _addresses(self.levers[name], value):
                row[self.places[address]] = number
        return row

    def _layer(self, settings: Mapping[str, float]) -> list[tuple[int, float]]:
        known = {same_name(name): lever for name, lever in self.levers.items()}
        found = []
        for text, value in settings.items():
            name, element = lever_address(text)
            lever = known[same_name(name)]
            addresses = (
                [f"{lever.name}[{element}]"] if element else [each for each, _ in _addresses(lever, value)]
            )
            found += [(self.places[address], float(value)) for address in addresses]
        return found


@lru_cache(maxsize=KEPT)
def browser_model(footprint: str, projection: str = PROJECTION) -> BrowserModel:
    """Make the model of an area ready; about two seconds the first time, then kept in the cache.

    Raises
    ------
    InputError
        If it is a total of areas, whose parts are run one by one; if there is no such projection of it.
    """
    area = catalogue().footprints[footprint]
    if not isinstance(area, Footprint):
        problem = "is a total of areas and does not run in one piece"
        raise InputError([Fault("footprint", footprint, problem, "Run its parts")])
    common = catalogue().common_projection([footprint], projection)
    folder = prepared_area(area, common)
    path = model_path(folder.path)
    model = read_model(path)
    names = sorted(levers(model))
    outputs = [model.variables[key].name for key in output_keys(model, list(browser_outputs()))]
    compiled = compile(path, levers=names, outputs=outputs, engine="numpy")
    return BrowserModel(footprint, area.name, compiled, sized_model(model, folder.area.scaling), folder)


def models_of(footprint: str, projection: str = PROJECTION) -> list[BrowserModel]:
    """Models of an area, or of the parts of a total, on the projection that all of them have."""
    common = catalogue().common_projection([footprint], projection)
    return [browser_model(part.id, common) for part in catalogue().parts(footprint)]


def content_hash(text: str) -> str:
    """Return the part of an address that changes with what is served there."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:20]


def as_text(content: Mapping[str, Any]) -> str:
    """Write for the browser; numbers read back the same."""
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def _addresses(lever: Lever, value: float | np.ndarray) -> list[tuple[str, float]]:
    """Address and number of every element of a lever, or of the lever itself."""
    if not lever.elements:
        return [(lever.name, float(value))]
    numbers = np.broadcast_to(np.asarray(value, dtype=float).ravel(), (len(lever.elements),))
    return [
        (f"{lever.name}[{element}]", float(number))
        for element, number in zip(lever.elements, numbers, strict=True)
    ]


Rule = Literal["sum", "same"] | dict[str, Any]
"""Sum of the parts; theirs where it is the same in all; a ratio of sums, `dudley_sd.ratio.Ratio`."""


def rule_of(key: str, units: str) -> Rule:
    """Return how the total of an output follows from the parts."""
    if adds_up(units):
        return "sum"
    ratio = ratios().get(key)
    return ratio.model_dump(exclude={"times"}) if ratio is not None and ratio.plain else "same"


TILES = Selection("tile")


def lines(row: Indicator) -> list[Indicator]:
    """Return the indicators of the lines of a chart, one or two."""
    assert row.chart is not None
    return [row, indicators()[row.chart.companion]] if row.chart.companion else [row]


def chart_key(row: Indicator) -> str:
    """Return the key of an indicator's chart, as an address has it."""
    return row.key if row.chart is None or not row.chart.key else row.chart.key


def opening_charts() -> tuple[str, ...]:
    """Keys of the charts that the page opens with."""
    first = [
        (row.chart.first, chart_key(row)) for row in charts() if row.chart and row.chart.first is not None
    ]
    return tuple(key for _, key in sorted(first))


def charts_for_browser() -> list[dict[str, Any]]:
    """Return the charts as the browser takes them: numbers are multiplied with ``scale``."""
    return [
        {
            **row.chart.model_dump(exclude={"order", "first", "companion", "labels"}),
            "key": chart_key(row),
            "lines": [
                {"label": label, "output": line.variable, "element": line.element}
                for label, line in zip(row.chart.labels, lines(row), strict=True)
            ],
            "scale": 1 / row.chart.scale,
            "better": row.chart.better or row.better,
            "needs_shift": row.needs_shift,
            "zero": row.chart.zero or row.chart.gain or (row.chart.better or row.better) == "high",
        }
        for row in charts()
        if row.chart is not None
    ]


@cache
def browser_outputs() -> tuple[str, ...]:
    """Variables of charts and tiles, and those that a total works their shares out from.

    More outputs make the module larger.
    """
    found = [line.variable for row in charts() for line in lines(row)]
    found += [*(row.variable for row in TILES.values()), PLANNED]
    made_of = [name for key in found if key in ratios() for name in ratios()[key].variables]
    return tuple(dict.fromkeys([*found, *made_of]))

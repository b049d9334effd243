"""HTTP interface of the browser: the model, what it holds, plan files, and runs where it cannot run it."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

import numpy as np
import xarray as xr
from flask import Flask, Response, abort, request
from sdcompile.errors import InputError

from dudley_dashboard.address import read_view
from dudley_dashboard.browser_model import (
    TILES,
    as_text,
    browser_model,
    browser_outputs,
    chart_key,
    content_hash,
    models_of,
)
from dudley_dashboard.browser_model import lines as lines_of
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.jobs import UNEXPECTED
from dudley_dashboard.names import plan_text
from dudley_dashboard.runs import areas_of, ready, with_bands
from dudley_dashboard.server.files import BROKEN, fault_text
from dudley_dashboard.settings_for_browser import caveats, projections, settings_for_browser
from dudley_sd import simulation
from dudley_sd.indicators import COMPARED, Indicator, charts
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.request import PROJECTION, Request
from dudley_sd.results.band import DIFFERENCE, HIGH, LOW, MEDIAN, band_of, members_of
from dudley_sd.results.derived import BALANCE
from dudley_sd.results.invariants import BrokenInvariantError
from dudley_sd.saved_plan import LARGEST as LARGEST_FILE
from dudley_sd.saved_plan import parse_plan

FOREVER = "public, max-age=31536000, immutable"
LARGEST = 16_000
"""Bytes of a request to run that are read: the longest address and room to spare."""

MOST = 3
MOST_FAULTS = 20


@lru_cache(maxsize=64)
def served(footprint: str, kind: str, projection: str = PROJECTION) -> tuple[str, str]:
    """Text and hash of what is served of an area: ``mjs``, the module; ``json``, what it holds.

    Raises
    ------
    InputError
        If the module of a total is asked for: its parts have one each.
    """
    if kind == "mjs":
        text = browser_model(footprint, projection).module
    else:
        text = as_text(described(footprint, projection))
    return text, content_hash(text)


def described(footprint: str, projection: str = PROJECTION) -> dict[str, Any]:
    """Return what the browser must know of an area; of a total also what parts it is run in."""
    models = models_of(footprint, projection)
    content = (
        models[0].described() | settings_for_browser(*models) | {"caveats": caveats(footprint, projection)}
    )
    content["choices"] |= {"projection": projections(footprint)}
    common = catalogue().common_projection([footprint], projection)
    if isinstance(catalogue().footprints[footprint], Footprint):
        return content
    beyond = [model.extrapolated for model in models if model.extrapolated is not None]
    parts = [
        {
            "module": f"{part.id}/{served(part.id, 'mjs', common)[1]}.mjs{_query(common)}",
            "defaults": model.defaults,
        }
        for part, model in zip(catalogue().parts(footprint), models, strict=True)
    ]
    return content | {"extrapolated": min(beyond, default=None), "parts": parts}


def addresses(footprint: str, prefix: str, projection: str = PROJECTION) -> dict[str, str]:
    """Where the browser finds module and description of an area; a total names its modules itself."""
    kinds = ["json"] + (["mjs"] if isinstance(catalogue().footprints[footprint], Footprint) else [])
    return {
        kind: f"{prefix}model/{footprint}/{served(footprint, kind, projection)[1]}.{kind}{_query(projection)}"
        for kind in kinds
    }


def _query(projection: str) -> str:
    return "" if projection == PROJECTION else f"?projection={projection}"


def add_routes(server: Flask, prefix: str) -> None:
    """Serve models and runs below the prefix."""

    def chosen(footprint: str) -> str:
        projection = request.args.get("projection", PROJECTION)
        known = catalogue()
        there = footprint in known.footprints and projection in known.choices("projection")
        if not there or not known.holds(footprint, projection):
            abort(404)
        return projection

    @server.get(f"{prefix}model/<footprint>/<version>.<kind>")
    @_input_faults_as_400
    def model(footprint: str, version: str, kind: str) -> Response:
        projection = chosen(footprint)
        if kind not in addresses(footprint, prefix, projection):
            abort(404)
        text, current = served(footprint, kind, projection)
        if version != current:
            abort(404)
        kinds = {"mjs": "text/javascript", "json": "application/json"}
        return Response(text, mimetype=kinds[kind], headers={"Cache-Control": FOREVER})

    @server.get(f"{prefix}model/<footprint>")
    @_input_faults_as_400
    def where(footprint: str) -> Response:
        return _json(addresses(footprint, prefix, chosen(footprint)))

    @_input_faults_as_400
    def read_plan() -> Response:
        searches = _searches(1)
        if isinstance(searches, Response):
            return searches
        view = read_view(searches[0])
        at = addresses(view.request.footprint, prefix, view.request.projection)
        return _json(
            {
                "plan": view.request.json(),
                "words": plan_text(view.request),
                "notes": view.notes,
                "model": at,
            }
        )

    server.add_url_rule(f"{prefix}api/plan", "dudley_sd_read_plan", read_plan, methods=["POST"])
    server.post(f"{prefix}api/run")(run_plans)
    server.post(f"{prefix}api/bands")(describe_bands)


def _input_faults_as_400(answer: Callable[..., Response]) -> Callable[..., Response]:
    """Answer 400 with what is wrong where a plan or the files of an area are at fault."""

    @wraps(answer)
    def answered(*given: Any, **named: Any) -> Response:
        try:
            return answer(*given, **named)
        except InputError as error:
            return _json({"error": fault_text(error)}, 400)
        except BrokenInvariantError:
            return _json({"error": BROKEN}, 400)

    return answered


@_input_faults_as_400
def run_plans() -> Response:
    """Answer a request to run one to three plans, given by their addresses."""
    searches = _searches(MOST)
    if isinstance(searches, Response):
        return searches
    views = [read_view(search) for search in searches]
    notes = dict.fromkeys(note for view in views for note in view.notes)
    return _json({"runs": [numbers(view.request) for view in views], "notes": list(notes)})


def address_of(content: bytes, name: str) -> tuple[str, list[str]]:
    """Return the address that shows what a plan file asks for, and what of it cannot be shown.

    Parameters
    ----------
    content, name
        Of the file, from anywhere.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    found = parse_plan(content, name).request
    notes = []
    for what, listed in (("scenario", found.scenarios), ("area", found.footprints)):
        if len(listed) > 1:
            notes.append(f"The file names {len(listed)} {what}s; the first, {listed[0]}, is shown.")
    view = read_view(found.address())
    return view.request.address(), [*notes, *view.notes]


def add_plan_files(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>plan-file`` with the address of the plan file that is sent, or with its faults."""

    def opened() -> Response:
        content = request.stream.read(LARGEST_FILE + 1)
        try:
            address, notes = address_of(content, "plan file")
        except InputError as error:
            faults = [f"{fault.where or 'The file'}: {fault.sentences}" for fault in error.faults]
            return _json({"faults": faults[:MOST_FAULTS]})
        return _json({"address": address, "notes": notes})

    server.add_url_rule(f"{prefix}plan-file", "dudley_sd_plan_file", opened, methods=["POST"])


def numbers(request: Request) -> list[float | None]:
    """Run a request: what the module returns in the browser, in the same order.

    For a total of areas each output is that of the total; what cannot be told of a sum is None.
    """
    model = models_of(request.footprint, request.projection)[0].described()
    areas = areas_of(request.footprints, request.projection)
    results = simulation.run(request, browser_outputs(), areas=areas)[request.footprint]
    found = np.full((len(model["years"]), model["series"]), np.nan)
    for key, output in model["outputs"].items():
        if key in results:
            values = results[key].isel(scenario=0).to_numpy().reshape(len(found), -1)
            found[:, output["place"] : output["place"] + values.shape[1]] = values
    return [float(value) if math.isfinite(value) else None for value in found.ravel()]


def _searches(most: int) -> list[str] | Response:
    """Addresses that a request holds, or why it is refused."""
    if (request.content_length or LARGEST + 1) > LARGEST:
        return _json({"error": "The plan is too long."}, 413)
    content = request.get_json(silent=True)
    searches = content.get("searches") if isinstance(content, dict) else None
    if not isinstance(searches, list) or not 1 <= len(searches) <= most:
        words = {1: "one plan", MOST: "one to three plans"}[most]
        return _json({"error": f"Send the address of {words}: {{searches: [...]}}."}, 400)
    if not all(isinstance(search, str) for search in searches):
        return _json({"error": "An address is text."}, 400)
    return searches


AGAIN = 1
"""Seconds after which a browser asks again for what is being compiled."""

GAIN = "gain"
"""Key of the line of charts that show the plan less do nothing."""

_log = logging.getLogger(__name__)


def describe_bands() -> Response:
    """Answer with the bands of the plan of an address.

    The answer has a ``kind``: ``done``, with what `spread` returns;
    ``failed``, with ``words``; or ``working``, while the area is compiled: whoever asks asks again after
    `AGAIN` seconds, so that no thread of the server waits for a compiler.
    """
    searches = _searches(1)
    if isinstance(searches, Response):
        return searches
    if not _ready(searches[0]):
        return _json({"kind": "working"}, 202, {"Retry-After": str(AGAIN)})
    return _json(look(searches[0]))


def _ready(search: str) -> bool:
    """Whether the bands of an address can be worked out, or it be said what is wrong with it."""
    try:
        return ready(read_view(search).request)
    except Exception:  # noqa: BLE001 - `look` says what it is
        return True


def look(search: str) -> dict[str, Any]:
    """Return the bands of the plan of an address, or say why there are none."""
    try:
        return {"kind": "done", **spread(*with_bands(read_view(search).request))}
    except (InputError, BrokenInvariantError) as error:
        return {
            "kind": "failed",
            "words": fault_text(error) if isinstance(error, InputError) else str(error),
        }
    except Exception as error:  # noqa: BLE001 - whatever it is: who waits must be told
        _log.exception("How far the runs of a plan spread could not be told")
        return {"kind": "failed", "words": UNEXPECTED.format(type(error).__name__)}


def spread(run: xr.Dataset, nothing: xr.Dataset) -> dict[str, Any]:
    """Return median, low and high end of 8 in 10 runs: for each tile in the last year, for each line by year.

    Parameters
    ----------
    run, nothing
        From `dudley_dashboard.runs.with_bands`.

    Returns
    -------
    dict
        ``members``; ``tiles``: ``run`` and ``difference`` (from do nothing), each ``[median, low, high]`` in
        the unit of the model, None where they say nothing; ``break_even``, the year of the median run, None
        where it is not by the last; ``lines``, by variable and element: ``median, low, high`` and
        ``nothing``, the median of do nothing, a number for each year.
    """
    tiles = {
        name: {
            "run": _at_end(run, row),
            "difference": _at_end(run, row, DIFFERENCE),
        }
        for name, row in ((chart_key(row), row) for row in TILES.values())
    }
    lines = {line.address: _by_year(run, nothing, line) for row in charts() for line in lines_of(row)}
    gain = _series(run, COMPARED[BALANCE], DIFFERENCE)
    if gain is not None:
        lines[GAIN] = gain
    year = band_of(run, "break_even_year")
    broken_even = math.nan if year is None else float(year.sel(statistic=MEDIAN).item())
    return {
        "members": members_of(run),
        "tiles": tiles,
        "break_even": None if math.isnan(broken_even) else int(broken_even),
        "lines": {key: each for key, each in lines.items() if each is not None},
    }


def _by_year(run: xr.Dataset, nothing: xr.Dataset, line: Indicator) -> dict[str, list[float | None]] | None:
    """Return the band of a line of a chart; None where it has none."""
    found, other = _series(run, line), _series(nothing, line)
    return None if found is None or other is None else found | {"nothing": other["median"]}


def _series(results: xr.Dataset, row: Indicator, suffix: str = "") -> dict[str, list[float | None]] | None:
    band = band_of(results, row.key + suffix)
    if band is None and row.element:
        band = band_of(results, row.variable + suffix)
        dims = () if band is None else [dim for dim in band.dims if row.element in band[dim].to_numpy()]
        band = None if band is None or not dims else band.sel({dims[0]: row.element})
    if band is None or (here := band.isel(scenario=0)).dims != ("statistic", "year"):
        return None
    return {
        name: _numbers(here.sel(statistic=label).to_numpy())
        for name, label in (("median", MEDIAN), ("low", LOW), ("high", HIGH))
    }


def _at_end(results: xr.Dataset, row: Indicator, suffix: str = "") -> list[float | None] | None:
    found = _series(results, row, suffix)
    return None if found is None else [found[name][-1] for name in ("median", "low", "high")]


def _numbers(values: np.ndarray) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _json(
    content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    told = {"Cache-Control": "no-store", **(headers or {})}
    return Response(as_text(content), status, mimetype="application/json", headers=told)

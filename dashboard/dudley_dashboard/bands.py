"""Median and 8 in 10 runs of what Explore shows: the default ensemble of a plan, as in every file."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from flask import Flask, Response, request
from sdcompile.errors import InputError

from dudley_dashboard.address import read_view
from dudley_dashboard.browser_model import as_text
from dudley_dashboard.charts import TILES, chart_key
from dudley_dashboard.charts import lines as lines_of
from dudley_dashboard.jobs import UNEXPECTED
from dudley_dashboard.runs import ready, with_bands
from dudley_dashboard.server.faults import fault_text
from dudley_sd.indicators import COMPARED, Indicator, charts
from dudley_sd.results.band import DIFFERENCE, HIGH, LOW, MEDIAN, band_of, members_of
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.derived import BALANCE

LARGEST = 16_000
"""Bytes of a request that are read."""

AGAIN = 1
"""Seconds after which a browser asks again for what is being compiled."""

GAIN = "gain"
"""Key of the line of charts that show the plan less do nothing."""

_log = logging.getLogger(__name__)


def add_bands(server: Flask, prefix: str) -> None:
    """Answer below the prefix."""
    server.post(f"{prefix}api/bands")(describe_bands)


def describe_bands() -> Response:
    """Answer with the bands of the plan of an address.

    The request holds ``search``, an address. The answer has a ``kind``: ``done``, with what `spread` returns;
    ``failed``, with ``words``; or ``working``, while the area is compiled: whoever asks asks again after
    `AGAIN` seconds, so that no thread of the server waits for a compiler.
    """
    if (request.content_length or LARGEST + 1) > LARGEST:
        return _json({"kind": "failed"}, 413)
    content = request.get_json(silent=True)
    search = content.get("search") if isinstance(content, dict) else None
    if not isinstance(search, str):
        return _json({"kind": "failed"}, 400)
    if not _ready(search):
        return _json({"kind": "working"}, 202, {"Retry-After": str(AGAIN)})
    return _json(look(search))


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

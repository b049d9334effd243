"""What the browser fetches beside pages: the model itself, what it holds, and runs where it cannot run it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Response, abort, request

from dashboard.browser_model import as_text, browser_model, content_hash
from dashboard.catalogue import catalogue
from dashboard.caveats import caveats
from dashboard.outputs import OUTPUTS
from dashboard.runs import run
from dashboard.told import told
from dashboard.view import read_view
from dudley_sd.errors import InputError
from dudley_sd.inputs.footprints import Footprint

FOREVER = "public, max-age=31536000, immutable"
LARGEST = 16_000
"""Bytes of a request to run that are read: the longest address and room to spare."""

MOST = 3


@lru_cache(maxsize=32)
def served(footprint: str, kind: str) -> tuple[str, str]:
    """Text and hash of what is served of an area: ``mjs``, the module; ``json``, what it holds.

    Raises
    ------
    InputError
        If the module of a total is asked for.
    """
    area = catalogue().footprints[footprint]
    runs_here = footprint if isinstance(area, Footprint) else area.parts[0]
    model = browser_model(runs_here)
    text = model.module if kind == "mjs" else as_text(model.described() | told(model.levers) | {"caveats": caveats(footprint)})
    return text, content_hash(text)


def addresses(footprint: str, prefix: str) -> dict[str, str]:
    """Where the browser finds module and description of an area; a total has no module."""
    kinds = ["json"] + (["mjs"] if isinstance(catalogue().footprints[footprint], Footprint) else [])
    return {kind: f"{prefix}model/{footprint}/{served(footprint, kind)[1]}.{kind}" for kind in kinds}


def add_routes(server: Flask, prefix: str) -> None:
    """Serve models and runs below the prefix."""

    @server.get(f"{prefix}model/<footprint>/<version>.<kind>")
    def model(footprint: str, version: str, kind: str) -> Response:
        if footprint not in catalogue().footprints or kind not in addresses(footprint, prefix):
            abort(404)
        text, current = served(footprint, kind)
        if version != current:
            abort(404)
        kinds = {"mjs": "text/javascript", "json": "application/json"}
        return Response(text, mimetype=kinds[kind], headers={"Cache-Control": FOREVER})

    @server.get(f"{prefix}model/<footprint>")
    def where(footprint: str) -> Response:
        if footprint not in catalogue().footprints:
            abort(404)
        return _json(addresses(footprint, prefix))

    server.post(f"{prefix}api/run")(run_plans)


def run_plans() -> Response:
    """Answer a request to run one to three plans, given by their addresses."""
    if (request.content_length or LARGEST + 1) > LARGEST:
        return _json({"error": "The plan is too long."}, 413)
    content = request.get_json(silent=True)
    searches = content.get("searches") if isinstance(content, dict) else None
    if not isinstance(searches, list) or not 1 <= len(searches) <= MOST:
        return _json({"error": "Send the address of one to three plans: {searches: [...]}."}, 400)
    if not all(isinstance(search, str) for search in searches):
        return _json({"error": "An address is text."}, 400)
    try:
        return _json({"runs": [numbers(search) for search in searches]})
    except InputError as error:
        return _json({"error": str(error)}, 400)


def numbers(search: str) -> list[float | None]:
    """Run the plan of an address: what the module returns in the browser, in the same order.

    For a total of areas each output is that of the total; what cannot be told of a sum is None.
    """
    plan = read_view(search).plan
    area = catalogue().footprints[plan.footprint]
    if isinstance(area, Footprint):
        return [value if math.isfinite(value) else None for value in browser_model(plan.footprint).run(plan)]
    results = run(plan).isel(scenario=0)
    model = browser_model(area.parts[0])
    described = model.described()
    width, years = described["series"], len(described["years"])
    rows: list[list[float | None]] = [[None] * width for _ in range(years)]
    for key in OUTPUTS:
        if key not in results:
            continue
        place = described["outputs"][key]["place"]
        for row, values in zip(rows, results[key].to_numpy().reshape(years, -1), strict=True):
            row[place : place + len(values)] = [float(v) if math.isfinite(v) else None for v in values]
    return [value for row in rows for value in row]


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(
        as_text(content), status, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )

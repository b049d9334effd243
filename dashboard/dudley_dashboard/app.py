"""Dash app: pages, the address that decides what they show, routes, and whether the model answers."""

from __future__ import annotations

import hashlib
import json
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, html
from dash.development.base_component import Component
from flask import Flask, Response, abort, current_app, request

from dudley_dashboard.address import opened_note, read_view
from dudley_dashboard.api import add_plan_files, add_routes, addresses
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import add_downloads
from dudley_dashboard.page import Page, set_root, shell
from dudley_dashboard.pages import PAGES
from dudley_dashboard.runs import run
from dudley_dashboard.server.access import STORE, add_access
from dudley_dashboard.server.files import log_fault, report_fault
from dudley_dashboard.server.security import add_security
from dudley_sd.request import FOOTPRINT, PROJECTION, Request

INDEX = """<!DOCTYPE html>
<html lang="en-GB">
    <head>
        {%metas%}
        <title>{%title%}</title>
        <script src="__PREFIX__assets/first/colours.js"></script>
        __EARLY__
        {%favicon%}
        {%css%}
    </head>
    <body>
        <noscript>The dashboard needs JavaScript. The command dudley-sd run does without.</noscript>
        {%app_entry%}
        <div>
            {%config%}
            {%scripts%}
            {%renderer%}
        </div>
    </body>
</html>
"""
"""The page that Dash fills: says its language, and chooses light or dark before anything is painted."""


class _Dashboard(Dash):
    """Dash, started by our own module; the model of the first page is fetched with the first script."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        prefix = str(self.config.requests_pathname_prefix)
        parts["renderer"] = preload_links(prefix) + main_script(prefix)
        page = str(super().interpolate_index(**parts))  # type: ignore[no-untyped-call]
        return page.replace("__EARLY__", _early(prefix))

    def index(self, *parts: Any, **named: Any) -> Any:
        """Return the page with status 404 where its address is none of ours: the page says so, too."""
        text = super().index(*parts, **named)  # type: ignore[no-untyped-call]
        return text if request.path in page_paths(str(self.config.routes_pathname_prefix)) else (text, 404)


def _early(prefix: str) -> str:
    """Links that make the browser fetch what Explore needs before anything asks for it."""
    footprint = request.args.get("footprint", FOOTPRINT)
    usual = request.args.get("projection", PROJECTION) == PROJECTION
    if request.path != prefix or footprint not in catalogue().footprints or not usual:
        return ""
    links = {"json": '<link rel="preload" as="fetch" crossorigin', "mjs": '<link rel="modulepreload"'}
    return "\n        ".join(
        f'{links[kind]} href="{address}">' for kind, address in addresses(footprint, prefix).items()
    )


def page_paths(prefix: str) -> dict[str, Page]:
    """Return every page by the path at which it is served below a prefix."""
    return {prefix.rstrip("/") + page.path: page for page in PAGES}


def create_app(prefix: str = "/") -> Dash:
    """Make the dashboard.

    Parameters
    ----------
    prefix
        Path below which it is served, with a slash at both ends: ``/dudley/``.
    """
    app: Dash = _Dashboard(
        __name__,
        requests_pathname_prefix=prefix,
        routes_pathname_prefix=prefix,
        title="Dudley's health and care system, 2018-2033",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        assets_ignore="colours",
        on_error=report_fault,
        index_string=INDEX.replace("__PREFIX__", prefix),
    )
    set_root(app.server, prefix)
    app.layout = lambda: shell(PAGES, prefix)
    app.clientside_callback(
        ClientsideFunction("dudley", "route"),
        Output("route", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    by_path = page_paths(prefix)

    @app.callback(
        Output("page", "children"),
        Output("notes", "children"),
        Input("route", "data"),
        prevent_initial_call=True,
    )
    def show(route: dict[str, str]) -> tuple[Component, list[Component]]:
        view = read_view(str(route.get("search") or ""))
        path = str(route.get("path") or "")
        page = by_path.get(path, PAGES[0])
        notes = (*opened_note(view), *view.notes)
        if path not in by_path:
            notes = ("There is no such page here; this is the first one.", *notes)
        return page.layout(view), [html.P(note) for note in notes]

    for page in PAGES:
        page.register(app)
    add_security(app)
    add_health(app.server, prefix)
    for add in (add_scripts, add_routes, add_downloads, add_plan_files):
        add(app.server, prefix)
    add_access(app.server, prefix, "plans")
    return app


class _Readiness:
    """Asks the model once, beside the requests: the first run of a machine compiles, for many seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.state: dict[str, str] = {"status": "starting"}

    def ask(self) -> dict[str, str]:
        """Return what is known; the first to ask sets the model going, and who asks after a failure again."""
        with self._lock:
            idle = self._thread is None or not self._thread.is_alive()
            if self.state["status"] != "ok" and idle:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        return self.state

    def _run(self) -> None:
        try:
            manifest = json.loads(run(Request()).attrs["manifest"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is that it does not work
            log_fault(error, "The model does not answer")
            current = f"{type(error).__name__}; see the log of the server"
            self.state = {"status": "failing", "problem": current}
        else:
            self.state = {"status": "ok", "model_sha256": manifest["model_sha256"]}


def add_health(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>health``: 200 once the model answers, 503 before that."""
    readiness = _Readiness()

    def health() -> Response:
        state = readiness.ask()
        store = current_app.config.get(STORE)
        saved = "off" if store is None else "ok" if store.answers() else "unreachable"
        content = {**state, "version": version("dudley-sd"), "saved_plans": saved}
        status = 200 if state["status"] == "ok" else 503
        response = Response(json.dumps(content), status, mimetype="application/json")
        if status != 200:
            response.headers["Retry-After"] = "5"
        return response

    server.add_url_rule(f"{prefix}health", "dudley_sd_health", health)


FOLDER = Path(__file__).parent / "js"
MAIN = "main.js"
KEEP = "public, max-age=31536000, immutable"


@cache
def modules() -> dict[str, str]:
    """Text of every module by its path below ``js``; `MAIN` first."""
    paths = sorted(FOLDER.rglob("*.js"), key=lambda path: (path.name != MAIN, path))
    return {path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def folder(prefix: str) -> str:
    """Return the address that all modules are below, as imports between them are relative."""
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in modules().items()).encode("utf-8"))
    return f"{prefix}js/{digest.hexdigest()[:20]}/"


def preload_links(prefix: str) -> str:
    """Links that make the browser fetch all modules at once, not one by one as they are imported."""
    return "\n".join(f'<link rel="modulepreload" href="{folder(prefix)}{name}">' for name in modules())


def main_script(prefix: str) -> str:
    """Return the script that starts Dash once all modules are there: no callback runs before its function.

    Dash looks for the name of its own script of this purpose.
    """
    return f'<script type="module" id="_dash-renderer" src="{folder(prefix)}{MAIN}"></script>'


def add_scripts(server: Flask, prefix: str) -> None:
    """Serve the modules."""

    @server.get(f"{folder(prefix)}<path:name>")
    def module(name: str) -> Response:
        if name not in modules():
            abort(404)
        return Response(modules()[name], mimetype="text/javascript", headers={"Cache-Control": KEEP})

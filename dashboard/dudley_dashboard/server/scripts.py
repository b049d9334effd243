"""ES modules of the dashboard: served under an address that changes with what is in them, loaded at once."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort

FOLDER = Path(__file__).parents[1] / "js"
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

"""Where is the dashboard that answers this request? A process may hold several, each below its own prefix."""

from __future__ import annotations

from flask import Flask, current_app, has_app_context

PREFIX = "DUDLEY_SD_ROOT"
"""Key of the app's configuration under which its prefix is."""


def set_root(server: Flask, prefix: str) -> None:
    """Keep the prefix of an app."""
    server.config[PREFIX] = prefix


def root() -> str:
    """Path of the first page, with a slash at both ends; ``/`` outside of a request."""
    return str(current_app.config.get(PREFIX, "/")) if has_app_context() else "/"

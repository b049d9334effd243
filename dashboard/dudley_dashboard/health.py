"""Does the model answer? What a supervisor or a load balancer asks before it sends readers here."""

from __future__ import annotations

import json
import threading
from importlib.metadata import version

from flask import Flask, Response, current_app

STORE = "DUDLEY_SD_STORE"
"""Key of the app's configuration under which the store of saved plans is, where there is one."""


class _Readiness:
    """Asks the model once, beside the requests: the first run of a machine compiles, for many seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.told: dict[str, str] = {"status": "starting"}

    def ask(self) -> dict[str, str]:
        """Return what is known; the first to ask sets the model going, and who asks after a failure again."""
        with self._lock:
            idle = self._thread is None or not self._thread.is_alive()
            if self.told["status"] != "ok" and idle:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        return self.told

    def _run(self) -> None:
        from dudley_dashboard.plan import Plan
        from dudley_dashboard.runs import run

        try:
            manifest = json.loads(run(Plan()).attrs["manifest"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is that it does not work
            current = f"{type(error).__name__}; see the log of the server"
            self.told = {"status": "failing", "problem": current}
        else:
            self.told = {"status": "ok", "model_sha256": manifest["model_sha256"]}


def add_health(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>health``: 200 once the model answers, 503 before that."""
    readiness = _Readiness()

    def health() -> Response:
        told = readiness.ask()
        store = current_app.config.get(STORE)
        saved = "off" if store is None else "ok" if store.answers() else "unreachable"
        content = {**told, "version": version("dudley-sd"), "saved_plans": saved}
        status = 200 if told["status"] == "ok" else 503
        response = Response(json.dumps(content), status, mimetype="application/json")
        if status != 200:
            response.headers["Retry-After"] = "5"
        return response

    server.add_url_rule(f"{prefix}health", "dudley_sd_health", health)

"""A dashboard in a process of its own, in which no area is prepared yet."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SERVE = """
from waitress import create_server
from dudley_dashboard.app import create_app
server = create_server(create_app("/dudley/").server, host="127.0.0.1", port=0, threads=4)
print(server.effective_port, flush=True)
server.run()
"""
PATIENCE = 120
"""Seconds in which an area is prepared on a machine that others share."""


@contextmanager
def fresh_dashboard() -> Iterator[str]:
    """Serve it until the test is done; gives its address."""
    process = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/dudley"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def fetched(client: FlaskClient, address: str) -> TestResponse:
    """Ask for a file as the page does: again, as long as the answer is to come back."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = client.get(address)
        if answer.status_code != 503 or time.monotonic() > end:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))

"""Settings of gunicorn: ``gunicorn -c python:dudley_dashboard.gunicorn_settings ...``.

A request takes a thread from its first letter to its last: whoever sends slowly holds one. A proxy that takes
requests whole before it hands them on (``docs/dashboard.md``) has to stand in front.
"""

import os
from typing import Any

bind = "127.0.0.1:8050"
workers = min(4, os.cpu_count() or 1)
worker_class = "gthread"
threads = 8  # most of a request is work of the processor; the others answer health and small files meanwhile
timeout = (
    120  # seconds without a sign of life after which a process is replaced; threads may be busy meanwhile
)
graceful_timeout = 30
keepalive = 2  # seconds; the proxy keeps the connections of browsers, not we
worker_connections = 1000
limit_request_line = 8190  # the longest address; gunicorn's usual 4094 would cut plans with many levers
control_socket_disable = True  # of gunicorn 25.1 on: nothing uses it, and it is a file in the home folder


def post_worker_init(worker: Any) -> None:
    """Make the model ready in each process before readers come; gunicorn calls it once the app is there."""
    from dudley_dashboard.serve import warm  # not in the process that only starts the others

    warm(worker.wsgi)

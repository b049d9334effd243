"""Settings of gunicorn for the dashboard: ``gunicorn -c python:dashboard.gunicorn_settings ...``."""

import os
from typing import Any

bind = "127.0.0.1:8050"
workers = min(4, os.cpu_count() or 1)
worker_class = "gthread"
threads = 4
timeout = 120
limit_request_line = 8190  # the longest address; gunicorn's usual 4094 would cut plans with many levers


def post_worker_init(worker: Any) -> None:
    """Make the model ready in each process before readers come; gunicorn calls it once the app is there."""
    from dashboard.serve import warm  # not in the process that only starts the others

    warm(worker.wsgi)

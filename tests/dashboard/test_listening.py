"""Does a newcomer get in while many keep their connections, and is too large a body refused on its way?"""

from __future__ import annotations

import http.client
import os
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from dudley_dashboard.server import serve
from dudley_dashboard.server.security import LARGEST_REQUEST
from dudley_dashboard.server.serve import CONNECTIONS, IDLE_SECONDS, OTHER_FILES, connections, listen, room
from flask import Flask, request

CONNECTIONS_OF_A_BROWSER = 6
WAITRESS_USUALLY = 100
SOON = 2.0


@contextmanager
def served(**more: Any) -> Iterator[int]:
    """Serve a small app, which says how much it was sent, with the dashboard's limits; gives the port."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.add_url_rule("/", view_func=lambda: str(len(request.get_data())), methods=["GET", "POST"])
    server = listen(app, "127.0.0.1", 0, **more)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        server._map.clear()
        thread.join(5)


def connected(port: int) -> socket.socket:
    """A connection that has asked once and is kept."""
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = b""
    while not answer.endswith(b"\r\n\r\n0"):
        answer += made.recv(4000)
    assert b"200 OK" in answer
    return made


def test_every_limit_is_named_and_room_for_a_hundred_browsers_is_there():
    server = listen(Flask(__name__), "127.0.0.1", 0)
    limits = server.adj
    server.close()
    server.task_dispatcher.shutdown()
    assert limits.connection_limit == CONNECTIONS > 120 * CONNECTIONS_OF_A_BROWSER
    assert (limits.channel_timeout, limits.cleanup_interval) == (IDLE_SECONDS, 5)
    assert limits.asyncore_use_poll  # select ends at descriptor 1,024
    assert limits.max_request_body_size == LARGEST_REQUEST < limits.inbuf_overflow
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == resource.RLIM_INFINITY or soft >= CONNECTIONS + OTHER_FILES


def test_a_newcomer_is_served_while_more_connections_are_idle_than_waitress_usually_takes():
    with served() as port, ExitStack() as idle:
        for _ in range(WAITRESS_USUALLY + 30):
            idle.enter_context(connected(port))
        started = time.monotonic()
        connected(port).close()
        assert time.monotonic() - started < SOON


def test_at_the_limit_a_newcomer_waits_until_idle_connections_are_closed():
    with served(connection_limit=8, channel_timeout=1, cleanup_interval=1) as port, ExitStack() as idle:
        kept = [idle.enter_context(connected(port)) for _ in range(6)]
        with closing(connected(port)):
            pass
        assert kept[0].recv(10) == b""  # the server has closed it


def test_descriptors_above_what_select_takes_are_served():
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    connections()
    with ExitStack() as files, served() as port:
        for _ in range(1030):
            files.callback(os.close, os.dup(0))
        connected(port).close()
    assert soft == resource.RLIM_INFINITY or soft <= resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@pytest.mark.parametrize(("files", "found"), [(10**6, CONNECTIONS), (1024, 724), (256, 128)])
def test_where_few_files_may_be_open_fewer_connections_are_taken_and_that_is_told(
    files: int, found: int, caplog: pytest.LogCaptureFixture
):
    assert room(files) == found
    assert ("ulimit" in caplog.text) == (found < CONNECTIONS)


def test_where_there_is_no_poll_select_is_not_asked_for_too_much(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(serve.select, "poll")
    assert connections() < 512


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_while_it_comes(chunked: bool, monkeypatch: pytest.MonkeyPatch):
    """Answered with 413 after half a megabyte of 200, and nothing of it is put into a file."""
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_: pytest.fail("a file was made"))
    monkeypatch.setattr("waitress.buffers.TempfileBasedBuffer.newfile", lambda _: pytest.fail("a file"))
    piece, sent = b"x" * 50_000, 0
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        head = "Transfer-Encoding: chunked" if chunked else "Content-Length: 200000000"
        client.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
        answer = b""
        client.settimeout(0.05)
        while sent < 20 * LARGEST_REQUEST:
            try:
                answer = client.recv(100)
                break
            except TimeoutError:
                pass
            except OSError:
                break
            try:
                client.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            except OSError:
                break
            sent += len(piece)
    assert answer.startswith(b"HTTP/1.1 413")
    assert sent < 2 * LARGEST_REQUEST


@pytest.mark.parametrize("size", [0, 1, 300_000, LARGEST_REQUEST - 1])
def test_a_body_within_the_limit_is_read_whole(size: int):
    with served() as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        client.request("POST", "/", b"x" * size)
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (200, str(size).encode())
        client.close()

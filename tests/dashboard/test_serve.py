"""Serving: settings and their faults, waitress and gunicorn, connections, slow senders and readers."""

from __future__ import annotations

import http.client
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from dudley_dashboard import serve
from dudley_dashboard.command import dashboard
from dudley_dashboard.serve import (
    CONNECTIONS,
    IDLE_SECONDS,
    OTHER_FILES,
    Settings,
    connections,
    listen,
    listening_faults,
    make_server_app,
    read_code,
    room,
    settings_of_environment,
)
from dudley_dashboard.server.access import ACCESS
from dudley_dashboard.server.security import LARGEST_REQUEST
from flask import Flask, request
from sdcompile.errors import InputError

from tests.dashboard.http import CODE

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("DUDLEY_SD_ACCESS")}


@contextmanager
def running(words: list[str], folder: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Start a server, and stop it."""
    process = subprocess.Popen(
        words, cwd=folder, env=ENVIRONMENT | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def answer(address: str, seconds: float = 240, **headers: str) -> tuple[int, str]:
    """Status and text of an address, asked again until something listens and the model answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(address, headers=headers), timeout=60
            ) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > deadline:
                return error.code, error.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.3)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_command_serves_below_a_prefix_and_keeps_a_long_address(tmp_path: Path):
    words = [sys.executable, "-m", "dudley_sd", "dashboard", "--port", "0", "--prefix", "dudley"]
    fonts = tmp_path / "matplotlib"
    with running([*words, "--store", "sqlite:///plans.sqlite"], tmp_path, MPLCONFIGDIR=str(fonts)) as process:
        said = [process.stdout.readline() for _ in range(2)]
        assert said[0].startswith("A model, not a forecast. Plans are saved.")
        found = re.fullmatch(r"http://localhost:(\d+)/dudley/\n", said[1])
        assert found, said
        base = f"http://127.0.0.1:{found[1]}/dudley/"
        status, text = answer(f"{base}health")
        assert status == 200
        assert '"saved_plans": "ok"' in text
        assert answer(base)[0] == 200
        assert answer(f"{base}?set={'a' * 20_000}")[0] == 200
        assert answer(base, Host="elsewhere.example")[0] == 400
    assert (tmp_path / "plans.sqlite").exists()
    assert (
        not fonts.exists()
    )  # nothing is drawn with matplotlib, so the fonts of the machine are not looked for


@pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")
def test_gunicorn_serves_with_settings_of_the_environment(tmp_path: Path):
    """The documented line, with two workers that share store and code."""
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", "-c", "python:dudley_dashboard.gunicorn_settings"]
    words += ["-w", "2", "-b", f"127.0.0.1:{port}", "dudley_dashboard.serve:application()"]
    more = {
        "DUDLEY_SD_PREFIX": "/dudley/",
        "DUDLEY_SD_STORE": "sqlite:///plans.sqlite",
        "DUDLEY_SD_ACCESS_CODE": CODE,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with running(words, tmp_path, **more):
        base = f"http://127.0.0.1:{port}/dudley/"
        status, text = answer(f"{base}health")
        assert status == 200
        assert '"saved_plans": "ok"' in text
        assert answer(f"{base}?set={'a' * 7000}")[0] == 200
        assert status_at_once(port, "Content-Length: 200000000") == 413
        assert status_at_once(port, "Transfer-Encoding: chunked") == 411


def status_at_once(port: int, head: str) -> int:
    """Status that a request is answered with of which hardly anything has been sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        request = f"POST /dudley/plan-file HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n"
        client.sendall(request.encode() + b"3e8\r\n" + b"x" * 1000)
        return int(client.recv(100).split()[1])


@pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")
def test_gunicorn_makes_the_model_ready_before_anybody_asks(tmp_path: Path):
    words = [sys.executable, "-m", "gunicorn", "-c", "python:dudley_dashboard.gunicorn_settings"]
    words += ["-w", "1", "-b", f"127.0.0.1:{free_port()}", "dudley_dashboard.serve:application()"]
    cache = tmp_path / "cache"
    more = {"DUDLEY_SD_CACHE": str(cache), "PYTHONPATH": str(Path(__file__).parents[2])}
    with running(words, tmp_path, **more) as process:
        deadline = time.monotonic() + 90
        while not list(cache.glob("models/*")) and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.2)
    assert list(cache.glob("models/*"))


@pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")
def test_gunicorn_does_not_start_where_plans_would_be_open_to_all(tmp_path: Path):
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{free_port()}",
        "dudley_dashboard.serve:application()",
    ]
    more = {"DUDLEY_SD_STORE": "sqlite:///plans.sqlite", "PYTHONPATH": str(Path(__file__).parents[2])}
    with running(words, tmp_path, **more) as process:
        told = process.communicate(timeout=60)[0]
    assert "there is no access code" in told
    assert process.returncode != 0
    assert not (tmp_path / "plans.sqlite").exists()


def test_what_keeps_it_from_being_served_is_told_at_once_and_in_words(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        wrong = [
            "--port",
            port,
            "--access-code-file",
            "nowhere.txt",
            "--store",
            "nonsense",
            "--prefix",
            "a b",
        ]
        open_to_all = ["--host", "192.0.2.1", "--port", "0", "--store", "sqlite:///x.sqlite"]
        for words, told in (
            (
                wrong,
                [
                    "4 faults found",
                    f"--port, {port}: the port is taken",
                    "nowhere.txt: cannot be read",
                    "--store: is no URL of a database",
                    "--prefix, 'a b': is no path",
                ],
            ),
            (open_to_all, ["2 faults found", "192.0.2.1: cannot listen there", "there is no access code"]),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "dudley_sd", "dashboard", *words],
                cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, check=False,
            )  # fmt: skip
            assert done.returncode == 2
            assert [each for each in told if each not in done.stderr] == []
            assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "prefix", ["a b", "/../", "/x/../y/", "http://x/", "/é/", "/a//b/", '/"/', "/a\r\nb/"]
)
def test_a_prefix_that_is_no_path_is_refused(prefix: str):
    with pytest.raises(InputError, match="--prefix"):
        make_server_app(Settings(prefix))


def test_the_code_is_read_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DUDLEY_SD_ACCESS_CODE", "DUDLEY_SD_ACCESS_CODE_FILE"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "code.txt"
    path.write_text(f"{CODE}\n", encoding="utf-8")
    assert read_code(settings_of_environment()) == ""
    monkeypatch.setenv("DUDLEY_SD_ACCESS_CODE", f" {CODE}! ")
    assert read_code(settings_of_environment()) == f"{CODE}!"
    monkeypatch.setenv("DUDLEY_SD_ACCESS_CODE_FILE", str(path))
    assert read_code(settings_of_environment()) == CODE
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="is empty"):
        read_code(settings_of_environment())


def test_the_command_takes_its_file_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[Settings] = []
    monkeypatch.setattr("dudley_dashboard.serve.serve", lambda settings, *_: asked.append(settings))
    monkeypatch.setenv("DUDLEY_SD_ACCESS_CODE", f" {CODE} ")
    monkeypatch.delenv("DUDLEY_SD_ACCESS_CODE_FILE", raising=False)
    given, other = tmp_path / "given.txt", tmp_path / "other.txt"
    given.write_text("a code that was given", encoding="utf-8")
    other.write_text("a code of the environment", encoding="utf-8")
    dashboard()
    monkeypatch.setenv("DUDLEY_SD_ACCESS_CODE_FILE", str(other))
    dashboard()
    dashboard(access_code_file=given)
    found = [read_code(settings) for settings in asked]
    assert found == [CODE, "a code of the environment", "a code that was given"]


@pytest.mark.skipif(os.name == "nt", reason="there is no /dev/fd on Windows")
def test_a_code_may_come_from_a_pipe_that_can_be_read_once():
    read, write = os.pipe()
    os.write(write, f"{CODE}\n".encode())
    os.close(write)
    server = make_server_app(Settings(code_file=Path(f"/dev/fd/{read}")))
    os.close(read)
    assert server.config[ACCESS].is_right(CODE)


def test_a_look_whether_it_can_listen_leaves_no_thread_behind():
    before = threading.active_count()
    assert listening_faults("127.0.0.1", 0) == []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert len(listening_faults("127.0.0.1", taken.getsockname()[1])) == 1
    assert threading.active_count() == before


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

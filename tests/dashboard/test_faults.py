"""Faults: of areas, told without folders; of callbacks, on the page and in the log."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dudley_dashboard import app as dashboard_app
from dudley_dashboard.api import _input_faults_as_400
from dudley_dashboard.pages.people.data import OUTTURN
from dudley_dashboard.server.files import MOST_FAULTS, UNEXPECTED, callback_fault_text
from flask import Flask
from sdcompile.errors import Fault, InputError

from dudley_sd.folders import areas_folder, inputs_folder
from tests.dashboard.fresh import SERVE
from tests.dashboard.waiting import PATIENCE, until


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (str(areas_folder() / "b.toml"), "b.toml"),
        (str(inputs_folder() / "ons" / "b.csv"), "ons"),
        ("/home/somebody/data/b.csv", "b.csv"),
        ("C:\\Users\\somebody\\b.csv", "b.csv"),
    ],
    ids=["own area", "inputs", "elsewhere", "Windows"],
)
def test_an_answer_names_the_file_but_not_its_folder(where, left):
    def fails():
        raise InputError(
            [Fault("footprint b", "population", f"{where}: the file does not exist", "Correct it")]
        )

    with Flask(__name__).app_context():
        answer = _input_faults_as_400(fails)()
    words = answer.get_json()["error"]
    assert answer.status_code == 400
    assert words.startswith("footprint b, population: ")
    assert left in words
    assert str(inputs_folder().parent) not in words
    assert "/home" not in words
    assert "Users" not in words
    assert "nothing was run" not in words


def test_addresses_and_alternatives_stay():
    fault = Fault("b.toml", "row 3", "births/deaths of 1/2, see https://www.ons.gov.uk/a/b", "Correct it")

    def fails():
        raise InputError([fault])

    with Flask(__name__).app_context():
        assert _input_faults_as_400(fails)().get_json()["error"] == str(fault)


def test_a_model_that_does_not_answer_is_in_the_log_that_health_points_to(monkeypatch, caplog):
    def fails(_request):
        raise OSError("the disk has gone")

    monkeypatch.setattr(dashboard_app, "run", fails)
    server = Flask(__name__)
    dashboard_app.add_health(server, "/")
    client = server.test_client()
    end = time.monotonic() + 20
    while (answer := client.get("/health").get_json())["status"] == "starting" and time.monotonic() < end:
        time.sleep(0.02)
    assert (answer["status"], answer["problem"]) == ("failing", "OSError; see the log of the server")
    assert "The model does not answer" in caplog.text
    assert "the disk has gone" in caplog.text


ROOT = Path(__file__).parents[2]
LONG = 240_000
"""Milliseconds in which a new server gives its first page, on a machine that others share."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of model, inputs and dashboard whose files can be taken away."""
    folder = tmp_path_factory.mktemp("copied")
    for name in ("dudley_sd", "dashboard", "packages", "models", "inputs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def server(copied: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The dashboard of the copy, which prepares nothing that nobody asks for, and its address."""
    places = (copied, copied / "dashboard", copied / "packages" / "sdcompile")
    with (copied / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=copied,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, places))},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    yield process, f"http://127.0.0.1:{int(process.stdout.readline())}/dudley"
    process.kill()
    process.wait(20)
    process.stdout.close()


@pytest.fixture(scope="module")
def page(chromium: Any, server: tuple[subprocess.Popen[str], str]) -> Iterator[Any]:
    """A page on the server, in a browser."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server[1]}/plans", timeout=LONG)
    page.wait_for_selector("#plans-choose", timeout=LONG)
    yield page
    context.close()


def test_a_file_that_has_gone_is_told_on_the_page_and_written_into_the_log(
    page: Any, server: tuple[subprocess.Popen[str], str], copied: Path
):
    """The page reads it again, for its chart; an area that is not prepared yet would miss it in words."""
    assert page.request.post(f"{server[1]}/api/run", data={"searches": [""]}, timeout=LONG).ok
    (copied / "inputs" / "ons" / OUTTURN).unlink()
    page.get_by_role("link", name="People", exact=True).click()
    page.locator("#notes", has_text=UNEXPECTED).wait_for(timeout=LONG)
    assert re.fullmatch(r"This could not be worked out: .* Load the page again\.", page.inner_text("#notes"))
    log = (copied / "log").read_text()
    assert "Traceback (most recent call last)" in log
    assert f"FileNotFoundError: [Errno 2] No such file or directory: '{copied}" in log
    page.get_by_role("link", name="Saved plans").click()
    page.wait_for_selector("#plans-choose")
    until(page, "document.querySelector('#notes').innerText === ''")


def test_a_server_that_has_gone_is_told_on_the_page(page: Any, server: tuple[subprocess.Popen[str], str]):
    """The last test on this server."""
    server[0].kill()
    server[0].wait(20)
    page.get_by_role("link", name="How it works").click()
    page.locator("#trouble", has_text="The server does not answer").wait_for()


def test_faults_of_files_are_told_in_words_and_not_all_of_many():
    faults = [Fault(f"/srv/inputs/{name}.csv", "row 3", "is empty", "Fill it") for name in "abcde"]
    told = callback_fault_text(InputError(faults))
    assert told.startswith("This could not be worked out: a.csv, row 3: is empty; b.csv, row 3: is empty")
    assert told.endswith(f"and {len(faults) - MOST_FAULTS} more. Load the page again.")
    assert "/srv" not in told
    assert "secret" not in callback_fault_text(ValueError("a secret"))

"""TOML from anybody: whatever stands in a file, the answer is quick and in words."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import SOURCES
from dudley_sd.inputs.tables import scan_table
from dudley_sd.inputs.toml_files import LARGEST, read_toml
from dudley_sd.request import Request
from dudley_sd.runs.run import make_run
from dudley_sd.saved_plan import parse_plan
from dudley_sd.settings.contracts import read_contract
from dudley_sd.settings.futures import read_scenario
from dudley_sd.settings.portfolios import read_portfolio
from dudley_sd.simulation import refuse_disagreement

HOSTILE = {
    "nested lists": (b"a = " + b"[" * 3000 + b"]" * 3000, "nested too deeply"),
    "nested tables": (b"a = " + b"{b=" * 1500 + b"1" + b"}" * 1500, "nested too deeply"),
    "nested over lines": (b"a = " + b"[\n" * 30_000, "nested too deeply"),
    "a number of 10,000 digits": (b"a = " + b"9" * 10_000, "at most 8,000"),
    "a number of 5,000 digits": (b"a = " + b"9" * 5_000, "more than 40 digits"),
    "a negative number with underscores": (b"a = -" + b"1_0" * 100, "more than 40 digits"),
    "a key of 5,000 parts": (b".".join([b"a"] * 3000) + b" = 1", "too many parts"),
    "a table of 5,000 parts": (b"[" + b".".join([b"a"] * 3000) + b"]", "too many parts"),
    "a line of a megabyte": (b'a = "' + b"x" * 900_000 + b'"', "at most 8,000"),
    "two megabytes": (b"# comment\n" * (LARGEST // 5), "is larger than 1 MB"),
    "not UTF-8": (b'a = "\xff"', "not TOML"),
    "UTF-16": ('a = "b"'.encode("utf-16"), "not TOML"),
    "set twice": (b"a = 1\na = 2", "Cannot overwrite"),
    "a control letter": (b'a = "\x1b[31m"', "not TOML"),
    "an HTML page": (b"<!DOCTYPE html><html>", "not TOML"),
}
READERS = {"portfolios": read_portfolio, "contracts": read_contract, "scenarios": read_scenario}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name(tmp_path, name):
    content, words = HOSTILE[name]
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_toml(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 700
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
def test_every_reader_of_a_named_file_refuses_it(tmp_path, kind):
    (tmp_path / kind).mkdir()
    (tmp_path / kind / "own.toml").write_bytes(HOSTILE["nested lists"][0])
    with pytest.raises(InputError, match="nested too deeply"):
        READERS[kind]("own", tmp_path)


def test_prose_with_many_stops_is_no_long_key(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(f'story = """\n{"So it goes. " * 40}\n"""\nvalue = 1e300\n', encoding="utf-8")
    assert read_toml(path)["value"] == 1e300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are those of POSIX")
def test_a_pipe_or_a_device_is_refused_at_once(tmp_path):
    """Reading it would wait, or go on, for ever."""
    pipe = tmp_path / "sources.csv"
    os.mkfifo(pipe)
    done = threading.Event()

    def look() -> None:
        for read in (read_toml, lambda path: scan_table(path, SOURCES)):
            for path in (pipe, Path("/dev/zero")):
                with pytest.raises(InputError, match="is a pipe or a device"):
                    read(path)
        done.set()

    threading.Thread(target=look, daemon=True).start()
    assert done.wait(20)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 1\n", "value = true\n", "valid number"),
        ("value = 1\n", 'value = "1"\n', "valid number"),
        ("value = 1\n", "value = 1\nwhy = 2\n", "Extra inputs"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path, old, new, words):
    text = f"""
title = "Own"
story = "Own"
status = "illustrative"
note = ""

[terms."contract length"]
{old}reason = "why"
"""
    (tmp_path / "contracts").mkdir()
    path = tmp_path / "contracts" / "own.toml"
    path.write_text(text, encoding="utf-8")
    assert read_contract("own", tmp_path).terms["contract length"].value == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_contract("own", tmp_path)


@pytest.mark.parametrize("made", [-1, 0])
def test_a_plan_of_no_format_is_refused(made):
    text = f"""
format = {made}
title = "Some"
date = 2026-01-01
scenarios = ["official_future"]
portfolio = "none"
footprints = ["dudley"]
"""
    parse_plan(text.replace(f"format = {made}", "format = 1").encode(), "plan.toml")
    with pytest.raises(InputError, match=f"format: .*found {made}"):
        parse_plan(text.encode(), "plan.toml")


def test_a_contract_that_cites_nobody_known_is_not_run(tmp_path, monkeypatch):
    folder = tmp_path / "inputs"
    shutil.copytree(inputs_folder(), folder)
    path = folder / "contracts" / "uniting_care.toml"
    text = path.read_text(encoding="utf-8")
    (cited, *_) = [line for line in text.splitlines() if line.startswith("source = ")]
    path.write_text(text.replace(cited, 'source = "nobody_2020"', 1), encoding="utf-8")
    plan = make_run(Request(["official_future"], "none", "uniting_care"))
    refuse_disagreement(plan)
    monkeypatch.setattr("dudley_sd.simulation.inputs_folder", lambda: folder)
    with pytest.raises(InputError, match=r"'nobody_2020' is not in sources\.csv"):
        refuse_disagreement(plan)

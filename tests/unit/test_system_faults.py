"""Faults of the operating system: told with file and remedy by every command, and nothing half-written."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys

import pytest
import xarray as xr
from sdcompile.errors import InputError

import dudley_sd.cli
from dudley_sd.commands.faults import system_fault
from dudley_sd.commands.options import refuse_unwritable
from dudley_sd.results.export import write_all

posix = pytest.mark.skipif(os.name != "posix", reason="limits and modes are those of POSIX")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "dudley_sd", *words]


def limited(script: str, size: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with no file above some bytes: what a full disk does, without one."""
    limit = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    return subprocess.run(
        [sys.executable, "-c", limit + script, *words], capture_output=True, text=True, check=False
    )


@posix
@pytest.mark.parametrize(
    ("words", "size"),
    [(["template", "--to", "{folder}/levers.xlsx"], 20_000), (["prepare", "--out", "{folder}"], 2_000)],
)
def test_a_command_that_fills_the_disk(tmp_path, words, size):
    """One line with the file and what to do, no traceback, nothing left behind."""
    script = "from dudley_sd.cli import main; main()"
    done = limited(script, size, *[word.format(folder=tmp_path) for word in words])
    assert done.returncode == 1, done.stderr
    assert "File too large" in done.stderr or "IO_EFBIG" in done.stderr
    assert str(tmp_path) in done.stderr.replace("\n", "")
    assert "No file was left half-written" in done.stderr
    assert "Traceback" not in done.stderr or "IO_EFBIG" in done.stderr  # what lxml leaves of a temporary file
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    """Return what a run gives."""
    return dudley_sd.run(["official_future"], portfolio="none")


@posix
@pytest.mark.parametrize("ending", ["nc", "csv", "xlsx", "html", "png"])
def test_results_that_fill_the_disk(tmp_path, results, ending):
    """Every format says which file, whatever its library raises."""
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, usual[1]))
    try:
        with pytest.raises(OSError, match="") as caught:
            write_all(results, tmp_path / "out", (ending,), name="some")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, before)
    message, code = system_fault(caught.value)
    assert str(tmp_path / "out") in message
    assert code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["run", "--out"], ["validate", "--out"], ["compare", "--out"]])
def test_a_name_that_is_too_long(tmp_path, monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["dudley-sd", *words, str(tmp_path / ("a" * 300))])
    with pytest.raises(SystemExit) as stopped:
        dudley_sd.cli.main()
    assert stopped.value.code == 2
    assert "too long" in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_impossible_names_are_refused_and_not_printed_in_full(tmp_path, name):
    with pytest.raises(InputError, match="cannot be written to") as caught:
        refuse_unwritable(tmp_path / name)
    assert len(str(caught.value)) < 600


@posix
def test_a_folder_that_may_not_be_entered(tmp_path):
    """Checked as somebody who is not allowed everything."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    words = command("template", "--to", str(closed / "deep" / "levers.xlsx"))
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root may do everything, and setpriv is not there to be somebody else")
        words = [setpriv, "--bounding-set", "-all", "--inh-caps", "-all", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    closed.chmod(0o700)
    assert done.returncode == 2
    assert "Permission denied" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@posix
def test_nobody_reads_on():
    """``dudley-sd levers | head -1`` ends without a traceback."""
    words = subprocess.list2cmdline(command("levers"))
    done = subprocess.run(["sh", "-c", f"{words} | head -1"], capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


@posix
def test_ctrl_c_says_130():
    """A command that is interrupted while it works."""
    script = """
import os, signal, dudley_sd.cli as cli
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
def wait() -> None:
    os.kill(os.getpid(), signal.SIGINT)
cli.app.command()(wait)
cli.main()
"""
    words = [sys.executable, "-c", script, "wait"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "words", "code"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/a.csv"), "out/a.csv: No space left", 1),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "a"), "that you may read and write", 2),
        (IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), "a"), "Name a file, not a folder", 2),
        (OSError("strange"), "strange. Try again", 1),
        (MemoryError(), "not enough memory", 1),
    ],
)
def test_words_and_exit_code(error, words, code):
    message, found = system_fault(error)
    assert words in message
    assert found == code


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--from", "a.xlsx", "--from", "b.xlsx"], "--from, a.xlsx, b.xlsx: is given more than once"),
        (["run", "--scenario", "official_future"], "behind the command: dudley-sd run official_future"),
        (["run", "--lever", "gp numbers=5"], "dudley-sd levers gp"),
        (["run", "--lever", "evidence factor=5"], "Give a value in the range -1.6 to 1.6"),
        (["run", "--lever", "coverage[MDT]=80"], "Is 80 per cent meant? Write 0.8"),
    ],
)
def test_advice_that_can_be_followed(monkeypatch, capsys, words, message):
    monkeypatch.setattr(sys, "argv", ["dudley-sd", *words])
    with pytest.raises(SystemExit) as stopped:
        dudley_sd.cli.main()
    assert stopped.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())

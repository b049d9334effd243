"""The cache: a damaged, foreign, read-only, full or impossible folder costs time, never a wrong answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sdcompile import cache
from sdcompile.application import APPLICATION
from sdcompile.errors import _WARNED
from sdcompile.scratch import ABANDONED

NOBODY = 65534

posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are those of POSIX")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make another user's files"
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(APPLICATION.cache_variable, str(folder))
    _WARNED.clear()
    return folder


def write(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "age.csv").write_text("age,share\n75,0.1\n", encoding="utf-8")
    (folder / "model.mdl").write_text("a = 1 ~~|", encoding="utf-8")


def content(folder: Path) -> str:
    return (folder / "data" / "age.csv").read_text(encoding="utf-8")


def cut(entry: Path) -> None:
    file = entry / "data" / "age.csv"
    file.write_bytes(file.read_bytes()[:5])


def alter(entry: Path) -> None:
    file = entry / "data" / "age.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("0.1", "0.9"), encoding="utf-8")


def put_folder(entry: Path) -> None:
    (entry / "data" / "age.csv").unlink()
    (entry / "data" / "age.csv").mkdir()


def link_away(entry: Path) -> None:
    elsewhere = entry.parent / "elsewhere.csv"
    (entry / "data" / "age.csv").rename(elsewhere)
    (entry / "data" / "age.csv").symlink_to(elsewhere)


def replace_entry(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.write_text("no folder", encoding="utf-8")


DAMAGES = {
    "cut": cut,
    "altered": alter,
    "emptied": lambda entry: (entry / "data" / "age.csv").write_bytes(b""),
    "lost": lambda entry: (entry / "data" / "age.csv").unlink(),
    "folder": put_folder,
    "link": link_away,
    "sums lost": lambda entry: (entry / "sha256").unlink(),
    "sums emptied": lambda entry: (entry / "sha256").write_bytes(b""),
    "sums garbage": lambda entry: (entry / "sha256").write_bytes(b"\xff\xfe\x80"),
    "sums a folder": lambda entry: ((entry / "sha256").unlink(), (entry / "sha256").mkdir()),
    "a file": replace_entry,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_made_again(root, damage):
    """The process that made the entry notices too."""
    entry = cache.remember("models", "key", write)
    wanted = content(entry)
    DAMAGES[damage](entry)
    assert cache.find("models", "key") is None
    assert content(cache.remember("models", "key", write)) == wanted
    assert not list(root.glob("models/.building-*"))


def test_a_whole_entry_is_not_made_again(root):
    cache.remember("models", "key", write)
    entry = cache.remember("models", "key", lambda _: pytest.fail("made twice"))
    assert entry == root / "models" / "key"


def test_a_writer_that_fails_leaves_nothing(root):
    def fail(folder: Path) -> None:
        write(folder)
        raise KeyError("no")

    with pytest.raises(KeyError):
        cache.remember("models", "key", fail)
    assert not list(root.glob("models/*"))


@posix
@pytest.mark.usefixtures("root")
def test_what_others_may_write_to_is_made_again():
    entry = cache.remember("models", "key", write)
    for path, mode in ((entry, 0o777), (entry / "data", 0o720), (entry / "model.mdl", 0o666)):
        entry.chmod(0o700)
        path.chmod(mode)
        assert cache.find("models", "key") is None
        entry = cache.remember("models", "key", write)


@posix
@pytest.mark.usefixtures("root")
def test_entries_are_closed_to_others_whatever_the_umask():
    before = os.umask(0)
    try:
        entry = cache.remember("models", "key", write)
    finally:
        os.umask(before)
    assert not any(path.stat().st_mode & 0o022 for path in (entry, *entry.rglob("*")))
    assert cache.find("models", "key") == entry


@as_root
@pytest.mark.parametrize("where", ["", "data", "data/age.csv", "sha256"])
@pytest.mark.usefixtures("root")
def test_an_entry_with_a_part_of_another_user_is_made_again(where):
    entry = cache.remember("models", "key", write)
    os.chown(entry / where, NOBODY, NOBODY)
    again = cache.remember("models", "key", write)
    assert again.stat().st_uid == os.geteuid()
    assert (again / where).stat().st_uid == os.geteuid()


@as_root
def test_the_cache_of_another_user_is_left_alone(root, capfd):
    root.mkdir()
    os.chown(root, NOBODY, NOBODY)
    assert root not in cache.remember("models", "key", write).parents
    assert not list(root.iterdir())
    assert_warned(capfd, "belongs to another user")


@posix
def test_a_cache_that_others_may_write_to_is_left_alone(root, capfd):
    root.mkdir()
    root.chmod(0o777)
    assert root not in cache.remember("models", "key", write).parents
    assert_warned(capfd, "other users may write to it")


def test_a_file_in_the_way(root, capfd):
    root.write_text("", encoding="utf-8")
    entry = cache.remember("models", "key", write)
    assert cache.remember("models", "key", write) == entry
    assert_warned(capfd, "File exists")


def test_an_impossible_name(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv(APPLICATION.cache_variable, str(tmp_path / ("a" * 300)))
    _WARNED.clear()
    assert content(cache.remember("models", "key", write))
    assert_warned(capfd, "too long")


def test_a_disk_that_fills_up_while_an_entry_is_written(root, capfd):
    calls = []

    def first_fails(folder: Path) -> None:
        calls.append(folder)
        write(folder)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")

    entry = cache.remember("models", "key", first_fails)
    assert root not in entry.parents
    assert content(entry)
    assert_warned(capfd, "No space left on device")


def test_a_read_only_cache(tmp_path):
    """A folder that this user may not write to: a temporary one is used, and removed at the end."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    script = (
        "from sdcompile import cache; from pathlib import Path\n"
        "print(cache.remember('models', 'key', lambda to: (to / 'a').write_text('a')))"
    )
    environment = os.environ | {APPLICATION.cache_variable: str(closed / "cache")}
    words = [sys.executable, "-c", script]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root can write everywhere, and setpriv is not there to be somebody else")
        words = [setpriv, "--bounding-set", "-all", "--inh-caps", "-all", *words]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not Path(done.stdout.strip()).exists()
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Permission denied" in done.stderr
    assert not list(closed.iterdir())


def test_what_killed_writers_left_is_removed(root):
    cache.remember("models", "key", write)
    old, new = root / "models" / ".building-old", root / "models" / ".building-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half").write_text("", encoding="utf-8")
    long_ago = time.time() - ABANDONED - 60
    os.utime(old, (long_ago, long_ago))
    cache.remember("models", "other", write)
    assert not old.exists()
    assert new.exists()


def assert_warned(capfd: pytest.CaptureFixture[str], words: str) -> None:
    """One line, with the reason and the remedy."""
    said = capfd.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert words in said
    assert APPLICATION.cache_variable in said


MAKER = """
import os, sys, time
from pathlib import Path
from sdcompile import cache
def make(folder):
    with open(sys.argv[1], "a") as made:
        made.write("made\\n")
    time.sleep(float(sys.argv[2]))
    (folder / "answer").write_text("42")
print((cache.remember("things", "a", make) / "answer").read_text())
"""


def maker(tally: Path, seconds: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", MAKER, str(tally), str(seconds)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("root")
def test_several_processes_make_an_entry_once(tmp_path: Path):
    tally = tmp_path / "tally"
    answers = [each.communicate(timeout=60)[0] for each in [maker(tally, 1) for _ in range(3)]]
    assert answers == ["42\n"] * 3
    assert tally.read_text() == "made\n"


@pytest.mark.usefixtures("root")
def test_those_who_wait_go_on_when_the_maker_is_killed(tmp_path: Path):
    tally = tmp_path / "tally"
    first = maker(tally, 600)
    while not tally.exists():
        time.sleep(0.05)
    second = maker(tally, 0)
    time.sleep(0.5)
    assert second.poll() is None
    first.kill()
    first.communicate()
    assert second.communicate(timeout=60)[0] == "42\n"
    assert tally.read_text() == "made\n" * 2

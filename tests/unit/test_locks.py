"""The locks: every package by version and hash, in agreement with ``pyproject.toml``."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import start

ROOT = Path(__file__).parents[2]
RUN, DEVELOP = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
HASH = re.compile(r"sha256:[0-9a-f]{64}")


def locked(path: Path) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes by name, as pip reads them."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]
    found = {}
    for line in lines:
        pinned, *hashes = line.split("--hash=")
        needed = Requirement(pinned)
        (only,) = needed.specifier
        assert only.operator == "=="
        found[canonicalize_name(needed.name)] = (only.version, [each.strip() for each in hashes])
    assert len(found) == len(lines)
    return found


@pytest.mark.parametrize("path", [RUN, DEVELOP], ids=lambda path: path.name)
def test_every_package_has_hashes(path):
    for name, (_, hashes) in locked(path).items():
        assert hashes, name
        assert all(HASH.fullmatch(each) for each in hashes), name


def test_the_locks_satisfy_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    run, both = locked(RUN), locked(RUN) | locked(DEVELOP)
    development = [
        each for name in ("scale", "explore", "postgresql", "docs", "dev") for each in extras[name]
    ]
    for texts, lock in ((project["dependencies"], run), (development, both)):
        for needed in map(Requirement, texts):
            name = canonicalize_name(needed.name)
            if name != "dudley-sd":
                assert needed.specifier.contains(lock[name][0]), f"{needed}, locked: {lock[name][0]}"


@pytest.mark.parametrize(
    "system",
    [
        {},
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
        {"sys_platform": "darwin", "platform_system": "Darwin"},
        {"python_version": "3.13", "python_full_version": "3.13.1"},
    ],
    ids=["here", "windows", "macos", "python 3.13"],
)
@pytest.mark.parametrize(
    ("files", "extras"), [((RUN,), ()), ((RUN, DEVELOP), ("dev",))], ids=["run", "develop"]
)
def test_the_locks_are_complete(files, extras, system):
    """They are installed without looking for anything else: whatever a package asks for is locked too."""
    there = {name for file in files for name in locked(file)}
    missing, seen = set(), set()
    waiting = [("dudley-sd", extras)]
    while waiting:
        name, extras = waiting.pop()
        seen.add((name, extras))
        try:
            asked = requires(name) or []
        except PackageNotFoundError:  # of another system
            continue
        for text in asked:
            needed = Requirement(text)
            marker = needed.marker
            if marker and not any(marker.evaluate({**system, "extra": extra}) for extra in (*extras, "")):
                continue
            following = (canonicalize_name(needed.name), tuple(sorted(needed.extras)))
            if following[0] not in there | {"dudley-sd", "pip", "setuptools"}:
                missing.add(f"{name} needs {needed}")
            elif following not in seen:
                waiting.append(following)
    assert not missing


def test_nothing_is_locked_twice_and_no_host_is_named():
    assert not locked(RUN).keys() & locked(DEVELOP).keys()
    for path in (RUN, DEVELOP):
        assert "http" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("right", [True, False])
def test_start_installs_nothing_whose_hash_is_another(tmp_path, monkeypatch, right):
    wheel = tmp_path / "tiny_thing-1.0-py3-none-any.whl"
    about = "tiny_thing-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_thing.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes() if right else b"another").hexdigest()
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"tiny-thing==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    target = tmp_path / "installed"
    for name, value in (("NO_INDEX", "1"), ("FIND_LINKS", str(tmp_path)), ("TARGET", str(target))):
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setattr(start, "PYTHON", Path(sys.executable))

    if right:
        start.install_locked(lock)
    else:
        with pytest.raises(subprocess.CalledProcessError):
            start.install_locked(lock)
    assert (target / "tiny_thing.py").exists() == right

"""Make the environment and run the model, the dashboard or the tests: ``python3 start.py run``, ``... test``.

Needs nothing but Python 3.11. The environment is kept in ``.venv`` and made again only when the lists of
packages change; a file whose hash is not in the list is not installed. Words after the command are handed on:
``python3 start.py run official_future --portfolio none``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {
    "run": ROOT / "requirements.lock",
    "dashboard": ROOT / "requirements.lock",
    "test": ROOT / "requirements-dev.lock",
}
USAGE = """\
Usage: python3 start.py run [options of dudley-sd run]
       python3 start.py dashboard [options of dudley-sd dashboard]
       python3 start.py test [options of pytest]"""
PIP_OPTIONS = ("-qq", "--disable-pip-version-check")
"""Errors only: a user's configuration of pip may warn at every package."""

PROGRAMS = {"chromium": "/usr/bin/chromium", "nodejs": "/usr/bin/node", "postgresql": "/usr/lib/postgresql"}
"""Debian's packages that some tests need, and where each then is; without them these tests are skipped."""


def main(words: list[str]) -> int:
    """Prepare the environment, do what is asked and return the exit code."""
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
        return 2
    if not words or words[0] not in LOCKS:
        print(USAGE)
        return 2
    command, rest = words[0], words[1:]
    try:
        prepare(command)
    except subprocess.CalledProcessError as error:
        print(f"The environment could not be made: {error}. Remove {ENVIRONMENT} and try again.")
        return 1
    if command == "test":
        return test(rest)
    try:
        return subprocess.call([PYTHON, "-m", "dudley_sd", command, *rest])
    except KeyboardInterrupt:  # how a dashboard is stopped
        return 0


def prepare(command: str) -> None:
    """Make the environment and install what the command needs, unless it is there already."""
    stamp = ENVIRONMENT / f"installed-for-{command}"
    wanted = fingerprint(command)
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not PYTHON.exists():
        ensure_venv()
        print("Making the environment in .venv ...", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(ENVIRONMENT)
    print("Installing packages, a minute or two ...", flush=True)
    install_locked(LOCKS[command])
    pip("--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(wanted, encoding="utf-8")


def install_locked(lock: Path) -> None:
    """Install what a lock lists, which is all; pip refuses a file whose hash is not there."""
    pip("--require-hashes", "--no-deps", "-r", lock)


def pip(*words: str | Path) -> None:
    """Install into the environment."""
    subprocess.check_call([PYTHON, "-m", "pip", "install", *PIP_OPTIONS, *words])


def may_install() -> bool:
    """Whether Debian's packages can be installed by this user."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def ensure_programs() -> None:
    """Install the browser, Node and the database that tests need, where we may; they are skipped without."""
    missing = [package for package, place in PROGRAMS.items() if not Path(place).exists()]
    if not missing or not may_install():
        return
    print(f"Installing {', '.join(missing)} for tests, a minute or two ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    calls = [["apt-get", "update", "-qq"], *([*install, package] for package in missing)]
    for call in calls:
        code = subprocess.call(call, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if code:
            print(f"{' '.join(call)} failed; tests that need it are skipped.", flush=True)


def fingerprint(command: str) -> str:
    """Hash of everything that decides what is installed."""
    digest = hashlib.sha256()
    for path in (*LOCKS.values(), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{command} {digest.hexdigest()}"


def ensure_venv() -> None:
    """Debian splits ``venv`` off Python: install it where we may, else say how."""
    if importlib.util.find_spec("ensurepip"):
        return
    if not may_install():
        sys.exit(
            "Python's venv is missing. Install it (Debian: sudo apt-get install python3-venv) and try again."
        )
    subprocess.check_call(["apt-get", "update", "-qq"])
    subprocess.check_call(["apt-get", "install", "-y", "-qq", "python3-venv"])


def test(rest: list[str]) -> int:
    """Check style, then types beside the tests; the first that fails decides the exit code."""
    ensure_programs()
    style = (["ruff", "check", "."], ["ruff", "format", "--check", "."])
    codes = [subprocess.call([PYTHON, "-m", *check], cwd=ROOT) for check in style]
    types = subprocess.Popen([PYTHON, "-m", "mypy"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    tests = subprocess.call([PYTHON, "-m", "pytest", *rest], cwd=ROOT)
    print(types.communicate()[0], end="")
    return next((code for code in (*codes, types.returncode, tests) if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

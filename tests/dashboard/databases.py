"""Databases to test with: SQLite in a file, and a real PostgreSQL server of our own where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

NOT_INSTALLED = "PostgreSQL's server is not installed (Debian: apt-get install postgresql)"


def server_programs() -> Path | None:
    """Folder of initdb and pg_ctl of the newest PostgreSQL on this machine."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = [folder for folder in folders if (folder / "initdb").is_file()]
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def other_user() -> str | None:
    """User to run the server as: initdb refuses root."""
    import pwd  # not on Windows

    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """Start a server on a socket of its own in a scratch folder; gives its URL, and leaves nothing."""
    folder = Path(tempfile.mkdtemp(prefix="dudley-pg-"))
    user = other_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def call(*words: str | Path) -> None:
        subprocess.run(list(map(str, words)), check=True, capture_output=True, user=user, cwd=folder)

    try:
        call(programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        call(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql://tester@/postgres?host={quote(str(folder), safe='')}"
        finally:
            call(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

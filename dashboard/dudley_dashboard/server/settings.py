"""Settings of the server: prefix, store, access code, public names, proxies; and their faults."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from sdcompile.errors import Fault, InputError

from dudley_dashboard.server.access import LONGEST_CODE, SHORTEST_CODE
from dudley_dashboard.store import check_url

CODE_VARIABLE = "DUDLEY_SD_ACCESS_CODE"
CODE_FILE_VARIABLE = "DUDLEY_SD_ACCESS_CODE_FILE"
STORE_VARIABLE = "DUDLEY_SD_STORE"
PREFIX_VARIABLE = "DUDLEY_SD_PREFIX"
NAMES_VARIABLE = "DUDLEY_SD_PUBLIC_NAMES"
PROXIES_VARIABLE = "DUDLEY_SD_PROXIES"
MOST_OF_CODE_FILE = 10_000
"""Bytes of the file with the access code that are read; more is no code."""

_PREFIX = re.compile(r"/([A-Za-z0-9._~-]+/)*")


@dataclass(frozen=True)
class Settings:
    """How the dashboard is served.

    Attributes
    ----------
    prefix
        Path below which it is, with a slash at both ends.
    store
        URL of the database of saved plans; empty for none.
    code
        The access code; empty for none.
    public_names
        Host names under which others reach it; with one of them it is served beyond this machine.
    beyond
        Whether it is served beyond this machine in any case.
    code_file
        File with the access code; it goes before ``code``.
    proxies
        How many proxies stand in front; None for one if it is on this machine.
    """

    prefix: str = "/"
    store: str = ""
    code: str = ""
    public_names: tuple[str, ...] = ()
    beyond: bool = False
    code_file: Path | None = None
    proxies: int | None = None

    @property
    def path(self) -> str:
        """The prefix as it is served: a slash at both ends."""
        bare = self.prefix.strip("/")
        return f"/{bare}/" if bare else "/"

    @property
    def reachable(self) -> bool:
        """Whether others may reach the server."""
        return self.beyond or bool(self.public_names)


def settings_of_environment() -> Settings:
    """Return what the environment asks for; who can reach the server is not known here.

    Raises
    ------
    InputError
        If the number of proxies is none.
    """
    proxies = os.environ.get(PROXIES_VARIABLE, "").strip()
    if proxies and not re.fullmatch("[0-9]{1,2}", proxies):
        remedy = f"Write how many stand in front: {PROXIES_VARIABLE}=1"
        raise InputError([Fault(PROXIES_VARIABLE, repr(proxies), "is no number of proxies", remedy)])
    names = (name.strip() for name in os.environ.get(NAMES_VARIABLE, "").split(","))
    return Settings(
        prefix=os.environ.get(PREFIX_VARIABLE, "/"),
        store=os.environ.get(STORE_VARIABLE, ""),
        code=os.environ.get(CODE_VARIABLE, "").strip(),
        public_names=tuple(name for name in names if name),
        beyond=True,
        code_file=code_file_of_environment(),
        proxies=int(proxies) if proxies else None,
    )


def code_file_of_environment() -> Path | None:
    """Return the file that the environment names for the access code."""
    named = os.environ.get(CODE_FILE_VARIABLE)
    return Path(named) if named else None


def checked(settings: Settings) -> tuple[Settings, list[Fault]]:
    """Read the access code and find everything that is wrong, without touching a database.

    Returns
    -------
    Serving
        The same with the code that was read; its file is read once, since a pipe can be read no second time.
    list[Fault]
        A prefix that is no path, a code that cannot be read or is too short, a URL that is none of a
        database, a store that others could reach without a code.
    """
    faults = []
    if not _PREFIX.fullmatch(settings.path) or ".." in settings.path:
        problem = "is no path of letters, digits and - . _ ~ between slashes"
        faults.append(Fault("--prefix", repr(settings.prefix), problem, "Write it so: --prefix /dudley/"))
    try:
        code = read_code(settings)
    except InputError as error:
        return settings, [*faults, *error.faults, *_url_faults(settings)]
    if code and not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
        problem = f"has {len(code)} letters; {SHORTEST_CODE} to {LONGEST_CODE} are needed"
        faults.append(Fault("access code", "", problem, "Take several words that nobody else would think of"))
    if settings.store and settings.reachable and not code:
        problem = "others can reach the saved plans, and there is no access code"
        remedy = f"Set {CODE_VARIABLE}, or name a file with the code: --access-code-file"
        faults.append(Fault("--store", "", problem, remedy))
    return replace(settings, code=code, code_file=None), faults + _url_faults(settings)


def read_code(settings: Settings) -> str:
    """Return the access code, of its file where there is one; empty where there is none.

    Raises
    ------
    InputError
        If the file cannot be read or is empty.
    """
    named = settings.code_file
    if named is None:
        return settings.code
    try:
        with named.open("rb") as file:  # which may be a pipe, or have no end
            code = file.read(MOST_OF_CODE_FILE).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        raise InputError([Fault("--access-code-file", str(named), problem, "Check the path")]) from None
    if not code:
        raise InputError([Fault("--access-code-file", str(named), "is empty", "Write the code into it")])
    return code


def _url_faults(settings: Settings) -> list[Fault]:
    if not settings.store:
        return []
    try:
        check_url(settings.store)
    except InputError as error:
        return list(error.faults)
    return []

"""Whether a TOML file is what it should be: every fault with its key and remedy, in one error."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dudley_sd.errors import Fault, InputError


def named_file(kind: str, name: str, inputs: Path) -> Path:
    """Path of ``<kind>/<name>.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If there is no such file; the nearest names come first in the remedy.
    """
    known = sorted(path.stem for path in (inputs / kind).glob("*.toml"))
    if name not in known:
        near = difflib.get_close_matches(name, known, n=len(known), cutoff=0.0)
        remedy = f"Choose one of: {', '.join(near)}"
        raise InputError([Fault(kind, repr(name), "there is none of that name", remedy)])
    return inputs / kind / f"{name}.toml"


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it is not there, not UTF-8 or not TOML; the line is named.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", "Check the path")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Fault(str(path), "", f"not TOML: {error}", "Correct the syntax")]) from None


def validation_faults(path: Path, error: ValidationError) -> list[Fault]:
    """Every fault that pydantic found in a file, in our words."""
    return [
        Fault(
            str(path),
            ".".join(str(part) for part in found["loc"]) or "top level",
            f"{found['msg']}, found {found['input']!r}",
            "Correct the key or its value; compare with the other files of this folder",
        )
        for found in error.errors()
    ]

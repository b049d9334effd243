"""Checksums of the model file and the input files that a plan was saved with."""

from __future__ import annotations

import hashlib
import json

from dudley_sd.results.manifest import input_checksums, model_checksum

SHOWN = 31
"""Characters of a checksum that are kept: nobody makes two files by chance that share them."""


def origin() -> str:
    """Return a checksum of the model file and one of all input files, with a blank between."""
    inputs = hashlib.sha256(json.dumps(input_checksums(), sort_keys=True).encode())
    return f"{model_checksum()[:SHOWN]} {inputs.hexdigest()[:SHOWN]}"


def since(then: str, now: str) -> str:
    """Say what has changed since a plan was saved.

    Parameters
    ----------
    then, now
        From `origin`; empty for a plan that was saved before this was noted.
    """
    if len(then.split()) != len(now.split()):
        return "Whether model and input files have changed since is not known."
    pairs = zip(("model file", "input files"), then.split(), now.split(), strict=True)
    changed = [name for name, was, here in pairs if was != here]
    if not changed:
        return "Model file and input files are the same as then."
    names = " and ".join(changed)
    verb = "has" if changed == ["model file"] else "have"
    return f"Since then the {names} {verb} changed: the numbers are no longer those of the day it was saved."

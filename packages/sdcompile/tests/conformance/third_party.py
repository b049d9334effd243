"""Other people's models: which of them equal PySD, which are refused and why.

``python -m conformance.third_party FOLDER ...`` tries every model file below the folders, such as
clones of https://github.com/SDXorg/test-models and https://github.com/climateinteractive/SDEverywhere, in
NumPy, C and JavaScript, and prints a line for each that does not equal PySD, or the output that is stored
beside it (see ``stored.py``). The exit code is 1 if an answer differs from what is stored or, for what is not
stored, from PySD, or if something other than a refusal by name stops a model.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sdcompile import Compiled, compile
from sdcompile.errors import InputError
from sdcompile.read.equations import read_equations

from conformance.reference import (
    assert_same,
    engine_frame,
    javascript_answer,
    node,
    plain_name,
    pysd_answer,
)
from conformance.stored import differences, stored_output

SUFFIXES = (".mdl", ".xmile", ".stmx")
FINE = ("equal", "refused by name", "runs, PySD does not", "equals what is stored, PySD does not")
STORED_TOLERANCE = 1e-3
"""Of each series: Vensim writes six digits, and some of its versions work in single precision."""


def verdict(path: Path) -> tuple[str, str]:
    """Compare every variable of one model with PySD and what is stored: what came of it, and what to say."""
    try:
        wanted, silence = pysd_answer(path), ""
    except Exception as error:  # noqa: BLE001 - whatever stops PySD is its answer
        wanted, silence = None, f"{type(error).__name__}: {_line(error)}"
    try:
        stored = stored_output(path)
        step = read_equations(path).time_step
        if wanted is not None and stored is not None:
            departs = differences(wanted, stored, STORED_TOLERANCE)
            silence = "; ".join(departs.values())
        for engine in ("numpy", "c"):
            model = compile(path, save_every=step, engine=engine)
            given = engine_frame(model, model.run_array(nonfinite="keep"))
            _compare(model, given, wanted, stored)
        if node() is not None:
            with tempfile.TemporaryDirectory() as folder:
                answer = javascript_answer(model, np.zeros((1, 0)), Path(folder))
            _compare(model, engine_frame(model, answer), wanted, stored)
    except InputError as error:
        return "refused by name", f"{_line(error)} PySD: {silence or 'runs'}"
    except AssertionError as error:
        return "different", _line(error)
    except Exception as error:  # noqa: BLE001 - the table says what happened and goes on
        return "stopped", f"{type(error).__name__}: {_line(error)} PySD: {silence or 'runs'}"
    if wanted is None:
        return "runs, PySD does not", silence
    return ("equals what is stored, PySD does not", silence) if silence else ("equal", "")


def _compare(
    model: Compiled, given: pd.DataFrame, wanted: pd.DataFrame | None, stored: pd.DataFrame | None
) -> None:
    """Compare with what is stored, then, where the two do not differ, with PySD.

    Elements without an equation are left out: PySD fills some and leaves some out.
    """
    if stored is not None:
        faults = differences(given, stored, STORED_TOLERANCE)
        assert not faults, "stored output: " + "; ".join(faults.values())
    if wanted is None:
        return
    if stored is not None:  # where PySD departs from it, that column is left out
        given = given.drop(columns=list(differences(wanted, stored, STORED_TOLERANCE)), errors="ignore")
        wanted = wanted.drop(columns=list(differences(wanted, stored, STORED_TOLERANCE)))
    partly = {series.name for series in model.outputs if series.gaps}
    empty = {
        plain_name(column)
        for column in given
        if column.rsplit("[", 1)[0] in partly and given[column].isna().all()
    }
    frames = (frame[[c for c in frame if plain_name(c) not in empty]] for frame in (given, wanted))
    assert_same(*frames)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def main() -> int:
    """Try the models and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    files = [f for folder in parser.parse_args().folders for f in sorted(folder.rglob("*")) if f.is_file()]
    counts: Counter[str] = Counter()
    for path in (file for file in files if file.suffix in SUFFIXES):
        kind, said = verdict(path)
        counts[kind] += 1
        if said:
            print(f"{kind}: {path.name}: {said}", flush=True)  # noqa: T201
    print(", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())))  # noqa: T201
    return 0 if set(counts) <= set(FINE) else 1


if __name__ == "__main__":
    sys.exit(main())

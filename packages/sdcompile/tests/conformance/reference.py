"""PySD's answer for a model, and how far an engine's answer is from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sdcompile import Compiled

TOLERANCE = 1e-9
MODELS = Path(__file__).parent / "models"


def pysd_answer(path: Path, levers: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Run PySD with every step saved and every variable in the output; the model's folder is left alone."""
    import pysd

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = Path(folder) / "model"
        shutil.copytree(path.parent, copy)
        read = pysd.read_vensim if path.suffix == ".mdl" else pysd.read_xmile
        model = read(str(copy / path.name))
        step = float(model.components._control_vars["time_step"]())
        frame: pd.DataFrame = model.run(params=levers, saveper=step)
    return frame


def engine_frame(model: Compiled, raw: np.ndarray, run: int = 0) -> pd.DataFrame:
    """Put raw results under PySD's column names."""
    columns: dict[str, np.ndarray] = {}
    for series in model.outputs:
        for place, elements in enumerate(np.ndindex(*series.shape)):
            inside = [labels[e] for labels, e in zip(series.labels, elements, strict=True)]
            label = series.name + (f"[{', '.join(inside)}]" if inside else "")
            columns[label] = raw[:, series.place + place, run]
    return pd.DataFrame(columns, index=model.times)


def assert_same(given: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Compare names first, then times, then every series on its own scale."""
    ours, theirs = {plain_name(c): c for c in given}, {plain_name(c): c for c in wanted}
    assert set(ours) == set(theirs), (sorted(set(ours) - set(theirs)), sorted(set(theirs) - set(ours)))
    np.testing.assert_allclose(given.index, wanted.index, rtol=0, atol=1e-9)
    faults: list[str] = []
    for key, column in theirs.items():
        a, b = given[ours[key]].to_numpy(float), wanted[column].to_numpy(float)
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            faults.append(f"{column}: not a number at different times")
            continue
        scale = np.nanmax(np.abs(b), initial=0.0)
        gap = np.nanmax(np.abs(a - b), initial=0.0)
        if not gap <= TOLERANCE * scale + 1e-14:
            step = int(np.nanargmax(np.abs(a - b)))
            faults.append(f"{column}: {a[step]!r} for {b[step]!r} at {given.index[step]:g}, scale {scale:g}")
    assert not faults, "\n".join(faults)


def plain_name(column: str) -> str:
    """Write a column of PySD or of the engine in one way."""
    return column.lower().replace('"', "").replace(", ", ",")


def node() -> str | None:
    """Find Node."""
    return shutil.which("node")


def javascript_answer(model: Compiled, levers: np.ndarray, folder: Path) -> np.ndarray:
    """Run the module in Node for each setting, [run, lever]; results are [time, series, run]."""
    module, settings, result = folder / "model.mjs", folder / "levers.json", folder / "out.bin"
    model.write_javascript(module)
    settings.write_text(json.dumps(levers.tolist()))
    script = (
        f"import {{ run }} from {json.dumps(module.as_uri())}; import fs from 'fs';"
        f"const all = JSON.parse(fs.readFileSync({json.dumps(str(settings))}));"
        "const rows = all.map(levers => Buffer.from(run(levers, undefined, 'keep').slice().buffer));"
        f"fs.writeFileSync({json.dumps(str(result))}, Buffer.concat(rows));"
    )
    program = node()
    assert program
    subprocess.run([program, "--input-type=module", "-e", script], check=True, capture_output=True, text=True)
    flat = np.frombuffer(result.read_bytes())
    return np.moveaxis(flat.reshape(len(levers), len(model.times), -1), 0, -1)

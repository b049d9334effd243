"""The recipe of the README, followed: a function of numbers is one record and one small model."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PACKAGE = Path(__file__).parents[1]

SCRIPT = """
import json, sys
from pathlib import Path
import numpy as np
from sdcompile import compile
from sdcompile.check.lint import model_faults
from sdcompile.functions.page import page
found = {engine: compile("model.mdl", engine=engine) for engine in ("numpy", "c")}
answers = {engine: model.run_array()[:, 0, 0].tolist() for engine, model in found.items()}
found["c"].write_javascript("model.mjs")
faults = [fault.problem for fault in model_faults("model.mdl")]
print(json.dumps({"answers": answers, "page": "CBRT" in page(), "faults": faults}))
"""


def recipe() -> tuple[str, str]:
    """The record and the model of the README."""
    text = (PACKAGE / "README.md").read_text(encoding="utf-8").partition("## Add a function")[2]
    record = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    model = re.search(r"```vensim\n(.*?)```", text, re.DOTALL)
    assert record and model
    return record[1], model[1]


def test_a_record_and_a_model_are_all_that_a_function_takes(tmp_path: Path) -> None:
    record, model = recipe()
    shutil.copytree(PACKAGE / "sdcompile", tmp_path / "sdcompile")
    registry = tmp_path / "sdcompile" / "functions" / "registry.py"
    text = registry.read_text(encoding="utf-8")
    assert "    _of_numbers(" in text
    registry.write_text(
        text.replace("    _of_numbers(", f"    {record.strip()},\n    _of_numbers(", 1), encoding="utf-8"
    )
    (tmp_path / "model.mdl").write_text(model, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "SDCOMPILE_CACHE": str(tmp_path / "cache")}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    wanted = np.cbrt([0.0, 1.0, 2.0])
    for answer in found["answers"].values():
        assert answer == pytest.approx(wanted, rel=1e-14)
    assert found["page"]
    assert found["faults"] == []
    node = shutil.which("node")
    if node is not None:
        script = "import { run } from './model.mjs'; console.log(JSON.stringify(Array.from(run([]))))"
        said = subprocess.run(
            [node, "--input-type=module", "-e", script], cwd=tmp_path, capture_output=True, check=True
        )
        series = np.array(json.loads(said.stdout)).reshape(3, -1)[:, 0]
        assert series.tolist() == pytest.approx(wanted, rel=1e-14)

"""A run that stops being finite names the first variable and its time, in every engine."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from sdcompile import compile
from sdcompile.errors import InputError

CONTROL = "FINAL TIME = 4~~|\nINITIAL TIME = 0~~|\nSAVEPER = 1~~|\nTIME STEP = 0.25~~|\n"
CASES = {
    "in_a_step": ("a = 1~~|\nroot = SQRT(a - Time)~~|\ns = INTEG(root + root, 1)~~|\n", "root", "1.25"),
    "in_a_saved_step_only": ("a = 1~~|\nroot = SQRT(a - Time)~~|\n", "root", "2"),
    "at_the_start": ("a = -1~~|\ns = INTEG(1, first)~~|\nfirst = LN(a)~~|\n", "first", "0"),
    "in_a_stock": ("a = 9~~|\ns = INTEG(s*EXP(200*a), 1)~~|\n", "s", "0.25"),
    "no_lever_in_it": ("a = 1~~|\nb = a*2~~|\nroot = SQRT(1.5 - Time)~~|\n", "root", "2"),
    "among_pieces": (
        "K: K1, K2, K3~~|\na = 1~~|\nx[K1] = a~~|\nx[K2] = 2*a~~|\nx[K3] = 3*a + Time~~|\n"
        "root[K] = SQRT(5 - x[K])~~|\n",
        "root",
        "3",
    ),
}


def model_file(folder: Path, equations: str) -> Path:
    path = folder / "model.mdl"
    path.write_text("{UTF-8}\n" + equations + CONTROL)
    return path


@pytest.mark.parametrize("engine", ["c", "numpy"])
@pytest.mark.parametrize("case", CASES)
def test_python_names_the_first(case: str, engine: str, tmp_path: Path) -> None:
    equations, variable, time = CASES[case]
    model = compile(model_file(tmp_path, equations), levers=["a"], engine=engine)
    with pytest.raises(InputError) as caught:
        model.run_array()
    assert f"variable {variable}, time {time}, run 0: it is not a finite number" in str(caught.value)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node to run the JavaScript")
@pytest.mark.parametrize("case", CASES)
def test_javascript_names_the_first(case: str, tmp_path: Path) -> None:
    equations, variable, time = CASES[case]
    path = model_file(tmp_path, equations)
    model = compile(path, levers=["a"], engine="numpy")
    module = tmp_path / "model.mjs"
    model.write_javascript(module)
    script = "try { run(levers); } catch (error) { console.log(error.message); }"
    said = in_node(module, script, model.defaults[0])
    assert said.startswith(f"model.mdl: variable {variable}, time {time}: it is not a finite number. Guard")
    script = "console.log(run(levers, undefined, 'keep').every(Number.isFinite));"
    assert in_node(module, script, model.defaults[0]).strip() == "false"


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node to run the JavaScript")
def test_javascript_says_why_a_delay_cannot_run_and_goes_on(tmp_path: Path) -> None:
    path = model_file(tmp_path, "lag = 1~~|\na = DELAY3(Time, lag)~~|\n")
    module = tmp_path / "model.mjs"
    compile(path, levers=["lag"], engine="numpy").write_javascript(module)
    script = "let said = ''; try { run([0.5]); } catch (error) { said = error.message; }"
    script += "console.log(said, Array.from(run([1])).every(Number.isFinite));"
    said = in_node(module, script, 1.0)
    assert (
        "time 0: it is not a finite number. a delay needs a time of at least its order times TIME STEP"
        in said
    )
    assert said.strip().endswith("true")


def in_node(module: Path, script: str, lever: float) -> str:
    program = shutil.which("node")
    assert program
    text = f"import {{ run }} from {json.dumps(module.as_uri())}; const levers = [{lever}]; {script}"
    command = [program, "--input-type=module", "-e", text]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

"""The package stands alone: nothing of an application in it, and its own wheel compiles and runs a model."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

MODEL = """{UTF-8}
rate = 0.5 ~~|
level = INTEG(-rate * level, 8) ~~|
FINAL TIME = 2~~|
INITIAL TIME = 0~~|
SAVEPER = 1~~|
TIME STEP = 1~~|
"""

SCRIPT = """
import sys
import sdcompile
model = sdcompile.compile("small.mdl", levers=["rate"], outputs=["level"])
print(sdcompile.__file__)
print(*model.run_array()[:, 0, 0])
print([name for name in sys.modules if "dudley" in name])
"""


def test_no_word_of_an_application_is_in_it() -> None:
    files = [path for path in (PACKAGE / "sdcompile").rglob("*") if path.suffix in (".py", ".md", ".toml")]
    files += [PACKAGE / "pyproject.toml", PACKAGE / "README.md", PACKAGE / "FUNCTIONS.md"]
    assert [path.name for path in files if "dudley" in path.read_text(encoding="utf-8").lower()] == []


def test_its_wheel_compiles_and_runs_a_model_in_an_empty_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(PACKAGE)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("sdcompile-*.whl")
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
        assert {name for name in folders if not name.endswith(".dist-info")} == {"sdcompile"}
        archive.extractall(site)
    (elsewhere / "small.mdl").write_text(MODEL, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(site), "SDCOMPILE_CACHE": str(tmp_path / "cache")}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    where, numbers, foreign = done.stdout.splitlines()
    assert Path(where).is_relative_to(site)
    assert (numbers, foreign) == ("8.0 4.0 2.0", "[]")

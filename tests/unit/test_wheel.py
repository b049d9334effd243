"""The sdist and the wheel made from it: installed alone, they run without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_made_from_the_sdist_is_installed_and_runs_elsewhere(tmp_path: Path):
    """Build both, install the wheel, and run from another folder with nothing of the checkout in reach."""
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    assert len([*tmp_path.glob("*.tar.gz")]) == 1
    (wheel,) = tmp_path.glob("*.whl")
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "dashboard.py").write_text("raise RuntimeError('a file of the user')", encoding="utf-8")
    install = ["pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True, capture_output=True)
    bundled = site / "dudley_sd" / "_bundled" / "inputs" / "contracts"
    assert {path.name for path in bundled.iterdir()} == {
        path.name for path in (ROOT / "inputs" / "contracts").glob("*.toml")
    }

    environment = os.environ | {"PYTHONPATH": str(site)}
    where = [
        sys.executable,
        "-c",
        "import dudley_sd.folders as p; print(p.models_folder(), p.inputs_folder())",
    ]
    found = subprocess.run(where, cwd=elsewhere, env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.split() == [
        str(site / "dudley_sd" / "_bundled" / name) for name in ("models", "inputs")
    ]

    run = [sys.executable, "-m", "dudley_sd", "run", "official_future", "--format", "xlsx", "--format", "png"]
    done = subprocess.run(run, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.suffix for path in (elsewhere / "results").iterdir()) == [".png", ".xlsx"]

    dashboard = ["-c", "from dudley_dashboard.app import create_app; create_app('/')"]
    for words in (dashboard, ["-m", "dudley_sd", "dashboard", "--help"]):
        made = subprocess.run(
            [sys.executable, *words],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr

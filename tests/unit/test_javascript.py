"""The dashboard's ES modules: linted, all of them in use, and run by their own tests in Node."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "dashboard/dudley_dashboard/js"
MODULES = sorted(FOLDER.rglob("*.js"))
TESTS = sorted((ROOT / "tests/js").glob("*.mjs"))
IMPORT = re.compile(r'^(?:import|export) (?:(\{[^}]+\}|\* as \w+) from )?"([^"]+)";', re.M)
EXPORT = re.compile(r"^export (?:const|let|class|(?:async )?function) (\w+)(?: = \d+, (\w+) = \d+;)?", re.M)


def test_the_linter_finds_nothing():
    """Also imports of what is not exported, circles of imports, and names that are nowhere defined."""
    (program,) = [path for path in files("oxlint") or [] if path.stem == "oxlint"]
    config = ROOT / "dashboard/.oxlintrc.json"
    folders = [ROOT / "dashboard/dudley_dashboard", ROOT / "tests/js"]
    command = [program.locate(), "--config", config, "--format", "unix", "--deny-warnings", *folders]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (found.returncode, found.stdout.strip().splitlines()[:20]) == (0, [])


def test_every_module_is_loaded_with_the_first():
    reached: set[Path] = set()
    waiting = [FOLDER / "main.js"]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            found = IMPORT.findall(module.read_text(encoding="utf-8"))
            waiting += [(module.parent / name).resolve() for _, name in found]
    assert reached == set(MODULES)


def test_everything_that_is_exported_is_imported():
    """By another module or by a test in Node; a name that only the browser's tests read is listed here."""
    texts = [path.read_text(encoding="utf-8") for path in (*MODULES, *TESTS)]
    imported = {"currentRequest"}
    for text in texts:
        for names, source in IMPORT.findall(text):
            if names.startswith("* as "):
                imported |= set(re.findall(rf"\b{names[5:]}\.(\w+)", text))
            imported |= set(re.findall(r"\w+", names)) if source.startswith(".") else set()
    exported = {name for text in texts for names in EXPORT.findall(text) for name in names if name}
    assert exported - imported == set()


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node to run the JavaScript")
@pytest.mark.parametrize(
    "path", [path for path in TESTS if ".test." in path.name], ids=lambda path: path.name
)
def test_in_node(path: Path):
    command = [str(shutil.which("node")), "--test", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert found.returncode == 0, found.stdout

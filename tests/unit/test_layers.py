"""A stage of the package imports only the stages to its left, so that the story reads one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "dudley_sd"
FOLDERS = {"sdcompile": "packages/sdcompile", "dudley_dashboard": "dashboard", "dudley_sd": "."}
"""Our packages and the folder of the checkout that each lies in."""

STAGES = (
    {"sdcompile"},
    {"inputs"},
    {"indicators"},
    {"settings"},
    {"request"},
    {"runs", "saved_plan"},
    {"model_pages"},
    {"results", "checks"},
    {"ensembles"},
    {"insight", "validation"},
    {"simulation"},
    {"api"},
    {"commands"},
    {"cli"},
    {"dudley_dashboard"},
)
"""Left to right; stages side by side do not know of each other."""

COMPILER = ("equations", "functions", "read", "check", "plan", "write", "run", "describe")
"""Folders of sdcompile, left to right; its other modules stand before all of them."""

SHARED = {"folders", "ratio", "text"}
"""Anybody of `dudley_sd` may import these; they import no stage."""

FRONT_DOORS = {"__init__", "__main__"}
"""Files beside the stages that only pass on what the rightmost of them offer."""

RANK = {stage: place for place, together in enumerate(STAGES) for stage in together}


def test_every_stage_imports_only_stages_to_its_left():
    assert violations(sources()) == []


def test_no_stage_is_missing_from_the_order():
    found = {stage_of(path) for path in sources()}
    assert found - RANK.keys() - SHARED - FRONT_DOORS == set()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("dudley_sd/inputs/population.py", "from dudley_sd.runs.run import Run"),
        ("dudley_sd/inputs/population.py", "import dudley_sd.model_pages"),
        ("packages/sdcompile/sdcompile/check/lint.py", "from dudley_sd import settings"),
        ("dudley_sd/inputs/ages.py", "def late():\n    from ..runs import plan"),
        ("packages/sdcompile/sdcompile/run/pysd_run.py", "from dudley_sd import run"),
        ("dudley_sd/results/export.py", "from dudley_sd.checks.report import all_faults"),
        ("dudley_sd/runs/run.py", "from dudley_dashboard import app"),
        ("dudley_sd/folders.py", "from dudley_sd.inputs.ages import NEEDS"),
        ("dudley_sd/folders.py", "from .folders import inputs_folder\nfrom .runs import plan"),
        ("dudley_sd/inputs/ages.py", "from ..magic import wand"),
        ("dudley_sd/api.py", "from dudley_sd.cli import app"),
        ("dudley_sd/cli.py", "def late():\n    from dudley_dashboard.serve import serve"),
        ("dudley_sd/checks/report.py", "from dudley_sd.validation.outcome import Outcome"),
        ("dudley_sd/validation/bench.py", "from dudley_sd.api import run"),
    ],
)
def test_a_made_up_violation_is_found(path, line):
    found = violations({CHECKOUT / path: line})
    assert len(found) == 1
    assert found[0].startswith(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("dudley_sd/runs/run.py", "from dudley_sd.inputs.ages import NEEDS\nfrom sdcompile import x"),
        (
            "packages/sdcompile/sdcompile/check/lint.py",
            "from ..names import nearest\nfrom sdcompile.errors import Fault\nimport numpy",
        ),
        ("dudley_sd/checks/report.py", "from dudley_sd.runs.model_folder import MODEL_FILE"),
        ("dudley_sd/validation/bench.py", "from dudley_sd.results.invariants import check_invariants"),
        ("dudley_sd/validation/parameters.py", "from dudley_sd.checks.citations import citation_faults"),
        ("dudley_sd/cli.py", "import dudley_sd as dsd\nfrom dudley_sd.api import run"),
        ("dudley_sd/__init__.py", "from dudley_sd.api import run"),
        (
            "dashboard/dudley_dashboard/app.py",
            "from dudley_sd import run\nfrom dudley_dashboard.words import say",
        ),
    ],
)
def test_what_is_allowed_is_not_a_violation(path, line):
    assert violations({CHECKOUT / path: line}) == []


def test_the_folders_of_the_compiler_lead_one_way():
    edges = module_edges("sdcompile")
    order = {folder: place for place, folder in enumerate(COMPILER)}
    places = {module: order.get(module.split(".")[1], -1) for module in edges}
    assert {module.split(".")[1] for module in edges if module.count(".") > 1} == set(COMPILER)
    up = [(one, other) for one, others in edges.items() for other in others if places[other] > places[one]]
    assert up == []


@pytest.mark.parametrize("package", FOLDERS)
def test_no_modules_import_each_other_in_a_circle(package):
    assert circles(module_edges(package)) == {}


@pytest.mark.parametrize("package", FOLDERS)
def test_no_folders_of_a_package_import_each_other_in_a_circle(package):
    edges: dict[str, set[str]] = {}
    for module, others in module_edges(package).items():
        folder = module.split(".")[1]
        edges.setdefault(folder, set()).update({other.split(".")[1] for other in others} - {folder})
    assert len(edges) > 5
    assert circles(edges) == {}


def circles(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """What is left when everything that leads nowhere, or only to such, is taken away."""
    left = dict(edges)
    while ends := [module for module, others in left.items() if not others & left.keys()]:
        for module in ends:
            del left[module]
    return left


def module_edges(package: str) -> dict[str, set[str]]:
    """Modules of its package that each module imports, for types and inside functions too."""
    root = CHECKOUT / FOLDERS[package]
    paths = {
        ".".join(path.relative_to(root).with_suffix("").parts): path
        for path in (root / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    edges: dict[str, set[str]] = {}
    for name, path in paths.items():
        found = {
            target
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
            for target in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        edges[name] = found & paths.keys()
    return edges


def sources() -> dict[Path, str]:
    """Every module of our packages."""
    paths = [path for name, folder in FOLDERS.items() for path in (CHECKOUT / folder / name).rglob("*.py")]
    return {path: path.read_text(encoding="utf-8") for path in sorted(paths)}


def violations(texts: dict[Path, str]) -> list[str]:
    """List imports that lead to the right or sideways, one line each."""
    return [
        f"{path.relative_to(CHECKOUT).as_posix()}, line {line}: {stage_of(path)} imports {target}"
        for path, text in texts.items()
        for line, target in imports(path, text)
        if not allowed(stage_of(path), target)
    ]


def allowed(stage: str, target: str) -> bool:
    if stage in FRONT_DOORS or target == stage:
        return True
    if target in SHARED:
        return True
    if stage in SHARED or target not in RANK:
        return False
    return RANK[target] < RANK[stage]


def imports(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Line and stage of every import of our own code, those inside functions included."""
    package = list(parts_of(path)[:-1])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *(node.module or "").split(".")]).strip(".")
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "dudley_sd" else [module]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first in FOLDERS:
                yield node.lineno, offered(rest.split(".")[0]) if first == PACKAGE.name else first


def offered(name: str) -> str:
    """Stage that a name of the package belongs to; what is no module of it is what the api offers."""
    is_module = name and ((PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file())
    return name if is_module else "api"


def parts_of(path: Path) -> tuple[str, ...]:
    """Folders and file of a module from its package on."""
    parts = path.relative_to(CHECKOUT).parts
    return parts[next(place for place, part in enumerate(parts) if part in FOLDERS) :]


def stage_of(path: Path) -> str:
    """Stage a file belongs to: the folder or module of the model's package, or another package."""
    first, *rest = parts_of(path)
    return first if first != PACKAGE.name else Path(rest[0]).stem

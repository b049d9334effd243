"""Size of the product: lines, modules, modules with a single importer. Run: ``python benchmarks/size.py``.

A line longer than 110 characters counts as often as it would be broken. The engine is counted apart.
"""

from __future__ import annotations

import ast
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LENGTH = 110
PACKAGES = {
    "dudley_sd": ROOT,
    "dudley_dashboard": ROOT / "dashboard",
    "sdcompile": ROOT / "packages/sdcompile",
}
ENGINE = "sdcompile"
ENDINGS = {".py", ".js", ".mjs", ".css", ".html", ".j2"}
FREE = ("pages", "commands")
"""Folders whose modules may have one importer: a page or a command is called from one place."""


def main() -> None:
    """Print the counts, and with ``-v`` the modules that one other module alone imports."""
    files = {name: sorted(_files(folder / name)) for name, folder in PACKAGES.items()}
    product = [path for name, paths in files.items() if name != ENGINE for path in paths]
    print(f"product without the engine: {sum(map(lines, product)):,} lines")
    for (where, ending), count in sorted(_by_part(files).items()):
        print(f"  {count:7,}  {where} {ending}")
    print(f"engine: {sum(map(lines, files[ENGINE])):,} lines")
    modules = [path for path in product if path.suffix == ".py"]
    print(f"product modules without the engine: {len(modules)}")
    lonely = single_importers(files)
    print(f"modules with a single importer, pages and commands aside: {len(lonely)}")
    if "-v" in sys.argv:
        print("\n".join(f"  {module} <- {importer}" for module, importer in sorted(lonely.items())))
    long = [path for paths in files.values() for path in paths if path.suffix == ".py" and lines(path) > 400]
    print("modules above 400 lines:", ", ".join(str(path.relative_to(ROOT)) for path in long) or "none")


def lines(path: Path) -> int:
    """Count the lines of a file; one beyond the length counts as several."""
    text = path.read_text(encoding="utf-8")
    return sum(max(1, math.ceil(len(line) / LENGTH)) for line in text.splitlines())


def single_importers(files: dict[str, list[Path]]) -> dict[str, str]:
    """Product modules that one other module alone imports, by name, with that module."""
    names = {
        module_name(PACKAGES[package], path): path
        for package, paths in files.items()
        for path in paths
        if path.suffix == ".py"
    }
    importers: dict[str, set[str]] = defaultdict(set)
    for name, path in names.items():
        for target in imports(path):
            while target and target not in names:
                target = target.rpartition(".")[0]
            if target and target != name:
                importers[target].add(name)
    return {
        name: next(iter(importers[name]))
        for name, path in names.items()
        if len(importers[name]) == 1
        and not name.startswith(ENGINE)
        and path.stem != "__init__"
        and not set(FREE) & set(name.split("."))
    }


def imports(path: Path) -> set[str]:
    """Full names of everything that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_name(folder: Path, path: Path) -> str:
    """Name that a module is imported by."""
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in ENDINGS and "_bundled" not in path.parts]


def _by_part(files: dict[str, list[Path]]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for package, paths in files.items():
        for path in paths:
            inside = path.relative_to(PACKAGES[package] / package).parts
            counts[f"{package}/{inside[0]}" if len(inside) > 1 else package, path.suffix] += lines(path)
    return counts


if __name__ == "__main__":
    main()

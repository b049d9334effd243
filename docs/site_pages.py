"""Pages of the documentation site: the repository's own Markdown, where it lies, so that links work in both.

A hook of MkDocs (``mkdocs.yml``). A page keeps its path in the repository; a link to any other file of the
repository becomes a link to a copy of that file, and a link to a folder is left as plain words.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (".", "docs", "models", "inputs", "benchmarks", "findings", "packages", "dudley_sd")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def pages() -> list[str]:
    """Paths of all Markdown files of the product, from the root of the repository."""
    found = [path for path in ROOT.glob("*.md")]
    found += [path for folder in FOLDERS[1:] for path in (ROOT / folder).rglob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Replace the files of the folder ``docs`` by every page of the repository and what they link to."""
    from mkdocs.structure.files import File, Files

    names = set(pages())
    for name in tuple(names):
        names |= {target for target in _targets(name) if (ROOT / target).is_file()}
    kept = [file for file in files if not (ROOT / "docs" / file.src_uri).exists()]
    added = [File.generated(config, name, abs_src_path=str(ROOT / name)) for name in sorted(names)]
    return Files([*kept, *added])


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Leave links to folders, which no page stands for, as plain words."""

    def replace(match: re.Match[str]) -> str:
        target = _resolved(page.file.src_uri, match[3])
        return match[2] if (ROOT / target).is_dir() else match[0]

    return LINK.sub(replace, markdown)


def _targets(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [_resolved(name, match[3]) for match in LINK.finditer(text) if "://" not in match[3]]


def _resolved(name: str, target: str) -> str:
    return normpath(f"{Path(name).parent.as_posix()}/{target}")

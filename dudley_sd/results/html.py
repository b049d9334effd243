"""HTML pages of one file from Jinja templates: all text escaped, nothing asked of the network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdcompile.scratch import atomic_file

from dudley_sd.results.figure_parts import NARROW, Builder
from dudley_sd.results.figures import CONFIG

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Chart:
    """Place of a chart on a page: its key, what is read out for it, and its heights in pixels."""

    key: str
    says: str
    wide: int
    narrow: int


class Charts:
    """The figures of a page, each in a wide and a narrow form, as JSON that its script draws."""

    def __init__(self) -> None:
        self.forms: dict[str, dict[str, dict[str, object]]] = {}

    def add(self, key: str, builder: Builder, says: str, wide: int = 4, narrow: int = NARROW) -> Chart:
        """Keep a figure and return its place; ``says`` is read out instead of it."""
        forms = {"wide": builder(wide).without_title(), "narrow": builder(narrow).without_title()}
        self.forms[key] = {name: {"data": form.data, "layout": form.layout} for name, form in forms.items()}
        return Chart(key, says, *(form.layout["height"] for form in forms.values()))

    def as_json(self) -> str:
        """All figures as JSON that may stand inside a script element."""
        content = {"config": CONFIG, "charts": self.forms}
        return json.dumps(content, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def html_page(
    template: str, charts: Charts | None = None, *, style: str = "", goal: str = "numbers", **content: Any
) -> str:
    """Fill in a template.

    Parameters
    ----------
    template
        File of the folder of templates that extends ``base.html``.
    charts
        Figures; None for a page that runs no script.
    style
        File with what the page adds to the style of all pages.
    goal
        What a reader who skips the header comes to.
    content
        What the template names. Text is escaped wherever it comes from.
    """
    from markupsafe import Markup

    return _environment().get_template(template).render(
        charts=None if charts is None else Markup(charts.as_json()),
        styles=["page.css", *([style] if style else [])],
        goal=goal,
        **content,
    )  # fmt: skip


def write_page(text: str, path: Path | str) -> Path:
    """Write a page, whole or not at all."""
    with atomic_file(path) as scratch:
        scratch.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # an import that other files do without

    found = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.globals |= {"file": _literal, "plotly": _plotly}
    return found


def _text(name: str) -> str:
    return (files("dudley_sd.results") / "templates" / name).read_text(encoding="utf-8")


def _literal(name: str) -> Any:
    """Return a file of the folder of templates that goes into a page as it is."""
    from markupsafe import Markup

    return Markup(_text(name))


def _plotly() -> Any:
    """Return Plotly for the browser, from its package, which takes long to import and is not needed here."""
    from markupsafe import Markup

    package = find_spec("plotly")
    assert package is not None and package.origin is not None
    script = Path(package.origin).parent / "package_data" / "plotly.min.js"
    return Markup(script.read_text(encoding="utf-8"))

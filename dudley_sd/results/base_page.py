"""What every page that is one file has in common: it asks the network for nothing, and forbids it."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template

WITH_SCRIPTS = "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
WITHOUT_SCRIPTS = "style-src 'unsafe-inline'"
PARTS = ("title", "header", "main", "footer")
SCRIPTS = """\
<noscript><p class="column">The charts need JavaScript. The tables do not.</p></noscript>
<script>$plotly</script>
<script type="application/json" id="figures">$charts</script>
<script>
$script
</script>"""
_MARK = re.compile(r"^<!-- (\w+) -->\n", re.MULTILINE)


def base_page(
    place: str, name: str, words: dict[str, str], charts: str | None = None, goal: str = "numbers"
) -> str:
    """Put a page together.

    Parameters
    ----------
    place, name
        Package and name of the files of the page: ``<name>.html`` with its `PARTS`, each after a line such as
        ``<!-- main -->``, and, if it is there, ``<name>.css`` with what it adds to the style of all pages.
    words
        What to put into the parts, as HTML.
    charts
        Figures as JSON; ``None`` for a page that runs no script.
    goal
        What a reader who skips the header comes to.
    """
    here, common = files(place), files("dudley_sd.results")
    _, *pieces = _MARK.split((here / f"{name}.html").read_text(encoding="utf-8"))
    parts = dict(zip(pieces[::2], pieces[1::2], strict=True))
    if tuple(parts) != PARTS:
        raise ValueError(f"{name}.html has the parts {', '.join(parts)}, not {', '.join(PARTS)}")
    styles = [common / "page.css"]
    if (here / f"{name}.css").is_file() and here / f"{name}.css" != common / "page.css":
        styles.append(here / f"{name}.css")
    script = (common / "page.js").read_text(encoding="utf-8")
    return Template((common / "base_page.html").read_text(encoding="utf-8")).substitute(
        {key: Template(text.strip()).substitute(words) for key, text in parts.items()},
        allowed=WITHOUT_SCRIPTS if charts is None else WITH_SCRIPTS,
        style="\n".join(style.read_text(encoding="utf-8") for style in styles),
        goal=goal,
        scripts=""
        if charts is None
        else Template(SCRIPTS).substitute(plotly=_plotly(), charts=charts, script=script),
    )


def _plotly() -> str:
    """Return Plotly for the browser, from its package, which takes long to import and is not needed here."""
    package = find_spec("plotly")
    assert package is not None and package.origin is not None
    return (Path(package.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")

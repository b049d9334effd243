"""Dictionary of every variable: unit, sentence, equation, uses and users, how its number is known."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable

import pandas as pd

from sdcompile.describe.catalogue import Catalogue
from sdcompile.describe.markdown import anchor, link, number, table
from sdcompile.read.model import Variable

WIDTH = 110


def dictionary_page(
    catalogue: Catalogue, intro: str = "", rows: Callable[[pd.DataFrame], str] = lambda _: ""
) -> str:
    """Write the dictionary, sector by sector in file order.

    Parameters
    ----------
    catalogue
        The model.
    intro
        What to say before the first sector, with ``{count}`` and ``{file}`` in it.
    rows
        How to write the rows about a constant.
    """
    model = catalogue.model
    groups = [group for group in model.groups if catalogue.in_group(group)]
    parts = [
        "# Dictionary of the model",
        intro.format(count=len(model.variables), file=model.path.name),
        _overview(catalogue, groups),
        _ranges(catalogue),
    ]
    for group in groups:
        parts.append(f"## Sector: {group}")
        parts += [_entry(catalogue, variable, rows) for variable in catalogue.in_group(group)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _overview(catalogue: Catalogue, groups: list[str]) -> str:
    rows = []
    for group in groups:
        found = catalogue.in_group(group)
        counts = {
            "stocks": sum(v.kind == "stock" for v in found),
            "flows": sum(catalogue.is_flow(v.key) for v in found),
            "lags": sum(v.kind in ("smooth", "delay") for v in found),
            "levers": sum(v.key in catalogue.levers for v in found),
        }
        heading = f"Sector: {group}"
        rows.append([f"[{group}](#{anchor(heading)})", str(len(found)), *map(str, counts.values())])
    return table(("sector", "variables", "stocks", "flows", "lags", "levers and switches"), rows)


def _ranges(catalogue: Catalogue) -> str:
    sentences = {
        entry.name: entry.sentence for entry in catalogue.text.source.entries if entry.kind == "range"
    }
    rows = [
        (name, str(len(elements)), ", ".join(elements), sentences.get(name, ""))
        for name, elements in catalogue.model.ranges.items()
    ]
    return "## Subscripts\n\n" + table(("range", "elements", "which", "meaning"), rows) if rows else ""


def _entry(catalogue: Catalogue, variable: Variable, rows: Callable[[pd.DataFrame], str]) -> str:
    subscripts = f"[{', '.join(variable.subscripts)}]" if variable.subscripts else ""
    facts = [f"**{_role(catalogue, variable)}**", f"unit {variable.units or 'not given'}"]
    facts += [f"over {subscripts}"] if subscripts else []
    facts += [f"limits {_limits(variable)}"] if variable.limits else []
    lines = [
        f"### {variable.name}",
        variable.sentence or "No sentence.",
        "; ".join(facts) + ".",
        f"```\n{_equations(variable)}\n```",
        rows(catalogue.rows[variable.key]) if variable.key in catalogue.rows else "",
    ]
    uses = [key for key in variable.uses if key != variable.key]
    by = [key for key in catalogue.used_by.get(variable.key, ()) if key != variable.key]
    where = [f"Uses {_names(catalogue, uses)}."] if uses else []
    where += [f"Used by {_names(catalogue, by)}." if by else "No equation uses it."]
    return "\n\n".join(line for line in [*lines, " ".join(where)] if line)


def _role(catalogue: Catalogue, variable: Variable) -> str:
    fills, drains = catalogue.fills(variable.key), catalogue.drains(variable.key)
    words = [f"into {_names(catalogue, fills)}"] if fills else []
    words += [f"out of {_names(catalogue, drains)}"] if drains else []
    return f"flow {' and '.join(words)}" if words else catalogue.role(variable)


def _names(catalogue: Catalogue, keys: Iterable[str]) -> str:
    return ", ".join(link(catalogue.model.variables[key].name) for key in keys)


def _limits(variable: Variable) -> str:
    low, high, step = variable.limits or (None, None, None)
    text = f"{'any' if low is None else number(low)} to {'any' if high is None else number(high)}"
    return text + (f" by {number(step)}" if step is not None else "")


def _equations(variable: Variable) -> str:
    return "\n".join(
        textwrap.fill(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        for text in variable.equations
    )

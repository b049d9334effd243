"""Numbers of the model: rows of ``parameters.csv``, searched, shown as a table and as a file."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from sdcompile.describe.markdown import number
from sdcompile.names import same_name, snake_case

from dudley_dashboard.address import View
from dudley_dashboard.downloads import Numbers
from dudley_dashboard.pages.how_it_works.data import ModelQuery, model_tables, name_text
from dudley_dashboard.parts import data
from dudley_sd.inputs.elements import STATUSES
from dudley_sd.inputs.parameters import sources_of
from dudley_sd.results.table import frame_table

ROWS_SHOWN = 15
"""Rows on the page at first, and with each further click."""

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "come",
        "comes",
        "do",
        "does",
        "from",
        "how",
        "in",
        "is",
        "many",
        "much",
        "of",
        "on",
        "the",
        "there",
        "to",
        "what",
        "where",
        "why",
    ]
)
"""Words of a question that no number holds."""

STATUS_MEANINGS = {
    "published": "somebody has printed it",
    "derived": "worked out from printed numbers",
    "judgement": "read from words or a neighbouring number",
    "assumption": "nobody has published it",
}
HEAD = ("Number", "Value", "Low to high", "Unit", "Status", "Source and place", "Note")


def search_text(text: str) -> list[str]:
    """Return the words of a search, small, without those of any question and without the s of a plural."""
    found = re.findall(r"[\w.%&-]+", text.lower().replace(",", ""))
    kept = [word.strip(".") for word in found if word.strip(".?") not in STOP_WORDS]
    return [re.sub(r"(?<=.[^s])s$", "", word) for word in kept]


def found_rows(text: str = "", status: str = "") -> pd.DataFrame:
    """Return the numbers that a search finds.

    Parameters
    ----------
    text
        Words or figures, all of which a row must hold: in its name, value, note, source or locator.
    status
        One of `STATUSES`, or nothing for all.

    Returns
    -------
    pandas.DataFrame
        Rows of ``parameters.csv``, a row whose value is a figure that was asked for first, then one whose
        name holds the words, then others; each in file order.
    """
    table = model_tables().parameters
    if status:
        table = table[table["status"] == status]
    choices = search_text(text)
    if not choices:
        return table
    hay = _haystack().loc[table.index]
    keep = pd.Series(True, index=table.index)
    rank = pd.Series(0, index=table.index)
    for word in choices:
        value = hay["value"] == word
        named = hay["name"].str.contains(rf"\b{re.escape(word)}", regex=True)
        keep &= value | hay["all"].str.contains(word, regex=False)
        rank += value.astype(int) * 100 + named.astype(int) * 10
    return table[keep].loc[rank[keep].sort_values(ascending=False, kind="stable").index]


def rows_of(key: str) -> pd.DataFrame:
    """Return the rows that hold the numbers of a variable."""
    found = model_tables().catalogue.rows.get(key)
    return model_tables().parameters.iloc[:0] if found is None else found


def counts() -> dict[str, int]:
    """How many numbers are known in which way, the firmest first."""
    found = model_tables().parameters["status"].value_counts()
    return {status: int(found.get(status, 0)) for status in STATUSES}


def count_sentence(rows: pd.DataFrame, most: int, text: str, status: str) -> str:
    """Say how many numbers were found."""
    of = f" of status {status}" if status else ""
    what = f" with “{text}”" if search_text(text) else ""
    if not len(rows):
        return f"No number{of}{what}. Search for fewer or other words: names are those of the model file."
    some = f"; the first {most} are shown" if len(rows) > most else ""
    return f"{len(rows)} number{'' if len(rows) == 1 else 's'}{of}{what}{some}."


def table_of(query: ModelQuery, rows: pd.DataFrame, linked: bool = True) -> html.Div:
    """Return numbers as a table that becomes cards where it is narrow."""
    head = html.Thead(
        html.Tr([html.Th(text, scope="col", role="columnheader") for text in HEAD], role="row"),
        role="rowgroup",
    )
    body = html.Tbody([_row(query, row, linked) for _, row in rows.iterrows()], role="rowgroup")
    table = html.Table(
        [html.Caption("Numbers of the model", className="hidden-words"), head, body], role="table"
    )
    return html.Div(table, className="model-numbers")


def name_of(row: pd.Series) -> str:
    """Return what a row is called: the constant of the model, else its own id in words."""
    return str(row["model_name"] or row["id"].replace("_", " "))


def source_of(row: pd.Series) -> list[Component]:
    """Titles of the publications of a row and the place in them."""
    sources = model_tables().sources
    parts: list[Component] = []
    for name in sorted(sources_of(str(row["source"]))):
        found = sources.loc[name]
        year = f", {found['year']}" if found["year"] != "-" else ""
        parts.append(html.Span(f"{found['title']}. {found['publisher']}{year}"))
    if row["locator"]:
        parts.append(html.Span(str(row["locator"]), className="model-locator"))
    return parts or [html.Span("none: see the note")]


def _row(query: ModelQuery, row: pd.Series, linked: bool) -> html.Tr:
    name = name_of(row)
    key = snake_case(same_name(name.partition("[")[0]))
    first: str | html.A = name_text(name)
    if linked and row["model_name"] and key in model_tables().catalogue.model.variables:
        first = html.A(
            name_text(name),
            href=query.href(variable=key),
            className="model-link",
            **data(focus="model-variable-title"),
        )
    low, central, high = (number(float(row[column])) for column in ("low", "central", "high"))
    cells: list[Any] = [
        html.Strong(central),
        f"{low} to {high}",
        "–" if row["unit"] == "Dmnl" else str(row["unit"]),
        html.Span(str(row["status"]), className=f"model-status model-status-{row['status']}"),
        source_of(row),
        str(row["note"]) or "–",
    ]
    return html.Tr(
        [
            html.Th(first, scope="row", role="rowheader"),
            *(
                html.Td(cell, role="cell", **data(label=label))
                for label, cell in zip(HEAD[1:], cells, strict=True)
            ),
        ],
        role="row",
    )


@cache
def _haystack() -> pd.DataFrame:
    """Return what is searched of each row, in small letters: name, value, everything."""
    table, sources = model_tables().parameters, model_tables().sources
    names = table.apply(name_of, axis=1).str.lower()
    titles = table["source"].map(
        lambda cell: " ".join(
            f"{sources.loc[name]['title']} {sources.loc[name]['publisher']}" for name in sources_of(str(cell))
        )
    )
    values = table["central"].map(lambda value: number(float(value)).replace(",", "").lower())
    rest = [table[column].astype(str) for column in ("id", "unit", "status", "source", "locator", "note")]
    together = names
    for part in (values, titles, *rest):
        together = together + " " + part.str.lower()
    groups = table["model_name"].map(_group).str.lower()
    everything = (together + " " + groups).map(_with_a_and_e)
    return pd.DataFrame({"name": names.map(_with_a_and_e), "value": values, "all": everything})


def _with_a_and_e(text: str) -> str:
    """Add what readers type for what the model file has to spell out."""
    return f"{text} a&e" if "aande" in text or "a and e" in text else text


def _group(name: str) -> str:
    variable = model_tables().catalogue.model.variables.get(snake_case(same_name(name.partition("[")[0])))
    return variable.group if variable is not None else ""


def numbers_of(view: View) -> Numbers:
    """Return the numbers that the search of an address finds, with range, status and source."""
    query, _ = ModelQuery.read(view.request, view.rest)
    rows = found_rows(query.find, query.status)
    searched = f"“{query.find}”" if query.find else "every number"
    status = f", status {query.status}" if query.status else ""
    about = [
        ("Searched for", f"{searched}{status}: {len(rows)} found"),
        *(
            (f"Status {key}", f"{meaning} ({counts()[key]} numbers)")
            for key, meaning in STATUS_MEANINGS.items()
        ),
    ]
    note = (
        f"Rows of the table of parameters ({len(model_tables().parameters)} in all), as the model reads them."
    )
    return Numbers("Numbers that go into the model", about, [frame_table("Numbers", note, rows)])

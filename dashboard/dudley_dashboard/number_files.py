"""The numbers of a page as files: what the address asks for, in tables, with what made them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from dash import Dash, html
from flask import Response, request
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from dudley_dashboard.areas import Place
from dudley_dashboard.aria import data
from dudley_dashboard.page import root
from dudley_dashboard.server.files import plain_text, ready_file
from dudley_dashboard.view import View, read_view
from dudley_sd.places import models_folder
from dudley_sd.results.manifest import input_checksums
from dudley_sd.results.tidy import DIGITS
from dudley_sd.results.workbook_cells import (
    BOLD,
    put,
    put_header,
    put_title,
    set_for_print,
    set_widths,
    wrap_row,
)
from dudley_sd.runs.model_folder import MODEL_FILE

NOT_A_FORECAST = (
    "A model, not a forecast: it works out what follows from its assumptions; it does not say which future "
    "will come."
)
WIDEST = 44
"""Letters of a column of a sheet."""

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


class Sheet(NamedTuple):
    """One table: its name in files, what it holds, and its rows."""

    name: str
    note: str
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a page.

    Attributes
    ----------
    title
        What they are.
    about
        What a reader must know of them: a heading and a sentence each.
    sheets
        Tables; numbers in the unit that a column names.
    """

    title: str
    about: Sequence[tuple[str, str]]
    sheets: Sequence[Sheet]


Ask = Callable[[View], Numbers]
Needs = Callable[[View], Sequence[Place]]


def buttons(page: str, search: str) -> html.P:
    """Offer numbers of a page as a workbook and as CSV; a script asks with what the address says then."""
    offered = (("xlsx", "Numbers as a workbook (Excel)"), ("zip", "Numbers as CSV (zip)"))
    links = [
        html.A(
            words,
            href=f"{root()}download/{page}.{ending}{search}",
            className="plain",
            download="",
            **data(numbers=f"{page}.{ending}"),
        )
        for ending, words in offered
    ]
    return html.P(links, className="numbers-files no-print")


def add_number_files(
    app: Dash, page: str, ask: Ask, needs: Needs, drawn: Callable[[View], bool] = lambda _: True
) -> None:
    """Answer at ``<prefix>download/<page>.xlsx`` and ``.zip`` with the numbers that the address asks for.

    Parameters
    ----------
    app, page
        Where, and under which name.
    ask
        Returns the numbers.
    needs
        Areas that must be ready before.
    drawn
        Whether all runs that numbers are medians of can be had without waiting; else it has them drawn.
    """

    def answer(ending: str) -> Response:
        writer = {"xlsx": workbook, "zip": archive}.get(ending)
        if writer is None:
            return plain_text("There is no such file.", 404)
        view = read_view("?" + request.query_string.decode("ascii", errors="replace"))
        name = f"dudley_{page}"
        return ready_file(needs(view), lambda: writer(ask(view)), name, ending, lambda: drawn(view))

    prefix = app.config.routes_pathname_prefix
    app.server.add_url_rule(f"{prefix}download/{page}.<ending>", f"dudley_sd_{page}_numbers", answer)


def made_by() -> dict[str, object]:
    """Return when, with which version, with which model file and with which input files numbers were made.

    The page is named by its path alone: what host a request names is for whoever asks to choose.
    """
    page = f"{request.script_root}{request.path}".replace("/download/", "/").rpartition(".")[0]
    asked = request.query_string.decode("ascii", errors="replace")
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "dudley_sd": version("dudley-sd"),
        "model_sha256": hashlib.sha256((models_folder() / MODEL_FILE).read_bytes()).hexdigest(),
        "inputs_sha256": input_checksums(),
        "page": f"{page}?{asked}" if asked else page,
    }


def told_about(numbers: Numbers, made: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return everything that stands beside the tables: what they are, and what made them."""
    sheets = [(f"Table “{sheet.name}”", sheet.note) for sheet in numbers.sheets]
    return [
        ("What this is", f"{numbers.title}. {NOT_A_FORECAST}"),
        *numbers.about,
        *sheets,
        ("Made on", f"{str(made['made'])[:10]} with dudley_sd {made['dudley_sd']}"),
        ("Model file", f"SHA-256 {made['model_sha256']}"),
        ("The page that showed it", str(made["page"])),
    ]


def archive(numbers: Numbers) -> bytes:
    """Return a page on what the tables are, each table as CSV, and checksums of all that went in."""
    made, content = made_by(), io.BytesIO()
    about = "\n\n".join(f"{head}\n  {text}" for head, text in told_about(numbers, made))
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as all_:
        all_.writestr("read_me.txt", f"{about}\n")
        for sheet in numbers.sheets:
            text = harmless(sheet.table).to_csv(index=False, float_format=DIGITS, lineterminator="\n")
            all_.writestr(f"{sheet.name.lower().replace(' ', '_')}.csv", f"\ufeff{text}")
        all_.writestr("manifest.json", json.dumps(made, indent=1))
    return content.getvalue()


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no text is a formula to a spreadsheet that opens it as CSV.

    An apostrophe goes before text that begins with a sign for a formula, and is no number. A workbook needs
    none: there text is marked as text, see `dudley_sd.results.workbook_cells.put`.
    """
    return table.map(_harmless).rename(columns=_harmless)


def _harmless(content: Any) -> Any:
    if not isinstance(content, str) or not content.lstrip().startswith(FORMULA):
        return content
    try:
        float(content)
    except ValueError:
        return f"'{content}"
    return content


def workbook(numbers: Numbers) -> bytes:
    """Return a workbook: Read me, and a sheet for each table with a filter on every column."""
    made, content = made_by(), io.BytesIO()
    book = Workbook()
    book.remove(book.active)
    sheet, widths = book.create_sheet("Read me"), (30, 110)
    for row, (head, text) in enumerate(told_about(numbers, made), put_title(sheet, numbers.title)):
        put(sheet, row, 1, head, BOLD)
        put(sheet, row, 2, text)
        wrap_row(sheet, row, widths)
    set_widths(sheet, widths)
    set_for_print(sheet)
    for each in numbers.sheets:
        _sheet(book, each)
    book.properties.title, book.properties.creator = numbers.title, "dudley_sd"
    book.save(content)
    return content.getvalue()


def _sheet(book: Workbook, each: Sheet) -> None:
    sheet = book.create_sheet(each.name)
    top = put_title(sheet, each.name, [each.note, NOT_A_FORECAST])
    heads = [str(head) for head in each.table.columns]
    put_header(sheet, top, heads)
    for row, values in enumerate(each.table.itertuples(index=False), top + 1):
        for column, value in enumerate(values, 1):
            put(sheet, row, column, value if isinstance(value, str) else _plain(value))
    longest = [max([len(head), *(len(str(value)) for value in each.table[head][:200])]) for head in heads]
    set_widths(sheet, [min(WIDEST, 2 + letters) for letters in longest])
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heads))}{top + len(each.table)}"
    set_for_print(sheet, top)


def _plain(value: Any) -> Any:
    """Return a number as Excel takes it, yes and no as its own TRUE and FALSE; None for no content."""
    return None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value

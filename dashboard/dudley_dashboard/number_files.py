"""Downloads of a page's numbers: tables of what the address asks for, as a workbook or as CSV."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version

from dash import Dash, html
from flask import Response, request

from dudley_dashboard.address import View, read_view
from dudley_dashboard.areas import AreaKey
from dudley_dashboard.aria import data
from dudley_dashboard.page import root
from dudley_dashboard.server.files import plain_text, ready_file
from dudley_sd.results.excel import workbook, workbook_bytes
from dudley_sd.results.manifest import input_checksums, model_checksum
from dudley_sd.results.table import Table, csv_text

NOT_A_FORECAST = (
    "A model, not a forecast: it works out what follows from its assumptions; it does not say which future "
    "will come."
)


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
    sheets: Sequence[Table]


Ask = Callable[[View], Numbers]
Needs = Callable[[View], Sequence[AreaKey]]


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
        writer = {"xlsx": numbers_workbook, "zip": archive}.get(ending)
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
        "model_sha256": model_checksum(),
        "inputs_sha256": input_checksums(),
        "page": f"{page}?{asked}" if asked else page,
    }


def about_rows(numbers: Numbers, made: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return everything that stands beside the tables: what they are, and what made them."""
    sheets = [(f"Table “{sheet.name}”", sheet.notes[0]) for sheet in numbers.sheets]
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
    about = "\n\n".join(f"{head}\n  {text}" for head, text in about_rows(numbers, made))
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as all_:
        all_.writestr("read_me.txt", f"{about}\n")
        for sheet in numbers.sheets:
            all_.writestr(f"{sheet.name.lower().replace(' ', '_')}.csv", f"\ufeff{csv_text(sheet)}")
        all_.writestr("manifest.json", json.dumps(made, indent=1))
    return content.getvalue()


def numbers_workbook(numbers: Numbers) -> bytes:
    """Return a workbook: Read me, and a sheet for each table with a filter on every column."""
    tables = [replace(each, notes=[*each.notes, NOT_A_FORECAST]) for each in numbers.sheets]
    return workbook_bytes(workbook(numbers.title, about_rows(numbers, made_by()), tables))

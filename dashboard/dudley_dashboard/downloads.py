"""Downloads: the numbers of a page or of a plan as a workbook or as CSV, and the plan file."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import xarray as xr
from dash import Dash, html
from flask import Flask, Response, request
from sdcompile.errors import InputError

from dudley_dashboard.address import REASON, TITLE, View, read_view, remark_of
from dudley_dashboard.names import REFERENCE_CASE_WORDS
from dudley_dashboard.page import root
from dudley_dashboard.parts import data
from dudley_dashboard.runs import AreaKey, area_keys, run, with_bands
from dudley_dashboard.server.files import fault_text, file_response, plain_text, ready_file
from dudley_sd.request import Request
from dudley_sd.results.account import account
from dudley_sd.results.excel import workbook, workbook_bytes
from dudley_sd.results.manifest import input_checksums, model_checksum
from dudley_sd.results.provenance import provenance
from dudley_sd.results.table import Table, csv_text
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.workbook import write_xlsx
from dudley_sd.saved_plan import SavedPlan

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
    app: Dash,
    page: str,
    ask: Ask,
    needs: Needs = lambda _: (),
    drawn: Callable[[View], bool] = lambda _: True,
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
    address = request.query_string.decode("ascii", errors="replace")
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "dudley_sd": version("dudley-sd"),
        "model_sha256": model_checksum(),
        "inputs_sha256": input_checksums(),
        "page": f"{page}?{address}" if address else page,
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


def add_downloads(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>download/plan.xlsx``, ``.zip`` and ``.toml`` with what the address asks for."""
    makers: dict[str, Callable[[Request, str, str], bytes]] = {"xlsx": plan_workbook, "zip": plan_tables}

    def download(ending: str) -> Response:
        view = read_view("?" + request.query_string.decode("ascii", errors="replace"))
        plan = view.request
        if ending == "toml":
            return _plan_file(plan, *(view.rest.get(key, ("",))[-1] for key in (TITLE, REASON)))
        name, reason = remark_of(view, TITLE), remark_of(view, REASON)
        if ending not in makers:
            return plain_text("There is no such file.", 404)
        needs = area_keys([plan.footprint], plan.projection)
        return ready_file(needs, lambda: makers[ending](plan, name, reason), _name(plan), ending)

    server.add_url_rule(f"{prefix}download/plan.<ending>", "dudley_sd_download", download)


def plan_workbook(plan: Request, name: str = "", reason: str = "") -> bytes:
    """Return the workbook of a plan as ``dudley-sd run`` writes it, with what the user says of the plan."""
    results, nothing = with_bands(plan)
    remarks = [(label, text) for label, text in (("Name", name), ("Reason", reason)) if text]
    with tempfile.TemporaryDirectory() as folder:
        return write_xlsx(results, Path(folder) / "plan.xlsx", nothing, remarks).read_bytes()


def plan_tables(plan: Request, name: str = "", reason: str = "") -> bytes:
    """Return an archive of CSV files: plan, what it is compared with, and sources, with a page on them."""
    results, nothing = with_bands(plan)
    runs = {"plan": results, "do_nothing": nothing}
    if plan.do_nothing() != plan.reference_case():
        runs["reference_case"] = run(plan.reference_case())
    content = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as all_:
        all_.writestr("read_me.txt", description(plan, results, nothing))
        for key, part in runs.items():
            all_.write(write_csv(part, Path(folder) / f"{key}.csv"), f"{key}.csv")
        all_.writestr("sources.csv", provenance(results).to_csv(index=False, lineterminator="\n"))
        all_.writestr("manifest.json", results.attrs["manifest"])
        all_.writestr("plan.toml", SavedPlan.of(plan, name, reason).toml())
    return content.getvalue()


def description(plan: Request, results: xr.Dataset, nothing: xr.Dataset) -> str:
    """Say what the tables are and how they are made again."""
    made = account(results, nothing)
    levers = [f"  {name} = {value!r}" for name, value in made.levers.items()] or ["  none"]
    scenario = made.scenarios[0]
    return "\n".join(
        (
            made.headline,
            *made.caveats,
            "",
            f"Scenario: {scenario.title}. {scenario.story}",
            f"Portfolio: {made.portfolio_title}. {made.portfolio_story}",
            f"Contract: {made.contract_title or 'as now'}",
            f"People: {made.projection}",
            "Levers set:",
            *levers,
            made.comparison,
            "",
            f"Made on {made.made[:10]} with dudley_sd {made.version}, model file SHA-256 {made.model}",
            f"The same again: {made.command}",
            "or: dudley-sd run --from plan.toml",
            "",
            "plan.csv: your plan, one number a row.",
            *_run_text(plan),
            "sources.csv: every number that went in, with its source.",
            "manifest.json: settings of the run, and checksums of the model file and of every input file.",
            "",
        )
    )


def _run_text(plan: Request) -> list[str]:
    """Say of each table but the plan's which run it is of."""
    nothing = "do_nothing.csv: your plan's future and outside world, no portfolio, contract as now"
    if plan.do_nothing() == plan.reference_case():
        return [f"{nothing}; this is the reference case too."]
    return [f"{nothing}.", f"reference_case.csv: {REFERENCE_CASE_WORDS}, in the same area."]


def _plan_file(plan: Request, title: str, reason: str) -> Response:
    try:
        return file_response(SavedPlan.of(plan, title, reason).toml().encode("utf-8"), _name(plan), "toml")
    except InputError as error:
        return plain_text(fault_text(error), 400)


def _name(plan: Request) -> str:
    """Name of a file, made of keys of this installation only."""
    return "_".join((plan.footprint, plan.portfolio, plan.scenario))

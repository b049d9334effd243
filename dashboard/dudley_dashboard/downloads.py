"""Files of a plan: its numbers and those it is compared with as workbook or CSV, and the plan file."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import xarray as xr
from flask import Flask, Response, request
from sdcompile.errors import InputError

from dudley_dashboard.address import REASON, TITLE, read_view, remark_of
from dudley_dashboard.areas import area_keys
from dudley_dashboard.names import REFERENCE_CASE_WORDS
from dudley_dashboard.runs import run, with_bands
from dudley_dashboard.server.faults import fault_text
from dudley_dashboard.server.files import file_response, plain_text, ready_file
from dudley_sd.request import Request
from dudley_sd.results.account import account
from dudley_sd.results.provenance import provenance
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.workbook import write_xlsx
from dudley_sd.saved_plan import SavedPlan


def add_downloads(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>download/plan.xlsx``, ``.zip`` and ``.toml`` with what the address asks for."""
    makers: dict[str, Callable[[Request, str, str], bytes]] = {"xlsx": workbook, "zip": tables}

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


def workbook(plan: Request, name: str = "", reason: str = "") -> bytes:
    """Return the workbook of a plan as ``dudley-sd run`` writes it, with what the user says of the plan."""
    results, nothing = with_bands(plan)
    remarks = [(label, text) for label, text in (("Name", name), ("Reason", reason)) if text]
    with tempfile.TemporaryDirectory() as folder:
        return write_xlsx(results, Path(folder) / "plan.xlsx", nothing, remarks).read_bytes()


def tables(plan: Request, name: str = "", reason: str = "") -> bytes:
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

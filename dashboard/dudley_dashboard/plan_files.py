"""The plan on the screen as a file that the command line runs, and such a file as an address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version

from flask import Flask, Response, request
from sdcompile.errors import Fault, InputError

from dudley_dashboard.address import read_view
from dudley_sd.request import Request
from dudley_sd.runs.plan_file import LARGEST, PlanFile, Setting, parse_plan, plan_text

MOST_FAULTS = 20
USUAL_TITLE = "Plan from the dashboard"


def text_of(
    plan: Request,
    title: str = "",
    reason: str = "",
    today: date | None = None,
    reasons: Mapping[str, str] | None = None,
) -> str:
    """Write a plan as the text of a plan file.

    Parameters
    ----------
    plan
        What is shown.
    title, reason
        What the user calls it, and why it is as it is.
    today
        The date in the file; today's when not given.
    reasons
        Why a lever has its value, by its address.

    Raises
    ------
    InputError
        If title or reasons are too long or hold what cannot be shown.
    """
    told = reasons or {}
    levers = {name: Setting(value=value, reason=told.get(name, "")) for name, value in plan.values.items()}
    try:
        content = PlanFile(
            title=title or USUAL_TITLE,
            date=today or date.today(),
            model_version=version("dudley-sd"),
            reason=reason,
            scenarios=[plan.scenario],
            portfolio=plan.portfolio,
            contract=plan.contract,
            footprints=[plan.footprint],
            projection=plan.projection,
            levers=levers,
        )
    except ValueError:
        problem = "title or reason is too long or holds characters that cannot be shown"
        raise InputError([Fault("plan", "", problem, "Shorten it, or type it again")]) from None
    return plan_text(content)


def address_of(content: bytes, name: str) -> tuple[str, list[str]]:
    """Return the address that shows what a plan file asks for, and what of it cannot be shown.

    Parameters
    ----------
    content, name
        Of the file, from anywhere.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    found = parse_plan(content, name)
    plan = Request(
        found.scenarios[0],
        found.portfolio,
        found.contract,
        found.footprints[0],
        found.projection,
        found.values,
    )
    notes = []
    for what, listed in (("scenario", found.scenarios), ("area", found.footprints)):
        if len(listed) > 1:
            notes.append(f"The file names {len(listed)} {what}s; the first, {listed[0]}, is shown.")
    address = plan.address()
    view = read_view(address)
    return view.request.address(), [*notes, *view.notes]


def add_plan_files(server: Flask, prefix: str) -> None:
    """Answer at ``<prefix>plan-file`` with the address of the plan file that is sent, or with its faults."""

    def opened() -> Response:
        content = request.stream.read(LARGEST + 1)
        try:
            address, notes = address_of(content, "plan file")
        except InputError as error:
            told = [
                f"{fault.where or 'The file'}: {fault.problem}. {fault.remedy}." for fault in error.faults
            ]
            return _json({"faults": told[:MOST_FAULTS]})
        return _json({"address": address, "notes": notes})

    server.add_url_rule(f"{prefix}plan-file", "dudley_sd_plan_file", opened, methods=["POST"])


def _json(content: dict[str, object]) -> Response:
    return Response(json.dumps(content), mimetype="application/json")

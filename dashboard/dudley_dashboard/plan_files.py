"""The plan on the screen as a file that the command line runs, and such a file as an address."""

from __future__ import annotations

import json

from flask import Flask, Response, request
from sdcompile.errors import InputError

from dudley_dashboard.address import read_view
from dudley_sd.saved_plan import LARGEST, parse_plan

MOST_FAULTS = 20


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
    found = parse_plan(content, name).request
    notes = []
    for what, listed in (("scenario", found.scenarios), ("area", found.footprints)):
        if len(listed) > 1:
            notes.append(f"The file names {len(listed)} {what}s; the first, {listed[0]}, is shown.")
    view = read_view(found.address())
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

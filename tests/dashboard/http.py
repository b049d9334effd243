"""Ask the app what a browser asks, without a browser."""

from __future__ import annotations

from typing import Any

from dudley_dashboard.serve import Settings, make_server_app
from dudley_dashboard.server.access import AccessCode
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PREFIX = "/dash/"
CODE = "correct horse battery"


def make(store: str = "", code: str = "", names: tuple[str, ...] = ()) -> Flask:
    """Make the app as a server on this machine makes it."""
    return make_server_app(Settings(PREFIX, store, code, names))


def call(
    client: FlaskClient, output: str, given: dict[str, Any], changed: str, **headers: Any
) -> TestResponse:
    """Make the callback that has an output, with the values of its inputs and states by ``id.property``."""
    dependencies = client.get(f"{PREFIX}_dash-dependencies", **headers).get_json()
    one = next(each for each in dependencies if output in each["output"] and changed in str(each["inputs"]))
    inputs = [{**each, "value": given.get(f"{each['id']}.{each['property']}")} for each in one["inputs"]]
    state = [{**each, "value": given.get(f"{each['id']}.{each['property']}")} for each in one["state"]]
    names = one["output"].strip(".").split("...")
    outputs = [
        {"id": name.rpartition(".")[0], "property": name.rpartition(".")[2].partition("@")[0]}
        for name in names
    ]
    for each, name in zip(outputs, names, strict=True):
        each["property"] = name.rpartition(".")[2]
    body = {
        "output": one["output"],
        "outputs": outputs if len(names) > 1 else outputs[0],
        "inputs": inputs,
        "state": state,
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in one["inputs"]],
    }
    return client.post(f"{PREFIX}_dash-update-component", json=body, **headers)


def page(client: FlaskClient, path: str, search: str = "", **headers: Any) -> TestResponse:
    """Have a page drawn for an address."""
    route = {"path": f"{PREFIX.rstrip('/')}{path}", "search": search}
    return call(client, "page.children", {"route.data": route}, "route", **headers)


def save(client: FlaskClient, name: str, reason: str = "", search: str = "", **headers: Any) -> str:
    """Press 'Save for the team'; returns what the reader is told."""
    given = {
        "plans-save.n_clicks": 1,
        "plans-name.value": name,
        "plans-reason.value": reason,
        "url.search": search,
    }
    answer = call(client, "plans-told.children", given, "plans-save", **headers)
    assert answer.status_code == 200
    told: str = answer.get_json()["response"]["plans-told"]["children"]
    return told


def texts(part: Any) -> list[str]:
    """Every text in an answer."""
    if isinstance(part, dict):
        return [text for each in part.values() for text in texts(each)]
    if isinstance(part, list):
        return [text for each in part for text in texts(each)]
    return [part] if isinstance(part, str) else []


def ticket(code: str = CODE) -> str:
    """Return a ticket that the app gives for a code."""
    return AccessCode(code).ticket()

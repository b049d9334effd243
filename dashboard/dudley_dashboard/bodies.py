"""Is the body of a request one that a page of ours can have sent? Whatever else comes is refused with 400."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash
from flask import abort, request

DEEPEST = 100
"""Lists and objects inside one another that a body may hold; those of our pages have some ten."""

FOREIGN = "No page of this dashboard sends this. Load the page again."


def add_body_check(app: Dash, prefix: str) -> None:
    """Refuse JSON that is nested too deeply, and callbacks that the app does not have."""
    callbacks = f"{prefix}_dash-update-component"

    def refuse() -> None:
        if not request.is_json:
            return
        try:
            content = request.get_json(silent=True)
        except RecursionError:
            abort(400, FOREIGN)
        if is_deeper(content, DEEPEST):
            abort(400, FOREIGN)
        if request.path == callbacks and not is_callback(content, app.callback_map):
            abort(400, FOREIGN)

    app.server.before_request(refuse)


def is_deeper(content: object, most: int) -> bool:
    """Whether lists and objects are nested more than so many times."""
    level: list[Any] = [content]
    for _ in range(most + 1):
        parts = [each.values() if isinstance(each, dict) else each for each in level if _holds(each)]
        level = [each for part in parts for each in part]
        if not level:
            return False
    return True


def is_callback(content: object, known: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a body asks for a callback of the server, with its own outputs, inputs and state.

    Parameters
    ----------
    content
        The body, as JSON.
    known
        Callbacks by the name of their outputs, as Dash keeps them; those in the browser have no function.
    """
    if not isinstance(content, dict) or not isinstance(content.get("output"), str):
        return False
    callback = known.get(content["output"], {})
    changed = content.get("changedPropIds", [])
    return (
        "callback" in callback
        and _are(content.get("inputs"), callback["inputs"])
        and _are(content.get("state", []), callback["state"])
        and _are_outputs(content.get("outputs"), content["output"])
        and isinstance(changed, list)
        and all(isinstance(each, str) for each in changed)
    )


def _are(given: object, declared: list[dict[str, str]]) -> bool:
    """Whether values are given of just these properties; of a pattern, of any number of components."""
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_is(value, each) for value, each in zip(given, declared, strict=True))


def _is(given: object, declared: dict[str, str]) -> bool:
    if not declared["id"].startswith("{"):
        return _is_property(given) and _pair(given) == (declared["id"], declared["property"])
    each = given if isinstance(given, list) else [given]
    return all(_is_property(one) and _pair(one)[1] == declared["property"] for one in each)


def _are_outputs(given: object, name: str) -> bool:
    several = name.startswith("..")
    if several and (not isinstance(given, list) or len(given) != len(name.strip(".").split("..."))):
        return False
    each = given if isinstance(given, list) else [given]
    return all(_is_property(one) for one in each)


def _is_property(given: object) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("id"), (str, dict))
        and isinstance(given.get("property"), str)
    )


def _pair(given: Any) -> tuple[Any, str]:
    return given["id"], given["property"]


def _holds(each: object) -> bool:
    return isinstance(each, (dict, list))

"""What is on the page of saved plans."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component
from flask import current_app

from dudley_dashboard.aria import aria, data
from dudley_dashboard.downloads import link
from dudley_dashboard.origin import origin, since
from dudley_dashboard.pages.plans.letting_in import how_to_turn_on, sign_in, sign_out
from dudley_dashboard.pages.plans.words import plan_words
from dudley_dashboard.plan import Plan
from dudley_dashboard.remarks import address_with
from dudley_dashboard.server.access import ACCESS, STORE, store_for_reader
from dudley_dashboard.store import SavedPlan, StoreError
from dudley_dashboard.store.plans import NAME_LENGTH, REASON_LENGTH
from dudley_dashboard.view import View, read_view


def keep(plan: Plan, prefix: str) -> html.Section:
    """Say what the plan is, and offer it as files."""
    store = current_app.config.get(STORE)
    team = store is not None and store_for_reader() is not None
    buttons: list[Component] = [
        html.A(
            "Save plan file", id="plans-file", className="plain", href=link(prefix, "toml", plan), download=""
        ),
        html.A(
            "Numbers as a workbook",
            id="plans-workbook",
            className="plain",
            href=link(prefix, "xlsx", plan),
            download="",
        ),
        html.A(
            "Numbers as CSV (zip)",
            id="plans-tables",
            className="plain",
            href=link(prefix, "zip", plan),
            download="",
        ),
    ]
    if team:
        buttons.insert(
            0, html.Button("Save for the team", id="plans-save", className="strong", type="button")
        )
    return html.Section(
        [
            html.H2("This plan"),
            html.P(plan_words(plan)),
            dmc.TextInput(
                id="plans-name",
                label="Name",
                attributes={"input": {"maxLength": NAME_LENGTH}},
                autoComplete="off",
            ),
            dmc.Textarea(
                id="plans-reason",
                label="Reason",
                description="Why this plan, in your words. Please name no patients or staff.",
                attributes={"input": {"maxLength": REASON_LENGTH}},
                autosize=True,
                minRows=2,
            ),
            html.Div(buttons, className="plans-buttons"),
            html.P(
                "A plan file is short text that colleagues can read, open here, or run on the command line: "
                "dudley-sd run --from plan.toml. The workbook and the CSV files hold every number of the "
                "plan and of doing nothing, with name and reason, settings, sources and the command that "
                "makes them again.",
                className="soft",
            ),
        ],
        className="plans-card",
    )


def open_file(prefix: str) -> html.Section:
    """Leave a place for the script that lets a reader choose a file."""
    return html.Section(
        [
            html.H2("Open a plan file"),
            html.P("The file is read by this server and shown; it is not kept, and goes nowhere else."),
            html.Div(id="plans-open", **data(prefix=prefix)),
        ],
        className="plans-card",
    )


def team(view: View, prefix: str) -> html.Section:
    """Return the saved plans, how to be let in, or how saving is turned on."""
    if current_app.config.get(STORE) is None:
        content = how_to_turn_on()
    elif store_for_reader() is None:
        content = sign_in(view, prefix)
    else:
        content = [html.Div(saved(prefix), id="plans-list")]
        if current_app.config.get(ACCESS) is not None:
            content.append(sign_out(view, prefix))
    return html.Section([html.H2("Plans that the team has saved"), *content], className="plans-card")


def saved(prefix: str) -> list[Component]:
    """Return the saved plans, the newest first."""
    store = store_for_reader()
    try:
        plans = store.plans() if store else []
    except StoreError as error:
        return [html.P(str(error))]
    if not plans:
        return [html.P("No plan is saved yet.")]
    now = origin()
    return [html.Ul([_saved_one(plan, prefix, now) for plan in plans], className="plans-saved")]


def _saved_one(plan: SavedPlan, prefix: str, now: str) -> html.Li:
    buttons = [("replace", "Replace with this plan"), ("delete", "Delete")]
    if plan.number > 1:
        buttons.insert(0, ("history", f"History ({plan.number})"))
    return html.Li(
        [
            html.H3(html.A(plan.name, href=_address(plan, prefix))),
            html.P(plan.reason) if plan.reason else html.Span(),
            html.P(plan_words(read_view(plan.address).plan), className="soft"),
            html.P(f"{_made(plan)} {since(plan.origin, now)}", className="soft"),
            html.Div(
                [
                    html.Button(
                        words,
                        id={"plans": what, "id": plan.id, "seen": plan.number},
                        className="plain",
                        type="button",
                        **aria(label=f"{words}: {plan.name}"),
                    )
                    for what, words in buttons
                ],
                className="plans-buttons",
            ),
        ]
    )


def window() -> html.Div:
    """Return the window that asks before something is changed, closed."""
    return html.Div(
        [
            dcc.Store(id="plans-target"),
            dmc.Modal(
                html.Div(id="plans-window-content"),
                id="plans-window",
                opened=False,
                centered=True,
                closeButtonProps=aria(label="Close"),
            ),
        ]
    )


def question(what: str, versions: list[SavedPlan], prefix: str) -> tuple[str, list[Component]]:
    """Return title and content of the window: what happens, and a button that does it."""
    if not versions:
        return "It is gone", [html.P("Somebody has deleted this plan meanwhile.")]
    plan = versions[0]
    if what == "history":
        return f"History of “{plan.name}”", [
            html.Ol(
                [
                    html.Li([html.A(_made(each), href=_address(each, prefix)), html.P(each.reason)])
                    for each in versions
                ],
                reversed=True,
                className="plans-history",
            )
        ]
    reason = dmc.Textarea(
        id="plans-new-reason",
        label="Reason",
        attributes={"input": {"maxLength": REASON_LENGTH}},
        autosize=True,
        minRows=2,
    )
    if what == "replace":
        words = "The plan shown now becomes its newest version. The versions before are kept in its history."
        return f"Replace “{plan.name}”?", [html.P(words), reason, _sure("Replace it")]
    count = "its only version" if plan.number == 1 else f"all its {plan.number} versions"
    words = f"It goes with {count}, for everybody. There is no way back."
    return f"Delete “{plan.name}”?", [
        html.P(words),
        html.Div(reason, hidden=True),
        _sure("Delete it for good"),
    ]


def _made(plan: SavedPlan) -> str:
    when = f"{plan.made.day} {plan.made:%B %Y}"
    return f"Version {plan.number}, {when}, dudley_sd {plan.model_version}."


def _address(plan: SavedPlan, prefix: str) -> str:
    """Return where a saved plan is shown: always on this site, whatever is stored."""
    return f"{prefix}{address_with(read_view(plan.address).plan, plan.name, plan.reason)}"


def _sure(words: str) -> html.Button:
    return html.Button(words, id="plans-sure", className="strong", type="button")

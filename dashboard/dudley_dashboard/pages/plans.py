"""Saved plans: keep a plan as a file or for the team, and open it again."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from flask import current_app

from dudley_dashboard.address import View, address_with, read_view
from dudley_dashboard.catalogue import origin
from dudley_dashboard.names import plan_text
from dudley_dashboard.page import Page, root
from dudley_dashboard.parts import aria, data
from dudley_dashboard.server.access import ACCESS, STORE, TRIED, store_for_reader
from dudley_dashboard.store import PlanVersion, StoreError, since
from dudley_sd.request import NAME_LENGTH, REASON_LENGTH, Request

NO_ACCESS = "The saved plans are not open to you; give the access code first."
LARGEST_ID = 2**31 - 1


def save(name: object, reason: object, plan: Request) -> str:
    """Save a plan under a new name."""
    store = store_for_reader()
    if store is None:
        return NO_ACCESS
    try:
        store.save(_text(name), _text(reason), plan.address(), origin())
    except StoreError as error:
        return str(error)
    return f"Saved as “{_text(name).strip()}”."


def change(target: object, reason: object, plan: Request) -> str:
    """Replace or delete a saved plan: ``{"plans": "replace", "id": 3, "seen": 2}``."""
    store = store_for_reader()
    if store is None:
        return NO_ACCESS
    keys = target if isinstance(target, dict) else {}
    what, number, seen = keys.get("plans"), _number(keys.get("id")), _number(keys.get("seen"))
    try:
        if what == "replace":
            store.replace(number, seen, _text(reason), plan.address(), origin())
            return f"Replaced; version {seen} is kept in its history."
        if what == "delete":
            store.delete(number, seen)
            return "Deleted."
    except StoreError as error:
        return str(error)
    return "Nothing was changed."


def versions_of(number: object) -> list[PlanVersion]:
    """Every version of a plan, the newest first; empty where there is none that the reader may see."""
    store = store_for_reader()
    try:
        return store.history(_number(number)) if store else []
    except StoreError:
        return []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """Return an id as a database takes it; 0, which no plan has, for anything else."""
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
    return int(str(value)) if is_id else 0


TRIED_WORDS = {
    "wrong": "That was not the access code. Please try again.",
    "wait": "Too many wrong codes came from your network address. Please wait before you try again, five "
    "minutes at most. This does not affect anyone at another address, or anyone who is in already.",
}


def layout(view: View) -> html.Div:
    """Show the plan of the address, a way to open a file, and the plans that the team has saved."""
    return html.Div(
        [
            html.H1("Keep this plan, or open another"),
            html.Div([keep(view.request), open_file()], className="plans-pair"),
            html.P(id="plans-told", className="plans-told", role="status", **aria(live="polite")),
            team(view),
            window(),
        ],
        className="plans",
    )


def register(app: Dash) -> None:
    """Save; ask before replacing or deleting; show the history; each changes the list of saved plans."""

    @app.callback(
        Output("plans-told", "children"),
        Output("plans-list", "children"),
        Input("plans-save", "n_clicks"),
        State("plans-name", "value"),
        State("plans-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(clicks: int | None, name: str, reason: str, search: str) -> tuple[str, list[Component]]:
        if not clicks:
            raise PreventUpdate
        return save(name, reason, read_view(search or "").request), saved()

    @app.callback(
        Output("plans-window", "opened"),
        Output("plans-window", "title"),
        Output("plans-window-content", "children"),
        Output("plans-target", "data"),
        Input({"plans": ALL, "id": ALL, "seen": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(clicks: list[int | None]) -> tuple[bool, str, list[Component], dict[str, object]]:
        target = ctx.triggered_id
        if not any(clicks) or not target:
            raise PreventUpdate
        title, content = question(target["plans"], versions_of(target["id"]))
        return True, title, content, dict(target)

    @app.callback(
        Output("plans-told", "children", allow_duplicate=True),
        Output("plans-list", "children", allow_duplicate=True),
        Output("plans-window", "opened", allow_duplicate=True),
        Input("plans-sure", "n_clicks"),
        State("plans-target", "data"),
        State("plans-new-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def sure(
        clicks: int | None, target: object, reason: str | None, search: str
    ) -> tuple[str, list[Component], bool]:
        if not clicks:
            raise PreventUpdate
        return change(target, reason, read_view(search or "").request), saved(), False


def keep(plan: Request) -> html.Section:
    """Say what the plan is, and offer it as files."""
    store = current_app.config.get(STORE)
    team = store is not None and store_for_reader() is not None
    offered = (
        ("file", "Save plan file", "toml"),
        ("workbook", "Numbers as a workbook", "xlsx"),
        ("tables", "Numbers as CSV (zip)", "zip"),
    )
    buttons: list[Component] = [
        html.A(
            words,
            id=f"plans-{key}",
            className="plain",
            href=f"{root()}download/plan.{ending}{plan.address()}",
            download="",
        )
        for key, words, ending in offered
    ]
    if team:
        buttons.insert(
            0, html.Button("Save for the team", id="plans-save", className="strong", type="button")
        )
    return html.Section(
        [
            html.H2("This plan"),
            html.P(plan_text(plan)),
            dmc.TextInput(
                id="plans-name",
                label="Name",
                attributes={"input": {"maxLength": NAME_LENGTH}},
                autoComplete="off",
            ),
            _reason(
                "plans-reason", description="Why this plan, in your words. Please name no patients or staff."
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


def open_file() -> html.Section:
    """Leave a place for the script that lets a reader choose a file."""
    return html.Section(
        [
            html.H2("Open a plan file"),
            html.P("The file is read by this server and shown; it is not kept, and goes nowhere else."),
            html.Div(id="plans-open", **data(prefix=root())),
        ],
        className="plans-card",
    )


def team(view: View) -> html.Section:
    """Return the saved plans, how to be let in, or how saving is turned on."""
    if current_app.config.get(STORE) is None:
        content = how_to_turn_on()
    elif store_for_reader() is None:
        content = sign_in(view)
    else:
        content = [html.Div(saved(), id="plans-list")]
        if current_app.config.get(ACCESS) is not None:
            content.append(sign_out(view))
    return html.Section([html.H2("Plans that the team has saved"), *content], className="plans-card")


def saved() -> list[Component]:
    """Return the saved plans, the newest first."""
    store = store_for_reader()
    try:
        plans = store.plans() if store else []
    except StoreError as error:
        return [html.P(str(error))]
    if not plans:
        return [html.P("No plan is saved yet.")]
    now = origin()
    return [html.Ul([_saved_one(plan, now) for plan in plans], className="plans-saved")]


def _saved_one(plan: PlanVersion, now: str) -> html.Li:
    buttons = [("replace", "Replace with this plan"), ("delete", "Delete")]
    if plan.number > 1:
        buttons.insert(0, ("history", f"History ({plan.number})"))
    return html.Li(
        [
            html.H3(html.A(plan.name, href=_address(plan))),
            html.P(plan.reason) if plan.reason else html.Span(),
            html.P(plan_text(read_view(plan.address).request), className="soft"),
            html.P(f"{_origin_text(plan)} {since(plan.origin, now)}", className="soft"),
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


def question(what: str, versions: list[PlanVersion]) -> tuple[str, list[Component]]:
    """Return title and content of the window: what happens, and a button that does it."""
    if not versions:
        return "It is gone", [html.P("Somebody has deleted this plan meanwhile.")]
    plan = versions[0]
    if what == "history":
        return f"History of “{plan.name}”", [
            html.Ol(
                [
                    html.Li([html.A(_origin_text(each), href=_address(each)), html.P(each.reason)])
                    for each in versions
                ],
                reversed=True,
                className="plans-history",
            )
        ]
    reason = _reason("plans-new-reason")
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


def _reason(name: str, **more: str) -> dmc.Textarea:
    return dmc.Textarea(
        id=name,
        label="Reason",
        attributes={"input": {"maxLength": REASON_LENGTH}},
        autosize=True,
        minRows=2,
        **more,
    )


def _origin_text(plan: PlanVersion) -> str:
    when = f"{plan.made.day} {plan.made:%B %Y}"
    return f"Version {plan.number}, {when}, dudley_sd {plan.model_version}."


def _address(plan: PlanVersion) -> str:
    """Return where a saved plan is shown: always on this site, whatever is stored."""
    return f"{root()}{address_with(read_view(plan.address).request, plan.name, plan.reason)}"


def _sure(words: str) -> html.Button:
    return html.Button(words, id="plans-sure", className="strong", type="button")


def how_to_turn_on() -> list[Component]:
    """Say why nothing can be saved for the team, and what whoever runs the server can do."""
    return [
        html.P("Saving for the team is off: this dashboard was started without a place to keep plans."),
        html.P("Whoever runs it can turn it on by naming a database, a file or a PostgreSQL server:"),
        html.Pre("dudley-sd dashboard --store sqlite:///plans.sqlite", tabIndex=0),
        html.P(
            "Until then, save a plan file, or send the address of this page: the whole plan is in it. Where "
            "others can reach the dashboard, saved plans are also kept behind an access code.",
            className="soft",
        ),
    ]


def sign_in(view: View) -> list[Component]:
    """Ask for the access code; without one, plans can only be seen from the machine itself."""
    if current_app.config.get(ACCESS) is None:
        return [
            html.P(
                "The saved plans can be opened only on the machine that serves this dashboard. To open them "
                "to others, whoever runs it sets an access code."
            )
        ]
    tried = TRIED_WORDS.get(view.rest.get(TRIED, ("",))[-1], "")
    form = html.Form(
        [
            dmc.PasswordInput(
                id="plans-code", name="code", label="Access code", autoComplete="current-password"
            ),
            html.Button("Open the saved plans", type="submit", className="strong"),
        ],
        action=f"{root()}access{view.request.address()}",
        method="post",
        className="plans-sign-in",
    )
    return [
        html.P("The team's plans are kept behind a code that the team shares."),
        html.P(tried, className="plans-told", role="alert") if tried else html.Span(),
        form,
        html.P(
            "A cookie remembers for twelve hours that the code was given. It holds nothing about you.",
            className="soft",
        ),
    ]


def sign_out(view: View) -> html.Form:
    """Offer to forget that the code was given."""
    return html.Form(
        html.Button("Close the saved plans on this computer", type="submit", className="plain"),
        action=f"{root()}access/out{view.request.address()}",
        method="post",
    )


PAGE = Page("/plans", "Saved plans", "How do we keep this plan, or open another?", layout, register)

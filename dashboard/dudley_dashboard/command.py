"""``dudley-sd dashboard``: serve the dashboard, on this machine or beyond it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dudley_sd.commands.options import console


def dashboard(
    host: Annotated[
        str, typer.Option(help="Where to listen; 0.0.0.0 is every network that this machine is in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 is any that is free.")] = 8050,
    prefix: Annotated[
        str,
        typer.Option(help="Path below which it is, as behind a proxy: /dudley/.", envvar="DUDLEY_SD_PREFIX"),
    ] = "/",
    store: Annotated[
        str,
        typer.Option(
            help="Database of saved plans: sqlite:///plans.sqlite or postgresql://user:password@host/name. "
            "Nothing is saved without one.",
            envvar="DUDLEY_SD_STORE",
        ),
    ] = "",
    access_code_file: Annotated[
        Path | None,
        typer.Option(
            help="File with the code that opens the saved plans; or set DUDLEY_SD_ACCESS_CODE. Needed where "
            "others can reach them."
        ),
    ] = None,
    public_name: Annotated[
        list[str] | None,
        typer.Option(
            help="Host name under which others reach it, as behind a proxy. May be given many times."
        ),
    ] = None,
    proxies: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=99,
            help="How many proxies stand in front, each adding to X-Forwarded-For; one on this machine is "
            "noticed.",
            envvar="DUDLEY_SD_PROXIES",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Serve the dashboard until it is stopped with Ctrl+C."""
    from dudley_dashboard.serve import CODE_VARIABLE, Settings, code_file_of_environment, serve

    settings = Settings(
        prefix,
        store,
        code=os.environ.get(CODE_VARIABLE, "").strip(),
        public_names=tuple(public_name or ()),
        code_file=access_code_file or code_file_of_environment(),
        proxies=proxies,
    )

    def opened(address: str) -> None:
        saved = "Plans are saved." if store else "Plans are not saved: no --store is named."
        console.print(f"A model, not a forecast. {saved} Stop with Ctrl+C. Open:")
        typer.echo(address)

    serve(settings, host, port, opened, show)

"""What every page of the dashboard is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dash import Dash
from dash.development.base_component import Component

from dudley_dashboard.view import View


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes
    ----------
    path
        Where it is, below the prefix: ``/compare``.
    title
        Its name in the navigation and the heading of the page.
    question
        The question it answers, in a reader's words.
    layout
        What is on it, for what the address asks for.
    register
        Which control moves which picture: adds its callbacks to the app, once.
    """

    path: str
    title: str
    question: str
    layout: Callable[[View], Component]
    register: Callable[[Dash], None]

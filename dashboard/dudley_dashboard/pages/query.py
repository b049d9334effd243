"""Query of a page: what its address asks for beside the request, read, checked and written back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from dash import ClientsideFunction, Dash, Input, Output, html
from dash.dependencies import DashDependency

from dudley_dashboard.address import clean_name, pin_text, read_pins, read_view
from dudley_sd.request import Request

OLD_VALUES = {
    "unlanded_share": "landed_share",
    "baseline": "reference_case",
    "doing_nothing": "do_nothing",
}
"""Values in links of earlier versions, and what they are called now."""

NONE_CHOSEN = "none_chosen"
"""Value in the address where every tick of a list was taken away."""

LEFT_OUT = "There is no {what} “{value}”; it was left out."


@dataclass(frozen=True)
class Key:
    """One key of a page's address.

    Attributes
    ----------
    name, what
        The key, and what a note calls its value.
    known
        Values that it may have, in the order offered; None for any text.
    default
        Value where the address says nothing; a tuple of values where the key may stand several times.
    note
        Said of a value that is not known and gives way to the default.
    """

    name: str
    what: str
    known: Iterable[Any] | None
    default: Any
    note: str = "There is no {what} “{value}”; the usual one is shown."

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read text from the outside: the last of several where there can be one; with notes on faults."""
        several = isinstance(self.default, tuple)
        if texts is None or not (texts or several):
            return self.default, []
        given = [OLD_VALUES.get(text, text) for text in (texts if several else texts[-1:])]
        if self.known is None:
            return given[-1], []
        known = {str(value): value for value in self.known}
        note = LEFT_OUT if several else self.note
        notes = [
            note.format(what=self.what, value=clean_name(text))
            for text in given
            if text not in known and not (several and text == NONE_CHOSEN)
        ]
        found = tuple(value for text, value in known.items() if text in given)
        if notes and not found:
            return self.default, notes
        return (found if several else found[0]), notes

    def pairs(self, value: Any) -> list[tuple[str, str]]:
        """Return keys and values of an address; none of the default."""
        values = (value or (NONE_CHOSEN,)) if isinstance(self.default, tuple) else (value,)
        return [] if value == self.default else [(self.name, str(each)) for each in values]


class PinKey(Key):
    """The key of pinned plans."""

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read pinned plans; a fault in one gives a note."""
        pins, notes = read_pins(texts or ())
        return tuple(pins), notes

    def pairs(self, value: Any) -> list[tuple[str, str]]:
        """Return a pair for each pinned plan."""
        return [(self.name, pin_text(pin)) for pin in value]


def year_key(default: int, first: int, last: int) -> Key:
    """Return the key of a year."""
    note = f"“{{value}}” is no year from {first} to {last}; {default} is shown."
    return Key("year", "year", range(first, last + 1), default, note)


@dataclass(frozen=True)
class Query(ABC):
    """What an address asks of a page beside the request: each page has its own, an attribute a key."""

    request: Request

    @classmethod
    @abstractmethod
    def keys(cls, request: Request) -> tuple[Key, ...]:
        """Return the keys of the page, with what the request makes of their defaults."""

    @classmethod
    def read(cls, request: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """Read text from the outside, by key; what cannot be true gives a note and the default."""
        found: dict[str, Any] = {}
        notes: list[str] = []
        for key in cls.keys(request):
            found[key.name], more = key.read(rest.get(key.name))
            notes += more
        return cls(request, **found), notes

    @classmethod
    def of_controls(cls, search: str | None, **values: Any) -> Self:
        """Read what controls hold as the address is read: it comes from outside too; None is the default."""
        rest = {
            key: tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
            for key, value in values.items()
            if value is not None
        }
        return cls.read(read_view(str(search or "")).request, rest)[0]

    @classmethod
    def default(cls, request: Request) -> Self:
        """Return what is shown where the address says nothing."""
        return cls.read(request, {})[0]

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the default, as keys and values of an address."""
        return [pair for key in self.keys(self.request) for pair in key.pairs(getattr(self, key.name))]


def keep_in_address(
    app: Dash, page: str, query_of: Callable[..., Query], controls: Mapping[str, DashDependency]
) -> None:
    """Write what the controls of a page hold into the address; what is as by default goes out of it."""

    def address(**values: Any) -> dict[str, Any]:
        found = query_of(**values)
        return {"keys": [key.name for key in found.keys(found.request)], "pairs": found.pairs()}

    app.callback(output=Output(f"{page}-address", "data"), inputs=dict(controls), prevent_initial_call=True)(
        address
    )
    app.clientside_callback(
        ClientsideFunction("pages", "address"),
        Output(f"{page}-address", "modified_timestamp"),
        Input(f"{page}-address", "data"),
        prevent_initial_call=True,
    )


def notes_of(notes: Sequence[str], page: str, **more: Any) -> html.Div:
    """Say what of the address was not understood, or what was left out."""
    return html.Div([html.P(note) for note in notes], className=f"notes {page}-notes", role="status", **more)

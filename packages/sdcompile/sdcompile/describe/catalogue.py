"""Catalogue of a model: what each variable is to a reader, what it uses and where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sdcompile.describe.links import added_up, flow_terms, links, moving, turned
from sdcompile.errors import InputError
from sdcompile.names import same_name, snake_case
from sdcompile.read.levers import levers
from sdcompile.read.model import Model, Variable, assemble
from sdcompile.read.parse import ModelText, read_text

KINDS = {
    "stock": "stock",
    "smooth": "lagged value",
    "delay": "pipeline of fixed length",
    "initial": "value at the start, kept",
    "external": "numbers from a file",
    "data": "series from a file",
    "table": "table",
    "constant": "constant",
}
"""A variable's kind in words; what is not here is called auxiliary."""

MEMORY = ("stock", "smooth", "delay", "sample", "trend", "forecast")
"""Kinds that carry something from one step to the next."""

SWITCH = (0.0, 1.0, 1.0)
"""Limits of a lever that is on or off."""


@dataclass(frozen=True)
class Catalogue:
    """A model as a reader looks things up in it.

    Attributes
    ----------
    model
        The variables.
    text
        The same as written, and as trees.
    rows
        Rows of a table about constants of the model, by the key of the variable.
    """

    model: Model
    text: ModelText
    rows: dict[str, pd.DataFrame]

    @cached_property
    def links(self) -> dict[str, tuple[str, ...]]:
        """For each variable, those that act on it while the model runs."""
        return links(self.text)

    @cached_property
    def onward(self) -> dict[str, tuple[str, ...]]:
        """For each variable, those it acts on while the model runs."""
        return turned(self.links)

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        """For each variable, those whose equation names it, initial values included."""
        return turned({key: variable.uses for key, variable in self.model.variables.items()})

    @cached_property
    def flows(self) -> dict[str, dict[str, int]]:
        """For each stock, its flows: +1 fills it, -1 drains it, 0 both."""
        found: dict[str, dict[str, int]] = {}
        for name, pieces in self.text.by_name(same_name).items():
            stock = snake_case(pieces[0].entry.name)
            if self.model.variables[stock].kind != "stock":
                continue
            terms = [term for piece in pieces for term in flow_terms(piece.tree) if term[0] != name]
            signs: dict[str, set[int]] = {}
            for used, sign in terms:
                variable = self.model.variables.get(snake_case(used))
                if variable is not None and variable.kind not in ("constant", "external"):
                    signs.setdefault(variable.key, set()).add(sign)
            found[stock] = {key: both.pop() if len(both) == 1 else 0 for key, both in signs.items()}
        return found

    @cached_property
    def passed_on(self) -> dict[str, tuple[str, ...]]:
        """For each flow, the flows that are made of it and of nothing but other variables added up."""
        found: dict[str, tuple[str, ...]] = {}
        for pieces in self.text.by_name(same_name).values():
            target = snake_case(pieces[0].entry.name)
            for piece in pieces if self.is_flow(target) else ():
                for name in added_up(piece.tree):
                    source = snake_case(name)
                    if self.is_flow(source):
                        found[source] = tuple(dict.fromkeys((*found.get(source, ()), target)))
        return found

    @cached_property
    def moving(self) -> set[str]:
        """Keys of variables that change during a run."""
        variables = self.model.variables.values()
        return moving(self.links, [v.key for v in variables if v.kind in (*MEMORY, "data")])

    @cached_property
    def levers(self) -> set[str]:
        """Keys of the constants that a user may set."""
        return {lever.key for lever in levers(self.model).values()}

    def in_group(self, group: str) -> list[Variable]:
        """Variables of one sector in file order."""
        return [variable for variable in self.model.variables.values() if variable.group == group]

    def fills(self, key: str) -> list[str]:
        """Stocks that a flow fills."""
        return [stock for stock, signs in self.flows.items() if signs.get(key, -1) >= 0]

    def drains(self, key: str) -> list[str]:
        """Stocks that a flow drains."""
        return [stock for stock, signs in self.flows.items() if signs.get(key, 1) <= 0]

    def is_flow(self, key: str) -> bool:
        """Whether a variable is a flow of some stock."""
        return any(key in signs for signs in self.flows.values())

    def role(self, variable: Variable) -> str:
        """Say what a variable is, flows apart."""
        if variable.control:
            return "setting of a run"
        if variable.key in self.levers:
            return "switch" if variable.limits == SWITCH else "lever"
        return KINDS.get(variable.kind, "auxiliary")


def read_catalogue(model_file: Path, about: pd.DataFrame | None = None) -> Catalogue:
    """Catalogue of a model file.

    Parameters
    ----------
    model_file
        An ``.mdl`` file.
    about
        A table about constants, whose column ``model_name`` says which, with an element or without.

    Raises
    ------
    InputError
        If the model file cannot be read.
    """
    text = read_text(model_file)
    model, faults = assemble(text)
    if text.faults or faults:
        raise InputError([*text.faults, *faults])
    rows: dict[str, pd.DataFrame] = {}
    if about is not None:
        owners = about["model_name"].map(lambda name: snake_case(same_name(name.partition("[")[0])))
        rows = {str(key): found for key, found in about.groupby(owners, sort=False)}
    return Catalogue(model, text, rows)

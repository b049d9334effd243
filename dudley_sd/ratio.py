"""Ratios: how a total of areas has an indicator that does not add up, from sums of the areas."""

from __future__ import annotations

import functools
import operator
from collections.abc import Container, Hashable, Sequence

import xarray as xr
from pydantic import BaseModel, ConfigDict

SIZES = ("Person", "WTE", "GP", "Bed", "MillionPound", "Activity", "Person*Day")
"""Units of what is larger in a larger area, and of which two areas have the sum; so are these by year."""


def adds_up(units: str) -> bool:
    """Whether twice the area has twice as much of what has this unit, and two areas have the sum."""
    return units.removesuffix("/Year") in SIZES


class Ratio(BaseModel):
    """How a total of areas has an indicator that does not add up: a part of a whole, from sums of the areas.

    Attributes
    ----------
    part, whole
        Variables that add up, or sums of products with one of them: ``carers * perceived_strain``. Dimensions
        that the indicator has not are summed, unless an element is named: ``staff_in_post[CommunityStaff]``.
    otherwise
        The ratio where the whole is nothing.
    rest
        Whether it is what is left of one.
    least
        No less than that.
    times
        How many of the whole it counts for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: str
    whole: str
    otherwise: float = 0.0
    rest: bool = False
    least: float | None = None
    times: float = 1.0

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that part and whole are made of."""
        return tuple(dict.fromkeys(name.partition("[")[0] for name in self.addresses))

    @property
    def addresses(self) -> list[str]:
        """Variables that part and whole are made of, each with its element where one is named."""
        return [name for text in (self.part, self.whole) for term in _terms(text) for name in term]

    def of_all_elements(self, element: str) -> Ratio:
        """Return the ratio of a variable from that of one of its elements."""
        if not element:
            return self
        part, whole = (text.replace(f"[{element}]", "") for text in (self.part, self.whole))
        return self.model_copy(update={"part": part, "whole": whole})

    @property
    def plain(self) -> bool:
        """Whether part and whole are variables or sums of them, as the browser needs them."""
        return self.times == 1 and not set("*[") & set(self.part + self.whole)

    def can_be_told(self, known: Container[str], added: Container[str]) -> bool:
        """Whether a total has it: all is known, and a factor of every term adds up."""
        terms = [
            {name.partition("[")[0] for name in term}
            for text in (self.part, self.whole)
            for term in _terms(text)
        ]
        known_all = all(name in known for term in terms for name in term)
        return known_all and all(any(name in added for name in term) for term in terms)

    def of(self, areas: Sequence[xr.Dataset], dims: tuple[Hashable, ...]) -> xr.DataArray:
        """Work the indicator out from that of which the areas have the sum, dims as the indicator has them.

        Raises
        ------
        KeyError
            If a variable is not there.
        """
        part, whole = (
            functools.reduce(operator.add, [_worked_out(text, area, dims) for area in areas])
            for text in (self.part, self.whole)
        )
        ratio = (part / whole.where(whole != 0, 1.0)).where(whole != 0, self.otherwise)
        found = self.times * (1 - ratio if self.rest else ratio)
        return found if self.least is None else found.clip(min=self.least)


def _terms(text: str) -> list[list[str]]:
    return [[name.strip() for name in term.split("*")] for term in text.split("+")]


def _worked_out(text: str, area: xr.Dataset, dims: tuple[Hashable, ...]) -> xr.DataArray:
    """Sum of products of variables, over dimensions that are not wanted."""
    terms = []
    for term in _terms(text):
        product = functools.reduce(operator.mul, [_element_of(name, area) for name in term])
        beyond = [dim for dim in product.dims if dim not in dims]
        terms.append(product.sum(beyond) if beyond else product)
    return functools.reduce(operator.add, terms)


def _element_of(address: str, area: xr.Dataset) -> xr.DataArray:
    """Return a variable, or the element of it that an address names."""
    name, _, element = address.rstrip("]").partition("[")
    array = area[name]
    if not element:
        return array
    dim = next(dim for dim in array.dims if element in array[dim].to_numpy())
    return array.sel({dim: element}, drop=True)

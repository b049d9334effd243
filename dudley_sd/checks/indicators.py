"""Checks of the table of indicators against the model file: names that it has not, ratios without a total."""

from __future__ import annotations

from pathlib import Path

from sdcompile.errors import Fault
from sdcompile.read.model import Model

from dudley_sd.indicators import ECHOES, ITSELF, SUMMED, Indicator, read_indicators, unknown_name
from dudley_sd.ratio import adds_up


def indicator_faults(path: Path, model: Model) -> list[Fault]:
    """Faults of the table against the model: variables and elements that it has not, with near names.

    Raises
    ------
    InputError
        As `read_indicators`.
    """
    rows = list(read_indicators(path).values())
    faults = _order_faults(path, rows)
    for row in rows:
        names = [("", row.variable)] * (not row.recipe)
        addresses = row.total.addresses if row.total else []
        names += [("total", address.partition("[")[0]) for address in addresses]
        names += [
            ("step_scale", name)
            for term in row.step_scale.split("/")
            for name in [term.strip()]
            if name not in ("", ITSELF)
        ]
        for field, name in names:
            if name not in model.variables:
                faults.append(unknown_name(path, f"{row.key}.{field}".rstrip("."), name, model.variables))
        for field, address in [("of", row.address), *(("total", address) for address in addresses)]:
            faults += _element_faults(path, f"{row.key}.{field}", address, model)
        faults += _total_faults(path, row, model)
        if "headline" in row.display and "band" not in row.display:
            remedy = "Show it there: display = { band = 900, ... }"
            faults.append(Fault(str(path), row.key, "is a headline and not in band", remedy))
    return faults


def _order_faults(path: Path, rows: list[Indicator]) -> list[Fault]:
    """Refuse two indicators with the same order in one place."""
    first: dict[tuple[str, float], str] = {}
    faults = []
    for row in rows:
        orders = {f"display.{place}": order for place, order in row.display.items()}
        orders |= {"chart.order": row.chart.order} if row.chart else {}
        for place, order in orders.items():
            other = first.setdefault((place, order), row.key)
            if other != row.key:
                problem = f"{order:g} is the order of {other} too"
                faults.append(Fault(str(path), f"{row.key}.{place}", problem, "Give it one of its own"))
    return faults


def _element_faults(path: Path, place: str, address: str, model: Model) -> list[Fault]:
    """Refuse an element that its variable has not."""
    name, _, element = address.rstrip("]").partition("[")
    variable = model.variables.get(name)
    if not element or variable is None:
        return []
    known = [each for subscript in variable.subscripts for each in model.ranges[subscript]]
    return [] if element in known else [unknown_name(path, place, element, known)]


def _total_faults(path: Path, row: Indicator, model: Model) -> list[Fault]:
    """Refuse an indicator that a sum of areas is asked for and cannot have."""
    variable = model.variables.get(row.variable)
    places = [place for place in SUMMED if place in row.display]
    if row.total or row.recipe or variable is None or not places:
        return []
    if adds_up(variable.units) or variable.kind in ECHOES:
        return []
    problem = f"is shown in {', '.join(places)}, for sums of areas too, and {variable.units} does not add up"
    remedy = 'Give it `total`, the ratio that it is: { part = "beds_occupied", whole = "beds" }'
    return [Fault(str(path), row.key, problem, remedy)]

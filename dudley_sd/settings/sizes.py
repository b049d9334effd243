"""Sizes of services and limits of settings in an area that the model file is not of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from sdcompile.errors import Fault, InputError
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, lever_values, levers
from sdcompile.read.model import Model

from dudley_sd.inputs.scaling import FILE, Scaling
from dudley_sd.ratio import SIZES, adds_up


def sized_model(model: Model, scaling: Scaling | None) -> Model:
    """Return the model file with the sizes of an area in place of its own.

    Parameters
    ----------
    model
        The model file.
    scaling
        How the area's sizes follow from it; None: they are its own.

    Returns
    -------
    Model
        The same model, the default and the limits of every size multiplied by its ratio (limits by the
        ratio of the element that lies furthest out), or the default replaced by the local figure.

    Raises
    ------
    InputError
        All at once: a size without a ratio, a ratio or a local figure for what is no size of the model, a
        local figure outside the limits.
    """
    if scaling is None:
        return model
    known = {same_name(lever.name): lever for lever in levers(model).values() if adds_up(lever.units)}
    ratios, faults = _ratios(known, scaling)
    if faults:
        raise InputError(faults)
    variables = dict(model.variables)
    for name, lever in known.items():
        values = np.ravel(np.asarray(lever.default)) * ratios[name]
        limits = (lever.low * float(ratios[name].min()), lever.high * float(ratios[name].max()), None)
        variables[lever.key] = replace(variables[lever.key], numbers=tuple(values), limits=limits)
    scaled = replace(model, variables=variables)
    local = {
        known[same_name(name)].key: tuple(np.ravel(np.asarray(value)).tolist())
        for name, value in lever_values(scaled, scaling.values).items()
    }
    local_figures = {key: replace(variables[key], numbers=numbers) for key, numbers in local.items()}
    return replace(scaled, variables=variables | local_figures)


def size_settings(model: Model, scaling: Scaling | None) -> dict[str, float | np.ndarray]:
    """Sizes of a model from `sized_model`, as an engine takes them; none where they are the file's own."""
    if scaling is None:
        return {}
    return {lever.name: lever.default for lever in levers(model).values() if adds_up(lever.units)}


def size_factors(model: Model, scaling: Scaling | None) -> dict[str, np.ndarray]:
    """How many times as large each size is in an area, element by element, by the name of the lever.

    Parameters
    ----------
    model
        The model file, with the numbers of the file.
    scaling
        As for `sized_model`; None: every size is the file's own, and nothing is returned.

    Returns
    -------
    dict
        Ratio of the area's number to the file's; where the file's number is nothing, the ratio that it is
        scaled with.
    """
    if scaling is None:
        return {}
    known = {same_name(lever.name): lever for lever in levers(model).values() if adds_up(lever.units)}
    ratios, faults = _ratios(known, scaling)
    if faults:
        raise InputError(faults)
    sized = levers(sized_model(model, scaling))
    factors = {}
    for name, lever in known.items():
        own, values = (np.ravel(np.asarray(each.default, dtype=float)) for each in (sized[lever.name], lever))
        factors[lever.name] = np.divide(own, values, out=ratios[name].copy(), where=values != 0)
    return factors


def _ratios(known: Mapping[str, Lever], scaling: Scaling) -> tuple[dict[str, np.ndarray], list[Fault]]:
    """Ratio of every element of every size, in the order of the model's elements."""
    ratios = {name: np.full(max(1, len(lever.elements)), np.nan) for name, lever in known.items()}
    faults = []
    for text, ratio in scaling.ratios.items():
        name, element = lever_address(text)
        lever = known.get(same_name(name))
        if lever is None or (element is not None and element not in lever.elements):
            remedy = f"Name a lever of the model with one of the units {', '.join(SIZES)}"
            faults.append(Fault(FILE, text, "is no size of the model", remedy))
            continue
        places = slice(None) if element is None else lever.elements.index(element)
        ratios[same_name(name)][places] = ratio
    faults += [
        Fault(FILE, lever.name, "is a size and is not scaled in full", "Say what each element is scaled with")
        for name, lever in known.items()
        if np.isnan(ratios[name]).any()
    ]
    return ratios, faults + _local_faults(known, scaling)


def _local_faults(known: Mapping[str, Lever], scaling: Scaling) -> list[Fault]:
    return [
        Fault("footprint", f"sizes.{text}", "is no size of the model", f"Name a lever that {FILE} scales")
        for text in scaling.values
        if same_name(lever_address(text)[0]) not in known
    ]

"""Effects of interventions among those they reach, and their reach by service and age."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.columns import number_column, text_column
from dudley_sd.inputs.elements import READINGS
from dudley_sd.inputs.parameters import PROVENANCE, provenance_faults
from dudley_sd.inputs.tables import scan_table
from dudley_sd.inputs.use_rates import FACTOR, OLDEST, age_range_faults


@lru_cache(maxsize=8)
def _effects_schema(interventions: tuple[str, ...], services: tuple[str, ...]) -> pa.DataFrameSchema:
    columns = {
        "intervention": text_column(interventions),
        "service": text_column(services),
        **PROVENANCE,
        "unit": text_column((FACTOR,)),
    }
    return pa.DataFrameSchema(columns, unique=["intervention", "service"])


@lru_cache(maxsize=8)
def reach_schema(interventions: tuple[str, ...], services: tuple[str, ...]) -> pa.DataFrameSchema:
    """Columns of the table of reach."""
    columns = {
        "intervention": text_column(interventions),
        "service": text_column(services),
        "age_from": number_column(minimum=0, maximum=OLDEST, whole=True),
        "age_to": number_column(minimum=0, maximum=OLDEST, whole=True),
        **PROVENANCE,
        "unit": text_column((FACTOR,)),
    }
    return pa.DataFrameSchema(columns, unique=["intervention", "service", "age_from"])


def read_effects(
    path: Path | str, source_ids: frozenset[str], interventions: tuple[str, ...], services: tuple[str, ...]
) -> xr.DataArray:
    """Return the share of activity avoided among those reached.

    Returns
    -------
    xr.DataArray
        Dims (reading, intervention, service), Dmnl; reading is low, central, high. Zero where no row speaks
        of an intervention and service: the intervention is not meant to act there.

    Raises
    ------
    InputError
        Faults of `read_table` and of the provenance; a share outside [0, 1].
    """
    scan = scan_table(path, _effects_schema(interventions, services))
    faults = [
        *scan.faults,
        *provenance_faults(path, scan.valid, source_ids),
        *_share_faults(path, scan.valid),
    ]
    if faults:
        raise InputError(faults)
    effects = xr.DataArray(
        np.zeros((len(READINGS), len(interventions), len(services))),
        dims=("reading", "intervention", "service"),
        coords={"reading": list(READINGS), "intervention": list(interventions), "service": list(services)},
        name="effect",
        attrs={"units": "Dmnl", "long_name": "share of activity avoided among those reached"},
    )
    for row in scan.valid.to_dict("records"):
        place = {"intervention": row["intervention"], "service": row["service"]}
        effects.loc[place] = [row[reading] for reading in READINGS]
    return effects


def read_reach(path: Path | str, source_ids: frozenset[str], effects: xr.DataArray) -> xr.DataArray:
    """Return the share of a service's activity at each age that an intervention can touch.

    Parameters
    ----------
    path
        CSV of shares by ranges of completed years of age.
    source_ids
        Ids that a source may have.
    effects
        From `read_effects`: every reach needs an effect and every effect a reach.

    Returns
    -------
    xr.DataArray
        Dims (intervention, service, age), Dmnl; a band that straddles a boundary has the mean of its single
        years.

    Raises
    ------
    InputError
        Faults of `read_table` and of the provenance; a share outside [0, 1]; ranges of ages that are upside
        down, overlap or leave a gap; reach without effect or the reverse.
    """
    interventions, services = (tuple(effects[dim].to_numpy().tolist()) for dim in ("intervention", "service"))
    scan = scan_table(path, reach_schema(interventions, services))
    faults = [
        *scan.faults,
        *provenance_faults(path, scan.valid, source_ids),
        *_share_faults(path, scan.valid),
    ]
    if faults:  # the reach of a faulty row would be missing too
        raise InputError(faults)
    faults = age_range_faults(path, scan.valid, ["intervention", "service"])
    single = np.zeros((len(interventions), len(services), OLDEST + 1))
    for row in scan.valid.to_dict("records"):
        place = interventions.index(row["intervention"]), services.index(row["service"])
        single[(*place, slice(int(row["age_from"]), int(row["age_to"]) + 1))] += row["central"]
    has_reach, has_effect = single.max(axis=2) > 0, effects.sel(reading="high").to_numpy() > 0
    faults += [
        Fault(
            str(path),
            f"{interventions[i]}, {services[s]}",
            "reach without an effect in effects.csv" if has_reach[i, s] else "an effect that reaches nobody",
            "Give both files a row, or neither",
        )
        for i, s in np.argwhere(has_reach != has_effect)
    ]
    if faults:
        raise InputError(faults)
    bands = [
        single[..., first_age(band) : first_age(band) + 5].mean(axis=2)  # the open band: its first five years
        for band in AGE_BANDS
    ]
    return xr.DataArray(
        np.stack(bands, axis=2),
        dims=("intervention", "service", "age"),
        coords={"intervention": list(interventions), "service": list(services), "age": list(AGE_BANDS)},
        name="reach",
        attrs={"units": "Dmnl", "long_name": "share of activity that an intervention can touch"},
    )


def _share_faults(path: Path | str, rows: pd.DataFrame) -> list[Fault]:
    return [
        Fault(str(path), f"row {line}", f"{name} {row[name]} is not a share", "Give a number from 0 to 1")
        for line, row in rows.iterrows()
        for name in READINGS
        if not 0.0 <= row[name] <= 1.0
    ]

"""Use of services by age and need, and effects and reach of interventions on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.ages import AGE_BANDS, BAND_WIDTH, NEEDS, first_age
from dudley_sd.inputs.elements import READINGS
from dudley_sd.inputs.parameters import PROVENANCE, Parameters, provenance_faults
from dudley_sd.inputs.tables import Scan, number_column, scan_table, text_column

OLDEST = 120
PER_HEAD = "Activity/(Person*Year)"
FACTOR = "Dmnl"
COUNTED_SERVICES = (
    "PracticeRoutine",
    "PracticeSameDay",
    "AandE",
    "EmergencyAdmission",
    "EmergencyBedDay",
    "Elective",
    "OutpatientFirst",
    "OutpatientFollowUp",
    "CommunityContact",
    "MentalHealthContact",
    "SocialCarePackage",
    "CareHomePlace",
)
"""Services as sources count them; the model tells emergency admissions with and without a night apart."""

PRACTICE_SERVICES = ("PracticeRoutine", "PracticeSameDay")
"""Services given to patients on the practice list rather than to residents."""


USE_RATES = ("service", "part", "age_from")
RELATIVE_USE = ("service", "need")
EFFECTS = ("intervention", "service")
REACH = ("intervention", "service", "age_from")
"""Columns that name a row of each table."""


@lru_cache(maxsize=32)
def table_schema(key: tuple[str, ...], unit: str, interventions: tuple[str, ...] = ()) -> pa.DataFrameSchema:
    """Columns of a table of numbers by service: its key, the end of a range of ages, how each is known."""
    age = number_column(minimum=0, maximum=OLDEST, whole=True)
    choices = {"service": COUNTED_SERVICES, "intervention": interventions, "need": NEEDS}
    columns = {name: text_column(choices.get(name)) for name in key if name != "age_from"}
    columns |= {"age_from": age, "age_to": age} if "age_from" in key else {}
    return pa.DataFrameSchema({**columns, **PROVENANCE, "unit": text_column((unit,))}, unique=list(key))


def _scan(
    path: Path | str, schema: pa.DataFrameSchema, source_ids: frozenset[str]
) -> tuple[Scan, list[Fault]]:
    """Rows of a table, and the faults of their cells and of their provenance."""
    scan = scan_table(path, schema)
    return scan, [*scan.faults, *provenance_faults(path, scan.valid, source_ids)]


def read_use_rates(path: Path | str, source_ids: frozenset[str]) -> xr.DataArray:
    """Return the published rates of use by band, before their level is set.

    Parameters
    ----------
    path
        CSV of rates by ranges of completed years of age; the parts of a service (walk-in and ambulance
        arrivals, children and adults) add up.
    source_ids
        Ids that a source may have.

    Returns
    -------
    xr.DataArray
        Dims (service, age), unit ``Activity/(Person*Year)``. A band that straddles two ranges (15-19:
        children to 17, adults from 18) has their mean, every single year of age counting alike.

    Raises
    ------
    InputError
        Faults of `read_table` and of the provenance; an age of a service with no rate; ranges of a part that
        are upside down, overlap or leave a gap; a negative rate.
    """
    scan, faults = _scan(path, table_schema(USE_RATES, PER_HEAD), source_ids)
    single = _by_single_year(scan.valid, COUNTED_SERVICES)
    if not scan.faults:  # the ages of a faulty row would be missing too
        faults += age_range_faults(path, scan.valid, ["service", "part"]) or _missing_ages(path, single)
    negative = scan.valid[scan.valid["central"] < 0]
    faults += [
        Fault(str(path), f"row {line}", f"rate {row['central']} is negative", "Correct it from its source")
        for line, row in negative.iterrows()
    ]
    refuse(faults)
    bands = [single.iloc[:, _single_years(band)].mean(axis=1).to_numpy() for band in AGE_BANDS]
    return xr.DataArray(
        np.column_stack(bands),
        dims=("service", "age"),
        coords={"service": list(COUNTED_SERVICES), "age": list(AGE_BANDS)},
        name="use_rate",
        attrs={"units": PER_HEAD, "long_name": "use of a service per person of an age"},
    )


def age_range_faults(path: Path | str, rows: pd.DataFrame, key: list[str]) -> list[Fault]:
    """Ranges of ages that are upside down, overlap or leave a gap among the rows of one key.

    Parameters
    ----------
    path
        File the rows are from, for the messages.
    rows
        Rows with ``age_from`` and ``age_to``; the index is the line number.
    key
        Columns whose rows belong together; an age between two of them must be in exactly one.
    """
    faults = []
    for _, group in rows.sort_values("age_from").groupby(key, sort=False):
        end = None
        for line, first, last in zip(group.index, group["age_from"], group["age_to"], strict=True):
            problem = f"age_from {first} is above age_to {last}" if first > last else ""
            if not problem and end is not None and first != end + 1:
                how = "overlap" if first <= end else "leave a gap after"
                problem = f"ages {first} to {last} {how} the ages to {end}"
            if problem:
                remedy = "Let each range begin a year after the one before, with zero where there is nothing"
                faults.append(Fault(str(path), f"row {line}", problem, remedy))
            end = max(first, last, end or last)
    return faults


def _missing_ages(path: Path | str, single: pd.DataFrame) -> list[Fault]:
    faults = []
    for service in single.index:
        ages = np.flatnonzero(~single.notna().loc[service].to_numpy())
        if len(ages):
            problem = f"no rate for ages {ages[0]} to {ages[-1]}"
            remedy = "Add a row, zero if nobody uses it"
            faults.append(Fault(str(path), f"service {service}", problem, remedy))
    return faults


def _by_single_year(rows: pd.DataFrame, services: Sequence[str]) -> pd.DataFrame:
    """Rates by service and single year of age; NaN where no row speaks of the age."""
    single = np.full((len(services), OLDEST + 1), np.nan)
    places = {service: place for place, service in enumerate(services)}
    ranges = rows[["age_from", "age_to"]].astype(int).itertuples(index=False)
    for service, (first, last), rate in zip(rows["service"], ranges, rows["central"], strict=True):
        ages = single[places[service], first : last + 1]
        ages[:] = np.nan_to_num(ages) + rate
    return pd.DataFrame(single, index=list(services), columns=range(OLDEST + 1))


def _single_years(band: str) -> slice:
    """Single years of a band; for the open band its first five, which hold nearly all of its people."""
    return slice(first_age(band), first_age(band) + BAND_WIDTH)


def level_use_rates(rates: xr.DataArray, population: xr.DataArray, parameters: Parameters) -> xr.DataArray:
    """Set each service to its 2018 level, keeping its shape over ages.

    Parameters
    ----------
    rates
        Dims (service, age), from `read_use_rates`.
    population
        Residents in 2018, dims (age), Person.
    parameters
        For each service a row ``level_<service>``: in ``Activity/(Person*Year)`` it is the activity for each
        resident (practice services: each patient on the list) that the shape is scaled to; in ``Dmnl`` it
        multiplies the rates.

    Returns
    -------
    xr.DataArray
        Dims (service, age), unit ``Activity/(Person*Year)``; for practice services per patient on the list.

    Raises
    ------
    InputError
        A service without its row; a unit that is neither of the two.
    """
    levelled = rates.copy()
    faults = []
    for service in rates["service"].to_numpy().tolist():
        key = f"level_{service}"
        factor, unit = parameters.central(key), parameters.unit(key)
        if unit not in (PER_HEAD, FACTOR):
            problem = f"unit {unit!r} is neither {PER_HEAD} nor {FACTOR}"
            remedy = "Give the level for each head, or a factor on the rates"
            faults.append(Fault("parameters.csv", f"id {key}", problem, remedy))
        if unit == PER_HEAD:
            share = _share_of_practice(service, parameters)
            factor = (
                factor * share / float((rates.sel(service=service) * population).sum() / population.sum())
            )
        levelled.loc[{"service": service}] *= factor
    refuse(faults)
    return levelled


def _share_of_practice(service: str, parameters: Parameters) -> float:
    """Same-day and routine contacts share one published level."""
    if service not in PRACTICE_SERVICES:
        return 1.0
    same_day = parameters.central("same_day_share_of_practice_contacts")
    return same_day if service == "PracticeSameDay" else 1.0 - same_day


def read_relative_use(path: Path | str, source_ids: frozenset[str]) -> xr.DataArray:
    """Return use by state of need relative to Well, dims (service, need), Dmnl.

    Raises
    ------
    InputError
        Faults of `read_table` and of the provenance; a service and need without a row; a value that is not
        positive.
    """
    scan, faults = _scan(path, table_schema(RELATIVE_USE, FACTOR), source_ids)
    refuse(faults)  # rows that share a key cannot be laid out as a table
    table = scan.valid.pivot(index="service", columns="need", values="central").reindex(
        index=list(COUNTED_SERVICES), columns=list(NEEDS)
    )
    positive = table > 0
    faults = [
        Fault(str(path), f"service {service}, need {need}", "no positive value", "Add the row")
        for service in COUNTED_SERVICES
        for need in NEEDS
        if not positive.at[service, need]
    ]
    refuse(faults)
    return xr.DataArray(
        table.to_numpy(),
        dims=("service", "need"),
        coords={"service": list(COUNTED_SERVICES), "need": list(NEEDS)},
        name="relative_use",
        attrs={"units": "Dmnl", "long_name": "use of a service relative to Well people of the same age"},
    )


def read_effects(
    path: Path | str, source_ids: frozenset[str], interventions: tuple[str, ...]
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
    scan, faults = _scan(path, table_schema(EFFECTS, FACTOR, interventions), source_ids)
    faults += share_faults(path, scan.valid)
    refuse(faults)
    effects = xr.DataArray(
        np.zeros((len(READINGS), len(interventions), len(COUNTED_SERVICES))),
        dims=("reading", "intervention", "service"),
        coords={
            "reading": list(READINGS),
            "intervention": list(interventions),
            "service": list(COUNTED_SERVICES),
        },
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
    scan, faults = _scan(path, table_schema(REACH, FACTOR, interventions), source_ids)
    faults += share_faults(path, scan.valid)
    refuse(faults)  # the reach of a faulty row would be missing too
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
    refuse(faults)
    bands = [single[..., _single_years(band)].mean(axis=2) for band in AGE_BANDS]
    return xr.DataArray(
        np.stack(bands, axis=2),
        dims=("intervention", "service", "age"),
        coords={"intervention": list(interventions), "service": list(services), "age": list(AGE_BANDS)},
        name="reach",
        attrs={"units": "Dmnl", "long_name": "share of activity that an intervention can touch"},
    )


def share_faults(path: Path | str, rows: pd.DataFrame) -> list[Fault]:
    """Effects or reach that are no shares of a whole."""
    return [
        Fault(str(path), f"row {line}", f"{name} {row[name]} is not a share", "Give a number from 0 to 1")
        for line, row in rows.iterrows()
        for name in READINGS
        if not 0.0 <= row[name] <= 1.0
    ]

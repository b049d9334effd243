"""Band of a result: what most runs say, stored beside the single run that the result is.

A result that carries a band has, for each of `dudley_sd.results.derived.banded`, a variable
``<key>_band`` with the dimension ``statistic``, and one ``<key>_from_do_nothing_band`` of its difference from
doing nothing with the same draws. The headline of every page and file is the median; the single run at
central values is a thin line or a column of its own, labelled `SINGLE_RUN`.

To draw or write an indicator: `headline_value` gives the thick line, which is the median, or the single run
of a result without a band; ``band_of(results, key)`` gives all of `STATISTICS`, or None: `LOW` to `HIGH` is
the shaded area "8 in 10 runs", `SINGLE` the thin line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from dudley_sd.results.derived import AGAINST, Derived, banded

STATISTICS = ("single run", "median", "10%", "90%")
"""Labels of the dimension ``statistic``. 10%: 1 in 10 members lies below; 90%: 1 in 10 lies above. Between
them lie 8 in 10 runs."""

SINGLE, MEDIAN, LOW, HIGH = STATISTICS
SHARES = {MEDIAN: 0.5, LOW: 0.1, HIGH: 0.9}
SINGLE_RUN = "single run at central values"
STATISTIC_WORDS = {
    MEDIAN: "median",
    LOW: "8 in 10 runs, low end",
    HIGH: "8 in 10 runs, high end",
    SINGLE: SINGLE_RUN,
}
"""How statistics are called in tables for readers, in the order in which they are told."""

MEDIANS_OF_DIFFERENCES = "Medians of differences: they need not equal the difference of medians."
"""What must be said where medians of two runs and of their difference stand together."""

BAND, DIFFERENCE = "_band", "_from_do_nothing"
HOSPITAL_SERVICE = "hospital_service"
ABOUT = "band"
"""Attribute of a result with a band: JSON of ``members, seed, sampler, distribution``."""


def bands_of(run: xr.Dataset, other: xr.Dataset | None, about: str) -> tuple[xr.Dataset, xr.Dataset]:
    """Work out every indicator member by member and sum up what the members say.

    Parameters
    ----------
    run
        All of `dudley_sd.results.derived.banded_variables`; dims (scenario, member, year, ...). The first
        member has the central values, the others their draws.
    other
        Do nothing with the same draws; None where the run is that itself.
    about
        JSON for the attribute `ABOUT`.

    Returns
    -------
    tuple
        Band of the run and band of do nothing. Variables ``<key>_band`` and, in the first, with ``other``,
        ``<key>_from_do_nothing_band`` and those of `AGAINST`; dims (statistic, scenario, year, ...), with
        ``units`` and ``long_name``.
    """
    values = _values(run)
    band = {key + BAND: _summary(each, banded()[key]) for key, each in values.items()}
    if other is None:
        whole = _dataset(band, values, about)
        return whole, whole
    beside = _values(other)
    for key, each in values.items():
        apart = each.copy(data=each.to_numpy() - beside[key].to_numpy())
        if np.isfinite(apart.to_numpy()).any():
            share = (banded()[key].unit or each.attrs["units"]) == "Dmnl"
            what = ", difference from do nothing" + (" (0.01: a percentage point)" if share else "")
            band[key + DIFFERENCE + BAND] = _summary(apart, banded()[key], what)
    band |= {key + BAND: _summary(each.recipe(run, other), each) for key, each in AGAINST.items()}
    nothing = {key + BAND: _summary(each, banded()[key]) for key, each in beside.items()}
    return _dataset(band, values, about), _dataset(nothing, values, about)


def _dataset(band: dict[str, xr.Variable], values: dict[str, xr.DataArray], about: str) -> xr.Dataset:
    labels = {str(dim): each[dim].to_numpy() for each in values.values() for dim in each.dims}
    del labels["member"]
    return xr.Dataset(band, {"statistic": list(STATISTICS)} | labels, {ABOUT: about})


def _values(run: xr.Dataset) -> dict[str, xr.DataArray]:
    return {key: each.recipe(run) for key, each in banded().items()}


def _summary(values: xr.DataArray, each: Derived, what: str = "") -> xr.Variable:
    """Single run, median, low and high end; NaN is left out, or is later than all where values are years."""
    members = np.moveaxis(values.to_numpy(), values.get_axis_num("member"), 0)

    title = each.title or str(values.attrs["long_name"]).removesuffix(".")
    attrs = {
        "units": each.unit or values.attrs["units"],
        "long_name": f"{title}{what}: single run, median, ends of 8 in 10 runs.",
    }
    dims = ("statistic", *(dim for dim in values.dims if dim != "member"))
    return xr.Variable(dims, np.concatenate([members[:1], ends(members[1:], ordinal=each.ordinal)]), attrs)


def ends(drawn: np.ndarray, *, ordinal: bool = False) -> np.ndarray:
    """Median, low and high end of members, [member, ...], in the order of `SHARES`.

    NaN is left out; with ``ordinal`` it is later than all, and every end is the value of some member.
    """
    shares = list(SHARES.values())
    without = np.isnan(drawn)
    if ordinal:
        ends = np.quantile(np.where(without, np.inf, drawn), shares, axis=0, method="inverted_cdf")
        return np.where(np.isinf(ends), np.nan, ends)
    if not without.any():
        return np.asarray(np.quantile(drawn, shares, axis=0))
    some = ~without.all(axis=0)
    ends = np.full((len(shares), *drawn.shape[1:]), np.nan)
    ends[:, some] = np.nanquantile(drawn[:, some], shares, axis=0)
    return ends


def statistics_of(runs: np.ndarray) -> dict[str, np.ndarray]:
    """Single run, median, low and high end of runs, [run, ...], of which the first is the single run.

    Returns
    -------
    dict
        An array [...] for each of `STATISTICS`; for `SINGLE` alone where there is one run.
    """
    if len(runs) == 1:
        return {SINGLE: runs[0]}
    return {SINGLE: runs[0], **dict(zip(SHARES, ends(runs[1:]), strict=True))}


def with_band(results: xr.Dataset, band: xr.Dataset, names: Sequence[str] | None = None) -> xr.Dataset:
    """Put a band from `bands_of` beside the single run that a result is; of indicators in ``names`` only.

    The few hospital services of indicators get a dimension of their own: as elements of the model's
    dimension ``service`` they would be looked up there, and not be found.
    """
    chosen = band
    if names is not None:
        keys = [*names, *(name + DIFFERENCE for name in names)]
        chosen = band[[key + BAND for key in keys if key + BAND in band]]
    if "service" in chosen.dims:
        chosen = chosen.rename({"service": HOSPITAL_SERVICE})
    return results.assign(chosen.data_vars).assign_attrs({ABOUT: band.attrs[ABOUT]})


def has_band(results: xr.Dataset) -> bool:
    """Whether a result carries a band."""
    return ABOUT in results.attrs


def bands(results: xr.Dataset) -> list[str]:
    """Names of the variables of a result that are its band."""
    return [
        str(name)
        for name, array in results.variables.items()
        if name not in results.coords and "statistic" in array.dims
    ]


def band_of(results: xr.Dataset, key: str) -> xr.DataArray | None:
    """Band of an indicator, dims (statistic, scenario, (year,) ...); None where the result carries none."""
    if not has_band(results) or key + BAND not in results:
        return None
    band = results[key + BAND]
    return band.rename({HOSPITAL_SERVICE: "service"}) if HOSPITAL_SERVICE in band.dims else band


def headline_value(results: xr.Dataset, key: str) -> xr.DataArray:
    """Return what is told first of an indicator: the median of a band, or else the single run.

    Returns
    -------
    xr.DataArray
        Dims (scenario, year, ...).
    """
    band = band_of(results, key)
    return banded()[key].recipe(results) if band is None else _one(band, MEDIAN)


def headline_difference(results: xr.Dataset, other: xr.Dataset, key: str) -> xr.DataArray:
    """Difference from do nothing that is told first: the median of differences, or that of single runs."""
    band = band_of(results, key + DIFFERENCE)
    if band is not None:
        return _one(band, MEDIAN)
    recipe = banded()[key].recipe
    return recipe(results) - recipe(other)


def headline_against(results: xr.Dataset, other: xr.Dataset, key: str) -> xr.DataArray:
    """Return the number of `AGAINST` that is told first."""
    band = band_of(results, key)
    return AGAINST[key].recipe(results, other) if band is None else _one(band, MEDIAN)


def _one(band: xr.DataArray, statistic: str) -> xr.DataArray:
    return band.sel(statistic=statistic, drop=True)


def members_of(results: xr.Dataset) -> int:
    """How many members a band sums up; 0 where there is none."""
    return int(json.loads(results.attrs[ABOUT])["members"]) if has_band(results) else 0


def median_text(results: xr.Dataset) -> str:
    """Say behind the name of a line that it is a median; nothing for a single run."""
    return ", median" if has_band(results) else ""

"""Rank correlations of the numbers drawn with the outputs of members."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import norm, rankdata
from sdcompile.arrays import Floats

from dudley_sd.ensembles.store_blocks import loaded

MEMBERS = 10_000
"""Members looked at; more would not change an order that matters."""

DOUBT = 0.05
"""Chance that even one number that does not matter at all passes for one that does."""


def rank_correlations(ensemble: xr.Dataset, names: Sequence[str]) -> pd.DataFrame:
    """How strongly each number drawn and each output of the last year rise together, by rank (Spearman).

    Parameters
    ----------
    ensemble
        From `dudley_sd.ensembles.store.read_ensemble`.
    names
        Outputs.

    Returns
    -------
    pd.DataFrame
        Columns of dims, ``year, variable, parameter, place, rank_correlation, beyond_chance``: place 1 is the
        strongest of either sign; not beyond chance is what so many draws would give a number that does not
        matter. Empty where an output does not move.
    """
    drawn = loaded(ensemble, "draws", MEMBERS).to_numpy()
    ranks = _standard(rankdata(drawn, axis=0))
    parameters = ensemble["parameter"].to_numpy()
    limit = norm.isf(DOUBT / (2 * max(1, len(parameters)))) / np.sqrt(len(drawn))
    parts = []
    for name in names:
        last = loaded(ensemble.isel(year=[-1]), name, MEMBERS).isel(year=0)
        for labels, series in _cases(last):
            if len(series) < 2 or np.ptp(series) == 0:
                continue
            found = _standard(rankdata(series)[:, None])[:, 0] @ ranks / len(series)
            order = np.argsort(-abs(found), kind="stable")
            parts.append(
                pd.DataFrame(
                    {
                        **labels,
                        "year": int(last["year"]),
                        "variable": name,
                        "parameter": parameters[order],
                        "place": np.arange(1, len(order) + 1),
                        "rank_correlation": found[order],
                        "beyond_chance": abs(found[order]) > limit,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _standard(ranks: Floats) -> Floats:
    """Ranks less their mean, over their spread; those of a number that does not move stay 0."""
    centred = ranks - ranks.mean(axis=0)
    spread = centred.std(axis=0)
    standard: Floats = centred / np.where(spread == 0, 1, spread)
    return standard


def _cases(values: xr.DataArray) -> Iterator[tuple[dict[str, str], Floats]]:
    """Each scenario, area and element with its values by member."""
    others = [dim for dim in values.dims if dim != "member"]
    for place in np.ndindex(*(values.sizes[dim] for dim in others)):
        one = values.isel(dict(zip(others, place, strict=True)))
        yield {str(dim): str(one[dim].item()) for dim in others}, one.to_numpy()

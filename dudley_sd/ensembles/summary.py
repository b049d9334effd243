"""Summary of an ensemble as files in one folder: bands, thresholds, break-even years, what matters most."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import norm, rankdata
from sdcompile.arrays import Floats
from sdcompile.errors import Fault, InputError, collect
from sdcompile.scratch import atomic_files

from dudley_sd.ensembles.description import MADE_BY
from dudley_sd.ensembles.statistics import (
    SHARES,
    break_even,
    crossing,
    far_off,
    read_thresholds,
    share_faults,
    table_of_bands,
)
from dudley_sd.ensembles.store import DRAWS, read_ensemble, read_manifest
from dudley_sd.ensembles.store_blocks import loaded
from dudley_sd.ensembles.summary_book import write_summary_book
from dudley_sd.request import world_settings
from dudley_sd.results.derived import BALANCE, accumulated_gain
from dudley_sd.results.table import write_frame
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.portfolios import NO_PORTFOLIO

SAME_DRAWS = (
    "scenarios",
    "footprints",
    "members",
    "seed",
    "sampler",
    "distribution",
    "also",
    "parameters",
    "areas",
    "model_sha256",
    "inputs_sha256",
)
"""Entries of the manifest that an ensemble and that of do nothing share: a member is the same in both."""

LIST = "summary.json"
"""Names the store, and the files of its latest summary, which a later one may replace or take away."""

TABLES = ("bands", "thresholds", "gain", "break even", "what matters", "areas", "drawn", "left out")
"""Tables that a summary may have; each is a file."""


def write_summary(
    store: Path,
    folder: Path,
    do_nothing: Path | None = None,
    thresholds: Sequence[str] | None = None,
    shares: Sequence[float] | None = None,
) -> list[Path]:
    """Write the summaries of an ensemble: a CSV file for each and a workbook with all.

    Parameters
    ----------
    store
        Of a finished ensemble.
    folder
        For the files. Those of an earlier summary of the same store are replaced, or taken away where this
        one has no such table: what lies there belongs together.
    do_nothing
        Store of the ensemble with the same draws, portfolio none and contract as now: adds the gain on it and
        the years of break-even.
    thresholds
        Such as ``occupancy>0.95`` or ``occupancy>95%``.
    shares
        Of the bands; `SHARES` if not given.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        All faults at once: no or an unfinished store, a do nothing with other draws, thresholds or shares
        that cannot be used, a folder with tables of another store or of the user's own; nothing is written.
    """
    shares = list(shares) if shares else list(SHARES)
    faults = [*share_faults(shares), *refuse_others(folder, store)]
    crossed, gain = None, None
    many = collect(faults, read_ensemble, store, thorough=True)
    if many is not None and thresholds:
        far = collect(faults, lambda: far_off(many, read_thresholds(many, thresholds)))
        if far is not None:
            faults += far
            crossed = collect(faults, crossing, many, thresholds)
    if do_nothing is not None:
        gain = collect(faults, _gain, many, store, do_nothing)
    if faults or many is None:
        raise InputError(faults)
    content = read_manifest(store)
    tables = _tables(many, content, shares, crossed, gain)
    before = listed(folder)
    names = [*sorted(map(_file, tables)), f"{store.stem}.xlsx"]
    with atomic_files([folder / name for name in (*names, LIST)]) as made:
        scratch = {path.name: path for path in made}
        for name, table in tables.items():
            write_frame(
                _with_note(table, content["indicative"], "footprint" in many.dims), scratch[_file(name)]
            )
        write_summary_book(many, content, tables, scratch[names[-1]])
        text = json.dumps({"store": store.name, "files": names}, indent=1)
        scratch[LIST].write_text(f"{text}\n", encoding="utf-8")
    for name in before:
        if name not in names:
            (folder / name).unlink(missing_ok=True)
    return [folder / name for name in names]


def _with_note(table: pd.DataFrame, unsure: Mapping[str, str], several: bool) -> pd.DataFrame:
    """Add the column ``note`` to a table where anything is indicative, as tables of runs have it."""
    if not unsure:
        return table
    if "footprint" in table:
        return table.assign(note=["indicative" if name in unsure else "" for name in table["footprint"]])
    return table.assign(note=f"indicative in {', '.join(unsure)}" if several else "indicative")


def listed(folder: Path) -> list[str]:
    """Names of the files of the summary in a folder; none where there is no list that can be read."""
    names = _list(folder).get("files")
    found = names if isinstance(names, list) else []
    return [name for name in found if isinstance(name, str) and Path(name).name == name]


def refuse_others(folder: Path, store: Path) -> list[Fault]:
    """Say which files in a folder would be lost or mixed up: another store's, or somebody's own."""
    remedy = "Name another folder with --out, or take the file away yourself"
    of = _list(folder).get("store")
    if of not in (None, store.name):
        return [Fault(str(folder), LIST, f"the folder holds the summary of {of}", remedy)]
    known = listed(folder)
    return [
        Fault(str(folder / name), "", "is there already, and no summary that is known wrote it", remedy)
        for name in (*map(_file, TABLES), f"{store.stem}.xlsx")
        if name not in known and (folder / name).exists()
    ]


def _list(folder: Path) -> dict[str, object]:
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _file(table: str) -> str:
    return f"{table.replace(' ', '_')}.csv"


def _tables(
    many: xr.Dataset,
    content: Mapping[str, Any],
    shares: Sequence[float],
    crossed: pd.DataFrame | None,
    gain: xr.DataArray | None,
) -> dict[str, pd.DataFrame]:
    """Return all tables, one row for each number."""
    names = [str(name) for name in many.data_vars if name != DRAWS]
    found = {"bands": table_of_bands(many, names, shares)}
    if crossed is not None:
        found["thresholds"] = crossed
    if gain is not None:
        both = xr.Dataset({gain.name: gain})
        found["gain"] = table_of_bands(both, [str(gain.name)], shares)
        found["break even"] = break_even(gain)
    found["what matters"] = rank_correlations(many, names)
    found["areas"] = _areas(many, content)
    found["drawn"] = pd.DataFrame(content["parameters"])
    found["left out"] = pd.DataFrame(content["left_out"])
    return found


def _areas(many: xr.Dataset, content: Mapping[str, Any]) -> pd.DataFrame:
    """Projection of the people of each footprint, and why it is indicative."""
    several = "footprint" in many.dims
    names = many["footprint_name"].to_numpy() if several else [many.attrs["footprint_name"]]
    rows = []
    for footprint, name in zip(content["footprints"], names, strict=True):
        parts = content["parts"].get(footprint, [footprint])
        projections = dict.fromkeys(str(content["projections"][part]["projection"]) for part in parts)
        why = content["indicative"].get(footprint, "")
        rows.append((footprint, str(name), ", ".join(parts), "; ".join(projections), why))
    return pd.DataFrame(rows, columns=["footprint", "name", "areas", "projection", "indicative"])


def _gain(many: xr.Dataset | None, store: Path, do_nothing: Path) -> xr.DataArray | None:
    other = read_ensemble(do_nothing, thorough=True)
    if many is None:
        return None
    faults = do_nothing_faults(read_manifest(store), read_manifest(do_nothing), str(do_nothing))
    for path, each in ((store, many), (do_nothing, other)):
        if BALANCE not in each:
            faults.append(
                Fault(str(path), BALANCE, "is not in the store", f"Run again with --output {BALANCE}")
            )
    if faults:
        raise InputError(faults)
    return accumulated_gain(*(loaded(each, BALANCE).to_dataset() for each in (many, other)))


def do_nothing_faults(mine: Mapping[str, Any], its: Mapping[str, Any], name: str) -> list[Fault]:
    """Say why an ensemble is not the do nothing of another.

    Parameters
    ----------
    mine, its
        Manifests of the ensemble and of what may be do nothing for it.
    name
        Of the latter, for the messages.
    """
    remedy = "Run it with the same settings, --portfolio none and --contract as_now"
    faults = [
        Fault(name, key, "is not that of the ensemble: the draws are not the same", remedy)
        for key in SAME_DRAWS
        if mine[key] != its[key]
    ]
    for made in MADE_BY:
        here, there = (each["versions"].get(made) for each in (mine, its))
        if here != there:
            problem = f"it was made by {there}, the ensemble by {here}"
            faults.append(Fault(name, made, problem, "Run both with one version"))
    for key, wanted in (("portfolio", NO_PORTFOLIO), ("contract", AS_NOW)):
        if its[key] != wanted:
            faults.append(Fault(name, key, f"is {its[key]}, that of do nothing for it {wanted}", remedy))
    if world_settings(mine["levers"]) != its["levers"]:
        problem = "are not those of the ensemble apart from those on portfolio and contract"
        faults.append(Fault(name, "levers", problem, remedy))
    return faults


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

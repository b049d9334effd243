"""Runs of requests for a page: the single run of each, and the members that medians are taken of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.members import members_of
from dudley_dashboard.runs import measures_of
from dudley_dashboard.series import Series, series_of
from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request
from dudley_sd.results.broken import BrokenInvariantError


@dataclass(frozen=True, eq=False)
class Run:
    """What came out of a request.

    Attributes
    ----------
    request
        What was run.
    single
        Its single run, from `dudley_dashboard.runs.measures_of`.
    runs
        What its numbers are worked out from: the members of the default ensemble, dims (member, year), see
        `dudley_dashboard.members.members_of`; or the single run again, dims (year).
    """

    request: Request
    single: xr.Dataset
    runs: xr.Dataset

    @property
    def members(self) -> int:
        """How many runs a median is taken of; 0 for a single run."""
        return self.runs.sizes.get("member", 1) - 1

    @property
    def indicative(self) -> str:
        """Why its numbers are no more than indicative; empty where the figures are the area's own."""
        return str(self.single.attrs.get("indicative", ""))

    @property
    def beyond(self) -> frozenset[int]:
        """Years beyond the projection table."""
        years = self.single["year"].to_numpy()[self.single["extrapolated"].to_numpy()]
        return frozenset(int(year) for year in years)

    def series(self, measure: str, way: str, reference: Run | None = None) -> Series:
        """One measure over the years; see `series_of`."""
        return series_of(self.runs, COMPARED[measure], way, None if reference is None else reference.runs)


def run_all(requests: Sequence[Request], *, medians: bool = True) -> list[Run | str]:
    """Run requests together, with the members of the default ensemble where medians are wanted.

    Returns
    -------
    list
        For each request its run; or why it cannot be run, a sentence without its full stop.
    """
    if not medians:
        return [_run(request, medians=False) for request in requests]
    try:
        members = members_of(requests)
        return [
            Run(request, measures_of(request), runs) for request, runs in zip(requests, members, strict=True)
        ]
    except (InputError, BrokenInvariantError):
        return [_run(request, medians=True) for request in requests]


def _run(request: Request, *, medians: bool) -> Run | str:
    try:
        single = measures_of(request)
        return Run(request, single, members_of([request])[0] if medians else single.isel(scenario=0))
    except (InputError, BrokenInvariantError) as error:
        return why(error)


def why(error: InputError | BrokenInvariantError) -> str:
    """Say what is wrong with a run, in one sentence without its full stop."""
    if isinstance(error, BrokenInvariantError):
        return "its result breaks a rule that must always hold"
    return f"{error.faults[0].where} {error.faults[0].problem}".strip().rstrip(".")


def years_beyond(runs: Iterable[Run]) -> frozenset[int]:
    """Years beyond the projection table of any run."""
    return frozenset().union(*(run.beyond for run in runs))

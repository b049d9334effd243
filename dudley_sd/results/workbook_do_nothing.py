"""Sheet of the workbook: a result, do nothing and their difference, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from dudley_sd.indicators import Selection, is_share
from dudley_sd.results.band import (
    DIFFERENCE,
    MEDIANS_OF_DIFFERENCES,
    SINGLE_RUN,
    STATISTIC_WORDS,
    band_of,
    has_band,
    headline_against,
    headline_difference,
    headline_value,
    median_text,
)
from dudley_sd.results.derived import HOSPITAL, WAYS_FROM, difference_in_demand
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, run_name
from dudley_sd.results.excel_formats import SIGNED_WHOLE, difference_format, number_format
from dudley_sd.results.figure_parts import scenario_titles
from dudley_sd.results.findings import WAYS
from dudley_sd.results.table import Table
from dudley_sd.results.units import unit_words, year_text
from dudley_sd.text import POINTS

SHEET = f"Against {DO_NOTHING}"
HEADS = ("Scenario", "Measure", "Run", "Unit")
WIDTHS = (22, 36, 52, 18)
YEAR_WIDTH = 10.5
RELATIVE = "+0.0%;-0.0%;0.0%"


@dataclass(frozen=True)
class Line:
    """A row of the sheet: what it is, and its numbers with dims (scenario, year)."""

    measure: str
    run: str
    unit: str
    values: xr.DataArray
    form: str


def do_nothing_sheet(results: xr.Dataset, do_nothing: xr.Dataset) -> Table:
    """Return the sheet of runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`."""
    years = year_text(results)
    notes = [
        f"Difference: the run {run_name(results)} less {DOING_NOTHING}, in which no intervention is put in "
        "place, the contract is as now and all else is the same. The ways in which it comes about "
        "add up to that of the single run.",
        "* in italics: beyond the ONS table, whose last year's rates carry on.",
    ]
    if has_band(results):
        notes[0] += f" {MEDIANS_OF_DIFFERENCES}"
    lines = [*_services(results, do_nothing), *_indicators(results, do_nothing)]
    titles = scenario_titles(results)
    return Table(
        SHEET,
        f"{SHEET}, {results.attrs['footprint_name']}",
        notes,
        [*HEADS, *years],
        [
            [title, line.measure, line.run, line.unit, *line.values.isel(scenario=place).to_numpy().tolist()]
            for place, title in enumerate(titles)
            for line in lines
        ],
        lead=len(HEADS),
        forms=[line.form for _ in titles for line in lines],
        widths=(*WIDTHS, *([YEAR_WIDTH] * len(years))),
        bold_columns=(1,),
        block=0,
    )


def _services(results: xr.Dataset, do_nothing: xr.Dataset) -> Iterator[Line]:
    if not all(name in run for run in (results, do_nothing) for name in WAYS_FROM):
        return
    ways = difference_in_demand(results, do_nothing)
    of = f"of the difference, {SINGLE_RUN}" if has_band(results) else "of the difference"
    relative = headline_against(results, do_nothing, "hospital_activity_share_against_do_nothing")
    for service in HOSPITAL:
        what = (service, "a year", "#,##0")
        yield from _rows(what, results, do_nothing, "hospital_activity", {"service": service})
        share = f"difference as a share of {DO_NOTHING}{median_text(results)}"
        yield Line(service, share, "% of whole", relative.sel(service=service), RELATIVE)
        for name, words in WAYS.items():
            part = -ways[name].sel(service=service)
            if bool((np.abs(part) >= 0.5).any()):
                yield Line(service, f"{of}: {words}", "a year", part, SIGNED_WHOLE)


def _indicators(results: xr.Dataset, do_nothing: xr.Dataset) -> Iterator[Line]:
    for name in Selection("against"):
        if name in results and name in do_nothing:
            here = results[name]
            measure = str(here.attrs.get("model_name", name.replace("_", " ")))
            unit = str(here.attrs["units"])
            words = unit_words(unit, share=is_share(name))
            form = number_format(name, unit)
            what = (measure[0].upper() + measure[1:], words, form)
            yield from _rows(what, results, do_nothing, name, {})


def _rows(
    what: tuple[str, str, str],
    results: xr.Dataset,
    do_nothing: xr.Dataset,
    key: str,
    element: Mapping[str, str],
) -> Iterator[Line]:
    """Run, do nothing and difference of an indicator: its name, unit and format.

    With a band all four statistics of run and difference, and the median of do nothing.
    """
    measure, unit, form = what
    change, scale = (POINTS, 100) if unit == "% of whole" else (unit, 1)
    run, apart = band_of(results, key), band_of(results, key + DIFFERENCE)
    there = headline_value(do_nothing, key).sel(element)
    beside = Line(measure, f"{DO_NOTHING}{median_text(do_nothing)}", unit, there, form)
    if run is None or apart is None:
        yield Line(measure, run_name(results), unit, headline_value(results, key).sel(element), form)
        yield beside
        difference = headline_difference(results, do_nothing, key).sel(element)
        yield Line(measure, "difference", change, scale * difference, difference_format(form))
        return
    for statistic, words in STATISTIC_WORDS.items():
        here = run.sel({**element, "statistic": statistic})
        yield Line(measure, f"{run_name(results)}, {words}", unit, here, form)
    yield beside
    for statistic, words in STATISTIC_WORDS.items():
        here = scale * apart.sel({**element, "statistic": statistic})
        yield Line(measure, f"difference, {words}", change, here, difference_format(form))

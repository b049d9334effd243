"""Plotly figures of a result, for its page."""

from __future__ import annotations

import xarray as xr

from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.band import (
    band_of,
    has_band,
    headline_against,
    headline_difference,
    headline_value,
    median_text,
)
from dudley_sd.results.colours import INK, LINE_GREY, NHS_BLUE
from dudley_sd.results.derived import ages_differ, population_by_age
from dudley_sd.results.do_nothing import DO_NOTHING, fitting, run_name
from dudley_sd.results.figure_parts import (
    NARROW,
    Figure,
    Trace,
    add,
    band_area,
    bars,
    corner,
    curve,
    finish,
    headroom,
    numbers,
    scenario_titles,
    single_run,
    time_axis,
    value_axis,
)
from dudley_sd.results.findings import demand_finding, gp_finding, landed_finding, population_finding
from dudley_sd.results.headlines import brief_gap
from dudley_sd.results.table import year_text
from dudley_sd.text import hundreds, percent, percent_of_some, signed_percent

CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True}
"""For Plotly in the browser: one button, which saves the picture."""


def population_figure(results: xr.Dataset, columns: int = 1) -> Figure:
    """People by age in mid-2018 and the last year.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    columns
        Panels side by side. There is one panel for all scenarios where no age band differs by more than
        one per cent between them, else one for each.
    """
    people = population_by_age(results)
    alike = not ages_differ(people)
    shown = people.isel(scenario=[0]) if alike else people
    names = (str(PROJECTED), year_text(results)[-1])
    titles = [_all_alike(results)] if alike else scenario_titles(results)
    if has_band(results):
        titles = [f"{title}; bars: single run" for title in titles]
    figure = Figure(titles, columns, height=300 if alike else 240)
    for place in range(len(titles)):
        for year, name in enumerate(names):
            trace = bars(
                name,
                NHS_BLUE if year else LINE_GREY,
                "" if year else "/",
                x=shown["age_band"].to_numpy().tolist(),
                y=numbers(shown.isel(scenario=place, year=year).to_numpy().round()),
                showlegend=place == 0,
                hovertemplate=f"%{{x}}, {name}: %{{y:,.0f}} people<extra></extra>",
            )
            figure.add(trace, place)
    value_axis(figure, "people", from_zero=True)
    figure.x_axes(type="category", showgrid=False, **({"tickangle": -90} if columns == 1 else {}))
    figure.layout |= {"barmode": "group", "bargap": 0.25, "bargroupgap": 0.05}
    return finish(figure, population_finding(results))


def demand_figure(
    results: xr.Dataset, service: str, columns: int = 4, do_nothing: xr.Dataset | None = None
) -> Figure:
    """One hospital service, a panel for each scenario, and what it would be if nothing is done.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    service
        One of `dudley_sd.results.derived.HOSPITAL`.
    columns
        Panels side by side.
    do_nothing
        The same scenarios with nothing decided. When it is not given, or ``results`` is such a run, there is
        one line.
    """
    other = fitting(results, do_nothing)
    key = "hospital_activity"
    since = headline_value(results, f"{key}_since_2018").sel(service=service).isel(year=-1)
    if other is not None:
        more = headline_difference(results, other, key).sel(service=service).isel(year=-1)
        share = headline_against(results, other, f"{key}_share_against_do_nothing").sel(service=service)
    last = year_text(results)[-1]
    figure = Figure(scenario_titles(results), columns)
    for place in range(results.sizes["scenario"]):
        add(figure, _lines(results, other, key, place, form=",.0f", service=service), place)
        end = "<br>" if columns == NARROW else f" in {last} "
        if other is None:
            text = f"<b>{signed_percent(float(since[place]))}</b>{end}since {PROJECTED}"
        else:
            apart, part = float(more[place]), float(share.isel(year=-1)[place])
            words = f"{hundreds(abs(apart))} {'fewer' if apart <= 0 else 'more'}"
            text = f"<b>{words}</b>{end}({percent_of_some(abs(part))})"
        corner(figure, text, place, top=True)
    time_axis(figure, results)
    value_axis(figure, "a year")
    headroom(figure, 0.4 if columns == NARROW else 0.25)
    return finish(figure, f"{service}: {demand_finding(results, do_nothing)}")


def landed_share_figure(results: xr.Dataset, columns: int = 4) -> Figure:
    """Part of the planned shift that landed, a panel for each scenario."""
    planned = headline_value(results, "landed_share").dropna("scenario", how="all")
    if not planned.sizes["scenario"]:
        return finish(Figure(), landed_finding(results))
    shown = results.sel(scenario=planned["scenario"].to_numpy())
    figure = Figure(scenario_titles(shown), columns)
    for place in range(shown.sizes["scenario"]):
        add(figure, _lines(shown, None, "landed_share", place, form=".0%"), place)
        corner(figure, f"<b>{percent(float(planned[place, -1]))}</b>", place, top=True)
    time_axis(figure, results)
    value_axis(figure, "share landed", from_zero=True)
    figure.y_axes(tickformat=".0%", range=[-0.02, 1.25], tickvals=[0, 0.25, 0.5, 0.75, 1])
    return finish(figure, landed_finding(results))


def gp_gap_figure(results: xr.Dataset, columns: int = 4, do_nothing: xr.Dataset | None = None) -> Figure:
    """GP gap, a panel for each scenario, and how many if nothing is done.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    columns
        Panels side by side.
    do_nothing
        The same scenarios with nothing decided; one line in each panel when it is not given.
    """
    other = fitting(results, do_nothing)
    here = headline_value(results, "gp_gap").isel(year=-1)
    there = None if other is None else headline_value(other, "gp_gap").isel(year=-1)

    between = "<br>" if columns == NARROW else " "
    figure = Figure(scenario_titles(results), columns)
    for place in range(results.sizes["scenario"]):
        figure.line(place, y=0)
        add(figure, _lines(results, other, "gp_gap", place, form=",.1f"), place)
        text = f"<b>{brief_gap(float(here[place]))}</b>"
        if there is not None:
            text += f"<br>do nothing:{between}{brief_gap(float(there[place]))}"
        corner(figure, text, place, top=True)
    time_axis(figure, results)
    value_axis(figure, "GP gap, WTE")
    headroom(figure, 0.25 if other is None else 0.7 if columns == NARROW else 0.4)
    return finish(figure, gp_finding(results, do_nothing))


def gp_figure(results: xr.Dataset, columns: int = 4) -> Figure:
    """GPs needed and GPs in post, a panel for each scenario."""
    needed, in_post = (headline_value(results, key) for key in ("gp_wte_needed", "gp_wte"))
    missing, share = (headline_value(results, key) for key in ("gp_gap", "gp_gap_share"))
    figure = Figure(scenario_titles(results), columns, height=220)
    for place in range(results.sizes["scenario"]):
        first, what = place == 0, median_text(results)
        lines = [
            curve(results, needed[place], f"GPs needed{what}", INK, "dot", legend=first, form=",.1f"),
            curve(
                results, in_post[place], f"GPs in post{what}", NHS_BLUE, "solid",
                legend=first, fill="tonexty", form=",.1f",
            ),
        ]  # fmt: skip
        add(figure, lines, place)
        apart, part = float(missing[place, -1]), float(share[place, -1])
        text = f"<b>{brief_gap(apart)}</b>" + (f"<br>{percent(abs(part))} of need" if round(apart) else "")
        corner(figure, text, place, top=False)
    time_axis(figure, results)
    value_axis(figure, "WTE")
    return finish(figure, gp_finding(results))


def _lines(
    results: xr.Dataset, other: xr.Dataset | None, key: str, place: int, *, form: str, **element: str
) -> list[list[Trace]]:
    """Draw an indicator of one scenario: do nothing, dashed, and the run, solid.

    With a band both are medians, 8 in 10 runs of the run are shaded and its single run is a thin line;
    without one, what lies between the run and do nothing is shaded.
    """
    legend, what = place == 0, median_text(results)
    band = band_of(results, key)
    here = headline_value(results, key).sel(element)[place]
    lines = []
    if other is not None:
        there = headline_value(other, key).sel(element)[place]
        lines.append(curve(results, there, f"{DO_NOTHING}{what}", INK, "dash", legend=legend, form=form))
    fill = "tonexty" if other is not None and band is None else None
    name = f"{run_name(results)}{what}"
    run = curve(results, here, name, NHS_BLUE, "solid", legend=legend, fill=fill, form=form)
    if band is None:
        return [*lines, run]
    of_place = band.sel(element).isel(scenario=place)
    return [*band_area(of_place, legend=legend), *lines, run, single_run(of_place, legend=legend)]


def _all_alike(results: xr.Dataset) -> str:
    count = results.sizes["scenario"]
    title = scenario_titles(results)[0]
    return title if count == 1 else f"All {count} scenarios (alike within 1%)"

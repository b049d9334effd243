"""Figures hold the result's numbers, tell scenarios apart without colour and carry their unit."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest
import xarray as xr

from dudley_sd.results import figures
from dudley_sd.results.colours import LOOKS, look
from dudley_sd.results.derived import hospital_services
from dudley_sd.results.figure_parts import Figure, numbers
from dudley_sd.results.findings import gp_finding
from dudley_sd.results.html import Charts


def drawn(figure: Figure) -> go.Figure:
    """Return what Plotly takes it for; a setting that Plotly does not know is an error."""
    return go.Figure(data=figure.data, layout=figure.layout)


@pytest.mark.parametrize("columns", [1, 2, 4])
def test_gp_figure_draws_needed_and_in_post_of_every_scenario(four_futures, columns):
    figure = drawn(figures.gp_figure(four_futures, columns))
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    names = ("gp_wte_needed", "gp_wte")
    expected = [four_futures[name].isel(scenario=place) for place in range(4) for name in names]
    assert len(lines) == len(expected)
    for line, values in zip(lines, expected, strict=True):
        assert np.array_equal(line.y, values.to_numpy())


def test_the_title_is_the_finding(four_futures):
    assert drawn(figures.gp_figure(four_futures)).layout.title.text.replace("<br>", " ") == gp_finding(
        four_futures
    )


@pytest.mark.parametrize("service", hospital_services())
def test_run_and_do_nothing_differ_in_line_as_well_as_colour(two_futures, two_do_nothings, service):
    figure = drawn(figures.demand_figure(two_futures, service, do_nothing=two_do_nothings))
    dashes = {trace.name: trace.line.dash for trace in figure.data if trace.mode == "lines"}
    assert dashes == {"do nothing": "dash", "with the portfolio": "solid"}


def test_do_nothing_line_is_do_nothing_run(two_futures, two_do_nothings):
    figure = drawn(figures.demand_figure(two_futures, "A&E attendances", do_nothing=two_do_nothings))
    dashed = [trace for trace in figure.data if trace.mode == "lines" and trace.line.dash == "dash"]
    assert len(dashed) == 2
    for line, values in zip(dashed, two_do_nothings["a_and_e_attendances"].to_numpy(), strict=True):
        assert line.y == pytest.approx(values)


def test_gps_missing_in_run_and_do_nothing(two_futures, two_do_nothings):
    figure = drawn(figures.gp_gap_figure(two_futures, do_nothing=two_do_nothings))
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    expected = [run["gp_gap"][place] for place in range(2) for run in (two_do_nothings, two_futures)]
    for line, values in zip(lines, expected, strict=True):
        assert np.array_equal(line.y, values.to_numpy())


@pytest.mark.parametrize(
    ("which", "name"), [("one_future", "with the portfolio"), ("no_shift", "do nothing")]
)
def test_with_nothing_to_compare_there_is_one_line_and_its_true_name(which, name, request):
    results = request.getfixturevalue(which)
    for figure in (
        drawn(figures.demand_figure(results, "A&E attendances")),
        drawn(figures.gp_gap_figure(results)),
    ):
        assert [trace.name for trace in figure.data if trace.mode == "lines"] == [name]


def test_words_in_corners_stand_above_all_lines(two_futures, two_do_nothings):
    figure = drawn(figures.demand_figure(two_futures, "A&E attendances", do_nothing=two_do_nothings))
    highest = max(max(trace.y) for trace in figure.data)
    lowest = min(min(trace.y) for trace in figure.data)
    assert figure.layout.yaxis.range[1] > highest + 0.2 * (highest - lowest)


def test_scenarios_differ_in_line_and_marker_as_well_as_colour(four_futures):
    looks = [look(str(key)) for key in four_futures["scenario"].to_numpy()]
    for part in ("colour", "dash", "symbol", "line", "marker"):
        assert len({getattr(each, part) for each in looks}) == len(looks)


def test_colours_can_be_read_as_text_on_white():
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1 for text."""
    for each in LOOKS:
        parts = np.array([int(each.colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        assert 1.05 / (float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05) >= 4.5


def test_every_value_axis_at_the_left_has_its_unit(four_futures):
    every = [
        drawn(figures.population_figure(four_futures)),
        drawn(figures.demand_figure(four_futures, "A&E attendances")),
        drawn(figures.landed_share_figure(four_futures)),
        drawn(figures.gp_figure(four_futures)),
        drawn(figures.gp_gap_figure(four_futures)),
    ]
    assert all(figure.layout.yaxis.title.text for figure in every)


def test_the_extrapolated_end_is_hollow_and_starred(four_futures):
    figure = drawn(figures.landed_share_figure(four_futures))
    ends = [trace for trace in figure.data if trace.mode == "markers"]
    assert all(tuple(trace.marker.color) == ("white",) for trace in ends)
    assert figure.layout.xaxis.ticktext[-1] == "2033*"


def test_one_population_panel_while_scenarios_are_alike_else_one_each(four_futures):
    own = four_futures["people_by_age"]
    people = own.isel(scenario=0, drop=True) * xr.ones_like(own)
    alike = four_futures.assign(people_by_age=people)
    assert len(drawn(figures.population_figure(alike, 4)).data) == 2
    factor = 1 + 0.1 * (people["scenario"] == "state_supreme") * (people["year"] == 2033)
    assert (
        len(drawn(figures.population_figure(four_futures.assign(people_by_age=people * factor), 4)).data) == 8
    )


def test_bars_of_one_run_below_medians_are_called_so(banded, four_futures):
    def title(results):
        return drawn(figures.population_figure(results)).layout.annotations[0].text

    assert title(banded[0]).endswith("; bars: single run")
    assert "single run" not in title(four_futures)


def test_what_is_not_finite_is_nothing_in_a_figure_and_an_error_in_a_page():
    assert numbers(np.array([1.0, np.nan, np.inf, -np.inf])) == [1.0, None, None, None]
    charts = Charts()
    charts.forms["chart"] = {"wide": {"data": [], "layout": {"height": np.inf}}}
    with pytest.raises(ValueError, match="not JSON compliant"):
        charts.as_json()


def test_years_without_a_planned_shift_are_not_drawn_as_landed(four_futures):
    line = drawn(figures.landed_share_figure(four_futures)).data[0]
    assert line.y[0] is None


def test_a_result_without_shift_can_be_drawn(no_shift):
    assert not [trace for trace in drawn(figures.landed_share_figure(no_shift)).data if trace.mode == "lines"]
    assert drawn(figures.demand_figure(no_shift, "A&E attendances")).data


def test_the_only_button_saves_the_picture():
    assert figures.CONFIG["modeBarButtons"] == [["toImage"]]

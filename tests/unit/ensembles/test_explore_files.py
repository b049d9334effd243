"""Does what `explore` leaves say what matters, in words and in a picture, and is no file written over?"""

from __future__ import annotations

from dataclasses import replace

import matplotlib.image
import openpyxl
import pandas as pd
import pytest
from sdcompile.errors import InputError

from dudley_sd.ensembles.explore import explored, plan_explore
from dudley_sd.ensembles.explore_files import (
    BARS,
    NOTES,
    PANELS,
    Exploration,
    _picture,
    number_text,
    outputs_drawn,
    write_explored,
)
from dudley_sd.ensembles.plan import EnsembleRequest, key_outputs
from dudley_sd.indicators import Selection
from dudley_sd.results import canvas
from tests.drawn_text import drawn_text, text_faults

REQUEST = EnsembleRequest(("official_future",), outputs=("gp_gap", "occupancy"), members=1)


@pytest.fixture(scope="module")
def found(shared_folder):  # noqa: ARG001 - it holds the cache of compiled models
    plan = plan_explore(REQUEST, "tornado")
    return plan, explored(plan, "tornado")


def test_table_workbook_and_picture_hold_the_same(found, tmp_path):
    plan, table = found
    csv, xlsx, png = write_explored(table, plan, "tornado", None, tmp_path)

    pd.testing.assert_frame_equal(pd.read_csv(csv), table, check_dtype=False, rtol=1e-7)
    height, width, _ = matplotlib.image.imread(png).shape
    assert (width, height > 300) == (1600, True)
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == ["Read me", "Strongest", "All"]
    heads, *rows = list(book["All"].iter_rows(min_row=4, values_only=True))
    first = dict(zip(heads, rows[0], strict=True))
    row = table.iloc[0]
    assert (first["Indicator"], first["Unit"]) == ("GP gap", "WTE")
    assert first["Number"] == "share of growth that lasts"
    assert "evidence draw: social prescribing" in {row[heads.index("Number")] for row in rows}
    assert first["Swing"] == pytest.approx(row["swing"])
    assert first["With it low"] == pytest.approx(row["at_low"])
    assert first["Low"] < first["Central"] < first["High"]
    assert len(rows) == len(table)
    words = str([cell.value for line in book["Read me"].iter_rows() for cell in line])
    assert NOTES["tornado"] in words
    assert "dudley-sd explore official_future" in words


def test_the_longest_bar_of_the_picture_is_the_strongest_number(found):
    _, table = found
    titles, units = {"gp_gap": "GPs", "occupancy": "Beds"}, {"gp_gap": "WTE", "occupancy": "%"}
    figure = _picture(Exploration(table, "tornado", "What matters", titles, units))
    axes = figure.axes[0]
    low, high = (container.patches[0] for container in axes.containers)
    best = table.iloc[0]
    assert low.get_x() + low.get_width() == pytest.approx(best["at_low"])
    assert high.get_x() + high.get_width() == pytest.approx(best["at_high"])
    assert axes.get_yticklabels()[0].get_text().startswith("share of growth that lasts")
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first at the top
    assert len(figure.axes) == 2
    assert outputs_drawn(key_outputs()) == list(Selection("explore"))[:PANELS]


def test_files_of_two_requests_never_have_one_name(found, tmp_path):
    plan, table = found
    others = [
        replace(plan, request=replace(REQUEST, **change))
        for change in (
            {},
            {"outputs": key_outputs()},
            {"contract": "dudley_mcp"},
            {"settings": {"GDP growth": 0.01}},
            {"seed": 1},
            {"projection": "a/table.csv"},
            {"projection": "b/table.csv"},
        )
    ]
    names = [write_explored(table, each, "tornado", None, tmp_path)[0].name for each in others]
    assert len(set(names)) == len(others)
    assert names[1] == "dudley_as_evidenced_official_future_tornado.csv"
    again = write_explored(table, others[2], "tornado", None, tmp_path)[0].name
    assert again == names[2]


@pytest.mark.usefixtures("shared_folder")
def test_outputs_that_nothing_moves_are_refused():
    plan = plan_explore(replace(REQUEST, outputs=("scenario_change",)), "tornado")
    with pytest.raises(InputError, match="no number that is drawn moves scenario_change"):
        explored(plan, "tornado")


@pytest.mark.parametrize("larger", [1, 1.15])
def test_no_text_of_the_picture_is_cut_or_lies_upon_another(found, tmp_path, monkeypatch, larger):
    monkeypatch.setitem(canvas.STYLE, "font.sans-serif", ["DejaVu Sans"])
    monkeypatch.setitem(canvas.STYLE, "font.size", canvas.STYLE["font.size"] * larger)
    plan, table = found
    with drawn_text() as written:
        write_explored(table, plan, "tornado", None, tmp_path)
    assert text_faults(written) == []
    words = " ".join(" ".join(text.split()) for text, _, _ in written)
    assert not [text for text, _, _ in written if "…" in text]
    for said in ("A model, not a forecast", "contract as now", "Source: dudley_sd", "number at its low end"):
        assert said in words
    for name in table[table["variable"] == "gp_gap"]["parameter"][:BARS]:
        assert number_text(name) in words

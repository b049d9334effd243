"""No text of the result's picture is cut or lies upon another, in wide letters and in larger ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr

from dudley_sd.results import canvas
from dudley_sd.results.band import ABOUT, STATISTICS, headline_value, with_band
from dudley_sd.results.picture import write_png
from tests.drawn_text import drawn_text, text_faults

KEYS = ("hospital_activity_since_2018", "gp_gap", "landed_share")


def with_wide_band(results: xr.Dataset) -> xr.Dataset:
    """Put a median beside a result, and ends of a band that lie the further apart the later the year."""
    statistic = xr.DataArray([0.0, 0.1, -0.5, 0.6], dims="statistic")
    away = statistic * (results["year"] - 2018) / 15
    band = {
        f"{key}_band": headline_value(results, key) + (150 if key == "gp_gap" else 1) * away for key in KEYS
    }
    band["landed_share_band"] = band["landed_share_band"].clip(0, 1)
    found = {name: each.transpose("statistic", "scenario", "year", ...) for name, each in band.items()}
    about = json.dumps({"members": 200, "seed": 0})
    return with_band(results, xr.Dataset(found, {"statistic": list(STATISTICS)}, {ABOUT: about}))


@pytest.fixture(params=[1, 1.15], ids=["as it is", "larger"])
def wide_letters(request, monkeypatch):
    """Letters of DejaVu Sans, as they are and larger."""
    monkeypatch.setitem(canvas.STYLE, "font.sans-serif", ["DejaVu Sans"])
    monkeypatch.setitem(canvas.STYLE, "font.size", canvas.STYLE["font.size"] * request.param)


def words_of(path: Path, results: xr.Dataset, other: xr.Dataset | None) -> str:
    """Draw the picture, refuse text that is cut or covered, and return all that it says."""
    with drawn_text() as found:
        write_png(results, path, other)
    assert text_faults(found) == []
    return "\n".join(text for text, _, _ in found)


@pytest.mark.usefixtures("wide_letters")
def test_text_of_four_futures_with_their_band_is_whole(four_futures, tmp_path):
    words = words_of(tmp_path / "four.png", with_wide_band(four_futures), None)
    for said in (
        "A model, not a forecast",
        "8 in 10 of 200 runs",
        "single run at central values",
        "dudley_sd",
    ):
        assert said in words
    assert words.count("Community\nResilience") + words.count("Community Resilience") >= 3


@pytest.mark.usefixtures("wide_letters")
def test_text_of_a_run_beside_do_nothing_is_whole(two_futures, two_do_nothings, tmp_path):
    banded = (with_wide_band(two_futures), with_wide_band(two_do_nothings))
    assert "do nothing" in words_of(tmp_path / "two.png", *banded)
    words = words_of(tmp_path / "single.png", two_futures, two_do_nothings)
    assert "A single run at central values: no band was run." in words
    assert "median" not in words


@pytest.mark.usefixtures("wide_letters")
def test_text_of_one_future_and_of_do_nothing_alone_is_whole(one_future, no_shift, tmp_path):
    words_of(tmp_path / "one.png", with_wide_band(one_future), None)
    words_of(tmp_path / "nothing.png", no_shift, None)


def test_a_picture_with_text_that_is_cut_or_covered_is_refused(four_futures, tmp_path, monkeypatch):
    monkeypatch.setattr(canvas.Canvas, "wrap", lambda _self, text, _room, **_font: text)
    with drawn_text() as found:
        write_png(four_futures, tmp_path / "unwrapped.png")
    faults = text_faults(found)
    assert any(fault.startswith("cut") for fault in faults)
    assert any(fault.startswith("one upon the other") for fault in faults)

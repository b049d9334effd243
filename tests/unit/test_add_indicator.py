"""The recipe "Add an indicator" of CONTRIBUTING, followed in a copy: one row, and every place shows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

CHECKOUT = Path(__file__).parents[2]
ROW = """

[Hospital.people_becoming_delayed]
title = "People who become delayed"
unit = "people a year"
better = "low"
display = { compare = 45, ensemble = 45, band = 45 }
chart.order = 75
chart.title = "How many people wait in a bed to leave?"
chart.unit = "people a year"
chart.says = "People who could leave if there were care for them."

[Staff.vacancies_of_community_staff]
of = "vacancy_rate[CommunityStaff]"
title = "Community posts empty"
unit = "%"
scale = 0.01
decimals = 1
better = "low"
display = { compare = 85, band = 85, headline = 65 }
chart.order = 95
chart.title = "How many community posts stand empty?"
chart.unit = "% of posts"
chart.says = "Nobody lands care in a post that stands empty."
"""
LISTS = """
from dudley_dashboard.browser_model import charts_for_browser
from dudley_sd.indicators import COMPARED, Selection
name = "people_becoming_delayed"
print([name in Selection(place) for place in ("compare", "ensemble", "band", "tile")])
print([chart["title"] for chart in charts_for_browser() if chart["key"] == name])
name = "vacancies_of_community_staff"
print([(chart["scale"], chart["decimals"]) for chart in charts_for_browser() if chart["key"] == name])
print(COMPARED[name].size, COMPARED[name].total.whole)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the product, with the row of the recipe added."""
    folder = tmp_path_factory.mktemp("recipe")
    for name in ("dudley_sd", "dashboard", "inputs", "models"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "inputs" / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(ROW)
    return folder


def test_an_indicator_is_added_by_a_row(copy: Path):
    """It is on the lists of its places and no other, has its chart, and stands on its sheet.

    So is one element of a variable, which has scale of its chart and sum of areas from what is there.
    """
    assert "sound" in python(copy, "-m", "dudley_sd", "check")
    assert python(copy, "-c", LISTS).splitlines() == [
        "[True, True, True, False]",
        "['How many people wait in a bed to leave?']",
        "[(100.0, 1)]",
        "False posts",
    ]
    words = ["run", "official_future", "--no-band", "--out", "results"]
    python(copy, "-m", "dudley_sd", *words)
    (path,) = (copy / "results").glob("*.xlsx")
    book = load_workbook(path, read_only=True)
    shown = {row[1]: row for name in ("Hospital", "Staff") for row in book[name].iter_rows(values_only=True)}
    assert "People becoming delayed" in shown
    assert shown["Community posts empty"][3] == "% of whole"
    assert 0 < shown["Community posts empty"][4] < 1
    (page,) = (copy / "results").glob("*.html")
    assert "Community posts empty" in page.read_text(encoding="utf-8")


def test_a_variable_that_the_model_has_not_is_refused_with_near_names(copy: Path):
    path = copy / "inputs" / "indicators.toml"
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace('title = "People who', 'of = "people_becoming_delay"\ntitle = "People who'))
    found = python(copy, "-m", "dudley_sd", "check", code=2)
    path.write_text(sound, encoding="utf-8")
    assert "'people_becoming_delay' is not known" in found
    assert "people_becoming_delayed" in found


def python(copy: Path, *words: str, code: int = 0) -> str:
    """Run Python on the code of the copy; its output, lines joined where a terminal would break them."""
    ours = os.pathsep.join([str(copy), str(copy / "dashboard")])
    done = subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": ours, "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr

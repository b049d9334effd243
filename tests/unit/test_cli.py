"""Does the command line tell the truth, in words and in exit codes?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from dudley_sd.cli import main
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import ccg_people
from tests.ons_files import make_up, table_of_ages, write_xlsx

Told = Callable[..., str]


class Done(NamedTuple):
    """What a command left: exit code, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def dudley_sd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a line, or its words, in the test's folder; in this process, which has read the model already."""

    def run(*words: str) -> Done:
        words = words if len(words) > 1 else tuple(words[0].split())
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["dudley-sd", *words])
        code = 0
        try:
            main()
        except SystemExit as left:
            code = int(left.code or 0)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def refused(dudley_sd: Command) -> Told:
    """What is told on the way out with exit code 2."""

    def told(*words: str) -> str:
        done = dudley_sd(*words)
        assert done.returncode == 2
        return done.stderr

    return told


def test_exit_code_and_words_leave_the_process(tmp_path: Path):
    """In a process of its own, as a user's; the others are run in this one."""
    done = subprocess.run(
        [sys.executable, "-m", "dudley_sd", "run", "nowhere", "--portfolio", "nothing"],
        cwd=tmp_path, env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "2 faults found; nothing was run or written" in done.stderr
    assert "nowhere" in done.stderr
    assert "nothing" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("run", "official_futur"), ["scenarios", "official_futur", "Choose one of: official_future"]),
        (("run", "--portfolio", "everything"), ["portfolios", "everything", "as_evidenced"]),
        (("run", "--contract", "uniting"), ["contracts", "uniting", "Choose one of: uniting_care"]),
        (("run", "--footprint", "dudly"), ["footprints", "dudly", "dudley"]),
        (("run", "--footprint", "Ludon"), ["Ludon", "Did you mean E38000102 Luton", "Choose one of: black"]),
        (("compare", "--footprint", "Ludon"), ["Ludon", "Did you mean E38000102 Luton"]),
        (("ensemble", "--footprint", "Ludon"), ["Ludon", "Did you mean E38000102 Luton"]),
        (("area", "new", "Ludon"), ["Ludon", "Did you mean E38000102 Luton", "area list WORD"]),
        (("run", "--footprint", "walsall", "--footprint", "walsall"), ["walsall", "asked for twice"]),
        (("run", "--from", "nothing.xlsx"), ["nothing.xlsx", "does not exist"]),
        (("compare", "--footprint", "dudly"), ["footprints", "dudly", "dudley"]),
        (("compare", "--portfolio", "everything"), ["portfolios", "everything", "as_evidenced"]),
        (("compare", "--contract", "as_now", "--contract", "as_now"), ["contracts", "as_now", "twice"]),
        (("compare", "--lever", "covrage=1"), ["covrage", "Did you mean coverage"]),
        (("run", "--lever", "coverage[MDT]=120"), ["coverage[MDT]", "120", "range 0 to 1", "per cent"]),
        (("run", "--lever", "covrage=1"), ["covrage", "Did you mean coverage"]),
        (("run", "--engine", "pysd", "--band"), ["band", "PySD", "Leave it out"]),
        (("compare", "--engine", "pysd", "--band"), ["band", "PySD", "Leave it out"]),
        (("run", "--lever", "coverage[MDT]"), ["coverage[MDT]", "name=number"]),
        (("run", "--lever", "GDP growth=nan"), ["GDP growth", "not a finite number"]),
        (("run", "official_future", "official_future"), ["official_future", "asked for twice"]),
        (("levers", "no such words"), ["no such words", "Try fewer letters"]),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    tmp_path: Path, refused: Told, words: tuple[str, ...], expected: list[str]
):
    """One report with place, value and remedy; exit code 2; no file."""
    told = refused(*words)
    assert [part for part in expected if part not in told] == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_belongs_is_kept(tmp_path: Path, refused: Told):
    """--out that names a file is refused and the file is untouched."""
    (tmp_path / "results").write_text("mine", encoding="utf-8")
    assert "cannot be written to" in refused("run")
    assert (tmp_path / "results").read_text(encoding="utf-8") == "mine"


def test_levers_are_listed_with_what_can_be_typed(dudley_sd: Command):
    """The list gives limits, meaning and the words to type."""
    done = dudley_sd("levers", "coverage")

    assert done.returncode == 0
    assert "coverage  (0 to 1)" in done.stdout
    assert "--lever 'coverage[MDT]=0'" in done.stdout


def test_run_writes_what_the_api_returns(tmp_path: Path, do_nothing: xr.Dataset, dudley_sd: Command):
    """The command's CSV holds the numbers of the Python call; its path is printed."""
    done = dudley_sd("run", "official_future", "--portfolio", "none", "--format", "csv", "--out", "here")

    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "here").iterdir()
    assert path.name in done.stdout
    table = pd.read_csv(path, dtype={"scenario": str}, low_memory=False)
    rows = table.query("variable == 'gp_gap' and year == 2033").set_index("statistic")["value"]
    assert list(rows.index) == ["single run", "median", "10%", "90%"]
    gap = rows["single run"]
    assert gap == pytest.approx(float(do_nothing["gp_gap"].sel(year=2033)), rel=1e-9)


def test_run_compares_with_do_nothing(tmp_path: Path, dudley_sd: Command):
    """Both runs are counted and told, and only the result itself is written."""
    done = dudley_sd("run", "official_future", "--format", "xlsx", "--out", "here", "--no-band")

    assert done.returncode == 0, done.stderr
    assert "1 scenario and do nothing: 2 runs" in done.stderr
    (path,) = (tmp_path / "here").iterdir()
    assert "Against do nothing" in pd.ExcelFile(path).sheet_names


def test_a_contract_alone_is_compared_with_do_nothing(tmp_path: Path, dudley_sd: Command):
    """No portfolio, but a contract: that is no do nothing, and its name is in the file's."""
    done = dudley_sd(
        "run official_future --portfolio none --contract dudley_mcp --no-band --format xlsx --out here"
    )

    assert done.returncode == 0, done.stderr
    assert "1 scenario and do nothing: 2 runs" in done.stderr
    (path,) = (tmp_path / "here").iterdir()
    assert path.name == "dudley_none_dudley_mcp_official_future.xlsx"
    told = pd.read_excel(path, sheet_name="Read me", header=None).set_index(0)[1]
    assert told["Contract"].startswith("Dudley MCP, fully integrated. Dudley's plan of 2017")
    notes = pd.read_excel(path, sheet_name="Notes and sources", header=4)
    terms = notes[notes.iloc[:, 0] == "term of the contract"].set_index("Name")
    assert terms.loc["contract length", "Central"] == 15
    assert "Section 2, The procurement process" in terms.loc["contract length", "Locator"]


def test_prepare_writes_the_tables_of_the_model(tmp_path: Path, dudley_sd: Command):
    """The tables in models/data can be made again: as they are, but for a machine's last digits."""
    shipped = Path(__file__).parents[2] / "models" / "data"
    done = dudley_sd("prepare", "--out", "tables")
    assert done.returncode == 0
    names = sorted(path.name for path in shipped.iterdir())
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == names
    assert f"Wrote {len(names)} tables" in done.stderr
    for name in names:
        made, there = (pd.read_csv(folder / name, index_col=0) for folder in (tmp_path / "tables", shipped))
        pd.testing.assert_frame_equal(made, there, rtol=1e-9, atol=1e-9, check_dtype=False)


def test_prepare_leaves_a_table_alone_that_is_right(tmp_path: Path, dudley_sd: Command):
    """Of the shipped ones none is written; one in which a number differs is, and that alone, in 12 digits."""
    shipped = Path(__file__).parents[2] / "models" / "data"
    shutil.copytree(shipped, tmp_path / "tables")
    changed = tmp_path / "tables" / "reference_births.csv"
    table = pd.read_csv(changed, index_col=0)
    (table * (1 + 1e-6)).to_csv(changed)
    done = dudley_sd("prepare", "--out", "tables")
    assert "Wrote 1 table to" in done.stderr
    same = {path.name: path.read_bytes() for path in shipped.iterdir() if path.name != changed.name}
    assert {name: (tmp_path / "tables" / name).read_bytes() for name in same} == same
    pd.testing.assert_frame_equal(pd.read_csv(changed, index_col=0), table, rtol=1e-9)
    assert max(len(cell.strip("0.").replace(".", "")) for cell in written_cells(changed)) <= 12


def written_cells(path: Path) -> list[str]:
    """Return the numbers of a table as they are written, without heads."""
    return [cell for line in path.read_text().splitlines()[1:] for cell in line.split(",")[1:]]


@pytest.mark.parametrize("words", ["VirtualWard", "virtual ward"])
def test_levers_are_found_by_element_and_reader_words(words: str, dudley_sd: Command):
    """The element that is looked for stands first below its lever."""
    done = dudley_sd("levers", words)
    lines = done.stdout.splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("coverage  ("))
    assert "coverage[VirtualWard]=" in lines[place + 1]
    assert "coverage[MDT]=" in lines[place + 2]
    assert not any(line.startswith("GDP growth") for line in lines)


def test_ons_lists_imports_and_keeps_what_is_there(tmp_path: Path, dudley_sd: Command):
    """What the file is, its areas, a tidy file; a second import asks for --replace."""
    write_xlsx(tmp_path / "table3.xlsx", table_of_ages(make_up(years=4), 2016))
    listed = dudley_sd("ons", "table3.xlsx", "--list")
    assert listed.returncode == 0, listed.stderr
    assert "Table 3, population, 2016-based, 3 areas, mid-2016 to mid-2019" in listed.stderr
    assert "E38000901  NHS Testbury CCG" in listed.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["table3.xlsx"]

    words = ("ons", "table3.xlsx", "--area", "E38000901", "--to", "tidy")
    done = dudley_sd(*words)
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "tidy").iterdir()
    assert path.name == "population_2016_based_table_3.csv"
    assert path.name in done.stdout
    assert set(pd.read_csv(path)["area_name"]) == {"NHS Testbury CCG"}

    again = dudley_sd(*words)
    assert again.returncode == 2
    assert "is there already. Add --replace" in again.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("ons", "nowhere.xls"), ["nowhere.xls", "does not exist"]),
        (
            ("levers", "coverge"),
            ["no lever's name holds these words", "Did you mean coverage"],
        ),
        (("run", "--projection", "nowhere.xls"), ["nowhere.xls", "Table 3", "dudley-sd ons FILE"]),
        (("run", "--projection", "2016"), ["2016-based", "holds Dudley", "https://www.ons.gov.uk/"]),
        (("run", "nosuch", "--projection", "2016"), ["nosuch", "2 faults found"]),
    ],
)
def test_what_is_missing_of_a_projection_is_said(
    tmp_path: Path, refused: Told, words: tuple[str, ...], expected: list[str]
):
    """Exit code 2, all faults together, nothing written."""
    told = refused(*words)
    assert [part for part in expected if part not in told] == []
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_leaves_its_files_and_says_where(tmp_path: Path, dudley_sd: Command):
    words = ("compare", "official_future", "--portfolio", "none", "--portfolio", "as_evidenced")
    done = dudley_sd(*words, "--format", "csv", "--format", "html", "--out", "out")
    assert done.returncode == 0, done.stderr
    stem = Path(done.stdout.split()[0]).stem
    assert re.fullmatch("compare_dudley_[0-9a-f]{6}", stem)  # not all futures: a name of its own
    assert done.stdout.split() == [f"out/{stem}.csv", f"out/{stem}.html"]
    table = pd.read_csv(tmp_path / "out" / f"{stem}.csv")
    assert set(table["portfolio"]) == {"none", "as_evidenced"}
    assert "dudley-sd compare official_future" in (tmp_path / "out" / f"{stem}.html").read_text("utf-8")


def test_the_black_country_in_one_command(tmp_path: Path, dudley_sd: Command):
    done = dudley_sd("compare", "--footprint", "black_country", "--no-band", "--out", "out")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out" / "compare_black_country_on_2018.csv")
    people = table[(table["indicator"] == "total_population") & (table["year"] == 2033)]
    people = people[(people["scenario"] == "official_future") & (people["portfolio"] == "none")]
    by_area = people.set_index("footprint")["value"]
    assert by_area["black_country"] == pytest.approx(by_area.drop("black_country").sum(), rel=1e-9)
    page = (tmp_path / "out" / "compare_black_country_on_2018.html").read_text("utf-8")
    assert "Black Country STP and its areas, 2018 to 2033, ONS 2018-based projection" in page
    assert "All areas are on one base" in page
    old = table[(table["indicator"] == "people_75_and_over") & (table["year"] == 2033)]
    old = old.pivot(index=["scenario", "portfolio"], columns="footprint", values="value")
    walsall, dudley = (
        old["walsall"] / 27_922,
        old["dudley"] / 38_001,
    )  # ONS; at Dudley's rates Walsall had 33,000
    assert walsall.to_numpy() == pytest.approx(dudley.to_numpy(), rel=0.01)  # harm takes its share of both
    assert len(walsall) == 8 and ((walsall > 0.9) & (walsall < 1)).all()


def test_a_ccg_that_is_not_shipped_runs_on_the_published_workbook_in_one_command(
    tmp_path: Path, dudley_sd: Command
):
    """ONS 2018-based Table 3, NHS Barnet CCG, sheet Persons, All ages."""
    table3 = Path(__file__).parent / "inputs" / "official" / "table3_2018_extract.xlsx"
    words = ("run", "reference", "--footprint", "Barnet", "--projection", str(table3))
    run = dudley_sd(*words, "--no-band", "--format", "csv", "--out", "out")
    assert run.returncode == 0, run.stderr
    (path,) = (tmp_path / "out").glob("barnet_*.csv")
    table = pd.read_csv(path, low_memory=False)
    people = table[table["variable"] == "total_population"].set_index("year")["value"]
    published = ccg_people(("E38000005",), inputs_folder())
    assert published is not None
    people = people.loc[2018:]  # where the projection begins
    np.testing.assert_allclose(people, published.sum("age").sel(year=people.index.to_numpy()), atol=1.0)


def test_an_area_is_written_and_said_how_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Told, dudley_sd: Command
):
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path / "areas"))
    done = dudley_sd("area", "new", "Luton")
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / "areas" / "luton.toml")), done.stderr
    assert "dudley-sd run --footprint luton" in done.stderr
    assert "is no CCG of mid-2018" in refused("area", "new", "Lutton")


def test_a_template_is_written_and_read_back(dudley_sd: Command):
    done = dudley_sd("template", "--to", "levers.xlsx")
    assert (done.returncode, done.stdout.strip()) == (0, "levers.xlsx")
    again = dudley_sd("template", "--to", "levers.xlsx")
    assert again.returncode == 2 and "--replace" in again.stderr
    both = dudley_sd("run", "--from", "levers.xlsx", "--lever", "GDP growth=9")
    assert both.returncode == 2
    assert "Read from levers.xlsx: nothing is set" in both.stderr
    assert "GDP growth" in both.stderr


PLAN_FILE = """
title = "Full teams"
date = 2026-11-22
scenarios = ["state_supreme"]
portfolio = "none"
contract = "dudley_mcp"
footprints = ["walsall"]
[levers."coverage[MDT]"]
value = 0.8
reason = "Board, 1 March"
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("official_future",), ["scenarios, official_future", "plan.toml, which has state_supreme"]),
        (("--portfolio", "as_evidenced"), ["--portfolio, as_evidenced", "plan.toml, which has none"]),
        (("--contract", "as_now"), ["--contract, as_now", "which has dudley_mcp"]),
        (("--footprint", "dudley"), ["--footprint, dudley", "which has walsall"]),
        (("--projection", "2018"), ["--projection, 2018", "which has 2014"]),
        (("--lever", "Coverage [MDT]=0.9"), ["--lever, Coverage [MDT]=0.9", "which has 0.8"]),
        (("--lever", "coverage=0.9"), ["coverage is set twice"]),
        (("--portfolio", "as_evidenced", "--contract", "as_now"), ["2 faults found"]),
    ],
)
def test_words_at_odds_with_a_plan_file_are_named_with_what_it_says(
    tmp_path: Path, refused: Told, words: tuple[str, ...], expected: list[str]
):
    """Even the usual value is at odds once it is typed."""
    (tmp_path / "plan.toml").write_text(PLAN_FILE, encoding="utf-8")
    told = refused("run", *words, "--from", "plan.toml")
    assert [part for part in expected if part not in told] == []
    assert [path.name for path in tmp_path.iterdir()] == ["plan.toml"]


def test_a_plan_file_is_run_as_it_is_and_more_levers_may_be_typed(tmp_path: Path, dudley_sd: Command):
    """Words that say the same are no fault; the file's levers and those typed are both in the result."""
    (tmp_path / "plan.TOML").write_text(PLAN_FILE, encoding="utf-8")
    words = ("run", "--from", "plan.TOML", "--portfolio", "none", "--format", "nc", "--out", "out")
    levers = ("--lever", "coverage[MDT]=0.8", "--lever", "GDP growth=0.01")
    done = dudley_sd(*words, *levers, "--no-do-nothing", "--no-band")

    assert done.returncode == 0, done.stderr
    assert "Read from plan.TOML: Full teams" in done.stderr
    assert (
        "futures state_supreme; portfolio none; contract dudley_mcp; areas walsall; people 2014"
        in done.stderr
    )
    assert "1 lever\n  coverage[MDT] = 0.8\n" in done.stderr
    (path,) = (tmp_path / "out").iterdir()
    with xr.open_dataset(path) as results:
        assert results.attrs["footprint"] == "walsall"
        assert results.attrs["contract"] == "dudley_mcp"
        assert list(results["scenario"].values) == ["state_supreme"]
        assert float(results["coverage"].isel(year=0).sel(intervention="MDT").item()) == 0.8
        assert "GDP growth=0.01" in results.attrs["manifest"]


def test_faults_of_a_plan_file_and_of_words_come_together(tmp_path: Path, refused: Told):
    (tmp_path / "plan.toml").write_text(PLAN_FILE.replace("walsall", "nowhere"), encoding="utf-8")
    told = refused("run", "--from", "plan.toml", "--lever", "coverage")
    assert "plan.toml, footprints: there is none of that name, found 'nowhere'" in told
    assert "'coverage': is not a name and a number" in told

"""Do files that the dashboard gives hold what it shows, and do they run and open again?"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from dudley_dashboard.address import read_view
from dudley_dashboard.api import address_of
from dudley_dashboard.downloads import TITLE, plan_tables, plan_workbook
from dudley_dashboard.runs import run
from flask.testing import FlaskClient
from hypothesis import given
from sampling import drawn, examples
from sdcompile.errors import InputError

from dudley_sd.request import Request
from dudley_sd.results.band import SINGLE, SINGLE_RUN
from dudley_sd.saved_plan import LARGEST, SavedPlan, parse_plan
from tests.dashboard.fresh import fetched
from tests.dashboard.http import PREFIX, make
from tests.dashboard.test_address import plans

PLAN = Request(
    scenarios="state_supreme",
    contract="dudley_mcp",
    settings={"coverage[MDT]": 0.9, "GDP growth": 0.0123456789},
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """The dashboard on this machine."""
    return make().test_client()


@pytest.fixture
def fetch(client: FlaskClient) -> Callable[[str], bytes]:
    """Download a file of the plan."""

    def get(ending: str) -> bytes:
        answer = fetched(client, f"{PREFIX}download/plan.{ending}{PLAN.address()}")
        assert answer.status_code == 200
        name = f"dudley_as_evidenced_state_supreme.{ending}"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        return answer.data

    return get


def test_the_plan_file_gives_the_same_numbers_on_the_command_line(fetch, tmp_path: Path):
    """Every number of the run, to the ten digits of the CSV file."""
    (tmp_path / "plan.toml").write_bytes(fetch("toml"))
    done = subprocess.run(
        [
            sys.executable, "-m", "dudley_sd",
            "run", "--from", "plan.toml", "--format", "csv", "--out", "out",
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "out").iterdir()
    theirs = pd.read_csv(path, low_memory=False)
    ours = pd.read_csv(
        io.BytesIO(zipfile.ZipFile(io.BytesIO(fetch("zip"))).read("plan.csv")), low_memory=False
    )
    pd.testing.assert_frame_equal(theirs, ours, check_exact=True)
    gap = theirs.query(f"variable == 'gp_gap' and year == 2033 and statistic == '{SINGLE}'")["value"].item()
    shown = float(run(PLAN)["gp_gap"].sel(scenario="state_supreme", year=2033))
    assert gap == pytest.approx(shown, rel=1e-9)


def test_the_archive_tells_what_it_is_and_how_it_is_made_again(fetch):
    archive = zipfile.ZipFile(io.BytesIO(fetch("zip")))
    assert archive.testzip() is None
    told = archive.read("read_me.txt").decode()
    manifest = json.loads(archive.read("manifest.json"))
    for part in (
        "A model, not a forecast",
        "State Supreme",
        "Dudley MCP, fully integrated",
        "coverage[MDT] = 0.9",
        "GDP growth = 0.0123456789",
        "dudley_sd 0.1.0",
        manifest["model_sha256"],
        manifest["made"][:10],
        manifest["command"],
        "dudley-sd run state_supreme --portfolio as_evidenced --contract dudley_mcp",
        "ONS 2014-based projection for NHS Dudley CCG",
    ):
        assert part in told
    for name, plan in (("do_nothing.csv", PLAN.do_nothing()), ("reference_case.csv", PLAN.reference_case())):
        table = pd.read_csv(archive.open(name), low_memory=False)
        expected = float(run(plan)["gp_gap"].sel(year=2033).item())
        gap = table.query(f"variable == 'gp_gap' and year == 2033 and statistic == '{SINGLE}'")[
            "value"
        ].item()
        assert gap == pytest.approx(expected, rel=1e-9)
        assert name in told
    assert PLAN.do_nothing().values == {"GDP growth": 0.0123456789}
    sources = pd.read_csv(archive.open("sources.csv"))
    published = sources[sources["status"] == "published"]
    assert len(published) > 100
    assert published["source"].notna().all()
    assert parse_plan(archive.read("plan.toml"), "plan.toml").request.values == PLAN.values


def test_the_workbook_opens_with_plan_do_nothing_and_what_made_them(fetch):
    book = pd.ExcelFile(io.BytesIO(fetch("xlsx")))
    assert {"Read me", "Headlines", "Against do nothing", "Notes and sources"} <= set(book.sheet_names)
    told = book.parse("Read me", header=None).astype(str)
    text = "\n".join(told.to_numpy().ravel())
    model = json.loads(run(PLAN).attrs["manifest"])["model_sha256"]
    for part in (model, "dudley_sd 0.1.0", "coverage[MDT] = 0.9", "--contract dudley_mcp", "Do nothing"):
        assert part in text
    against = book.parse("Against do nothing", header=None)
    lines = against[2].astype(str)
    row = against[(against[1] == "GP gap") & lines.str.match(f"with.*{SINGLE_RUN}")].iloc[0]
    shown = float(run(PLAN)["gp_gap"].sel(scenario="state_supreme", year=2033))
    assert row.iloc[-1] == pytest.approx(shown, rel=1e-12)


@pytest.mark.drawn
def test_files_call_what_stands_beside_a_plan_as_the_pages_do():
    """Do nothing is of the plan's own future; the reference case is a file where it is another run."""
    apart = (PLAN, Request(settings=PLAN.values | {"GDP growth": 0.03}))
    for plan in (Request(settings={"coverage[MDT]": 0.9}), *drawn(apart, 1, "beside")):
        archive = zipfile.ZipFile(io.BytesIO(plan_tables(plan)))
        told = archive.read("read_me.txt").decode()
        assert "do_nothing.csv" in archive.namelist()
        assert (
            (plan in apart) == ("reference_case.csv" in archive.namelist()) == ("reference_case.csv" in told)
        )
        book = pd.ExcelFile(io.BytesIO(plan_workbook(plan)))
        rows = set(book.parse("Against do nothing", header=None)[2].dropna().astype(str))
        assert "do nothing, median" in rows
        pages = [book.parse(each, header=None) for each in book.sheet_names]
        cells = [str(cell).lower() for page in pages for cell in page.to_numpy().ravel()]
        assert not [text for text in [*cells, *told.lower().splitlines()] if "baseline" in text]


@pytest.mark.drawn
def test_a_sum_of_areas_and_the_reference_case_itself_can_be_downloaded(client: FlaskClient):
    for plan in (Request(footprints="black_country"), Request(portfolio="none")):
        for ending in drawn(("xlsx", "zip"), 1, plan.footprint):
            assert fetched(client, f"{PREFIX}download/plan.{ending}{plan.address()}").status_code == 200


def test_title_and_reason_stand_in_the_file(client: FlaskClient):
    answer = client.get(
        f"{PREFIX}download/plan.toml?title={quote('Größer & “besser”')}&reason=because%0a1%25"
    )
    told = tomllib.loads(answer.text)
    assert (told["title"], told["reason"]) == ("Größer & “besser”", "because 1%")


@pytest.mark.parametrize("title", ["a" * 121, "\u202egnp.exe", "a\0b"])
def test_a_title_that_deceives_or_is_too_long_is_refused(client: FlaskClient, title: str):
    answer = client.get(f"{PREFIX}download/plan.toml?{TITLE}={quote(title)}")
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"


def test_what_is_asked_for_never_gets_into_the_headers(client: FlaskClient):
    answer = client.get(f"{PREFIX}download/plan.toml?footprint=x%0d%0aSet-Cookie:a=b&title=t%0d%0aX:y")
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename=dudley_as_evidenced_official_future.toml"
    )
    assert "Set-Cookie" not in answer.headers


@given(plans())
@examples(60)
def test_a_plan_file_opens_as_the_address_it_was_saved_from(plan: Request):
    address, notes = address_of(SavedPlan.of(plan).toml().encode(), "plan.toml")
    assert notes == []
    assert read_view(address).request == plan


def test_reasons_of_levers_stand_beside_them():
    told = tomllib.loads(SavedPlan.of(PLAN, reasons={"coverage[MDT]": "Board, 1 March"}).toml())
    assert told["levers"]["coverage[MDT]"] == {"value": 0.9, "reason": "Board, 1 March"}


def test_a_file_for_several_shows_the_first_and_says_so():
    text = (
        SavedPlan.of(Request()).toml().replace('["official_future"]', '["state_supreme", "official_future"]')
    )
    text = text.replace('["dudley"]', '["walsall", "dudley"]').replace('"2014"', '"/etc/passwd"')
    address, notes = address_of(text.encode(), "plan.toml")
    assert read_view(address).request == Request(scenarios="state_supreme", footprints="walsall")
    assert "2 scenarios; the first, state_supreme, is shown" in notes[0]
    assert "2 areas; the first, walsall, is shown" in notes[1]
    assert "There is no projection “/etc/passwd”" in notes[2]


def test_a_file_that_is_sent_opens_as_an_address_or_says_all_its_faults(client: FlaskClient):
    good = client.post(f"{PREFIX}plan-file", data=SavedPlan.of(PLAN).toml()).get_json()
    assert good == {"address": PLAN.address(), "notes": []}
    bad = client.post(f"{PREFIX}plan-file", data="title = 3\nscenarios = ['nowhere']").get_json()
    assert any("nowhere" in fault for fault in bad["faults"])
    assert any(fault.startswith("title: ") for fault in bad["faults"])
    assert "too" not in bad
    large = client.post(f"{PREFIX}plan-file", data=b"#" * (LARGEST + 1)).get_json()
    assert "larger than" in large["faults"][0]


def test_a_plan_without_a_right_title_is_refused_in_python_too():
    with pytest.raises(InputError):
        SavedPlan.of(Request(), title="a\nb\0").toml()

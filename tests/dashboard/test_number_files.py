"""The numbers of pages as files: what is asked for, what made it, and what happens until it can be made."""

from __future__ import annotations

import io
import json
import threading
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import Numbers, numbers_workbook
from dudley_dashboard.downloads import archive as archive_of
from dudley_dashboard.members import members_of
from dudley_dashboard.names import world_text
from dudley_dashboard.pages.uncertainty.data import OF_A_TOTAL, EnsembleQuery, jobs, key_of, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import save_ensemble
from dudley_dashboard.runs import AREAS, area_keys, indicators_of
from dudley_dashboard.server.files import AT_ONCE, BUSY, ready_file
from flask.testing import FlaskClient

from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.parameters import parameter_table
from dudley_sd.request import Request
from dudley_sd.results.table import frame_table
from tests.dashboard.fresh import fetched, fresh_dashboard
from tests.dashboard.http import PREFIX, make
from tests.dashboard.waiting import PATIENCE, until
from tests.dashboard.window import watch

PLAN = Request("state_supreme", settings={"GDP growth": 0.01})
SEARCH = "?scenario=state_supreme&set=GDP%20growth:0.01"
PAGES = {
    "compare": "&futures=state_supreme&portfolios=none&portfolios=as_evidenced&review=2028",
    "footprints": "&areas=dudley&areas=walsall&indicator=gp_gap",
}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """The dashboard on this machine."""
    return make().test_client()


@pytest.fixture(scope="module", params=PAGES)
def files(client: FlaskClient, request) -> tuple[str, zipfile.ZipFile, openpyxl.Workbook]:
    """Both files of a page, opened."""
    page = request.param
    found = {}
    for ending in ("zip", "xlsx"):
        answer = fetched(client, f"{PREFIX}download/{page}.{ending}{SEARCH}{PAGES[page]}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename=dudley_{page}.{ending}"
        found[ending] = io.BytesIO(answer.data)
    return page, zipfile.ZipFile(found["zip"]), openpyxl.load_workbook(found["xlsx"])


def test_both_files_say_what_they_are_and_what_made_them(files):
    page, archive, book = files
    manifest = json.loads(archive.read("manifest.json"))
    assert len(manifest["inputs_sha256"]) > 10
    assert archive.testzip() is None
    sheet = book["Read me"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for text in (archive.read("read_me.txt").decode(), "\n".join(cells)):
        for part in (
            "A model, not a forecast",
            manifest["model_sha256"],
            manifest["made"][:10],
            f"dudley_sd {manifest['dudley_sd']}",
            f"{PREFIX}{page}{SEARCH}{PAGES[page]}",
            world_text(PLAN),
            "the same future",
        ):
            assert part in text
    if page == "footprints":
        assert "Indicative: Walsall" in archive.read("read_me.txt").decode()


def test_csv_and_workbook_hold_the_same_rows(files):
    _, archive, book = files
    for sheet in book.sheetnames[1:]:
        table = pd.read_csv(archive.open(f"{sheet.lower()}.csv"), keep_default_na=False, na_values=[""])
        rows = list(book[sheet].iter_rows(values_only=True))
        top = next(place for place, row in enumerate(rows) if list(row) == list(table.columns))
        assert len(rows) == top + 1 + len(table)
        for ours, theirs in zip(rows[top + 1 :], table.itertuples(index=False), strict=True):
            for one, other in zip(ours, theirs, strict=True):
                if isinstance(one, int | float):
                    assert float(one) == pytest.approx(float(other), rel=1e-9, abs=1e-12)
                else:
                    assert one == other if one is not None else pd.isna(other) or other == ""


def test_numbers_of_areas_are_those_of_the_runs(client: FlaskClient):
    answer = fetched(client, f"{PREFIX}download/footprints.zip{SEARCH}{PAGES['footprints']}")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    table = pd.read_csv(archive.open("numbers.csv"))
    assert set(table["area"]) == {"Dudley", "Walsall"}
    for area, key in (("Dudley", "dudley"), ("Walsall", "walsall")):
        base = catalogue().common_projection(["dudley", "walsall"], PLAN.projection)
        plan = Request(PLAN.scenario, footprints=key, projection=base, settings=PLAN.values)
        for run, each in (("your plan", plan), ("do nothing", plan.do_nothing())):
            wanted = indicators_of(each)["gp_gap"].isel(scenario=0).to_numpy()
            mine = table[(table["area"] == area) & (table["run"] == run)]
            assert mine["single_run"].to_numpy() == pytest.approx(wanted, rel=1e-9, abs=1e-9)
            (members,) = members_of([each])
            median = np.median(members["gp_gap"].isel(member=slice(1, None)).to_numpy(), axis=0)
            assert mine["value"].to_numpy() == pytest.approx(median, rel=1e-9, abs=1e-9)


def test_numbers_and_regret_of_the_comparison_are_those_of_the_runs(client: FlaskClient):
    answer = fetched(client, f"{PREFIX}download/compare.zip{SEARCH}{PAGES['compare']}")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    table, regret = (pd.read_csv(archive.open(f"{name}.csv")) for name in ("numbers", "regret"))
    assert list(dict.fromkeys(table["run"])) == ["A", "B", "C"]
    for letter, plan in (("A", PLAN.do_nothing()), ("B", PLAN)):
        for indicator in COMPARED.values():
            wanted = indicators_of(plan)[indicator.key].isel(scenario=0).to_numpy()
            mine = table[(table["run"] == letter) & (table["indicator"] == indicator.title)]["single_run"]
            assert mine.to_numpy() == pytest.approx(wanted / indicator.scale, rel=1e-9, abs=1e-9, nan_ok=True)
    assert {"£ million", "per cent", "WTE"} <= set(table["unit"])
    assert not {"Dmnl", "GBP", "Person", "1"} & {*table["unit"], *regret["unit"]}
    assert set(regret["year"]) == {2028}
    row = regret[
        (regret["option"] == "Do nothing")
        & (regret["future"] == "State Supreme")
        & (regret["indicator"] == "Balance of the system since 2018")
    ]
    (members,) = members_of([PLAN.do_nothing()])
    wanted = np.median(members["system_balance"].sel(year=2028)[1:])
    assert row["value"].item() == pytest.approx(wanted, rel=1e-9)
    assert row["unit"].item() == "£ million"
    assert row["regret_low"].item() <= row["regret"].item() <= row["regret_high"].item()


def test_what_cannot_be_made_is_refused_in_words(client: FlaskClient):
    assert client.get(f"{PREFIX}download/compare.pdf").status_code == 404
    nothing = client.get(f"{PREFIX}download/footprints.zip?areas=none_chosen")
    assert nothing.status_code == 400
    assert "Tick at least one area" in nothing.text


def test_a_file_never_names_a_host_that_whoever_asks_made_up(client: FlaskClient):
    answer = client.get(f"{PREFIX}download/model.zip?find=168", headers={"Host": "localhost:81"})
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert json.loads(archive.read("manifest.json"))["page"] == f"{PREFIX}model?find=168"
    assert "localhost" not in archive.read("read_me.txt").decode()


def test_names_that_users_give_are_no_formulas_in_csv_and_numbers_stay_numbers():
    table = pd.DataFrame(
        {
            "name": ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(1)", " =1", "Mine", "-2.5"],
            "value": [-1.5, 2.0, -3.0, 4.0, 5.0, 6.0, 7.0],
        }
    )
    numbers = Numbers("Test", [], [frame_table("Numbers", "One row each.", table)])
    with make().test_request_context("/download/test.zip"):
        packed = zipfile.ZipFile(io.BytesIO(archive_of(numbers)))
        book = openpyxl.load_workbook(io.BytesIO(numbers_workbook(numbers)))
    written = pd.read_csv(packed.open("numbers.csv"), dtype={"name": str})
    assert written["name"].tolist() == [
        "'=HYPERLINK(1)", "'+1+1", "'-2+3", "'@SUM(1)", "' =1", "Mine", "-2.5"
    ]  # fmt: skip
    assert written["value"].tolist() == table["value"].tolist()
    kinds = {cell.data_type for row in book["Numbers"].iter_rows(max_col=1) for cell in row if cell.value}
    assert kinds == {"s"}


def test_who_asks_while_others_files_are_made_is_asked_to_come_back():
    """Without keeping a thread of the server waiting."""
    app, needs = make(), area_keys(["dudley"], "2014")
    AREAS.get(needs[0])
    begun, on = threading.Barrier(AT_ONCE + 1), threading.Event()

    def slowly() -> bytes:
        begun.wait(30)
        on.wait(30)
        return b"made"

    def ask() -> None:
        with app.test_request_context():
            ready_file(needs, slowly, "x", "zip")

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    begun.wait(30)
    with app.test_request_context():
        answer = ready_file(needs, lambda: b"not now", "x", "zip")
    on.set()
    for thread in threads:
        thread.join(30)
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, BUSY)
    assert int(answer.headers["Retry-After"]) > 0
    with app.test_request_context():
        assert ready_file(needs, lambda: b"now", "x", "zip").status_code == 200


def test_a_page_says_that_an_area_is_prepared_and_gives_the_file_when_it_is(chromium, tmp_path):
    with fresh_dashboard() as address:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.seen = watch(page, address)
        answers: list[int] = []
        page.on("response", lambda each: answers.append(each.status) if "/download/" in each.url else None)
        page.goto(f"{address}/plans?footprint=walsall")
        link = page.get_by_role("link", name="Numbers as a workbook")
        with page.expect_download(timeout=240_000) as waiting:
            link.click()
            until(page, "document.querySelector('.numbers-told').textContent.startsWith('Preparing Walsall')")
        waiting.value.save_as(tmp_path / "plan.xlsx")
        context.close()
    assert waiting.value.suggested_filename == "walsall_as_evidenced_official_future.xlsx"
    assert "Headlines" in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames
    assert answers[0] == 503
    assert answers[-1] == 200


def test_the_picture_of_a_chart_is_saved_under_its_question(page_at, tmp_path):
    page = page_at("/compare")
    page.wait_for_selector("#compare-lines .main-svg")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save picture: GP gap").click()
    assert waiting.value.suggested_filename == "dudley_gp_gap_where_does_each_plan_and_future_lead.png"
    waiting.value.save_as(tmp_path / "chart.png")
    content = (tmp_path / "chart.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(content[place : place + 4]) for place in (16, 20))
    shown = page.locator("#compare-lines").bounding_box()
    assert abs(width - 2 * shown["width"]) <= 4
    assert height > 2 * shown["height"] + 100
    page.seen.nothing_wrong()


def test_people_are_those_of_the_run_and_of_the_official_tables(client: FlaskClient):
    answer = fetched(client, f"{PREFIX}download/people.zip?against=2018")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    table = pd.read_csv(archive.open("numbers.csv"))
    kinds = {kind: rows.set_index(["year", "ages"])["persons"] for kind, rows in table.groupby("numbers")}
    assert {"run of the model", "projection under the run", "mid-year estimate"} < set(kinds)
    whole = kinds["run of the model"].groupby("year").sum()
    wanted = indicators_of(Request())["total_population"].isel(scenario=0).to_series()
    assert whole.to_dict() == pytest.approx(wanted.to_dict(), rel=1e-9)
    assert set(kinds["mid-year estimate"].index.get_level_values("year")) >= {2019, 2023}
    assert "10 to 14" in set(table["ages"])
    told = archive.read("read_me.txt").decode()
    assert "Sources" in told
    assert "Beyond the projection\n  2033" in told


def test_numbers_that_go_in_are_those_that_the_search_finds(client: FlaskClient):
    tables = []
    for more in ("", "?find=198"):
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"{PREFIX}download/model.zip{more}").data))
        tables.append(pd.read_csv(archive.open("numbers.csv")))
    every, some = tables
    assert len(every) == len(parameter_table(inputs_folder()))
    assert {"id", "unit", "low", "central", "high", "status", "source", "locator", "note"} <= set(
        every.columns
    )
    assert 0 < len(some) < 20
    assert (some["central"] == 198).any()


def test_runs_that_were_not_made_are_asked_for_in_words_and_then_given(client: FlaskClient):
    """500 runs of an address that nobody opened: refused; then made as the page makes them."""
    search = "?members=500&seed=314159&portfolio=none&set=GDP%20growth:0.01"
    asked = EnsembleQuery.of_controls(search, members=500, seed=314159)
    path = jobs().file(key_of(asked))
    path.unlink(missing_ok=True)
    refused = client.get(f"{PREFIX}download/uncertainty.zip{search}")
    assert refused.status_code == 400
    assert "Open the page Uncertainty" in refused.text
    made = run_ensembles(asked, lambda *_: None)
    made.about["notes"] = [OF_A_TOTAL]
    path.parent.mkdir(parents=True, exist_ok=True)
    save_ensemble(made, path)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{PREFIX}download/uncertainty.zip{search}").data))
    table, drawn = (pd.read_csv(archive.open(f"{name}.csv")) for name in ("numbers", "drawn"))
    last = table[(table["indicator"] == "GP gap") & (table["year"] == 2033)].iloc[0]
    assert last["middle"] == pytest.approx(float(made.plan["gp_gap"].sel(year=2033).median()), rel=1e-9)
    assert last["one_in_10_below"] <= last["one_in_4_below"] <= last["middle"] <= last["one_in_10_above"]
    assert len(drawn) == len(made.about["parameters"])
    left = pd.read_csv(archive.open("left_out.csv"))
    assert left["id"].tolist() == [each["id"] for each in made.about["left_out"]]
    assert left.notna().all().all()
    assert "what you set yourself" in set(left["reason"])
    assert OF_A_TOTAL in archive.read("read_me.txt").decode()
    assert "500 runs of the model" in archive.read("read_me.txt").decode()

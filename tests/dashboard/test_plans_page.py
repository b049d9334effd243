"""Can a team keep its plans in a real browser: by mouse, by keyboard, in light and dark, on small screens?"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dudley_dashboard.address import read_view
from sampling import drawn
from waitress import create_server

from dudley_sd.saved_plan import read_plan_file
from tests.dashboard.conftest import WIDTHS, axe_at_widths
from tests.dashboard.http import CODE, make
from tests.dashboard.waiting import until, until_held
from tests.dashboard.window import Window, watch

FADED_IN = """() => {
  const parts = [...document.querySelectorAll("[role=dialog], .mantine-Modal-overlay")];
  const clear = parts.every((each) => getComputedStyle(each).opacity === "1");
  return parts.length > 1 && clear && !document.getAnimations().length;
}"""
PLAN = "?v=1&scenario=state_supreme&set=coverage[MDT]:0.9"


class Doorkeeper:
    """Serves whatever app it is given, at one address: a browser keeps the scripts it has read."""

    app: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer as the app does."""
        return self.app(environ, start_response)


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[Doorkeeper, str]]:
    """The server of this module's tests, and its address."""
    keeper = Doorkeeper()
    server = create_server(keeper, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield keeper, f"http://127.0.0.1:{server.effective_port}/dash"
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def shared_window(chromium: Any, door: tuple[Doorkeeper, str]) -> Window:
    """The window that these tests take in turn."""
    return Window(chromium, door[1])


@pytest.fixture
def site(door: tuple[Doorkeeper, str], tmp_path: Path) -> str:
    """A dashboard with a store of its own and an access code."""
    keeper, address = door
    keeper.app = make(f"sqlite:///{tmp_path / 'plans.sqlite'}", CODE)
    return address


@pytest.fixture
def visitor(shared_window: Window, site: str) -> Iterator[Any]:
    """A page of a new visitor on the saved plans, with the plan of `PLAN`."""
    page = shared_window.lend(1440, 900, dark=False)
    page.seen = watch(page, site)
    page.goto(f"{site}/plans{PLAN}")
    page.wait_for_selector("#plans-choose")
    yield page
    shared_window.take_back()


def let_in(page: Any) -> None:
    page.get_by_label("Access code").fill(CODE)
    page.keyboard.press("Enter")
    page.wait_for_selector("#plans-list")


def save(page: Any, name: str, reason: str = "") -> None:
    page.get_by_label("Name").fill(name)
    page.locator("#plans-reason").fill(reason)
    until_held(page, "plans-name", name)
    if reason:
        until_held(page, "plans-reason", reason)
    page.get_by_role("button", name="Save for the team").click()
    page.wait_for_selector(f"text=Saved as “{name}”")


def test_a_team_saves_replaces_looks_back_and_deletes(visitor: Any, site: str):
    visitor.get_by_label("Access code").fill("a wrong code")
    visitor.get_by_role("button", name="Open the saved plans").click()
    visitor.wait_for_selector("text=That was not the access code")
    let_in(visitor)
    save(visitor, "Full <b>teams</b>", "For the board")
    visitor.goto(f"{site}/plans?v=1&scenario=corporate_rules")
    visitor.get_by_role("button", name="Replace with this plan: Full <b>teams</b>").click()
    visitor.locator("#plans-new-reason").fill("After the workshop")
    visitor.get_by_role("button", name="Replace it").click()
    visitor.wait_for_selector("text=Replaced; version 1 is kept in its history.")
    visitor.get_by_role("button", name="History (2)").click()
    visitor.wait_for_selector(".plans-history a")
    addresses = [link.get_attribute("href") for link in visitor.locator(".plans-history a").all()]
    found = [read_view(address.partition("/dash/")[2]).request for address in addresses]
    assert [plan.scenario for plan in found] == ["corporate_rules", "state_supreme"]
    assert found[1].values == {"coverage[MDT]": 0.9}
    visitor.keyboard.press("Escape")
    visitor.get_by_role("button", name="Delete: Full").click()
    visitor.get_by_role("button", name="Delete it for good").click()
    visitor.wait_for_selector("text=No plan is saved yet.")
    visitor.get_by_role("button", name="Close the saved plans on this computer").click()
    visitor.get_by_label("Access code").wait_for()
    visitor.seen.nothing_wrong()


def test_a_saved_plan_says_what_it_moves_what_has_changed_and_why_when_it_is_opened(
    visitor: Any, tmp_path: Path
):
    let_in(visitor)
    save(visitor, "Full teams", "For the board")
    visitor.locator("#plans-list", has_text="Full teams").wait_for()
    told = visitor.inner_text("#plans-list")
    assert "Moved: Multidisciplinary teams 90%." in told
    assert "Model file and input files are the same as then." in told
    with sqlite3.connect(tmp_path / "plans.sqlite") as database:
        database.execute("UPDATE saved_plan_version SET origin = substr(origin, 1, 32) || 'other'")
    visitor.reload()
    visitor.locator("#plans-list", has_text="Since then the input files have changed").wait_for()
    visitor.get_by_role("link", name="Full teams").click()
    visitor.locator(
        "#notes", has_text="Opened: the plan “Full teams”, saved because: For the board."
    ).wait_for()
    assert read_view(visitor.url.partition("/dash/")[2]).request.values == {"coverage[MDT]": 0.9}
    visitor.get_by_role("link", name="Saved plans").click()
    visitor.wait_for_selector("#plans-list")
    until(visitor, "document.querySelector('#notes').innerText === ''")
    visitor.seen.nothing_wrong()


def test_name_and_reason_go_into_the_workbook(visitor: Any, tmp_path: Path):
    visitor.get_by_label("Name").fill("=1+1")
    visitor.locator("#plans-reason").fill("For the board")
    with visitor.expect_download(timeout=240_000) as given:
        visitor.get_by_role("link", name="Numbers as a workbook").click()
    path = tmp_path / "plan.xlsx"
    given.value.save_as(path)
    sheet = pd.read_excel(path, sheet_name="Read me", header=None)
    rows = dict(zip(sheet[0], sheet[1], strict=True))
    assert (rows["Name"], rows["Reason"]) == ("=1+1", "For the board")


def test_a_plan_file_is_saved_read_and_opened_again(visitor: Any, tmp_path: Path):
    visitor.get_by_label("Name").fill("Nine in ten")
    with visitor.expect_download() as given:
        visitor.get_by_role("link", name="Save plan file").click()
    path = tmp_path / "plan.toml"
    given.value.save_as(path)
    assert (read_plan_file(path).title, read_plan_file(path).request.values) == (
        "Nine in ten",
        {"coverage[MDT]": 0.9},
    )
    visitor.goto(visitor.url.partition("?")[0])
    visitor.wait_for_selector("#plans-choose")
    visitor.set_input_files("#plans-choose", path)
    visitor.wait_for_url("**/dash/?v=1*")
    assert read_view(visitor.url.partition("/dash/")[2]).request.values == {"coverage[MDT]": 0.9}
    visitor.seen.nothing_wrong()


def test_a_faulty_file_is_answered_with_every_fault(visitor: Any, tmp_path: Path):
    path = tmp_path / "bad.toml"
    path.write_text("title = 3\nscenarios = ['<img src=x>']", encoding="utf-8")
    visitor.set_input_files("#plans-choose", path)
    visitor.wait_for_selector(".plans-file-told li")
    told = visitor.inner_text(".plans-file-told")
    assert "title: " in told
    assert "<img src=x>" in told
    assert visitor.locator(".plans-file-told img").count() == 0
    visitor.seen.nothing_wrong()


def test_by_keyboard_alone_a_plan_is_saved(visitor: Any):
    let_in(visitor)
    visitor.get_by_label("Name").focus()
    visitor.keyboard.type("By keyboard")
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("No mouse at hand")
    visitor.keyboard.press("Tab")
    until_held(visitor, "plans-name", "By keyboard")
    visitor.keyboard.press("Enter")
    visitor.wait_for_selector("text=Saved as “By keyboard”")
    visitor.get_by_role("link", name="By keyboard").focus()
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/dash/?v=1*")


@pytest.mark.drawn
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_anybody_out(shared_window: Window, site: str, dark: bool):
    """No violation that axe finds: asked for the code, with plans, and in the window that asks again.

    Each at a width that is drawn; ``--whole`` looks at all.
    """
    page = shared_window.lend(1440, 844, dark)
    page.goto(f"{site}/plans{PLAN}")
    page.wait_for_selector("#plans-choose")
    assert axe_at_widths(page, drawn(WIDTHS, 1, f"asked {dark}")) == []
    let_in(page)
    page.wait_for_selector("#plans-choose")
    save(page, "W" * 100, "w" * 300)
    assert axe_at_widths(page, drawn(WIDTHS, 1, f"saved {dark}")) == []
    page.get_by_role("button", name="Delete: W").click()
    page.get_by_role("button", name="Delete it for good").wait_for()
    until(page, FADED_IN)
    assert axe_at_widths(page, drawn(WIDTHS, 1, f"sure {dark}")) == []
    shared_window.take_back()

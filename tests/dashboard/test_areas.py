"""Areas are prepared once, and what goes wrong with one of them stops neither the others nor a second try."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from dudley_dashboard import catalogue as module
from dudley_dashboard.app import create_app
from dudley_dashboard.runs import AreaKey, Store, areas_of, make
from sdcompile.errors import Fault, InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import footprint_names
from dudley_sd.request import Request
from dudley_sd.runs.areas import make_runs

DUDLEY, WALSALL = AreaKey("dudley", "2014"), AreaKey("walsall", "2014")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Areas that are prepared as usual, once a file named like the area is there."""

    def after_reading(place: AreaKey) -> Path:
        (tmp_path / place.area).read_text()
        return make(place)

    return Store(after_reading)


def test_an_area_that_fails_in_the_background_is_logged_passed_over_and_tried_again(store, tmp_path, caplog):
    (tmp_path / "dudley").touch()
    store.prepare([WALSALL, DUDLEY])
    end = time.monotonic() + 120
    while store.waiting([WALSALL, DUDLEY]) and time.monotonic() < end:
        time.sleep(0.05)
    assert store.waiting([WALSALL, DUDLEY]) == []
    assert "FileNotFoundError" in caplog.text
    assert store.get(DUDLEY).is_dir()
    with pytest.raises(InputError, match="walsall: could not be prepared"):
        store.get(WALSALL)
    (tmp_path / "walsall").touch()
    assert store.get(WALSALL).is_dir()


def test_whoever_asks_for_a_refused_area_gets_an_exception_of_their_own():
    def refuse(place: AreaKey) -> Path:
        raise InputError([Fault("inputs", place.area, "is not there", "Add it")])

    store, caught = Store(refuse), []
    for _ in range(3):
        with pytest.raises(InputError, match="dudley: is not there") as told:
            store.get(DUDLEY)
        caught.append(told.value)
    assert len({id(each) for each in caught}) == 3


def test_what_a_user_deletes_of_the_cache_is_made_again(tmp_path, monkeypatch):
    """The folder of an area that is ready is gone: whoever asks next gets another, and no error."""
    monkeypatch.setenv("DUDLEY_SD_CACHE", str(tmp_path))
    folder = areas_of(("walsall",), "2018").folders["walsall"].path
    store = Store(lambda _: areas_of(("walsall",), "2018").folders["walsall"].path, Path.is_dir)
    assert store.get(WALSALL) == folder
    shutil.rmtree(tmp_path)
    again = areas_of(("walsall",), "2018")
    assert make_runs(again, Request(portfolio="none"))["walsall"].model.variables
    assert store.get(WALSALL).is_dir()


def test_the_address_of_an_area_without_its_table_says_what_is_missing(tmp_path, monkeypatch):
    lines = 'id = "b"\nname = "B"\narea_code = "E38000102"\npopulation = "nowhere/b.csv"\n'
    (tmp_path / "b.toml").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path))
    module.catalogue.cache_clear()
    try:
        reply = create_app().server.test_client().get("/model/b")
    finally:
        module.catalogue.cache_clear()
    assert reply.status_code == 400
    assert "b.csv: the file does not exist" in reply.get_json()["error"]


def test_an_area_of_the_users_own_with_a_fault_is_left_out_and_the_others_are_there(
    tmp_path, monkeypatch, caplog
):
    shipped = footprint_names(inputs_folder())
    head = 'id = "{0}"\nname = "{0}"\n'
    like = 'area_code = "E38000102"\nsized_like = "{}"\nreason = "a test"\n'
    for name, rest in (
        ("wrong", like.format("wrong")),
        ("sum_with_it", 'parts = ["wrong", "dudley"]\n'),
        ("sound", like.format("dudley")),
        ("no_toml", "?"),
    ):
        (tmp_path / f"{name}.toml").write_text(head.format(name) + rest, encoding="utf-8")
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path))
    assert set(module._areas(inputs_folder())) == {*shipped, "sound"}
    assert all(name in caplog.text for name in ("wrong", "sum_with_it", "no_toml"))

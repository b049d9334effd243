"""Areas are prepared once, and what goes wrong with one of them stops neither the others nor a second try."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard import catalogue as module
from dashboard.areas import Place, Prepared, Store, make
from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.footprints import footprint_names
from dudley_sd.places import inputs_folder

DUDLEY, WALSALL = Place("dudley", "2014"), Place("walsall", "2014")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Areas that are prepared as usual, once a file named like the area is there."""

    def after_reading(place: Place) -> Prepared:
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
    assert store.get(DUDLEY).folder.path.is_dir()
    with pytest.raises(InputError, match="walsall: could not be prepared"):
        store.get(WALSALL)
    (tmp_path / "walsall").touch()
    assert store.get(WALSALL).folder.path.is_dir()


def test_whoever_asks_for_a_refused_area_gets_an_exception_of_their_own():
    def refuse(place: Place) -> Prepared:
        raise InputError([Fault("inputs", place.area, "is not there", "Add it")])

    store, caught = Store(refuse), []
    for _ in range(3):
        with pytest.raises(InputError, match="dudley: is not there") as told:
            store.get(DUDLEY)
        caught.append(told.value)
    assert len({id(each) for each in caught}) == 3


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

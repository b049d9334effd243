"""Areas are prepared once, and what goes wrong with one of them stops neither the others nor a second try."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dashboard.areas import Place, Prepared, Store, make
from dudley_sd.errors import Fault, InputError

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

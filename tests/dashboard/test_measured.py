"""The quick numbers of the dashboard are those of a run of the package."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import AreaKey, Store, area_keys, indicators_of
from sdcompile.errors import Fault, InputError

import dudley_sd
from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request


@pytest.mark.parametrize("portfolio", ["as_evidenced", "none"])
@pytest.mark.parametrize("footprint", ["dudley", "black_country"])
def test_indicators_are_those_of_a_run(footprint, portfolio):
    plan = Request("state_supreme", portfolio, "dudley_mcp", footprint, settings={"GDP growth": 0.03})
    asked = {"portfolio": portfolio, "contract": "dudley_mcp", "levers": dict(plan.values)}
    results = dudley_sd.run(["state_supreme"], footprint=footprint, **asked)
    quick = indicators_of(plan)
    for indicator in COMPARED.values():
        wanted = indicator.of(results)
        np.testing.assert_allclose(
            quick[indicator.key], wanted, rtol=1e-12, atol=1e-12, err_msg=indicator.key
        )
    assert quick.attrs["footprint_name"] == results.attrs["footprint_name"]
    assert quick.attrs.get("indicative") == results.attrs.get("indicative")


def test_several_futures_at_once_are_the_same_as_one_by_one():
    futures = tuple(catalogue().scenarios)
    together = indicators_of(Request(futures))
    for future in futures:
        alone = indicators_of(Request(scenarios=future))
        assert float(together["gp_gap"].sel(scenario=future, year=2033)) == float(
            alone["gp_gap"].sel(scenario=future, year=2033)
        )


def test_places_of_a_total_are_its_parts_each_once():
    names = [place.area for place in area_keys(["walsall", "black_country"], "2014")]
    assert names[0] == "walsall"
    assert sorted(names) == sorted(catalogue().footprints["black_country"].parts)


def test_two_threads_that_want_an_area_prepare_it_once():
    made = []
    gate = threading.Event()

    def make(place):
        gate.wait(60)
        made.append(place)
        return len(made)

    store = Store(make)
    place = AreaKey("somewhere", "2014")
    found = []
    threads = [threading.Thread(target=lambda: found.append(store.get(place))) for _ in range(4)]
    store.prepare([place])
    for thread in threads:
        thread.start()
    assert store.waiting([place]) == [place]
    gate.set()
    for thread in threads:
        thread.join(60)
    assert (made, found) == ([place], [1, 1, 1, 1])
    assert store.waiting([place]) == []


def test_an_area_that_cannot_be_prepared_says_so_each_time_and_is_not_waited_for():
    def make(place):
        raise InputError([Fault(place.area, "", "is missing", "Find it")])

    store = Store(make)
    place = AreaKey("nowhere", "2014")
    for _ in range(2):
        with pytest.raises(InputError, match="is missing"):
            store.get(place)
    assert store.waiting([place]) == []

"""Levers and outputs of a compiled model: forms of values, and results that do not depend on lanes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from sdcompile import Compiled, compile
from sdcompile.errors import InputError

MODEL = """{UTF-8}
Kind: K1, K2, K3 ~~|
growth = 0.1 ~ 1/Year ~ |
start[Kind] = 1, 2, 3 ~ Person ~ |
people[Kind] = INTEG(people[Kind]*growth, start[Kind]) ~ Person ~ How many. |
total = SUM(people[Kind!]) ~ Person ~ |
root = LN(growth) ~ Dmnl ~ |
order = 3 ~ Dmnl ~ |
late = DELAY N(total, 2, 1, order) ~ Person ~ |
FINAL TIME = 4 ~ Year ~ |
INITIAL TIME = 0 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
TIME STEP = 0.25 ~ Year ~ |
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "small.mdl"
    file.write_text(MODEL)
    return file


@pytest.fixture(params=["c", "numpy"])
def model(path: Path, request: pytest.FixtureRequest) -> Compiled:
    return compile(path, levers=["growth", "Start[k2]"], outputs=["total", "people"], engine=request.param)


def test_results_carry_labels_and_units(model: Compiled) -> None:
    results = model.run()
    assert results["people"].dims == ("time", "Kind")
    assert results["people"].attrs == {"units": "Person", "long_name": "people"}
    assert list(results["time"].values) == [0, 1, 2, 3, 4]
    assert results["people"].sel(Kind="K2", time=4).item() == pytest.approx(2 * 1.025**16, rel=1e-12)


def test_every_form_of_values_means_the_same(model: Compiled) -> None:
    table = np.array([[0.1, 2.0], [0.2, 5.0]])
    wanted = model.run_array(table)
    assert model.levers == ["growth", "start[K2]"]
    forms = [
        {"growth": [0.1, 0.2], "start[K2]": [2.0, 5.0]},
        pd.DataFrame(table[:, ::-1], columns=["start[K2]", "growth"]),
        xr.DataArray(table.T, dims=("lever", "run"), coords={"lever": model.levers}),
    ]
    for form in forms:
        np.testing.assert_array_equal(model.run_array(form), wanted)
    np.testing.assert_array_equal(model.run_array(table[1])[:, :, 0], wanted[:, :, 1])
    np.testing.assert_array_equal(model.run_array({"growth": 0.1}), model.run_array())


def test_bits_do_not_depend_on_lanes_threads_or_blocks(model: Compiled) -> None:
    table = np.random.default_rng(0).uniform(0.01, 0.3, (1000, 2))
    wanted = model.run_array(table, threads=1)
    np.testing.assert_array_equal(model.run_array(table, threads=3), wanted)
    for first, last, part in model.stream(table, block=77):
        np.testing.assert_array_equal(part, wanted[:, :, first:last])
    buffer = np.empty(wanted.shape)
    model.run_into(table, buffer)
    np.testing.assert_array_equal(buffer, wanted)
    np.testing.assert_array_equal(model.run_array(table[523])[:, :, 0], wanted[:, :, 523])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.1, float("nan")], "lever 'start[K2]', run 0"),
        ([[0.1, 2.0], [float("inf"), 2.0]], "lever 'growth', run 1"),
        ([0.1, 0.2, 0.3], "shape (3,) does not end in 2"),
        ({"grow": 1}, "unknown here: grow"),
        ({"growth": [1, 2], "start[K2]": [1, 2, 3]}, "lengths differ"),
        (pd.DataFrame({"growth": [1.0]}), "not given: start[K2]"),
        (xr.DataArray([1.0, 2.0], dims="lever"), "with labels on lever"),
        ("many", "not made of numbers"),
    ],
)
def test_bad_values_are_refused(model: Compiled, values: object, said: str) -> None:
    with pytest.raises(InputError, match="fault") as caught:
        model.run_array(values)
    assert said in str(caught.value)


def test_a_buffer_of_another_shape_is_refused(model: Compiled) -> None:
    with pytest.raises(InputError, match=r"Give float64 \(5, 4, 1\) in C order"):
        model.run_into(None, np.empty((5, 4, 2)))


@pytest.mark.parametrize("engine", ["c", "numpy"])
def test_a_result_that_is_not_finite_names_variable_time_and_run(path: Path, engine: str) -> None:
    model = compile(path, levers=["growth"], outputs=["root", "total"], engine=engine)
    with pytest.raises(InputError, match="variable root, time 0, run 1: it is not a finite number"):
        model.run([[0.1], [-0.1], [0.2]])
    kept = model.run([[0.1], [-0.1], [0.2]], nonfinite="keep")
    assert np.isnan(kept["root"].values).any(axis=1).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        (["growht"], "Did you mean 'growth'?"),
        (["total"], "it is computed in the model"),
        (["start[K9]"], "'k9' is not one of K1, K2, K3"),
        (["growth[K1]"], "has no subscripts"),
        (["growth", "Growth"], "given twice"),
        (["order"], "it fixes the order of a delay"),
        (["TIME STEP"], "it fixes TIME STEP"),
    ],
)
def test_levers_that_cannot_be_set(path: Path, levers: list[str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        compile(path, levers=levers)
    assert said in str(caught.value)


def test_an_unknown_output_suggests_the_nearest(path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean 'total'"):
        compile(path, outputs=["totall"])


def test_a_subscripted_constant_means_all_its_elements(path: Path) -> None:
    assert compile(path, levers=["start"]).levers == ["start[K1]", "start[K2]", "start[K3]"]


def test_save_every_replaces_saveper(path: Path) -> None:
    assert len(compile(path, save_every=0.25).times) == 17

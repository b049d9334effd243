"""References drawn for ensembles: what they vary, what they keep, and which a member takes."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from sdcompile import compile
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

from dudley_sd.checks.model_tables import numbers_read
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.members import run_members
from dudley_sd.ensembles.plan import EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.ranges import REFERENCE
from dudley_sd.ensembles.references import (
    CENTRAL,
    COUNT,
    TOGETHER,
    number_of_references,
    reference_of,
    references,
    solve_references,
)
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.ages import FIFTHS
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.model_data import prepare, reference_tables, write_model_data
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.inputs.projections import read_projection

INPUTS = inputs_folder()
DUDLEY = read_footprint("dudley", INPUTS)
PEOPLE = read_projection("2014", DUDLEY, INPUTS)
FEW = solve_references(DUDLEY, INPUTS, PEOPLE, count=4)
MIDDLE = prepare(DUDLEY, INPUTS)


def with_rows(folder, change):
    """Return a copy of the inputs whose parameter table a function has changed."""
    inputs = shutil.copytree(INPUTS, folder / "inputs")
    table = pd.read_csv(inputs / "parameters.csv", dtype=str, keep_default_na=False).set_index("id")
    change(table)
    table.reset_index().to_csv(inputs / "parameters.csv", index=False)
    return inputs


def test_the_same_seed_gives_the_same_references_and_another_others():
    again, other = (solve_references(DUDLEY, INPUTS, PEOPLE, count=4, seed=seed) for seed in (0, 1))
    assert np.array_equal(again.numbers, FEW.numbers)
    assert all(np.array_equal(again.tables[name], table) for name, table in FEW.tables.items())
    assert not np.allclose(other.numbers, FEW.numbers)


def test_those_kept_in_the_cache_are_those_that_are_solved():
    for _ in range(2):
        kept = references(DUDLEY, "2014", count=4)
        assert np.array_equal(kept.numbers, FEW.numbers)
        assert kept.tried == FEW.tried
        assert kept.tables.keys() == FEW.tables.keys()
        assert all(np.array_equal(kept.tables[name], table) for name, table in FEW.tables.items())


def test_numbers_lie_in_their_ranges():
    table = read_parameters(INPUTS / "parameters.csv", INPUTS / "sources.csv").table.set_index("id")
    rows = table.loc[list(REFERENCE)]
    assert (FEW.numbers >= rows["low"].to_numpy()).all()
    assert (FEW.numbers <= rows["high"].to_numpy()).all()
    assert (rows["acts_through"] == "reference flows").all()


def test_tables_are_those_of_the_model_and_people_vary_from_mid_2018_on():
    assert FEW.tables.keys() == reference_tables(MIDDLE.trajectory).keys()
    for name, table in FEW.tables.items():
        assert table.shape == (4, *MIDDLE.tables[name].shape)
    people, central = FEW.tables["reference_people.csv"], MIDDLE.tables["reference_people.csv"].to_numpy()
    np.testing.assert_allclose(people[:, :5], central[None, :5].repeat(4, axis=0), rtol=1e-12)
    assert (np.ptp(people[:, 5:].sum(axis=2), axis=0) > 1).all()
    assert (np.ptp(FEW.tables["need_share.csv"], axis=0).max(axis=1) > 0.01).all()
    assert min(FEW.tables[f"reference_{name}.csv"].min() for name in ("onset", "progression")) >= 0


def test_central_numbers_give_the_central_reference(tmp_path):
    """Where every range is its central value, all references are the one that is not drawn."""

    def narrow(table):
        for end in ("low", "high"):
            table.loc[list(REFERENCE), end] = table.loc[list(REFERENCE), "central"]

    inputs = with_rows(tmp_path, narrow)
    for name, table in solve_references(DUDLEY, inputs, PEOPLE, count=2).tables.items():
        np.testing.assert_allclose(table, MIDDLE.tables[name].to_numpy()[None].repeat(2, axis=0), rtol=1e-12)


def test_draws_that_cannot_be_are_passed_over_and_too_many_are_refused(tmp_path, monkeypatch):
    """Twice as many people with conditions as published are more than there are people."""

    def widen(table):
        table.loc["prevalence_level", "high"] = "4"

    inputs = with_rows(tmp_path, widen)
    found = solve_references(DUDLEY, inputs, PEOPLE, count=4)
    assert len(found.numbers) == 4 < found.tried
    monkeypatch.setattr("dudley_sd.ensembles.references.TRIES", 1)
    with pytest.raises(InputError, match="of 4 sets of numbers drawn have possible flows, 4 are wanted"):
        solve_references(DUDLEY, inputs, PEOPLE, count=4)


MODEL = """{UTF-8}
Age: (A0-A90) ~~|
Fifth: F1, F2, F3, F4, F5 ~~|
reference people[Age]:INTERPOLATE::= GET DIRECT DATA('data/reference_people.csv', ',', 'A', 'B2')
    ~ Person ~ |
reference births:HOLD BACKWARD::= GET DIRECT DATA('data/reference_births.csv', ',', 'A', 'B2')
    ~ Person/Year ~ |
PIECESshare of fifth[Age,Fifth]= GET DIRECT CONSTANTS('data/share_of_fifth.csv', ',', 'B2') ~ Dmnl ~ |
people in 2018[Age]= GET DIRECT CONSTANTS('data/reference_people.csv', ',', 'B6') ~ Person ~ |
moved[Age,Fifth]= reference migration[Age,Fifth] * switch ~ Person/Year ~ |
babies[Fifth]= reference births * share of fifth[A0,Fifth] * switch ~ Person/Year ~ |
older[Age]= (reference people[Age] - people in 2018[Age]) * switch ~ Person ~ |
switch= 1 ~ Dmnl ~ |
FINAL TIME = 2033 ~ Year ~ |
INITIAL TIME = 2014 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
"""
ELEMENTS = ", ".join(f"A{age}" for age in range(0, 95, 5))
PIECE = """reference migration[Age,{}]:HOLD BACKWARD::=
    GET DIRECT DATA('data/reference_migration.csv', ',', 'A', '{}2') ~ Person/Year ~ |
"""


def test_a_compiled_model_runs_on_a_reference(tmp_path):
    """What the cells of the tables say arrives at the elements that the model file names."""
    pieces = "".join(map(PIECE.format, FIFTHS, ("B", "U", "AN", "BG", "BZ")))
    path = tmp_path / "small.mdl"
    path.write_text(MODEL.replace("(A0-A90)", ELEMENTS).replace("PIECES", pieces))
    write_model_data(MIDDLE, tmp_path / "data")
    outputs = ["moved", "babies", "older"]
    compiled = compile(path, levers=["switch"], outputs=outputs, engine="numpy")
    for number in (0, 3):
        tables = {name: table[number] for name, table in FEW.tables.items()}
        numbers = numbers_read(read_model(path), tables)
        assert numbers.keys() == {
            *("reference_people", "reference_births", "reference_migration", "share_of_fifth"),
            "people_in_2018",
        }
        found = compiled.with_numbers(numbers).run()
        by_fifth = tables["reference_migration.csv"].reshape(20, 5, 19).transpose(0, 2, 1)
        people = tables["reference_people.csv"]
        np.testing.assert_allclose(found["moved"], by_fifth, rtol=1e-12)
        births = tables["reference_births.csv"] * tables["share_of_fifth.csv"][0]
        np.testing.assert_allclose(found["babies"], births, rtol=1e-12)
        np.testing.assert_allclose(found["older"], people - people[4], rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("members", [200, 512, 1024])
def test_as_many_members_take_each_reference(members):
    count = number_of_references(members)
    taken = np.bincount(reference_of(np.arange(members), count))
    assert taken.tolist() == [members // count] * count
    assert count == min(COUNT, members // TOGETHER)


def test_the_central_run_and_a_few_members_have_the_central_reference():
    assert reference_of(np.arange(-1, 8), 25).tolist() == [CENTRAL, *[0] * 8]
    assert number_of_references(TOGETHER - 1) == 0
    assert reference_of(np.arange(-1, 3), 0).tolist() == [CENTRAL] * 4


def test_members_start_from_the_people_of_their_reference():
    request = EnsembleRequest("official_future", outputs=("population",), members=16)
    found = run_members(make_job(plan_ensemble(request)))["dudley"]["population"].isel(scenario=0, year=0)
    solved = references(DUDLEY, "2014", count=number_of_references(16)).tables
    for member in range(16):
        tables = {name: table[member // TOGETHER] for name, table in solved.items()}
        by_need = tables["need_share.csv"].reshape(19, 5, 3).transpose(0, 2, 1)
        people = tables["reference_people.csv"][0][:, None, None]
        wanted = people * tables["share_of_fifth.csv"][:, None, :] * by_need
        here = found.isel(member=member + 1).transpose("age", "need", "fifth")
        np.testing.assert_allclose(here, wanted, rtol=1e-9)
    assert not np.allclose(found.isel(member=1), found.isel(member=9))
    assert not np.allclose(found.isel(member=0), found.isel(member=1))

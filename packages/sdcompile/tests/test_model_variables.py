"""Variables of a model file, whatever number of pieces they are written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile.errors import InputError
from sdcompile.names import nearest, snake_case
from sdcompile.read.model import read_model

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def model():
    return read_model(HERE / "sound.mdl")


def test_pieces_make_one_variable_over_the_whole_range(model):
    births = model.variables["births_in"]
    assert births.subscripts == ("Age", "Need")
    assert len(births.equations) == 2
    assert births.sentence == "Births enter the youngest band; the other bands have none."


def test_variable_over_a_subrange_keeps_it(model):
    assert model.variables["ageing_fraction"].subscripts == ("YoungAge",)


def test_numbers_of_pieces_are_in_element_order(model):
    assert model.variables["share_by_need"].numbers == (0.8, 0.2) * 4


@pytest.mark.parametrize(
    ("key", "kind"),
    {
        "initial_population": "external",
        "births": "data",
        "coverage": "constant",
        "share_by_need": "constant",
        "births_in": "auxiliary",
        "population": "stock",
        "crowding_table": "table",
        "delivered": "smooth",
        "doctors_in_training": "delay",
        "visits_at_start": "initial",
        "crowding": "auxiliary",
    }.items(),
)
def test_kind_follows_from_the_equation(model, key, kind):
    assert model.variables[key].kind == kind


def test_uses_are_keys_with_tables_and_initial_values(model):
    assert "initial_population" in model.variables["population"].uses
    assert "crowding_table" in model.variables["visits"].uses
    assert "hospitallike_visits_per_person" in model.variables["visits"].uses


def test_ranges_groups_and_control_variables(model):
    assert model.ranges["OldAge"] == ("A1", "A2", "A3")
    assert model.groups == ("Population", "Left shift", "Control")
    control = {variable.name for variable in model.variables.values() if variable.control}
    assert control == {"FINAL TIME", "INITIAL TIME", "SAVEPER", "TIME STEP"}


def test_ranges_made_of_ranges_are_expanded(tmp_path):
    path = tmp_path / "ranges.mdl"
    path.write_text(
        "{UTF-8}\nAll: Some, c ~~|\nSome: a, b ~~|\nOther <-> All ~~|\nx[Other] = 1 ~ Dmnl ~ One. |\n"
    )
    model = read_model(path)
    assert model.ranges == {"All": ("a", "b", "c"), "Some": ("a", "b"), "Other": ("a", "b", "c")}
    assert model.variables["x"].subscripts == ("Other",)


def test_exceptions_complete_the_range(tmp_path):
    path = tmp_path / "except.mdl"
    path.write_text("{UTF-8}\nAll: a, b, c ~~|\nx[All] :EXCEPT: [b] = 1 ~ Dmnl ~ One. |\nx[b] = 2 ~~|\n")
    assert read_model(path).variables["x"].numbers == (1.0, 2.0, 1.0)


def test_two_names_with_one_key_are_refused():
    with pytest.raises(InputError, match="both gp_hours in Python"):
        read_model(HERE / "faulty" / "same_key.mdl")


def test_snake_case_drops_punctuation():
    assert snake_case('"GPs\' hours (65+)"') == "gps_hours_65"
    assert snake_case("TIME  STEP") == "time_step"


def test_nearest_names_come_best_first():
    assert nearest("Coverge", ["coverage", "leverage", "age"])[0] == "coverage"
    assert nearest("zzz", ["coverage"]) == []


def test_an_xmile_file_is_read_like_any_other():
    path = HERE / "conformance" / "models" / "xmile_non_negative_stock.xmile"
    model = read_model(path)
    stock, saveper = model.variables["water"], model.variables["saveper"]
    assert (stock.kind, stock.line, stock.uses) == ("stock", 6, ("leak",))
    assert stock.equations == ("water = 3",)
    assert (saveper.control, saveper.equations) == (True, ("SAVEPER = time step",))
    assert [model.variables[key].kind for key in ("leak", "depth")] == ["constant", "auxiliary"]

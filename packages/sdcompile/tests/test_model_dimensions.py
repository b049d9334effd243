"""Units as algebra, and the check of equations with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdcompile.check.unit_faults import dimension_faults, unit_faults
from sdcompile.check.units import DIMENSIONLESS, parse_unit, raised, unit_text, variants
from sdcompile.read.parse import read_text

HERE = Path(__file__).parent
NAMES = ["Person", "Persons", "Year", "Bed day", "£", "Visit"]
UNITS = st.dictionaries(st.sampled_from(NAMES), st.integers(-3, 3)).map(
    lambda powers: parse_unit(
        "*".join(["1", *(f"{name}^{power}" for name, power in powers.items() if power)])
    )
)


@given(UNITS, UNITS)
def test_multiplying_and_dividing_is_no_change(one, other):
    assert one * other / other == one
    assert one / other == DIMENSIONLESS / (other / one)


@given(UNITS)
def test_unit_survives_being_written(unit):
    assert parse_unit(unit_text(unit)) == unit


@given(UNITS)
def test_root_of_a_square_is_the_unit(unit):
    assert raised(raised(unit, 2), 0.5) == unit


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Activity/(Person*Year)", "Activity/Person/Year"),
        ("Person/Year/Year", "Person*Year^-2"),
        ("1/Year", "Dmnl/Year"),
        ("dmnl", "1"),
        ("(Bed day)", "Bed day"),
    ],
)
def test_one_unit_in_two_spellings(text, same):
    assert parse_unit(text) == parse_unit(same)


@pytest.mark.parametrize(
    "text", ["Person//Year", "Person/", "(Person", "Person)", "Person^Year", "2*Person", "*"]
)
def test_what_is_not_a_unit_is_refused(text):
    with pytest.raises(ValueError):
        parse_unit(text)


def test_plurals_and_capitals_are_other_units():
    assert parse_unit("Person") != parse_unit("Persons")
    assert variants(["Person", "Persons", "Year", "person"]) == [("Person", "Persons", "person")]


def test_sound_model_holds_together():
    assert dimension_faults(HERE / "sound.mdl") == []


EQUATIONS = [
    ("RAMP(rate, start, end)", "Person", True),
    ("RAMP(people, start, end)", "Person", False),
    ("STEP(people, start)", "Person", True),
    ("STEP(people, 2020)", "Person", False),
    ("PULSE(start, end) * people", "Person", True),
    ("people * 0 + rate", "Person/Year", True),
    ("MAX(0, people)", "Person", True),
    ("SQRT(people * people)", "Person", True),
    ("people ^ 2 / people", "Person", True),
    ("DELAY3(rate, start)", "Person/Year", True),
    ("DELAY3I(rate, start, people)", "Person/Year", False),
    ("DELAY N(rate, start, 0, 6)", "Person/Year", True),
    ("DELAY FIXED(rate, 1.5, 0)", "Person/Year", True),
    ("DELAY FIXED(rate, people, 0)", "Person/Year", False),
    ("SMOOTH N(rate, people, 0, 6)", "Person/Year", False),
    ("ACTIVE INITIAL(rate, people)", "Person/Year", False),
    ("IF THEN ELSE(people, rate, 0)", "Person/Year", False),
    ("IF THEN ELSE(:NOT: people > 0, rate, 0)", "Person/Year", True),
    ("EXP(-rate * start / people)", "Dmnl", True),
    ("LN(people)", "Dmnl", False),
    ("Time - start", "Year", True),
    ("Time - people", "Year", False),
    ("MAX(people)", "Person", False),
    ("GAME(people)", "Person", True),
    ("SAMPLE IF TRUE(rate > 0, people, 0)", "Person", True),
]


@pytest.mark.parametrize(("expression", "unit", "sound"), EQUATIONS)
def test_rule_of_each_function(tmp_path, expression, unit, sound):
    path = tmp_path / "one.mdl"
    path.write_text(
        f"{{UTF-8}}\nresult = {expression} ~ {unit} ~ Result. |\n"
        "people = 1 ~ Person ~ People. |\nrate = 1 ~ Person/Year ~ Rate. |\n"
        "start = 1 ~ Year ~ Start. |\nend = 2 ~ Year ~ End. |\nTIME STEP = 1 ~ Year ~ Step. |\n"
    )
    faults = dimension_faults(path)
    assert (faults == []) == sound, [str(fault) for fault in faults]
    assert all(expression in fault.problem for fault in faults)


SOUND = read_text(HERE / "sound.mdl")


@pytest.mark.parametrize("name", sorted({piece.entry.name for piece in SOUND.definitions}))
def test_no_wrong_unit_goes_unnoticed(name):
    """A check that finds nothing might check nothing: each unit is spoilt in turn and must be reported."""
    definitions = tuple(
        replace(piece, entry=replace(piece.entry, units="Bushel"))
        if piece.entry.name == name and piece.entry.units
        else piece
        for piece in SOUND.definitions
    )
    assert unit_faults(replace(SOUND, definitions=definitions))

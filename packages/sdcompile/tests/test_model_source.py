"""The text of a model file, entry by entry."""

from __future__ import annotations

from pathlib import Path

from sdcompile.check.lint import model_faults
from sdcompile.read.source import read_source

SOUND = Path(__file__).parent / "sound.mdl"


def entry(name):
    return next(each for each in read_source(SOUND).entries if each.name == name)


def test_equation_on_several_lines_is_one_expression():
    population = entry("population")
    assert population.subscripts == ("Age", "Need")
    assert population.expression.startswith("INTEG ( births in[Age,Need] + ageing in[Age,Need] - ageing out")
    assert population.sentence == "People by age band and need (loop R1)."
    assert population.group == "Population"


def test_line_is_where_the_name_stands():
    lines = SOUND.read_text().splitlines()
    for each in read_source(SOUND).entries:
        if each.kind == "equation":
            assert lines[each.line - 1].startswith(each.name)


def test_limits_leave_the_unit():
    coverage = entry("coverage")
    assert (coverage.units, coverage.limits) == ("Dmnl", (0.0, 1.0, 0.05))
    assert entry('"hospital-like visits per person"').limits == (None, 10.0, None)
    assert entry("growth rate").limits == (-0.05, 0.05, 0.01)


def test_kinds_of_entries_are_told_apart():
    kinds = {each.name: each.kind for each in read_source(SOUND).entries}
    assert kinds["Age"] == kinds["Need"] == "range"
    assert kinds["births"] == kinds["crowding table"] == kinds["coverage"] == "equation"
    assert read_source(SOUND).groups == ("Population", "Left shift", "Control")


def test_data_keyword_is_not_part_of_the_name():
    assert entry("births").expression == "GET DIRECT DATA('data/flows.csv', ',', 'A', 'B2')"


def test_marks_inside_a_quoted_name_do_not_split(tmp_path):
    path = tmp_path / "quoted.mdl"
    path.write_text('{UTF-8}\n"a ~ b | c" = 1 ~ Dmnl ~ One. |\nd = "a ~ b | c" ~ Dmnl ~ "Also | \n')
    first, second, *_ = read_source(path).entries
    assert (first.name, first.tildes, second.expression) == ('"a ~ b | c"', 2, '"a ~ b | c"')


def test_exceptions_and_macros_are_seen(tmp_path):
    path = tmp_path / "except.mdl"
    path.write_text(
        ":MACRO: M(x)\nM = x ~~|\n:END OF MACRO:\na[Age] :EXCEPT: [A0], [A1] = 1 ~ Dmnl ~ One. |\n"
    )
    source = read_source(path)
    assert [(each.name, each.line) for each in source.macros.values()] == [("m", 1)]
    assert [(each.name, each.line, each.exceptions) for each in source.entries] == [
        ("a", 4, (("A0",), ("A1",)))
    ]


def test_other_encodings_are_refused(tmp_path):
    path = tmp_path / "latin.mdl"
    path.write_bytes("a = 1 ~ £ ~ Money. |".encode("latin-1"))
    assert "Save the file as UTF-8" in [fault.remedy for fault in model_faults(path)]

"""A sound file has no fault; each faulty file has one, and its message says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pysd.translators.vensim.vensim_file import VensimFile
from sdcompile.check.lint import model_faults
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

HERE = Path(__file__).parent
FAULTY = HERE / "faulty"

CASES = {
    "one_tilde": ("line 9, deaths", "1 ~ where PySD needs two", "equation ~ unit ~ sentence"),
    "no_tilde": ("line 9, deaths", "may drop all below it", "equation ~ unit ~ sentence"),
    "missing_bar": ("line 9, deaths", "it has 4 ~", "equation ~ unit ~ sentence"),
    "missing_unit": ("deaths", "no unit", "Dmnl if it has none"),
    "doubled_line": ("line 9, deaths", "is a comparison", "Write what it equals once"),
    "missing_sentence": ("deaths", "no sentence", "a clinician can follow"),
    "no_full_stop": ("deaths", "full stop: 'Deaths in a year'", "Finish the sentence"),
    "no_group": ("line 2, rate", "before the first group", "heading of its sector"),
    "defined_twice": ("line 9, births", "births is defined again", "Delete or narrow"),
    "piece_twice": ("weight", "weight[A2] is defined again", "Delete or narrow"),
    "bare_element": ("weight", "no equation for [A1], [A2], [A3]", "declare a subrange"),
    "number_count": ("weight", "3 numbers are given for 4 elements", "one number per element"),
    "missing_slice": ("total", "weight with no subscript", "Name every slice: write weight[Age]"),
    "loose_range": ("total", "Age of weight stands on the right", "Sum over it (Age!)"),
    "wrong_slice": ("twice", "weight[YoungAge] has no such slice", "Use YoungAge"),
    "mapping_length": ("Age", "4 elements but is mapped to Band, which has 2", "same length"),
    "default_outside": ("coverage", "1.2 Dmnl is outside its limits 0 to 1", "widen the limits"),
    "bad_limits": ("coverage", "[0,high] cannot be read", "[min,max,step]"),
    "time_step": ("TIME STEP", "0.1, not a power of two", "0.125"),
    "same_key": ("gp hours!", "both gp_hours in Python", "Rename"),
    "undefined": ("growth", "'birth', which no equation defines", "Did you mean births"),
    "syntax": ("line 9, growth", "cannot be read (from '* / people' on)", "Correct its syntax"),
    "macro": ("line 6", "macros are not supported", "Write its equations out"),
    "integer_initial": ("perceived", "is an integer, so PySD truncates", "Write 1.0"),
    "varying_delay": (
        "delayed",
        "the delay of DELAY FIXED is delay, not a number",
        "Write the delay as a number",
    ),
    "repeated_range": ("weight", "Age twice among its subscripts", "Age copy <-> Age"),
    "negative_base": ("growth", "whether the minus sign or the power of '-2^2'", "-(a^b)"),
    "chained_powers": ("growth", "which power", "a^(b^c)"),
    "mixed_kinds": ("level", "auxiliary and stock", "in one way"),
    "mixed_units": ("weight", "'Person' is not the unit of the piece above", "same unit"),
    "control_unit": ("SAVEPER", "not the unit of TIME STEP", "one unit"),
    "sum_of_unlike": ("growth", "people is Person but births is Person/Year", "same unit"),
    "sides_differ": ("growth", "growth is Person but right side is 1/Year", "Correct the unit of growth"),
    "literal_number": ("growth", "births is Person/Year but 5 is Dmnl", "name it as a constant"),
    "branches": ("growth", "branches of IF THEN ELSE differ: people is Person", "same unit"),
    "quotient": ("growth", "people / births is Year but 3 is Dmnl", "name it as a constant"),
    "stock_rate": ("dead", "Person*Year but the initial value is Person", "unit per unit of time"),
    "smooth_time": ("perceived", "needs a time in Year but births is Person/Year", "unit of TIME STEP"),
    "table_argument": ("use", "table effect needs a Dmnl argument but people is Person", "Divide by"),
    "inner_table": ("growth", "WITH LOOKUP inside an expression", "a variable of its own"),
    "exponent": ("growth", "exponent births is not a number", "Make the base Dmnl"),
    "exp_argument": ("growth", "EXP needs a Dmnl argument but people is Person", "Divide by"),
    "unsupported_function": ("growth", "VECTOR SELECT is not supported", "a supported function"),
    "unread_unit": ("growth", "'Person//Year' cannot be read", "like Person/Year"),
    "plural_unit": ("leavers", "Persons, but other variables have Person", "Write Person throughout"),
    "sample": ("peak", "SAMPLE IF TRUE depends on SAVEPER", "as a stock"),
    "fixed_delay": ("leavers", "DELAY FIXED feeds no stock", "let the rate of a stock use it"),
    "short_delay": ("perceived", "may be 0.5, less than 2 steps of 0.125 for each of its 3", "at least 0.75"),
    "short_lever": ("perceived", "may be 0.125, less than 2 steps of 0.125", "its lower limit too"),
    "leading_zero": ("Age", "(A01-A03) has a leading zero", "without leading zeros"),
    "element_twice": ("Age", "lists A1 twice", "a name of its own"),
    "shared_element": ("Need", "no range holds Well and all of Age", "one range with all elements"),
    "two_roots": ("Band", "all the elements of Age again", "Write Band <-> Age"),
    "two_sums": ("total", "2 of SUM, PROD, VMIN and VMAX (SUM, PROD)", "a variable of its own"),
    "sum_in_smooth": ("total", "SUM stands inside SMOOTH", "a variable of its own"),
    "range_as_number": ("total", "cannot be read (from '(share[Age!] * Age!)' on)", "Correct its syntax"),
    "divisor_zero": ("leavers", "divides by none, which is 0 where none is 0", "ZIDZ"),
    "divisor_lever": ("leavers", "is 0 where stay is 0, limits 0 to 1", "by its limits"),
    "divisor_rest": ("leavers", "divides by 1 - stay, which is 0 where stay is 1", "by its limits"),
    "rounding": ("cohorts", "asks INTEGER of people, which is computed", "Compare by <"),
    "equal_numbers": ("growth", "people = start asks = of people", "Compare by <"),
    "equal_time": ("growth", "asks = of Time, which steps may miss", "STEP, PULSE or RAMP"),
    "falling_table": ("effect", "do not rise: 1 follows 2", "in order of x"),
    "falling_inner_table": ("effect", "do not rise: 2 follows 2", "in order of x"),
    "one_point": ("effect", "cannot be read", "Correct its syntax"),
    "delimiter": ("extra", "with ';' where the delimiter ','", "as CSV"),
    "absolute_path": ("extra", "not a path inside the model's folder", "like 'data/age.csv'"),
    "path_outside": ("extra", "not a path inside the model's folder", "like 'data/age.csv'"),
    "absent_table": ("", "does not exist, but the model reads it", "Correct its path"),
    "byte_order_mark": ("", "starts with a byte-order mark", "without byte-order mark"),
    "blank_constant": ("row 3, column B, read by extra (line 10)", "the cell is blank", "Fill in a number"),
    "blank_data": ("row 2, column C, read by extra (line 9)", "the cell is blank", "Fill in a number"),
    "text_in_table": ("row 3, column D", "'many' is not a number", "Fill in a number"),
    "random": ("noise", "RANDOM UNIFORM is not supported", "a supported function"),
    "allocate": ("given", "ALLOCATEBYPRIORITY is not supported", "without it"),
    "lever_step": ("stay", "a lever with limits [0,1] but no step", "[min,max,step]"),
    "computed_lever": ("growth", "a step like a lever, but it is auxiliary", "leave the step out"),
}


def test_sound_model_has_no_fault():
    assert model_faults(HERE / "sound.mdl") == []


@pytest.mark.parametrize("name", CASES)
def test_faulty_file_is_reported_once(name):
    where, problem, remedy = CASES[name]
    faults = model_faults(FAULTY / f"{name}.mdl")
    assert len(faults) == 1, [str(fault) for fault in faults]
    assert where in faults[0].where
    assert problem in faults[0].problem
    assert remedy in faults[0].remedy


def test_every_faulty_file_has_a_case():
    assert {path.stem for path in FAULTY.glob("*.mdl")} == CASES.keys() | {"no_control"}


def test_missing_control_variables_are_named():
    faults = model_faults(FAULTY / "no_control.mdl")
    assert {fault.where for fault in faults} == {"INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"}


@pytest.mark.parametrize(("name", "lost"), [("one_tilde", {"deaths"}), ("no_tilde", {"deaths", "TIME STEP"})])
def test_pysd_itself_drops_the_lost_equation_without_a_word(name, lost, recwarn):
    """If PySD ever refuses such a file, this fault can leave the lint."""
    file = VensimFile(FAULTY / f"{name}.mdl")
    file.parse()
    kept = {element.name for element in file.get_abstract_model().sections[0].elements}
    assert kept and not kept & lost
    assert not [str(warning.message) for warning in recwarn if "deaths" in str(warning.message)]


def test_reading_refuses_what_would_be_lost():
    with pytest.raises(InputError, match="deaths"):
        read_model(FAULTY / "one_tilde.mdl")


def test_all_faults_come_at_once_in_order_of_lines(tmp_path):
    text = (FAULTY / "sum_of_unlike.mdl").read_text().replace("Births in a year.", "").replace("0.125", "0.3")
    path = tmp_path / "three.mdl"
    path.write_text(text)
    assert [fault.where.split(",")[0] for fault in model_faults(path)] == ["line 6", "line 9", "line 18"]


def test_file_that_is_not_there_is_a_fault(tmp_path):
    faults = model_faults(tmp_path / "absent.mdl")
    assert "cannot be opened" in faults[0].problem


SPARED = {
    "a switch that is a constant may be compared": (
        "growth = IF THEN ELSE(switch = 1, births, 0) ~ Person/Year ~ Growth. |\n"
        "switch = 1 ~ Dmnl [0,1,1] ~ Whether people grow in number. |"
    ),
    "a lever that stays above 0 may divide": (
        "growth = births / stay / (1 - stay) ~ Person/Year ~ Growth. |\n"
        "stay = 0.5 ~ Dmnl [0.1,0.9,0.1] ~ Share who stay. |"
    ),
    "a delay of two steps for each stage is long enough": (
        "growth = DELAY3(births, delay) ~ Person/Year ~ Growth. |\ndelay = 1 ~ Year [0.75,2,0.25] ~ Delay. |"
    ),
    "one SUM may start a stock": (
        "more = INTEG(births, SUM(first[Age!])) ~ Person ~ More. |\nfirst[Age] = 1, 2 ~ Person ~ First. |"
    ),
    "a fixed delay may feed a stock through others": (
        "trained = DELAY FIXED(births, 1.5, 0) ~ Person/Year ~ Trained. |\n"
        "joining = trained * 1 ~ Person/Year ~ Joining. |\nstaff = INTEG(joining, start) ~ Person ~ Staff. |"
    ),
    "an element is looked at alone": (
        "growth = births / weight[A2] ~ Person/Year ~ Growth. |\nweight[Age] = 0, 2 ~ Dmnl ~ Weight. |"
    ),
    "the box of a table is no point of it": (
        "effect([(0,0)-(2,2),(9,9),(8,8)],(-1e-1,0),(0,1),(2,2)) ~ Dmnl ~ Effect. |"
    ),
    "a copy of a range is no second root": "weight[Band] = 1, 2 ~ Dmnl ~ Weight. |",
    "blanks that are not read do not matter": (
        "extra = GET DIRECT CONSTANTS('data/blank.csv', ',', 'B2') ~ Person ~ More people. |"
    ),
}


@pytest.mark.parametrize("why", SPARED)
def test_rule_spares_what_is_sound(why, tmp_path):
    shutil.copytree(FAULTY / "data", tmp_path / "data")
    text = (FAULTY / "two_roots.mdl").read_text().replace("Band: A1, A2", "Band <-> Age")
    path = tmp_path / "spared.mdl"
    path.write_text(text.replace("\n\n****", f"\n{SPARED[why]}\n\n****", 1))
    assert [str(fault) for fault in model_faults(path)] == []


def test_an_absent_table_is_reported_once_whatever_reads_it(tmp_path):
    text = (FAULTY / "absent_table.mdl").read_text()
    path = tmp_path / "twice.mdl"
    path.write_text(
        text.replace(
            "extra =", "more = GET DIRECT CONSTANTS('data/absent.csv', ',', 'B3') ~ Person ~ More. |\nextra ="
        )
    )
    assert len(model_faults(path)) == 1

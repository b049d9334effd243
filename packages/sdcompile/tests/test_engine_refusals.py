"""What the engine will not compile is named before anything runs: variable, function, loop."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile import compile
from sdcompile.errors import InputError

CONTROL = "FINAL TIME = 4~~|\nINITIAL TIME = 0~~|\nSAVEPER = 1~~|\nTIME STEP = 0.25~~|\n"
RANGES = "Kind: K1, K2~~|\nOther: O1, O2, O3~~|\nx[Kind] = 1, 2~~|\ny[Other] = 1, 2, 3~~|\n"


def refusal(folder: Path, equations: str, control: str = CONTROL) -> str:
    path = folder / "bad.mdl"
    path.write_text("{UTF-8}\n" + equations + control)
    with pytest.raises(InputError) as caught:
        compile(path, engine="numpy")
    return str(caught.value)


@pytest.mark.parametrize(
    ("equation", "said"),
    [
        ("a = RANDOM UNIFORM(0, 1, 3)", "variable a: function RANDOM UNIFORM is not supported"),
        ("a = GET TIME VALUE(2, 0, 3)", "GET TIME VALUE reads a calendar or the clock on the wall"),
        (
            "a[Kind] = ALLOCATE BY PRIORITY(2*x[Kind], x[Kind], 2, 1, 1)",
            "the requests of ALLOCATE BY PRIORITY",
        ),
        (
            "a[Kind] = ALLOCATE BY PRIORITY(x[Kind], x[Kind], 2, x[Kind], 1)",
            "the width or supply of ALLOCATE",
        ),
        (
            "a = VECTOR SELECT(x[Kind!], x[Kind!], 0, Time, 0)",
            "the numerical action of VECTOR SELECT changes",
        ),
        ("a:INTERPOLATE:", "it waits for data that the model file does not name"),
        ("a[Kind]", ", a: it has no equation"),
        ("a = 3 +", ", a: the equation cannot be read (from ' +' on)"),
        ("a[Kind] = VECTOR SORT ORDER(2*x[Kind], 1)", "VECTOR SORT ORDER is not of a vector"),
        ("a[Kind] = VECTOR RANK(x[Kind], x[Kind])", "the direction of a vector function has subscripts"),
        ("a[Kind] = VECTOR SELECT(x[Kind], x[Kind], 0, 0, 0)", "VECTOR SELECT has no subscript marked"),
        ("a = VECTOR SELECT(x[Kind!], x[Kind!], 0, 11, 0)", "numerical action 11 and error action 0"),
        ("a[Kind] = INVERT MATRIX(x[Kind], 2)", "INVERT MATRIX is not of a square variable"),
        ("a = NO SUCH THING(3)", "variable a: function NO SUCH THING is not supported"),
        ("a = 3*bb", "'bb' is not defined"),
        ("a[Kind] = y[Other]", "subscript 'Other' is neither on the left-hand side (Kind) nor mapped"),
        ("a = x", "'x' has 1 subscripts and is used with 0"),
        ("a = x[O1]", "element 'O1' lies outside K1, K2"),
        ("a = x[Nothing]", "'Nothing' is not declared"),
        ("a = SUM(x[K1])", "SUM has no subscript marked with !"),
        ("a = SUM(SMOOTH(x[Kind!], 2))", "a function with memory stands inside SUM"),
        ("a = (x[K1] > 1) + 2", "a comparison is used as a number"),
        ("a = SMOOTH N(x[K1], 2, 1, x[K1])", "the order of a delay or smooth is not a number"),
        ("s = INTEG(1, 2)~~|\na = DELAY FIXED(Time, s, 0)", "rests on 's', which is not constant"),
        ("a = GET DIRECT CONSTANTS('none.csv', ',', 'B2')", "there is no file 'none.csv' beside the model"),
        ("a[Kind] = 1, 2, 3", "3 numbers are given for (2,) elements"),
    ],
)
def test_an_equation_is_refused_by_name(tmp_path: Path, equation: str, said: str) -> None:
    assert said in refusal(tmp_path, f"{RANGES}{equation}~~|\n")


@pytest.mark.parametrize("reads", ["a = SUM(x[Kind!])", "a[Kind] = 2*x[Kind]", "a = SMOOTH(x[K2], 2)"])
def test_an_element_without_an_equation_is_named_where_it_is_read(tmp_path: Path, reads: str) -> None:
    """It is no number, as in PySD: what reads it says so, not that it needs a ZIDZ."""
    path = tmp_path / "gap.mdl"
    path.write_text("{UTF-8}\nKind: K1, K2~~|\nx[K1] = Time~~|\n" + f"{reads}~~|\n" + CONTROL)
    with pytest.raises(InputError, match=r"variable a, time 0.*x\[K2\], which it reads, has no equation"):
        compile(path, engine="numpy").run()


@pytest.mark.parametrize(
    "reads", ["a = x[K1]/(Time*0)", "a[Kind] :EXCEPT: [K2] = x[Kind]/(Time*0)~~|\na[K2] = 1"]
)
def test_an_element_that_is_not_read_is_not_blamed(tmp_path: Path, reads: str) -> None:
    path = tmp_path / "gap.mdl"
    path.write_text("{UTF-8}\nKind: K1, K2~~|\nx[K1] = Time~~|\n" + f"{reads}~~|\n" + CONTROL)
    with pytest.raises(InputError, match=r"variable a, time 0.*Guard the equation with ZIDZ"):
        compile(path, engine="numpy").run()


def test_every_fault_is_in_one_message(tmp_path: Path) -> None:
    message = refusal(tmp_path, "a = RANDOM 0 1()~~|\nb = c~~|\nd = 2~~|\ne = NOT KNOWN(d)~~|\n")
    assert "3 faults found" in message


def test_a_loop_is_named_whole(tmp_path: Path) -> None:
    message = refusal(tmp_path, "a = b + 1~~|\nb = c*2~~|\nc = a/3~~|\nd = 4~~|\n")
    path = message.split("without a stock: ")[1].split(".")[0]
    assert sorted(path.split(" -> ")[:-1]) == ["a", "b", "c"]
    assert path.split(" -> ")[0] == path.split(" -> ")[-1]


def test_a_loop_of_elements_names_them(tmp_path: Path) -> None:
    equations = "Kind: K1, K2~~|\na[K1] = a[K2]~~|\na[K2] = b[K1]~~|\nb[Kind] = a[Kind]~~|\n"
    assert "a[K1]" in refusal(tmp_path, equations)


def test_initial_values_that_wait_for_each_other(tmp_path: Path) -> None:
    message = refusal(tmp_path, "a = INTEG(1, b)~~|\nb = INTEG(1, a)~~|\n")
    assert "loop without a stock at the start" in message


def test_a_clock_that_cannot_run(tmp_path: Path) -> None:
    control = CONTROL.replace("TIME STEP = 0.25", "TIME STEP = 0")
    assert "in steps of 0" in refusal(tmp_path, "a = 1~~|\n", control)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        compile(tmp_path / "none.mdl")


def test_a_delay_too_short_for_its_step_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "short.mdl"
    path.write_text("{UTF-8}\nlag = 0.5~~|\na = DELAY3(Time, lag)~~|\n" + CONTROL)
    for engine in ("c", "numpy"):
        with pytest.raises(InputError, match="order times TIME STEP"):
            compile(path, levers=["lag"], engine=engine).run_array()
        assert compile(path, levers=["lag"], engine=engine).run_array([0.75]).shape == (5, 6, 1)


def test_interleaved_elements_are_ordered_one_by_one(tmp_path: Path) -> None:
    """PySD calls a loop here; Vensim works it out: a[K1] = 1, b[K1] = 2, a[K2] = 3, b[K2] = 6."""
    path = tmp_path / "interleaved.mdl"
    text = "Kind: K1, K2~~|\na[K1] = 1~~|\na[K2] = b[K1] + 1 + 0*Time~~|\nb[Kind] = 2*a[Kind]~~|\n"
    path.write_text("{UTF-8}\n" + text + CONTROL)
    for engine in ("c", "numpy"):
        result = compile(path, outputs=["a", "b"], engine=engine).run_array()
        assert result[0, :, 0].tolist() == [1, 3, 2, 6]

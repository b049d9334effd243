"""What PySD drops, misreads or integrates otherwise than its file says is refused by file, variable and line.

Each file here is small and whole; where the right answer was cheaper than refusing, it is in
``conformance``.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from refused import CONTROL, SKETCH, refusal, vensim
from sdcompile import compile
from sdcompile.errors import InputError
from sdcompile.read.equations import read_equations


@pytest.mark.parametrize("code", [1, 3, 4, 5, 7])
def test_a_vensim_file_of_another_method(tmp_path: Path, code: int) -> None:
    said = vensim(tmp_path, "x = INTEG(v, 1)~~|\nv = INTEG(-x, 0)~~|\n", f"15:0,0,0,{code},0,0\n")
    assert "line 14: the settings ask for the integration method" in said
    assert "only Euler's is supported" in said


@pytest.mark.parametrize("code", [0, 2])
def test_a_vensim_file_of_eulers_method(tmp_path: Path, code: int) -> None:
    path = tmp_path / "good.mdl"
    path.write_text("{UTF-8}\na = 1~~|\n" + CONTROL + SKETCH + f"15:0,0,0,{code},0,0\n", encoding="utf-8")
    assert compile(path, engine="numpy").run_array().shape[0] == 5


@pytest.mark.parametrize(
    ("equations", "said"),
    [
        ("s = INTEG(1, 0)~~|\ns = INTEG(2, 5)~~|\n", "variable s: it is defined twice, on lines 2 and 3"),
        ("a b = 1~~|\nA_B = 2~~|\n", "variable a b: it is defined twice, on lines 2 and 3"),
        ("K: K1, K2~~|\na[K] = 1~~|\na[K2] = 3~~|\n", "element K2 is defined twice, on lines 3 and 4"),
        ("t((0,0),(1,1))~~|\nt((0,0),(1,2))~~|\na = t(1)~~|\n", "variable t: it is defined twice"),
        ("K: K1, K2~~|\nK: K1, K2, K3~~|\na[K] = 1~~|\n", "range K is defined twice, on lines 2 and 3"),
        ("K: K1, K2, K1~~|\na[K] = 1~~|\n", "range 'K' names K1 twice"),
        ("a = 1 ~ people |\nb = 2~~|\n", "line 2, a: it has 1 ~ where PySD needs two"),
        ("a = 1~~~~|\nb = 2~~|\n", "line 2, a: it has 4 ~ where PySD needs two"),
        ("a = -2^2~~|\n", "line 2, a: it is not clear whether the minus sign or the power"),
        ("b = 2~~|\na = 3*-b^2~~|\n", "line 3, a: it is not clear whether the minus sign"),
        ("a = 2^3^2~~|\n", "line 2, a: it is not clear which power"),
        ("a = 1e400~~|\n", "variable a: a number of it is too large"),
        ("a = 1" + 400 * "0" + "~~|\n", "variable a: a number of it is too large"),
        ("K: K1, K2~~|\na[K] = 1, 1e400~~|\n", "variable a: a number of it is too large"),
        ("a = WITH LOOKUP(Time, ((0,0),(1,1e400)))~~|\n", "variable a: a point of the lookup is too large"),
        ("t((0,0),(1,1),(1,2))~~|\na = t(1)~~|\n", "variable t: two points of the lookup have the same x"),
        ('a = 1 ~ 5" ~ the "pipe |\nb = 2~~|\n', "line 2, a: PySD loses it"),
        (
            ":MACRO: M(x)\ny = x~~|\ny = 2*x~~|\nM = y~~|\n:END OF MACRO:\na = M(1)~~|\n",
            "line 4, y: it is defined twice in macro m, on lines 3 and 4",
        ),
        (
            ":MACRO: M(x)\nM = x~~|\n:END OF MACRO:\n:MACRO: M(x)\nM = 2*x~~|\n:END OF MACRO:\na = M(1)~~|\n",
            "macro M is defined twice, on lines 2 and 5",
        ),
        ("a = 1 ~ people [0, [1] ~ |\n", "line 2, a: its limits ["),
        ("a = 1 ~ people [low, high] ~ |\n", "line 2, a: its limits ["),
        ("a = INTEG(1, 0, 1)~~|\n", "variable a: INTEG has 3 arguments, not 2"),
        ("a = GET DIRECT CONSTANTS('s.csv', ',', B2)~~|\n", "variable a: the file, the sheet and the cells"),
        ("~~|\na = 1~~|\n", "line 2: there is nothing before the ~"),
        ("b = 1~~|\na = IF THEN ELSE(:NOT: b > 0, 1, 2)~~|\n", "line 3, a: it is not clear how far"),
        (
            "a = DELAYP(Time, 2:pipe)~~|\n",
            "a: the equation cannot be read (from '(Time, 2:pipe)' on)",
        ),
        (
            'a = GET DIRECT DATA("d.csv", ",", "A", "B2")~~|\n',
            "are not all texts. Write them in single quotes",
        ),
        (
            "a = GET DIRECT CONSTANTS('?s', ',', 'B2')~~|\n",
            "the settings do not say which file '?s' stands for",
        ),
        ("a = b {a note~~|\nb = 1~~|\n", "line 2: a comment { is not closed"),
        ("D :INTERPOLATE:~~|\na = 2*D~~|\n", "variable D: it waits for data"),
        ("a = GAMMA LN(3)~~|\n", "variable a: function GAMMA LN is not supported"),
        ("a = NPV(Time, 0.1, 0, 1)~~|\n", "variable a: function NPV is not supported"),
        ("a = DELAY MATERIAL(Time, 2, 0, 0)~~|\n", "variable a: function DELAY MATERIAL is not supported"),
        ("a = DELAY PROFILE(Time, 2, 0, 0, 0)~~|\n", "variable a: function DELAY PROFILE is not supported"),
        (
            "K: K1, K2~~|\nb[K] = 1, 2~~|\na[K] = VECTOR ELM MAP(b[K1], b[K])~~|\n",
            "function VECTOR ELM MAP is",
        ),
    ],
)
def test_a_vensim_file(tmp_path: Path, equations: str, said: str) -> None:
    assert said in vensim(tmp_path, equations)


def test_what_is_not_closed_would_swallow_the_rest(tmp_path: Path) -> None:
    assert "it is not closed by a bar" in vensim(tmp_path, "", control=CONTROL + "a = 1 ~ people ~ last\n")


def test_equations_below_the_settings(tmp_path: Path) -> None:
    said = vensim(tmp_path, "a = 1~~|\n", "b = 2~~|\n")
    assert "line 13, b: it stands below the settings" in said


def test_letters_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "bad.mdl"
    path.write_bytes(b"{UTF-8}\ncost \xa3 = 1~~|\n" + CONTROL.encode())
    assert "line 2, cost \ufffd: a letter of it cannot be read as text. Save the model as UTF-8" in refusal(
        path
    )


def test_such_letters_in_a_comment_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "good.mdl"
    path.write_bytes(b"{UTF-8}\ncost = 1 ~ \xa3 ~ In \xa3. |\n" + CONTROL.encode())
    assert compile(path, outputs=["cost"], engine="numpy").run_array()[0, 0, 0] == 1


@pytest.mark.parametrize("interval", ["0.3", "0", "0.1", "-1", "1e-9"])
def test_an_interval_of_saving_off_the_grid(tmp_path: Path, interval: str) -> None:
    control = CONTROL.replace("SAVEPER = TIME STEP", f"SAVEPER = {interval}").replace(
        "STEP = 1", "STEP = 0.25"
    )
    said = vensim(tmp_path, "s = INTEG(1, 0)~~|\n", control=control)
    assert "variable SAVEPER: it is " in said
    assert "not a multiple of TIME STEP (0.25)" in said


def test_an_interval_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "good.mdl"
    path.write_text("{UTF-8}\na = 1~~|\n" + CONTROL, encoding="utf-8")
    with pytest.raises(InputError, match="not a multiple of TIME STEP"):
        compile(path, save_every=1.5, engine="numpy")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("0", "1e9", "0.01"), "the run from 0 to 1e+09 has 1e+11 steps of 0.01"),
        (("1e17", "1e17 + 1000", "1"), "each long enough to move the time on"),
    ],
)
def test_a_run_without_end(tmp_path: Path, times: tuple[str, str, str], said: str) -> None:
    names = ("INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER")
    control = "".join(f"{name} = {value}~~|\n" for name, value in zip(names, (*times, times[2]), strict=True))
    assert said in vensim(tmp_path, "a = 1~~|\n", control=control)


def test_names_that_python_would_spell_alike(tmp_path: Path) -> None:
    path = tmp_path / "good.mdl"
    path.write_text('{UTF-8}\n"cost/day" = 1~~|\n"cost-day" = 2~~|\ncost day = 3~~|\n' + CONTROL)
    found = compile(path, engine="numpy").run().isel(time=0)
    assert {name: float(found[name]) for name in ('"cost/day"', '"cost-day"', "cost_day")} == {
        '"cost/day"': 1,
        '"cost-day"': 2,
        "cost_day": 3,
    }


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("a = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"model.py: a model file does not end in '.py'"):
        compile(path, engine="numpy")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            "x,2000,2001,2002\na,30,TEXT,50\n",
            "variable t: s.csv, cell C2, holds 'TEXT', which is not a number",
        ),
        ("x,2000,soon,2002\na,30,40,50\n", "variable t: s.csv, cell C1, holds 'soon'"),
        ("x,2000,NA,2002\na,30,40,50\n", "variable t: s.csv, cell C1, holds 'NA'"),
        ("x,2000,,2002\na,30,40,50\n", "variable t: s.csv, cell C1, is empty beside a value"),
        ("x,2000,2001,last\na,30,40,50\n", "variable t: s.csv, cell D1, holds 'last'"),
        ("x,2000,2001\na,30,1e400\n", "s.csv, cell C2, holds '1e400'"),
        ("x,2000,2001,2002\na,30,4_000,50\n", "s.csv, cell C2, holds '4_000'"),
    ],
)
@pytest.mark.parametrize("function", ["t = GET DIRECT LOOKUPS", "t := GET DIRECT DATA"])
def test_words_in_a_series(tmp_path: Path, cells: str, said: str, function: str) -> None:
    (tmp_path / "s.csv").write_text(cells, encoding="utf-8")
    assert said in vensim(tmp_path, f"{function}('s.csv', ',', '1', 'B2')~~|\n")


def test_notes_beside_and_below_a_series_are_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "year,2000,2002,,Source: ONS\na,30,50\n\nsee,the,notes\n", encoding="utf-8"
    )
    path = tmp_path / "good.mdl"
    path.write_text("{UTF-8}\nt = GET DIRECT LOOKUPS('s.csv', ',', '1', 'B2')~~|\na = t(2001)~~|\n" + CONTROL)
    assert compile(path, outputs=["a"], engine="numpy").run_array()[0, 0, 0] == 40


def test_a_word_in_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["x", 2000, 2001, 2002], ["a", 30, "about 40", 50]):
        book.active.append(row)
    book.active.title = "Sheet"
    book.save(tmp_path / "s.xlsx")
    said = vensim(tmp_path, "t = GET DIRECT LOOKUPS('s.xlsx', 'Sheet', '1', 'B2')~~|\na = t(1)~~|\n")
    assert "variable t: s.xlsx, cell C2, holds 'about 40'" in said


def test_a_blank_line_among_the_elements_of_a_range(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("K\nK1\n\nK2\n", encoding="utf-8")
    said = vensim(tmp_path, "K: GET DIRECT SUBSCRIPT('s.csv', ',', 'A2', 'A', '')~~|\na[K] = 1~~|\n")
    assert "s.csv, line 3, is blank" in said


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    said = vensim(tmp_path, "a = GET DIRECT CONSTANTS('none.csv', ',', 'B2')~~|\n")
    assert "variable a: there is no file 'none.csv' beside the model" in said


def test_threads_that_read_files_at_once_do_not_forget_each_others(tmp_path: Path):
    """PySD remembers files for a whole process; a model read by one thread forgets them for none."""
    models = []
    for name, value in (("a", 2), ("b", 3)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "flow.csv").write_text(f"year,flow\n0,{value}\n1,{value}\n2,{value}\n")
        models.append(folder / "model.mdl")
        models[-1].write_text(
            "{UTF-8}\nflow:HOLD BACKWARD::= GET DIRECT DATA('flow.csv', ',', 'A', 'B2') ~ Dmnl ~ |\n"
            "INITIAL TIME = 0 ~ Year ~ |\nFINAL TIME = 2 ~ Year ~ |\n"
            "TIME STEP = 1 ~ Year ~ |\nSAVEPER = TIME STEP ~ Year ~ |\n"
        )
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(read_equations, models * 15))
    assert len(read) == 30


def test_what_a_run_of_pysd_made_of_gaps_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run of PySD that refuses gaps leaves its class so; a model read afterwards has its own answer."""
    from pysd.py_backend.external import External

    (tmp_path / "s.csv").write_text("x,2000,2001,2002\na,30,TEXT,50\n")
    monkeypatch.setattr(External, "missing", "raise")
    assert "cell C2, holds 'TEXT'" in vensim(tmp_path, "t = GET DIRECT LOOKUPS('s.csv', ',', '1', 'B2')~~|\n")

"""The benchmark counts what a run takes, and says plainly whether a bar is met."""

from __future__ import annotations

from pathlib import Path

import pytest

MODEL = """{UTF-8}
Kind: K1, K2, K3~~|
rate = 0.5~~|
level[Kind] = INTEG(rate * level[Kind] - loss[Kind], 1)~~|
loss[Kind] = level[Kind] * EXP(rate) / 2~~|
fixed[Kind] = 2 * Time~~|
total = SUM(level[Kind!])~~|
FINAL TIME = 4~~|
INITIAL TIME = 0~~|
SAVEPER = 2~~|
TIME STEP = 1~~|
"""


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))


@pytest.mark.usefixtures("benchmarks")
def test_work_is_counted_by_elements_steps_and_saved_steps(tmp_path: Path) -> None:
    """Three elements, 4 updates, 3 saved steps.

    The start writes 3. An update reads level three times and rate twice, writes level once, and does
    *, *, EXP, /, -, * TIME STEP and +: 7 operations. A report of the total reads 3, adds 3 and writes 1.
    """
    from engine_work import work_of_a_run

    path = tmp_path / "small.mdl"
    path.write_text(MODEL)
    work = work_of_a_run(path, ["rate"], ["total"])
    assert work.operations == 4 * 3 * 7 + 3 * 3
    assert work.reads == 4 * 3 * 5 + 3 * 3
    assert work.writes == 3 + 4 * 3 + 3
    assert work.bytes == 8 * (work.reads + work.writes)


@pytest.mark.usefixtures("benchmarks")
def test_a_bar_that_is_not_met_says_so() -> None:
    from engine_bars import bars_table
    from engine_measure import Measured

    many = {(100_000, 2): (0.00004, 300.0)}
    found = Measured(
        10.0, 5, 12.0, 0.1, 0.5, one=0.0005, labelled=0.001, numpy=0.05, scalar=0.00018, many=many
    )
    table = bars_table({"our model": found})
    assert (
        "| one run in C, all variables, against PySD | at least 10,000 x | our model | 20,000 x | met |"
        in table
    )
    assert "| first answer, nothing stored | at most 10 s | our model | 12 s | **not met** |" in table
    assert "not measured" in table
    assert "moonshot" not in table


@pytest.mark.usefixtures("benchmarks")
def test_growth_is_told_with_runs_steps_and_ages() -> None:
    from engine import growth_table
    from engine_measure import FINER, SIZES, Measured

    steps = {finer: 0.001 * finer for finer in FINER}
    found = {
        f"bench, {ages} ages": Measured(
            1.0, 5, many={(size, 2): (seconds, 1.0) for size in SIZES}, steps=steps
        )
        for ages, seconds in ((19, 0.00005), (91, 0.0002))
    }
    table = growth_table(found)
    assert "| bench, 19 ages | 0.050 | 0.050 | 0.050 | 1.000 | 2.000 | 4.000 |" in table
    assert "costs 4.0 times as much" in table

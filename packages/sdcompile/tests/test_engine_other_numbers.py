"""A compiled program on other numbers than its files have: the answers of a model with such files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sdcompile import Compiled, compile
from sdcompile.errors import InputError

MODEL = """{UTF-8}
Kind: K1, K2 ~~|
Part: P1, P2 ~~|
share[Kind,Part] = GET DIRECT CONSTANTS('share.csv', ',', 'B2') ~ Dmnl ~ |
inflow[Kind,P1]:HOLD BACKWARD::= GET DIRECT DATA('flow.csv', ',', 'A', 'B2') ~ Person/Year ~ |
inflow[Kind,P2]:HOLD BACKWARD::= GET DIRECT DATA('flow.csv', ',', 'A', 'D2') ~ Person/Year ~ |
level:INTERPOLATE::= GET DIRECT DATA('level.csv', ',', 'A', 'B2') ~ Dmnl ~ |
first[Kind,Part] = INITIAL(share[Kind,Part] * level) ~ Dmnl ~ |
growth = 0.1 ~ 1/Year ~ |
people[Kind,Part] = INTEG(inflow[Kind,Part] * level * share[Kind,Part] + growth * people[Kind,Part], \\
    10 * first[Kind,Part]) ~ Person ~ |
FINAL TIME = 3 ~ Year ~ |
INITIAL TIME = 0 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
TIME STEP = 0.25 ~ Year ~ |
"""
CHANCE = np.random.default_rng(0)


def numbers() -> dict[str, np.ndarray]:
    return {"share": CHANCE.random(4), "inflow": CHANCE.random((4, 4)), "level": CHANCE.random((4, 1))}


def written(folder: Path, values: dict[str, np.ndarray]) -> Path:
    """Write the model with its files; elements of flows are K1 P1, K1 P2, K2 P1, K2 P2, columns P1 first."""
    folder.mkdir()
    share, inflow, level = (values[name] for name in ("share", "inflow", "level"))
    rows = "\n".join(f"K{row + 1},{one},{two}" for row, (one, two) in enumerate(share.reshape(2, 2).tolist()))
    (folder / "share.csv").write_text(f"kind,P1,P2\n{rows}\n")
    flows = "\n".join(",".join(map(str, [t, *inflow[t, [0, 2, 1, 3]].tolist()])) for t in range(4))
    (folder / "flow.csv").write_text(f"year,a,b,c,d\n{flows}\n")
    levels = "\n".join(f"{t},{level[t, 0]}" for t in range(4))
    (folder / "level.csv").write_text(f"year,level\n{levels}\n")
    (folder / "small.mdl").write_text(MODEL)
    return folder / "small.mdl"


@pytest.fixture(params=["c", "numpy"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def compiled(path: Path, engine: str) -> Compiled:
    return compile(path, levers=["growth"], outputs=["people"], engine=engine)


def test_other_numbers_give_the_answers_of_a_model_that_reads_them(tmp_path: Path, engine: str) -> None:
    mine, other = numbers(), numbers()
    model = compiled(written(tmp_path / "mine", mine), engine)
    before = model.run_array({"growth": [0.1, 0.2, 0.3]})
    changed = model.with_numbers(other)
    wanted = compiled(written(tmp_path / "other", other), engine)
    for levers in ({"growth": [0.1, 0.2, 0.3]}, {"growth": 0.2}):
        np.testing.assert_allclose(changed.run_array(levers), wanted.run_array(levers), rtol=1e-13)
    np.testing.assert_array_equal(model.run_array({"growth": [0.1, 0.2, 0.3]}), before)
    some = model.with_numbers({"level": other["level"]})
    assert not np.allclose(some.run_array(), changed.run_array())


def test_numbers_that_the_program_does_not_read_are_refused(tmp_path: Path) -> None:
    model = compiled(written(tmp_path / "mine", numbers()), "numpy")
    with pytest.raises(InputError) as raised:
        model.with_numbers({"level": np.ones((5, 1)), "shares": np.ones(4), "share": np.ones(3)})
    assert [fault.remedy for fault in raised.value.faults] == [
        "Give (4, 1)",
        "Give a constant or table that the outputs need",
        "Give (4,)",
    ]

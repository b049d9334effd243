"""Does a plan file hold what was planned, whoever wrote it, and say everything that is wrong with it?"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import examples
from sdcompile.errors import InputError
from sdcompile.read.levers import levers
from sdcompile.read.model import read_model

from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.request import Request
from dudley_sd.saved_plan import LARGEST, SavedPlan, Setting, parse_plan, read_plan_file
from dudley_sd.settings.contracts import contract_names
from dudley_sd.settings.futures import scenario_names
from dudley_sd.settings.portfolios import portfolio_names

LEVERS = levers(read_model(models_folder() / "dudley.mdl"))
GOOD = """
title = "Full teams"
date = 2026-11-22
scenarios = ["official_future"]
portfolio = "as_evidenced"
footprints = ["dudley"]
"""


OF_A0973C1 = """\
# A plan of dudley_sd: what was decided and assumed. Run it with: dudley-sd run --from plan.toml
# A model, not a forecast.

format = 1
title = "Closer to home"
date = 2026-11-20
model_version = "0.1.0"
reason = "As the board \\"asked\\""

scenarios = ["state_supreme"]
portfolio = "as_planned"
contract = "dudley_mcp"
footprints = ["walsall"]
projection = "2018"

[levers."coverage[MDT]"]
value = 0.8
reason = "What was reached in 2019"

[levers."GDP growth"]
value = 0.01
"""
"""A file as commit a0973c1 wrote it."""


def test_a_file_of_an_earlier_commit_is_read():
    plan = parse_plan(OF_A0973C1.encode(), "plan.toml")
    settings_of = {"coverage[MDT]": 0.8, "GDP growth": 0.01}
    request = Request("state_supreme", "as_evidenced", "dudley_mcp", "walsall", "2018", settings_of)
    assert plan.request == request
    assert [note.partition(":")[0] for note in plan.notes] == ["The portfolio as_planned is gone"]
    assert (plan.title, plan.reason) == ("Closer to home", 'As the board "asked"')
    assert plan.toml() == OF_A0973C1.replace("as_planned", "as_evidenced")


def lines(most: int) -> st.SearchStrategy[str]:
    """One line of what a person may type."""
    typed = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    return st.text(typed, max_size=most).map(lambda text: " ".join(text.split()))


@st.composite
def plan_files(draw: st.DrawFn) -> SavedPlan:
    """Any plan."""
    inputs = inputs_folder()
    names = draw(st.lists(st.sampled_from(sorted(LEVERS)), max_size=5, unique=True))
    settings_of = {}
    for name in names:
        lever = LEVERS[name]
        value = draw(st.floats(lever.low, lever.high))
        element = draw(st.sampled_from(("", *lever.elements)))
        address = f"{name}[{element}]" if element else name
        settings_of[address] = Setting(value=value, reason=draw(lines(200)))
    return SavedPlan(
        title=draw(lines(120).filter(bool)),
        date=draw(st.dates()),
        model_version="0.1.0",
        reason=draw(lines(300)),
        scenarios=draw(st.lists(st.sampled_from(scenario_names(inputs)), min_size=1, unique=True)),
        portfolio=draw(st.sampled_from(portfolio_names(inputs))),
        contract=draw(st.sampled_from(contract_names(inputs))),
        footprints=["dudley", "walsall"],
        projection=draw(st.sampled_from(("2014", "2018", 'C:\\projections\\"mine".csv'))),
        levers=settings_of,
    )


@given(plan_files())
@examples(150)
def test_what_is_written_is_read(plan: SavedPlan):
    """Values to the last digit, reasons to the last letter."""
    assert parse_plan(plan.toml().encode(), "plan.toml") == plan


def test_a_number_alone_is_a_lever_without_a_reason():
    plan = parse_plan((GOOD + '[levers]\n"coverage[MDT]" = 1').encode(), "plan.toml")
    assert plan.request.values == {"coverage[MDT]": 1.0}
    assert (plan.contract, plan.projection) == ("as_now", "2014")


def test_windows_line_ends_and_a_mark_are_read(tmp_path: Path):
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_plan_file(path).title == "Full teams"


def test_every_fault_is_told_at_once_with_key_value_and_remedy():
    text = """
titel = "x"
date = "soon"
scenarios = ["official_futur", 3]
portfolio = "noe"
contract = "dudley_mpc"
footprints = "dudley"
[levers]
"covrage[MDT]" = 3
"coverage[MDT]" = 80
"coverage[Hub]" = "a"
"coverage[VirtualWards]" = true
[levers."GDP growth"]
value = nan
why = "z"
"""
    with pytest.raises(InputError) as caught:
        parse_plan(text.encode(), "plan.toml")
    told = str(caught.value)
    for part in (
        "plan.toml, title: is missing. Add it",
        "plan.toml, titel: is no key of a plan file, found 'x'. Did you mean title?",
        "plan.toml, date: ",
        "found 'soon'",
        "plan.toml, scenarios: there is none of that name, found 'official_futur'. Did you mean official",
        "plan.toml, scenarios.1: ",
        "found 3",
        "plan.toml, portfolio: there is none of that name, found 'noe'",
        "plan.toml, contract: there is none of that name, found 'dudley_mpc'. Did you mean dudley_mcp?",
        "plan.toml, footprints: ",
        "plan.toml, levers.covrage[MDT]: the model has no lever named 'covrage'. Did you mean coverage",
        "plan.toml, levers.coverage[MDT]: 80 is outside the range 0 to 1. Is 80 per cent meant?",
        "plan.toml, levers.coverage[Hub]: is neither a number nor a table",
        "plan.toml, levers.coverage[VirtualWards]",
        "plan.toml, levers.GDP growth: nan is not a finite number",
        "plan.toml, levers.GDP growth.why: is no key of a plan file, found 'z'",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is missing"),
        (b"\xff\xfe\x00", "is not TOML"),
        (b"title = ", "is not TOML"),
        (b"PK\x03\x04" + b"\0" * 500, "is not TOML"),
        (b"x" * (LARGEST + 1), "is larger than"),
        (b"x = " + b"[" * 50_000, "is not TOML"),
        (b"a." * 40_000 + b"b = 1", "too many parts"),
        (b"\n".join(b"a." * 2000 + b"b%d = 1" % n for n in range(20)), "too many parts"),
        (b'"' * 90_000, "is not TOML"),
        (b'"\\' * 45_000, "is not TOML"),
        (b"x = " + b"9" * 5000, "is not TOML"),
        (b"format = 2", "later version"),
        ((GOOD + 'projection = "a\\u0000b"').encode(), ""),
        ((GOOD + "levers = 3").encode(), "levers"),
        ((GOOD + "[levers]\n" + "\n".join(f'"l{n}" = 1' for n in range(501))).encode(), "at most 500"),
        (GOOD.replace("Full teams", "a\\u202eb").encode(), "characters that cannot be shown"),
        (GOOD.replace("Full teams", "a" * 121).encode(), "Shorten it"),
        (GOOD.replace("as_evidenced", "../portfolios/none").encode(), "there is none of that name"),
    ],
)
def test_whatever_the_file_holds_the_answer_is_quick_and_short(content: bytes, expected: str):
    started = time.monotonic()
    try:
        parse_plan(content, "plan.toml")
        told = ""
    except InputError as error:
        told = str(error)
    assert expected in told
    assert len(told) < 5000
    assert time.monotonic() - started < 3


@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: (GOOD + text).encode(errors="replace"))
)
@examples(150)
def test_no_bytes_whatever_get_past_the_reader(content: bytes):
    try:
        assert isinstance(parse_plan(content, "plan.toml"), SavedPlan)
    except InputError as error:
        assert error.faults


def test_it_may_be_as_large_as_a_plan_can_be():
    """Every element of every lever, each with a reason of 150 letters, is still read."""
    every = {
        f"{lever.name}[{element}]" if element else lever.name: Setting(value=lever.low, reason="b" * 150)
        for lever in LEVERS.values()
        for element in lever.elements or ("",)
    }
    some = dict(list(every.items())[:400])
    plan = SavedPlan(
        title="All", date=date(2026, 1, 1), scenarios=["official_future"], portfolio="none",
        footprints=["dudley"], levers=some,
    )  # fmt: skip
    text = plan.toml().encode()
    assert len(text) < LARGEST
    assert parse_plan(text, "plan.toml") == plan

"""Levers and portfolios of the first edition in plans, files, links and on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile.errors import InputError
from sdcompile.names import same_name
from sdcompile.read.levers import levers
from sdcompile.read.model import read_model

import dudley_sd
from dudley_sd.commands.options import ask_levers, portfolio_of_today
from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.saved_plan import parse_plan
from dudley_sd.settings.contracts import Contract, contract_settings
from dudley_sd.settings.former_names import FormerNames, read_former_names, renewed
from dudley_sd.settings.portfolios import Portfolio, portfolio_names, portfolio_settings

NAMES = read_former_names(inputs_folder())
LEVERS = {
    same_name(name): lever for name, lever in levers(read_model(models_folder() / "dudley.mdl")).items()
}

OLD_PLAN = b"""format = 1
title = "Of the first edition"
date = 2026-01-01
scenarios = ["official_future"]
portfolio = "as_planned"
footprints = ["dudley"]
[levers]
"coverage[MDT]" = 0.5
"claim delay" = 2
"cost at full coverage[MDT]" = 400000
[levers."agency cover[AcuteStaff]"]
value = 0.5
reason = "Mine"
"""


def whole(address: str) -> str:
    return same_name(address.partition("[")[0])


def test_what_stands_for_a_former_name_is_a_lever_and_the_former_name_is_none():
    for former, new in NAMES.levers.items():
        lever = LEVERS[whole(new.to)]
        assert new.to.partition("[")[2].rstrip("]") in ("", *lever.elements), new.to
        assert (
            whole(former) not in LEVERS
            or former.partition("[")[2].rstrip("]") not in LEVERS[whole(former)].elements
        )
    for former in (name for each in NAMES.gone for name in each.levers):
        assert (
            whole(former) not in LEVERS
            or former.partition("[")[2].rstrip("]") not in LEVERS[whole(former)].elements
        )
    assert {LEVERS[same_name(name)].units.partition("/")[0] for name in NAMES.pounds} == {"MillionPound"}
    assert not set(NAMES.portfolios) & set(portfolio_names(inputs_folder()))


def test_no_name_is_both_renamed_and_gone():
    gone = [same_name(name) for each in NAMES.gone for name in each.levers]
    assert len(set(gone)) == len(gone)
    assert not set(gone) & {same_name(name) for name in NAMES.levers}


@pytest.mark.parametrize(
    ("given", "now", "words"),
    [
        ({"coverage[MDT]": 0.5}, {"coverage[MDT]": 0.5}, []),
        ({"no such lever": 1.0}, {"no such lever": 1.0}, []),
        (
            {"Agency_cover[AcuteStaff]": 0.5},
            {"agency cover wanted[AcuteStaff]": 0.5},
            ["agency cover wanted"],
        ),
        ({"share in contract[Elective]": 0.2}, {"share in contract[ElectivePart]": 0.2}, ["ElectivePart"]),
        ({"transformation money": 3e6}, {"transformation money": 3.0}, ["in millions of pounds now, 3"]),
        ({"transformation money": 3.0}, {"transformation money": 3.0}, []),
        ({"claimed effect[AandE]": 0.2}, {}, ["is gone: what a plan claims"]),
        ({"sensitivity of leaving to workload": 4.0}, {}, ["cannot be 4: left out"]),
        ({"cost at full coverage[Nothing]": 4e5}, {"cost at full coverage[Nothing]": 4e5}, []),
    ],
)
def test_a_setting_is_read_under_its_name_of_today(given, now, words):
    found, notes = renewed(given)
    assert found == now
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


def test_an_old_plan_file_opens_and_says_what_changed():
    plan = parse_plan(OLD_PLAN, "plan.toml")
    assert plan.portfolio == "as_evidenced"
    assert plan.request.values == {
        "agency cover wanted[AcuteStaff]": 0.5,
        "cost at full coverage[MDT]": 0.4,
        "coverage[MDT]": 0.5,
    }
    assert plan.levers["agency cover wanted[AcuteStaff]"].reason == "Mine"
    assert len(plan.notes) == 4
    assert plan.notes[0].startswith("The portfolio as_planned is gone")
    assert parse_plan(plan.toml().encode(), "plan.toml").notes == ()


def test_the_command_line_takes_a_former_name(capsys):
    found, faults = ask_levers(["agency cover[AcuteStaff]=0.5", "claim delay=2"])
    assert (found, faults) == ({"agency cover wanted[AcuteStaff]": 0.5}, [])
    assert "claim delay is gone" in capsys.readouterr().err


def test_the_command_line_takes_the_usual_portfolio_for_one_that_is_gone(capsys):
    assert [portfolio_of_today(key) for key in ("none", "as_planned", "other")] == [
        "none", "as_evidenced", "other",
    ]  # fmt: skip
    (note,) = capsys.readouterr().err.splitlines()
    assert note.startswith("The portfolio as_planned is gone: what plans claimed")


@pytest.mark.usefixtures("shared_folder")
def test_python_takes_former_names_and_warns():
    levers = {"agency cover[AcuteStaff]": 0.5, "claim delay": 2}
    with pytest.warns(UserWarning) as told:
        found = dudley_sd.run("official_future", portfolio="nuka_ambition", levers=levers, outputs=["gp_gap"])
    assert [str(each.message).partition(" is ")[0] for each in told] == [
        "The portfolio nuka_ambition", "agency cover[AcuteStaff]", "claim delay",
    ]  # fmt: skip
    assert {each.filename for each in told} == {__file__}
    today = {"agency cover wanted[AcuteStaff]": 0.5}
    expected = dudley_sd.run("official_future", levers=today, outputs=["gp_gap"])
    assert found["gp_gap"].identical(expected["gp_gap"])
    assert found.attrs["manifest"] == expected.attrs["manifest"]


def test_old_files_of_portfolios_and_contracts_open():
    decision = {"value": 1, "reason": "R"}
    portfolio = Portfolio.model_validate(
        {
            "title": "T",
            "story": "S.",
            "decisions": {"share of released beds closed": decision, "claim delay": decision},
        }
    )
    assert portfolio_settings(portfolio) == {"share of released posts closed": 1}
    assert "claim delay is gone" in portfolio.story
    contract = Contract.model_validate(
        {
            "title": "T",
            "status": "illustrative",
            "story": "S.",
            "note": "",
            "terms": {"share in contract": {"value": {"Elective": 0.25, "AandE": 1}, "reason": "R"}},
        }
    )
    assert contract_settings(contract) == {
        "share in contract[ElectivePart]": 0.25,
        "share in contract[AandEPart]": 1,
    }


def test_a_faulty_table_is_refused(tmp_path: Path):
    (tmp_path / "former_names.toml").write_text('levers = 3\n[[gone]]\nlevers = ["a"]\n', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_former_names(tmp_path)
    assert {fault.where for fault in raised.value.faults} == {"levers", "pounds", "gone.0.why", "portfolios"}
    assert set(FormerNames.model_fields) == {"levers", "pounds", "gone", "portfolios"}

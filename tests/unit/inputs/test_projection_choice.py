"""A projection file and what is stated of it go together through requests and command lines."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sdcompile.errors import InputError
from typer.main import get_command

from dudley_sd.cli import app
from dudley_sd.ensembles.description import command
from dudley_sd.ensembles.explore_files import explore_command
from dudley_sd.ensembles.plan import EnsembleRequest
from dudley_sd.inputs.ons.release import FileFacts
from dudley_sd.inputs.projection_choice import choice_text, projection_choice, split_choice
from dudley_sd.request import Request, compare_command
from dudley_sd.runs.run import make_run
from tests.ons_files import make_up, table_of_ages, write_xlsx

AREAS = {"E92000001": "England", "E38000046": "NHS Dudley CCG", "E38000902": "NHS Sampleton CCG"}
EXTRACT = Path(__file__).parent / "official" / "table3_2018_extract.xlsx"
FACTS = {"base": 2018, "unit": "thousands", "variant": "low fertility"}


@pytest.mark.parametrize("kept", [(), ("base",), ("unit",), ("variant",), ("base", "variant"), tuple(FACTS)])
def test_what_is_stated_can_be_typed_again(kept):
    facts = {name: FACTS[name] for name in kept}
    choice = projection_choice("a folder/people #2.csv", **facts)
    assert split_choice(choice)[0] == "a folder/people #2.csv"
    words = choice_text(choice)
    assert words[:2] == ["--projection", "a folder/people #2.csv"]
    assert words[2:] == [part for name, value in facts.items() for part in (f"--{name}", str(value))]


def test_a_projection_without_facts_is_itself():
    assert split_choice("own") == ("own", FileFacts())
    assert projection_choice("2018") == "2018"
    with pytest.raises(InputError, match=r"--base, --unit describes a projection file, and none is given"):
        projection_choice("2018", base=2018, unit="persons")
    with pytest.raises(InputError, match="is not a unit of these tables"):
        projection_choice("people.csv", unit="millions")
    with pytest.raises(InputError, match="is not the name of a variant"):
        projection_choice("people.csv", variant="low; fertility")


def test_every_command_that_takes_a_projection_takes_what_is_stated_of_it():
    """The same three options as `dudley-sd ons`."""
    commands = get_command(app).commands
    takes = {name for name, each in commands.items() if "projection" in {part.name for part in each.params}}
    assert {"run", "compare", "ensemble", "explore"} <= takes
    for name in {*takes, "ons"}:
        assert {"base", "unit", "variant"} <= {part.name for part in commands[name].params}, name


def test_a_plan_on_such_a_file_says_how_to_make_it_again(tmp_path):
    """A copy of the real Table 3 without its titles is asked about; its command repeats what is stated."""
    book = load_workbook(EXTRACT)
    for name in book.sheetnames:
        if name in ("Males", "Females", "Persons"):
            book[name]["A1"] = book[name]["A2"] = book[name]["A5"] = None
        else:
            del book[name]
    path = tmp_path / "people.xlsx"
    book.save(path)
    with pytest.raises(InputError) as raised:
        make_run(Request(["official_future"], "none", projection=str(path)))
    text = str(raised.value)
    assert (
        "its first mid-year is 2018, but earlier ones may have been left out. Say it with --base, 2018"
        in text
    )
    assert "no line above the table says persons or thousands. Say it with --unit persons or" in text
    choice = projection_choice(str(path), 2018, "persons")
    plan = make_run(Request(["official_future"], "none", projection=choice))
    assert plan.folder.area.projection["projection"] == "2018-based"
    assert plan.name == "dudley_none_on_people_official_future"
    request = EnsembleRequest(("official_future",), projection=choice)
    lines = [plan.request.command(), compare_command([plan.request], ["dudley"]), command(request)]
    for line in [*lines, explore_command(request, "tornado", None)]:
        words = shlex.split(line)
        place = words.index("--projection")
        expected = ["--projection", str(path), "--base", "2018", "--unit", "persons"]
        assert words[place : place + 6] == expected


def test_a_tidy_file_states_its_facts_itself(tmp_path):
    from dudley_sd.inputs.ons.layouts import read_releases
    from dudley_sd.inputs.ons.write import write_releases

    sheets = table_of_ages(make_up(years=16), areas=AREAS)
    (tidy,) = write_releases(read_releases([write_xlsx(tmp_path / "t.xlsx", sheets)]), tmp_path / "tidy")
    with pytest.raises(InputError, match="a tidy file states its base, unit and variant itself"):
        make_run(Request(["official_future"], "none", projection=projection_choice(str(tidy), 2018)))

"""Footprints of any CCG: what is written, what is found by name, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import ccg_names
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.footprints import Footprint, Total, footprint_names
from dudley_sd.inputs.new_areas import _matching, find_ccgs, key_of, listed_ccgs, short_name, write_area
from dudley_sd.runs.areas import read_areas

INPUTS = inputs_folder()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of the user's own areas that is not there yet."""
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path / "areas"))
    return tmp_path / "areas"


def test_the_area_of_a_code_is_found_like_those_that_are_shipped(own):
    made = write_area(["e38000102"], "", INPUTS, own)
    assert (made.key, made.written) == ("luton", (own / "luton.toml",))
    area = read_area("luton", INPUTS)
    assert isinstance(area, Footprint)
    assert (area.name, area.area_code, area.sized_like) == ("Luton", "E38000102", "dudley")
    assert "luton" in footprint_names(INPUTS)
    assert input_file_faults(INPUTS) == []


@pytest.mark.parametrize(
    "word", ["Birmingham and Solihull", "NHS Birmingham & Solihull CCG", "birmingham AND", "E38000220"]
)
def test_a_name_is_as_good_as_a_code(word):
    assert find_ccgs([word], INPUTS) == {"E38000220": "NHS Birmingham and Solihull CCG"}


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (["E38000299"], ["is no CCG of mid-2018", "E38000219 South Norfolk", "area list WORD"]),
        (["Birmingam"], ["is no CCG", "Did you mean E38000220 Birmingham and Solihull or "]),
        (["Kent"], ["may be any of 2 CCGs", "E38000156 South Kent Coast, E38000199 West Kent"]),
        (["Luton", "E38000102"], ["E38000102 is named twice"]),
        (["qqq", ""], ["'qqq'", "''"]),
    ],
)
def test_what_is_no_ccg_gets_the_nearest_and_all_faults_at_once(own, words, messages):
    with pytest.raises(InputError) as caught:
        write_area(words, "", INPUTS, own)
    for message in messages:
        assert message in str(caught.value)
    assert not own.exists()


def test_several_codes_make_a_total_with_a_file_for_each_part_that_has_none(own):
    made = write_area(["Walsall", "E38000102", "Southampton"], "Three towns", INPUTS, own)
    assert [path.name for path in made.written] == ["luton.toml", "southampton.toml", "three_towns.toml"]
    total = read_area("three_towns", INPUTS)
    assert isinstance(total, Total)
    assert total.parts == ("walsall", "luton", "southampton")


def test_nothing_is_written_over_without_a_word(own):
    write_area(["Luton"], "", INPUTS, own)
    before = (own / "luton.toml").read_bytes()
    with pytest.raises(InputError, match=r"E38000102\) is there already as luton"):
        write_area(["Luton"], "", INPUTS, own)
    with pytest.raises(InputError, match="an area of this name is there already"):
        write_area(["Southampton"], "Luton", INPUTS, own)
    with pytest.raises(InputError, match="an area of this name is there already"):
        write_area(["Southampton"], "Dudley", INPUTS, own, replace=True)
    assert (own / "luton.toml").read_bytes() == before
    write_area(["Southampton"], "Luton", INPUTS, own, replace=True)
    assert (own / "luton.toml").read_bytes() != before
    with pytest.raises(InputError, match=r"E38000191.* is there already as walsall"):
        write_area(["Walsall"], "", INPUTS, own)


def test_an_own_area_with_a_shipped_name_is_found_by_check(own):
    own.mkdir()
    (own / "walsall.toml").write_text('id = "walsall"\n', encoding="utf-8")
    (fault,) = input_file_faults(INPUTS)
    assert fault.file == str(own / "walsall.toml")
    assert read_area("walsall", INPUTS).name == "Walsall"


@pytest.mark.parametrize("word", ["Luton", "luton", "NHS Luton CCG", "e38000102"])
def test_a_ccg_that_is_not_shipped_needs_no_file(own, word):
    """What a run gets by name is what ``area new`` writes, and nothing is written."""
    by_name = read_area(word, INPUTS)
    assert not own.exists()
    write_area(["Luton"], "", INPUTS, own)
    assert by_name == read_area("luton", INPUTS)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Dudley", "dudley"),
        ("E38000191", "walsall"),
        ("SANDWELL & West Birmingham", "sandwell_and_west_birmingham"),
        ("Canterbury and Coastal", "canterbury"),
    ],
)
def test_a_ccg_with_a_footprint_gets_that(word, key):
    assert read_area(word, INPUTS) == read_area(key, INPUTS)
    assert list(read_areas([word])[0]) == [key]


def test_one_area_by_two_names_is_asked_for_twice():
    assert "twice" in read_areas(["Luton", "E38000102"])[1][0].problem


def test_a_key_that_another_area_has_is_not_taken(own):
    write_area(["Southampton"], "Luton", INPUTS, own)
    assert read_area("luton", INPUTS).area_code == "E38000167"
    for word in ("Luton", "E38000102"):
        with pytest.raises(InputError, match=r"is the area of E38000167.* Run that as luton, rename"):
            read_area(word, INPUTS)
    write_area(["Walsall", "Dudley"], "Luton", INPUTS, own, replace=True)
    with pytest.raises(InputError, match=r"is a sum of areas.* dudley-sd area new E38000102 --name"):
        read_area("E38000102", INPUTS)
    (own / "luton.toml").write_text("parts = [", encoding="utf-8")
    with pytest.raises(InputError, match=r"luton\.toml: is not TOML"):
        read_area("E38000102", INPUTS)


def test_of_several_own_areas_of_one_ccg_none_is_chosen_by_alphabet(own):
    write_area(["Luton"], "Luton 2", INPUTS, own)
    assert read_area("Luton", INPUTS).id == "luton_2"
    write_area(["Luton"], "Luton own", INPUTS, own)
    for word in ("Luton", "E38000102"):
        with pytest.raises(InputError, match=r"any of 2 areas\. Choose one of: luton_2, luton_own"):
            read_area(word, INPUTS)
    with pytest.raises(InputError, match="any of 2 areas: luton_2, luton_own"):
        write_area(["Luton", "Southampton"], "Both", INPUTS, own)
    write_area(["Luton"], "Luton", INPUTS, own)
    assert read_area("E38000102", INPUTS).id == "luton"


def test_every_ccg_has_a_key_and_no_two_the_same():
    keys = [key_of(short_name(name)) for name in ccg_names(INPUTS).values()]
    assert len(set(keys)) == len(keys) == 195
    codes = [_matching(key, ccg_names(INPUTS), whole=True) for key in keys]
    assert codes == [[code] for code in ccg_names(INPUTS)]


def test_a_word_finds_ccgs_by_name_or_code():
    assert listed_ccgs("solihull", INPUTS) == {"E38000220": "NHS Birmingham and Solihull CCG"}
    assert list(listed_ccgs("E38000102", INPUTS)) == ["E38000102"]
    assert len(listed_ccgs("", INPUTS)) == 195

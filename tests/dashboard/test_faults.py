"""What the browser is told of faults holds no folder of the server."""

from __future__ import annotations

import pytest
from dudley_dashboard.api import _input_faults_as_400
from flask import Flask
from sdcompile.errors import Fault, InputError

from dudley_sd.folders import areas_folder, inputs_folder


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (str(areas_folder() / "b.toml"), "b.toml"),
        (str(inputs_folder() / "ons" / "b.csv"), "ons"),
        ("/home/somebody/data/b.csv", "b.csv"),
        ("C:\\Users\\somebody\\b.csv", "b.csv"),
    ],
    ids=["own area", "inputs", "elsewhere", "Windows"],
)
def test_an_answer_names_the_file_but_not_its_folder(where, left):
    def fails():
        raise InputError(
            [Fault("footprint b", "population", f"{where}: the file does not exist", "Correct it")]
        )

    with Flask(__name__).app_context():
        answer = _input_faults_as_400(fails)()
    words = answer.get_json()["error"]
    assert answer.status_code == 400
    assert words.startswith("footprint b, population: ")
    assert left in words
    assert str(inputs_folder().parent) not in words
    assert "/home" not in words
    assert "Users" not in words
    assert "nothing was run" not in words


def test_addresses_and_alternatives_stay():
    fault = Fault("b.toml", "row 3", "births/deaths of 1/2, see https://www.ons.gov.uk/a/b", "Correct it")

    def fails():
        raise InputError([fault])

    with Flask(__name__).app_context():
        assert _input_faults_as_400(fails)().get_json()["error"] == str(fault)

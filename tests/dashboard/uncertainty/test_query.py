"""An address is text from the outside: what cannot be true is noted, and the usual is shown."""

from __future__ import annotations

import pytest
from dudley_dashboard.address import clean_name, read_view
from dudley_dashboard.pages.uncertainty.data import ABOVE, BELOW, EnsembleQuery


def query_of(search: str) -> tuple[EnsembleQuery, list[str]]:
    view = read_view(search)
    return EnsembleQuery.read(view.request, view.rest)


def test_an_address_that_says_nothing_asks_for_the_usual():
    assert query_of("") == (EnsembleQuery(), [])


def test_what_can_be_true_is_taken():
    asked, notes = query_of("?indicator=occupancy&members=2000&seed=0&threshold=-1.5&side=below")
    assert (asked.indicator, asked.members, asked.seed) == ("occupancy", 2000, 0)
    assert (asked.threshold, asked.side, notes) == (-1.5, BELOW, [])


@pytest.mark.parametrize(
    ("key", "value", "usual"),
    [
        ("members", "1000000", 200),
        ("members", "-1", 200),
        ("members", "5e2", 200),
        ("seed", "-1", 0),
        ("seed", "1.5", 0),
        ("seed", "9" * 30, 0),
        ("seed", "٣", 0),
        ("indicator", "<script>", "gp_gap"),
        ("indicator", "system_cost", "gp_gap"),
        ("threshold", "nan", None),
        ("threshold", "1e999", None),
        ("threshold", "1e300", None),
        ("threshold", "high", None),
        ("side", "beside", ABOVE),
        ("stored", "../../etc", ""),
        ("stored", "plan", ""),
    ],
)
def test_what_cannot_be_true_is_noted_and_the_usual_is_taken(key, value, usual, monkeypatch):
    monkeypatch.delenv("DUDLEY_SD_ENSEMBLES", raising=False)
    asked, notes = query_of(f"?{key}={value}")
    assert getattr(asked, key) == usual
    assert len(notes) == 1
    assert clean_name(value)[:30] in notes[0]


def test_a_long_value_is_shortened_in_its_note():
    (note,) = query_of(f"?indicator={'x' * 5000}")[1]
    assert len(note) < 150

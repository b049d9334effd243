"""What the reader says of each variable of a small model."""

from __future__ import annotations

from sdcompile.describe.dictionary import dictionary_page
from sdcompile.describe.links import CLOCK, shortest


def test_links_leave_out_initial_values(small):
    assert set(small.links["people"]) == {"arrivals", "departures"}
    assert small.links["visitors"] == ()
    assert small.links["report"] == ("all_people",)
    assert set(small.links["crowding"]) == {"all_people", "rooms", "time_to_notice"}


def test_flows_have_the_sign_they_have_in_the_stock(small):
    assert small.flows == {"people": {"arrivals": 1, "departures": -1}}
    assert small.fills("arrivals") == ["people"]
    assert small.drains("arrivals") == []
    assert small.drains("departures") == ["people"]


def test_roles(small):
    roles = {key: small.role(variable) for key, variable in small.model.variables.items()}
    assert roles["people"] == "stock"
    assert roles["crowding"] == "lagged value"
    assert roles["report"] == "pipeline of fixed length"
    assert roles["visitors"] == "value at the start, kept"
    assert roles["crowding_switch"] == "switch"
    assert roles["stay"] == "lever"
    assert roles["people_at_start"] == "constant"
    assert roles["time_step"] == "setting of a run"


def test_what_moves_rests_on_a_stock_data_or_the_clock(small):
    assert "effect_of_rooms" in small.moving
    assert not {"stay", "visitors", "people_at_start", CLOCK} & small.moving


def test_shortest_way_and_shortest_way_round(small):
    assert shortest(small.onward, "crowding", "people") == [
        "crowding",
        "effect_of_rooms",
        "arrivals",
        "people",
    ]
    assert shortest(small.onward, "people", "people") == ["people", "departures", "people"]
    assert shortest(small.onward, "report", "people") is None
    assert shortest(small.onward, "crowding", "people", avoid={"arrivals"}) is None


def test_dictionary_has_every_variable_with_unit_sentence_equation_and_users(small):
    page = dictionary_page(small)
    for variable in small.model.variables.values():
        assert f"\n### {variable.name}\n\n{variable.sentence}\n" in page
    entry = page.partition("\n### departures\n")[2].partition("\n### ")[0]
    assert "**flow out of [people](#people)**; unit Person/Year; over [Kind]." in entry
    assert "departures[Kind]= people[Kind] / stay" in entry
    assert "Uses [people](#people), [stay](#stay). Used by [people](#people)." in entry


def test_anchors_of_the_dictionary_are_unique_and_links_lead_somewhere(small):
    import re

    from sdcompile.describe.markdown import anchor

    page = dictionary_page(small)
    anchors = [anchor(line.lstrip("# ")) for line in page.splitlines() if re.match(r"#+ ", line)]
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)

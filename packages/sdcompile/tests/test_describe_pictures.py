"""Sector pictures of the small model."""

from __future__ import annotations

import pytest
from sdcompile.describe import pictures
from sdcompile.describe.markdown import anchor, with_part
from sdcompile.describe.pictures import (
    key_variables,
    overview_picture,
    sector_links,
    sector_picture,
    sectors_page,
)
from sdcompile.errors import InputError


def test_stock_flows_clouds_and_ports(small):
    picture = sector_picture(small, "People")
    for line in (
        '  people["people"]:::stock',
        '  arrivals{{"arrivals"}}:::flow',
        "  arrivals ==> people",
        "  people ==> departures",
        '  departures ==> to_departures(("☁"))',
        "  all_people --> arrivals",
        '  effect_of_rooms(["effect of rooms<br>from Rooms"]):::port',
        "  effect_of_rooms -.-> arrivals",
        "  all_people -.-> to_sector_rooms",
    ):
        assert line in picture.splitlines()


def test_constants_are_not_drawn(small):
    picture = sector_picture(small, "People") + sector_picture(small, "Rooms")
    assert "stay" not in picture
    assert "attraction" not in picture


def test_a_large_sector_shows_what_connects_it_and_one_port_for_each_other(small, monkeypatch):
    monkeypatch.setattr(pictures, "SMALL", 0)
    assert key_variables(small, "People") == {
        "people",
        "arrivals",
        "departures",
        "all_people",
        "balance_of_kinds",
    }
    monkeypatch.setattr(pictures, "LARGE", 3)
    assert key_variables(small, "People") == {"people", "arrivals", "departures", "all_people"}
    assert "  from_sector_rooms -.-> arrivals" in sector_picture(small, "People").splitlines()
    assert key_variables(small, "People", {"balance_of_kinds"}) >= {"balance_of_kinds"}


def test_links_between_sectors_are_counted(small):
    assert dict(sector_links(small)) == {("Rooms", "People"): 1, ("People", "Rooms"): 2}
    assert "  sector_people -->|2| sector_rooms" in overview_picture(small)
    assert "sector_rooms" not in overview_picture(small, ["Rooms"])


def test_page_has_each_sector_that_moves_with_its_sentence(small):
    page = sectors_page(small)
    assert "## People\n\nPeople who draw others in and crowd each other out." in page
    assert "## Control" not in page


def test_a_part_is_put_between_its_marks():
    page = "before\n<!-- generated: x -->\nold\n<!-- end of generated: x -->\nafter\n"
    assert with_part(page, "x", "new", "page.md") == page.replace("old", "new")
    with pytest.raises(InputError, match="the lines that mark a generated part are missing"):
        with_part("nothing", "x", "new", "page.md")


def test_anchor_is_githubs():
    assert anchor("GPs' hours (65+) A&E") == "gps-hours-65-ae"

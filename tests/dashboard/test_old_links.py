"""Links of earlier versions still open what they asked for, though its name has changed."""

from __future__ import annotations

import pytest
from dudley_dashboard.address import read_view
from dudley_dashboard.pages.compare.data import CompareQuery
from dudley_dashboard.pages.footprints.data import FootprintsQuery

from tests.dashboard.explore_page import READY


@pytest.mark.parametrize(
    ("pair", "attribute", "value"),
    [
        ("against=baseline", "against", "reference_case"),
        ("against=doing_nothing", "against", "do_nothing"),
        ("measure=unlanded_share", "indicator", "landed_share"),
        ("measure=gp_gap&indicator=landed_share", "indicator", "landed_share"),
        ("measure=commissioner_margin", "indicator", "system_shortfall"),
    ],
)
def test_old_links_of_compare(pair, attribute, value):
    view = read_view(f"?{pair}")
    choices, notes = CompareQuery.read(view.request, view.rest)
    assert notes == []
    assert getattr(choices, attribute) == value


def test_an_old_indicator_of_footprints():
    view = read_view("?measure=unlanded_share")
    choices, notes = FootprintsQuery.read(view.request, view.rest)
    assert (choices.indicator, notes) == ("landed_share", [])


def test_an_old_chart_of_explore(page_at):
    page = page_at("/?charts=unlanded", ready=READY)
    title = page.locator(".explore-card").first.inner_text()
    assert "How much of the planned shift landed?" in title
    page.seen.nothing_wrong()

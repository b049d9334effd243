"""The page stands on its own: no request to any network, every scenario, every number."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from dudley_sd.results.findings import (
    demand_finding,
    difference_finding,
    gp_finding,
    landed_finding,
    money_finding,
    moved_finding,
    population_finding,
)
from dudley_sd.results.page import write_html
from dudley_sd.text import whole

VOID = {"meta", "br", "link", "img", "hr", "input"}
LOADING = ("src", "href", "srcset", "data", "action", "poster")


class Reader(HTMLParser):
    """Keeps the elements of a page, checks that they close, and keeps text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.figures = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep an element and open it."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep words and the figures' data."""
        if self.open and self.open[-1] == "script":
            if self.elements[-1][1].get("id") == "figures":
                self.figures += data
        elif not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def path(four_futures, tmp_path_factory):
    return write_html(four_futures, tmp_path_factory.mktemp("page") / "results.html")


@pytest.fixture(scope="module")
def page(path):
    return Reader(path.read_text(encoding="utf-8"))


def test_every_element_is_closed(page):
    assert page.open == []


def test_nothing_is_loaded_from_anywhere(page):
    for tag, attributes in page.elements:
        for name in LOADING:
            assert not (attributes.get(name) or "#").startswith(("http", "//")), (tag, attributes)
        assert tag not in ("link", "iframe", "object", "embed")
    policy = next(a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_it_is_small_enough_to_send(path):
    assert path.stat().st_size < 6_000_000


def test_language_title_and_outline(page):
    assert ("html", {"lang": "en-GB"}) in page.elements
    heads = [int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3")]
    assert heads[0] == 1
    assert heads.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(heads))


def test_identifiers_are_unique_and_links_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_every_scenario_is_told(page, four_futures):
    for key, title in zip(
        four_futures["scenario"].to_numpy(), four_futures["scenario_title"].to_numpy(), strict=True
    ):
        assert str(title) in page.text
        assert any(attributes.get("id") == f"story-{key}" for _, attributes in page.elements)
    assert "Reconstructed" in page.text


def test_findings_caution_and_command_are_there(page, four_futures):
    for finding in (population_finding, demand_finding, landed_finding, gp_finding):
        assert finding(four_futures) in page.text
    assert "A model, not a forecast" in page.text
    assert json.loads(four_futures.attrs["manifest"])["command"] in page.text


def test_every_chart_has_its_place_its_words_and_two_forms(page):
    charts = json.loads(page.figures)["charts"]
    places = {a["id"]: a for _, a in page.elements if a.get("class") == "chart"}
    assert charts.keys() == places.keys()
    for key, forms in charts.items():
        assert forms.keys() == {"wide", "narrow"}
        assert places[key]["role"] == "img"
        assert places[key]["aria-label"]


def test_every_section_with_a_chart_has_a_table_of_its_numbers(page, four_futures):
    captions = page.text
    for caption in (
        "People by age at mid-year",
        "A&E attendances a year",
        "Planned shift that landed, and care that moved out of hospital",
    ):
        assert caption in captions
    wte = float(four_futures["gp_wte"].sel(scenario="state_supreme", year=2030))
    assert f"{wte:.1f}" in page.text


def test_text_of_inputs_cannot_become_markup(four_futures, tmp_path):
    sly = four_futures.assign_attrs(footprint_name="<script>alert(1)</script>")
    text = write_html(sly, tmp_path / "sly.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in text


@pytest.fixture(scope="module")
def compared(two_futures, two_do_nothings, tmp_path_factory):
    path = write_html(two_futures, tmp_path_factory.mktemp("compared") / "results.html", two_do_nothings)
    return Reader(path.read_text(encoding="utf-8"))


def test_with_do_nothing_findings_headlines_and_tables_tell_it(compared, two_futures, two_do_nothings):
    assert demand_finding(two_futures, two_do_nothings) in compared.text
    assert difference_finding(two_futures, two_do_nothings, "A&E attendances") in compared.text
    assert gp_finding(two_futures, two_do_nothings) in compared.text
    assert moved_finding(two_futures) in compared.text
    assert "A&E attendances, 2033*, do nothing" in compared.text
    ended = float(two_do_nothings["a_and_e_attendances"].sel(scenario="official_future", year=2030))
    assert whole(ended) in compared.text
    assert "in which no intervention is put in place" in compared.text
    assert compared.open == []
    ids = [attributes["id"] for _, attributes in compared.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))


def test_money_and_contract_are_told(with_money, tmp_path):
    run = with_money[0].assign_attrs(contract="nuka", contract_title="NUKA, whole budget")
    page = Reader(write_html(run, tmp_path / "money.html", with_money[1]).read_text(encoding="utf-8"))
    assert "projection: portfolio as evidenced, contract NUKA, whole budget" in page.text
    assert money_finding(run, with_money[1]) in page.text
    assert "Breaks even with doing nothing" in page.text
    assert "System balance against doing nothing" in page.text
    assert "+£11.0m" in page.text
    assert "Contract: NUKA, whole budget . Southcentral Foundation in Alaska" in page.text
    assert "Demand with portfolio and contract and if nothing is done" in page.text
    assert page.open == []


def test_a_page_without_money_or_contract_does_not_speak_of_them(two_futures, two_do_nothings, tmp_path):
    bare, without = (
        each.drop_vars("system_balance", errors="ignore") for each in (two_futures, two_do_nothings)
    )
    page = Reader(write_html(bare, tmp_path / "bare.html", without).read_text(encoding="utf-8"))
    assert "Contract: as now" in page.text
    assert "Break-even" not in page.text


def test_the_command_makes_this_very_page(page, compared, four_futures):
    """A run makes do nothing unless told not to, so that a page without one was told not to."""
    command = json.loads(four_futures.attrs["manifest"])["command"]
    assert f"{command} --no-do-nothing" in page.text
    assert "--no-do-nothing" not in compared.text


def test_no_page_calls_anything_without_the_shift(page, compared, no_shift, tmp_path):
    do_nothing = Reader(write_html(no_shift, tmp_path / "none.html").read_text(encoding="utf-8"))
    for each in (page, compared, do_nothing):
        assert "without the shift" not in (each.text + each.figures).lower()
    assert "Do nothing was not run" in page.text
    assert "with the portfolio" not in (do_nothing.text + do_nothing.figures).lower()


def test_a_result_without_shift_has_a_page(no_shift, tmp_path):
    page = Reader(write_html(no_shift, tmp_path / "none.html").read_text(encoding="utf-8"))
    assert "No shift is planned" in page.text
    assert "nan" not in page.text.lower().split()

"""The numbers, letters and sentences of the compare page, from real runs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from dudley_dashboard.address import Pin, pin_text, read_view
from dudley_dashboard.app import create_app
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.compare.charts import (
    framed_chart,
    headline_table,
    key_list,
    line_chart,
    long_table,
    look_of,
)
from dudley_dashboard.pages.compare.data import (
    MOST,
    CompareQuery,
    labels_of,
    reference_of,
    regrets,
    run_labels,
    shared_text,
)
from dudley_dashboard.pages.compare.page import explore_link
from dudley_dashboard.pages.compare.text import (
    finding,
)
from dudley_dashboard.series import (
    ABSOLUTE,
    CHANGE,
    DIFFERENCE,
    PER_1000,
    ends_text,
    fitting_way,
    people_of_rate,
)

from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request
from dudley_sd.results.band import HIGH, LOW, MEDIAN, SINGLE
from dudley_sd.text import difference, in_words, number, per_thousand, signed_percent
from tests.dashboard.command_line import statistics
from tests.dashboard.reading import all_of, rows_of, words_of

REST = {"futures": ("official_future", "state_supreme"), "portfolios": ("none", "as_evidenced")}


@pytest.fixture(scope="module")
def choices():
    return CompareQuery.read(Request(), REST)[0]


@pytest.fixture(scope="module")
def told(choices):
    return run_labels(labels_of(choices)[0])[0]


@pytest.fixture(scope="module")
def compared():
    return statistics()


NUKA, ALL = "NUKA, whole budget", "All runs: Official Future, Dudley, ONS 2014-based projection"
WRITTEN = {
    ABSOLUTE: lambda row, indicator: in_words(number(row["value"], indicator), indicator),
    CHANGE: lambda row, indicator: difference(row["change_since_2018"], indicator),
    PER_1000: lambda row, indicator: in_words(
        per_thousand(row["per_1000"] * people_of_rate(indicator) / 1000, indicator), indicator
    ),
}


@pytest.mark.parametrize("way", list(WRITTEN))
def test_every_number_of_the_table_is_that_of_the_command_line(told, compared, way):
    seen = 0
    rows = rows_of(headline_table(told, way, told[0], "all"))
    starts = way in (ABSOLUTE, PER_1000)
    for place, (indicator, year) in enumerate(
        (indicator, year) for indicator in COMPARED.values() for year in (2023, 2028, 2033)
    ):
        for each, cell in zip(told, rows[place + 1][1 + starts :], strict=True):
            used = fitting_way(indicator, way)
            plan = each.request
            of, low, high = (
                compared.loc[statistic, plan.scenario, plan.portfolio, year, indicator.key]
                for statistic in (MEDIAN, LOW, HIGH)
            )
            assert cell.startswith(WRITTEN[used](of, indicator)), (indicator.key, year, each.label.name)
            ends = ends_text(low, high, lambda end, form=WRITTEN[used], of=indicator: form(end, of))
            assert cell.endswith(ends) or "–" in cell, (indicator.key, year, each.label.name)
            if used == CHANGE and indicator.size and of["relative_change_since_2018"] > -2:
                assert signed_percent(of["relative_change_since_2018"]) in cell
            seen += 1
    assert seen == len(COMPARED) * 3 * len(told)


def test_differences_are_from_the_case_that_was_chosen(told, compared):
    reference = told[-1]
    plan = reference.request
    rows = rows_of(headline_table(told, DIFFERENCE, reference, "2033"))
    for place, indicator in enumerate(COMPARED.values()):
        for each, cell in zip(told, rows[place + 1][1:], strict=True):
            mine = (MEDIAN, each.request.scenario, each.request.portfolio, 2033, indicator.key)
            if each is reference:
                assert cell == ("–" if indicator.needs_shift else difference(0.0, indicator))
            elif each.request.do_nothing() == plan:
                assert cell.startswith(difference(compared.loc[mine]["from_do_nothing"], indicator))
                assert "8 in 10 runs: " in cell or indicator.needs_shift


def test_cases_are_do_nothing_this_plan_and_every_combination_each_once(choices):
    cases, notes = labels_of(choices)
    assert [case.key for case in cases] == [
        "do_nothing",
        "plan",
        "state_supreme.as_evidenced.as_now",
        "state_supreme.none.as_now",
    ]
    assert [case.name for case in cases] == [
        "Do nothing: Official Future, the reference case",
        "Your plan: Official Future",
        "State Supreme",
        "State Supreme, do nothing",
    ]
    assert cases[1].whole == "Your plan: Official Future, As evidenced"
    assert notes == []


@pytest.mark.parametrize(
    ("plan", "rest", "names", "shared"),
    [
        (
            Request(),
            {"futures": ("official_future",), "contracts": ("as_now", "nuka", "dudley_mcp_virtual")},
            ["Do nothing: The reference case", "Your plan: Contract as now", "Dudley MCP, virtual", NUKA],
            f"{ALL}. All but do nothing: As evidenced.",
        ),
        (
            Request(contract="nuka"),
            {
                "futures": ("official_future",),
                "portfolios": ("as_evidenced", "none"),
                "contracts": ("as_now",),
            },
            ["Do nothing: The reference case", f"Your plan: {NUKA}", "Contract as now"],
            f"{ALL}. All but do nothing: As evidenced.",
        ),
        (
            Request(portfolio="none", settings={"GDP growth": 0.01}),
            {"futures": ("official_future",), "portfolios": ("none",), "pin": ("Mine~footprint:walsall",)},
            [
                "Do nothing (your plan): Dudley, 1 lever moved",
                "Reference case: Dudley, do nothing",
                "Mine: Walsall",
            ],
            "All runs: Official Future, ONS 2018-based projection. "
            "All but do nothing: As evidenced, contract as now.",
        ),
    ],
    ids=["contracts", "portfolios", "an area and a lever"],
)
def test_cases_are_headed_by_what_differs_and_what_they_share_is_said_once(plan, rest, names, shared):
    cases, _ = labels_of(CompareQuery.read(plan, rest)[0])
    assert [case.name for case in cases] == names
    assert shared_text([case.request for case in cases]) == shared


def test_another_reading_of_a_future_is_compared_and_judged_only_where_it_is_ticked():
    known, funded = catalogue(), "community_resilience_funded"
    usual = CompareQuery.default(Request())
    assert usual.futures == tuple(known.futures) == tuple(key for key in known.scenarios if key != funded)
    ticked = labels_of(CompareQuery.read(Request(), {"futures": (*usual.futures, funded)})[0])[0]
    assert [case.title for case in ticked if case.request.scenario == funded] == [
        known.scenarios[funded].title
    ]


def test_more_than_fit_are_left_out_and_it_is_said():
    known = catalogue()
    everything = {"futures": tuple(known.scenarios), "contracts": tuple(known.contracts)}
    cases, notes = labels_of(CompareQuery.read(Request(), everything)[0])
    assert len(cases) == MOST
    count = len(known.scenarios) * len(known.contracts) + 1
    assert notes == [f"{count} were chosen; the first 12 are shown. Take some ticks away."]


def test_a_pin_that_cannot_be_run_is_left_out_and_said():
    lever = next(iter(catalogue().levers))
    pin = Pin("Odd", Request(settings={lever: 1e12}))
    cases, _ = labels_of(CompareQuery.read(Request(), {"pin": ()})[0])
    odd = type(cases[0])("pin:Odd", "Odd", "", pin.plan)
    told, notes = run_labels([cases[0], odd])
    assert len(told) == 1
    assert notes[0].startswith("“Odd” cannot be run and was left out: ")


def test_every_line_of_the_chart_is_labelled_and_drawn_differently(told):
    figure = line_chart(told, "gp_gap", ABSOLUTE, told[0], (2033,))
    assert [note.text for note in figure.layout.annotations] == [f"<b>{each.letter}</b>" for each in told]
    median = told[1].runs["gp_gap"].isel(member=slice(1, None)).median("member")
    assert list(figure.data[2].y) == pytest.approx(median.to_numpy(), rel=1e-12)
    assert len({look_of(place) for place in range(MOST)}) == MOST
    assert f"{told[1].series('gp_gap', ABSOLUTE, told[0]).text(2033)}" in words_of(
        key_list(told, "gp_gap", ABSOLUTE, told[0], 2033)
    )


def test_letters_at_the_ends_of_lines_do_not_lie_upon_each_other(told):
    figure = line_chart(told, "total_population", ABSOLUTE, told[0], (2033,))
    heights = sorted(note.y for note in figure.layout.annotations)
    low, high = figure.layout.yaxis.range
    assert min(b - a for a, b in pairwise(heights)) > 0.05 * (high - low)


def test_choices_are_written_as_they_are_read():
    rest = {
        **REST,
        "pin": ("Mine~portfolio:none",),
        "show": ("change",),
        "against": ("plan",),
        "indicator": ("people_75_and_over",),
        "review": ("all",),
        "judge": ("gp_gap",),
        "contracts": ("as_now", "nuka"),
    }
    choices, notes = CompareQuery.read(Request(), rest)
    assert notes == []
    again: dict[str, list[str]] = {}
    for key, value in choices.pairs():
        again.setdefault(key, []).append(value)
    assert CompareQuery.read(Request(), again) == (choices, [])
    assert CompareQuery.default(Request()).pairs() == []


def test_ticks_that_were_all_taken_away_stay_away():
    choices, _ = CompareQuery.read(Request(), {"futures": ("none_chosen",)})
    assert choices.futures == ()
    assert ("futures", "none_chosen") in choices.pairs()


@pytest.mark.parametrize(
    "rest",
    [
        {"futures": ("nowhere",)},
        {"show": ("sideways",)},
        {"indicator": ("../../etc/passwd",)},
        {"review": ("2024",)},
        {"judge": ("total_population",)},
        {"portfolios": ("<script>alert(1)</script>",)},
        {"contracts": ("",)},
    ],
)
def test_what_cannot_be_true_is_noted_and_the_usual_is_shown(rest):
    choices, notes = CompareQuery.read(Request(), rest)
    assert choices == CompareQuery.default(Request())
    assert len(notes) == 1


def test_an_unknown_case_to_differ_from_gives_do_nothing(told):
    assert reference_of(told, "pin:gone") is told[0]


def test_the_tables_of_the_file_hold_the_numbers_of_the_page(told, compared):
    table = long_table(told, told[0])
    years = told[0].single["year"].size
    assert len(table) == len(told) * len(COMPARED) * years
    letters = {each.letter: each.request for each in told}
    indicators = {indicator.title: indicator for indicator in COMPARED.values()}
    seen = 0
    for row in table[table["year"].isin([2018, 2023, 2028, 2033])].to_dict("records"):
        plan = letters[row["run"]]
        indicator = indicators[row["indicator"]]
        for column, statistic, name in (
            ("value", MEDIAN, "value"),
            ("value_low", LOW, "value"),
            ("value_high", HIGH, "value"),
            ("single_run", SINGLE, "value"),
            *(
                (f"{name}{end}", statistic, name)
                for name in ("change_since_2018", "per_1000")
                for end, statistic in (("", MEDIAN), ("_low", LOW), ("_high", HIGH))
            ),
        ):
            wanted = compared.loc[statistic, plan.scenario, plan.portfolio, row["year"], indicator.key]
            there = wanted[name] / indicator.scale
            assert row[column] == pytest.approx(there, rel=1e-9, abs=1e-9, nan_ok=True), column
        seen += 1
    assert seen == len(told) * len(COMPARED) * 4


@pytest.mark.parametrize("review", ["2023", "2028", "2033", "all"])
def test_the_review_point_moves_regret_and_the_marks_of_the_lines(told, compared, review):
    year = 2033 if review == "all" else int(review)
    choices, _ = CompareQuery.read(Request(), {**REST, "review": (review,)})
    found = regrets(choices)
    ends = found.regret.set_index(["portfolio", "indicator", "scenario"])["value"]
    wanted = compared.loc[MEDIAN, "state_supreme", "as_evidenced", year, "system_balance"]["value"]
    assert ends["As evidenced", "system_balance", "state_supreme"] == pytest.approx(wanted, rel=1e-9)
    assert f" in {year}, " in finding(found, "system_balance")
    figure = line_chart(told, "gp_gap", ABSOLUTE, told[0], choices.years)
    assert [line.x0 for line in figure.layout.shapes] == list(choices.years)
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(trace.x) for trace in dots] == [list(choices.years)] * len(told)
    frame = words_of(framed_chart(told, "gp_gap", ABSOLUTE, told[0], choices.years))
    assert f"where they stand in {year}" in frame
    assert told[1].series("gp_gap", ABSOLUTE, told[0]).text(year) in frame


def test_a_line_that_cannot_be_drawn_says_why(told):
    frame = words_of(framed_chart(told, "landed_share", ABSOLUTE, told[0], (2033,)))
    assert "A and D have no line: they plan no shift" in frame
    assert "no line" not in words_of(framed_chart(told, "gp_gap", ABSOLUTE, told[0], (2033,)))
    assert all_of(framed_chart(told, "landed_share", ABSOLUTE, told[0], (2033,)), "Graph")
    same = framed_chart(told, "landed_share", DIFFERENCE, told[0], (2033,))
    assert "A plans no shift, so “Planned shift landed” cannot differ from it" in words_of(same)
    assert not all_of(same, "Graph")
    assert "Save picture" not in words_of(same)


def test_a_pinned_plan_opens_in_explore_with_all_pins():
    app = create_app("/dudley/")
    pins = [Pin("Mine", Request(portfolio="none", settings={"coverage[MDT]": 0.8})), Pin("Yours", Request())]
    with app.server.test_request_context("/dudley/"):
        link = explore_link(pins[0], pins)
    path, _, search = link.partition("?")
    view = read_view(search)
    assert path == "/dudley/"
    assert view.request == pins[0].plan
    assert view.rest["pin"] == tuple(pin_text(pin) for pin in pins)

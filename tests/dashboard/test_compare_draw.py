"""The numbers, letters and sentences of the compare page, from real runs."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest

import dudley_sd.api
from dashboard import create_app
from dashboard.catalogue import catalogue
from dashboard.pages.compare.cases import MOST, cases_of, reference_of, tell
from dashboard.pages.compare.chart import key_list, line_chart, look_of
from dashboard.pages.compare.choices import read_choices, usual_choices
from dashboard.pages.compare.controls import explore_link
from dashboard.pages.compare.export import as_csv
from dashboard.pages.compare.regret import claims, is_nothing, options_of, regrets, sentence, worst_by
from dashboard.pages.compare.regret_tables import least_by_measure, regret_by_future
from dashboard.pages.compare.table import headline_table
from dashboard.pins import Pin, pin_text
from dashboard.plan import Plan
from dashboard.shown import ABSOLUTE, BY_KEY, CHANGE, DIFFERENCE, PER_1000
from dashboard.view import read_view
from dudley_sd.results.comparison_words import difference, number, per_thousand
from dudley_sd.results.regret import JUDGED
from tests.dashboard.reading import rows_of, words_of

REST = {"futures": ("official_future", "state_supreme"), "portfolios": ("none", "as_evidenced")}


@pytest.fixture(scope="module")
def choices():
    return read_choices(Plan(), REST)[0]


@pytest.fixture(scope="module")
def told(choices):
    return tell(cases_of(choices)[0])[0]


@pytest.fixture(scope="module")
def comparison():
    """What ``dudley-sd compare`` makes of all futures and portfolios."""
    return dudley_sd.api.compare()


@pytest.fixture(scope="module")
def compared(comparison):
    table = comparison.table
    return table.set_index(["scenario", "portfolio", "year", "measure"]).sort_index()


@pytest.fixture(scope="module")
def found():
    return regrets(usual_choices(Plan()))


WRITTEN = {
    ABSOLUTE: lambda row, measure: number(row["value"], measure),
    CHANGE: lambda row, measure: difference(row["change_since_2018"], measure),
    PER_1000: lambda row, measure: per_thousand(row["per_1000"], measure),
}


@pytest.mark.parametrize("way", list(WRITTEN))
def test_every_number_of_the_table_is_that_of_the_command_line(told, compared, way):
    seen = 0
    rows = rows_of(headline_table(told, way, told[0], "all"))
    starts = way in (ABSOLUTE, PER_1000)
    for place, (measure, year) in enumerate(
        (measure, year) for measure in BY_KEY.values() for year in (2023, 2028, 2033)
    ):
        for each, cell in zip(told, rows[place + 1][1 + starts :], strict=True):
            row = compared.loc[each.case.plan.scenario, each.case.plan.portfolio, year, measure.key]
            used = way if way != PER_1000 or row["per_1000"] == row["per_1000"] else ABSOLUTE
            assert cell.startswith(WRITTEN[used](row, measure)), (measure.key, year, each.case.name)
            seen += 1
    assert seen == 11 * 3 * len(told)


def test_differences_are_from_the_case_that_was_chosen(told, compared):
    reference = told[-1]
    plan = reference.case.plan
    rows = rows_of(headline_table(told, DIFFERENCE, reference, "2033"))
    for place, measure in enumerate(BY_KEY.values()):
        base = compared.loc[plan.scenario, plan.portfolio, 2033, measure.key]["value"]
        for each, cell in zip(told, rows[place + 1][1:], strict=True):
            there = compared.loc[each.case.plan.scenario, each.case.plan.portfolio, 2033, measure.key]
            assert cell == difference(there["value"] - base, measure)


def test_cases_are_the_baseline_this_plan_and_every_combination_each_once(choices):
    cases, notes = cases_of(choices)
    assert [case.key for case in cases] == [
        "baseline",
        "plan",
        "state_supreme.as_evidenced.as_now",
        "state_supreme.none.as_now",
    ]
    assert cases[1].name == "This plan: Official Future, As evidenced"
    assert notes == []


def test_more_than_fit_are_left_out_and_it_is_said():
    everything = {"futures": tuple(catalogue().scenarios), "portfolios": tuple(catalogue().portfolios)}
    cases, notes = cases_of(read_choices(Plan(), everything)[0])
    assert len(cases) == MOST
    assert notes == ["16 were chosen; the first 12 are shown. Take some ticks away."]


def test_a_pin_that_cannot_be_run_is_left_out_and_said():
    lever = next(iter(catalogue().levers))
    pin = Pin("Odd", Plan(levers={lever: 1e12}))
    cases, _ = cases_of(read_choices(Plan(), {"pin": ()})[0])
    odd = type(cases[0])("pin:Odd", "Odd", "", pin.plan)
    told, notes = tell([cases[0], odd])
    assert len(told) == 1
    assert notes[0].startswith("“Odd” cannot be run and was left out: ")


def test_every_line_of_the_chart_is_labelled_and_drawn_differently(told):
    figure = line_chart(told, "gp_gap", ABSOLUTE, told[0])
    assert [note.text for note in figure.layout.annotations] == [f"<b>{each.letter}</b>" for each in told]
    assert list(figure.data[1].y) == list(told[1].array["gp_gap"].to_numpy())
    assert len({look_of(place) for place in range(MOST)}) == MOST
    assert f"{told[1].shown('gp_gap', ABSOLUTE, told[0]).text(2033)}" in words_of(
        key_list(told, "gp_gap", ABSOLUTE, told[0])
    )


def test_letters_at_the_ends_of_lines_do_not_lie_upon_each_other(told):
    figure = line_chart(told, "total_population", ABSOLUTE, told[0])
    heights = sorted(note.y for note in figure.layout.annotations)
    low, high = figure.layout.yaxis.range
    assert min(b - a for a, b in pairwise(heights)) > 0.05 * (high - low)


def test_regret_is_that_of_the_command_line(found, comparison):
    titles = comparison.titles["portfolio"] | {"none": "No portfolio"}
    wanted = {
        (row.measure, titles[row.portfolio]): (row.regret, row.scenario, row.least_at_worst)
        for row in comparison.worst.itertuples()
    }
    ours = {
        (row.measure, row.portfolio): (row.regret, row.scenario, row.least_at_worst)
        for row in found.worst.itertuples()
    }
    assert ours.keys() == wanted.keys()
    for key, (regret, scenario, least) in ours.items():
        assert regret == pytest.approx(wanted[key][0], rel=1e-9, abs=1e-6)
        assert bool(least) == bool(wanted[key][2])
        assert scenario == wanted[key][1] or is_nothing(regret, BY_KEY[key[0]])


@pytest.mark.parametrize("judge", list(JUDGED))
def test_the_sentence_names_the_least_bad_and_the_runner_up(found, judge):
    worst = worst_by(found, judge)
    text = sentence(found, judge)
    assert f"“{worst.iloc[0]['portfolio']}”" in text
    assert "runner-up" in text
    assert f"“{worst[~worst['least_at_worst']].iloc[0]['portfolio']}”" in text


def test_what_takes_claims_at_their_word_says_so(found):
    assert "takes what plans claimed at its word" in claims(found, "system_balance")
    assert "“As evidenced”" in claims(found, "system_balance") or "“No portfolio”" in claims(
        found, "system_balance"
    )
    assert claims(found, "gp_gap") == ""


def test_regret_tables_mark_the_least_at_worst(found):
    rows = rows_of(regret_by_future(found, "gp_gap"))
    best = worst_by(found, "gp_gap").iloc[0]["portfolio"]
    assert [row[0] for row in rows if "✓" in row[-1]] == [best]
    assert len(rows_of(least_by_measure(found))) == 1 + len(JUDGED)


def test_pins_and_a_changed_plan_are_judged_beside_the_portfolios():
    plan = Plan(levers={"coverage[MDT]": 0.1})
    pins = (pin_text(Pin("Mine", Plan(levers={"coverage[MDT]": 0.2}))), "Same", "There~footprint:walsall")
    options, notes = options_of(read_choices(plan, {"pin": pins})[0])
    assert list(options)[-2:] == ["This plan", "Mine"]
    assert notes == ["“There” is of another area and is not judged here."]


def test_choices_are_written_as_they_are_read():
    rest = {
        **REST,
        "pin": ("Mine~portfolio:none",),
        "show": ("change",),
        "against": ("plan",),
        "measure": ("people_75_and_over",),
        "review": ("all",),
        "judge": ("gp_gap",),
        "contracts": ("as_now", "nuka"),
    }
    choices, notes = read_choices(Plan(), rest)
    assert notes == []
    again: dict[str, list[str]] = {}
    for key, value in choices.pairs():
        again.setdefault(key, []).append(value)
    assert read_choices(Plan(), again) == (choices, [])
    assert usual_choices(Plan()).pairs() == []


def test_ticks_that_were_all_taken_away_stay_away():
    choices, _ = read_choices(Plan(), {"futures": ("none_chosen",)})
    assert choices.futures == ()
    assert ("futures", "none_chosen") in choices.pairs()


@pytest.mark.parametrize(
    "rest",
    [
        {"futures": ("nowhere",)},
        {"show": ("sideways",)},
        {"measure": ("../../etc/passwd",)},
        {"review": ("2024",)},
        {"judge": ("total_population",)},
        {"portfolios": ("<script>alert(1)</script>",)},
        {"contracts": ("",)},
    ],
)
def test_what_cannot_be_true_is_noted_and_the_usual_is_shown(rest):
    choices, notes = read_choices(Plan(), rest)
    assert choices == usual_choices(Plan())
    assert len(notes) == 1


def test_an_unknown_case_to_differ_from_gives_the_baseline(told):
    assert reference_of(told, "pin:gone") is told[0]


def test_the_file_holds_the_numbers_of_the_page(told, compared):
    rows = list(csv.DictReader(io.StringIO(as_csv(told, told[0]).removeprefix("\ufeff"))))
    assert len(rows) == len(told) * 11 * 4
    for row in rows:
        wanted = compared.loc[row["scenario"], row["portfolio"], int(row["year"]), row["measure"]]
        for ours, theirs in (
            ("value", "value"),
            ("change_since_2018", "change_since_2018"),
            ("per_1000", "per_1000"),
        ):
            if row[ours]:
                assert float(row[ours]) == pytest.approx(wanted[theirs], rel=1e-8, abs=1e-6)
            else:
                assert wanted[theirs] != wanted[theirs]


def test_a_pinned_plan_opens_in_explore_with_all_pins():
    app = create_app("/dudley/")
    pins = [Pin("Mine", Plan(portfolio="none", levers={"coverage[MDT]": 0.8})), Pin("Yours", Plan())]
    with app.server.test_request_context("/dudley/"):
        link = explore_link(pins[0], pins)
    path, _, search = link.partition("?")
    view = read_view(search)
    assert path == "/dudley/"
    assert view.plan == pins[0].plan
    assert view.rest["pin"] == tuple(pin_text(pin) for pin in pins)

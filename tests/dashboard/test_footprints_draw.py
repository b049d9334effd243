"""The numbers, scales and words of the footprints page, from real runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dudley_dashboard import names
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.footprints import data, page
from dudley_dashboard.pages.footprints import data as text
from dudley_dashboard.pages.footprints.charts import (
    card,
    numbers_table,
    one_range,
    ranked,
    ranking_chart,
    ranking_table,
    small_chart,
    total_chart,
    total_table,
)
from dudley_dashboard.pages.footprints.data import (
    FootprintsQuery,
    areas_of,
    caution,
    comparable,
    label,
    offered,
    total_and_parts,
)
from dudley_dashboard.pages.footprints.page import controls, drawn
from dudley_dashboard.series import ABSOLUTE, CHANGE, PER_1000, ends_text, people_of_rate

import dudley_sd.api
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.footprints import Total
from dudley_sd.request import Request
from dudley_sd.results.band import HIGH, LOW, MEDIAN
from dudley_sd.text import difference, in_words, number, per_thousand
from tests.dashboard.reading import all_of, rows_of, words_of

BLACK_COUNTRY = ("dudley", "sandwell_and_west_birmingham", "walsall", "wolverhampton", "black_country")
YEARS = (2018, 2023, 2028, 2033)


@pytest.fixture(scope="module")
def compared():
    """What ``dudley-sd compare --footprint black_country`` makes."""
    made = dudley_sd.api.compare(
        ["official_future"], portfolios=["as_evidenced", "none"], footprints=["black_country"], band=True
    )
    index = ["statistic", "footprint", "portfolio", "year", "indicator"]
    return made.statistics.set_index(index).sort_index()


def asking(request=None, **values) -> FootprintsQuery:
    """The query of the page for a plan, with other values than those by default."""
    return replace(FootprintsQuery.default(request or Request()), **values)


def shown_as(way, indicator="emergency_admissions"):
    choices = asking(indicator=indicator, show=way)
    areas, notes = areas_of(choices, choices.areas, way)
    assert notes == []
    return choices, areas


WRITTEN = {
    ABSOLUTE: lambda row, indicator: in_words(number(row["value"], indicator), indicator),
    CHANGE: lambda row, indicator: difference(row["change_since_2018"], indicator),
    PER_1000: lambda row, indicator: in_words(
        per_thousand(row["per_1000"] * people_of_rate(indicator) / 1000, indicator), indicator
    ),
}


@pytest.mark.parametrize("way", list(WRITTEN))
@pytest.mark.parametrize("indicator", ["emergency_admissions", "gp_gap", "system_balance"])
def test_every_area_has_the_numbers_of_the_command_line(compared, way, indicator):
    _, areas = shown_as(way, indicator)
    assert [area.key for area in areas] == list(BLACK_COUNTRY)
    for area in areas:
        for portfolio, series in (("as_evidenced", area.with_plan), ("none", area.nothing)):
            for year in YEARS:
                median, *ends = [
                    compared.loc[each, area.key, portfolio, year, indicator] for each in (MEDIAN, LOW, HIGH)
                ]
                assert series.text(year) == WRITTEN[way](median, COMPARED[indicator])
                said = ends_text(*ends, lambda end: WRITTEN[way](end, COMPARED[indicator]))
                assert series.below(year)[-1:] in ([said], [])
                assert series.below(year) or year == 2018


def test_tables_carry_what_the_pictures_show():
    _, areas = shown_as(PER_1000)
    table = rows_of(numbers_table(areas, "Numbers"))
    assert len(table) == 1 + 2 * len(areas)
    series = areas[0].with_plan
    assert table[1][1:] == [" ".join([series.text(year), *series.below(year)]) for year in series.years]
    ranking = rows_of(ranking_table(areas, 2033, "Ranking"))
    assert [row[1] for row in ranking[1:]] == ["1", "2", "3", "4", "5"]
    told = [area.with_plan for area in ranked(areas, 2033)]
    assert [row[2] for row in ranking[1:]] == [f"{each.text(2033)} {each.below(2033)[0]}" for each in told]
    values = [each.at(2033) for each in told]
    assert values == sorted(values, reverse=True)


def test_all_small_charts_have_one_scale_that_holds_every_value():
    _, areas = shown_as(PER_1000)
    low, high = one_range(areas)
    for area in areas:
        figure = small_chart(area, (low, high))
        assert tuple(figure.layout.yaxis.range) == (low, high)
        for line in figure.data:
            assert low < min(line.y) and max(line.y) < high


def test_plan_and_do_nothing_are_told_apart_without_colour():
    _, areas = shown_as(PER_1000)
    _, _, nothing, plan = small_chart(areas[0], (0, 1)).data
    assert nothing.line.dash != plan.line.dash


def test_a_total_of_sizes_does_not_stand_on_the_scale_of_its_areas():
    for way, keys in (
        (ABSOLUTE, BLACK_COUNTRY[:-1]),
        (CHANGE, BLACK_COUNTRY[:-1]),
        (PER_1000, BLACK_COUNTRY),
    ):
        choices, areas = shown_as(way)
        assert tuple(area.key for area in comparable(choices, areas)) == keys
    choices, areas = shown_as(ABSOLUTE, "unmet_same_day_share")
    assert len(comparable(choices, areas)) == 5


def test_the_ranking_has_the_most_at_the_top_and_both_dots():
    _, areas = shown_as(PER_1000)
    figure = ranking_chart(areas, 2028)
    spread, _, before, after = figure.data
    assert list(after.x) == sorted(after.x)  # from the bottom up
    top = ranked(areas, 2028)[0]
    assert after.x[-1] == top.with_plan.at(2028)
    assert before.x[-1] == top.nothing.at(2028)
    assert list(spread.x[-3:-1]) == top.with_plan.ends(2028)
    assert top.with_plan.text(2028) in figure.layout.annotations[-1].text


def test_the_total_is_the_sum_of_its_parts():
    choices, _ = shown_as(PER_1000)
    whole, parts = total_and_parts(choices, "black_country")
    for year in YEARS:
        place = whole.with_plan.years.index(year)
        assert sum(part.with_plan.runs[0, place] for part in parts) == pytest.approx(
            whole.with_plan.runs[0, place], rel=1e-12
        )
    figure = total_chart(whole, parts)
    assert [note.text for note in figure.layout.annotations] == [
        f"<b>{whole.with_plan.text(year)}</b>" for year in YEARS
    ]
    *bars, sum_ = figure.data
    assert sum(bar.y[-1] for bar in bars) == pytest.approx(whole.with_plan.at(2033), rel=1e-3)
    assert sum_.y[-1] == whole.with_plan.at(2033)
    ends = [sum_.y[-1] - sum_.error_y.arrayminus[-1], sum_.y[-1] + sum_.error_y.array[-1]]
    assert ends == pytest.approx(whole.with_plan.ends(2033))
    assert len({bar.marker.pattern.shape for bar in bars}) == len(parts)
    assert rows_of(total_table(whole, parts, "Sum"))[-1][0].startswith("Black Country STP (sum of its areas")


def test_every_indicative_area_says_so_and_why():
    _, areas = shown_as(PER_1000)
    limits = one_range(areas)
    for area in areas:
        words = words_of(card(area, limits, 2033))
        if area.key == "dudley":
            assert "ndicative" not in words
            continue
        assert "ndicative : why?" in words.replace("Sum of its areas, i", "I")
        assert "use at each age is that of Dudley" in words
    assert "Sum of its areas, indicative" in words_of(card(areas[-1], limits, 2033))


def test_every_area_is_offered_once_and_marked():
    totals, parts, others, own = offered()
    assert (totals, own) == (["black_country"], [])
    assert sorted([*totals, *parts, *others]) == sorted(catalogue().footprints)
    assert label("dudley") == "Dudley"
    assert label("walsall") == "Walsall (indicative)"
    assert label("black_country") == "Black Country STP (the sum of its areas, indicative)"


def test_areas_that_the_user_made_have_a_heading_and_are_not_ticked(monkeypatch):
    known = catalogue()
    both = Total(id="both", name="Both", parts=("dudley", "luton"))
    luton = known.footprints["walsall"].model_copy(update={"id": "luton", "name": "Luton"})
    with_own = replace(known, footprints={**known.footprints, "luton": luton, "both": both})
    for module in (data, names, page, text):
        monkeypatch.setattr(module, "catalogue", lambda: with_own)
    assert offered()[0] == ["black_country"]
    assert offered()[3] == ["luton", "both"]
    assert asking().areas == BLACK_COUNTRY
    *_, own = all_of(controls(asking()), "CheckboxGroup")
    assert (own.label, own.value) == ("Your own areas", [])
    assert [each.label for each in own.children] == [
        "Luton (indicative)",
        "Both (the sum of its areas, indicative)",
    ]


def test_the_page_says_how_a_share_of_a_total_comes_about():
    content = drawn(asking(indicator="unmet_same_day_share"))
    words = words_of(content)
    assert "worked out again from the sums" in words
    assert "says nothing per head and is shown as it is" in words
    assert len(all_of(content, "Graph")) == 6


def test_a_indicator_that_says_nothing_anywhere_says_why_and_draws_nothing():
    content = drawn(asking(Request(portfolio="none"), areas=("dudley", "walsall"), indicator="landed_share"))
    assert "No shift is planned in your plan, so “Planned shift landed” says nothing" in words_of(content)
    assert not all_of(content, "Graph")


def test_the_caution_stands_above_every_picture_and_only_where_areas_are_borrowed():
    choices = asking(indicator="gp_gap")
    words = words_of(drawn(choices))
    said = caution(choices)
    assert "In Sandwell and West Birmingham, Walsall and Wolverhampton use of services at each age" in said
    assert words.index(said) < words.index("which area has most")
    assert "ONS 2018-based projection: which area has most" in words
    alone = asking(areas=("dudley",), indicator="gp_gap")
    assert caution(alone) == ""
    assert "ONS 2014-based projection: which area has most" in words_of(drawn(alone))


def test_borrowed_growth_is_set_beside_that_of_ons():
    """People of 75 and over in Walsall from 2018 to 2032, by Dudley's rates and by ONS."""
    choices = asking(Request(projection="own"), areas=("dudley", "walsall"), indicator="gp_gap")
    said = caution(choices)
    assert "carried on at the rates of Dudley" in said
    assert "Walsall +36% to 2032, by ONS +15%" in said


def in_all(area):
    """``10 GPs short`` or ``16 GPs more``."""
    size, word = in_words(number(area.count.at(2033), COMPARED["gp_gap"]), COMPARED["gp_gap"]).split()
    return f"{size} GPs {word}"


def test_gps_are_told_in_numbers_beside_their_rate():
    _, areas = shown_as(PER_1000, "gp_gap")
    for area in areas:
        text = words_of(card(area, one_range(areas), 2033))
        assert f"({in_all(area)} in all)" in text
    ranking = rows_of(ranking_table(areas, 2033, "Ranking"))
    assert ranking[0][-1] == "Your plan, in all"
    assert ranking[1][-1] == in_all(ranked(areas, 2033)[0])
    _, counted = shown_as(ABSOLUTE, "gp_gap")
    assert "in all" not in words_of(card(counted[0], one_range(counted), 2033))


def test_what_stands_beside_the_plan_is_called_by_its_name():
    """Do nothing is of the same future, wherever that is."""
    for plan in (Request(), Request("state_supreme")):
        words = words_of(drawn(asking(plan, areas=("dudley",))))
        assert "do nothing, same future" in words
        assert "Reference case" not in words


def test_without_any_area_the_page_asks_for_one():
    assert words_of(drawn(asking(areas=()))) == "Tick at least one area."


def test_a_lever_that_an_area_cannot_have_leaves_it_out_and_says_so():
    plan = Request(settings={"number of beds": -1.0})
    areas, notes = areas_of(asking(plan, areas=("dudley",)), ["dudley"], ABSOLUTE)
    assert areas == []
    assert notes[0].startswith("Dudley cannot be run with your plan and was left out: ")


def test_choices_are_written_as_they_are_read():
    rest = {
        "areas": ("walsall", "stockport"),
        "indicator": ("gp_gap",),
        "show": ("change",),
        "year": ("2025",),
    }
    choices, notes = FootprintsQuery.read(Request(), rest)
    assert (choices.areas, choices.year, notes) == (("walsall", "stockport"), 2025, [])
    again: dict[str, list[str]] = {}
    for key, value in choices.pairs():
        again.setdefault(key, []).append(value)
    assert FootprintsQuery.read(Request(), again) == (choices, [])
    assert FootprintsQuery.read(Request(), {"areas": ("none_chosen",)})[0].areas == ()
    assert asking().pairs() == []


@pytest.mark.parametrize(
    "rest",
    [
        {"areas": ("atlantis",)},
        {"indicator": ("nothing",)},
        {"show": ("difference",)},
        {"year": ("2040",)},
        {"year": ("٢٠٣٣",)},
        {"year": ("1e9",)},
        {"year": ("",)},
        {"areas": ("<img src=x>",)},
    ],
)
def test_what_cannot_be_true_is_noted_and_the_usual_is_shown(rest):
    choices, notes = FootprintsQuery.read(Request(), rest)
    assert choices == asking()
    assert len(notes) == 1

"""Number and sentence forms: minus signs, nothing, signs with a word, lists and shares of runs."""

from __future__ import annotations

import pytest

from dudley_sd.indicators import COMPARED
from dudley_sd.results.headlines import gap
from dudley_sd.text import (
    difference,
    eight_in_ten_runs,
    in_100_runs,
    in_words,
    joined,
    judgement,
    low_to_high,
    money,
    number,
    per_thousand,
    percent,
    percent_of_some,
    plural,
    points,
    signed_millions,
    signed_percent,
    tenths,
    whole,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (whole(-0.4), "0"),
        (whole(-1234.5), "−1,234"),
        (percent(0.274), "27%"),
        (signed_percent(0.004), "0%"),
        (percent_of_some(0.004), "under 1%"),
        (percent_of_some(0.0), "0%"),
        (signed_percent(0.19), "+19%"),
        (signed_percent(-0.19), "−19%"),
        (signed_millions(12.34), "+£12.3m"),
        (signed_millions(-1_234.56), "−£1,234.6m"),
        (signed_millions(-0.04), "£0m"),
        (tenths(-0.04), "0.0"),
        (money(-44.4), "−£44m"),
        (points(0.031), "+3 points"),
        (joined(["one"]), "one"),
        (joined(["one", "other", "last"]), "one, other and last"),
        (plural(1, "area"), "1 area"),
        (plural(1200, "area"), "1,200 areas"),
        (low_to_high(0.1, 0.104, percent), "10%"),
        (eight_in_ten_runs(-59, 15, gap), "8 in 10 runs: from 59 more than needed to 15 short"),
        (gap(0.4), "no gap"),
        (gap(46.4), "46 short"),
        (gap(-7.5), "8 more than needed"),
    ],
)
def test_numbers_are_written_plainly(text, expected):
    assert text == expected


@pytest.mark.parametrize(
    ("write", "value", "key", "words"),
    [
        (number, 332747.5, "total_population", "332,700"),
        (number, 0.0738, "unmet_same_day_share", "7.4%"),
        (number, -335.0, "system_balance", "−£335m"),
        (number, -1e-9, "gp_gap", "0"),
        (number, float("nan"), "gp_gap", "–"),
        (difference, 0.0117, "unmet_same_day_share", "+1.2 points"),
        (difference, -200.0, "system_balance", "−£200m"),
        (difference, 200.0, "system_balance", "+£200m"),
        (difference, 0.0, "gp_gap", "0"),
        (per_thousand, -1.05, "system_balance", "−£1.05m"),
        (per_thousand, 377.4, "a_and_e_attendances", "377"),
        (per_thousand, 0.317, "beds_needed", "0.32"),
    ],
)
def test_numbers_as_they_are_written(write, value, key, words):
    assert write(value, COMPARED[key]) == words


@pytest.mark.parametrize(
    ("text", "key", "words", "kind"),
    [
        ("−£335m", "system_balance", "£335m deficit", "worse"),
        ("£1.05m", "system_balance", "£1.05m surplus", "better"),
        ("12", "gp_gap", "12 short", "worse"),
        ("−7", "gp_gap", "7 more", "better"),
        ("0", "gp_gap", "0", ""),
        ("£0m", "system_balance", "£0m", ""),
        ("–", "gp_gap", "–", ""),
        ("−3", "beds_needed", "−3", ""),
    ],
)
def test_a_sign_that_means_something_is_a_word_and_judged(text, key, words, kind):
    assert in_words(text, COMPARED[key]) == words
    assert judgement(words) == kind


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "none of the 1,000 runs"),
        (0.001, "fewer than 1 in 100 runs"),
        (0.374, "37 in 100 runs"),
        (0.999, "more than 99 in 100 runs"),
        (1.0, "all 1,000 runs"),
    ],
)
def test_shares_never_say_none_or_all_where_it_is_not_so(share, text):
    assert in_100_runs(share, 1000) == text

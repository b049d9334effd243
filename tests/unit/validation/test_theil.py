"""Are the measures of error right on series worked by hand?"""

from __future__ import annotations

import numpy as np
import pytest

from dudley_sd.validation.back_test import errors


def test_a_constant_difference_is_all_bias():
    """11, 21, 31 against 10, 20, 30: one too many everywhere. MAPE = (1/10 + 1/20 + 1/30) / 3."""
    found = errors([11, 21, 31], [10, 20, 30])

    assert found.mean_error == pytest.approx(1 / 20)
    assert found.mean_absolute_percentage_error == pytest.approx((1 / 10 + 1 / 20 + 1 / 30) / 3)
    assert found.root_mean_square == pytest.approx(1)
    assert (found.bias, found.unequal_variation) == (pytest.approx(1), pytest.approx(0))
    assert found.unequal_covariation == pytest.approx(0)


def test_a_trend_twice_as_steep_is_all_unequal_variation():
    """0, 20, 40 less 10 against 0, 10, 20 less 10, mean 10 each: spreads 2k and k, in step."""
    found = errors([-10, 10, 30], [0.0001, 10, 19.9999])

    assert found.bias == pytest.approx(0)
    assert found.unequal_variation == pytest.approx(1, abs=1e-6)


def test_the_same_values_in_another_order_are_all_unequal_covariation():
    """1, 3 against 3, 1: mean and spread are equal, so only the order is wrong; each point is 2 off."""
    found = errors([1, 3], [3, 1])

    assert found.root_mean_square == pytest.approx(2)
    assert (found.bias, found.unequal_variation, found.unequal_covariation) == (0, 0, 1)
    assert found.inequality == pytest.approx(2 / (2 * np.sqrt(5))), "root mean square of 1 and 3 is root 5"


def test_shares_add_up_to_one():
    """By hand: p = 2, 4, 9, a = 1, 5, 6. Mean square 11/3; bias 1; spreads squared 26/3 and 14/3."""
    found = errors([2, 4, 9], [1, 5, 6])
    parts = (found.bias, found.unequal_variation, found.unequal_covariation)

    assert sum(parts) == pytest.approx(1)
    assert found.bias == pytest.approx(1 / (11 / 3))
    assert found.unequal_variation == pytest.approx((np.sqrt(26 / 3) - np.sqrt(14 / 3)) ** 2 / (11 / 3))
    assert found.mean_absolute_percentage_error == pytest.approx((1 + 1 / 5 + 1 / 2) / 3)


def test_no_error_at_all():
    found = errors([1, 2], [1, 2])

    assert found.root_mean_square == 0
    assert found.bias + found.unequal_variation + found.unequal_covariation == 0


@pytest.mark.parametrize(("model", "data"), [([1], [1]), ([1, 2], [1, 2, 3]), ([1, 2], [0, 2])])
def test_series_that_cannot_be_compared_are_refused(model: list[float], data: list[float]):
    with pytest.raises(ValueError, match="give the same two or more"):
        errors(model, data)

"""Do draws keep to their ranges, to their seed and to each other?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, triang

from dudley_sd.ensembles.ranges import Range
from dudley_sd.ensembles.sampling import BLOCK, chances, sampling_faults, values

RANGES = (Range("a", "a", 0.0, 0.25, 1.0, "Dmnl"), Range("b", "b", 2.0, 2.0, 4.0, "Year"))


def test_a_block_is_a_latin_hypercube():
    drawn = chances(0, 0, 3000, 5, "lhs")

    assert drawn.shape == (BLOCK, 5)
    strata = np.sort((drawn * BLOCK).astype(int), axis=0)
    assert (strata == np.arange(BLOCK)[:, None]).all()


def test_blocks_and_seeds_differ_and_seed_0_is_a_seed():
    first, again = chances(0, 0, 3000, 5, "lhs"), chances(0, 0, 5000, 5, "lhs")

    assert np.array_equal(first, again)
    assert not np.array_equal(first, chances(0, 1, 3000, 5, "lhs"))
    assert not np.array_equal(first, chances(1, 0, 3000, 5, "lhs"))
    assert chances(0, 2, 3000, 5, "lhs").shape == (3000 - 2 * BLOCK, 5)


def test_sobol_blocks_are_parts_of_one_sequence():
    """A Sobol sequence of 4,096 puts just one member into each of 4,096 slices of every number."""
    whole = np.concatenate([chances(0, block, 4096, 3, "sobol") for block in range(4)])

    assert (np.sort((whole * 4096).astype(int), axis=0) == np.arange(4096)[:, None]).all()


def test_half_of_triangular_draws_lie_on_each_side_of_the_central_value():
    """Each half is that of a triangular distribution; a range as wide on both sides is one."""
    chance = np.linspace(0, 1, 101)[:, None] * np.ones(3)
    found = values(chance, (*RANGES, Range("c", "c", 0.0, 2.0, 4.0, "Dmnl")), "triangular")

    assert found[50] == pytest.approx([0.25, 2, 2])
    assert np.allclose(found[:51, 0], triang.ppf(chance[:51, 0], 0.5, 0, 0.5))
    assert np.allclose(found[50:, 0], triang.ppf(chance[50:, 0], 0.5, -0.5, 1.5))
    assert np.allclose(found[:, 2], triang.ppf(chance[:, 2], 0.5, 0, 4))
    assert found.min(axis=0) == pytest.approx([0, 2, 0])
    assert found.max(axis=0) == pytest.approx([1, 4, 4])


def test_evidence_is_normal_and_harm_is_drawn_where_its_reciprocal_is_kept():
    rows = (
        Range("e", "e", -1.6, 0.0, 1.6, "Dmnl", "normal"),
        Range("n", "n", 60.0, 82.0, 10000.0, "Dmnl", "reciprocal"),
    )
    chance = np.linspace(0, 1, 1001)[:, None] * np.ones(2)
    found = values(chance, rows, "triangular")

    assert np.allclose(found[1:-1, 0], norm.ppf(chance[1:-1, 0]))
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=0) >= 0).all()
    assert found[[0, 500, -1], 1] == pytest.approx([60, 82, 10000])
    harm = values(1 - chance[:, 1:], (Range("h", "h", 1 / 10000, 1 / 82, 1 / 60, "Dmnl"),), "triangular")
    assert np.allclose(1 / found[:, 1], harm[:, 0])


def test_uniform_draws_go_from_low_to_high():
    assert values(np.array([[0, 0], [0.5, 0.5], [1, 1]]), RANGES, "uniform").T.tolist() == [
        [0, 0.5, 1],
        [2, 3, 4],
    ]


def test_every_fault_of_a_request_for_draws_is_named():
    found = [fault.file for fault in sampling_faults(0, -1, "dice", "normal")]
    assert found == ["members", "seed", "sampler", "distribution"]
    assert sampling_faults(1, 0, "lhs", "uniform") == []
    assert "1,024 or 2,048" in str(sampling_faults(1500, 0, "sobol", "uniform")[0])
    assert [fault.file for fault in sampling_faults(True, 1.5, "lhs", "uniform")] == ["members", "seed"]

"""Supply of staff of each member: doing nothing ends as the future says, whatever is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dudley_sd.ensembles.job import VACANCY, make_job
from dudley_sd.ensembles.members import run_members
from dudley_sd.ensembles.plan import EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.ranges import SUPPLY
from dudley_sd.ensembles.supply import CLOSE, member_settings

NOTHING = EnsembleRequest(
    ("official_future", "state_supreme"), "none", outputs=(VACANCY, "gp_gap"), members=16
)


def job_of(request):
    return make_job(plan_ensemble(request))


@pytest.mark.parametrize("area", ["dudley", "walsall"])
def test_doing_nothing_ends_with_as_many_posts_empty_in_every_member(area):
    found = run_members(job_of(replace(NOTHING, footprints=(area,))))[area]
    empty = found[VACANCY].isel(year=-1)
    np.testing.assert_allclose(empty - empty.isel(member=0), 0, atol=CLOSE)
    assert found["gp_gap"].isel(year=-1).std("member").min() > 1  # members differ all the same


def test_neither_what_is_decided_nor_what_the_user_sets_moves_the_supply():
    alone = job_of(NOTHING)
    more = job_of(
        replace(
            NOTHING,
            portfolio="as_evidenced",
            contract="dudley_mcp",
            settings=(("pay relative to elsewhere", 0.9), ("ring fence", 0.5)),
        )
    )
    supplies = [member_settings(job, job.areas[0], 0, threads=1)[:, :, job.supply] for job in (alone, more)]
    np.testing.assert_allclose(*supplies, rtol=1e-9)
    assert supplies[0].std(axis=1).min() > 0.01


@pytest.mark.parametrize("change", [{"settings": ((SUPPLY, 1.3),)}, {"also": (SUPPLY,)}])
def test_a_supply_that_is_set_or_drawn_is_not_solved(change):
    assert job_of(replace(NOTHING, **change)).supply is None

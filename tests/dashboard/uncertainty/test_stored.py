"""A stored ensemble is shown only if it is of the model that is here."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from dudley_dashboard.jobs import UNEXPECTED
from dudley_dashboard.pages.uncertainty import stored
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, about, key_of
from dudley_dashboard.pages.uncertainty.ensemble import break_even_shares
from dudley_dashboard.pages.uncertainty.sections import NONE_STORED, about_part, money_part, range_part
from dudley_dashboard.pages.uncertainty.stored import read_stored
from dudley_dashboard.pages.uncertainty.text import NOT_STORED
from sdcompile.errors import InputError

from dudley_sd.indicators import ANSWERED
from tests.dashboard.uncertainty.test_jobs import until_done


def test_without_a_folder_there_is_nothing_to_choose(monkeypatch):
    monkeypatch.delenv(stored.FOLDER, raising=False)
    assert stored.stores() == {}


def test_a_store_is_offered_and_says_what_the_page_works_out(offered, small):
    assert stored.stores() == {name: offered / f"{name}.zarr" for name in ("base", "plan")}
    answer = read_stored("plan", "official_future", "dudley", about)
    for stored_runs, runs, name in (
        (answer.plan, small.plan, "gp_gap"),
        (answer.nothing, small.nothing, "system_balance"),
    ):
        np.testing.assert_allclose(stored_runs[name], runs[name], rtol=1e-11, atol=1e-11)
    np.testing.assert_array_equal(break_even_shares(answer)["share"], break_even_shares(small)["share"])
    assert answer.swings.equals(small.swings)
    assert "emergency_admissions" not in answer.plan
    assert NOT_STORED in str(range_part(answer, ANSWERED["emergency_admissions"]))


def test_without_a_stored_do_nothing_the_page_says_so(offered, tmp_path, monkeypatch):
    shutil.copytree(offered / "plan.zarr", tmp_path / "plan.zarr")
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    answer = read_stored("plan", "state_supreme", "walsall", about)
    assert answer.about["notes"] == [
        "plan does not hold the future chosen; its first is shown.",
        "plan does not hold the area chosen; its first is shown.",
    ]
    assert answer.about["notes"][0] in str(about_part(answer))
    assert answer.nothing is None
    assert NONE_STORED in str(money_part(answer))


def test_a_stored_answer_is_another_once_what_it_is_held_against_is_stored(offered, tmp_path, monkeypatch):
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    shutil.copytree(offered / "plan.zarr", tmp_path / "plan.zarr")
    before = key_of(EnsembleQuery(stored="plan"))
    assert key_of(EnsembleQuery(stored="plan")) == before
    shutil.copytree(offered / "base.zarr", tmp_path / "base.zarr")
    assert key_of(EnsembleQuery(stored="plan")) != before


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("model_sha256", "0", "model file"),
        ("inputs_sha256", {}, "inputs"),
        ("versions", {"dudley-sd": "0"}, "dudley-sd"),
    ],
)
def test_a_store_of_another_model_is_refused(offered, tmp_path, monkeypatch, key, value, where):
    shutil.copytree(offered / "plan.zarr", tmp_path / "old.zarr")
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    path = tmp_path / "old.zarr" / ".zattrs"
    attributes = json.loads(path.read_text())
    content = json.loads(attributes["manifest"]) | {key: value}
    path.write_text(json.dumps(attributes | {"manifest": json.dumps(content)}))
    with pytest.raises(InputError) as caught:
        read_stored("old", "official_future", "dudley", about)
    assert [fault.where for fault in caught.value.faults] == [where]


def test_a_store_that_breaks_the_work_in_a_way_nobody_expected_ends_it_with_words(
    offered, tmp_path, monkeypatch, caplog, jobs
):
    """Its manifest has lost the seed: a fault that no check looks for. Asked again, it is tried again."""
    shutil.copytree(offered / "plan.zarr", tmp_path / "lost.zarr")
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    path = tmp_path / "lost.zarr" / ".zattrs"
    attributes = json.loads(path.read_text())
    whole = json.loads(attributes["manifest"])
    content = {key: value for key, value in whole.items() if key != "seed"}
    path.write_text(json.dumps(attributes | {"manifest": json.dumps(content)}))
    assert jobs.folder == tmp_path
    last = until_done(EnsembleQuery(stored="lost"), seconds=20)[-1]
    assert (last.kind, last.words) == ("failed", UNEXPECTED.format("KeyError"))
    assert "Traceback" in caplog.text
    path.write_text(json.dumps(attributes | {"manifest": json.dumps(whole)}))
    assert until_done(EnsembleQuery(stored="lost"))[-1].kind == "done"


def test_what_is_no_store_is_told_in_words(tmp_path, monkeypatch, jobs):
    assert jobs.folder == tmp_path
    (tmp_path / "empty.zarr").mkdir()
    monkeypatch.setenv(stored.FOLDER, str(tmp_path))
    last = until_done(EnsembleQuery(stored="empty"))[-1]
    assert last.kind == "failed"
    assert "not the store of an ensemble" in last.words

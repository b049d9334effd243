"""A file of plans is for its owner, is awaited while another makes it, and is left if it is no store."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from dudley_dashboard.server.database import open_store
from sdcompile.errors import InputError


def test_a_server_that_starts_while_another_makes_the_file_waits_for_it(tmp_path: Path):
    """SQLite itself refuses at once here: nobody waits who asks for the log while another may write."""
    path = tmp_path / "plans.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.3, other.execute, ["COMMIT"])
    done.start()
    opened = open_store(f"sqlite:///{path}")
    done.join()
    assert opened.plans() == []
    opened.close()
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("form", ["sqlite:///{}", "sqlite:///file:{}?uri=true"])
def test_the_file_of_plans_is_for_its_owner_only(tmp_path: Path, form: str):
    path = tmp_path / "plans.sqlite"
    store = open_store(form.format(path))
    store.save("One", "", "")
    assert {each.name: oct(each.stat().st_mode & 0o777) for each in tmp_path.iterdir()} == {
        each.name: "0o600" for each in tmp_path.iterdir()
    }
    store.close()
    path.chmod(0o640)  # whoever runs it has shared it
    open_store(form.format(path)).close()
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("plans.sqlite", "no URL"),
        ("", "no URL"),
        ("mysql://root@localhost/x", "not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////nowhere/at/all/plans.sqlite", "unable to open"),
        ("postgresql://someone:s3cret@127.0.0.1:9/none", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_without_its_password(address: str, told: str):
    with pytest.raises(InputError) as caught:
        open_store(address)
    assert told in str(caught.value)
    assert "--store" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path):
    path = tmp_path / "plans.sqlite"
    path.write_text("my notes " * 500, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be used"):
        open_store(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8") == "my notes " * 500

"""Are plans saved, kept apart and found again, by many people at once, on SQLite and on PostgreSQL?"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dudley_dashboard import store as limits
from dudley_dashboard.address import LONGEST, read_view
from dudley_dashboard.server import database as connect
from dudley_dashboard.server.database import CONNECT_SECONDS, PATIENCE, check_url, make_tables, open_store
from dudley_dashboard.store import METADATA, Store, StoreError
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, inspect, text

from dudley_sd.request import Request
from tests.dashboard.databases import NOT_INSTALLED, postgresql, server_programs

ADDRESS = Request(scenarios="state_supreme", settings={"coverage[MDT]": 0.8}).address()
BEFORE = datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of a temporary PostgreSQL server."""
    programs = server_programs()
    if programs is None:
        pytest.skip(NOT_INSTALLED)
    with postgresql(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'plans of a team.sqlite'}"
    address: str = request.getfixturevalue("server")
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store that was just opened for the first time."""
    opened = open_store(url)
    yield opened
    opened.close()


def test_a_plan_is_saved_and_found_again_with_name_reason_date_and_version(store: Store, url: str):
    store.save("  Full  teams ", "Board of\n1 March", ADDRESS)
    again = open_store(url)
    (plan,) = again.plans()
    again.close()
    assert (plan.name, plan.reason, plan.number) == ("Full teams", "Board of 1 March", 1)
    assert BEFORE < plan.made < datetime.now(UTC) + timedelta(seconds=1)
    assert plan.model_version == "0.1.0"
    assert read_view(plan.address).request.values == {"coverage[MDT]": 0.8}
    assert store.answers()


def test_reading_does_not_wait_for_who_writes(url: str):
    """Another process holds the right to write for as long as it likes: lists and the health go on."""
    store = open_store(url)
    store.save("One", "", ADDRESS)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as writer:
        if url.startswith("sqlite"):
            writer.connection.driver_connection.isolation_level = None
            writer.exec_driver_sql("BEGIN IMMEDIATE")
        writer.execute(text("UPDATE saved_plan SET latest = 7"))
        before = time.monotonic()
        again = store.plans()
        assert [plan.number for plan in again] == [1]
        assert store.answers()
        assert time.monotonic() - before < PATIENCE / 3
        writer.rollback()
    engine.dispose()
    store.close()


def test_a_replaced_plan_keeps_its_history(store: Store):
    store.save("One", "first", "")
    store.save("Two", "other", "")
    (one,) = [plan for plan in store.plans() if plan.name == "One"]
    store.replace(one.id, 1, "second", ADDRESS)
    assert [(plan.name, plan.number) for plan in store.plans()] == [("One", 2), ("Two", 1)]
    assert [(plan.number, plan.reason, plan.address) for plan in store.history(one.id)] == [
        (2, "second", ADDRESS),
        (1, "first", ""),
    ]


def test_what_somebody_else_changed_is_not_overwritten_nor_deleted(store: Store):
    store.save("One", "", "")
    (one,) = store.plans()
    store.replace(one.id, 1, "theirs", ADDRESS)
    with pytest.raises(StoreError, match="replaced “One” meanwhile"):
        store.replace(one.id, 1, "mine", "")
    with pytest.raises(StoreError, match="replaced “One” meanwhile"):
        store.delete(one.id, 1)
    assert [plan.reason for plan in store.history(one.id)] == ["theirs", ""]


def test_deleting_takes_the_history_too(store: Store):
    store.save("One", "", "")
    (one,) = store.plans()
    store.replace(one.id, 1, "", ADDRESS)
    store.delete(one.id, 2)
    assert store.plans() == store.history(one.id) == []
    with pytest.raises(StoreError, match="deleted"):
        store.replace(one.id, 2, "", "")
    store.save("One", "", "")
    assert len(store.plans()) == 1


@pytest.mark.parametrize("name", ["One", "ONE", " one ", "Ｏne"])
def test_names_that_look_alike_are_one_name(store: Store, name: str):
    store.save("One", "", "")
    with pytest.raises(StoreError, match="already"):
        store.save(name, "", "")


@pytest.mark.parametrize(
    ("name", "reason", "address", "told"),
    [
        ("", "", "", "give the plan a name"),
        (" \n\t\0", "", "", "give the plan a name"),
        ("a" * 121, "", "", "name is too long"),
        ("a", "b" * 1001, "", "reason is too long"),
        ("a", "", "?" + "c" * LONGEST, "too large"),
    ],
)
def test_what_is_too_long_or_empty_is_refused_and_nothing_is_left(
    store: Store, name: str, reason: str, address: str, told: str
):
    with pytest.raises(StoreError, match=told):
        store.save(name, reason, address)
    assert store.plans() == []


@pytest.mark.parametrize(
    "name",
    [
        "'; DROP TABLE saved_plan; --",
        "<script>alert(1)</script>",
        "%s %(x)s :name ?",
        "a\0b\x1b[2J",
        "\ud800x",
        "🙂 ﷽",
    ],
)
def test_whatever_is_typed_is_only_text(store: Store, name: str):
    store.save(name, name, "?set=" + name.replace("\0", "").replace("\ud800", ""))
    (plan,) = store.plans()
    assert plan.name.isprintable()
    assert plan.name == plan.reason
    store.delete(plan.id, 1)


def test_there_is_an_end_to_plans_and_versions(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_PLANS", 2)
    monkeypatch.setattr(limits, "MOST_VERSIONS", 2)
    store.save("1", "", "")
    store.save("2", "", "")
    with pytest.raises(StoreError, match="2 saved plans already"):
        store.save("3", "", "")
    first = store.plans()[0]
    store.replace(first.id, 1, "", "")
    with pytest.raises(StoreError, match="2 versions already"):
        store.replace(first.id, 2, "", "")


def test_of_twenty_at_once_each_is_saved_and_one_name_is_taken_once(store: Store):
    """Threads as a server has them: nothing is lost, no error but the one for the reader."""
    start = threading.Barrier(20)

    def work(number: int) -> str:
        start.wait()
        store.save(f"Plan {number}", "", ADDRESS)
        try:
            store.save("The same", "", ADDRESS)
        except StoreError as error:
            return str(error)
        return "saved"

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(work, range(20)))
    assert told.count("saved") == 1
    assert all("already" in each for each in told if each != "saved")
    assert len(store.plans()) == 21


def test_of_ten_who_replace_at_once_one_wins_and_the_others_are_told(store: Store):
    store.save("One", "", "")
    (one,) = store.plans()
    start = threading.Barrier(10)

    def work(number: int) -> bool:
        start.wait()
        try:
            store.replace(one.id, 1, str(number), "")
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        won = list(pool.map(work, range(10)))
    assert won.count(True) == 1
    assert [plan.number for plan in store.history(one.id)] == [2, 1]
    assert store.plans()[0].reason == str(won.index(True))


def test_servers_that_start_at_once_make_the_tables_once(url: str):
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [url] * 4))
    stores[0].save("One", "", "")
    assert all(len(store.plans()) == 1 for store in stores)
    for store in stores:
        store.close()


def old_store(url: str, *, origin: bool = True) -> Engine:
    """Return a database as earlier commits left it, a0973c1 among them; before that without origins."""
    old = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(old).dialect_options["sqlite"]["autoincrement"] = False
    if not origin:
        old.tables["saved_plan_version"]._columns.remove(old.tables["saved_plan_version"].c.origin)
    Table("alembic_version", old, Column("version_num", String(32), primary_key=True))
    Table("wrong_code", old, Column("id", Integer, primary_key=True))
    engine = connect._engine(check_url(url), PATIENCE)
    with engine.execution_options(dudley_sd_writes=True).begin() as connection:
        old.create_all(connection)
    return engine


def test_a_store_without_origins_is_brought_up_to_date_with_its_plans(url: str):
    engine = old_store(url, origin=False)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO saved_plan VALUES (1, 'Old', 'old', 1)"))
        connection.execute(
            text("INSERT INTO saved_plan_version VALUES (1, 1, 1, '', :address, '2026-01-01', '0.1.0')"),
            {"address": ADDRESS},
        )
    engine.dispose()
    again = open_store(url)
    assert [(plan.name, plan.origin) for plan in again.plans()] == [("Old", "")]
    assert read_view(again.plans()[0].address).request.values == {"coverage[MDT]": 0.8}
    again.close()


def test_ids_of_a_store_that_gave_them_again_are_not_given_again(url: str):
    """Plans and their history stay as they are; a window that was open before finds nothing of others."""
    engine = old_store(url)
    with engine.execution_options(dudley_sd_writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('saved_plan_id_seq', 17)"))
            connection.execute(text("SELECT setval('saved_plan_version_id_seq', 99)"))
        for plan in (3, 7):
            connection.execute(text(f"INSERT INTO saved_plan VALUES ({plan}, 'P{plan}', 'p{plan}', {plan})"))
            for number in range(1, plan + 1):
                connection.execute(
                    text(
                        "INSERT INTO saved_plan_version (id, plan_id, number, reason, address, made, "
                        f"model_version) VALUES ({plan * 10 + number}, {plan}, {number}, 'r{number}', "
                        ":address, '2026-01-01', '0.1.0')"
                    ),
                    {"address": ADDRESS},
                )
    engine.dispose()
    store = open_store(url)
    assert {(plan.id, plan.name, plan.number) for plan in store.plans()} == {(3, "P3", 3), (7, "P7", 7)}
    assert [plan.reason for plan in store.history(7)] == [f"r{number}" for number in range(7, 0, -1)]
    store.save("New", "", ADDRESS)
    (new,) = [plan for plan in store.plans() if plan.name == "New"]
    assert new.id > 17  # the highest that a window of before can show
    with store._engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        if store._engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    store.delete(3, 3)
    assert store.history(3) == []
    make_tables(store._engine)  # a second time does nothing
    store.close()


def test_a_window_that_shows_a_deleted_plan_changes_no_other(store: Store):
    store.save("Of Alice", "", ADDRESS)
    (alice,) = store.plans()
    store.delete(alice.id, 1)
    store.save("Of Bob", "", ADDRESS)
    (bob,) = store.plans()
    assert bob.id != alice.id
    with pytest.raises(StoreError, match="deleted this plan"):
        store.delete(alice.id, 1)
    with pytest.raises(StoreError, match="deleted this plan"):
        store.replace(alice.id, 1, "", "")
    assert [(plan.name, plan.number) for plan in store.plans()] == [("Of Bob", 1)]


def test_a_postgresql_server_that_stands_still_is_told_within_seconds(server: str):
    """Its processes are stopped, so that it takes requests and answers none; then they go on."""
    store = open_store(server)
    assert store.answers()
    with store._engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "2700ms"
        (parent,) = connection.execute(text("SELECT pg_read_file('postmaster.pid')")).scalar_one().split()[:1]
    processes = [int(parent), *children(int(parent))]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert not store.answers()
        with pytest.raises(StoreError, match="cannot be reached"):
            store.plans()
        assert time.monotonic() - started < 2 * (connect.ANSWER_SECONDS + CONNECT_SECONDS) + 3
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    end = time.monotonic() + 30
    while not store.answers() and time.monotonic() < end:
        time.sleep(0.1)
    assert store.answers()
    store.close()


def children(parent: int) -> list[int]:
    """Processes that a process has started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(each) for each in listed.split()]


def test_the_tables_are_those_that_the_program_reads(url: str):
    opened = open_store(url)
    make_tables(opened._engine)  # a second time does nothing
    found = inspect(opened._engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == set(table.columns.keys())
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable
            assert getattr(columns[column.name]["type"], "length", None) == getattr(
                column.type, "length", None
            )
    opened.close()

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import gevent
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, insert, inspect, literal, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from fs_app.store import checkpoints
from fs_app.store.durable import Database, DatabaseUnavailable, database_url, open_database
from fs_app.store.setting_tables import metadata
from fs_app.store.tables import accounts, grants, priorities

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)

OPEN_IT = """
import sys
from sqlalchemy.engine import make_url
from fs_app.store.durable import open_database
sys.stdin.readline()
open_database(make_url(sys.argv[1])).close()
"""


@BOTH
def test_migrations_when_run_on_an_empty_database_make_exactly_the_declared_tables(database: Database):
    def differences(connection):
        # Triggers and checks are no part of the comparison; they have tests of their own.
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert database.read(differences) == []
    assert {t.name for t in metadata.sorted_tables} <= set(database.read(lambda c: inspect(c).get_table_names()))


@BOTH
def test_migrations_when_several_processes_start_at_once_all_come_up(empty_url: URL):
    address = empty_url.render_as_string(hide_password=False)
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_IT, address], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in starting:
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = [(process.communicate(timeout=60)[1], process.returncode) for process in starting]
    assert [code for _, code in outcomes] == [0, 0, 0, 0], outcomes


@BOTH
def test_write_when_the_work_raises_leaves_nothing(database: Database):
    def work(connection):
        connection.execute(insert(priorities).values(queue="q", agent="a", level=1, set_by="x", set_at=1.0))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(work)
    assert database.read(lambda c: c.execute(select(priorities)).all()) == []


@BOTH
def test_tables_when_given_what_cannot_be_refuse_it(database: Database):
    with pytest.raises(IntegrityError):
        database.write(
            lambda c: c.execute(insert(priorities).values(queue="q", agent="a", level=16, set_by="x", set_at=1.0))
        )
    with pytest.raises(IntegrityError):
        database.write(lambda c: c.execute(insert(grants).values(account_id=77, queue="q", held="edit")))


def test_read_on_sqlite_when_asked_to_write_refuses(database: Database):
    with pytest.raises(Exception, match="readonly"):
        database.read(lambda c: c.execute(text("delete from grants")))


def test_work_on_sqlite_runs_beside_the_loop(database: Database):
    """A slow statement must not stop other greenlets: the loop lives in another thread."""
    here = threading.get_native_id()
    started, ended, ticks = threading.Event(), threading.Event(), []

    def slow(connection):
        started.set()
        assert ended.wait(10)
        return threading.get_native_id()

    def tick():
        while not started.is_set():
            gevent.sleep(0.001)
        ticks.append("went on")
        ended.set()

    ticking = gevent.Greenlet(tick)
    ticking.start()
    assert database.write(slow) != here
    ticking.join(5)
    assert ticks == ["went on"]


def test_reads_on_sqlite_when_a_write_is_open_do_not_wait_for_it(database: Database):
    entered, release = threading.Event(), threading.Event()

    def long_write(connection):
        connection.execute(insert(priorities).values(queue="q", agent="a", level=1, set_by="x", set_at=1.0))
        entered.set()
        assert release.wait(10)

    writing = gevent.Greenlet(database.write, long_write)
    writing.start()
    with gevent.Timeout(5):
        while not entered.is_set():
            gevent.sleep(0.001)
        assert database.read(lambda c: c.execute(select(priorities)).all()) == []
        release.set()
        writing.get()
    assert len(database.read(lambda c: c.execute(select(priorities)).all())) == 1


def test_two_processes_on_one_sqlite_file_both_write(empty_url: URL):
    first, second = open_database(empty_url), open_database(empty_url)
    try:
        for n in range(20):
            for database in (first, second):
                name = f"{n}-{id(database)}"
                database.write(
                    lambda c, name=name: c.execute(
                        insert(priorities).values(queue="q", agent=name, level=1, set_by="x", set_at=1.0)
                    )
                )
        assert len(first.read(lambda c: c.execute(select(priorities)).all())) == 40
    finally:
        first.close()
        second.close()


@BOTH
def test_look_sees_what_was_written_just_before_and_changes_nothing(database: Database):
    for level in (1, 2):
        database.write(
            lambda c, level=level: c.execute(
                insert(priorities).values(queue="q", agent=f"{level}", level=level, set_by="x", set_at=1.0)
            )
        )
        assert len(database.look(lambda c: c.execute(select(priorities)).all())) == level
    database.close()
    with pytest.raises(DatabaseUnavailable):
        database.look(lambda c: c.execute(select(priorities)).all())


def test_look_on_sqlite_stays_on_the_loop_and_is_taken_in_turns_by_other_threads(database: Database):
    assert database.look(lambda _: threading.get_native_id()) == threading.get_native_id()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: database.look(lambda c: c.execute(select(literal(n))).scalar()), range(200)))
    assert found == list(range(200))


def test_look_on_sqlite_refuses_to_write(database: Database):
    with pytest.raises(OperationalError, match="readonly"):
        database.look(lambda c: c.execute(text("delete from grants")))


def test_sqlite_brings_its_log_into_the_file_beside_the_writers(empty_url: URL):
    """While it is open: a reader that looks at the file alone finds what was written."""
    database = open_database(empty_url)
    try:
        copy = f"file:{empty_url.database}?immutable=1"
        with closing(sqlite3.connect(copy, uri=True)) as file, pytest.raises(sqlite3.Error, match="no such table"):
            file.execute("select count(*) from priorities")
        for n in range(2 * checkpoints.EVERY):
            row = {"queue": "q", "agent": f"{n}", "level": 1, "set_by": "x", "set_at": 1.0}
            database.write(lambda c, row=row: c.execute(insert(priorities).values(row)))

        def in_the_file() -> int:
            with closing(sqlite3.connect(copy, uri=True)) as file:
                try:
                    return file.execute("select count(*) from priorities").fetchone()[0]
                except sqlite3.DatabaseError:  # read while the log was being brought in: half of it is there
                    return 0

        with gevent.Timeout(10):
            while in_the_file() < checkpoints.EVERY:
                gevent.sleep(0.01)
        assert len(database.read(lambda c: c.execute(select(priorities)).all())) == 2 * checkpoints.EVERY
    finally:
        database.close()


def test_write_on_sqlite_when_another_process_writes_all_the_time_fails_and_the_next_one_works(
    empty_url: URL, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fs_app.store.durable.BUSY_TIMEOUT_MS", 200)
    database = open_database(empty_url)
    try:
        with closing(sqlite3.connect(empty_url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="locked"):
                database.write(lambda c: c.execute(text("delete from priorities")))
        assert database.write(lambda c: c.execute(text("delete from priorities")).rowcount) == 0
    finally:
        database.close()


def test_account_rows_when_removed_take_their_rights_along(database: Database):
    row = {
        "login": "a",
        "login_key": "a",
        "name": "A",
        "role": "user",
        "locale": "ja",
        "password_hash": "x",
        "must_change": False,
        "created_at": 1.0,
        "password_changed_at": 1.0,
    }

    def make(connection):
        key = connection.execute(insert(accounts).values(row)).inserted_primary_key[0]
        connection.execute(insert(grants).values(account_id=key, queue="q", held="edit"))

    database.write(make)
    database.write(lambda c: c.execute(accounts.delete()))
    assert database.read(lambda c: c.execute(select(grants)).all()) == []


def test_database_url_when_nothing_is_configured_is_a_file_in_the_data_folder(tmp_path: Path):
    assert database_url("", tmp_path).database == str(tmp_path / "sasayaki.sqlite")


@pytest.mark.parametrize(
    "given", ["postgresql://u:p@db/site", "postgres://u:p@db/site", "postgresql+psycopg://u:p@db/site"]
)
def test_database_url_when_postgresql_is_opened_by_psycopg(given: str, tmp_path: Path):
    url = database_url(given, tmp_path)
    assert (url.drivername, url.host, url.password) == ("postgresql+psycopg", "db", "p")


@pytest.mark.parametrize("given", ["mysql://u@h/d", "sqlite://", "sqlite:///:memory:"])
def test_database_url_when_another_kind_is_refused(given: str, tmp_path: Path):
    with pytest.raises(ValueError, match="SQLite file or postgresql"):
        database_url(given, tmp_path)

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, text

from fs_app.floor.actor import Actor
from fs_app.store.audit import AuditLog, Deed, system
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database, open_database
from tests.contract.patience import slowness

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
SUZUKI = Actor("suzuki", "supervisor", "鈴木", source="panel", address="192.0.2.7")


@pytest.fixture
def audit(database: Database) -> AuditLog:
    return AuditLog(database)


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database file in hands would do; the triggers have to go first."""

    def work(connection):
        if connection.dialect.name == "sqlite":
            connection.execute(text("drop trigger if exists audit_no_update"))
            connection.execute(text("drop trigger if exists audit_no_delete"))
        else:
            connection.execute(text("drop trigger if exists audit_append_only on audit"))
        for statement in statements:
            connection.execute(text(statement))

    database.write(work)


def fill(audit: AuditLog, count: int) -> None:
    for n in range(count):
        audit.asked(SUZUKI, "agent.set_status", f"100{n}@default", "support@default", {"status": "away"}, f"r{n}")


@BOTH
def test_asked_and_outcome_when_read_back_tell_who_what_where_and_what_came_of_it(audit: AuditLog):
    asked = audit.asked(SUZUKI, "agent.set_priority", "1001@default", "support@default", {"priority": 3}, "req-1")
    done = audit.outcome(asked, "failed", "USER_BUSY")
    newest, oldest = audit.page(Filters()).rows
    assert (oldest["id"], oldest["outcome"], oldest["refers_to"]) == (asked, "asked", None)
    assert (newest["id"], newest["outcome"], newest["refers_to"], newest["cause"]) == (
        done,
        "failed",
        asked,
        "USER_BUSY",
    )
    for row in (oldest, newest):
        assert (row["who"], row["login"], row["role"], row["address"]) == (
            "account",
            "suzuki",
            "supervisor",
            "192.0.2.7",
        )
        assert (row["command"], row["agent"], row["queue"]) == ("agent.set_priority", "1001@default", "support@default")
        assert (row["args"], row["request_id"], row["source"]) == ({"priority": 3}, "req-1", "panel")
    assert newest["at"] >= oldest["at"]


@pytest.mark.parametrize(
    ("source", "who"), [("panel", "account"), ("token", "token"), ("dial", "dial"), ("cli", "system")]
)
def test_asked_when_it_comes_another_way_says_which(audit: AuditLog, source: str, who: str):
    audit.asked(Actor("x", "user", "X", source=source, token="nightly" if source == "token" else None), "c")
    row = audit.page(Filters()).rows[0]
    assert (row["who"], row["source"], row["token"]) == (who, source, "nightly" if source == "token" else "")


def test_outcome_when_nothing_was_asked_is_refused(audit: AuditLog):
    with pytest.raises(LookupError):
        audit.outcome(5, "confirmed")
    with pytest.raises(ValueError, match="no outcome"):
        audit.outcome(audit.asked(SUZUKI, "c"), "asked")


@BOTH
def test_database_when_told_to_change_or_remove_a_row_refuses(audit: AuditLog, database: Database):
    fill(audit, 1)
    for statement in ("update audit set login = 'nobody'", "delete from audit"):
        with pytest.raises(Exception, match="append-only"):
            database.write(lambda c, statement=statement: c.execute(text(statement)))
    assert audit.page(Filters()).rows[0]["login"] == "suzuki"


@BOTH
def test_verify_when_nothing_was_touched_finds_nothing(audit: AuditLog):
    assert audit.verify() is None
    fill(audit, 3)
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("statements", "row", "reason"),
    [
        (["update audit set cause = 'nothing' where id = 2"], 2, "changed"),
        (["update audit set at_ms = at_ms - 1 where id = 4"], 4, "changed"),
        (["update audit set args = '{}' where id = 1"], 1, "changed"),
        (["delete from audit where id = 3"], 3, "missing"),
        (["delete from audit where id = 1"], 1, "missing"),
        (["delete from audit where id = 5"], 5, "missing"),
        (["delete from audit"], 1, "missing"),
        (["update audit set hash = previous where id = 2"], 2, "changed"),
        (["update audit set refers_to = 2 where id = 5"], 5, "changed"),
    ],
)
def test_verify_when_a_row_was_tampered_with_names_it(
    audit: AuditLog, database: Database, statements: list[str], row: int, reason: str
):
    fill(audit, 5)
    tamper(database, *statements)
    bad = audit.verify()
    assert bad is not None
    assert (bad.id, bad.reason) == (row, reason)


def test_verify_when_a_row_was_added_by_somebody_else_names_it(audit: AuditLog, database: Database):
    from fs_app.store.audit import row_hash
    from fs_app.store.tables import audit as table

    fill(audit, 2)
    last = database.read(lambda c: c.execute(table.select().where(table.c.id == 2)).one())._asdict()
    forged = last | {"id": 3, "login": "nobody", "previous": last["hash"]}
    forged["hash"] = row_hash(forged)
    database.write(lambda c: c.execute(table.insert().values(forged)))
    bad = audit.verify()
    assert bad is not None
    assert (bad.id, bad.reason) == (3, "not written by Sasayaki")


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_verify_when_any_column_of_any_row_differs_finds_that_row(audit: AuditLog, data: st.DataObject):
    """The hash covers every column: checked on the function that writes and verifies use."""
    from fs_app.store.audit import row_hash
    from fs_app.store.tables import audit as table

    row = {c.name: (7 if str(c.type) in ("BIGINT", "INTEGER") else "x") for c in table.columns}
    name = data.draw(st.sampled_from([n for n in row if n != "hash"]))
    other = data.draw(st.integers(0, 10**12) if row[name] == 7 else st.text())
    assert (row_hash(row | {name: other}) == row_hash(row)) == (other == row[name])


@BOTH
def test_asked_when_many_write_at_once_leaves_one_whole_chain(empty_url: URL):
    """Several processes' connections: each writer is its own database object in its own thread."""

    def write_ten():
        database = open_database(empty_url)
        try:
            fill(AuditLog(database), 10)
        finally:
            database.close()

    open_database(empty_url).close()
    writers = [threading.Thread(target=write_ten) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    database = open_database(empty_url)
    try:
        audit = AuditLog(database)
        assert audit.verify() is None
        assert audit.page(Filters()).rows[0]["id"] == 40
    finally:
        database.close()


def test_asked_takes_about_a_millisecond(audit: AuditLog):
    fill(audit, 5)
    spans = []
    for _ in range(200):
        began = perf_counter()
        audit.asked(SUZUKI, "agent.set_status", "1001@default", "support@default", {"status": "away"}, "r")
        spans.append(perf_counter() - began)
    spans.sort()
    assert spans[100] < 0.005 * slowness(), f"median {spans[100] * 1000:.2f} ms"


@BOTH
def test_page_when_filtered_and_turned_shows_each_row_once_newest_first(audit: AuditLog):
    fill(audit, 7)
    audit.record(Deed(system(), "account.add"), "confirmed")
    seen, cursor = [], None
    while True:
        page = audit.page(Filters(login="suzuki"), cursor, limit=3)
        seen += [row["id"] for row in page.rows]
        if page.next is None:
            break
        cursor = page.next
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(agent="1002@default"), 1),
        (Filters(queue="support@default"), 4),
        (Filters(command="account.add"), 1),
        (Filters(outcome="confirmed"), 1),
        (Filters(request_id="r3"), 1),
        (Filters(since=104.0), 1),
        (Filters(before=102.0), 2),
        (Filters(since=101.0, before=103.0), 2),
        (Filters(login="' or 1=1 --"), 0),
    ],
)
def test_page_when_filtered_shows_what_was_asked_for(database: Database, filters: Filters, count: int):
    times: Callable[[], float] = iter([100.0, 101.0, 102.0, 103.0, 104.0]).__next__
    audit = AuditLog(database, clock=times)
    fill(audit, 4)
    audit.record(Deed(system(), "account.add"), "confirmed")
    assert len(audit.page(filters).rows) == count


@given(name=st.text(st.characters(exclude_categories=["Cs"])), cause=st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
def test_asked_when_texts_are_strange_keeps_the_chain(audit: AuditLog, name: str, cause: str):
    asked = audit.asked(Actor(name, "user", name), name, name, name, {name: name}, name)
    audit.outcome(asked, "failed", cause)
    assert audit.verify() is None

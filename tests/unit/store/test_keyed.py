"""A row found by its key: the same by the driver as by SQLAlchemy, and its errors are SQLAlchemy's, without the key."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.exc import OperationalError

from fs_app.store.durable import Database
from fs_app.store.keyed import Keyed
from fs_app.store.tables import accounts, dial_numbers

BY_NUMBER = select(dial_numbers).where(dial_numbers.c.number == bindparam("key"))


def test_row_when_found_by_its_key_then_as_sqlalchemy_reads_it(database: Database) -> None:
    def rows(connection: Connection) -> tuple[object, object, object]:
        values = {"number": "0312345678", "function": "status"}
        connection.execute(insert(dial_numbers).values(values))
        found = connection.execute(BY_NUMBER, {"key": "0312345678"}).mappings().one()
        return Keyed(BY_NUMBER).row(connection, "0312345678"), dict(found), Keyed(BY_NUMBER).row(connection, "x")

    keyed, plain, none = database.write(rows)
    assert keyed == plain
    assert none is None


def test_error_when_the_database_cannot_answer_then_sqlalchemys_and_tells_no_key(database: Database) -> None:
    database.write(lambda connection: connection.execute(text("alter table dial_numbers rename to gone")))
    with pytest.raises(OperationalError) as caught:
        database.read(lambda connection: Keyed(BY_NUMBER).row(connection, "secret-key"))
    assert "secret-key" not in str(caught.value)


def test_statement_of_more_than_its_key_then_refused() -> None:
    query = select(accounts).where(accounts.c.login_key == bindparam("key"), accounts.c.role == "administrator")
    with pytest.raises(ValueError, match="one key"):
        Keyed(query)

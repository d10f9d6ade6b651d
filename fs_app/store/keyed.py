"""A statement that is asked with every request, for one row found by its key.

On SQLite the driver runs it itself: SQLAlchemy's way around it takes several times as long as the row, and a click waits for
two of them. What comes back is as SQLite keeps it: truth is 0 or 1.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError


class Keyed:
    """One statement whose only parameter is called ``key``."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query = query
        compiled = query.params(key="").compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
        if compiled.positiontup != ["key"]:
            raise ValueError(f"a statement of one key, not of {compiled.positiontup}")
        self._sql = str(compiled)
        self._names = query.selected_columns.keys()

    def row(self, connection: Connection, key: str | int) -> dict[str, Any] | None:
        """The row by column, or None when there is none. Raises what SQLAlchemy raises, without the key in its text."""
        if connection.dialect.name != "sqlite":
            found = connection.execute(self._query, {"key": key}).mappings().one_or_none()
            return dict(found) if found is not None else None
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - the connection is open
        try:
            values = driver.execute(self._sql, (key,)).fetchone()
        except sqlite3.OperationalError as error:
            raise OperationalError(self._sql, (key,), error, hide_parameters=True) from error
        return dict(zip(self._names, values, strict=True)) if values is not None else None

"""Reading the audit: filters and pages, newest first. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, select

from fs_app.store.durable import Database
from fs_app.store.tables import audit

LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What rows to show; None is «any». ``since`` and ``before`` are epoch seconds, a half-open span."""

    since: float | None = None
    before: float | None = None
    login: str | None = None
    command: str | None = None
    agent: str | None = None
    queue: str | None = None
    outcome: str | None = None
    request_id: str | None = None
    commands: tuple[str, ...] | None = None
    """One of these, beside ``command``."""

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """``query`` with these filters."""
        if self.since is not None:
            query = query.where(audit.c.at_ms >= round(self.since * 1000))
        if self.before is not None:
            query = query.where(audit.c.at_ms < round(self.before * 1000))
        for name in ("login", "command", "agent", "queue", "outcome", "request_id"):
            if (wanted := getattr(self, name)) is not None:
                query = query.where(audit.c[name] == wanted)
        if self.commands is not None:
            query = query.where(audit.c.command.in_(self.commands))
        return query


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first, and where the next page begins (None: there is none)."""

    rows: list[dict[str, Any]]
    next: int | None


def read_page(database: Database, filters: Filters, cursor: int | None = None, limit: int = 100) -> Page:
    """At most ``limit`` (1-500) rows older than the row numbered ``cursor``."""
    limit = max(1, min(limit, LARGEST_PAGE))
    query = filters.narrow(select(audit)).order_by(audit.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(audit.c.id < cursor)
    found = database.read(lambda connection: list(connection.execute(query).mappings()))
    rows = [_shown(row) for row in found[:limit]]
    return Page(rows, rows[-1]["id"] if len(found) > limit else None)


def _shown(row: Any) -> dict[str, Any]:
    shown = {name: row[name] for name in row if name not in ("at_ms", "args", "previous")}
    return shown | {"at": row["at_ms"] / 1000, "args": orjson.loads(row["args"])}

"""Reading status periods: filters and pages, newest first. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select, tuple_

from fs_app.store.durable import Database
from fs_app.store.tables import activity

LARGEST_PAGE = 500


class Place(NamedTuple):
    """Where a page ends: the beginning (epoch s) and the row number of its last period."""

    since: float
    id: int


@dataclass(frozen=True, slots=True)
class PeriodFilters:
    """What periods to show; None is «any». Those that touch the half-open span from ``since`` to ``before`` (epoch s).

    ``agents`` are the only ones whose periods are shown at all.
    """

    since: float | None = None
    before: float | None = None
    agents: Iterable[str] | None = None
    queue: str | None = None
    code: str | None = None
    terminal: str | None = None

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """``query`` with these filters."""
        c = activity.c
        if self.before is not None:
            query = query.where(c.since < self.before)
        if self.since is not None:
            query = query.where(c.until.is_(None) | (c.until > self.since))
        if self.agents is not None:
            query = query.where(c.agent.in_(list(self.agents)))
        for name in ("queue", "code", "terminal"):
            if (wanted := getattr(self, name)) is not None:
                query = query.where(c[name] == wanted)
        return query


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """Periods as plain rows, newest first, and where the next page goes on (None: there is none)."""

    rows: list[dict[str, Any]]
    next: Place | None


def read_periods(
    database: Database, filters: PeriodFilters, after: Place | None = None, limit: int = 100
) -> PeriodPage:
    """At most ``limit`` (1-500) periods that come after ``after``."""
    c = activity.c
    limit = max(1, min(limit, LARGEST_PAGE))
    query = filters.narrow(select(activity)).order_by(c.since.desc(), c.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(tuple_(c.since, c.id) < tuple_(after.since, after.id))
    found = [dict(row) for row in database.read(lambda connection: list(connection.execute(query).mappings()))]
    rows = found[:limit]
    last = Place(rows[-1]["since"], rows[-1]["id"]) if len(found) > limit else None
    return PeriodPage(rows, last)

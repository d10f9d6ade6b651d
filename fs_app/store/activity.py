"""What agents did: one row per status period, from the event stream. Reports are made of it.

Owns the table ``activity``. A period is named by its agent and its beginning, so that the same change told twice (after
a restart, by a resync) leaves one row, and a change told late ends no later period.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from fs_app.store.durable import Database
from fs_app.store.tables import activity


@dataclass(frozen=True, slots=True)
class Period:
    """A status period. ``until`` None: it lasts. Times in epoch s.

    ``set_by``: a login, or the kind again where nobody's account was behind it. ``set_by_kind``: ``self``, ``supervisor``,
    ``dial``, ``token``, ``system``, ``call``, ``switch``; empty in rows from before it was written. ``outcome``: what
    became of a ringing (``floor.outcomes``).
    """

    agent: str
    code: str
    since: float
    set_by: str
    queue: str | None = None
    until: float | None = None
    terminal: str = ""
    set_by_kind: str = ""
    outcome: str = ""


class Activity:
    """The status periods of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, periods: Iterable[Period]) -> None:
        """These periods begin, in this order, in one transaction; each ends the agent's period before it.

        A period that is already written stays as it is; one that begins before the agent's open period is written
        as over when that one began.
        """
        listed = list(periods)
        if listed:
            self._database.write(lambda connection: _begin_all(connection, listed))

    def correct(self, period: Period) -> None:
        """What began at that moment was this: two changes within one tick of the switch's clock (20 ms)."""
        c = activity.c
        told = {name: getattr(period, name) for name in ("code", "set_by", "set_by_kind", "queue")}
        again = update(activity).where(c.agent == period.agent, c.since == period.since).values(told)
        self._database.write(lambda connection: connection.execute(again))

    def outcome(self, agent: str, since: float, outcome: str) -> None:
        """What became of the ringing that began at ``since``."""
        c = activity.c
        told = update(activity).where(c.agent == agent, c.since == since).values(outcome=outcome)
        self._database.write(lambda connection: connection.execute(told))

    def end(self, agent: str, at: float) -> None:
        """The agent's open period, if it began before, ends and none begins: the agent is no more."""
        c = activity.c
        over = update(activity).where(c.agent == agent, c.until.is_(None), c.since <= at).values(until=at)
        self._database.write(lambda connection: connection.execute(over))

    def open(self) -> dict[str, Period]:
        """The open period of each agent: what a restarted controller continues or ends."""
        query = select(activity).where(activity.c.until.is_(None))
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return {row["agent"]: _period(row) for row in rows}

    def between(self, start: float, end: float, agents: Iterable[str]) -> list[Period]:
        """The periods of these agents that touch the half-open span from ``start`` to ``end``, oldest first."""
        c = activity.c
        query = (
            select(activity)
            .where(c.agent.in_(list(agents)), c.since < end, c.until.is_(None) | (c.until > start))
            .order_by(c.since, c.id)
        )
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [_period(row) for row in rows]


# Made once: making a statement costs more than running it, and every command of a click waits behind them.
_OPEN = select(activity.c.id, activity.c.agent, activity.c.since).where(
    activity.c.agent.in_(bindparam("agents", expanding=True)), activity.c.until.is_(None)
)
_OVER = update(activity).where(activity.c.id == bindparam("ident")).values(until=bindparam("at"))
_WRITE = insert(activity)
_OF_AGENT = select(activity.c.id, activity.c.since, activity.c.until).where(activity.c.agent == bindparam("name"))
_SAME = _OF_AGENT.where(activity.c.since == bindparam("at"))
_BEFORE = _OF_AGENT.where(activity.c.since < bindparam("at")).order_by(activity.c.since.desc()).limit(1)
_AFTER = _OF_AGENT.where(activity.c.since > bindparam("at")).order_by(activity.c.since).limit(1)


def _begin_all(connection: Connection, periods: list[Period]) -> None:
    """One question and two statements for all that simply follow their agent's open period, as nearly all do."""
    of_agent: dict[str, list[Period]] = {}
    for period in periods:
        of_agent.setdefault(period.agent, []).append(period)
    found = connection.execute(_OPEN, {"agents": list(of_agent)}).all()
    following = {row.id: of_agent.pop(row.agent) for row in found if _follow(row.since, of_agent.get(row.agent, ()))}
    if following:
        connection.execute(_OVER, [{"ident": ident, "at": chain[0].since} for ident, chain in following.items()])
        connection.execute(_WRITE, [row for chain in following.values() for row in _rows(chain)])
    for chain in of_agent.values():
        for period in chain:
            _begin(connection, period)


def _follow(since: float, chain: Sequence[Period]) -> bool:
    """Whether an agent's periods, none of them over yet, begin one after the other, and the first after ``since``."""
    times = [since, *(period.since for period in chain)]
    return bool(chain) and all(one < next_ for one, next_ in pairwise(times)) and not any(p.until for p in chain)


def _rows(chain: Sequence[Period]) -> list[dict[str, Any]]:
    """An agent's periods as rows; each is over when the next begins."""
    ends = [*(period.since for period in chain[1:]), None]
    return [asdict(period) | {"until": until} for period, until in zip(chain, ends, strict=True)]


def _begin(connection: Connection, period: Period) -> None:
    at = {"name": period.agent, "at": period.since}
    if connection.execute(_SAME, at).first() is not None:
        return
    before = connection.execute(_BEFORE, at).first()
    after = connection.execute(_AFTER, at).first()
    if before is not None and (before.until is None or before.until > period.since):
        connection.execute(_OVER, {"ident": before.id, "at": period.since})
    until = after.since if after is not None else period.until
    connection.execute(_WRITE, asdict(period) | {"until": until})


def _period(row: RowMapping) -> Period:
    return Period(**{name: row[name] for name in Period.__slots__})

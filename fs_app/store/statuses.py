"""What agents' statuses must remember beyond mod_callcenter's four: the chosen code, since when, by whom, and why.

Owns the tables ``agent_status`` and ``custom_statuses``. It does not decide which status an agent may have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fs_app.floor.statuses import BUILT_IN_CODES, SWITCH_STATUSES, Status, StatusBook
from fs_app.store.durable import Database
from fs_app.store.tables import agent_status, custom_statuses

STATUS_CODE_TAKEN = "status_code_taken"
UNKNOWN_STATUS_CODE = "unknown_status_code"
Also = Callable[[Connection], object]
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """The status that somebody chose for an agent. ``until`` and ``queue``: of an automatic wrap-up. Times in epoch s."""

    agent: str
    code: str
    switch_status: str
    since: float
    set_by: str
    set_by_kind: str = ""
    reason: str = ""
    until: float | None = None
    queue: str | None = None


class AgentStatuses:
    """The last chosen status of each agent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, AgentStatus]:
        """By agent."""
        rows = self._database.read(lambda connection: connection.execute(select(agent_status)).mappings().all())
        return {row["agent"]: AgentStatus(**row) for row in rows}

    def put(self, statuses: Iterable[AgentStatus]) -> None:
        """Write these agents' statuses in one transaction, in place of what was known of them."""
        rows = {status.agent: asdict(status) for status in statuses}
        if not rows:
            return

        def work(connection: Connection) -> None:
            connection.execute(delete(agent_status).where(agent_status.c.agent.in_(rows)))
            connection.execute(insert(agent_status), list(rows.values()))

        self._database.write(work)

    def forget(self, agent: str) -> None:
        """The agent is no more."""
        gone = delete(agent_status).where(agent_status.c.agent == agent)
        self._database.write(lambda connection: connection.execute(gone))


class StatusRefused(Exception):
    """A change of the site's statuses that cannot be; nothing changed. ``error`` has a text in the catalogues."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """A status that the site defined; a ``retired`` one is kept for whoever is in it, and for past periods."""

    status: Status
    retired: bool = False


class CustomStatuses:
    """The statuses that a site defined for itself. Each change takes ``also``, which is done in its transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[OwnStatus]:
        """In their order, retired ones too."""
        return self._database.read(_all)

    def book(self) -> StatusBook:
        """All statuses as the floor's rules want them: the built-in ones and the site's own."""
        listed = self.all()
        own = tuple(one.status for one in listed if not one.retired)
        return StatusBook(own, tuple(one.status for one in listed if one.retired))

    def add(self, status: Status, also: Also) -> OwnStatus:
        """Define a status, at the end of the order.

        Raises ``StatusRefused(status_code_taken)``, also for a code that is built in; ``ValueError`` for no code, a
        mapping that mod_callcenter does not know (mod_callcenter.c:103), or a missing name.
        """
        made = OwnStatus(status)
        _judge(status)

        def work(connection: Connection) -> OwnStatus:
            if _of(connection, status.code) is not None or status.code in BUILT_IN_CODES:
                raise StatusRefused(STATUS_CODE_TAKEN)
            end = select(func.coalesce(func.max(custom_statuses.c.position), 0))
            position = connection.execute(end).scalar_one() + 1
            values = {"code": status.code, "position": position, **_columns(made)}
            connection.execute(insert(custom_statuses).values(values))
            also(connection)
            return made

        try:
            return self._database.write(work)
        except IntegrityError:
            raise StatusRefused(STATUS_CODE_TAKEN) from None

    def change(self, code: str, changed: Callable[[OwnStatus], OwnStatus], also: Also) -> OwnStatus:
        """Give a status what ``changed`` makes of it. Nothing is written, and ``also`` not done, where that is the same.

        Raises ``StatusRefused(unknown_status_code)`` and ``ValueError`` as :meth:`add` does.
        """

        def work(connection: Connection) -> OwnStatus:
            before = _of(connection, code)
            if before is None:
                raise StatusRefused(UNKNOWN_STATUS_CODE)
            after = changed(before)
            _judge(after.status)
            if after != before:
                same = custom_statuses.c.code == code
                connection.execute(update(custom_statuses).where(same).values(_columns(after)))
                also(connection)
            return after

        return self._database.write(work)


def _judge(status: Status) -> None:
    names = dict(status.labels)
    if not _CODE.fullmatch(status.code):
        raise ValueError("a status of one's own needs a code of its own: small letters, digits and _")
    if status.switch_status not in SWITCH_STATUSES:
        raise ValueError(f"mod_callcenter knows no status {status.switch_status!r}")
    if not names.get("ja") or not names.get("en"):
        raise ValueError("a status needs a name in ja and in en")


def _columns(own: OwnStatus) -> dict[str, Any]:
    status, names = own.status, dict(own.status.labels)
    return {
        "name_ja": names["ja"],
        "name_en": names["en"],
        "color": status.color,
        "shape": status.shape,
        "switch_status": status.switch_status,
        "agents_may_choose": status.agents_may_choose,
        "limit_min": status.limit_min,
        "retired": own.retired,
    }


def _all(connection: Connection) -> list[OwnStatus]:
    query = select(custom_statuses).order_by(custom_statuses.c.position, custom_statuses.c.code)
    return [_own(row) for row in connection.execute(query)]


def _of(connection: Connection, code: str) -> OwnStatus | None:
    query = select(custom_statuses).where(custom_statuses.c.code == code)
    row = connection.execute(query.with_for_update()).one_or_none()
    return _own(row) if row is not None else None


def _own(row: Row[Any]) -> OwnStatus:
    names = (("ja", row.name_ja), ("en", row.name_en))
    status = Status(row.code, row.switch_status, row.shape, row.color, names, row.agents_may_choose, row.limit_min)
    return OwnStatus(status, row.retired)

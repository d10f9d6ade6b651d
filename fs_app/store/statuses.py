"""What agents' statuses must remember beyond mod_callcenter's four: the chosen code, since when, by whom, and why.

Owns the tables ``agent_status`` and ``custom_statuses``. It does not decide which status an agent may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from fs_app.floor.statuses import BUILT_IN, CALL_CODES, RINGING, SWITCH_STATUSES, Status, StatusBook
from fs_app.store.durable import Database
from fs_app.store.tables import agent_status, custom_statuses

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = {status.code for status in BUILT_IN} | CALL_CODES | {RINGING}


@dataclass(frozen=True, slots=True)
class AgentStatus:
    """The status that somebody chose for an agent. ``until`` and ``queue``: of an automatic wrap-up. Times in epoch s."""

    agent: str
    code: str
    switch_status: str
    since: float
    set_by: str
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


class CustomStatuses:
    """The statuses that a site defined for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self) -> StatusBook:
        """All statuses that may be chosen now: the built-in ones and the site's own, in their order."""
        return StatusBook(self.own())

    def own(self) -> tuple[Status, ...]:
        """The site's own statuses that may be chosen now, in their order."""
        query = select(custom_statuses).where(custom_statuses.c.retired.is_(False)).order_by(custom_statuses.c.position)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return tuple(
            Status(
                row.code,
                row.switch_status,
                row.shape,
                row.color,
                (("ja", row.name_ja), ("en", row.name_en)),
                row.agents_may_choose,
                row.limit_min,
            )
            for row in rows
        )

    def put(self, status: Status) -> None:
        """Define a status or change one, at the end of the order if it is new.

        Raises ``ValueError`` for a code that is built in or no code, a mapping that mod_callcenter does not know
        (mod_callcenter.c:103), or a missing name.
        """
        names = dict(status.labels)
        if not _CODE.fullmatch(status.code) or status.code in _RESERVED:
            raise ValueError("a status of one's own needs a code of its own: small letters, digits and _")
        if status.switch_status not in SWITCH_STATUSES:
            raise ValueError(f"mod_callcenter knows no status {status.switch_status!r}")
        if not names.get("ja") or not names.get("en"):
            raise ValueError("a status needs a name in ja and in en")
        values = {
            "name_ja": names["ja"],
            "name_en": names["en"],
            "color": status.color,
            "shape": status.shape,
            "switch_status": status.switch_status,
            "agents_may_choose": status.agents_may_choose,
            "limit_min": status.limit_min,
            "retired": False,
        }

        def work(connection: Connection) -> None:
            same = custom_statuses.c.code == status.code
            if not connection.execute(update(custom_statuses).where(same).values(values)).rowcount:
                end = select(func.coalesce(func.max(custom_statuses.c.position), 0))
                position = connection.execute(end).scalar_one() + 1
                connection.execute(insert(custom_statuses).values(code=status.code, position=position, **values))

        self._database.write(work)

    def retire(self, code: str) -> bool:
        """Let nobody choose it any more; past periods keep its name. False when there is no such status."""
        row = update(custom_statuses).where(custom_statuses.c.code == code).values(retired=True)
        return self._database.write(lambda connection: connection.execute(row).rowcount) > 0

    def names(self) -> dict[str, dict[str, str]]:
        """Names by code and language, retired ones too."""
        c = custom_statuses.c
        query = select(c.code, c.name_ja, c.name_en)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {row.code: {"ja": row.name_ja, "en": row.name_en} for row in rows}

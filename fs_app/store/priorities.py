"""The call priority of each agent in each queue, as somebody set it: what a restarted FreeSWITCH must be told again.

Owns the table ``priorities``. FreeSWITCH's tier level is what rings; this is what it should be.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Delete, delete, insert, select

from fs_app.store.durable import Database
from fs_app.store.tables import priorities


@dataclass(frozen=True, slots=True)
class Priority:
    """Level 1 (rings first) to 15. From ``until`` (epoch s) on ``then_level`` holds again.

    ``core``: the run of FreeSWITCH (Core-UUID) that was last told so, or found so.
    """

    queue: str
    agent: str
    level: int
    set_by: str
    set_at: float
    until: float | None = None
    then_level: int | None = None
    core: str = ""


class Priorities:
    """The priorities of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[tuple[str, str], Priority]:
        """By queue and agent."""
        rows = self._database.read(lambda connection: connection.execute(select(priorities)).mappings().all())
        return {(row["queue"], row["agent"]): Priority(**row) for row in rows}

    def of_agent(self, agent: str) -> dict[str, Priority]:
        """Of one agent, by queue."""
        query = select(priorities).where(priorities.c.agent == agent)
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        return {row["queue"]: Priority(**row) for row in rows}

    def put(self, priority: Priority) -> None:
        """Write one, in place of what was there. Raises ``IntegrityError`` for a level outside 1-15."""

        def work(connection: Connection) -> None:
            connection.execute(_of(priority.queue, priority.agent))
            connection.execute(insert(priorities).values(asdict(priority)))

        self._database.write(work)

    def forget(self, queue: str, agent: str) -> None:
        """The agent is no member of the queue any more."""
        self._database.write(lambda connection: connection.execute(_of(queue, agent)))


def _of(queue: str, agent: str) -> Delete:
    return delete(priorities).where(priorities.c.queue == queue, priorities.c.agent == agent)

"""Where agents are rung, as somebody set it here, and what the switch had before. Owns the table ``terminals``.

FreeSWITCH's contact is what rings. A contact that is no longer the one written here was changed by somebody else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from fs_app.store.durable import Database
from fs_app.store.setting_tables import terminals


@dataclass(frozen=True, slots=True)
class KeptTerminal:
    """``contact`` is what was written to the switch, ``original_contact`` what it had before the first of ours.

    ``kind`` and its fields as in ``commands.SetTerminal``; ``confirm``: the outside phone asks for a key. ``set_at`` epoch s.
    """

    agent: str
    kind: str
    extension: str | None
    number: str | None
    delay_s: int
    confirm: bool
    contact: str
    original_contact: str
    set_by: str
    set_at: float


class Terminals:
    """The terminals of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, KeptTerminal]:
        """By agent; who was never set here is not in it."""
        rows = self._database.read(lambda connection: connection.execute(select(terminals)).mappings().all())
        return {row["agent"]: KeptTerminal(**row) for row in rows}

    def of(self, agent: str) -> KeptTerminal | None:
        """Of one agent."""
        query = select(terminals).where(terminals.c.agent == agent)
        row = self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return KeptTerminal(**row) if row is not None else None

    def put(self, terminal: KeptTerminal) -> None:
        """Write one, in place of what was there."""

        def work(connection: Connection) -> None:
            connection.execute(delete(terminals).where(terminals.c.agent == terminal.agent))
            connection.execute(insert(terminals).values(asdict(terminal)))

        self._database.write(work)

"""What a site sets for each queue beyond what mod_callcenter knows. Owns the table ``queue_settings``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from fs_app.store.durable import Database
from fs_app.store.setting_tables import queue_settings


@dataclass(frozen=True, slots=True)
class QueueSetting:
    """Settings of one queue. ``label`` None: its FreeSWITCH name; ``wrap_up_s`` None: the agents' own time (s).

    ``monitor_notice`` and ``whisper_notice``: the agent hears a short tone when it begins. ``number`` is what outside phones
    show for its calls. After ``missed_after`` failed offers to his outside phone an agent gets ``missed_status`` (None: he
    keeps his).
    """

    queue: str
    set_by: str
    set_at: float
    label: str | None = None
    wrap_up_s: int | None = None
    monitor_notice: bool = False
    whisper_notice: bool = False
    number: str | None = None
    missed_after: int = 3
    missed_status: str | None = "away"


class QueueSettings:
    """The queue settings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, QueueSetting]:
        """By queue; a queue without settings is not in it."""
        rows = self._database.read(lambda connection: connection.execute(select(queue_settings)).mappings().all())
        return {row["queue"]: QueueSetting(**row) for row in rows}

    def put(self, setting: QueueSetting, also: Callable[[Connection], object]) -> None:
        """Write the settings of a queue, in place of what was there; ``also`` is done in the same transaction."""

        def work(connection: Connection) -> None:
            also(connection)
            connection.execute(delete(queue_settings).where(queue_settings.c.queue == setting.queue))
            connection.execute(insert(queue_settings).values(asdict(setting)))

        self._database.write(work)

"""What administrators set for the whole site. Owns the table ``site_settings``; every change is audited with it.

A setting is a field of :class:`Site` with its default and, in :data:`RULES`, what it may be. Nowhere else is it judged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from fs_app.floor.actor import Actor
from fs_app.store.audit import CONFIRMED, AuditLog, Deed
from fs_app.store.durable import Database
from fs_app.store.setting_kinds import Kind, beginnings, one_of, outside_number, several, switch, whole, words
from fs_app.store.setting_tables import site_settings


@dataclass(frozen=True, slots=True)
class Site:
    """The settings with their defaults.

    ``agents_see_listening``: an agent may read who listened to him. ``dial_waive_inside``: an authenticated extension of
    one's own needs no dial password for the dial codes. ``centre_number``: what customers and agents see of a call-back; empty:
    there are none. ``own_numbers``: further numbers of the centre, which nobody may have rung because they would lead back to
    it. ``outside_allow``: narrows the numbers that may be rung (``SASAYAKI_EXTERNAL_ALLOW``); empty: all of those.
    ``outside_caller_id``: what agents' outside phones show of a queue's call: the ``caller``'s number, the ``queue``'s, or the
    ``centre``'s. Key 1 is asked for ``outside_rounds`` times with ``outside_pause_s`` (s) between.
    """

    agents_see_listening: bool = False
    dial_waive_inside: bool = False
    centre_number: str = ""
    own_numbers: tuple[str, ...] = ()
    outside_allow: str = ""
    outside_caller_id: str = "caller"
    outside_rounds: int = 3
    outside_pause_s: int = 2

    @property
    def narrowing(self) -> tuple[str, tuple[str, ...]]:
        """What narrows the outside numbers that may be rung: the list, and the centre's own numbers as far as they stand here."""
        return self.outside_allow, (self.centre_number, *self.own_numbers)


RULES: dict[str, Kind] = {
    "agents_see_listening": switch,
    "dial_waive_inside": switch,
    "centre_number": words(outside_number),
    "own_numbers": several(words(outside_number), 200),
    "outside_allow": words(beginnings),
    "outside_caller_id": one_of("caller", "queue", "centre"),
    "outside_rounds": whole(1, 5),
    "outside_pause_s": whole(1, 10),
}


class SettingRefused(Exception):
    """A value that a setting cannot have; nothing changed. ``name`` is the setting."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: no such value")
        self.name = name


class SiteSettings:
    """The site's settings in one database."""

    def __init__(self, database: Database, audit: AuditLog, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def read(self) -> Site:
        """As they are now."""
        return self._database.read(_read)

    def change(self, changes: Mapping[str, Any], by: Actor, request_id: str = "") -> Site:
        """Set some of them; what already is so is not written down. Raises ``SettingRefused``."""
        wanted = {name: _judged(name, value) for name, value in changes.items()}

        def work(connection: Connection) -> Site:
            before = asdict(_read(connection))
            new = {name: value for name, value in wanted.items() if before[name] != value}
            for name, value in new.items():
                connection.execute(delete(site_settings).where(site_settings.c.name == name))
                row = {"name": name, "value": value, "set_by": by.login, "set_at": self._clock()}
                connection.execute(insert(site_settings).values(row))
            if new:
                self._audit.append(connection, CONFIRMED, Deed(by, "site.change", args=new, request_id=request_id))
            return _read(connection)

        return self._database.write(work)


def _judged(name: str, value: Any) -> Any:
    try:
        return RULES[name](value)
    except (KeyError, ValueError):
        raise SettingRefused(name) from None


def _read(connection: Connection) -> Site:
    known: dict[str, Any] = {}
    for name, value in connection.execute(select(site_settings.c.name, site_settings.c.value)):
        try:
            known[name] = _judged(name, value)
        except SettingRefused:
            continue  # of another version of the program: its default holds
    return Site(**known)

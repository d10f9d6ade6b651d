"""The audit: who asked for what, from where, upon whom, and what came of it. Append-only, each row bound to the one before.

Owns the chain and its only writers. An outcome is a row of its own that refers to the row «asked». Rows are never
changed, and the database refuses it (see the first migration).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from fs_app.floor.actor import Actor
from fs_app.store.audit_pages import Filters, Page, read_page
from fs_app.store.durable import Database
from fs_app.store.tables import audit, audit_head

ASKED = "asked"
CONFIRMED = "confirmed"
FAILED = "failed"
UNCONFIRMED = "unconfirmed"
OUTCOMES = (CONFIRMED, FAILED, UNCONFIRMED)

_WHO = {"token": "token", "dial": "dial", "cli": "system", "system": "system"}
_HASHED = tuple(c.name for c in audit.columns if c.name != "hash")
# What an outcome repeats of its deed, so that every filter finds both.
_REPEATED = tuple(
    "who login role token address source command agent queue args request_id".split()  # noqa: SIM905 - reads better
)
_CHECKED_AT_ONCE = 1000
# Run before every command goes out, so made once: making a statement costs more than running it.
_HEAD = select(audit_head).with_for_update()
_APPEND = insert(audit)
_MOVE = update(audit_head).values(last_id=bindparam("newest"), hash=bindparam("its_hash"))


def system(name: str = "system") -> Actor:
    """The actor of what the program does by itself, or somebody at its command line (``cli``)."""
    return Actor(login=name, role="", name=name, source=name)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants: the parts of an audit row that do not change until its outcome."""

    actor: Actor
    command: str
    agent: str = ""
    queue: str = ""
    args: Mapping[str, Any] | None = None
    request_id: str = ""

    def columns(self) -> dict[str, Any]:
        """The deed as columns, cut to what they hold."""
        actor = self.actor
        args = orjson.dumps(dict(self.args or {}), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
        cut = {
            "who": _WHO.get(actor.source, "account"),
            "login": actor.login,
            "role": actor.role,
            "token": actor.token or "",
            "address": actor.address,
            "source": actor.source,
            "command": self.command,
            "agent": self.agent,
            "queue": self.queue,
            "request_id": self.request_id,
        }
        return {name: _fit(name, value) for name, value in cut.items()} | {"args": args.decode()}


def _fit(column: str, value: str) -> str:
    # PostgreSQL refuses NUL in a text, and a row that is refused is a deed without a trace.
    length: int = audit.c[column].type.length  # type: ignore[attr-defined]
    return value.replace("\x00", "\ufffd")[:length]


class AuditLog:
    """The audit of one database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def asked(  # noqa: PLR0917 - six plain things, in the order in which one says them
        self,
        actor: Actor,
        command: str,
        target: str = "",
        queue: str | None = None,
        args: Mapping[str, Any] | None = None,
        request_id: str = "",
    ) -> int:
        """Write down that ``actor`` asks for ``command`` upon the agent ``target``; returns the row's number.

        To be called before anything goes to the switch. Takes about a millisecond.
        """
        deed = Deed(actor, command, target, queue or "", args, request_id)
        return self._database.write(lambda connection: self.append(connection, ASKED, deed))

    def outcome(self, asked: int, outcome: str, cause: str | None = None) -> int:
        """Write down what came of row ``asked``: ``confirmed``, ``failed`` or ``unconfirmed``, with the cause.

        Raises ``LookupError`` when there is no such row and ``ValueError`` for another outcome.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"no outcome: {outcome}")

        def work(connection: Connection) -> int:
            row = connection.execute(select(audit).where(audit.c.id == asked)).mappings().one_or_none()
            if row is None:
                raise LookupError(f"the audit has no row {asked}")
            kept = {name: row[name] for name in _REPEATED}
            return self._append(connection, outcome, kept, refers_to=asked, cause=cause)

        return self._database.write(work)

    def record(self, deed: Deed, outcome: str, cause: str | None = None) -> int:
        """Write down a deed that was over at once: a log-in, or a try that was refused."""
        return self._database.write(lambda connection: self.append(connection, outcome, deed, cause=cause))

    def append(self, connection: Connection, outcome: str, deed: Deed, *, cause: str | None = None) -> int:
        """Like :meth:`record`, within a transaction of ``Database.write``: the deed and its row, or neither."""
        return self._append(connection, outcome, deed.columns(), refers_to=None, cause=cause)

    def _append(
        self, connection: Connection, outcome: str, kept: dict[str, Any], *, refers_to: int | None, cause: str | None
    ) -> int:
        head = connection.execute(_HEAD).one()
        row = kept | {
            "id": head.last_id + 1,
            "at_ms": round(self._clock() * 1000),
            "outcome": outcome,
            "refers_to": refers_to,
            "cause": _fit("cause", cause or ""),
            "previous": head.hash,
        }
        row["hash"] = row_hash(row)
        connection.execute(_APPEND, row)
        connection.execute(_MOVE, {"newest": row["id"], "its_hash": row["hash"]})
        return int(row["id"])

    def page(self, filters: Filters, cursor: int | None = None, limit: int = 100) -> Page:
        """One page of rows, newest first (see :mod:`fs_app.store.audit_pages`)."""
        return read_page(self._database, filters, cursor, limit)

    def verify(self) -> BadRow | None:
        """Check the whole chain, 1,000 rows at a time; returns the first row that is not as it was written.

        Rows that are written meanwhile are checked or left for the next time.
        """
        head = self._head()
        previous, number = "0" * 64, 0
        while True:
            rows = self._database.read(_after(number))
            for row in rows:
                number += 1
                if (wrong := _wrong(row, number, previous)) is not None:
                    return BadRow(number, wrong)
                previous = row.hash
                if number == head.last_id and previous != head.hash:
                    return BadRow(number, "not the end that was written")
            if len(rows) < _CHECKED_AT_ONCE:
                break
        if number < head.last_id:
            return BadRow(number + 1, "missing")
        newest = self._head().last_id
        return BadRow(newest + 1, "not written by Sasayaki") if newest < number else None

    def _head(self) -> Row[Any]:
        return self._database.read(lambda connection: connection.execute(select(audit_head)).one())


def _wrong(row: Row[Any], number: int, previous: str) -> str | None:
    if row.id != number:
        return "missing"
    if row.previous != previous:
        return "not bound to the row before"
    return "changed" if row.hash != row_hash(row._asdict()) else None


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row at which the chain is broken, and what is wrong with it."""

    id: int
    reason: str


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over all columns but the hash itself, the hash of the row before among them."""
    return hashlib.sha256(orjson.dumps([row[name] for name in _HASHED])).hexdigest()


def _after(number: int) -> Callable[[Connection], list[Row[Any]]]:
    query = select(audit).where(audit.c.id > number).order_by(audit.c.id).limit(_CHECKED_AT_ONCE)
    return lambda connection: list(connection.execute(query))

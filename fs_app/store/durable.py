"""The database of what must last: opening it, migrating it, running work on it.

Owns engines, connections and transactions. It knows no table. SQLite is used from two native threads of its own (one
writes, one reads), so that the loop never waits for a disk and no two writers of one process meet; only what every
request looks up by its key is read on the loop. PostgreSQL is used in the calling greenlet, because psycopg waits
cooperatively.

To be built after a fork: neither threads nor connections survive one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import gevent
from gevent import monkey
from gevent.threadpool import ThreadPool
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from fs_app.store import blocking, migrate
from fs_app.store.checkpoints import LOG_PAGES, Checkpoints

T = TypeVar("T")
Work = Callable[[Connection], T]

# A wait for the database ends after this long (s); SQLite's own wait for another process's write is shorter.
WAIT_LIMIT_S = 15.0
BUSY_TIMEOUT_MS = 5000


class DatabaseUnavailable(Exception):
    """The database did not answer in time."""


def database_url(configured: str, data_dir: Path) -> URL:
    """The address to open: ``postgresql://…`` by psycopg, or a SQLite file in ``data_dir`` when nothing is configured.

    Raises ``sqlalchemy.exc.ArgumentError`` for what is no address and ``ValueError`` for another kind of database.
    """
    if not configured:
        return URL.create("sqlite", database=str(data_dir / "sasayaki.sqlite"))
    url = make_url(configured)
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    raise ValueError("the database is either a SQLite file or postgresql://…")


class Database:
    """One open database. ``write``, ``read`` and ``look`` each run a function on a connection, in one transaction."""

    def __init__(self, url: URL) -> None:
        self._closed = False
        self._lanes: tuple[_SqliteLane | _Cooperative, _SqliteLane | _Cooperative]
        self._glance: _SqliteGlance | None = None
        if url.get_backend_name() == "sqlite":
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
            self._lanes = (_SqliteLane(url, writes=True), _SqliteLane(url, writes=False))
            self._glance = _SqliteGlance(url)
        else:
            one = _Cooperative(url)
            self._lanes = (one, one)

    def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction that is committed when it returns and rolled back when it raises.

        Raises ``DatabaseUnavailable`` after ``WAIT_LIMIT_S``; whether the work was done is then unknown.
        """
        return self._run(self._lanes[0], work)

    def read(self, work: Work[T]) -> T:
        """Run ``work`` on one consistent view of the database. Raises ``DatabaseUnavailable`` after ``WAIT_LIMIT_S``."""
        return self._run(self._lanes[1], work)

    def look(self, work: Work[T]) -> T:
        """Like :meth:`read`, for a row or two found by their key with every request: on SQLite without leaving the loop.

        Such rows are in memory, and a reader of SQLite's log waits for no writer; where it would have to wait after all
        (another process clears up the log), it is read as by :meth:`read`.
        """
        if self._glance is not None and not self._closed:
            try:
                return self._glance.run(work)
            except OperationalError:
                pass  # busy, or worse: then the other way says so
        return self.read(work)

    def _run(self, lane: _SqliteLane | _Cooperative, work: Work[T]) -> T:
        if self._closed:
            raise DatabaseUnavailable("the database is closed")
        with gevent.Timeout(WAIT_LIMIT_S, DatabaseUnavailable("the database did not answer in time")):
            return lane.run(work)

    def migrate(self) -> None:
        """Bring the tables to the newest version. Safe when several processes start at once: one does it."""
        self._lanes[0].run(migrate.upgrade)

    def ping(self) -> None:
        """Raise unless the database answers."""
        self.read(lambda connection: connection.execute(text("select 1")).scalar())

    def close(self) -> None:
        """Close the connections and end the threads; whoever asks afterwards gets ``DatabaseUnavailable``."""
        self._closed = True
        for lane in dict.fromkeys(self._lanes):
            lane.close()
        if self._glance is not None:
            self._glance.close()


def open_database(url: URL) -> Database:
    """Open the database and migrate it."""
    database = Database(url)
    try:
        database.migrate()
    except BaseException:
        database.close()
        raise
    return database


class _Sqlite:
    """One SQLite connection. Whoever uses it sees to it that nobody else does meanwhile."""

    def __init__(self, url: URL, *, writes: bool, patience_ms: int) -> None:
        self._engine: Engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        self._connection: Connection | None = None
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

        @event.listens_for(self._engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            # Python's sqlite3 would begin transactions by guessing from the statement; we say BEGIN ourselves.
            connection.isolation_level = None
            for pragma in _pragmas(writes=writes, patience_ms=patience_ms):
                connection.execute(pragma)

        @event.listens_for(self._engine, "begin")
        def begin_it(connection: Connection) -> None:
            try:
                connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
            except sqlite3.Error as error:
                raise OperationalError(begin, None, error) from error

    def _here(self, work: Work[T]) -> T:
        # Kept, because to take a connection out and put it back takes longer than most of what is done on it.
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return work(self._connection)

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


class _SqliteLane(_Sqlite):
    """A connection that lives in one native thread."""

    def __init__(self, url: URL, *, writes: bool) -> None:
        super().__init__(url, writes=writes, patience_ms=BUSY_TIMEOUT_MS)
        self._threads = ThreadPool(1)
        self._checkpoints = Checkpoints(str(url.database)) if writes else None

    def run(self, work: Work[T]) -> T:
        result = blocking.run_in(self._threads, self._here, work)
        if self._checkpoints is not None:
            self._checkpoints.wrote()
        return result

    def close(self) -> None:
        if self._checkpoints is not None:
            self._checkpoints.close()
        blocking.run_in(self._threads, self._end)
        self._threads.kill()


class _SqliteGlance(_Sqlite):
    """A connection that reads where it is asked, one native thread at a time, and never waits for another process."""

    def __init__(self, url: URL) -> None:
        super().__init__(url, writes=False, patience_ms=0)
        self._turn = monkey.get_original("_thread", "allocate_lock")()

    def run(self, work: Work[T]) -> T:
        with self._turn:
            return self._here(work)

    def close(self) -> None:
        with self._turn:
            self._end()


def _pragmas(*, writes: bool, patience_ms: int) -> tuple[str, ...]:
    """How a connection is set up; the wait comes first, since switching to WAL may meet another process."""
    common = (f"PRAGMA busy_timeout = {patience_ms}", "PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL")
    log = ("PRAGMA journal_mode = WAL", f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    return (*common, *log) if writes else (*common, "PRAGMA query_only = ON")


class _Cooperative:
    """A pool of connections to a server; each piece of work runs in the greenlet that asks."""

    def __init__(self, url: URL) -> None:
        self._engine: Engine = create_engine(
            url, pool_size=5, max_overflow=5, pool_timeout=5, pool_pre_ping=True, connect_args={"connect_timeout": 5}
        )

    def run(self, work: Work[T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        self._engine.dispose()

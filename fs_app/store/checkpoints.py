"""SQLite's log is brought into the database file beside the writers, so that no click waits for the disk.

A checkpoint waits for the disk twice, ten milliseconds and more. SQLite would make it within whichever write fills the
log; here a thread and a connection of their own make it, and neither readers nor writers wait (SQLite's PASSIVE mode).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import structlog
from gevent.event import AsyncResult
from gevent.exceptions import InvalidThreadUseError
from gevent.threadpool import ThreadPool

from fs_app.store import blocking

EVERY = 200
"""Writes between two checkpoints. One of ours takes about five pages of 4 KiB."""
LOG_PAGES = 10_000
"""A log that has grown to so many pages nevertheless is brought in by the writer that meets it, as SQLite does it."""
_LONGEST_WAIT_S = 5.0
log = structlog.get_logger()


class Checkpoints:
    """Of one database file, for one process that writes to it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = ThreadPool(1)
        self._written = 0
        self._running: AsyncResult[Any] | None = None

    def wrote(self) -> None:
        """A transaction was written; the checkpoint that is due by it is begun, and not waited for."""
        self._written += 1
        if self._written >= EVERY and (self._running is None or self._running.ready()):
            self._written = 0
            try:
                self._running = self._threads.spawn(self._make)
            except InvalidThreadUseError:  # written by another native thread than the loop's, which may well wait
                self._make()

    def close(self) -> None:
        """Wait for the one that runs. The last connection that closes makes the last checkpoint, which is SQLite's."""
        blocking.run_in(self._threads, lambda: None)
        self._threads.kill()

    def _make(self) -> None:
        try:
            with closing(sqlite3.connect(self._path, timeout=_LONGEST_WAIT_S)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as error:
            log.warning("checkpoint_failed", error=type(error).__name__, why=str(error))

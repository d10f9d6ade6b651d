"""Databases of tests: migrated once in a run, then copied."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from fs_app.store.durable import Database, database_url, open_database


def new_database(folder: Path) -> Database:
    """An empty SQLite database of this version in ``folder``."""
    url = database_url("", folder)
    Path(str(url.database)).write_bytes(_migrated())
    return open_database(url)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        url = database_url("", Path(folder))
        open_database(url).close()
        return Path(str(url.database)).read_bytes()

"""Real databases: SQLite in a folder of the test; PostgreSQL, where its server is installed, on a Unix socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from fs_app.store.durable import Database, database_url, open_database
from tests.unit.databases import new_database


def _postgres_tools() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; it then runs as ``postgres``."""
    return "postgres" if os.geteuid() == 0 else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    tools = _postgres_tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (package postgresql)")
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"

    def run(tool: str, *arguments: object) -> None:
        subprocess.run(
            [tools / tool, "-D", data, *arguments], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL
        )

    run("initdb", "-U", "tester", "-A", "trust", "-N", "-E", "UTF8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield URL.create("postgresql+psycopg", "tester", database="postgres", query={"host": str(folder)})
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of an empty database, of the kind that ``pytest.mark.parametrize`` names or SQLite."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield database_url("", tmp_path)
        return
    server: URL = request.getfixturevalue("postgres")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"site_{os.urandom(4).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    try:
        yield server.set(database=name)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        engine.dispose()


@pytest.fixture
def database(empty_url: URL) -> Iterator[Database]:
    """One of this version's, of the kind that ``empty_url`` is."""
    is_sqlite = empty_url.get_backend_name() == "sqlite"
    opened = new_database(Path(str(empty_url.database)).parent) if is_sqlite else open_database(empty_url)
    try:
        yield opened
    finally:
        opened.close()

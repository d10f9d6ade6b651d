"""Migrations: the newest version is what Alembic takes it to be, and a start with nothing to do does not load Alembic."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, text

from fs_app.store import migrate
from fs_app.store.account_rows import by_login
from fs_app.store.durable import database_url, open_database

FIRST_ACCOUNT = """
insert into accounts (login, login_key, name, role, locale, password_hash, must_change, created_at, password_changed_at)
values ('sato', 'sato', 'Sato', 'user', 'ja', 'x', false, 1, 1)
"""
ROOT = Path(__file__).resolve().parents[3]
OPEN = """
import sys
from pathlib import Path
from fs_app.store.durable import database_url, open_database
open_database(database_url("", Path(sys.argv[1]))).close()
print("alembic" in sys.modules)
"""


def test_newest_when_compared_with_alembic_then_they_agree() -> None:
    heads = ScriptDirectory.from_config(migrate._config()).get_heads()
    assert heads == [migrate.newest()]


def test_database_when_opened_again_then_alembic_is_not_loaded(tmp_path: Path) -> None:
    def opened() -> str:
        command = [sys.executable, "-c", OPEN, str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    assert opened() == "True"
    assert opened() == "False"
    open_database(database_url("", tmp_path)).close()


@pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
def test_database_of_the_first_version_keeps_its_accounts(empty_url: URL) -> None:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(FIRST_ACCOUNT))
    engine.dispose()
    database = open_database(empty_url)
    try:
        found = database.read(lambda connection: by_login(connection, "sato"))
        assert found is not None
        assert (found.name, found.second_factor) == ("Sato", False)
    finally:
        database.close()

"""Migrations: the newest version is what Alembic takes it to be, and a start with nothing to do does not load Alembic."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory

from fs_app.store import migrate
from fs_app.store.durable import database_url, open_database

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

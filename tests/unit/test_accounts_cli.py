"""The command line as somebody types it: a process of its own, a data folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from fs_app.store.accounts import Accounts
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.dial_logins import DialLogins
from fs_app.store.durable import Database, database_url, open_database
from fs_app.store.passwords import Passwords
from tests.unit.valkey import running_valkey

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
ADD = ("account", "add", "sato", "--role", "supervisor", "--name", "佐藤 花子", "--password-stdin")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SASAYAKI_")}
        environ = clean | {"SASAYAKI_DATA_DIR": str(tmp_path), **settings}
        command = [sys.executable, "-m", "fs_app", *arguments]
        return subprocess.run(
            command, check=False, cwd=ROOT, env=environ, input=stdin, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def database(tmp_path: Path):
    opened = open_database(database_url("", tmp_path))
    yield opened
    opened.close()


def accounts_of(database: Database) -> Accounts:
    return Accounts(database, AuditLog(database), Passwords(), lambda login: None)


def test_account_add_when_all_is_given_makes_the_account(run: Run, database: Database):
    done = run(*ADD, "--agent", "1001@default", "--extension", "9001", "--extension", "9002", stdin="geheim\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sato" in done.stdout
    account = accounts_of(database).with_password("sato", "geheim")
    assert account is not None
    assert (account.role, account.name, account.agent) == ("supervisor", "佐藤 花子", "1001@default")
    assert (account.extensions, account.must_change, account.locale) == (("9001", "9002"), False, "ja")
    row = AuditLog(database).page(Filters(command="account.add")).rows[0]
    assert (row["who"], row["source"], row["outcome"]) == ("system", "cli", "confirmed")


def test_account_add_when_told_must_change_says_so(run: Run, database: Database):
    assert run(*ADD, "--must-change", "--locale", "en", stdin="geheim").returncode == 0
    account = accounts_of(database).get("sato")
    assert (account.must_change, account.locale) == (True, "en")


def test_account_add_when_the_login_is_taken_says_so_and_changes_nothing(run: Run, database: Database):
    run(*ADD, stdin="geheim\n")
    done = run(*ADD, stdin="another\n")
    assert (done.returncode, done.stderr.strip()) == (1, "There is an account «sato» already. Choose another login.")
    assert accounts_of(database).with_password("sato", "geheim") is not None


@pytest.mark.parametrize(
    ("changed", "stdin", "told"),
    [
        ({2: "two words"}, "geheim", "a login has"),
        ({4: "boss"}, "geheim", "invalid choice"),
        ({}, "", "a password has"),
        ({6: "line\nbreak"}, "geheim", "a name has"),
    ],
)
def test_account_add_when_a_value_is_wrong_says_which(run: Run, changed: dict[int, str], stdin: str, told: str):
    arguments = [changed.get(place, given) for place, given in enumerate(ADD)]
    done = run(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_account_add_without_password_stdin_is_refused(run: Run):
    done = run(*ADD[:-1], stdin="geheim")
    assert (done.returncode, "--password-stdin" in done.stderr) == (2, True)


def told_dial(said: str) -> tuple[str, str]:
    """The dial ID and the dial password in what the command printed."""
    found = re.search(r"Dial ID (\d{6}), dial password (\d{8})", said)
    assert found, said
    return found[1], found[2]


def test_account_add_tells_dial_id_and_dial_password_once(run: Run, database: Database):
    dial_id, password = told_dial(run(*ADD, stdin="geheim\n").stdout)
    assert DialLogins(database).check(dial_id, password) == "sato"


def test_account_renew_dial_makes_a_new_dial_password(run: Run, database: Database):
    dial_id, old = told_dial(run(*ADD, stdin="geheim\n").stdout)
    renewed = run("account", "renew-dial", "SATO")
    assert (renewed.returncode, renewed.stderr) == (0, "")
    same, new = told_dial(renewed.stdout)
    dial = DialLogins(database)
    assert (same, dial.check(dial_id, old), dial.check(dial_id, new)) == (dial_id, None, "sato")
    row = AuditLog(database).page(Filters(command="account.renew_dial")).rows[0]
    assert (row["source"], new in str(row)) == ("cli", False)
    unknown = run("account", "renew-dial", "nobody")
    assert (unknown.returncode, unknown.stderr.strip()) == (1, "There is no account «nobody».")


def test_grant_when_given_is_held(run: Run, database: Database):
    run(*ADD, stdin="geheim\n")
    assert run("grant", "sato", "support@default", "edit").returncode == 0
    assert accounts_of(database).get("sato").grants == {"support@default": "edit"}
    assert run("grant", "SATO", "support@default", "none").returncode == 0
    assert accounts_of(database).get("sato").grants == {}


def test_grant_when_the_account_or_the_right_is_unknown_is_refused(run: Run):
    done = run("grant", "nobody", "support@default", "edit")
    assert (done.returncode, done.stderr.strip()) == (1, "There is no account «nobody».")
    assert run("grant", "nobody", "support@default", "delete").returncode == 2


def test_grant_while_the_service_runs_is_told_to_it(run: Run):
    with running_valkey() as url:
        client = Redis.from_url(url)
        heard = client.pubsub(ignore_subscribe_messages=True)
        heard.subscribe("sasayaki:accounts")
        heard.get_message(timeout=5)
        run(*ADD, stdin="geheim\n", SASAYAKI_REDIS_URL=url)
        assert heard.get_message(timeout=5)["data"] == b"sato"
        run("grant", "sato", "support@default", "edit", SASAYAKI_REDIS_URL=url)
        assert heard.get_message(timeout=5)["data"] == b"sato"
        client.close()


def test_audit_verify_names_the_first_bad_row(run: Run, database: Database):
    run(*ADD, stdin="geheim\n")
    run("grant", "sato", "support@default", "edit")
    whole = run("audit", "verify")
    assert (whole.returncode, whole.stdout.strip()) == (0, "The audit is whole.")

    def tamper(connection):
        connection.execute(text("drop trigger audit_no_update"))
        connection.execute(text("update audit set login = 'nobody' where id = 2"))

    database.write(tamper)
    broken = run("audit", "verify")
    assert (broken.returncode, broken.stderr.strip()) == (1, "The audit is broken at row 2: changed.")

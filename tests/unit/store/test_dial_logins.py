"""Dial IDs and dial passwords: issued with the account, told once, renewed, and never the log-in password."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import gevent
import pytest
from alembic import command
from sqlalchemy import URL, create_engine, text

from fs_app.floor.actor import Actor
from fs_app.greenlets import spawn
from fs_app.store import migrate
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import AccountRefused, Accounts
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.dial_logins import DialLogins
from fs_app.store.dial_secrets import DialSecrets, random_digits
from fs_app.store.durable import Database, open_database
from fs_app.store.passwords import Passwords

from .test_migrate import FIRST_ACCOUNT

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
ADMIN = Actor("admin", "administrator", "Admin")
SATO = NewAccount("Sato", "佐藤", "user", agent="1001@default")


def accounts_of(
    database: Database, announce: Callable[[str], None], digits: Callable[[int], str] = random_digits
) -> Accounts:
    cheap = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    return Accounts(database, AuditLog(database), cheap, announce, dial=DialSecrets(cheap, digits))


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def accounts(database: Database, announced: list[str]) -> Accounts:
    return accounts_of(database, announced.append)


@pytest.fixture
def dial(database: Database) -> DialLogins:
    return DialLogins(database)


@BOTH
def test_e5_account_when_made_has_a_dial_id_and_password_at_once(accounts: Accounts, dial: DialLogins):
    account, password = accounts.add(SATO, "log-in password", ADMIN, must_change=True)
    assert (len(account.dial_id), len(password), (account.dial_id + password).isdecimal()) == (6, 8, True)
    assert account.dial_password_at is not None
    assert dial.check(account.dial_id, password) == "Sato"
    assert dial.login_of(account.dial_id) == "Sato"


@BOTH
def test_e5_dial_ids_are_unique_however_the_dice_fall(database: Database, announced: list[str]):
    thrown = iter(["11111111", "100001", "22222222", "100001", "100001", "100002"])
    accounts = accounts_of(database, announced.append, lambda count: next(thrown))
    first, _ = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    second, _ = accounts.add(NewAccount("ito", "Ito", "user"), "log-in password", ADMIN, must_change=False)
    assert (first.dial_id, second.dial_id) == ("100001", "100002")


@BOTH
def test_check_when_anything_is_wrong_is_nobody(accounts: Accounts, dial: DialLogins):
    account, password = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    other, _ = accounts.add(NewAccount("ito", "Ito", "user"), "log-in password", ADMIN, must_change=False)
    for dial_id, typed in (
        (account.dial_id, "00000000"),
        (other.dial_id, password),
        (account.dial_id, "log-in password"),
        (account.dial_id, ""),
        (account.dial_id, "9" * 5000),
        ("", password),
        ("1\x00", password),
        ("9" * 400, password),
        (account.dial_id + "' or '1'='1", password),
    ):
        assert dial.check(dial_id, typed) is None
    assert dial.login_of("000000") is None
    accounts.add(NewAccount("admin", "Admin", "administrator"), "log-in password", ADMIN, must_change=False)
    accounts.change("sato", {"disabled": True}, ADMIN)
    assert (dial.check(account.dial_id, password), dial.login_of(account.dial_id)) == (None, None)


def test_check_whoever_it_is_looks_at_a_hash(accounts: Accounts, database: Database, monkeypatch: pytest.MonkeyPatch):
    """Unknown, disabled and never issued take as long as known ones: the same work, counted."""
    account, password = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    passwords = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    looked: list[str] = []
    check = passwords._check
    monkeypatch.setattr(passwords, "_check", lambda *given: looked.append("looked") or check(*given))
    dial = DialLogins(database, DialSecrets(passwords))
    for dial_id in (account.dial_id, "000000", "no digits"):
        dial.check(dial_id, password)
    assert len(looked) == 3


@BOTH
def test_dial_password_when_renewed_opens_and_the_old_one_does_not(
    accounts: Accounts, dial: DialLogins, database: Database, announced: list[str]
):
    account, old = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    announced.clear()
    renewed, new = accounts.renew_dial("SATO", ADMIN, "r7")
    assert renewed.dial_id == account.dial_id
    assert (dial.check(account.dial_id, old), dial.check(account.dial_id, new)) == (None, "Sato")
    assert announced == ["Sato"]
    row = AuditLog(database).page(Filters(command="account.renew_dial")).rows[0]
    assert (row["login"], row["args"], row["request_id"]) == ("admin", {"login": "Sato"}, "r7")
    with pytest.raises(AccountRefused) as refused:
        accounts.renew_dial("nobody", ADMIN)
    assert refused.value.error == "unknown_account"


@BOTH
def test_dial_password_is_never_the_log_in_password_in_either_direction(database: Database, announced: list[str]):
    thrown = iter(["11111111", "22222222", "100001", "11111111", "33333333"])
    accounts = accounts_of(database, announced.append, lambda count: next(thrown))
    _, first = accounts.add(SATO, "11111111", ADMIN, must_change=False)
    assert first == "22222222"
    with pytest.raises(AccountRefused) as refused:
        accounts.set_password("sato", "22222222", ADMIN, must_change=False)
    assert refused.value.error == "same_as_dial_password"
    assert accounts.with_password("sato", "11111111") is not None
    _, renewed = accounts.renew_dial("sato", ADMIN)
    assert renewed == "33333333"
    accounts.set_password("sato", "22222222", ADMIN, must_change=False)


@BOTH
def test_no_dial_password_is_in_the_database_or_the_audit(accounts: Accounts, database: Database):
    _, first = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    _, second = accounts.renew_dial("sato", ADMIN)
    kept = str(database.read(lambda c: c.execute(text("select * from dial_logins")).all()))
    told = str(AuditLog(database).page(Filters()).rows)
    assert "$argon2id$" in kept
    for password in (first, second):
        assert password not in kept
        assert password not in told


@BOTH
def test_first_administrator_has_a_dial_id_and_no_dial_password_yet(accounts: Accounts, dial: DialLogins):
    accounts.ensure_first_administrator("log-in password", ADMIN)
    admin = accounts.get("admin")
    assert (len(admin.dial_id), admin.dial_password_at) == (6, None)
    assert dial.check(admin.dial_id, "") is None
    _, password = accounts.renew_dial("admin", ADMIN)
    assert dial.check(admin.dial_id, password) == "admin"


@BOTH
def test_account_when_removed_takes_its_dial_login_along(accounts: Accounts, dial: DialLogins):
    accounts.ensure_first_administrator("log-in password", ADMIN)
    account, _ = accounts.add(SATO, "log-in password", ADMIN, must_change=False)
    accounts.remove("sato", ADMIN)
    assert dial.login_of(account.dial_id) is None


def test_fifty_at_once_take_less_than_a_second_of_work(database: Database):
    """With the cost that is really used. They have two seconds to be answered, all else included; the clock of a
    machine that others use as well would tell of those.
    """
    real = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), lambda _: None)
    account, password = real.add(SATO, "log-in password", ADMIN, must_change=False)
    dial = DialLogins(database)
    began = time.process_time()
    tries = [spawn("check", dial.check, account.dial_id, password) for _ in range(50)]
    gevent.joinall(tries, timeout=20)
    took = time.process_time() - began
    assert {one.value for one in tries} == {"Sato"}
    assert took < 1.0


@pytest.fixture
def of_before(empty_url: URL) -> Iterator[Database]:
    """A database of the version before dial logins, with one account, brought to this version."""
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text(FIRST_ACCOUNT))
    engine.dispose()
    database = open_database(empty_url)
    yield database
    database.close()


@BOTH
def test_account_of_before_gets_a_dial_id_and_a_password_when_somebody_asks_for_one(of_before: Database):
    accounts, dial = accounts_of(of_before, lambda _: None), DialLogins(of_before)
    account = accounts.get("sato")
    assert (len(account.dial_id), account.dial_password_at) == (6, None)
    assert dial.login_of(account.dial_id) == "sato"
    of_before.write(lambda c: c.execute(text("update accounts set password_hash = :h"), {"h": "$argon2id$"}))
    _, password = accounts.renew_dial("sato", ADMIN)
    assert dial.check(account.dial_id, password) == "sato"

from __future__ import annotations

import pytest
from sqlalchemy import select

from fs_app.floor.actor import Actor
from fs_app.store.account_rows import NewAccount, logins_of_agents
from fs_app.store.accounts import AccountRefused, Accounts
from fs_app.store.audit import AuditLog
from fs_app.store.audit_pages import Filters
from fs_app.store.durable import Database
from fs_app.store.passwords import Passwords
from fs_app.store.tables import accounts as accounts_table

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
ADMIN = Actor("admin", "administrator", "Admin")
SATO = NewAccount("sato", "佐藤", "supervisor", "ja", "1001@default", ("9002", "9001", "9002"))


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def accounts(database: Database, announced: list[str]) -> Accounts:
    made = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), announced.append)
    made.add(NewAccount("admin", "Admin", "administrator"), "secret-admin", ADMIN, must_change=False)
    return made


def commands(database: Database) -> list[str]:
    return [row["command"] for row in AuditLog(database).page(Filters()).rows][::-1]


@BOTH
def test_add_when_read_back_is_whole_and_audited(accounts: Accounts, database: Database, announced: list[str]):
    made, _ = accounts.add(SATO, "geheim-1", ADMIN, must_change=True, request_id="r1")
    assert accounts.get("sato") == made
    assert (made.login, made.name, made.role, made.locale, made.agent) == (
        "sato",
        "佐藤",
        "supervisor",
        "ja",
        "1001@default",
    )
    assert (made.extensions, made.grants, made.must_change, made.disabled) == (("9002", "9001"), {}, True, False)
    assert announced[-1] == "sato"
    row = AuditLog(database).page(Filters(request_id="r1")).rows[0]
    assert (row["command"], row["login"], row["agent"], row["outcome"]) == (
        "account.add",
        "admin",
        "1001@default",
        "confirmed",
    )
    assert row["args"]["role"] == "supervisor"
    assert "geheim" not in str(row)


@BOTH
def test_add_when_the_login_or_the_agent_is_taken_is_refused_and_leaves_nothing(accounts: Accounts, database: Database):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    before = commands(database)
    for new, error in (
        (NewAccount("SATO", "S", "user"), "login_taken"),
        (NewAccount("\uff53\uff41\uff54\uff4f", "S", "user"), "login_taken"),
        (NewAccount("tanaka", "T", "user", agent="1001@default"), "agent_taken"),
    ):
        with pytest.raises(AccountRefused) as refused:
            accounts.add(new, "geheim-1", ADMIN, must_change=False)
        assert refused.value.error == error
    assert [account.login for account in accounts.page()] == ["admin", "sato"]
    assert commands(database) == before


def test_password_when_stored_is_an_argon2id_hash_and_nothing_else(accounts: Accounts, database: Database):
    stored = database.read(lambda c: c.execute(select(accounts_table.c.password_hash)).scalar_one())
    assert stored.startswith("$argon2id$")
    assert "secret-admin" not in stored


@BOTH
def test_with_password_when_wrong_unknown_or_disabled_gives_nobody(accounts: Accounts):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    assert accounts.with_password("Sato", "geheim-1").login == "sato"
    assert accounts.with_password("sato", "geheim-2") is None
    assert accounts.with_password("nobody", "geheim-1") is None
    assert accounts.with_password("sato", "x" * 5000) is None
    accounts.change("sato", {"disabled": True}, ADMIN)
    assert accounts.with_password("sato", "geheim-1") is None


def test_with_password_when_the_hash_is_of_older_parameters_renews_it(database: Database, announced: list[str]):
    def stored() -> str:
        return database.read(lambda c: c.execute(select(accounts_table.c.password_hash)).scalar_one())

    old = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), announced.append)
    old.add(NewAccount("admin", "A", "administrator"), "secret-admin", ADMIN, must_change=False)
    first = stored()
    new = Accounts(database, AuditLog(database), Passwords(time_cost=2, memory_kib=16, parallelism=1), announced.append)
    assert new.with_password("admin", "secret-admin").login == "admin"
    assert stored() != first
    assert new.with_password("admin", "secret-admin").login == "admin"


@BOTH
def test_grant_when_given_changed_and_taken_is_what_the_account_holds(accounts: Accounts, database: Database):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    accounts.grant("sato", "support@default", "view", ADMIN)
    accounts.grant("sato", "sales@default", "edit", ADMIN)
    assert accounts.get("sato").grants == {"support@default": "view", "sales@default": "edit"}
    accounts.grant("sato", "support@default", "edit", ADMIN)
    accounts.grant("sato", "sales@default", "none", ADMIN)
    assert accounts.get("sato").grants == {"support@default": "edit"}
    rows = AuditLog(database).page(Filters(command="account.grant")).rows
    assert [(r["queue"], r["args"]["right"]) for r in rows] == [
        ("sales@default", "none"),
        ("support@default", "edit"),
        ("sales@default", "edit"),
        ("support@default", "view"),
    ]


def test_grant_when_already_held_changes_and_audits_nothing(accounts: Accounts, database: Database):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    accounts.grant("sato", "support@default", "view", ADMIN)
    before = commands(database)
    accounts.grant("sato", "support@default", "view", ADMIN)
    assert commands(database) == before


def test_grant_when_the_account_is_unknown_is_refused(accounts: Accounts):
    with pytest.raises(AccountRefused) as refused:
        accounts.grant("nobody", "support@default", "view", ADMIN)
    assert refused.value.error == "unknown_account"


@BOTH
def test_change_when_made_is_seen_audited_and_announced(accounts: Accounts, database: Database, announced: list[str]):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    changed = accounts.change("SATO", {"name": "佐藤二", "role": "user", "extensions": ("9003",), "agent": None}, ADMIN)
    assert accounts.get("sato") == changed
    assert (changed.name, changed.role, changed.extensions, changed.agent) == ("佐藤二", "user", ("9003",), None)
    assert commands(database)[-1] == "account.change"
    assert announced[-1] == "sato"


def test_last_administrator_cannot_be_removed_disabled_or_demoted(accounts: Accounts):
    attempts = [
        lambda: accounts.remove("admin", ADMIN),
        lambda: accounts.change("admin", {"disabled": True}, ADMIN),
        lambda: accounts.change("admin", {"role": "user"}, ADMIN),
    ]
    for attempt in attempts:
        with pytest.raises(AccountRefused) as refused:
            attempt()
        assert refused.value.error == "last_administrator"
    assert accounts.get("admin").role == "administrator"
    accounts.add(NewAccount("second", "S", "administrator"), "geheim-1", ADMIN, must_change=False)
    accounts.remove("admin", ADMIN)
    assert [account.login for account in accounts.page()] == ["second"]


@BOTH
def test_set_password_when_done_only_the_new_one_opens(accounts: Accounts, database: Database):
    accounts.set_password("admin", "something-new", ADMIN, must_change=True)
    assert accounts.with_password("admin", "secret-admin") is None
    assert accounts.with_password("admin", "something-new").must_change
    assert "something-new" not in str(AuditLog(database).page(Filters()).rows)


@BOTH
def test_page_when_turned_lists_every_account_once_in_order(accounts: Accounts):
    for number in range(5):
        accounts.add(NewAccount(f"user{number}", "U", "user"), "geheim-1", ADMIN, must_change=False)
    first = accounts.page(limit=3)
    rest = accounts.page(after=first[-1].login, limit=10)
    assert [a.login for a in first + rest] == ["admin", "user0", "user1", "user2", "user3", "user4"]


@BOTH
def test_first_administrator_is_made_once_and_its_password_told_once(database: Database, announced: list[str]):
    accounts = Accounts(
        database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), announced.append
    )
    password = accounts.ensure_first_administrator(None, ADMIN)
    assert password
    assert len(password) >= 16
    assert accounts.with_password("admin", password).role == "administrator"
    assert accounts.ensure_first_administrator(None, ADMIN) is None
    assert accounts.ensure_first_administrator("another", ADMIN) is None
    assert accounts.with_password("admin", "another") is None


def test_first_administrator_when_a_password_is_configured_has_it_and_nothing_is_told(database: Database):
    accounts = Accounts(database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), print)
    assert accounts.ensure_first_administrator("from-the-settings", ADMIN) is None
    assert accounts.with_password("admin", "from-the-settings").login == "admin"


def test_logins_of_agents_when_accounts_are_linked(accounts: Accounts, database: Database):
    accounts.add(SATO, "geheim-1", ADMIN, must_change=False)
    assert database.read(logins_of_agents) == {"1001@default": "sato"}

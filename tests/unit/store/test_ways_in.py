"""Sessions and personal tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from fs_app.floor.actor import Actor
from fs_app.store.account_rows import Account, NewAccount
from fs_app.store.accounts import AccountRefused, Accounts
from fs_app.store.api_tokens import ApiTokens, Narrowing
from fs_app.store.audit import AuditLog
from fs_app.store.durable import Database
from fs_app.store.passwords import Passwords
from fs_app.store.sessions import Sessions

BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgres"], indirect=True)
ADMIN = Actor("admin", "administrator", "Admin")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    made = Accounts(
        database, AuditLog(database), Passwords(time_cost=1, memory_kib=8, parallelism=1), lambda login: None
    )
    made.add(NewAccount("admin", "Admin", "administrator"), "secret", ADMIN, must_change=False)
    made.add(NewAccount("sato", "Sato", "supervisor"), "secret", ADMIN, must_change=False)
    return made


@pytest.fixture
def sato(accounts: Accounts) -> Account:
    return accounts.get("sato")


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, idle_s=3600, longest_s=43200, clock=clock)


@pytest.fixture
def tokens(database: Database, clock: Clock) -> ApiTokens:
    return ApiTokens(database, clock=clock)


@BOTH
def test_session_when_begun_is_found_by_its_secret_only(sessions: Sessions, sato: Account, database: Database):
    secret = sessions.begin(sato, "192.0.2.7", "Firefox")
    session, account = sessions.find(secret)
    assert (account, session.address, session.user_agent) == (sato, "192.0.2.7", "Firefox")
    assert sessions.find("something else") is None
    stored = str(database.read(lambda c: c.execute(text("select * from sessions")).all()))
    assert secret not in stored


@BOTH
def test_session_when_nobody_uses_it_ends_after_the_idle_time(sessions: Sessions, sato: Account, clock: Clock):
    secret = sessions.begin(sato, "", "")
    clock.now += 3599
    assert sessions.find(secret) is not None
    clock.now += 3599
    assert sessions.find(secret) is not None, "the use before must have prolonged it"
    clock.now += 3600
    assert sessions.find(secret) is None
    assert sessions.of(sato) == []


@BOTH
def test_session_when_used_all_day_ends_at_last(sessions: Sessions, sato: Account, clock: Clock):
    secret = sessions.begin(sato, "", "")
    for _ in range(23):
        clock.now += 1800
        assert sessions.find(secret) is not None
    clock.now += 1800
    assert sessions.find(secret) is None


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_password("sato", "new-secret", ADMIN, must_change=False),
        lambda accounts: accounts.change("sato", {"disabled": True}, ADMIN),
        lambda accounts: accounts.remove("sato", ADMIN),
    ],
)
def test_session_when_the_account_is_closed_to_it_is_over_at_once(sessions, accounts, sato, change):
    secret = sessions.begin(sato, "", "")
    change(accounts)
    assert sessions.find(secret) is None


def test_session_when_the_account_is_disabled_and_enabled_again_stays_over(sessions, accounts, sato):
    secret = sessions.begin(sato, "", "")
    accounts.change("sato", {"disabled": True}, ADMIN)
    accounts.change("sato", {"disabled": False}, ADMIN)
    assert sessions.find(secret) is None


def test_session_when_begun_from_an_account_read_before_a_password_change_does_not_live(sessions, accounts, sato):
    """Log-in and password change race: the old password's session must not survive."""
    sato = accounts.with_password("sato", "secret")
    accounts.set_password("sato", "new-secret", ADMIN, must_change=False)
    assert sessions.find(sessions.begin(sato, "", "")) is None


def test_session_when_rights_change_shows_the_new_ones(sessions, accounts, sato):
    secret = sessions.begin(sato, "", "")
    accounts.grant("sato", "support@default", "edit", ADMIN)
    assert sessions.find(secret)[1].grants == {"support@default": "edit"}


@BOTH
def test_sessions_when_listed_and_ended_are_ones_own_only(sessions: Sessions, accounts: Accounts, sato: Account):
    first, second = sessions.begin(sato, "a", "x"), sessions.begin(sato, "b", "y")
    listed = sessions.of(sato)
    assert [s.address for s in listed] == ["b", "a"]
    assert not sessions.end(accounts.get("admin"), listed[0].id)
    assert sessions.end(sato, listed[0].id)
    assert sessions.find(second) is None
    assert sessions.find(first) is not None


def test_sessions_when_begun_without_end_keep_the_newest_fifty(sessions: Sessions, sato: Account):
    secrets = [sessions.begin(sato, "", "") for _ in range(53)]
    assert len(sessions.of(sato)) == 50
    assert sessions.find(secrets[2]) is None
    assert sessions.find(secrets[3]) is not None


@BOTH
def test_token_when_made_opens_until_its_end_or_until_taken_back(
    tokens: ApiTokens, sato: Account, clock: Clock, database
):
    made, secret = tokens.add(sato, "nightly", clock.now + 100, Narrowing(queues={"support@default": "view"}))
    found, account = tokens.find(secret)
    assert (found.id, found.name, account, found.narrowing.queues) == (
        made.id,
        "nightly",
        sato,
        {"support@default": "view"},
    )
    assert secret not in str(database.read(lambda c: c.execute(text("select * from api_tokens")).all()))
    _, other = tokens.add(sato, "second", clock.now + 100, Narrowing())
    clock.now += 99
    assert tokens.find(secret) is not None
    assert tokens.remove(sato, made.id)
    assert tokens.find(secret) is None
    clock.now += 1
    assert tokens.find(other) is None


def test_token_when_its_name_is_taken_is_refused(tokens: ApiTokens, sato: Account, clock: Clock):
    tokens.add(sato, "nightly", clock.now + 100, Narrowing())
    with pytest.raises(AccountRefused) as refused:
        tokens.add(sato, "nightly", clock.now + 100, Narrowing())
    assert refused.value.error == "token_name_taken"


def test_token_of_an_account_that_is_closed_opens_nothing(tokens: ApiTokens, accounts: Accounts, sato: Account, clock):
    _, secret = tokens.add(sato, "nightly", clock.now + 100, Narrowing())
    accounts.set_password("sato", "given-by-admin", ADMIN, must_change=True)
    assert tokens.find(secret) is None
    accounts.set_password("sato", "own-password", ADMIN, must_change=False)
    assert tokens.find(secret) is not None
    accounts.change("sato", {"disabled": True}, ADMIN)
    assert tokens.find(secret) is None


ROLES = ["user", "supervisor", "administrator"]
RIGHTS = ["none", "view", "edit"]
QUEUES = st.sampled_from(["a", "b", "c"])
GRANTS = st.dictionaries(QUEUES, st.sampled_from(["view", "edit"]))


@given(
    role=st.sampled_from(ROLES),
    grants=GRANTS,
    narrowing=st.builds(
        Narrowing,
        role=st.none() | st.sampled_from(ROLES),
        queues=st.none() | st.dictionaries(QUEUES, st.sampled_from(RIGHTS)),
    ),
)
def test_narrowing_whatever_it_says_never_gives_more_than_the_owner_holds(role, grants, narrowing):
    owner = Actor("o", role, "O", grants=grants)
    narrowed = narrowing.apply(owner)
    assert ROLES.index(narrowed.role) <= ROLES.index(owner.role)
    for queue in "abc":
        assert RIGHTS.index(narrowed.right(queue)) <= RIGHTS.index(owner.right(queue))
        if narrowing.queues is not None:
            assert RIGHTS.index(narrowed.right(queue)) <= RIGHTS.index(narrowing.queues.get(queue, "none"))

"""The panel in process: real SQLite in a folder of the test, a real Valkey, Flask's test client."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from fs_app import logs
from fs_app.floor.actor import Actor
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import Accounts
from fs_app.store.announce import AccountsChannel
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.audit import AuditLog
from fs_app.store.connect import connect
from fs_app.store.durable import Database
from fs_app.store.passwords import Passwords
from fs_app.store.sessions import Sessions
from tests.unit.databases import new_database
from tests.unit.valkey import running_valkey
from web import create_app
from web.services import Services

ADMIN = Actor("admin", "administrator", "Admin")
PASSWORD = "correct horse battery"


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    with running_valkey() as url:
        yield url


@pytest.fixture
def redis(valkey: str) -> Iterator[Redis]:
    client = connect(valkey)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(autouse=True)
def logged() -> io.StringIO:
    """What is logged, as in production."""
    lines = io.StringIO()
    logs.set_up("panel", "info", stream=lines)
    return lines


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = new_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def services(database: Database, redis: Redis, clock: Clock) -> Services:
    audit = AuditLog(database, clock)
    announce = AccountsChannel(redis).announce
    cheap = Passwords(time_cost=1, memory_kib=8, parallelism=1)
    accounts = Accounts(database, audit, cheap, announce, clock)
    for login, role in (("admin", "administrator"), ("sv", "supervisor"), ("ippan", "user")):
        accounts.add(NewAccount(login, f"name of {login}", role), PASSWORD, ADMIN, must_change=False)
    sessions = Sessions(database, idle_s=3600, longest_s=43200, clock=clock)
    return Services(database, accounts, sessions, ApiTokens(database, clock), audit, redis, practice=True, clock=clock)


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def without_redis(services: Services) -> FlaskClient:
    """A browser whose panel cannot reach Redis."""
    return create_app(replace(services, redis=connect("redis://127.0.0.1:1"))).test_client()


@pytest.fixture
def nobody(app: Flask) -> FlaskClient:
    return app.test_client()


LogIn = Callable[..., FlaskClient]


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    """A browser in which somebody is logged in."""

    def log_in(login: str, password: str = PASSWORD) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/api/v1/session", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        return client

    return log_in


@pytest.fixture
def admin(log_in: LogIn) -> FlaskClient:
    return log_in("admin")


@pytest.fixture
def supervisor(log_in: LogIn) -> FlaskClient:
    return log_in("sv")


@pytest.fixture
def user(log_in: LogIn) -> FlaskClient:
    return log_in("ippan")

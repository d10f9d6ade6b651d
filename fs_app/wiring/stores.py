"""Redis, the database and the accounts, as the settings name them: what every process is given."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from redis import Redis

from fs_app.settings import Settings
from fs_app.store.accounts import Accounts
from fs_app.store.announce import AccountsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.connect import connect
from fs_app.store.durable import Database, database_url, open_database
from fs_app.store.passwords import Passwords


def redis_address(settings: Settings) -> str:
    """The configured Redis, else the socket of the embedded Valkey, which any command of this machine may use."""
    return settings.redis_url.get_secret_value() or f"unix://{quote(str(settings.valkey_socket))}"


def open_redis(settings: Settings) -> Redis:
    """A client of the live state's Redis; nothing is sent yet."""
    return connect(redis_address(settings))


def open_sql(settings: Settings) -> Database:
    """The database, migrated to this version's tables."""
    return open_database(database_url(settings.database_url.get_secret_value(), settings.data_dir))


@dataclass(frozen=True, slots=True)
class AccountStores:
    """The accounts, their audit trail, and what both stand on. Close the database after use."""

    database: Database
    redis: Redis
    audit: AuditLog
    accounts: Accounts


def open_accounts(settings: Settings) -> AccountStores:
    """The accounts and their audit trail; changes are announced to running panels."""
    database, redis = open_sql(settings), open_redis(settings)
    audit = AuditLog(database)
    accounts = Accounts(database, audit, Passwords(), AccountsChannel(redis).announce)
    return AccountStores(database, redis, audit, accounts)

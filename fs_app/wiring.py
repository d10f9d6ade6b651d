"""The only place that builds the objects of the controller and of the panel. Owns what each is given, and no rule.

Nothing here opens a port or starts a process; gunicorn builds the panel anew in each worker, after the fork.
"""

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
    """What the command line needs to change accounts. Close it after use."""

    database: Database
    accounts: Accounts
    audit: AuditLog


def open_accounts(settings: Settings) -> AccountStores:
    """The accounts and their audit trail; changes are announced to running panels."""
    database = open_sql(settings)
    audit = AuditLog(database)
    channel = AccountsChannel(open_redis(settings))
    return AccountStores(database, Accounts(database, audit, Passwords(), channel.announce), audit)

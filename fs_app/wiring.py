"""The only place that builds the objects of the controller and of the panel. Owns what each is given, and no rule.

Nothing here opens a port or starts a process; gunicorn builds the panel anew in each worker, after the fork.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass
from urllib.parse import quote

import gevent
from gevent.event import Event
from redis import Redis

from fs_app.controller.numbers import Numbering
from fs_app.controller.run import Controller, Stores
from fs_app.floor.actor import Actor
from fs_app.setting_rules import parts
from fs_app.settings import Settings
from fs_app.store.accounts import AccountRefused, Accounts
from fs_app.store.announce import AccountsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.connect import connect
from fs_app.store.durable import Database, database_url, open_database
from fs_app.store.passwords import Passwords
from fs_app.store.statuses import AgentStatuses, CustomStatuses
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan


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


def build_controller(settings: Settings) -> tuple[Controller, Database]:
    """The controller of every switch that the settings name; close the database after ``Controller.stop``."""
    database = open_sql(settings)
    redis = open_redis(settings)
    audit = AuditLog(database)
    accounts = Accounts(database, audit, Passwords(), AccountsChannel(redis).announce)

    def actor_by_login(login: str) -> Actor | None:
        try:
            account = accounts.get(login)
        except AccountRefused:
            return None
        return None if account.disabled else account.actor()

    stores = Stores(redis, audit, AgentStatuses(database), actor_by_login, CustomStatuses(database).book())
    addresses = [NodeAddress.parse(text) for text in parts(settings.freeswitch.get_secret_value())]
    dial = DialPlan(settings.domain, settings.extension_dial, settings.external_dial)
    numbering = Numbering(settings.region, settings.external_allow)
    return Controller(addresses, stores, dial, numbering, practice=settings.practice), database


def run_controller(settings: Settings) -> int:
    """Run it until SIGTERM or SIGINT."""
    controller, database = build_controller(settings)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    controller.start()
    try:
        stop.wait()
    finally:
        controller.stop()
        database.close()
    return 0

"""The controller, with every switch that the settings name."""

from __future__ import annotations

import signal
from collections.abc import Callable

import gevent
from gevent.event import Event

from fs_app import memory
from fs_app.controller.dial_people import DialStores
from fs_app.controller.numbers import Numbering
from fs_app.controller.run import Controller
from fs_app.controller.stores import Stores
from fs_app.floor.actor import Actor
from fs_app.setting_rules import parts
from fs_app.settings import Settings
from fs_app.store.accounts import AccountRefused
from fs_app.store.activity import Activity
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.askers import Askers
from fs_app.store.attempts import Attempts
from fs_app.store.dial_codes import DialCodes
from fs_app.store.dial_line import DialLine
from fs_app.store.dial_logins import DialLogins
from fs_app.store.durable import Database
from fs_app.store.extension_owners import ExtensionOwners
from fs_app.store.priorities import Priorities
from fs_app.store.queue_settings import QueueSettings
from fs_app.store.sessions import Sessions
from fs_app.store.site_settings import SiteSettings
from fs_app.store.statuses import AgentStatuses, CustomStatuses
from fs_app.store.terminals import Terminals
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan
from fs_app.wiring.stores import AccountStores, open_accounts


def build_controller(settings: Settings) -> tuple[Controller, Database]:
    """The controller of every switch that the settings name; close the database after ``Controller.stop``."""
    opened = open_accounts(settings)
    database, accounts = opened.database, opened.accounts

    def actor_by_login(login: str) -> Actor | None:
        try:
            account = accounts.get(login)
        except AccountRefused:
            return None
        return None if account.disabled else account.actor()

    sessions = Sessions(database, idle_s=settings.session_idle_s, longest_s=settings.session_max_s)
    askers = Askers(database, sessions, ApiTokens(database))

    stores = Stores(
        redis=opened.redis,
        audit=opened.audit,
        statuses=AgentStatuses(database),
        priorities=Priorities(database),
        queue_settings=QueueSettings(database),
        activity=Activity(database),
        actor_by_login=actor_by_login,
        askers=askers,
        custom_statuses=CustomStatuses(database),
        dial=_dial_stores(opened),
        site=SiteSettings(database, opened.audit).read,
        terminals=Terminals(database),
        narrowing=_narrowing(opened),
    )
    addresses = [NodeAddress.parse(text) for text in parts(settings.freeswitch.get_secret_value())]
    dial = DialPlan(settings.domain, settings.extension_dial, settings.external_dial)
    numbering = Numbering(settings.region, settings.external_allow)
    return Controller(addresses, stores, dial, numbering, practice=settings.practice), database


def _narrowing(opened: AccountStores) -> Callable[[], tuple[str, tuple[str, ...]]]:
    site, codes = SiteSettings(opened.database, opened.audit), DialCodes(opened.database)
    queues = QueueSettings(opened.database)

    def narrowing() -> tuple[str, tuple[str, ...]]:
        listed, own = site.read().narrowing
        shown = (setting.number for setting in queues.all().values() if setting.number)
        # Those with a function are kept as the carrier sends them, some with their country's code and no + before it.
        called = (number for digits in codes.outside() for number in (digits, f"+{digits}"))
        return listed, (*own, *shown, *called)

    return narrowing


def _dial_stores(opened: AccountStores) -> DialStores:
    """What dialled codes need."""
    site = SiteSettings(opened.database, opened.audit)
    return DialStores(
        line=DialLine(opened.redis),
        codes=DialCodes(opened.database),
        logins=DialLogins(opened.database),
        tries=Attempts(opened.redis),
        logins_at=ExtensionOwners(opened.database).logins,
        waived=lambda: site.read().dial_waive_inside,
    )


def run_controller(settings: Settings) -> int:
    """Run it until SIGTERM or SIGINT."""
    controller, database = build_controller(settings)
    memory.settle()
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

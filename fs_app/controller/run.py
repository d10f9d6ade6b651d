"""The controller: one per floor. Starts its nodes, publishes what they see, and carries out what the panel asks.

Each loop is a greenlet of its own with one subject; none waits for another but through a bounded queue or a deadline.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import gevent
import structlog
from gevent.event import Event as Flag
from gevent.pool import Pool
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from fs_app import greenlets
from fs_app.controller import figures
from fs_app.controller.activity_log import ActivityLog
from fs_app.controller.announcements import listen
from fs_app.controller.calling_back import CallingBack
from fs_app.controller.desk import Desk
from fs_app.controller.dial_alarms import DialAlarms
from fs_app.controller.dial_people import People
from fs_app.controller.dialling import Dialling
from fs_app.controller.keeping import Keeping
from fs_app.controller.node import Node
from fs_app.controller.numbers import Numbering, SiteNumbering
from fs_app.controller.practice_hands import PracticeHands
from fs_app.controller.publish import Publisher
from fs_app.controller.remembering import Memory
from fs_app.controller.run_command import carry_out
from fs_app.controller.stores import Stores
from fs_app.controller.supervising import Supervising
from fs_app.controller.watching import Watching
from fs_app.floor import guard
from fs_app.floor.errors import SERVICE_UNAVAILABLE, SWITCH_REFUSED, Rejected
from fs_app.floor.facts import TimePassed
from fs_app.floor.state import Floor
from fs_app.store.dial_alarms import KeptDialAlarms
from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.inbox import CommandInbox, Request
from fs_app.store.live import ACCOUNTS, SETTINGS, LiveWriter
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import DialPlan

AT_ONCE = 64
"""Commands carried out side by side."""
TICK_S = 0.2
WATCH_S = 1.0
GUARD_S = 0.4
RETRY_S = 0.5
log = structlog.get_logger()


def today() -> str:
    """The day that queues count in: this machine's."""
    return time.strftime("%Y-%m-%d")


class Controller:
    """Wire it up, ``start`` it, and ``stop`` it. ``practice`` is shown on every page."""

    def __init__(
        self,
        addresses: Sequence[NodeAddress],
        stores: Stores,
        dial: DialPlan,
        outer: Numbering,
        *,
        practice: bool = False,
    ) -> None:
        self.epoch = uuid.uuid4().hex
        self.practice = practice
        self.nodes: dict[str, Node] = {}
        book = stores.custom_statuses.book()
        for address in addresses:
            self.nodes[address.name] = Node(address, Floor(address.name, book), dial, self._changed)
        self._stores = stores
        self._writer = LiveWriter(stores.redis, self.epoch)
        self.publisher = Publisher(self._writer, [n.floor for n in self.nodes.values()], self._meta)
        self._inbox = CommandInbox(stores.redis)
        self.memory = Memory(stores.redis, self._writer, self.nodes, self._redis_answers)
        self.publisher.before_whole = self.memory.catch_up
        numbering = SiteNumbering(outer, stores.narrowing)
        self.supervising = Supervising(stores.audit, stores.askers, numbering)
        self.watching = Watching(self.supervising, stores.audit)
        calling_back = CallingBack(stores.audit, stores.askers, numbering, lambda: stores.site().centre_number)
        self.desk = Desk(
            self.nodes, stores.audit, stores.statuses, stores.priorities, self.supervising, numbering, calling_back,
            stores.terminals, stores.site, stores.askers,
        )  # fmt: skip
        self.keeping = Keeping(self.desk, stores.queue_settings, stores.custom_statuses)
        self.dial_alarms = DialAlarms(self.nodes.values(), KeptDialAlarms(stores.redis))
        people = People(self.desk, stores.dial, stores.actor_by_login, self.dial_alarms.sound)
        self.dialling = Dialling(self.desk, stores.dial, people)
        self.dialling.read_codes()
        self.activity = ActivityLog(stores.activity, self.desk.who_set)
        self.publisher.on_write = self.activity.note
        self._pool = Pool(AT_ONCE)
        self._guard_due, self._keep_due = Flag(), Flag()
        self._greenlets: list[gevent.Greenlet[..., Any]] = []
        self.commands = self.dropped_late = 0

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Remember what the run before knew, connect, and begin to publish and to obey."""
        self.desk.who_set.update(self.memory.recall(self._stores.statuses, today()))
        loops: dict[str, Callable[[], None]] = {
            "publish": self.publisher.run,
            "heartbeat": self._heartbeat,
            "commands": self._obey,
            "announcements": self._listen,
            "time": self._pass_time,
            "guard": self._guard,
            "activity": self.activity.run,
            "keeping": self._keep,
            "dialling": self.dialling.run,
        }
        if self.practice:
            loops["practice-hands"] = PracticeHands(self.desk, random.Random()).run  # noqa: S311 - people, no secrets
        self._greenlets = [greenlets.spawn(name, loop, on_death=self._died) for name, loop in loops.items()]
        for node in self.nodes.values():
            node.start()

    def _redis_answers(self) -> None:
        self._inbox.start()
        self.dial_alarms.recall()

    def stop(self) -> None:
        """End every loop and connection; calls and supervisions go on and are adopted by the next run."""
        for node in self.nodes.values():
            node.stop()
        gevent.killall(self._greenlets)
        self._pool.kill()
        self.dialling.close()
        self.activity.close()

    def _died(self, error: BaseException) -> None:
        """A loop that ended by a fault would leave a false board: better no controller, and the next one starts true."""
        log.critical("controller_gives_up", error=type(error).__name__)
        gevent.get_hub().handle_system_error(SystemExit, SystemExit(70))

    # -- loops -------------------------------------------------------------------------------------------------------

    def _changed(self, node: Node) -> None:
        self.publisher.poke()
        if node.floor.supervision_of_leg:
            self._guard_due.set()
        if node.floor.deferred:
            self._keep_due.set()

    def _meta(self) -> dict[str, Any]:
        links = [node.link() for node in self.nodes.values()]
        live = all(link["state"] == "live" for link in links)
        since = max((link["since"] for link in links), default=0.0)
        return {
            "epoch": self.epoch,
            "practice": self.practice,
            "alarms": self.dial_alarms.of_site,
            "link": {"state": "live" if live else "down", "since": since, "nodes": links},
        }

    def _figures(self) -> dict[str, Any]:
        done = self.commands, self.dropped_late
        own = figures.of_controller(*done, self.publisher.numbers(), self.activity.lost)
        return {"nodes": figures.of_nodes(self.nodes.values()), "controller": own}

    def _heartbeat(self) -> None:
        while True:
            try:
                lost = not self._writer.alive(time.time(), self._figures())
            except RedisError:
                lost = True
            if lost and self.publisher.batches:
                self.publisher.whole = True
                self.publisher.poke()
            gevent.sleep(1.0)

    def _obey(self) -> None:
        while True:
            try:
                if (request := self._inbox.take()) is not None:
                    self._pool.wait_available(timeout=5)
                    self._pool.spawn(self._one, request)
            except RedisError as error:
                log.warning("inbox_away", error=type(error).__name__)
                gevent.sleep(RETRY_S)

    def _one(self, request: Request) -> None:
        if time.time() > request.deadline:
            self.dropped_late += 1
            log.warning("command_dropped", kind=request.kind, why="past its deadline")
            return
        self.commands += 1
        try:
            self._inbox.confirm(request, carry_out(self.desk, request))
        except Rejected as rejected:
            self._inbox.refuse(request, rejected.error, rejected.cause)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.error("database_away", kind=request.kind, error=type(error).__name__)
            self._inbox.refuse(request, SERVICE_UNAVAILABLE)
        except RedisError as error:
            log.warning("answer_lost", kind=request.kind, error=type(error).__name__)
        except Exception as error:
            log.exception("command_failed", kind=request.kind)
            self._inbox.refuse(request, SWITCH_REFUSED, type(error).__name__)

    def _listen(self) -> None:
        listen(self._stores.redis, {ACCOUNTS: self._account_changed, SETTINGS: self._settings_changed})

    def _settings_changed(self, _what: str) -> None:
        self.keeping.settings_changed()
        self.dialling.codes_changed()

    def _account_changed(self, login: str) -> None:
        """A changed right counts at once, for supervisions that run as well."""
        self.supervising.forget_actor(login)
        self._guard_due.set()

    def _pass_time(self) -> None:
        """Rules that end by the clock, and what nobody wants any more."""
        last_watch = 0.0
        while True:
            gevent.sleep(TICK_S)
            now = time.time()
            self.desk.calling_back.note_outcomes(node.floor for node in self.nodes.values())
            for node in self.nodes.values():
                node.floor.begin_day(today())
                if node.floor.wrapping or node.floor.supervisions or node.floor.call_backs:
                    node.apply(TimePassed(now))
            if now - last_watch >= WATCH_S:
                last_watch = now
                self.dial_alarms.look(now)
                self._watch(now)

    def _watch(self, now: float) -> None:
        for node in self._live():
            for mend in list(guard.watch(node.floor, now, owners_known=self.memory.has_read)):
                self.watching.mend(node, mend)

    def _live(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.live]

    def _keep(self) -> None:
        while True:
            self._keep_due.wait(timeout=TICK_S)
            self._keep_due.clear()
            try:
                self.keeping.look(time.time())
                self.dialling.look()
            except (SQLAlchemyError, DatabaseUnavailable) as error:
                log.warning("database_away", error=type(error).__name__)
                gevent.sleep(RETRY_S)

    def _guard(self) -> None:
        while True:
            self._guard_due.wait(timeout=GUARD_S)
            self._guard_due.clear()
            for node in self._live():
                self.watching.look(node)

"""One switch: its session, its floor, and the way of an event from the one into the other.

Events are applied as they come; everything slow (resyncs, names) runs in greenlets of its own.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gevent
import structlog
from gevent.event import Event as Flag
from gevent.lock import Semaphore

from fs_app import greenlets
from fs_app.controller.pending import Pending
from fs_app.floor import facts, orders, rows
from fs_app.floor.errors import SWITCH_REFUSED, SWITCH_UNAVAILABLE, UNCONFIRMED, ImpossibleFact, Rejected
from fs_app.floor.fold import apply
from fs_app.floor.phones import extensions_of
from fs_app.floor.resync import is_unsettled
from fs_app.floor.state import Floor
from fs_app.switch.dial import contact
from fs_app.switch.errors import CommandRefused, SwitchError
from fs_app.switch.event import Event
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import Api, DialPlan, UnsafeOrder, build
from fs_app.switch.questions import extension_exists, outside_calls, prompts_folder
from fs_app.switch.session import SwitchSession, Timing
from fs_app.switch.snapshot import read_queue, read_switch, read_tier
from fs_app.switch.translate import clean, is_unknown, translate

RESYNC_S = 30.0
REPLY_S = 5.0
RETRY_S = 1.0
NAMES_S = 2.0
NAME_KEPT_S = 600.0
NAME_OF = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9_.:-]{1,128}")
SETTLE_S = 0.5
LAG_S = 0.3
"""How far ``show channels`` and ``show calls`` lag behind the events (0.05 to 0.2 s, seen on 1.10.12): what events said
within it is newer than the rows."""
_TIMING = Timing(longest_retry=2.0)
log = structlog.get_logger()

# A result of ``orders`` on the wire: FreeSWITCH answers these to something that is no longer there.
_REFUSALS = ("-ERR", "-USAGE")


class Node:
    """A switch as the controller sees it. ``changed`` is called after every fact and every change of the link."""

    def __init__(self, address: NodeAddress, floor: Floor, dial: DialPlan, changed: Callable[[Node], None]) -> None:
        self.name = address.name
        self.floor = floor
        self.dial = dial
        self.pending = Pending()
        self.live = False
        self.since = time.time()
        self.delay_ms = 0.0
        self.problem = ""
        self.events = 0
        self.unknown_events = 0
        self.impossible: dict[str, int] = {}
        self.resyncs = 0
        self.resync_s = 0.0
        self._changed = changed
        self._reading = Semaphore()
        self.resync_due = Flag()
        """Set it to have the whole switch read anew soon."""
        self._settle = False
        self.session = SwitchSession(
            address, on_event=self._on_event, on_up=self._on_up, on_down=self._on_down, timing=_TIMING
        )

    def start(self, resync_s: float = RESYNC_S) -> None:
        """Connect, and stay connected; every ``resync_s`` what has no event (levels of tiers, for one) is read anew."""
        greenlets.spawn(f"resync-{self.name}", self._resync_for_ever, resync_s)
        greenlets.spawn(f"names-{self.name}", self._learn_names)
        self.session.start()

    def stop(self) -> None:
        """Disconnect for good."""
        self.session.close()

    # -- the way in --------------------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        self.events += 1
        try:
            fact = translate(event)
        except ImpossibleFact as error:
            self.impossible[str(error)] = self.impossible.get(str(error), 0) + 1
            log.warning("impossible_event", node=self.name, what=str(error))
            return
        if fact is None:
            self.unknown_events += is_unknown(event)
            return
        self.delay_ms = max(0.0, (time.time() - fact.at) * 1000)
        self.apply(fact)

    def apply(self, fact: facts.Fact) -> None:
        """One fact into the floor; whoever waited for it is told."""
        apply(self.floor, fact)
        if isinstance(fact, facts.AgentAdded):
            self._settle = True
            self.resync_due.set()
        if len(self.pending):
            self.pending.check(self.floor)
        self._changed(self)

    def touched(self) -> None:
        """Something of this floor was changed by the controller itself."""
        self._changed(self)

    # -- the link ----------------------------------------------------------------------------------------------------

    def _on_up(self, *_: Any) -> None:
        self.resync_due.set()

    def _on_down(self, reason: str) -> None:
        self._set_live(live=False, problem=reason)
        self.pending.fail_all()

    def _set_live(self, *, live: bool, problem: str = "") -> None:
        if live != self.live:
            self.live, self.since = live, time.time()
            log.info("switch_live" if live else "switch_down", node=self.name, reason=problem)
        self.problem = problem
        self._changed(self)

    def _resync_for_ever(self, every_s: float) -> None:
        while True:
            self.resync_due.wait(timeout=min(every_s, RETRY_S) if is_unsettled(self.floor) else every_s)
            if self._settle:  # a new agent's tiers, contact and status follow within moments, mostly without an event
                self._settle = False
                gevent.sleep(SETTLE_S)
            self.resync_due.clear()
            if self.session.up and not self._resync_once():
                gevent.sleep(RETRY_S)
                self.resync_due.set()

    def _resync_once(self) -> bool:
        try:
            self.resync()
        except (SwitchError, ImpossibleFact) as error:
            log.warning("resync_failed", node=self.name, error=type(error).__name__, why=str(error))
            if self.session.up:
                self._set_live(live=False, problem=str(error))
            return not self.session.up
        return True

    def resync(self) -> None:
        """Read the whole switch and apply it. Raises SwitchError or ImpossibleFact, and then nothing was applied."""
        with self._reading:
            began = time.monotonic()
            begun = self.floor.serial
            gevent.sleep(LAG_S)
            read = read_switch(self._ask, self.floor)._replace(begun=begun)
            if not self.dial.domain:
                self.dial = replace(self.dial, domain=self._own_domain(read))
            if read.core != self.floor.core:
                most, folder = outside_calls(self._ask), prompts_folder(self._ask)
                self.dial = replace(self.dial, outside_calls=most, prompts=folder)
            self.apply(read)
            self.resyncs, self.resync_s = self.resyncs + 1, time.monotonic() - began
        if self.session.up:
            self._set_live(live=True)

    def _learn_names(self) -> None:
        """Agents' names from the switch's directory, one question at a time: it may be a web server that is asked."""
        asked: dict[str, float] = {}
        while True:
            gevent.sleep(NAMES_S)
            now = time.monotonic()
            for agent in list(self.floor.agents.values()) if self.live else ():
                extension = next(iter(extensions_of(agent.contact)), agent.id)
                if not NAME_OF.fullmatch(extension) or now - asked.get(agent.id, -NAME_KEPT_S) < NAME_KEPT_S:
                    continue
                asked[agent.id] = now
                name = self._name_of(extension)
                if name is None:
                    break
                if name and name != agent.name:
                    self.apply(facts.AgentNamed(time.time(), 0, agent.id, name))

    def _name_of(self, extension: str) -> str | None:
        """The directory's name of an extension, empty without one; None while the switch is away."""
        try:
            name = clean(self._ask(f"user_data {extension} var effective_caller_id_name").strip())
        except SwitchError:
            return None
        return "" if name.startswith("-") else name[:100]

    def _own_domain(self, read: facts.SwitchRead) -> str:
        """The switch's default domain, as its vars.xml sets it; where it sets none, the one that most contacts name."""
        domain = self._ask("global_getvar domain").strip()
        if domain and not domain.startswith("-"):
            return domain
        named = Counter(e.partition("@")[2] for row in read.agents for e in extensions_of(row.contact))
        del named[""]
        return named.most_common(1)[0][0] if named else ""

    def _ask(self, line: str) -> str:
        return self.session.api(line, timeout_s=REPLY_S)

    # -- the way out -------------------------------------------------------------------------------------------------

    def order(self, order: orders.Order, *, timeout_s: float = REPLY_S) -> None:
        """Carry an order out and wait for FreeSWITCH's own answer (not yet the proof).

        Raises Rejected: ``switch_refused`` with FreeSWITCH's word, ``switch_unavailable`` when nothing was sent,
        ``unconfirmed`` when it is not known.
        """
        try:
            commands = build(order, self.dial)
        except UnsafeOrder as error:
            log.warning("unsafe_order", node=self.name, order=type(order).__name__, why=str(error))
            raise Rejected(SWITCH_REFUSED, "UNSAFE") from error
        if not self.session.up:
            raise Rejected(SWITCH_UNAVAILABLE)
        try:
            for command in commands:
                if isinstance(command, Api):
                    _accept(self.session.job(command.line, timeout_s=timeout_s), command.refusal)
                else:
                    self.session.sendevent(command.name, command.headers)
        except CommandRefused as error:
            raise Rejected(SWITCH_REFUSED, error.reply[:80]) from error
        except SwitchError as error:
            raise Rejected(UNCONFIRMED) from error

    def extension_exists(self, extension: str) -> bool:
        """Whether the switch's directory has this extension (digits). Raises Rejected ``switch_unavailable``."""
        try:
            return extension_exists(self._ask, self.dial, extension)
        except SwitchError as error:
            raise Rejected(SWITCH_UNAVAILABLE) from error

    def contact(self, order: orders.SetAgentContact) -> str:
        """The contact that an order writes. Raises Rejected where there is none."""
        try:
            return contact(order, self.dial)
        except UnsafeOrder as error:
            raise Rejected(SWITCH_REFUSED, "UNSAFE") from error

    def read_back(self, queue: str, agent: str) -> int | None:
        """The level of a tier as the switch has it now, applied to the floor as well; None: the agent is no member."""
        try:
            row = read_tier(self._ask, queue, agent)
        except (SwitchError, ImpossibleFact) as error:
            raise Rejected(UNCONFIRMED) from error
        self.apply(facts.TierRead(time.time(), 0, queue, agent, row))
        return row.level if row is not None else None

    def read_queue(self, queue: str) -> tuple[list[rows.AgentRow], list[rows.TierRow], rows.QueueRow | None]:
        """One queue's rows as the dispatcher has them now. Raises Rejected ``unconfirmed``."""
        try:
            return read_queue(self._ask, queue)
        except (SwitchError, ImpossibleFact) as error:
            raise Rejected(UNCONFIRMED) from error

    def link(self) -> dict[str, Any]:
        """The state of the connection for the board."""
        return {
            "name": self.name,
            "state": "live" if self.live else "down",
            "since": self.since,
            "problem": self.problem,
        }


def _accept(result: str, refusal: str) -> None:
    text = result.strip()
    if text.startswith("+OK") or not text:
        return
    word = text.removeprefix("-ERR").strip().split("\n")[0][:80] if text.startswith(_REFUSALS) else text[:80]
    raise Rejected(refusal, word)

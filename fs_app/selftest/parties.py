"""Customer, agent and supervisor as loopback calls inside one FreeSWITCH: no phone rings, nobody's call is touched.

Owns their legs. The supervisor is rung, listens and changes modes by the product's own orders. Each party speaks by a tone
of its own pitch at its far end, and FreeSWITCH's own tone detection listens there: nothing is recorded, no file is read, so
it works from another machine than FreeSWITCH's. What it needs is in ``MODULES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import uuid4

import gevent

from fs_app.floor import guard, orders
from fs_app.floor.decide import MODE_DIGIT
from fs_app.switch.client import EventSocket
from fs_app.switch.errors import CommandRefused, SwitchError
from fs_app.switch.event import Event
from fs_app.switch.node import NodeAddress
from fs_app.switch.orders import Api, DialPlan, build, leg_id
from fs_app.switch.party_leg import DIAL

CUSTOMER, AGENT, SUPERVISOR = "customer", "agent", "supervisor"
PARTIES = (CUSTOMER, AGENT, SUPERVISOR)
PITCH_HZ = {CUSTOMER: 700, AGENT: 1300, SUPERVISOR: 1900}
EVENTS = ("DETECTED_TONE", "MEDIA_BUG_START")
MODULES = ("mod_loopback", "mod_dptools", "mod_tone_stream")
TONE_MS = 600
"""A tone that is heard alone was detected after 0.3 to 0.5 s (seen on 1.10.12)."""
TAIL_S = 0.2
TRIES = 3
LIMIT_S = 8.0
_DIAL = DialPlan("selftest", extension_dial=DIAL)


class CannotTest(Exception):
    """What is missing, and the remedy, as a sentence."""


class Parties:
    """The three of them on one connection. ``end`` hangs up whatever there is, at any time."""

    def __init__(self, node: NodeAddress) -> None:
        self._node = node
        self._connection = self._socket(self._take)
        self._near = {party: str(uuid4()) for party in PARTIES}
        self._far: dict[str, str] = {}
        self._run = uuid4().hex[:8]
        self._heard: set[str] = set()
        self._taps = 0

    def connect(self) -> None:
        """Log in and look for what is needed. Raises SwitchError, or CannotTest with the remedy."""
        self._connection.connect()
        try:
            self._connection.subscribe(EVENTS)
        except CommandRefused as error:
            text = "The user may not have these events: {}. Add them to its esl-allowed-events."
            raise CannotTest(text.format(", ".join(EVENTS))) from error
        for module in MODULES:
            if self._ask(f"module_exists {module}") != "true":
                text = "{0} is not loaded. Add it to modules.conf.xml, or fs_cli -x 'load {0}'."
                raise CannotTest(text.format(module))

    def begin(self, mode: str) -> None:
        """Customer and agent talk, and the supervisor listens in this mode from the start."""
        for party in (CUSTOMER, AGENT):
            self._order(orders.RingParty(self._near[party]))
        self._order(orders.BridgeLegs(self._near[AGENT], self._near[CUSTOMER]))
        ident = guard.SELF_TEST + self._run
        leg, target = self._near[SUPERVISOR], self._near[AGENT]
        self._order(orders.RingSupervisor(leg, ident, "0", target, MODE_DIGIT[mode], follow=False))
        self._far = {party: self._far_end(leg) for party, leg in self._near.items()}
        self._wait_for_tap()

    def switch_mode(self, mode: str) -> None:
        """As a click on the panel would."""
        self._order(orders.SwitchMode(self._near[SUPERVISOR], MODE_DIGIT[mode]))

    def who_hears(self, speaker: str, wanted: set[str]) -> set[str]:
        """One party speaks, the others are silent: who hears it. Raises CannotTest when it was not spoken at all.

        Where somebody of ``wanted`` does not, it is spoken again: a busy switch may lose a piece of a tone. Whoever hears it
        once hears it.
        """
        hearers: set[str] = set()
        spoken = False
        for _ in range(TRIES):
            heard, arrived = self._speak(speaker)
            hearers, spoken = hearers | heard, spoken or arrived
            if spoken and wanted <= hearers:
                return hearers
        if not spoken:
            raise CannotTest(f"The {speaker}'s tone did not arrive anywhere. Is the switch overloaded? Try again.")
        return hearers

    def _speak(self, speaker: str) -> tuple[set[str], bool]:
        """Who heard it, and whether it was spoken."""
        pitch, keys = PITCH_HZ[speaker], {party: f"{self._run}-{party}-{speaker}" for party in PARTIES}
        self._heard.clear()
        for party, key in keys.items():
            self._order(orders.DetectTone(self._far[party], key, pitch))
        spoken = f"{self._run}-spoken"
        if speaker == SUPERVISOR:  # whom nobody may hear: that he speaks at all is heard on his own leg
            self._order(orders.DetectTone(self._near[speaker], spoken, pitch))
        self._order(orders.SayTone(self._far[speaker], pitch, TONE_MS))
        gevent.sleep(TONE_MS / 1000 + TAIL_S)
        heard = {party for party, key in keys.items() if key in self._heard}
        return heard, bool(heard) or spoken in self._heard

    def end(self) -> None:
        """Hang up every leg, and the connection. What cannot be reached any more ends by itself within a minute."""
        # On a line of its own: one that was interrupted between a command and its reply is of no use any more.
        self._connection.close()
        self._connection = self._socket(None)
        try:
            self._connection.connect()
            for leg in self._near.values():
                self._send(orders.HangUp(leg))
        except SwitchError:
            pass  # see above
        finally:
            self._connection.close()

    def _socket(self, on_event: Callable[[Event], None] | None) -> EventSocket:
        node = self._node
        return EventSocket(node.host, node.port, node.password, node.user, LIMIT_S, on_event=on_event)

    def _far_end(self, leg: str) -> str:
        far = self._ask(f"uuid_getvar {leg_id(leg)} other_loopback_leg_uuid")
        if not far or far.startswith(("-", "_")):
            raise CannotTest("The far end of a loopback call is not told. The user may lack uuid_getvar.")
        return far

    def _wait_for_tap(self) -> None:
        with gevent.Timeout(LIMIT_S, CannotTest("Listening did not begin: no MEDIA_BUG_START came.")):
            while not self._taps:
                gevent.sleep(0.02)

    def _order(self, order: orders.Order) -> None:
        for line, reply in self._send(order):
            if not reply.startswith("+OK"):
                text = "FreeSWITCH refuses {}: {}. A user with restricted rights needs it in esl-allowed-api."
                raise CannotTest(text.format(line.split(" ", 1)[0], reply[:80] or "no reply"))

    def _send(self, order: orders.Order) -> Iterable[tuple[str, str]]:
        told = []
        for command in build(order, _DIAL):
            if isinstance(command, Api):
                told.append((command.line, self._ask(command.line)))
            else:
                self._connection.sendevent(command.name, command.headers)
        return told

    def _ask(self, line: str) -> str:
        return self._connection.api(line, LIMIT_S).strip()

    def _take(self, event: Event) -> None:
        if event.name == "DETECTED_TONE":
            self._heard.add(event.get(b"Detected-Tone"))
        elif event.get(b"Media-Bug-Function") == "eavesdrop" and event.get(b"Unique-ID") == self._near[AGENT]:
            self._taps += 1

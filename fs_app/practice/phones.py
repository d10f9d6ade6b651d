"""Telephones: what rings, is picked up, holds, dials. Registered extensions, and outside phones behind the gateway.

Owns what a phone knows of its calls. A phone acts on the switch as SIP would; it never fires events itself. People who
use a phone hook in as its ``owner``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fs_app.practice import hold, keys, sip
from fs_app.practice.channel import Channel, Profile
from fs_app.practice.core import Core

RING_DELAY_S = 0.01
"""s between INVITE and the phone's first response."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a phone does by itself when rung.

    ``kind`` is ``ring``, ``answer`` (after ``after_s``; 0 without ringing), ``busy``, ``reject`` or ``not_found``; ``press``
    are keys pressed ``press_after_s`` after a pick-up.
    """

    kind: str = "ring"
    after_s: float = 0.0
    press: str = ""
    press_after_s: float = 2.0


REFUSALS = {"busy": "USER_BUSY", "reject": "CALL_REJECTED", "not_found": "UNALLOCATED_NUMBER"}


class Owner(Protocol):
    """Somebody who uses a phone instead of a fixed behaviour."""

    def rung(self, phone: Phone, channel: Channel) -> None:
        """The phone rings."""
        ...

    def connected(self, phone: Phone, channel: Channel) -> None:
        """A call of this phone is answered (by either side)."""
        ...

    def ended(self, phone: Phone, channel: Channel) -> None:
        """A call of this phone is over."""
        ...


class Phone:
    """One telephone. Actions raise ``LookupError`` when there is no call to act on."""

    def __init__(self, core: Core, number: str, name: str = "", *, outside: bool = False) -> None:
        self._core = core
        self.number = number
        self.name = name
        self.outside = outside
        self.registered = True
        self.behaviour = Behaviour()
        self.owner: Owner | None = None
        self.calls: list[Channel] = []
        self.shown = ""
        """The caller's number that it showed when it was last rung."""

    @property
    def state(self) -> str:
        """``idle``, ``ringing``, ``dialling`` or ``talking``."""
        if any(channel.answered for channel in self.calls):
            return "talking"
        if not self.calls:
            return "idle"
        return "ringing" if self.calls[0].direction == "outbound" else "dialling"

    def directory_variables(self) -> dict[str, str]:
        """What the directory knows of the user."""
        return {
            "user_context": "default",
            "effective_caller_id_name": self.name or f"Ext {self.number}",
            "effective_caller_id_number": self.number,
        }

    def invite(self, channel: Channel) -> None:
        """The switch rings this phone on a new leg."""
        self._adopt(channel)
        self.shown = channel.profile.cid_number
        self._core.clock.later(RING_DELAY_S, self._respond, channel, self.behaviour)

    def _adopt(self, channel: Channel) -> None:
        channel.phone = self
        self.calls.append(channel)
        channel.on_answer.append(self._connected)
        channel.on_hangup.append(self._ended)

    def _respond(self, channel: Channel, behaviour: Behaviour) -> None:
        if channel.down:
            return
        if behaviour.kind in REFUSALS:
            self._core.channels.hangup(channel, REFUSALS[behaviour.kind], "recv_refuse")
            return
        if behaviour.kind == "answer" and behaviour.after_s <= 0:
            self._core.channels.answer(channel)
            return
        self._core.channels.progress(channel)
        if behaviour.kind == "answer":
            self._core.clock.later(behaviour.after_s, self._core.channels.answer, channel)
        elif self.owner is not None:
            self.owner.rung(self, channel)

    def _connected(self, channel: Channel) -> None:
        if channel in self.calls:
            self.calls.remove(channel)
            self.calls.append(channel)
        if channel.direction == "outbound" and self.behaviour.press:
            self._core.clock.later(self.behaviour.press_after_s, self._press_if_up, channel, self.behaviour.press)
        if self.owner is not None:
            self.owner.connected(self, channel)

    def _ended(self, channel: Channel) -> None:
        if channel in self.calls:
            self.calls.remove(channel)
        if self.owner is not None:
            self.owner.ended(self, channel)

    def _ringing(self) -> Channel:
        for channel in self.calls:
            if channel.direction == "outbound" and channel.up and not channel.answered:
                return channel
        raise LookupError(f"{self.number} does not ring")

    def in_hand(self) -> Channel:
        """The answered call that was picked up last."""
        for channel in reversed(self.calls):
            if channel.answered:
                return channel
        raise LookupError(f"{self.number} is not in a call")

    def answer(self) -> None:
        """Pick up the oldest ringing call."""
        self._core.channels.answer(self._ringing())

    def reject(self, cause: str = "USER_BUSY") -> None:
        """Refuse the oldest ringing call with ``USER_BUSY`` or ``CALL_REJECTED``."""
        self._core.channels.hangup(self._ringing(), cause, "recv_refuse")

    def hang_up(self) -> None:
        """End all calls of this phone."""
        if not self.calls:
            raise LookupError(f"{self.number} has no call")
        for channel in tuple(self.calls):
            self.hang_up_call(channel)

    def hang_up_call(self, channel: Channel) -> None:
        """End one call: BYE, CANCEL of an own one, refusal of a ringing one."""
        if channel.answered:
            self._core.channels.hangup(channel, "NORMAL_CLEARING", "recv_bye")
        elif channel.direction == "inbound":
            self._core.channels.hangup(channel, "ORIGINATOR_CANCEL", "recv_cancel")
        else:
            self._core.channels.hangup(channel, "CALL_REJECTED", "recv_refuse")

    def hold(self) -> None:
        """Put the call in hand on hold."""
        hold.hold(self._core, self.in_hand())

    def resume(self) -> None:
        """Take the held call back."""
        hold.resume(self._core, self.in_hand())

    def press(self, digits: str) -> None:
        """Press keys in the call in hand."""
        self._press_if_up(self.in_hand(), digits)

    def _press_if_up(self, channel: Channel, digits: str) -> None:
        keys.pressed(self._core, channel, digits)

    def dial(self, number: str) -> Channel:
        """Call ``number`` through the switch; the new inbound leg."""
        if self.outside:
            name, host, sofia, context = f"sofia/external/{self.number}@127.0.0.1", "127.0.0.1", "external", "public"
        else:
            domain = self._core.config.domain
            name, host, sofia, context = f"sofia/internal/{self.number}@{domain}", domain, "internal", domain
        profile = Profile(
            cid_name=self.name if self.outside and self.name else self.number,
            cid_number=self.number,
            destination=number,
            context=context if self.outside else "default",
            username=self.number,
            dialplan="XML",
            network_addr="127.0.0.1",
        )
        channel = self._core.channels.make("inbound", name, profile)
        channel.has_codec = True
        channel.variables = sip.inbound_variables(channel, sofia, host, self.number)
        if not self.outside:
            channel.presence_id = f"{self.number}@{host}"
            channel.variables |= {
                "presence_id": channel.presence_id,
                "sip_authorized": "true",
                "sip_auth_username": self.number,
                "sip_auth_realm": "127.0.0.1",
                **self.directory_variables(),
                "user_name": self.number,
                "domain_name": host,
            }
        self._adopt(channel)
        self._core.channels.announce(channel)
        self._core.executor.run(channel, self._core.phones.steps(channel))
        return channel

    def transfer(self, number: str) -> None:
        """Blind-transfer the other party of the call in hand (REFER); this phone's own leg ends."""
        channel = self.in_hand()
        peer = channel.peer
        if peer is None:
            raise LookupError(f"{self.number} talks with nobody")
        self._core.executor.transfer(peer, number)

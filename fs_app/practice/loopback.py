"""``loopback/<number>/<context>/<dialplan>``: a leg whose far end is a caller inside the switch itself (mod_loopback).

Owns the pair: what is rung (``-a``) and what runs through the dialplan (``-b``). One end's sound is the other end's.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel, Profile
from fs_app.practice.core import Core
from fs_app.practice.dialplan import inline_steps
from fs_app.practice.phones import RING_DELAY_S, Phone

REAL_LEG_WAIT_S = 5.0
"""How long mod_callcenter waits for the leg behind an answered loopback (mod_callcenter.c:1776)."""


class LoopbackPhone(Phone):
    """Both ends of one loopback call."""

    def __init__(self, core: Core, number: str, context: str, dialplan: str = "xml") -> None:
        super().__init__(core, number)
        self._context = context
        self._dialplan = dialplan
        self._a: Channel | None = None
        self._b: Channel | None = None

    def far_end(self, channel: Channel) -> Channel | None:
        """The other end of the pair."""
        return self._b if channel is self._a else self._a

    def invite(self, channel: Channel) -> None:
        """Open the inner end, which dials on through the dialplan."""
        self._a = channel
        channel.phone = self
        self._core.clock.later(RING_DELAY_S, self._open, channel)

    def _open(self, a: Channel) -> None:
        if a.down:
            return
        profile = Profile(
            cid_name=a.profile.cid_name,
            cid_number=a.profile.cid_number,
            destination=self.number,
            context=self._context,
            source="mod_loopback",
            username=a.profile.username,
            dialplan=self._dialplan,
        )
        b = self._b = self._core.channels.make("inbound", f"loopback/{self.number}-b", profile)
        b.phone = self
        b.has_codec = True
        b.variables |= {
            "direction": "inbound",
            "uuid": b.uuid,
            "channel_name": b.name,
            "other_loopback_leg_uuid": a.uuid,
            "is_loopback": "1",
        }
        a.variables |= {"other_loopback_leg_uuid": b.uuid, "is_loopback": "1"}
        b.on_answer.append(lambda _: self._core.channels.answer(a))
        b.on_hangup.append(lambda _: self._core.channels.hangup(a, b.hangup_cause))
        a.on_hangup.append(lambda _: self._core.channels.hangup(b, a.hangup_cause))
        self._core.channels.announce(b)
        inline = self._dialplan.lower() == "inline"
        self._core.executor.run(b, inline_steps(self.number) if inline else self._core.phones.steps(b))


def behind(leg: Channel) -> Channel | None:
    """The real leg behind a loopback, once there is one; any other leg itself."""
    if not isinstance(leg.phone, LoopbackPhone):
        return leg
    inner = leg.phone.far_end(leg)
    return inner.peer if inner is not None else None

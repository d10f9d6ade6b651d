"""Joining two channels and taking them apart.

Owns CHANNEL_BRIDGE and CHANNEL_UNBRIDGE, always fired on the A side (switch_ivr_bridge.c:1689, 1879), and ``uuid_bridge``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from fs_app.practice.channel import Channel
from fs_app.practice.clock import TICK
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

SILENT_WAIT_S = 3.2
"""How long a leg waits for a partner that is gone (seen on 1.10.12: 3.2 s)."""


@dataclass(eq=False, slots=True)
class Bridge:
    """Two channels that hear each other; ``a`` is the side whose event it is."""

    a: Channel
    b: Channel

    def peer_of(self, channel: Channel) -> Channel:
        """The other one."""
        return self.b if channel is self.a else self.a


class Bridges:
    """Makes and ends bridges."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def relate(self, a: Channel, b: Channel) -> None:
        """Note on both whose leg the other is (the Other-Leg headers), ``a`` being the originator."""
        a.other, a.other_type = b, "originatee"
        b.other, b.other_type = a, "originator"

    def join(self, a: Channel, b: Channel) -> None:
        """CHANNEL_BRIDGE: from here the two hear each other."""
        bridge = Bridge(a, b)
        a.bridge = b.bridge = bridge
        self.relate(a, b)
        now_us = self._core.clock.now_us()
        for one, other in ((a, b), (b, a)):
            one.times["Bridged"] = now_us
            one.variables |= {
                "bridge_to": other.uuid,
                "last_bridge_to": other.uuid,
                "bridge_channel": other.name,
                "bridge_uuid": other.uuid,
                "signal_bond": other.uuid,
            }
        b.call_uuid = a.uuid
        self._core.channels.fire(a, "CHANNEL_BRIDGE", _sides(bridge))
        b.state = "CS_EXCHANGE_MEDIA"

    def unbridge(self, bridge: Bridge) -> None:
        """CHANNEL_UNBRIDGE, once per bridge."""
        if bridge.a.bridge is not bridge:
            return
        bridge.a.bridge = bridge.b.bridge = None
        for side in (bridge.a, bridge.b):
            side.variables.pop("bridge_to", None)
            if side.held_music:
                self.stop_music(side)
        self._core.channels.fire(bridge.a, "CHANNEL_UNBRIDGE", _sides(bridge))

    def stop_music(self, channel: Channel) -> None:
        """End the hold music that plays to the channel."""
        music, channel.held_music = channel.held_music, ""
        self._core.executor.complete_event(channel, "playback", music)

    def other_side_ended(self, bridge: Bridge, ended: Channel) -> None:
        """One side has hung up. B ends with A; A ends with B if ``hangup_after_bridge``, else goes on in its dialplan."""
        other = bridge.peer_of(ended)
        if other.down:
            return
        if ended is bridge.a or other.true("hangup_after_bridge"):
            other.variables["bridge_hangup_cause"] = ended.hangup_cause
            if ended is bridge.a and other.bridge is not None and other.bridge is not bridge:
                return  # taken elsewhere meanwhile
            self._core.channels.hangup(other, "NORMAL_CLEARING")
            return
        self.unbridge(bridge)
        other.state = "CS_EXECUTE"
        if other.app is not None:
            self._core.executor.complete(other)
        else:
            self._core.executor.proceed(other)

    def leave_to_transfer(self, channel: Channel, other: Channel) -> None:
        """A bridged channel goes elsewhere; its partner is hung up, or goes on if it is an A that wants to."""
        bridge = channel.bridge
        if bridge is None:
            return
        self.unbridge(bridge)
        if not other.routing:
            self._core.channels.hangup(other, "NORMAL_CLEARING")

    def uuid_bridge(self, a: Channel, b: Channel) -> bool:
        """Take both out of what they do and join them (switch_ivr_uuid_bridge); ``False`` when that cannot be.

        Partners they have now are hung up with NORMAL_CLEARING. The join comes one tick later, as each leg's own thread
        does it; a leg that hangs up in between leaves the other one silent.
        """
        if a is b or a.down or b.down or not (a.answered or b.answered):
            return False
        self._step_profile(a, b)
        self._step_profile(b, a)
        self.relate(a, b)
        self._core.clock.soon(self._leave, a, b)
        for side in (a, b):
            if side.bridge is not None and side.bridge.peer_of(side) not in (a, b):
                self._core.channels.hangup(side.bridge.peer_of(side), "NORMAL_CLEARING")
        self._core.clock.later(TICK, self._connect, a, b)
        return True

    def _leave(self, a: Channel, b: Channel) -> None:
        for side in (b, a):
            if side.up:
                self._core.executor.interrupt(side)
                if side.bridge is not None:
                    self.unbridge(side.bridge)

    def _connect(self, a: Channel, b: Channel) -> None:
        if b.down:
            if a.up:
                self._core.channels.hangup(a, "ORIGINATOR_CANCEL")
            return
        if a.down:
            self._core.clock.later(SILENT_WAIT_S, self._give_up, b)
            return
        for side in (a, b):
            side.state = "CS_SOFT_EXECUTE"
        self._core.executor.execute_event(a, "uuid_bridge", b.uuid)
        self._core.executor.execute_event(b, "uuid_bridge", a.uuid)
        self.join(a, b)

    def _give_up(self, channel: Channel) -> None:
        if channel.up and channel.bridge is None and channel.app is None:
            self._core.channels.hangup(channel, "ORIGINATOR_CANCEL")

    def _step_profile(self, channel: Channel, other: Channel) -> None:
        profile = channel.profile
        profile.index += 1
        profile.created_us = self._core.clock.now_us()
        profile.transfer_source = f"{self._core.clock.epoch()}:{uuid.uuid4()}:uuid_br:{other.uuid}"
        channel.variables |= {
            "original_destination_number": profile.destination,
            "original_caller_id_name": profile.cid_name,
            "original_caller_id_number": profile.cid_number,
            "transfer_history": profile.transfer_source,
            "transfer_source": profile.transfer_source,
        }
        if channel.direction == "inbound":
            profile.callee_name = other.profile.callee_name or other.profile.destination
            profile.callee_number = other.profile.callee_number or other.profile.destination


def _sides(bridge: Bridge) -> Headers:
    return [("Bridge-A-Unique-ID", bridge.a.uuid), ("Bridge-B-Unique-ID", bridge.b.uuid)]

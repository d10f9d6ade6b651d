"""The life of channels: made, ringing, answered, hung up, gone, with the events FreeSWITCH fires on the way.

Owns the registry. It must not know why a channel is answered or ended; whoever wants to know hooks ``on_answer`` and
``on_hangup``.
"""

from __future__ import annotations

import uuid

from fs_app.practice import sip
from fs_app.practice.channel import CALLSTATE_NUMBERS, Channel, Profile
from fs_app.practice.clock import TICK
from fs_app.practice.core import Core
from fs_app.practice.events import EVENTS_WITH_VARIABLES, Headers
from fs_app.practice.reports import hangup_variables


class Channels:
    """All channels of the switch by uuid, from CREATE to DESTROY."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.by_uuid: dict[str, Channel] = {}
        self.sessions = 0
        self.peak = 0

    def find(self, channel_uuid: str) -> Channel | None:
        """The live channel of that uuid; one that is hung up is not found any more (switch_core_session_locate)."""
        channel = self.by_uuid.get(channel_uuid)
        return channel if channel is not None and not channel.ended else None

    def rows(self) -> list[Channel]:
        """What ``show channels`` lists: announced and not yet destroyed, dead or not."""
        return [channel for channel in self.by_uuid.values() if channel.announced]

    def full(self) -> bool:
        """Whether max-sessions is reached; every leg counts."""
        return len(self.by_uuid) >= self._core.config.max_sessions

    def make(self, direction: str, name: str, profile: Profile, channel_uuid: str = "") -> Channel:
        """A new channel that nobody has heard of; ``announce`` tells the world. The uuid must be free."""
        self.sessions += 1
        profile.created_us = self._core.clock.now_us()
        channel = Channel(channel_uuid or str(uuid.uuid4()), direction, name, profile, self.sessions)
        self.by_uuid[channel.uuid] = channel
        self.peak = max(self.peak, len(self.by_uuid))
        return channel

    def fire(self, channel: Channel, name: str, before: Headers | None = None, after: Headers | None = None) -> None:
        """An event of this channel; ``before`` and ``after`` stand around its own headers."""
        variables = name in EVENTS_WITH_VARIABLES

        def headers() -> Headers:
            return [*(before or ()), *channel.headers(variables=variables), *(after or ())]

        self._core.bus.fire(name, headers)

    def announce(self, channel: Channel) -> None:
        """CHANNEL_CREATE; inbound legs go on to RINGING, as both come in one step."""
        channel.announced = True
        channel.times["Created"] = self._core.clock.now_us()
        self.fire(channel, "CHANNEL_CREATE")
        if channel.direction == "inbound":
            channel.state = "CS_ROUTING"
            self.callstate(channel, "RINGING")
        else:
            self.fire(channel, "CHANNEL_ORIGINATE")
            channel.state = "CS_CONSUME_MEDIA"

    def callstate(self, channel: Channel, state: str) -> None:
        """CHANNEL_CALLSTATE, unless it is so already."""
        if channel.callstate == state:
            return
        before: Headers = [
            ("Original-Channel-Call-State", channel.callstate),
            ("Channel-Call-State-Number", CALLSTATE_NUMBERS[state]),
        ]
        channel.callstate = state
        if state != "HANGUP":  # the row of a leg that ends is deleted, not updated: a locked one keeps reading ACTIVE
            channel.row_callstate = state
        self.fire(channel, "CHANNEL_CALLSTATE", before)

    def progress(self, channel: Channel) -> None:
        """The far phone rings (180)."""
        if channel.down or channel.times.get("Progress"):
            return
        channel.times["Progress"] = self._core.clock.now_us()
        channel.profile.network_addr = "127.0.0.1"
        if channel.direction == "outbound":
            channel.profile.callee_name = channel.profile.destination
            channel.variables.update(sip.ringing_variables(channel))
        self.fire(channel, "CHANNEL_PROGRESS")
        if channel.direction == "outbound":
            self.callstate(channel, "RINGING")

    def pre_answer(self, channel: Channel) -> None:
        """Early media (183), as an application that needs sound does to an unanswered caller."""
        if channel.down or channel.answer_state != "ringing":
            return
        channel.answer_state = "early"
        channel.times["Progress-Media"] = self._core.clock.now_us()
        channel.variables["endpoint_disposition"] = "EARLY MEDIA"
        self.fire(channel, "CHANNEL_PROGRESS_MEDIA")
        self.callstate(channel, "EARLY")

    def answer(self, channel: Channel) -> None:
        """The leg is answered, by its phone (outbound) or by the switch (inbound). Twice is once."""
        if channel.down or channel.answered:
            return
        channel.answer_state = "answered"
        channel.has_codec = True
        channel.times["Answered"] = self._core.clock.now_us()
        channel.profile.network_addr = "127.0.0.1"
        if channel.direction == "outbound":
            channel.profile.callee_name = channel.profile.callee_number = channel.profile.destination
        channel.variables.update(sip.answer_variables())
        if "dialed_user" in channel.variables and channel.phone is not None:
            channel.variables |= channel.phone.directory_variables()
        self.fire(channel, "CHANNEL_ANSWER")
        self.callstate(channel, "ACTIVE")
        for hook in tuple(channel.on_answer):
            hook(channel)

    def hangup(self, channel: Channel, cause: str, disposition: str = "send_bye") -> None:
        """Mark the leg as hung up now and let it fall apart right after what is going on (as its own thread would)."""
        if channel.down:
            return
        channel.down = True
        channel.hangup_cause = cause
        channel.answer_state = "hangup"
        channel.hangup_disposition = disposition
        self._core.clock.soon(self._fall_apart, channel)

    def hangup_matching(self, variable: str, value: str, cause: str) -> None:
        """End every leg whose variable has that value (switch_core_session_hupall_matching_var)."""
        for channel in tuple(self.by_uuid.values()):
            if channel.variables.get(variable) == value:
                self.hangup(channel, cause, "send_cancel")

    def _fall_apart(self, channel: Channel) -> None:
        bridge = channel.bridge
        if bridge is not None and bridge.a is channel:
            self._core.bridges.unbridge(bridge)
        self._core.executor.interrupt(channel)
        self.finish(channel)
        if bridge is not None:
            self._core.bridges.other_side_ended(bridge, channel)

    def finish(self, channel: Channel) -> None:
        """CALLSTATE HANGUP and HANGUP_COMPLETE, then the hooks; DESTROY once nobody holds the channel."""
        now_us = self._core.clock.now_us()
        channel.times["Hangup"] = now_us
        if channel.holding:
            channel.holding = False
            self.fire(channel, "CHANNEL_UNHOLD")
        channel.state = "CS_HANGUP"
        self.callstate(channel, "HANGUP")
        channel.state = "CS_REPORTING"
        channel.variables.update(hangup_variables(channel, now_us))
        self.fire(channel, "CHANNEL_HANGUP_COMPLETE", [("Hangup-Cause", channel.hangup_cause)])
        channel.ended = True
        self._core.limits.release(channel)
        for hook in tuple(channel.on_hangup):
            hook(channel)
        self._core.clock.later(TICK * 3, self.destroy_if_free, channel)

    def destroy_if_free(self, channel: Channel) -> None:
        """CHANNEL_DESTROY when ended and unlocked; whoever unlocks calls this again."""
        if not channel.ended or channel.locks or channel.uuid not in self.by_uuid:
            return
        del self.by_uuid[channel.uuid]
        self.fire(channel, "CHANNEL_DESTROY")

    def lock(self, channel: Channel) -> None:
        """Somebody still works with the channel: it stays listed even when dead."""
        channel.locks += 1

    def unlock(self, channel: Channel) -> None:
        """The opposite of ``lock``."""
        channel.locks -= 1
        self._core.clock.soon(self.destroy_if_free, channel)

"""A caller's stay in a queue: the ``callcenter`` application on his channel.

Owns joining, music, waiting limits, exit keys and leaving. Finding an agent is the dispatcher's.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from fs_app.practice.callcenter import report
from fs_app.practice.callcenter.rows import ABANDONED, WAITING, Member, Queue
from fs_app.practice.channel import Channel
from fs_app.practice.tokens import c_int

if TYPE_CHECKING:
    from fs_app.practice.callcenter.state import CallCenter

_CHECK_S = 0.5
RING_STRATEGIES = ("ring-all", "ring-progressively")


class Visit:
    """The running application, from join to leaving with or without an agent."""

    def __init__(self, callcenter: CallCenter, queue: Queue, channel: Channel) -> None:
        self._callcenter = callcenter
        self._core = callcenter.core
        self._queue = queue
        self._channel = channel
        self._joined = 0
        self._reason = "NONE"
        self._member: Member | None = None

    def start(self) -> None:
        """Answer, take a place, tell everybody."""
        core, channel, config = self._core, self._channel, self._queue.config
        core.channels.answer(channel)
        member = self._member = self._place()
        self._joined = core.clock.epoch()
        channel.set("cc_side", "member")
        channel.set("cc_member_uuid", member.uuid)
        for stale in ("cc_agent_found", "cc_agent_bridged", "cc_agent_uuid"):
            channel.set(stale, None)
        channel.set("cc_queue_joined_epoch", str(self._joined))
        channel.set("cc_queue", config.name)
        resumed = bool(member.abandoned_epoch)
        report.member_joined(core, channel, member, resumed=resumed)
        self._callcenter.members[member.uuid] = member
        report.members_count(core, config.name, self._callcenter.waiting_in(config.name))
        channel.playing = channel.variable("cc_moh_override") or config.moh_sound
        channel.on_dtmf.append(self._key)
        if config.max_wait_time or config.max_wait_time_with_no_agent:
            core.clock.later(_CHECK_S, self._check_wait)

    def _place(self) -> Member:
        core, channel, config = self._core, self._channel, self._queue.config
        now = core.clock.epoch()
        name, number = channel.profile.cid_name, channel.profile.cid_number
        if config.abandoned_resume_allowed:
            for old in self._callcenter.members.values():
                if (old.queue, old.cid_number, old.state) == (config.name, number, ABANDONED) and old.abandoned_epoch:
                    old.session_uuid = old.channel_uuid = channel.uuid
                    old.state, old.rejoined_epoch = WAITING, now
                    return old
        answered = channel.times.get("Answered", 0) // 1_000_000
        base = c_int(channel.variable("cc_base_score"))
        if config.time_base_score.lower() == "system":
            base += now - answered
        serving = config.strategy if config.strategy.lower() in RING_STRATEGIES else ""
        return Member(
            config.name,
            str(uuid.uuid4()),
            channel.uuid,
            number,
            name,
            answered,
            now,
            base_score=base,
            serving_agent=serving,
            channel_uuid=channel.uuid,
        )

    def stop(self) -> None:
        """The channel leaves the application: with an agent, or cancelled."""
        channel, member = self._channel, self._member
        channel.playing = ""
        if self._key in channel.on_dtmf:
            channel.on_dtmf.remove(self._key)
        if member is None:
            return
        found = channel.true("cc_agent_found")
        if self._reason == "NONE" and not found:
            self._reason = "BREAK_OUT"
        channel.set("cc_agent_found", None)
        if channel.down or self._reason != "NONE":
            self._cancelled(member)
        else:
            channel.set("cc_cause", "answered")
            self._queue.calls_answered += 1
        name = self._queue.config.name
        report.members_count(self._core, name, self._callcenter.waiting_in(name))

    def _cancelled(self, member: Member) -> None:
        core, channel = self._core, self._channel
        now = core.clock.epoch()
        member.state, member.session_uuid, member.abandoned_epoch = ABANDONED, "", now
        core.channels.hangup_matching("cc_member_pre_answer_uuid", member.uuid, "ORIGINATOR_CANCEL")
        report.member_cancelled(core, channel, member, self._joined, self._reason)
        channel.set("cc_queue_canceled_epoch", str(now))
        channel.set("cc_cause", "cancel")
        channel.set("cc_cancel_reason", self._reason)
        self._queue.calls_abandoned += 1

    def _leave(self, reason: str) -> None:
        if self._channel.app is self:
            self._reason = reason
            self.stop()
            self._core.executor.complete(self._channel)

    def _key(self, channel: Channel, digit: str) -> None:
        if digit in channel.variable("cc_exit_keys"):
            channel.set("cc_exit_key", digit)
            self._leave("EXIT_WITH_KEY")

    def _check_wait(self) -> None:
        """Send the caller on who waited too long (mod_callcenter.c:2868); not while an agent is being connected."""
        channel, queue, config = self._channel, self._queue, self._queue.config
        if channel.app is not self:
            return
        self._core.clock.later(_CHECK_S, self._check_wait)
        now = self._core.clock.epoch()
        connecting = channel.true("cc_agent_found") or self._callcenter.connecting(channel)
        if config.max_wait_time and config.max_wait_time <= now - self._joined and not connecting:
            self._leave("TIMEOUT")
            return
        without = queue.last_agent_exist_check - queue.last_agent_exist
        limit = config.max_wait_time_with_no_agent
        if not limit or without < limit or self._joined > queue.last_agent_exist_check:
            return
        grace = config.max_wait_time_with_no_agent_time_reached
        if queue.last_agent_exist_check - self._joined >= (grace + limit if grace else 0):
            self._leave("NO_AGENT_TIMEOUT")

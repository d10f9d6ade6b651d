"""The events of mod_callcenter: ``CUSTOM callcenter::info`` by CC-Action.

Owns their headers and the order of these.
"""

from __future__ import annotations

from dataclasses import dataclass

from fs_app.practice.callcenter.rows import SINGLE_BOX, Member
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

SUBCLASS = "callcenter::info"
_FILE = "mod_callcenter.c"


def _fire(core: Core, rows: Headers, function: str, line: str, channel: Channel | None = None) -> None:
    def headers() -> Headers:
        return [*channel.headers(variables=True), *rows] if channel is not None else rows

    core.bus.fire("CUSTOM", headers, subclass=SUBCLASS, source=(_FILE, function, line))


def agent_added(core: Core, name: str, kind: str) -> None:
    """agent-add."""
    rows: Headers = [("CC-Agent", name), ("CC-Action", "agent-add"), ("CC-Agent-Type", kind)]
    _fire(core, rows, "cc_agent_add", "915")


def agent_status(core: Core, name: str, status: str) -> None:
    """agent-status-change; fired also when nothing changed."""
    rows: Headers = [("CC-Agent", name), ("CC-Action", "agent-status-change"), ("CC-Agent-Status", status)]
    _fire(core, rows, "cc_agent_update", "1043")


def agent_state(core: Core, name: str, state: str) -> None:
    """agent-state-change."""
    rows: Headers = [("CC-Agent", name), ("CC-Action", "agent-state-change"), ("CC-Agent-State", state)]
    _fire(core, rows, "cc_agent_update", "1067")


def agent_contact(core: Core, name: str, contact: str) -> None:
    """agent-contact-change, with the whole dial string."""
    rows: Headers = [("CC-Agent", name), ("CC-Action", "agent-contact-change"), ("CC-Agent-Contact", contact)]
    _fire(core, rows, "cc_agent_update", "1091")


def agent_get(core: Core, name: str, key: str, value: str) -> None:
    """agent-status-get, agent-state-get, agent-uuid-get: reading one fires one."""
    title = "UUID" if key == "uuid" else key.capitalize()
    rows: Headers = [("CC-Agent", name), ("CC-Action", f"agent-{key}-get"), (f"CC-Agent-{title}", value)]
    _fire(core, rows, "cc_agent_get", "970")


def members_count(core: Core, queue: str, count: int) -> None:
    """members-count, when somebody joins or leaves the application, and the presence that goes with it."""
    rows: Headers = [
        ("CC-Queue", queue),
        ("CC-Action", "members-count"),
        ("CC-Count", str(count)),
        ("CC-Selection", "Single-Queue"),
    ]
    _fire(core, rows, "cc_queue_count", "878")
    core.bus.fire("PRESENCE_IN", lambda: _presence(queue, count), source=(_FILE, "cc_send_presence", "3391"))


def _presence(queue: str, count: int) -> Headers:
    return [
        ("proto", "callcenter"),
        ("login", queue),
        ("from", queue),
        ("force-status", f"Active ({count} waiting)" if count else "Idle"),
        ("rpid", "unknown"),
        ("event_type", "presence"),
        ("alt_event_type", "dialog"),
        ("event_count", "0"),
        ("channel-state", "CS_ROUTING" if count else "CS_HANGUP"),
        ("unique-id", queue),
        ("answer-state", "confirmed" if count else "terminated"),
        ("presence-call-direction", "inbound"),
    ]


def _who(member: Member) -> Headers:
    return [
        ("CC-Member-UUID", member.uuid),
        ("CC-Member-Session-UUID", member.channel_uuid),
        ("CC-Member-CID-Name", member.cid_name),
        ("CC-Member-CID-Number", member.cid_number),
    ]


def member_joined(core: Core, channel: Channel, member: Member, *, resumed: bool) -> None:
    """member-queue-start, or member-queue-resume for a caller who gets his old place back."""
    action = "member-queue-resume" if resumed else "member-queue-start"
    _fire(
        core, [("CC-Queue", member.queue), ("CC-Action", action), *_who(member)], "callcenter_function", "3113", channel
    )


def member_cancelled(core: Core, channel: Channel, member: Member, joined: int, reason: str) -> None:
    """member-queue-end, CC-Cause Cancel. ``joined`` is an epoch second."""
    rows: Headers = [
        ("CC-Queue", member.queue),
        ("CC-Action", "member-queue-end"),
        ("CC-Member-Leaving-Time", str(core.clock.epoch())),
        ("CC-Member-Joined-Time", str(joined)),
        ("CC-Cause", "Cancel"),
        ("CC-Cancel-Reason", reason),
        *_who(member),
    ]
    _fire(core, rows, "callcenter_function", "3274", channel)


@dataclass(slots=True)
class OfferFacts:
    """What the events of one offer share. Times are epoch seconds."""

    queue: str
    agent: str
    agent_type: str
    member: Member
    joined: int
    dnis: str = ""
    agent_uuid: str = ""
    called: int = 0
    answered: int = 0

    def _dnis(self) -> Headers:
        return [("CC-Member-DNIS", self.dnis)] if self.dnis else []

    def offering(self, core: Core) -> None:
        """agent-offering, just before the originate."""
        rows: Headers = [
            ("CC-Queue", self.queue),
            ("CC-Action", "agent-offering"),
            ("CC-Agent", self.agent),
            ("CC-Agent-Type", self.agent_type),
            ("CC-Agent-System", SINGLE_BOX),
            *_who(self.member),
            *self._dnis(),
        ]
        _fire(core, rows, "outbound_agent_thread_run", "1717")

    def _call(self) -> Headers:
        return [
            ("CC-Agent", self.agent),
            ("CC-Agent-System", SINGLE_BOX),
            ("CC-Agent-UUID", self.agent_uuid),
        ]

    def _times(self) -> Headers:
        return [("CC-Agent-Called-Time", str(self.called)), ("CC-Agent-Answered-Time", str(self.answered))]

    def bridge_start(self, core: Core, leg: Channel) -> None:
        """bridge-agent-start: the agent has answered, the bridge is not made yet."""
        rows: Headers = [
            ("CC-Queue", self.queue),
            ("CC-Action", "bridge-agent-start"),
            *self._call(),
            *self._times(),
            ("CC-Member-Joined-Time", str(self.joined)),
            *_who(self.member),
            *self._dnis(),
        ]
        _fire(core, rows, "outbound_agent_thread_run", "1934", leg)

    def bridge_end(self, core: Core, leg: Channel, *, bridged: bool, cause: str) -> None:
        """bridge-agent-end; ``cause`` is the originate's (SUCCESS, NONE), not why the call ended."""
        rows: Headers = [
            ("CC-Queue", self.queue),
            ("CC-Action", "bridge-agent-end"),
            ("CC-Hangup-Cause", cause),
            *self._call(),
            ("CC-Agent-Bridged", "true" if bridged else "false"),
            *self._times(),
            ("CC-Member-Joined-Time", str(self.joined)),
            ("CC-Bridge-Terminated-Time", str(core.clock.epoch())),
            *_who(self.member),
        ]
        _fire(core, rows, "outbound_agent_thread_run", "2062", leg)

    def member_end(self, core: Core, channel: Channel, cause: str) -> None:
        """member-queue-end, CC-Cause Terminated: the agent's part in the call is over."""
        rows: Headers = [
            ("CC-Queue", self.queue),
            ("CC-Action", "member-queue-end"),
            ("CC-Hangup-Cause", cause),
            ("CC-Cause", "Terminated"),
            *self._call(),
            *self._times(),
            ("CC-Member-Leaving-Time", str(core.clock.epoch())),
            ("CC-Member-Joined-Time", str(self.joined)),
            *_who(self.member),
        ]
        _fire(core, rows, "outbound_agent_thread_run", "2098", channel)

    def failed(self, core: Core, cause: str) -> None:
        """bridge-agent-fail."""
        rows: Headers = [
            ("CC-Queue", self.queue),
            ("CC-Action", "bridge-agent-fail"),
            ("CC-Hangup-Cause", cause),
            ("CC-Agent", self.agent),
            ("CC-Agent-System", SINGLE_BOX),
            ("CC-Agent-Called-Time", str(self.called)),
            ("CC-Agent-Aborted-Time", str(core.clock.epoch())),
            *_who(self.member),
            ("CC-Member-Joined-Time", str(self.joined)),
        ]
        _fire(core, rows, "outbound_agent_thread_run", "2200")

    def max_no_answer(self, core: Core, maximum: int, status: str) -> None:
        """agent-max-no-answer; the count is the maximum, not how often it was."""
        rows: Headers = [
            ("CC-Agent", self.agent),
            ("CC-Action", "agent-max-no-answer"),
            ("CC-Agent-No-Answer-Count", str(maximum)),
            ("CC-Agent-No-Answer-Status", status),
            *_who(self.member)[:2],
        ]
        _fire(core, rows, "outbound_agent_thread_run", "2176")

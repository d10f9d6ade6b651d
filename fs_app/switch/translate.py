"""Events of FreeSWITCH turned into facts of the floor. The only file that knows the names of event headers.

An unknown event gives no fact. A known event without a field that FreeSWITCH always sends raises ``ImpossibleFact``:
nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from fs_app.floor import facts
from fs_app.floor.errors import ImpossibleFact
from fs_app.switch.supervisor_leg import KEY_WORD

SUPERVISION_VARIABLE = b"variable_sasayaki_supervision"
CALL_BACK_VARIABLE = b"variable_sasayaki_call_back"
CALL_BACK_AGENT_VARIABLE = b"variable_sasayaki_agent"


class EventLike(Protocol):
    """What is read of an event: its name and single headers, empty when absent."""

    @property
    def name(self) -> str:
        """Event-Name."""
        ...

    def get(self, header: bytes) -> str:
        """The decoded value of a header, or empty."""
        ...

    def last(self, header: bytes) -> str:
        """The same of the last header called so: the quicker for what stands behind a channel's many others, if at all."""
        ...


def translate(event: EventLike) -> facts.Fact | None:
    """The fact that an event tells, or None for an event that tells the floor nothing.

    Raises ImpossibleFact when a field is missing that 1.10.12 always sends.
    """
    reader = _READERS.get(event.name)
    return reader(event) if reader is not None else None


def is_unknown(event: EventLike) -> bool:
    """Whether nobody here has ever heard of such an event: neither read, nor known to tell the floor nothing."""
    if event.name != "CUSTOM":
        return event.name not in _READERS and event.name not in _OF_NO_MATTER
    action = event.last(b"CC-Action")
    return event.get(b"Event-Subclass") != "callcenter::info" or not (action in _ACTIONS or action in _OF_NO_MATTER)


def stamp(event: EventLike) -> tuple[float, int]:
    """When the event was made (epoch s; the header has µs) and its number."""
    try:
        return int(event.get(b"Event-Date-Timestamp")) / 1e6, int(event.get(b"Event-Sequence"))
    except ValueError as error:
        raise ImpossibleFact("an event without a time or number") from error


def _need(event: EventLike, header: bytes) -> str:
    value = event.get(header)
    if not value:
        raise ImpossibleFact(f"{event.name} without {header.decode()}")
    return value


def _need_last(event: EventLike, header: bytes) -> str:
    value = event.last(header)
    if not value:
        raise ImpossibleFact(f"{event.name} without {header.decode()}")
    return value


def clean(text: str) -> str:
    """A name or number for people: control characters, which callers can send (seen on 1.10.12), become spaces."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _micros(event: EventLike, header: bytes) -> float:
    value = event.get(header)
    return int(value) / 1e6 if value.isascii() and value.isdigit() and len(value) < 20 else 0.0


_AUTHENTICATED = (b"variable_user_name", b"variable_domain_name")
_DIALLED = (b"variable_dialed_user", b"variable_dialed_domain")


def _phone(event: EventLike, *, inbound: bool) -> str:
    """``dialed_user`` is copied to the inbound leg of an internal call once that is bridged (seen live), so an inbound
    leg's phone is only what authenticated it.
    """
    user, domain = _AUTHENTICATED if inbound else _DIALLED
    name = event.last(user)
    return f"{name}@{event.last(domain)}" if name else ""


def channel_seen(event: EventLike) -> facts.ChannelSeen:
    """CHANNEL_CREATE, or the event-like answer of ``uuid_dump`` during a resync."""
    at, seq = stamp(event)
    inbound = event.get(b"Call-Direction") == "inbound"
    call_back = event.last(CALL_BACK_VARIABLE)
    return facts.ChannelSeen(
        at,
        seq,
        _need(event, b"Unique-ID"),
        inbound,
        extension=_phone(event, inbound=inbound),
        presence=event.last(b"Channel-Presence-ID"),
        caller_name=clean(event.get(b"Caller-Caller-ID-Name")),
        caller_number=clean(event.get(b"Caller-Caller-ID-Number")),
        destination=clean(event.get(b"Caller-Destination-Number")),
        side=event.last(b"variable_cc_side"),
        agent=event.last(CALL_BACK_AGENT_VARIABLE if call_back else b"variable_cc_agent"),
        queue=event.last(b"variable_cc_queue"),
        member=event.last(b"variable_cc_member_uuid"),
        member_channel=event.last(b"variable_cc_member_session_uuid"),
        supervision=event.last(SUPERVISION_VARIABLE),
        callstate=event.get(b"Channel-Call-State"),
        created_at=_micros(event, b"Caller-Channel-Created-Time"),
        call_back=call_back,
    )


def channel_dump(event: EventLike, peer: str) -> facts.ChannelSeen:
    """``uuid_dump``: the leg as it stands now, with the times that its call has behind it."""
    held = event.get(b"Channel-Call-State") == "HELD"
    return channel_seen(event)._replace(
        answered_at=_micros(event, b"Caller-Channel-Answered-Time"),
        bridged_at=_micros(event, b"Caller-Channel-Bridged-Time"),
        held_at=_micros(event, b"Caller-Channel-Last-Hold") if held else 0.0,
        peer=peer,
    )


def _call_state(event: EventLike) -> facts.Fact:
    return facts.ChannelCallState(*stamp(event), _need(event, b"Unique-ID"), _need(event, b"Channel-Call-State"))


def _answered(event: EventLike) -> facts.Fact:
    return facts.ChannelAnswered(*stamp(event), _need(event, b"Unique-ID"))


def _bridged(event: EventLike) -> facts.Fact:
    a, b = _need(event, b"Bridge-A-Unique-ID"), _need(event, b"Bridge-B-Unique-ID")
    return facts.ChannelsBridged(*stamp(event), a, b)


def _unbridged(event: EventLike) -> facts.Fact:
    a = event.get(b"Bridge-A-Unique-ID") or _need(event, b"Unique-ID")
    return facts.ChannelsUnbridged(*stamp(event), a, event.get(b"Bridge-B-Unique-ID"))


def _held(event: EventLike) -> facts.Fact:
    return facts.ChannelHeld(*stamp(event), _need(event, b"Unique-ID"))


def _resumed(event: EventLike) -> facts.Fact:
    return facts.ChannelResumed(*stamp(event), _need(event, b"Unique-ID"))


def _renamed(event: EventLike) -> facts.Fact:
    return facts.ChannelRenamed(*stamp(event), _need(event, b"Old-Unique-ID"), _need(event, b"Unique-ID"))


def _hung_up(event: EventLike) -> facts.Fact:
    uuid, cause = _need(event, b"Unique-ID"), event.get(b"Hangup-Cause")
    by_phone = event.last(b"variable_sip_hangup_disposition") == "recv_bye"
    return facts.ChannelHungUp(*stamp(event), uuid, cause, event.get(SUPERVISION_VARIABLE), by_phone)


def _executed(event: EventLike) -> facts.Fact | None:
    if event.last(b"Application") != "eavesdrop":
        return None
    return facts.EavesdropExecuted(*stamp(event), _need(event, b"Unique-ID"), _need_last(event, b"Application-Data"))


def _bug_started(event: EventLike) -> facts.Fact | None:
    is_eavesdrop = event.get(b"Media-Bug-Function") == "eavesdrop"
    return facts.ListeningStarted(*stamp(event), _need(event, b"Unique-ID")) if is_eavesdrop else None


def _bug_stopped(event: EventLike) -> facts.Fact | None:
    is_eavesdrop = event.get(b"Media-Bug-Function") == "eavesdrop"
    return facts.ListeningStopped(*stamp(event), _need(event, b"Unique-ID")) if is_eavesdrop else None


def _job(event: EventLike) -> facts.Fact | None:
    """A supervisor's key, sent by his own leg (see ``orders``); every other job's result is somebody else's."""
    if event.get(b"Job-Command") != "echo":
        return None
    word, _, rest = event.get(b"Job-Command-Arg").partition(" ")
    leg, _, key = rest.partition(" ")
    return facts.KeyPressed(*stamp(event), leg, key) if word == KEY_WORD else None


def _custom(event: EventLike) -> facts.Fact | None:
    if event.get(b"Event-Subclass") != "callcenter::info":
        return None
    reader = _ACTIONS.get(event.last(b"CC-Action"))
    return reader(event) if reader is not None else None


def _agent_added(event: EventLike) -> facts.Fact:
    return facts.AgentAdded(*stamp(event), _need_last(event, b"CC-Agent"))


def _status_set(event: EventLike) -> facts.Fact:
    return facts.AgentStatusSet(*stamp(event), _need_last(event, b"CC-Agent"), _need_last(event, b"CC-Agent-Status"))


def _state_set(event: EventLike) -> facts.Fact:
    return facts.AgentStateSet(*stamp(event), _need_last(event, b"CC-Agent"), _need_last(event, b"CC-Agent-State"))


def _contact_set(event: EventLike) -> facts.Fact:
    return facts.AgentContactSet(*stamp(event), _need_last(event, b"CC-Agent"), event.last(b"CC-Agent-Contact"))


def _offer_started(event: EventLike) -> facts.Fact:
    agent, queue, member = _offer(event)
    return facts.OfferStarted(*stamp(event), agent, queue, member, event.last(b"CC-Member-Session-UUID"))


def _offer_failed(event: EventLike) -> facts.Fact:
    agent, queue, member = _offer(event)
    return facts.OfferFailed(*stamp(event), agent, queue, member, event.last(b"CC-Hangup-Cause"))


def _offer_answered(event: EventLike) -> facts.Fact:
    agent, queue, member = _offer(event)
    channel, leg = event.last(b"CC-Member-Session-UUID"), _need_last(event, b"CC-Agent-UUID")
    return facts.OfferAnswered(*stamp(event), agent, queue, member, channel, leg)


def _queue_call_ended(event: EventLike) -> facts.Fact:
    agent, queue, member = _offer(event)
    leg, is_bridged = event.last(b"CC-Agent-UUID"), event.last(b"CC-Agent-Bridged") == "true"
    return facts.QueueCallEnded(*stamp(event), agent, queue, member, leg, is_bridged)


def _offer(event: EventLike) -> tuple[str, str, str]:
    return _need_last(event, b"CC-Agent"), _need_last(event, b"CC-Queue"), _need_last(event, b"CC-Member-UUID")


def _member_joined(event: EventLike) -> facts.Fact:
    return facts.MemberJoined(
        *stamp(event),
        _need_last(event, b"CC-Member-UUID"),
        _need_last(event, b"CC-Member-Session-UUID"),
        _need_last(event, b"CC-Queue"),
        clean(event.last(b"CC-Member-CID-Name")),
        clean(event.last(b"CC-Member-CID-Number")),
    )


def _member_left(event: EventLike) -> facts.Fact:
    is_answered = event.last(b"CC-Cause") == "Terminated"
    member, queue = _need_last(event, b"CC-Member-UUID"), _need_last(event, b"CC-Queue")
    channel, reason = event.last(b"CC-Member-Session-UUID"), event.last(b"CC-Cancel-Reason")
    return facts.MemberLeft(*stamp(event), member, channel, queue, is_answered, reason)


_ACTIONS: dict[str, Callable[[EventLike], facts.Fact]] = {
    "agent-add": _agent_added,
    "agent-status-change": _status_set,
    "agent-state-change": _state_set,
    "agent-contact-change": _contact_set,
    "agent-offering": _offer_started,
    "bridge-agent-start": _offer_answered,
    "bridge-agent-end": _queue_call_ended,
    "bridge-agent-fail": _offer_failed,
    "member-queue-start": _member_joined,
    "member-queue-resume": _member_joined,
    "member-queue-end": _member_left,
}

_READERS: dict[str, Callable[[EventLike], facts.Fact | None]] = {
    "CHANNEL_CREATE": channel_seen,
    "CHANNEL_CALLSTATE": _call_state,
    "CHANNEL_ANSWER": _answered,
    "CHANNEL_BRIDGE": _bridged,
    "CHANNEL_UNBRIDGE": _unbridged,
    "CHANNEL_HOLD": _held,
    "CHANNEL_UNHOLD": _resumed,
    "CHANNEL_UUID": _renamed,
    "CHANNEL_HANGUP_COMPLETE": _hung_up,
    "CHANNEL_EXECUTE": _executed,
    "MEDIA_BUG_START": _bug_started,
    "MEDIA_BUG_STOP": _bug_stopped,
    "BACKGROUND_JOB": _job,
    "CUSTOM": _custom,
}
_OF_NO_MATTER = frozenset({"HEARTBEAT", "members-count", "agent-max-no-answer"})
"""Liveness is the session's; the other two are followed by events that are read (mod_callcenter.c:2113, 2340)."""

"""What happened on a switch, in the words of the floor. Facts are frozen; ``fold`` applies them.

Every fact has ``at`` (epoch s, the switch's clock) and ``seq`` (FreeSWITCH's Event-Sequence, given at creation and
global per core: for one field of one entity the greater one is the newer word, whatever the order of arrival.
Seen on 1.10.12: arrival steps back by 1 to 63, gaps are normal). Empty text means «not said».
"""

from __future__ import annotations

from typing import NamedTuple

from fs_app.floor.readings import ChannelSeen, SwitchRead, TierRead

__all__ = ["ChannelSeen", "SwitchRead", "TierRead"]


class ChannelCallState(NamedTuple):
    """CHANNEL_CALLSTATE: RINGING, EARLY, ACTIVE, HELD, UNHELD, RING_WAIT, HANGUP …"""

    at: float
    seq: int
    uuid: str
    callstate: str


class ChannelAnswered(NamedTuple):
    """CHANNEL_ANSWER. With a key confirmation it comes before the key, so it never means «talking»."""

    at: float
    seq: int
    uuid: str


class ChannelsBridged(NamedTuple):
    """CHANNEL_BRIDGE: two legs hear each other from now on."""

    at: float
    seq: int
    a: str
    b: str


class ChannelsUnbridged(NamedTuple):
    """CHANNEL_UNBRIDGE; ``b`` is empty on the hang-up path that fires it without Bridge headers."""

    at: float
    seq: int
    a: str
    b: str


class ChannelHeld(NamedTuple):
    """CHANNEL_HOLD: the phone of this leg holds its peer."""

    at: float
    seq: int
    uuid: str


class ChannelResumed(NamedTuple):
    """CHANNEL_UNHOLD."""

    at: float
    seq: int
    uuid: str


class ChannelRenamed(NamedTuple):
    """CHANNEL_UUID: the leg goes on under another id."""

    at: float
    seq: int
    old: str
    new: str


class ChannelHungUp(NamedTuple):
    """CHANNEL_HANGUP_COMPLETE. May come without or before the leg's CHANNEL_CREATE (a delayed leg that was cancelled)."""

    at: float
    seq: int
    uuid: str
    cause: str
    supervision: str = ""
    by_phone: bool = False
    """The phone at the other end hung up, not the switch."""


class EavesdropExecuted(NamedTuple):
    """CHANNEL_EXECUTE of eavesdrop: this leg sets about listening to ``target``. The bug on the target follows it.

    A leg that waits for its key executes nothing yet, so that this also says that somebody is there.
    """

    at: float
    seq: int
    leg: str
    target: str


class ListeningStarted(NamedTuple):
    """MEDIA_BUG_START with function eavesdrop. It names the leg that is heard and nothing about who hears it."""

    at: float
    seq: int
    target: str


class KeyPressed(NamedTuple):
    """A supervisor pressed 0, 2 or 3 on his phone."""

    at: float
    seq: int
    leg: str
    key: str


class ListeningStopped(NamedTuple):
    """MEDIA_BUG_STOP with function eavesdrop."""

    at: float
    seq: int
    target: str


class AgentAdded(NamedTuple):
    """agent-add: a new agent, logged out."""

    at: float
    seq: int
    agent: str


class AgentStatusSet(NamedTuple):
    """agent-status-change: what a person set. Fires on every set, also when nothing changed."""

    at: float
    seq: int
    agent: str
    status: str


class AgentStateSet(NamedTuple):
    """agent-state-change: what calls made of the agent."""

    at: float
    seq: int
    agent: str
    state: str


class AgentContactSet(NamedTuple):
    """agent-contact-change."""

    at: float
    seq: int
    agent: str
    contact: str


class AgentNamed(NamedTuple):
    """The name that the switch's directory has for the agent's extension (``effective_caller_id_name``)."""

    at: float
    seq: int
    agent: str
    name: str


class OfferStarted(NamedTuple):
    """agent-offering: the agent's phones are about to ring for a member."""

    at: float
    seq: int
    agent: str
    queue: str
    member: str
    member_channel: str


class OfferFailed(NamedTuple):
    """bridge-agent-fail, with the originate's cause (NO_ANSWER, USER_BUSY, ORIGINATOR_CANCEL, ALLOTTED_TIMEOUT …)."""

    at: float
    seq: int
    agent: str
    queue: str
    member: str
    cause: str


class OfferAnswered(NamedTuple):
    """bridge-agent-start: this leg won. The bridge itself is CHANNEL_BRIDGE and may never come."""

    at: float
    seq: int
    agent: str
    queue: str
    member: str
    member_channel: str
    leg: str


class QueueCallEnded(NamedTuple):
    """bridge-agent-end; ``bridged`` false when the caller had gone before the bridge."""

    at: float
    seq: int
    agent: str
    queue: str
    member: str
    leg: str
    bridged: bool


class MemberJoined(NamedTuple):
    """member-queue-start or member-queue-resume: a caller waits. ``member`` is the queue entry, not a channel."""

    at: float
    seq: int
    member: str
    channel: str
    queue: str
    name: str
    number: str


class MemberLeft(NamedTuple):
    """member-queue-end. ``answered`` is true for CC-Cause Terminated. It may never come (see ``ChannelHungUp``)."""

    at: float
    seq: int
    member: str
    channel: str
    queue: str
    answered: bool
    reason: str


class TimePassed(NamedTuple):
    """The controller's clock, so that rules which end by themselves (wrap-up) end without an event."""

    at: float
    seq: int = 0


Fact = (
    ChannelSeen
    | ChannelCallState
    | ChannelAnswered
    | ChannelsBridged
    | ChannelsUnbridged
    | ChannelHeld
    | ChannelResumed
    | ChannelRenamed
    | ChannelHungUp
    | EavesdropExecuted
    | ListeningStarted
    | ListeningStopped
    | KeyPressed
    | AgentAdded
    | AgentStatusSet
    | AgentStateSet
    | AgentContactSet
    | AgentNamed
    | OfferStarted
    | OfferFailed
    | OfferAnswered
    | QueueCallEnded
    | MemberJoined
    | MemberLeft
    | TimePassed
    | TierRead
    | SwitchRead
)

"""Facts that a reading of the switch tells as well as events do: legs, tiers, and the switch as a whole."""

from __future__ import annotations

from typing import NamedTuple

from fs_app.floor.rows import AgentRow, MemberRow, QueueRow, TierRow


class ChannelSeen(NamedTuple):
    """A leg exists: CHANNEL_CREATE, or a row of a resync (then ``callstate``, ``answered_at`` … are filled as well)."""

    at: float
    seq: int
    uuid: str
    inbound: bool
    extension: str = ""
    """``1001@default`` when the far end is an authenticated or dialled user of this switch, else empty."""
    presence: str = ""
    """Channel-Presence-ID: tells a phone of this switch only where an agent's contact names it too."""
    caller_name: str = ""
    caller_number: str = ""
    destination: str = ""
    side: str = ""
    """``agent`` or ``member`` for legs of mod_callcenter, else empty."""
    agent: str = ""
    queue: str = ""
    member: str = ""
    member_channel: str = ""
    supervision: str = ""
    callstate: str = "DOWN"
    created_at: float = 0.0
    answered_at: float = 0.0
    bridged_at: float = 0.0
    held_at: float = 0.0
    peer: str = ""
    call_back: str = ""
    """The call-back that this leg was rung for; ``agent`` is then its agent."""


class TierRead(NamedTuple):
    """One tier read back after a change: mod_callcenter has no event for it. ``row`` None: the agent is no member."""

    at: float
    seq: int
    queue: str
    agent: str
    row: TierRow | None


class SwitchRead(NamedTuple):
    """A whole resync: what the switch itself says now. ``channels`` holds only rows confirmed to be alive.

    Rows have no sequence. ``begun`` is ``Floor.serial`` when the reading began: what events have said since then is
    newer than the rows and is not moved back by them.
    """

    at: float
    seq: int
    core: str
    begun: int
    agents: tuple[AgentRow, ...]
    tiers: tuple[TierRow, ...]
    queues: tuple[QueueRow, ...]
    members: tuple[MemberRow, ...]
    channels: tuple[ChannelSeen, ...]
    hearing: tuple[tuple[str, str], ...] = ()
    """Supervisors' legs that execute something now, each with the leg that it hears: eavesdrop runs and its bug is there.
    Empty: it hears nobody. A leg that rings, or waits for its key, is missing."""

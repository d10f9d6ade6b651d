"""The four tables of mod_callcenter as records, with its column names.

Owns the data of agents, tiers, members and queues; no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from fs_app.practice.config import QueueConfig

SINGLE_BOX = "single_box"
LOGGED_OUT, AVAILABLE, ON_DEMAND, ON_BREAK = "Logged Out", "Available", "Available (On Demand)", "On Break"
STATUSES = (LOGGED_OUT, AVAILABLE, ON_DEMAND, ON_BREAK)
WAITING, RECEIVING, IN_CALL, IDLE, RESERVED = "Waiting", "Receiving", "In a queue call", "Idle", "Reserved"
AGENT_STATES = (IDLE, WAITING, RECEIVING, IN_CALL, RESERVED)
READY, NO_ANSWER, OFFERING, ACTIVE_INBOUND, STANDBY = "Ready", "No Answer", "Offering", "Active Inbound", "Standby"
TIER_STATES = (NO_ANSWER, READY, OFFERING, ACTIVE_INBOUND, STANDBY)
TRYING, ANSWERED, ABANDONED = "Trying", "Answered", "Abandoned"
CALLBACK, UUID_STANDBY = "Callback", "uuid-standby"

Row = dict[str, str | None]


@dataclass(eq=False, slots=True)
class Agent:
    """A row of ``agents``, columns in their order (mod_callcenter.c:209). Times are epoch seconds."""

    name: str
    instance_id: str = SINGLE_BOX
    uuid: str | None = None
    type: str = CALLBACK
    contact: str | None = None
    status: str = LOGGED_OUT
    state: str = WAITING
    max_no_answer: int = 0
    wrap_up_time: int = 0
    reject_delay_time: int = 0
    busy_delay_time: int = 0
    no_answer_delay_time: int = 0
    last_bridge_start: int = 0
    last_bridge_end: int = 0
    last_offered_call: int = 0
    last_status_change: int = 0
    no_answer_count: int = 0
    calls_answered: int = 0
    talk_time: int = 0
    ready_time: int = 0
    external_calls_count: int = 0


@dataclass(eq=False, slots=True)
class Tier:
    """A row of ``tiers``."""

    queue: str
    agent: str
    state: str = READY
    level: int = 1
    position: int = 1


@dataclass(eq=False, slots=True)
class Member:
    """A row of ``members``: a caller's place in a queue. ``uuid`` is the place's, ``session_uuid`` the channel's."""

    queue: str
    uuid: str
    session_uuid: str
    cid_number: str
    cid_name: str
    system_epoch: int
    joined_epoch: int
    instance_id: str = SINGLE_BOX
    rejoined_epoch: int = 0
    bridge_epoch: int = 0
    abandoned_epoch: int = 0
    base_score: int = 0
    skill_score: int = 0
    serving_agent: str = ""
    serving_system: str = ""
    state: str = WAITING
    channel_uuid: str = ""
    """The caller's channel for good; ``session_uuid`` is emptied when he is gone. Not a column."""

    def score(self, now: int) -> int:
        """Who is served first: the highest (mod_callcenter.c:2779)."""
        return now - self.joined_epoch + self.base_score + self.skill_score


@dataclass(eq=False, slots=True)
class Queue:
    """A loaded queue: its configuration and what is only in memory."""

    config: QueueConfig
    calls_answered: int = 0
    calls_abandoned: int = 0
    last_agent_exist: int = 0
    last_agent_exist_check: int = 0


_AGENT_COLUMNS = [item.name for item in fields(Agent)]
_TIER_COLUMNS = [item.name for item in fields(Tier)]
_MEMBER_COLUMNS = (
    "queue instance_id uuid session_uuid cid_number cid_name system_epoch joined_epoch rejoined_epoch bridge_epoch "
    "abandoned_epoch base_score skill_score serving_agent serving_system state"
)


def _row(record: Agent | Tier | Member, columns: list[str]) -> Row:
    values = {name: getattr(record, name) for name in columns}
    return {name: None if value is None else str(value) for name, value in values.items()}


def agent_row(agent: Agent) -> Row:
    """All columns as text, ``None`` for NULL."""
    return _row(agent, _AGENT_COLUMNS)


def tier_row(tier: Tier) -> Row:
    """All columns as text."""
    return _row(tier, _TIER_COLUMNS)


def member_row(member: Member, now: int) -> Row:
    """All columns as text, with the score of now."""
    return _row(member, _MEMBER_COLUMNS.split()) | {"score": str(member.score(now))}

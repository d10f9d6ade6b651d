"""Rows that the switch answers when it is asked what it has; times in epoch seconds."""

from __future__ import annotations

from typing import NamedTuple


class AgentRow(NamedTuple):
    """One row of ``agent list``."""

    agent: str
    status: str
    state: str
    contact: str
    leg: str
    wrap_up_s: int
    max_no_answer: int
    last_bridge_start: float
    last_bridge_end: float
    last_status_change: float
    ready_at: float
    external_calls: int
    no_answer_count: int
    talk_time: int = 0
    calls_answered: int = 0
    last_offered_call: float = 0


class TierRow(NamedTuple):
    """One row of ``tier list``."""

    queue: str
    agent: str
    state: str
    level: int
    position: int


class QueueRow(NamedTuple):
    """One row of ``queue list``."""

    queue: str
    strategy: str
    tier_rules: bool
    skip_external: bool
    tier_rule_wait_s: int = 0
    tier_rule_multiply: bool = False
    tier_rule_no_agent_no_wait: bool = True


class MemberRow(NamedTuple):
    """One row of ``queue list members``."""

    member: str
    channel: str
    queue: str
    name: str
    number: str
    joined_at: float
    state: str
    serving_agent: str

"""In which order agents of a queue are tried.

Owns the strategies' ORDER BY (mod_callcenter.c:2615-2700) and the rule who can be contacted (2325-2347). Pure.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from fs_app.practice.callcenter.rows import (
    AVAILABLE,
    NO_ANSWER,
    ON_BREAK,
    ON_DEMAND,
    READY,
    WAITING,
    Agent,
    Tier,
)

Candidate = tuple[Agent, Tier]
_SELECTED = frozenset((AVAILABLE, ON_BREAK, ON_DEMAND))
_random = random.Random()  # noqa: S311 - the strategy is called random

_ORDERS: dict[str, Callable[[Candidate], tuple[float, ...]]] = {
    "longest-idle-agent": lambda c: (c[1].level, c[0].last_bridge_end, c[1].position),
    "agent-with-least-talk-time": lambda c: (c[1].level, c[0].talk_time, c[1].position),
    "agent-with-fewest-calls": lambda c: (c[1].level, c[0].calls_answered, c[1].position),
    "ring-all": lambda c: (c[1].level, c[1].position),
    "ring-progressively": lambda c: (c[1].level, c[1].position),
    "random": lambda c: (c[1].level, _random.random()),
}


def _sequential(candidate: Candidate) -> tuple[float, ...]:
    agent, tier = candidate
    return (tier.level, tier.position, agent.last_offered_call)


def ordered(strategy: str, rows: list[Candidate], last_level: int, last_position: int) -> list[Candidate]:
    """The agents of a queue in the order a strategy tries them; unknown strategies go by position.

    Agents whose status is none of the three exact spellings are not selected at all. ``last_*`` is the tier that was
    tried last for this caller (top-down only).
    """
    selected = [row for row in rows if row[0].status in _SELECTED]
    strategy = strategy.lower()
    if strategy == "round-robin":
        return _round_robin(rows, selected)
    if strategy == "top-down":
        first = [row for row in selected if row[1].level == last_level and row[1].position > last_position]
        later = [row for row in selected if row[1].level > last_level]
        return sorted(first, key=_sequential) + sorted(later, key=_sequential)
    return sorted(selected, key=_ORDERS.get(strategy, _sequential))


def _round_robin(rows: list[Candidate], selected: list[Candidate]) -> list[Candidate]:
    offered = [row for row in rows if row[0].last_offered_call > 0]
    first: list[Candidate] = []
    if offered:
        last = max(offered, key=lambda row: row[0].last_offered_call)[1]
        first = [row for row in selected if row[1].level == last.level and row[1].position > last.position]
    return sorted(first, key=_sequential) + sorted(selected, key=_sequential)


def contactable(agent: Agent, tier: Tier, now: int, *, skip_external: bool) -> bool:
    """Whether the agent may be offered a call at epoch second ``now``."""
    return (
        agent.state.lower() == WAITING.lower()
        and tier.state in (READY, NO_ANSWER)
        and agent.last_bridge_end < now - agent.wrap_up_time
        and agent.ready_time <= now
        and agent.status.lower() != ON_BREAK.lower()
        and not (skip_external and agent.external_calls_count > 0)
    )


class TierGate:
    """The tier rules for one caller in one pass: when a higher level may be tried (mod_callcenter.c:2304)."""

    def __init__(self, *, apply: bool, wait_s: int, multiply: bool, no_agent_no_wait: bool, waited_s: int) -> None:
        self._apply, self._wait_s, self._multiply = apply, wait_s, multiply
        self._no_agent_no_wait, self._waited_s = no_agent_no_wait, waited_s
        self._level = 0
        self._seen = 0

    def admits(self, level: int) -> bool:
        """Whether an agent of ``level`` may be looked at; ``False`` ends the search for this caller."""
        if self._apply and level > self._level:
            if self._no_agent_no_wait and self._seen == 0:
                self._level = level
            elif self._waited_s >= (level * self._wait_s if self._multiply else self._wait_s):
                self._level = level
                self._seen = 0
            else:
                return False
        self._seen += 1
        return True

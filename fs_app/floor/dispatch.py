"""Who would be rung next, and why the others not: mod_callcenter's own rules, read anew from its rows.

The rules are those of its dispatcher (mod_callcenter.c:2304 tier rules, 2325 who is contactable, 2615 order by strategy).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fs_app.floor import statuses
from fs_app.floor.rows import AgentRow, QueueRow, TierRow

# Why an agent is not rung; ids with texts of their own in the panel.
LOGGED_OUT = "logged_out"
UNKNOWN_STATUS = "unknown_status"
ON_BREAK = "on_break"
BUSY_FOR_QUEUE = "busy_for_queue"
RINGING = "ringing"
IN_CALL = "in_call"
ONE_CALL_DONE = "one_call_done"
WRAP_UP = "wrap_up"
NOT_READY = "not_ready"
EXTERNAL_CALL = "external_call"
TIER_WAIT = "tier_wait"
OTHERS_FIRST = "others_first"
NOBODY = "no_members"

ONE, ANY_OF, ALL = "one", "any_of", "all"
_STATE_REASON = {
    statuses.RECEIVING: RINGING,
    statuses.RESERVED: RINGING,
    statuses.IN_QUEUE_CALL: IN_CALL,
    statuses.IDLE: ONE_CALL_DONE,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an agent is not the one to be rung next; ``until`` (epoch s) where it ends by the clock."""

    agent: str
    id: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next offer of a queue. ``rings``: ``one`` (the first of ``agents``), ``any_of`` them, or ``all`` of them."""

    strategy: str
    rings: str
    agents: tuple[str, ...]
    reasons: tuple[Reason, ...]
    sticky: bool = False
    """top-down remembers where it was for each caller and may wait for a busy agent (mod_callcenter.c:2731)."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    agent: AgentRow
    tier: TierRow


def forecast(
    agents: Iterable[AgentRow],
    tiers: Iterable[TierRow],
    queue: QueueRow,
    now: float,
    *,
    waited_s: float = 0.0,
    levels: Mapping[str, int] | None = None,
) -> Forecast:
    """The next offer for a caller who has waited ``waited_s``, as things are or with other ``levels`` for some agents."""
    by_name = {row.agent: row for row in agents}
    changed = levels or {}
    members = [
        _Candidate(by_name[t.agent], t._replace(level=changed[t.agent], position=1) if t.agent in changed else t)
        for t in tiers
        if t.queue == queue.queue and t.agent in by_name
    ]
    ordered = _in_order(members, queue.strategy)
    reasons = {c.agent.agent: unreachable(c.agent, c.tier, queue, now) for c in ordered}
    reachable = [c for c in ordered if reasons[c.agent.agent] is None]
    open_levels = _open_levels(ordered, queue, waited_s)
    allowed = [c for c in reachable if c.tier.level in open_levels]
    late = [Reason(c.agent.agent, TIER_WAIT) for c in reachable if c.tier.level not in open_levels]
    rings, first = _rung(allowed, queue.strategy)
    behind = [Reason(c.agent.agent, OTHERS_FIRST) for c in allowed if c.agent.agent not in first]
    found = [reason for reason in reasons.values() if reason is not None]
    return Forecast(queue.strategy, rings, first, (*found, *late, *behind), queue.strategy == "top-down")


def unreachable(agent: AgentRow, tier: TierRow, queue: QueueRow, now: float) -> Reason | None:
    """The first of the dispatcher's own conditions that keeps an agent from any offer; None when he can be rung."""
    name = agent.agent
    if agent.status not in (statuses.AVAILABLE, statuses.ON_DEMAND):
        known = {statuses.LOGGED_OUT: LOGGED_OUT, statuses.ON_BREAK: ON_BREAK}
        return Reason(name, known.get(agent.status, UNKNOWN_STATUS))
    if agent.state != statuses.WAITING:
        return Reason(name, _STATE_REASON.get(agent.state, BUSY_FOR_QUEUE))
    if tier.state not in ("Ready", "No Answer"):
        return Reason(name, BUSY_FOR_QUEUE)
    wrapped = agent.last_bridge_end + agent.wrap_up_s + 1
    if agent.last_bridge_end and wrapped > now:
        return Reason(name, WRAP_UP, wrapped)
    if agent.ready_at > now:
        return Reason(name, NOT_READY, agent.ready_at)
    if queue.skip_external and agent.external_calls:
        return Reason(name, EXTERNAL_CALL)
    return None


def _in_order(members: list[_Candidate], strategy: str) -> list[_Candidate]:
    keys = {
        "longest-idle-agent": lambda c: (c.tier.level, c.agent.last_bridge_end, c.tier.position),
        "agent-with-least-talk-time": lambda c: (c.tier.level, c.agent.talk_time, c.tier.position),
        "agent-with-fewest-calls": lambda c: (c.tier.level, c.agent.calls_answered, c.tier.position),
        "random": lambda c: (c.tier.level,),
        "ring-all": lambda c: (c.tier.level, c.tier.position),
        "ring-progressively": lambda c: (c.tier.level, c.tier.position),
        "top-down": lambda c: (c.tier.level, c.tier.position),
    }
    plain = sorted(
        members, key=keys.get(strategy, lambda c: (c.tier.level, c.tier.position, c.agent.last_offered_call))
    )
    return _round(plain) if strategy == "round-robin" else plain


def _round(plain: list[_Candidate]) -> list[_Candidate]:
    """Behind the agent offered last come first those of his own level with a greater position (mod_callcenter.c:2651).

    Where nobody was offered anything yet, it is the plain order.
    """
    offered = (c for c in plain if c.agent.last_offered_call > 0)
    last = max(offered, key=lambda c: c.agent.last_offered_call, default=None)
    if last is None:
        return plain
    ahead = [c for c in plain if c.tier.level == last.tier.level and c.tier.position > last.tier.position]
    return ahead + [c for c in plain if c not in ahead]


def _open_levels(ordered: list[_Candidate], queue: QueueRow, waited_s: float) -> set[int]:
    """Levels that tier rules let a caller reach after ``waited_s``; without rules all of them."""
    seen = [c.tier.level for c in ordered if c.agent.status != statuses.LOGGED_OUT]
    if not queue.tier_rules:
        return set(seen)
    reached: set[int] = set()
    current, met = 0, False
    for level in seen:
        if level > current:
            wait = queue.tier_rule_wait_s * (level if queue.tier_rule_multiply else 1)
            if not (queue.tier_rule_no_agent_no_wait and not met) and waited_s < wait:
                break
            current, met = level, False
        met = True
        reached.add(level)
    return reached


def _rung(allowed: list[_Candidate], strategy: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(c.agent.agent for c in allowed)
    if strategy == "ring-all":
        return ALL, names
    if strategy == "random":
        first = [c.agent.agent for c in allowed if c.tier.level == allowed[0].tier.level]
        return (ANY_OF if len(first) > 1 else ONE), tuple(first)
    return ONE, names[:1]

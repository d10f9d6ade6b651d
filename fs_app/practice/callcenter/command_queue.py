"""``callcenter_config queue …``: loading, listing, counting.

Owns these replies. A missing queue name does not fail but finds nothing (mod_callcenter.c:3874).
"""

from __future__ import annotations

from fs_app.practice.callcenter.rows import Agent, Queue, agent_row, member_row, tier_row
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.callcenter.text import table

_OK = "+OK\n"
_INVALID = "-ERR Invalid!\n"


def queue_command(callcenter: CallCenter, action: str, args: list[str]) -> str:
    """One ``queue`` command; empty when FreeSWITCH writes nothing."""
    if action in ("load", "reload", "unload"):
        return _load(callcenter, action, args)
    if action == "list":
        if not args:
            return _queues(callcenter)
        return _list(callcenter, args[0].lower(), args[1:])
    if action == "count":
        if not args:
            return f"{len(callcenter.queues)}\n"
        return _count(callcenter, args[0].lower(), args[1:])
    return ""


def _load(callcenter: CallCenter, action: str, args: list[str]) -> str:
    if not args:
        return _INVALID
    if action == "unload":
        callcenter.queues.pop(args[0], None)
        return _OK
    known = args[0] in {config.name for config in callcenter.core.config.queues}
    callcenter.queues.pop(args[0], None)
    return _OK if known and callcenter.queue(args[0]) is not None else "-ERR Invalid Queue not found!\n"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _queues(callcenter: CallCenter) -> str:
    rows = [_queue_row(queue) for queue in callcenter.queues.values()]
    header = "|".join(_queue_row(Queue(callcenter.core.config.queues[0]))) + "\n" if not rows else ""
    return header + table(rows) + _OK


def _queue_row(queue: Queue) -> dict[str, str | None]:
    config = queue.config
    return {
        "name": config.name,
        "strategy": config.strategy,
        "moh_sound": config.moh_sound,
        "time_base_score": config.time_base_score,
        "tier_rules_apply": _flag(config.tier_rules_apply),
        "tier_rule_wait_second": str(config.tier_rule_wait_second),
        "tier_rule_wait_multiply_level": _flag(config.tier_rule_wait_multiply_level),
        "tier_rule_no_agent_no_wait": _flag(config.tier_rule_no_agent_no_wait),
        "discard_abandoned_after": str(config.discard_abandoned_after),
        "abandoned_resume_allowed": _flag(config.abandoned_resume_allowed),
        "max_wait_time": str(config.max_wait_time),
        "max_wait_time_with_no_agent": str(config.max_wait_time_with_no_agent),
        "max_wait_time_with_no_agent_time_reached": str(config.max_wait_time_with_no_agent_time_reached),
        "record_template": None,
        "calls_answered": str(queue.calls_answered),
        "calls_abandoned": str(queue.calls_abandoned),
        "ring_progressively_delay": str(config.ring_progressively_delay),
        "skip_agents_with_external_calls": _flag(config.skip_agents_with_external_calls),
        "agent_no_answer_status": config.agent_no_answer_status,
    }


def agents_of(callcenter: CallCenter, queue: str) -> list[Agent]:
    """Agents with a tier in the queue."""
    tiers = callcenter.tiers_of_queue(queue)
    return [callcenter.agents[tier.agent] for tier in tiers if tier.agent in callcenter.agents]


def _agents(callcenter: CallCenter, args: list[str]) -> list[Agent]:
    status = args[1] if len(args) > 1 else None
    state = args[2] if len(args) > 2 else None
    return [
        agent
        for agent in agents_of(callcenter, args[0] if args else "")
        if status in (None, agent.status) and state in (None, agent.state)
    ]


def _list(callcenter: CallCenter, what: str, args: list[str]) -> str:
    queue = args[0] if args else ""
    if what == "agents":
        return table([agent_row(agent) for agent in _agents(callcenter, args)]) + _OK
    if what == "members":
        now = callcenter.core.clock.epoch()
        members = [member for member in callcenter.members.values() if not args or member.queue == queue]
        members.sort(key=lambda member: ("" if args else member.queue, -member.score(now)))
        return table([member_row(member, now) for member in members]) + _OK
    if what == "tiers":
        return table([tier_row(tier) for tier in callcenter.tiers_of_queue(queue)]) + _OK
    return _INVALID


def _count(callcenter: CallCenter, what: str, args: list[str]) -> str:
    queue = args[0] if args else ""
    if what == "agents":
        return f"{len(_agents(callcenter, args))}\n"
    if what == "members":
        return f"{sum(1 for member in callcenter.members.values() if member.queue == queue)}\n"
    if what == "tiers":
        return f"{len(callcenter.tiers_of_queue(queue))}\n"
    return _INVALID

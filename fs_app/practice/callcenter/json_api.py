"""The JSON API of mod_callcenter: ``api json {"command":"callcenter_config",…}``.

Owns the envelope as seen on 1.10.12: the request with ``status`` and ``response`` added. Read-only.
"""

from __future__ import annotations

import json
from typing import Any

from fs_app.practice.callcenter.command_queue import agents_of
from fs_app.practice.callcenter.rows import Queue, Row, agent_row, member_row, tier_row
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.callcenter.text import compact, pretty


def json_command(callcenter: CallCenter, text: str) -> str:
    """Answer one JSON request; a line that is no JSON object gets an error text."""
    try:
        request = json.loads(text)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        return "-ERR Parse error.\n" if text else "-ERR No JSON supplied.\n"
    data = request.get("data")
    if request.get("command") != "callcenter_config" or not isinstance(data, dict):
        request |= {"status": "error", "message": "Invalid request or non-existant command", "response": None}
    else:
        request |= _answer(callcenter, data)
    return (pretty(request) if request.get("format") == "pretty" else compact(request)) + "\n"


def _answer(callcenter: CallCenter, data: dict[str, Any]) -> dict[str, Any]:
    arguments = str(data.get("arguments") or "").lower()
    queue = str(data.get("queue_name") or "")
    if arguments.startswith("queue list ") and arguments in _PER_QUEUE and not queue:
        return _error({"error": "Missing data attribute: queue_name"})
    rows = _rows(callcenter, arguments, queue)
    return _error(None) if rows is None else {"status": "success", "response": rows}


def _error(response: dict[str, str] | None) -> dict[str, Any]:
    return {"status": "error", "message": "The command returned an error", "response": response}


_PER_QUEUE = ("queue list agents", "queue list members", "queue list tiers")


def _rows(callcenter: CallCenter, arguments: str, queue: str) -> list[dict[str, Any]] | None:
    now = callcenter.core.clock.epoch()
    if arguments == "agent list":
        return [_present(agent_row(agent)) for agent in callcenter.agents.values()]
    if arguments == "queue list":
        return [_queue(item) for item in callcenter.queues.values()]
    if arguments == "queue list agents":
        return [_present(agent_row(agent)) for agent in agents_of(callcenter, queue)]
    if arguments in ("queue list members", "member list"):
        members = [item for item in callcenter.members.values() if arguments == "member list" or item.queue == queue]
        members.sort(key=lambda member: -member.score(now))
        return [_present(member_row(member, now)) for member in members]
    if arguments == "queue list tiers":
        return [_present(tier_row(tier)) for tier in callcenter.tiers_of_queue(queue)]
    if arguments == "tier list":
        tiers = sorted(callcenter.tiers.values(), key=lambda tier: (tier.level, tier.position))
        return [_present(tier_row(tier)) for tier in tiers]
    return None


def _present(row: Row) -> dict[str, Any]:
    """NULL columns are missing."""
    return {name: value for name, value in row.items() if value is not None}


def _queue(queue: Queue) -> dict[str, Any]:
    """Numbers are numbers only here; truths are words."""
    config = queue.config
    return {
        "name": config.name,
        "strategy": config.strategy,
        "moh_sound": config.moh_sound,
        "time_base_score": config.time_base_score,
        "tier_rules_apply": str(config.tier_rules_apply).lower(),
        "tier_rule_wait_second": config.tier_rule_wait_second,
        "tier_rule_wait_multiply_level": str(config.tier_rule_wait_multiply_level).lower(),
        "tier_rule_no_agent_no_wait": str(config.tier_rule_no_agent_no_wait).lower(),
        "discard_abandoned_after": config.discard_abandoned_after,
        "abandoned_resume_allowed": str(config.abandoned_resume_allowed).lower(),
        "max_wait_time": config.max_wait_time,
        "max_wait_time_with_no_agent": config.max_wait_time_with_no_agent,
        "max_wait_time_with_no_agent_time_reached": config.max_wait_time_with_no_agent_time_reached,
        "skip_agents_with_external_calls": str(config.skip_agents_with_external_calls).lower(),
        "agent_no_answer_status": config.agent_no_answer_status,
    }

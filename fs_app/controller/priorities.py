"""Priorities carried out, and foreseen: who would be rung next with and without the change."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk, Result
from fs_app.controller.node import Node
from fs_app.floor import commands, decide, dispatch
from fs_app.floor.actor import Actor
from fs_app.floor.errors import INVALID_REQUEST, PRIORITY_OUT_OF_RANGE, SWITCH_REFUSED, UNKNOWN_QUEUE, Rejected
from fs_app.floor.orders import SetTierLevel
from fs_app.store.priorities import Priority

LONGEST_S = 7 * 86_400


def set_priority(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Answers once read back from FreeSWITCH: there is no event for it.

    ``before``, with ``before_until`` and ``before_then`` where it held for a time, set again undoes it.
    """
    wish = commands.SetPriority(**args)
    _check_end(wish.until, wish.then)
    with desk.priority_turn(wish.queue, wish.agent):
        return _set_priority(desk, actor, wish, request_id)


def _set_priority(desk: Desk, actor: Actor, wish: commands.SetPriority, request_id: str) -> Result:
    node = desk.node_of_agent(wish.agent)
    first = decide.set_priority(node.floor, actor, wish)
    before = node.floor.agents[wish.agent].tiers[wish.queue].level
    kept = desk.priorities.of_agent(wish.agent).get(wish.queue)
    boxed = kept if kept is not None and kept.until is not None and kept.level == before else None
    result = {"agent": wish.agent, "queue": wish.queue, "priority": wish.priority, "before": before}
    result["until"] = wish.until
    result["before_until"], result["before_then"] = (boxed.until, boxed.then_level) if boxed else (None, None)
    if not first.orders and wish.until is None and boxed is None:
        return result
    then = None if wish.until is None else wish.then or (boxed.then_level if boxed else _possible(before))
    noted = {"priority": wish.priority, "before": before, "until": wish.until}
    row = desk.audit.asked(actor, "agent.set_priority", wish.agent, wish.queue, noted, request_id)
    with audited(desk.audit, row):
        for order in decide.set_priority(node.floor, desk.askers.again(actor), wish).orders:
            apply_level(node, order)
    told, now = node.floor.core, time.time()
    desk.priorities.put(Priority(wish.queue, wish.agent, wish.priority, actor.login, now, wish.until, then, told))
    return result


def _possible(level: int) -> int:
    """A level that somebody set outside, as the nearest one that we set ourselves."""
    return min(max(level, decide.PRIORITIES[0]), decide.PRIORITIES[-1])


def _check_end(until: float | None, then: int | None) -> None:
    if then is not None and (type(then) is not int or then not in decide.PRIORITIES):
        raise Rejected(PRIORITY_OUT_OF_RANGE)
    if until is None:
        if then is not None:
            raise Rejected(INVALID_REQUEST)
        return
    is_number = isinstance(until, (int, float)) and not isinstance(until, bool)
    if not is_number or not 0 < until - time.time() <= LONGEST_S:
        raise Rejected(INVALID_REQUEST)


def apply_level(node: Node, order: Any) -> None:
    """Order a level and read it back; ``switch_refused`` when another one is there."""
    if not isinstance(order, SetTierLevel):
        raise TypeError(type(order).__name__)
    node.order(order)
    if node.read_back(order.queue, order.agent) != order.level:
        raise Rejected(SWITCH_REFUSED, "READ_BACK_DIFFERS")


def foresee(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """The next offer of a queue as its rows are now, and after a change of one priority."""
    wish = commands.Foresee(**args)
    node = desk.node_of_queue(wish.queue, actor)
    decide.foresee(node.floor, actor, wish)
    agents, tiers, queue = node.read_queue(wish.queue)
    if queue is None:
        raise Rejected(UNKNOWN_QUEUE)
    now = time.time()
    waiting = [m.joined_at for m in node.floor.members.values() if m.queue == wish.queue]
    waited = max(0.0, now - min(waiting)) if waiting else 0.0
    is_now = dispatch.forecast(agents, tiers, queue, now, waited_s=waited)
    after = None
    if wish.agent is not None and wish.priority is not None:
        levels = {wish.agent: wish.priority}
        after = asdict(dispatch.forecast(agents, tiers, queue, now, waited_s=waited, levels=levels))
    return {
        "queue": wish.queue,
        "waiting": len(waiting),
        "tier_rules": queue.tier_rules,
        "now": asdict(is_now),
        "after": after,
    }

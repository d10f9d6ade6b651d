"""Members of queues carried out: who is one, and who is one no more."""

from __future__ import annotations

import time
from typing import Any

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk, Result
from fs_app.floor import commands, decide, permissions
from fs_app.floor.actor import Actor
from fs_app.floor.errors import SWITCH_REFUSED, Rejected
from fs_app.store.priorities import Priority

READ_BACK_DIFFERS = "READ_BACK_DIFFERS"


def add_member(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Answers once the tier is read back; mod_callcenter has no event for it."""
    wish = commands.AddMember(**args)
    with desk.priority_turn(wish.queue, wish.agent):
        return _add_member(desk, actor, wish, request_id)


def _add_member(desk: Desk, actor: Actor, wish: commands.AddMember, request_id: str) -> Result:
    node = desk.node_of_agent(wish.agent)
    if not decide.add_member(node.floor, actor, wish).orders:
        return _member(wish.queue, wish.agent, node.floor.agents[wish.agent].tiers[wish.queue].level)
    noted = {"priority": wish.priority}
    row = desk.audit.asked(actor, permissions.ADD_MEMBER, wish.agent, wish.queue, noted, request_id)
    with audited(desk.audit, row):
        for order in decide.add_member(node.floor, desk.askers.again(actor), wish).orders:
            node.order(order)
        if node.read_back(wish.queue, wish.agent) != wish.priority:
            raise Rejected(SWITCH_REFUSED, READ_BACK_DIFFERS)
    kept = Priority(wish.queue, wish.agent, wish.priority, actor.login, time.time(), core=node.floor.core)
    desk.priorities.put(kept)
    return _member(wish.queue, wish.agent, wish.priority)


def remove_member(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Answers once no tier is read any more; the priority that was set is forgotten with it."""
    wish = commands.RemoveMember(**args)
    with desk.priority_turn(wish.queue, wish.agent):
        return _remove_member(desk, actor, wish, request_id)


def _remove_member(desk: Desk, actor: Actor, wish: commands.RemoveMember, request_id: str) -> Result:
    node = desk.node_of_agent(wish.agent)
    if decide.remove_member(node.floor, actor, wish).orders:
        row = desk.audit.asked(actor, permissions.REMOVE_MEMBER, wish.agent, wish.queue, {}, request_id)
        with audited(desk.audit, row):
            for order in decide.remove_member(node.floor, desk.askers.again(actor), wish).orders:
                node.order(order)
            if node.read_back(wish.queue, wish.agent) is not None:
                raise Rejected(SWITCH_REFUSED, READ_BACK_DIFFERS)
    desk.priorities.forget(wish.queue, wish.agent)
    return _member(wish.queue, wish.agent, None)


def _member(queue: str, agent: str, priority: int | None) -> Result:
    return {"queue": queue, "agent": agent, "priority": priority}

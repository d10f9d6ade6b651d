"""Hands carried out: an agent asks for help, and is helped. Nothing of it goes to the switch."""

from __future__ import annotations

import time
from typing import Any

from fs_app.controller.desk import Desk, Result
from fs_app.controller.node import Node
from fs_app.floor import agents, commands, decide, permissions
from fs_app.floor.actor import Actor
from fs_app.store.audit import CONFIRMED, Deed


def raise_hand(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Written down before anybody sees it; a hand that is up stays up since it was raised."""
    wish = commands.RaiseHand(**args)
    node = desk.node_of_agent(wish.agent)
    if decide.raise_hand(node.floor, actor, wish):
        at = time.time()
        desk.audit.record(Deed(actor, permissions.RAISE_HAND, wish.agent, request_id=request_id), CONFIRMED)
        agents.raise_hand(node.floor, wish.agent, at)
        node.touched()
    return _hand_of(node, wish.agent)


def lower_hand(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """By the agent, or by whoever may change his status."""
    wish = commands.LowerHand(**args)
    node = desk.node_of_agent(wish.agent)
    if decide.lower_hand(node.floor, actor, wish):
        deed = Deed(actor, permissions.LOWER_HAND, wish.agent, wish.queue or "", request_id=request_id)
        desk.audit.record(deed, CONFIRMED)
        agents.lower_hand(node.floor, wish.agent)
        node.touched()
    return _hand_of(node, wish.agent)


def _hand_of(node: Node, ident: str) -> Result:
    agent = node.floor.agents.get(ident)
    return {"agent": ident, "since": agent.hand_raised_at or None if agent is not None else None}

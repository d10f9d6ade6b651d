"""One command from request to answer: decide, write «asked», decide again, order, wait for the proof, answer.

Decided twice because writing takes a moment: what counts is the state when the order goes out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fs_app.controller.audited import audited
from fs_app.controller.node import Node
from fs_app.controller.numbers import Numbering
from fs_app.controller.supervising import Supervising
from fs_app.floor import commands, decide, orders
from fs_app.floor.actor import Actor
from fs_app.floor.errors import INVALID_REQUEST, SWITCH_REFUSED, SWITCH_UNAVAILABLE, UNKNOWN_SUPERVISION, Rejected
from fs_app.floor.state import Floor
from fs_app.store.audit import FAILED, AuditLog, Deed
from fs_app.store.inbox import Request
from fs_app.store.statuses import AgentStatus, AgentStatuses

PROOF_S = 3.0
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What carrying out a command needs."""

    nodes: dict[str, Node]
    audit: AuditLog
    statuses: AgentStatuses
    supervising: Supervising
    numbering: Numbering


def carry_out(desk: Desk, request: Request) -> Result:
    """Carry a request out; its result once proved. Raises Rejected; then nothing has changed, or the outcome is unknown."""
    handler = _HANDLERS.get(request.kind)
    if handler is None:
        raise Rejected(INVALID_REQUEST)
    try:
        return handler(desk, request.actor, dict(request.args), request.request_id)
    except TypeError as error:
        raise Rejected(INVALID_REQUEST) from error
    except Rejected as rejected:
        _note_refusal(desk.audit, request, rejected)
        raise


def _note_refusal(audit: AuditLog, request: Request, rejected: Rejected) -> None:
    """A try that was refused before anything was asked of the switch is written down as well."""
    if rejected.written:
        return
    args = {k: v for k, v in request.args.items() if k not in ("agent", "queue")}
    agent, queue = str(request.args.get("agent") or ""), str(request.args.get("queue") or "")
    audit.record(Deed(request.actor, request.kind, agent, queue, args, request.request_id), FAILED, rejected.error)


def _node_of_agent(desk: Desk, agent: str) -> Node:
    live = [node for node in desk.nodes.values() if node.live]
    if not live:
        raise Rejected(SWITCH_UNAVAILABLE)
    for node in desk.nodes.values():
        if agent in node.floor.agents:
            if not node.live:
                raise Rejected(SWITCH_UNAVAILABLE)
            return node
    return live[0]


def _node_of_supervision(desk: Desk, supervision: str) -> Node:
    for node in desk.nodes.values():
        if supervision in node.floor.supervisions:
            if not node.live:
                raise Rejected(SWITCH_UNAVAILABLE)
            return node
    raise Rejected(UNKNOWN_SUPERVISION if any(n.live for n in desk.nodes.values()) else SWITCH_UNAVAILABLE)


def _set_status(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.SetStatus(**args)
    node = _node_of_agent(desk, wish.agent)
    if not decide.set_status(node.floor, actor, wish).orders:
        return _status_of(node.floor, wish.agent)
    noted = {"status": wish.status, "reason": wish.reason}
    row = desk.audit.asked(actor, "agent.set_status", wish.agent, wish.queue, noted, request_id)
    with audited(desk.audit, row):
        _order_status(node, actor, wish)
    chosen = node.floor.book.chosen[wish.status]
    now = time.time()
    desk.statuses.put([AgentStatus(wish.agent, wish.status, chosen.switch_status, now, actor.login, wish.reason)])
    return _status_of(node.floor, wish.agent)


def _order_status(node: Node, actor: Actor, wish: commands.SetStatus) -> None:
    decision = decide.set_status(node.floor, actor, wish)
    wanted = node.floor.book.chosen[wish.status].switch_status
    began = node.floor.serial

    def proved(floor: Floor) -> bool:
        agent = floor.agents.get(wish.agent)
        return agent is not None and agent.status == wanted and agent.status_serial > began

    node.floor.intended[wish.agent] = (wish.status, time.time())
    proof = node.pending.expect(proved)
    try:
        for order in decision.orders:
            node.order(order)
    except Rejected:
        node.pending.forget(proof)
        node.floor.intended.pop(wish.agent, None)
        raise
    if decision.orders:
        node.pending.require(proof, PROOF_S)


def _status_of(floor: Floor, ident: str) -> Result:
    agent = floor.agents[ident]
    return {"agent": ident, "status": agent.chosen, "since": max(agent.idle_since, agent.chosen_since)}


def _set_priority(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.SetPriority(**args)
    node = _node_of_agent(desk, wish.agent)
    result = {"agent": wish.agent, "queue": wish.queue, "priority": wish.priority}
    if not decide.set_priority(node.floor, actor, wish).orders:
        return result
    noted = {"priority": wish.priority}
    row = desk.audit.asked(actor, "agent.set_priority", wish.agent, wish.queue, noted, request_id)
    with audited(desk.audit, row):
        for order in decide.set_priority(node.floor, actor, wish).orders:
            node.order(order)
        if node.read_back(wish.queue, wish.agent) != wish.priority:
            raise Rejected(SWITCH_REFUSED, "READ_BACK_DIFFERS")
    return result


def _set_terminal(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.SetTerminal(**args)
    if wish.kind == "external":
        wish = commands.SetTerminal(wish.agent, wish.kind, desk.numbering.dialled(wish.number), wish.queue)
    node = _node_of_agent(desk, wish.agent)
    decision = decide.set_terminal(node.floor, actor, wish)
    row = desk.audit.asked(actor, "agent.set_terminal", wish.agent, wish.queue, {"kind": wish.kind}, request_id)
    with audited(desk.audit, row):
        began = node.floor.serial
        proof = node.pending.expect(lambda floor: floor.agents[wish.agent].contact_serial > began)
        _send(node, decision.orders, proof)
    return {"agent": wish.agent, "kind": wish.kind, "number": wish.number}


def _send(node: Node, what: tuple[orders.Order, ...], proof: Any) -> None:
    try:
        for order in what:
            node.order(order)
    except Rejected:
        node.pending.forget(proof)
        raise
    node.pending.require(proof, PROOF_S)


def _start(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.StartSupervision(**args)
    return desk.supervising.start(_node_of_agent(desk, wish.agent), actor, wish, request_id)


def _mode(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.ChangeMode(args.pop("id"), **args)
    return desk.supervising.change_mode(_node_of_supervision(desk, wish.supervision), actor, wish, request_id)


def _take_over(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.TakeOver(args.pop("id"), **args)
    return desk.supervising.take_over(_node_of_supervision(desk, wish.supervision), actor, wish, request_id)


def _stop(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    wish = commands.StopSupervision(args.pop("id"), **args)
    return desk.supervising.stop(_node_of_supervision(desk, wish.supervision), actor, wish, request_id)


_HANDLERS: dict[str, Callable[[Desk, Actor, dict[str, Any], str], Result]] = {
    "status.set": _set_status,
    "priority.set": _set_priority,
    "terminal.set": _set_terminal,
    "supervision.start": _start,
    "supervision.mode": _mode,
    "supervision.take_over": _take_over,
    "supervision.stop": _stop,
}

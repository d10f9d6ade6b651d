"""Statuses and terminals carried out: now, after the call, or the end of a wrap-up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import structlog

from fs_app.controller.audited import audited
from fs_app.controller.desk import Desk, Result, SetBy, send
from fs_app.controller.node import Node
from fs_app.floor import agents, commands, decide, decide_after_call, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Deferred
from fs_app.floor.errors import AGENT_RINGING, PERMISSION_DENIED, SWITCH_UNAVAILABLE, Rejected
from fs_app.floor.errors import UNCONFIRMED as UNKNOWN_OUTCOME
from fs_app.floor.state import Floor
from fs_app.store.audit import CONFIRMED, FAILED, UNCONFIRMED, Deed
from fs_app.store.statuses import AgentStatus

HELD_BACK_S = 300
"""Longer than any offer. A wish that is lost with Redis and controller keeps an agent from calls no longer than that."""
log = structlog.get_logger()


def set_status(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """Answers once agent-status-change has proved it; or that it waits for the end of the ringing."""
    wish = commands.SetStatus(**args)
    node = desk.node_of_agent(wish.agent)
    first = decide.set_status(node.floor, actor, wish)
    waiting = node.floor.deferred.get(wish.agent)
    if waiting is not None and first.deferred is not None and waiting.code == wish.status:
        return _status_of(node.floor, wish.agent)
    if first.deferred is None:
        _cancel(desk, node, actor, wish, request_id)
    if not first.orders and first.deferred is None:
        node.floor.touch("agent", wish.agent)
        node.touched()
        return _status_of(node.floor, wish.agent)
    noted = {"status": wish.status, "reason": wish.reason, "after_call": wish.after_call}
    row = desk.audit.asked(actor, "agent.set_status", wish.agent, wish.queue, noted, request_id)
    if first.deferred is not None:
        _wait_for_the_end(desk, node, actor, wish.agent, replace(first.deferred, audit_row=row))
        return _status_of(node.floor, wish.agent)
    kind = actor.kind_towards(wish.agent)
    with audited(desk.audit, row), _setting(desk, wish.agent, SetBy(wish.status, actor.login, kind)):
        decision = decide.set_status(node.floor, desk.askers.again(actor), wish)
        order_status(node, wish.agent, wish.status, decision, desk.proof_s)
    _remember(desk, node.floor, wish.agent, Deferred(wish.status, actor.login, kind, wish.reason))
    return _status_of(node.floor, wish.agent)


@contextmanager
def _setting(desk: Desk, agent: str, by: SetBy) -> Iterator[None]:
    """Known before the event that proves it comes; whoever was refused has set nothing, and the one before counts on."""
    before = desk.who_set.get(agent)
    desk.who_set[agent] = by
    try:
        yield
    except Rejected:
        if desk.who_set.get(agent) is by:
            del desk.who_set[agent]
            if before is not None:
                desk.who_set[agent] = before
        raise


def _wait_for_the_end(desk: Desk, node: Node, actor: Actor, agent: str, deferred: Deferred) -> None:
    """Keep the wish until the ringing is over, and the agent from the dispatcher until then.

    Without that a caller who gives up costs no delay, and the dispatcher, which looks every 0.1 s, would offer the next
    one first. The switch must have accepted it before anybody is promised anything. Raises Rejected when it did not.
    """
    try:
        decide.require_later(node.floor, desk.askers.again(actor), agent, deferred.queue)
        node.order(orders.SetReadyTime(agent, int(time.time() + HELD_BACK_S)))
    except Rejected as rejected:
        desk.audit.outcome(deferred.audit_row, FAILED, rejected.cause or rejected.error)
        rejected.written = True
        raise
    replaced = node.floor.deferred.pop(agent, None)
    if replaced is not None:
        desk.audit.outcome(replaced.audit_row, FAILED, "replaced")
    node.floor.deferred[agent] = deferred
    node.floor.touch("agent", agent)
    node.touched()


def _require_right(desk: Desk, floor: Floor, agent: str, deferred: Deferred) -> None:
    """Raises Rejected unless whoever asked may ask for it now. What the program does by itself needs no right."""
    if deferred.kind not in ("", "system"):
        actor = desk.askers.now(deferred.login, deferred.token)
        if actor is None:
            raise Rejected(PERMISSION_DENIED)
        decide.require_later(floor, actor, agent, deferred.queue)


def _let_go(node: Node, agent: str) -> None:
    """The dispatcher may have him again, as far as his status allows."""
    try:
        node.order(orders.SetReadyTime(agent, 0))
    except Rejected as rejected:
        log.warning("agent_held_back", agent=agent, error=rejected.error, at_most_s=HELD_BACK_S)


def order_status(node: Node, agent: str, code: str, decision: decide.Decision, proof_s: float) -> None:
    """Order a status and wait for its proof. Raises Rejected; the code is then not remembered."""
    wanted = node.floor.book.switch_status(code)
    began = node.floor.serial

    def proved(floor: Floor) -> bool:
        found = floor.agents.get(agent)
        return found is not None and found.status == wanted and found.status_serial > began

    node.floor.intended[agent] = (code, time.time())
    try:
        send(node, decision.orders, node.pending.expect(proved), proof_s)
    finally:
        node.floor.intended.pop(agent, None)


def _remember(desk: Desk, floor: Floor, agent: str, set_: Deferred) -> None:
    since = floor.agents[agent].chosen_since if agent in floor.agents else time.time()
    status = floor.book.switch_status(set_.code)
    desk.statuses.put([AgentStatus(agent, set_.code, status, since, set_.login, set_.kind, set_.reason)])


def cancel_after_call(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """He stays in what he had chosen before; answers once the switch has proved it."""
    wish = commands.CancelAfterCall(**args)
    node = desk.node_of_agent(wish.agent)
    first = decide_after_call.cancel_after_call(node.floor, actor, wish)
    _cancel(desk, node, actor, wish, request_id)
    node.floor.touch("agent", wish.agent)
    node.touched()
    if not first.orders:
        return _status_of(node.floor, wish.agent)
    noted = {"status": node.floor.agents[wish.agent].chosen, "back_to": first.status}
    row = desk.audit.asked(actor, "agent.cancel_after_call", wish.agent, wish.queue, noted, request_id)
    kind = actor.kind_towards(wish.agent)
    with audited(desk.audit, row):
        again = decide_after_call.cancel_after_call(node.floor, desk.askers.again(actor), wish)
        if again.orders:
            with _setting(desk, wish.agent, SetBy(again.status, actor.login, kind)):
                order_status(node, wish.agent, again.status, again, desk.proof_s)
    if again.orders:
        _remember(desk, node.floor, wish.agent, Deferred(again.status, actor.login, kind))
    return _status_of(node.floor, wish.agent)


def _cancel(
    desk: Desk, node: Node, actor: Actor, wish: commands.SetStatus | commands.CancelAfterCall, request_id: str
) -> None:
    """What was asked for after the call is wanted no more: who said so, and in the row that asked, that it was."""
    waiting = node.floor.deferred.get(wish.agent)
    if waiting is None:
        return
    noted = {"status": waiting.code, "asked": waiting.audit_row}
    deed = Deed(actor, "agent.cancel_after_call", wish.agent, wish.queue or "", noted, request_id)
    desk.audit.record(deed, CONFIRMED)
    if node.floor.deferred.pop(wish.agent, None) is not None:
        desk.audit.outcome(waiting.audit_row, FAILED, "cancelled")
        _let_go(node, wish.agent)


def settle(desk: Desk, node: Node, agent: str, decision: decide.Decision) -> None:
    """An «after this call» whose time has come; audited under the row that asked for it.

    Where his phone rings again, or the switch is away, it goes on waiting. Raises Rejected when it came to nothing.
    """
    try:
        _require_right(desk, node.floor, agent, node.floor.deferred[agent])
    except Rejected as rejected:
        desk.audit.outcome(node.floor.deferred.pop(agent).audit_row, FAILED, rejected.error)
        _let_go(node, agent)
        node.floor.touch("agent", agent)
        node.touched()
        raise
    deferred: Deferred = node.floor.deferred.pop(agent)
    try:
        with _setting(desk, agent, SetBy(deferred.code, deferred.login, deferred.kind)):
            order_status(node, agent, deferred.code, decision, desk.proof_s)
    except Rejected as rejected:
        if rejected.error in (AGENT_RINGING, SWITCH_UNAVAILABLE):
            node.floor.deferred.setdefault(agent, deferred)
            return
        outcome = UNCONFIRMED if rejected.error == UNKNOWN_OUTCOME else FAILED
        desk.audit.outcome(deferred.audit_row, outcome, rejected.cause or rejected.error)
        _let_go(node, agent)
        raise
    else:
        desk.audit.outcome(deferred.audit_row, CONFIRMED)
        _remember(desk, node.floor, agent, deferred)
        _let_go(node, agent)
    finally:
        node.floor.touch("agent", agent)
        node.touched()


def _status_of(floor: Floor, ident: str) -> Result:
    agent = floor.agents[ident]
    waiting = floor.deferred.get(ident)
    since = max(agent.idle_since, agent.chosen_since)
    return {"agent": ident, "status": agent.chosen, "since": since, "after_call": waiting.code if waiting else None}


def end_wrap_up(desk: Desk, actor: Actor, args: dict[str, Any], request_id: str) -> Result:
    """The wrap-up time becomes 0 and is given back at the next call."""
    wish = commands.EndWrapUp(**args)
    node = desk.node_of_agent(wish.agent)
    if decide.end_wrap_up(node.floor, actor, wish).orders:
        row = desk.audit.asked(actor, "agent.end_wrap_up", wish.agent, wish.queue, {}, request_id)
        with audited(desk.audit, row):
            for order in decide.end_wrap_up(node.floor, desk.askers.again(actor), wish).orders:
                node.order(order)
                agents.set_wrap_up(node.floor, wish.agent, 0)
        node.touched()
    return _status_of(node.floor, wish.agent)
